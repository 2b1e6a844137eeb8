"""From a file that waits and what a person chose, to the rows that would be imported."""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from survey_app.domain import Invalid
from survey_app.models import Campaign, Testimony
from survey_app.permissions import Actor
from survey_app.services import (
    archives,
    import_guess,
    import_plan,
    import_rows,
    tabular,
    transcript_files,
    transcripts,
)
from survey_app.services.import_plan import Judged, Plan
from survey_app.services.import_rows import Columns
from survey_app.services.import_shelf import Waiting
from survey_app.services.tabular import Reading, Table
from survey_app.services.transcripts import Transcript

MOST_SPEAKERS = 300  # beyond, each line begins with a word that only looks like a name
SUFFIXES = tuple(sorted(tabular.SUFFIXES | transcript_files.SUFFIXES))


@dataclass(frozen=True, slots=True)
class Choices:
    """What a person chose. Columns and speakers are told by their place, from 0; -1 is none.

    What is empty is guessed. ``skip``: import the other rows without those that are refused.
    """

    encoding: str = ""
    separator: str = ""
    header: int = 0
    text: tuple[int, ...] = ()
    identifier: int = -1
    date: int = -1
    place: int = -1
    neighbourhood: str = ""
    residents: tuple[int, ...] = ()
    apart: bool = False
    said_on: str = ""
    skip: bool = False

    def to_json(self) -> dict[str, Any]:
        """Plain data, as a job keeps it: numbers and codes, no words of the file."""
        return asdict(self)

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Choices:
        lists = {name: tuple(data[name]) for name in ("text", "residents")}
        return cls(**{**data, **lists})


def is_transcript(name: str) -> bool:
    """Whether the name is a transcript's; raises `Invalid` when it is no format read here."""
    suffix = Path(name).suffix.lower()
    if suffix not in SUFFIXES:
        known = ", ".join(item.lstrip(".").upper() for item in SUFFIXES)
        raise Invalid(
            f"Le fichier « {name[:80]} » n’est dans aucun des formats lus ici : {known}.",
            f"Enregistrez-le dans l’un d’eux. {archives.NOTHING}",
        )
    return suffix in transcript_files.SUFFIXES


def table(waiting: Waiting, choices: Choices) -> Table:
    """The table of a file, read as chosen; raises `Invalid` in words."""
    reading = Reading(choices.encoding, choices.separator, choices.header)
    return tabular.parse(waiting.name, waiting.data, reading)


def transcript(waiting: Waiting, choices: Choices) -> tuple[Transcript, str]:
    """The turns of a transcript, and the encoding of a TXT; raises `Invalid` in words."""
    paragraphs, used = transcript_files.paragraphs(waiting.name, waiting.data, choices.encoding)
    read = transcripts.read(paragraphs)
    if len(read.speakers) > MOST_SPEAKERS:
        raise Invalid(
            f"Ce document semble donner la parole à plus de {MOST_SPEAKERS} personnes.",
            "Coupez-le par rencontre, ou faites-en un tableau avec une ligne par personne. "
            f"{archives.NOTHING}",
        )
    return read, used


def settled(campaign: Campaign, read: Table, choices: Choices) -> Choices:
    """The same choices, with what was guessed written in: what is shown is what is imported."""
    used = read.reading
    choices = replace(choices, encoding=used.encoding, separator=used.separator, header=used.header)
    choices = replace(choices, text=tuple(place for place in choices.text if _name(read, place)))
    if not choices.text:
        guessed = import_guess.columns(read, _named(campaign))
        choices = replace(
            choices,
            text=(_place(read, guessed.text),),
            identifier=_place(read, guessed.id),
            date=_place(read, guessed.date),
            place=_place(read, guessed.place),
        )
    return choices


def columns(campaign: Campaign, read: Table, choices: Choices) -> Columns:
    """The columns that settled choices point at."""
    text, *more = [_name(read, place) for place in choices.text]
    return Columns(
        text,
        _name(read, choices.identifier),
        _name(read, choices.date),
        _name(read, choices.place),
        tuple(more),
        _named(campaign),
    )


def table_plan(
    session: Session, actor: Actor, campaign: Campaign, read: Table, choices: Choices
) -> Plan:
    """What importing a table would do, with settled choices."""
    codes = {place.code for place in campaign.neighbourhoods}
    default = choices.neighbourhood if choices.neighbourhood in codes else ""
    found = import_rows.judged(read, columns(campaign, read, choices), codes)
    rows = [
        (row if row.neighbourhood else replace(row, neighbourhood=default), faults)
        for row, faults in found
    ]
    return import_plan.plan(session, actor, campaign, rows)


def transcript_plan(
    session: Session, actor: Actor, campaign: Campaign, read: Transcript, choices: Choices
) -> Plan:
    """What importing a transcript would do; raises `Invalid` for a date that is none."""
    names = [speaker.name for speaker in read.speakers]
    residents = {names[place] for place in choices.residents if 0 <= place < len(names)}
    if not residents:
        raise Invalid(
            "Aucune personne n’est choisie : il n’y aurait rien à importer.",
            "Cochez au moins une personne qui habite le quartier.",
        )
    rows = transcripts.judged(
        read,
        residents,
        apart=choices.apart,
        said_on=_day(choices.said_on),
        neighbourhood=choices.neighbourhood,
    )
    return import_plan.plan(session, actor, campaign, _cut_otherwise(session, campaign, read, rows))


def plan(
    session: Session, actor: Actor, campaign: Campaign, waiting: Waiting, choices: Choices
) -> Plan:
    """What importing a file would do, whichever its kind."""
    if is_transcript(waiting.name):
        turns, _ = transcript(waiting, choices)
        return transcript_plan(session, actor, campaign, turns, choices)
    read = table(waiting, choices)
    settled_choices = settled(campaign, read, choices)
    return table_plan(session, actor, campaign, read, settled_choices)


def _cut_otherwise(
    session: Session, campaign: Campaign, read: Transcript, rows: list[Judged]
) -> list[Judged]:
    """Refuse a transcript that is already there as a whole, or speaker by speaker."""
    keys = {row.source_id for row, _ in rows}
    there = session.scalars(
        select(Testimony.source_id).where(
            Testimony.campaign_id == campaign.id,
            Testimony.source_id.startswith(f"transcription-{read.digest}"),
        )
    )
    if keys.issuperset(there):
        return rows
    said = (
        "cette transcription est déjà importée, découpée autrement : ses paroles seraient "
        "comptées deux fois."
    )
    return [(row, [*faults, said]) for row, faults in rows]


def _named(campaign: Campaign) -> dict[str, str]:
    """What each neighbourhood is called, and its code; two of the same name are nobody's."""
    names = Counter(place.name.casefold() for place in campaign.neighbourhoods)
    return {
        place.name.casefold(): place.code
        for place in campaign.neighbourhoods
        if names[place.name.casefold()] == 1
    }


def _name(read: Table, place: int) -> str:
    return read.header[place] if 0 <= place < len(read.header) else ""


def _place(read: Table, name: str) -> int:
    return read.header.index(name) if name else -1


def _day(text: str) -> datetime.date | None:
    try:
        return datetime.date.fromisoformat(text) if text else None
    except ValueError:
        raise Invalid(
            f"La date « {text[:40]} » n’est pas comprise.", "Écrivez-la comme 2026-04-30."
        ) from None
