"""The council itself: its identity, its city contracts, the sectors it names in each place."""

from __future__ import annotations

import re
import unicodedata
import uuid

from sqlalchemy import select
from sqlalchemy.orm import Session

from survey_app.domain import Conflict, Invalid
from survey_app.models import (
    CityContract,
    Council,
    Draft,
    Meeting,
    Neighbourhood,
    Sector,
    Testimony,
)
from survey_app.permissions import Actor
from survey_app.services import journal, scope

GROUPINGS = {
    "piliers_2015": "Quatre piliers des contrats de ville 2015-2023",
    "quartiers_2030": "Enjeux locaux « Engagements Quartiers 2030 »",
}
MAX_TEXT = 5_000
# « 12 rue des Lilas », « rue des Lilas 12 », « 3 bis, av. de la Gare », « bât. B, appt 4 ».
_STREET = r"(?:rue|avenue|av|boulevard|bd|place|impasse|all[ée]e|chemin|route|square|quai|cours)"
_ADDRESS = re.compile(
    rf"\b\d+\s*(?:bis|ter|quater|[a-d])?\s*,?\s*{_STREET}\b"
    rf"|\b{_STREET}\b[^,]*,?\s*(?:n[°o]\s*)?\d+\s*(?:bis|ter|quater)?\s*$"
    r"|\b(?:appt|appartement|b[âa]t(?:iment)?|porte|hall|cage)\b\.?\s*[a-z]?\d+\b",
    re.IGNORECASE,
)


def create(session: Session, name: str, kind: str = "conseil citoyen") -> Council:
    """A new council; only the machine's own command line makes one, so there is no actor yet."""
    row = Council(name=_line(name, "le nom du conseil"), kind=_line(kind, "le type d’instance"))
    session.add(row)
    session.flush()
    return row


def mine(session: Session, actor: Actor) -> Council:
    """The actor's own council."""
    return session.get_one(Council, actor.council_id)


def edit(
    session: Session,
    actor: Actor,
    *,
    name: str,
    kind: str,
    mandate: str = "",
    composition: dict[str, int] | None = None,
) -> Council:
    """Change how the council presents itself. ``composition``: how many people of each kind."""
    actor.require("council.manage")
    council = mine(session, actor)
    council.name = _line(name, "le nom du conseil")
    council.kind = _line(kind, "le type d’instance")
    council.mandate = _text(mandate)
    if composition is not None:
        if any(not 0 <= count <= 10_000 for count in composition.values()):
            raise Invalid(
                "Le nombre de membres ne convient pas.", "Écrivez un nombre entre 0 et 10 000."
            )
        council.composition = dict(composition)
    council.revision += 1
    journal.record(session, actor, "council_edited", "councils", council.id)
    return council


def sectors(
    session: Session, actor: Actor, neighbourhood: Neighbourhood | None = None
) -> list[Sector]:
    """The sectors that the council named, in one neighbourhood or in all, by label."""
    query = scope.scoped(actor, Sector).order_by(Sector.label)
    if neighbourhood is not None:
        query = query.where(Sector.neighbourhood_id == neighbourhood.id)
    return list(session.scalars(query))


def sector(session: Session, actor: Actor, sector_id: uuid.UUID) -> Sector:
    """One sector of the council."""
    actor.require("council.manage")
    return scope.get(session, actor, Sector, sector_id)


def looks_like_address(label: str) -> bool:
    """Whether a sector's label says a street with its number, or a door: too precise."""
    return _ADDRESS.search(label) is not None


def add_sector(
    session: Session,
    actor: Actor,
    neighbourhood: Neighbourhood,
    label: str,
    name: str = "",
    *,
    accept_address: bool = False,
) -> Sector:
    """Name a part of a neighbourhood. What looks like an address must be accepted on purpose."""
    actor.require("council.manage")
    shown = _sector_label(label, accept_address)
    present = sectors(session, actor, neighbourhood)
    if any(row.label.casefold() == shown.casefold() for row in present):
        raise Conflict(
            f"Le secteur « {shown} » existe déjà dans ce quartier.", "Choisissez un autre nom."
        )
    row = Sector(
        council_id=actor.council_id,
        created_by=actor.account_id,
        neighbourhood_id=neighbourhood.id,
        name=_free_name(slug(name or shown) or "secteur", {row.name for row in present}),
        label=shown,
    )
    session.add(row)
    session.flush()
    journal.record(session, actor, "sector_added", "sectors", row.id)
    return row


