"""Figures of the neighbourhoods (INSEE's, say) that stand beside the declared profiles."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy.orm import Session

from analysis.listened_csv import FiguresError, Reference, read_reference
from analysis.wording import count, listing
from survey_app.domain import Invalid
from survey_app.models import Campaign
from survey_app.permissions import Actor
from survey_app.services import journal

REFERENCE = "reference"
MOST_BYTES = 2_000_000
MOST_KEPT = 500  # groups of the campaign's own neighbourhoods
MOST_ERRORS = 20
INVENTED = "chiffres inventés pour l’exemple"
_HEAD = ("indicateur", "source", "annee", "perimetre", "groupe", "part", "effectif", "reponses")
_EXAMPLE = (
    ("genre", "une femme", "", "52,0", ""),
    ("genre", "un homme", "", "48,0", ""),
    ("age", "15 à 24 ans", "", "17,5", ""),
    ("age", "25 à 59 ans", "", "56,5", ""),
    ("age", "60 ans et plus", "", "26,0", ""),
)


def held(choices: Mapping[str, Any]) -> list[list[Any]]:
    """As they are kept: one list a group, in the order of `Reference`'s fields."""
    return [list(row) for row in choices.get(REFERENCE, [])]


def current(choices: Mapping[str, Any]) -> tuple[Reference, ...]:
    """The figures of a campaign, from its choices; none where nobody brought any."""
    return tuple(Reference(*[*row[:7], tuple(row[7]), row[8]]) for row in held(choices))


def bring(session: Session, actor: Actor, campaign: Campaign, data: bytes) -> tuple[int, int]:
    """Keep the figures of the campaign's neighbourhoods in place of the older ones.

    Returns how many are kept, and how many of other places are left aside. `Invalid` when the
    table cannot be read: `problems` tells every line.
    """
    actor.require("analysis.run")
    try:
        found = read_reference(_small(data))
    except FiguresError as error:
        raise Invalid(str(error), "Rien n’a été changé.") from None
    places = [place.code for place in campaign.neighbourhoods]
    kept = [row for row in found if row.perimeter in places]
    if not kept:
        raise Invalid(
            "Aucune ligne ne porte sur un quartier de la campagne.",
            f"Écrivez son code dans la colonne « perimetre » : {listing(places)}.",
        )
    if len(kept) > MOST_KEPT:
        raise Invalid(
            f"Ce tableau donne plus de {MOST_KEPT} groupes pour vos quartiers.",
            "Gardez les indicateurs qui servent, puis recommencez.",
        )
    _keep(session, actor, campaign, kept)
    return len(kept), len(found) - len(kept)


def remove(session: Session, actor: Actor, campaign: Campaign) -> None:
    """Set nothing beside the profiles any more, from the next run on."""
    actor.require("analysis.run")
    _keep(session, actor, campaign, [])


def problems(data: bytes) -> list[str]:
    """What is wrong in a table, line by line: each faulty line is put aside to find the next."""
    if len(data) > MOST_BYTES:
        return []
    lines = data.split(b"\n")
    first = next((rank for rank, line in enumerate(lines, 1) if line.strip(b" ;,\t\r")), 1)
    found: list[str] = []
    seen = {first}
    while len(found) < MOST_ERRORS:
        try:
            read_reference(b"\n".join(lines))
        except FiguresError as error:
            said = str(error)
            # Once its faulty lines are put aside, a table may have nothing left.
            if said.endswith("aucun chiffre.") and found:
                break
            found.append(said)
            number = int("".join(filter(str.isdigit, said.partition(":")[0])) or 0)
            if number in seen or not 1 <= number <= len(lines):
                break
            seen.add(number)
            lines[number - 1] = b""
        else:
            break
    return found


def example(campaign: Campaign) -> bytes:
    """A table to fill in, for the campaign's first neighbourhood; its figures are invented."""
    place = campaign.neighbourhoods[0].code if campaign.neighbourhoods else "QP000000"
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerow(_HEAD)
    for indicator, group, people, share, answers in _EXAMPLE:
        writer.writerow((indicator, INVENTED, 2020, place, group, share, people, answers))
    return out.getvalue().encode("utf-8-sig")


def _small(data: bytes) -> bytes:
    if len(data) > MOST_BYTES:
        raise Invalid("Ce fichier est trop lourd.", "Gardez les indicateurs qui servent.")
    return data


def _keep(session: Session, actor: Actor, campaign: Campaign, rows: Sequence[Reference]) -> None:
    campaign.analysis = {**campaign.analysis, REFERENCE: [_packed(row) for row in rows]}
    journal.record(session, actor, "reference_chosen", "campaigns", campaign.id, count=len(rows))


def _packed(row: Reference) -> list[Any]:
    return [
        row.indicator,
        row.source,
        row.year,
        row.perimeter,
        row.group,
        row.share,
        row.count,
        list(row.answers),
        row.line,
    ]


def told(kept: int, aside: int) -> str:
    """What was done with a table, in French."""
    said = f"{count(kept, 'chiffre enregistré', 'chiffres enregistrés')}."
    if aside:
        left = count(
            aside, "ligne d’un autre lieu est laissée", "lignes d’autres lieux sont laissées"
        )
        said += f" {left} de côté."
    return f"{said} Relancez l’analyse pour les voir à côté des réponses."
