"""Priority neighbourhoods: the shipped list, codes of both generations, those typed by hand."""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from survey_app.domain import Invalid
from survey_app.models import Account, Campaign, CampaignNeighbourhood, Neighbourhood, Sector
from survey_app.permissions import Actor
from survey_app.services import journal

SHIPPED = "qpv-occitanie.csv"
_GENERATIONS = (
    (re.compile(r"QP[0-9A-Z]{6}"), "2015"),
    (re.compile(r"QN[0-9A-Z]{6}"), "2024"),
)
_INSEE = re.compile(r"(?:[0-9]{2}|2[AB])[0-9]{3}")


@dataclass(frozen=True, slots=True)
class Known:
    """A neighbourhood of the shipped list."""

    code: str
    name: str
    municipality: str
    insee_code: str
    department: str

    @property
    def label(self) -> str:
        return f"{self.municipality} – {self.name} ({self.code})"


@cache
def known() -> tuple[Known, ...]:
    """The 105 neighbourhoods of Occitanie (2015 generation), by municipality then name."""
    text = (files("survey_app") / "data" / SHIPPED).read_text(encoding="utf-8")
    rows = [Known(**row) for row in csv.DictReader(text.splitlines())]
    return tuple(sorted(rows, key=lambda row: (row.municipality, row.name, row.code)))


def checked_code(typed: str) -> tuple[str, str]:
    """The code in capitals and its generation (``2015`` or ``2024``); `Invalid` otherwise."""
    code = "".join(typed.split()).upper()
    for pattern, generation in _GENERATIONS:
        if pattern.fullmatch(code):
            return code, generation
    raise Invalid(
        f"« {typed.strip()[:20]} » n’est pas un code de quartier prioritaire.",
        "Un code a huit signes : QP et six signes (liste de 2015), ou QN et six signes (2024).",
    )


def by_code(session: Session, typed: str) -> Neighbourhood:
    """The neighbourhood of a code, taken from the shipped list the first time it is asked for."""
    code, generation = checked_code(typed)
    row = session.scalars(select(Neighbourhood).where(Neighbourhood.code == code)).one_or_none()
    if row is not None:
        return row
    shipped = next((entry for entry in known() if entry.code == code), None)
    if shipped is None:
        raise Invalid(
            f"Le quartier {code} n’est pas encore connu ici.",
            "Vérifiez son code, ou ajoutez-le à la main dans « Quartiers et secteurs ».",
        )
    row = Neighbourhood(
        code=code,
        generation=generation,
        name=shipped.name,
        municipality=shipped.municipality,
        insee_code=shipped.insee_code,
    )
    session.add(row)
    session.flush()
    return row


def add(
    session: Session,
    actor: Actor,
    code: str,
    name: str = "",
    municipality: str = "",
    insee_code: str = "",
) -> Neighbourhood:
    """Add a neighbourhood by hand; one that is already known is returned as it is."""
    actor.require("council.manage")
    checked, generation = checked_code(code)
    try:
        return by_code(session, checked)
    except Invalid:
        pass  # neither here nor in the shipped list: what was typed makes it
    title, town, insee = (" ".join(value.split()) for value in (name, municipality, insee_code))
    if not 1 <= len(title) <= 200 or not 1 <= len(town) <= 200:
        raise Invalid(
            "Ce quartier n’est pas dans la liste livrée.", "Donnez son nom et celui de sa commune."
        )
    if insee and not _INSEE.fullmatch(insee):
        raise Invalid(
            f"« {insee[:20]} » n’est pas un code Insee de commune.",
            "Il a cinq signes, comme 34028. Vous pouvez aussi le laisser vide.",
        )
    row = Neighbourhood(
        code=checked,
        generation=generation,
        name=title,
        municipality=town,
        insee_code=insee,
        created_by=actor.account_id,
    )
    session.add(row)
    session.flush()
    journal.record(session, actor, "neighbourhood_added", "neighbourhoods", row.id, code=row.code)
    return row


def of_council(session: Session, actor: Actor) -> list[Neighbourhood]:
    """The neighbourhoods that the council works in: by campaign, by sector, or typed by hand."""
    in_campaigns = (
        select(CampaignNeighbourhood.neighbourhood_id)
        .join(Campaign, Campaign.id == CampaignNeighbourhood.campaign_id)
        .where(Campaign.council_id == actor.council_id)
    )
    with_sectors = select(Sector.neighbourhood_id).where(Sector.council_id == actor.council_id)
    colleagues = select(Account.id).where(Account.council_id == actor.council_id)
    query = (
        select(Neighbourhood)
        .where(
            or_(
                Neighbourhood.id.in_(in_campaigns),
                Neighbourhood.id.in_(with_sectors),
                Neighbourhood.created_by.in_(colleagues),
            )
        )
        .order_by(Neighbourhood.municipality, Neighbourhood.name, Neighbourhood.code)
    )
    return list(session.scalars(query))