def rename_sector(
    session: Session,
    actor: Actor,
    sector_id: uuid.UUID,
    label: str,
    *,
    accept_address: bool = False,
) -> Sector:
    """Change what people read; the name that answers hold stays the same."""
    actor.require("council.manage")
    row = scope.get(session, actor, Sector, sector_id)
    row.label = _sector_label(label, accept_address)
    row.revision += 1
    journal.record(session, actor, "sector_renamed", "sectors", row.id)
    return row


def remove_sector(session: Session, actor: Actor, sector_id: uuid.UUID) -> None:
    """Remove a sector that nothing uses; `Conflict` where a meeting or an answer names it."""
    actor.require("council.manage")
    row = scope.get(session, actor, Sector, sector_id)
    if _in_use(session, row):
        raise Conflict(
            f"Le secteur « {row.label} » sert déjà à des rencontres ou à des témoignages.",
            "Il reste en place. Vous pouvez changer son nom.",
        )
    journal.record(session, actor, "sector_removed", "sectors", row.id)
    session.delete(row)
    session.flush()


def contracts(session: Session, actor: Actor) -> list[CityContract]:
    """The council's city contracts, newest period first."""
    query = scope.scoped(actor, CityContract).order_by(CityContract.period.desc())
    return list(session.scalars(query))


def contract(session: Session, actor: Actor, contract_id: uuid.UUID) -> CityContract:
    """One city contract of the council."""
    actor.require("council.manage")
    return scope.get(session, actor, CityContract, contract_id)


def save_contract(
    session: Session,
    actor: Actor,
    contract_id: uuid.UUID | None = None,
    *,
    label: str,
    period: str,
    signatories: str = "",
    grouping_id: str = "piliers_2015",
) -> CityContract:
    """Add a city contract, or change the one of this id. ``period``: « 2015-2023 »."""
    actor.require("council.manage")
    years = re.fullmatch(r"\s*(\d{4})\s*[-–]\s*(\d{4})\s*", period)
    if years is None or years[1] > years[2]:
        raise Invalid("La période ne convient pas.", "Écrivez deux années, comme 2024-2030.")
    if grouping_id not in GROUPINGS:
        raise Invalid("Ce regroupement n’existe pas.", "Choisissez parmi ceux de la liste.")
    if contract_id is None:
        row = CityContract(council_id=actor.council_id, created_by=actor.account_id)
        session.add(row)
    else:
        row = scope.get(session, actor, CityContract, contract_id)
    row.label = _line(label, "le nom du contrat")
    row.period = f"{years[1]}-{years[2]}"
    row.signatories = _text(signatories)
    row.grouping_id = grouping_id
    session.flush()
    journal.record(session, actor, "contract_saved", "city_contracts", row.id)
    return row


def slug(text: str) -> str:
    """Lower case letters without accents, digits and single hyphens, 60 at most."""
    bare = unicodedata.normalize("NFKD", text.casefold().replace("œ", "oe").replace("æ", "ae"))
    letters = "".join(char for char in bare if not unicodedata.combining(char))
    return re.sub(r"[^a-z0-9]+", "-", letters).strip("-")[:60].strip("-")


def _in_use(session: Session, sector: Sector) -> bool:
    here = (
        Meeting.council_id == sector.council_id,
        Meeting.neighbourhood_id == sector.neighbourhood_id,
    )
    if session.scalars(select(Meeting.id).where(*here, Meeting.sector == sector.name)).first():
        return True
    answers = [
        *session.scalars(select(Testimony.answers).join(Testimony.meeting).where(*here)),
        *session.scalars(select(Draft.answers).join(Draft.meeting).where(*here)),
    ]
    return any(sector.name in given.values() for given in answers)


def _free_name(wanted: str, taken: set[str]) -> str:
    name, number = wanted, 2
    while name in taken:
        name, number = f"{wanted[:55]}-{number}", number + 1
    return name


def _sector_label(label: str, accept_address: bool) -> str:
    shown = _line(label, "le nom du secteur")
    if looks_like_address(shown) and not accept_address:
        raise Invalid(
            f"« {shown} » ressemble à une adresse, et une adresse peut désigner quelqu’un.",
            "Préférez un nom plus large, comme « autour de l’école ».",
            code="address",
        )
    return shown


def _line(value: str, what: str) -> str:
    line = unicodedata.normalize("NFC", " ".join(value.split()))
    if not 1 <= len(line) <= 200:
        raise Invalid(f"Il manque {what}, ou il dépasse 200 caractères.", "Corrigez ce champ.")
    return line


def _text(value: str) -> str:
    text = unicodedata.normalize("NFC", value.replace("\r\n", "\n")).strip()
    if len(text) > MAX_TEXT:
        raise Invalid(f"Ce texte dépasse {MAX_TEXT} caractères.", "Raccourcissez-le.")
    return text
