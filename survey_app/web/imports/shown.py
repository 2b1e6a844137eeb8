"""What the preview of an import shows: the forms filled in, the counts, the first rows."""

from __future__ import annotations

import datetime
from dataclasses import dataclass, field, replace
from typing import Any

from analysis.export.sheets import neutral
from analysis.wording import count
from survey_app.domain import Invalid
from survey_app.models import Campaign
from survey_app.services import delimited, import_prepare, transcripts
from survey_app.services.import_plan import Fate, Plan
from survey_app.services.import_prepare import Choices
from survey_app.services.import_shelf import Waiting
from survey_app.services.tabular import Table
from survey_app.services.transcripts import Transcript
from survey_app.web.imports import choices as sent
from survey_app.web.imports.forms import ColumnsForm, ReadingForm, TranscriptForm
from survey_app.web.request import actor, db

FIRST_ROWS = 10
FIRST_TURNS = 30
SHOWN_PROBLEMS = 20
FATES: dict[Fate, str] = {
    "new": "acceptée",
    "known": "déjà là",
    "withdrawn": "retirée depuis un import",
    "refused": "refusée",
}
Context = dict[str, Any]


@dataclass
class Preview:
    """A file as it is understood. ``error`` says why it is not, with what may be changed."""

    waiting: Waiting
    choices: Choices
    plan: Plan | None = None
    error: str = ""
    context: Context = field(default_factory=dict)

    @property
    def hidden(self) -> list[tuple[str, str]]:
        return list(sent.pairs(self.choices))


def preview(campaign: Campaign, waiting: Waiting, chosen: Choices) -> Preview:
    """Read the file as chosen and judge each row; nothing is stored."""
    made = Preview(waiting, chosen)
    transcript = import_prepare.is_transcript(waiting.name)
    try:
        (_transcript if transcript else _table)(campaign, made)
    except Invalid as error:
        made.error = str(error)
    made.context["transcript"] = transcript
    if not transcript:
        made.context["reading"] = _reading(made)
    return made


def _table(campaign: Campaign, made: Preview) -> None:
    read = import_prepare.table(made.waiting, made.choices)
    chosen = made.choices = import_prepare.settled(campaign, read, made.choices)
    form = ColumnsForm(data=_columns_data(chosen))
    form.offer(read, places(campaign))
    mapped = import_prepare.columns(campaign, read, chosen)
    made.context |= {
        "form": form,
        "kept_hidden": list(sent.pairs(chosen, reading=True)),
        "read_as": _read_as(read, made.waiting),
        "notes": read.notes,
        "aside": [name for name in read.header if name and name not in mapped.all],
    }
    made.plan = import_prepare.table_plan(db(), actor(), campaign, read, chosen)
    made.context["rows"] = [line.row for line in made.plan.lines[:FIRST_ROWS]]


def _transcript(campaign: Campaign, made: Preview) -> None:
    turns, encoding = import_prepare.transcript(made.waiting, made.choices)
    chosen = replace(made.choices, encoding=encoding)
    if not chosen.neighbourhood:  # the form was never sent
        kept = [n for n, speaker in enumerate(turns.speakers) if not speaker.asks]
        chosen = replace(chosen, residents=tuple(kept))
    made.choices = chosen
    form = TranscriptForm(data=_transcript_data(chosen))
    form.offer(turns.speakers, places(campaign))
    if not encoding:
        del form.encodage
    made.context |= {"form": form} | _turns(turns, chosen)
    made.plan = import_prepare.transcript_plan(db(), actor(), campaign, turns, chosen)


def _turns(read: Transcript, chosen: Choices) -> Context:
    names = [speaker.name for speaker in read.speakers]
    residents = {names[place] for place in chosen.residents if place < len(names)}
    labels = transcripts.labels(read, residents)
    return {
        "speakers": read.speakers,
        "labels": labels,
        "turns": read.turns[:FIRST_TURNS],
        "turns_more": len(read.turns) - FIRST_TURNS,
    }


def places(campaign: Campaign) -> list[tuple[str, str]]:
    """The campaign's neighbourhoods, as a list offers them."""
    return [
        (place.code, f"{place.name}, {place.municipality} ({place.code})")
        for place in campaign.neighbourhoods
    ]


def _reading(made: Preview) -> ReadingForm:
    form = ReadingForm(
        data={
            "encodage": made.choices.encoding or "utf-8",
            "separateur": delimited.SEPARATOR_NAMES.get(made.choices.separator, "virgule"),
            "entete": made.choices.header or 1,
        }
    )
    if not made.waiting.name.lower().endswith((".csv", ".tsv")):
        del form.encodage, form.separateur
    return form


def _read_as(read: Table, waiting: Waiting) -> str:
    """« UTF-8, séparateur point-virgule »: what was guessed, said."""
    used = read.reading
    if not used.encoding:
        return f"classeur {waiting.name.rpartition('.')[2].upper()}, première feuille"
    mark = delimited.SEPARATOR_NAMES[used.separator]
    return f"{delimited.ENCODINGS[used.encoding]}, séparateur : {mark}"


def _columns_data(chosen: Choices) -> Context:
    return {
        "texte": [str(place) for place in chosen.text],
        "identifiant": str(chosen.identifier),
        "date": str(chosen.date),
        "lieu": str(chosen.place),
        "quartier": chosen.neighbourhood,
    }


def _transcript_data(chosen: Choices) -> Context:
    try:
        day = datetime.date.fromisoformat(chosen.said_on)
    except ValueError:
        day = None
    return {
        "encodage": chosen.encoding,
        "habitants": [str(place) for place in chosen.residents],
        "decoupe": "personnes" if chosen.apart else "ensemble",
        "jour": day,
        "quartier": chosen.neighbourhood,
    }


def refusal(plan: Plan) -> str:
    """Why an import did not happen, and the two ways on."""
    refused = plan.counts["refused"]
    stop = count(refused, "ligne refusée empêche", "lignes refusées empêchent")
    left = "Cochez la case pour importer les autres lignes, ou corrigez le fichier."
    return f"{stop} l’import. Rien n’a été importé. {left}"


def report_rows(plan: Plan) -> list[list[str]]:
    """The report of every row: its line, what becomes of it, why; never its words."""
    rows = [["ligne", "sort", "raison", "identifiant"]]
    for line in plan.lines:
        cells = [str(line.row.number), FATES[line.fate], " ".join(line.reasons)]
        rows.append([neutral(cell) for cell in (*cells, line.row.source_id)])
    return rows


def told(stored: int, known: int, withdrawn: int, refused: int) -> str:
    """What an import did, in a sentence or two."""
    sentences = [f"{count(stored, 'témoignage importé', 'témoignages importés')}, {known} déjà là."]
    if withdrawn:
        sentences.append(f"Retirés depuis un import précédent, laissés de côté : {withdrawn}.")
    if refused:
        sentences.append(f"Lignes refusées, laissées de côté : {refused}.")
    return " ".join(sentences)
