"""Small honest makers of rows for tests. Words here are invented."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

import analysis.codebook
from questionnaires import library, versions
from survey_app.models import (
    Account,
    AccountRole,
    Campaign,
    CodebookVersion,
    ConsentRecord,
    Council,
    Meeting,
    Neighbourhood,
    QuestionnaireVersion,
    Sector,
    Testimony,
    TextVersion,
    uuid7,
)
from survey_app.permissions import Actor, Role
from survey_app.services import numbering

WORDS = (
    "Le soir l’ascenseur tombe en panne et ma voisine Karima monte six étages. "
    "On a demandé un banc devant l’école, il est arrivé au printemps."
)


def council(session: Session, name: str = "Conseil d’essai") -> Council:
    row = Council(name=name)
    session.add(row)
    session.flush()
    return row


def account(session: Session, of: Council, login: str, *roles: str, **fields: Any) -> Account:
    """An account without a usable password: tests that log in set one through the service."""
    row = Account(
        council_id=of.id,
        login=login,
        display_name=login.capitalize(),
        password_hash="!",
        session_token=uuid7().hex,
        roles=[AccountRole(role=role) for role in roles],
        **fields,
    )
    session.add(row)
    session.flush()
    return row


def actor(row: Account) -> Actor:
    return Actor(row.council_id, row.id, row.display_name, row.role_names, row.mandate, row.trained)


def actors(session: Session, of: Council, suffix: str = "") -> dict[str, Actor]:
    made = {
        role.value: actor(account(session, of, f"{role.value}{suffix}", role.value, trained=True))
        for role in Role
    }
    second = account(session, of, f"councillor2{suffix}", "councillor", trained=True, mandate=True)
    return made | {"councillor2": actor(second)}


def neighbourhood(session: Session, code: str = "QP034020", name: str = "Centre Ville") -> Any:
    found = session.scalars(select(Neighbourhood).where(Neighbourhood.code == code)).first()
    if found is None:
        found = Neighbourhood(
            code=code, generation="2015", name=name, municipality="Bédarieux", insee_code="34028"
        )
        session.add(found)
        session.flush()
    return found


def questionnaire(session: Session, of: Council, name: str) -> QuestionnaireVersion:
    model = library.load(name)
    row = QuestionnaireVersion(
        council_id=of.id,
        name=model.name,
        version=model.version,
        fingerprint=versions.fingerprint(model),
        document=versions.to_dict(model),
    )
    session.add(row)
    session.flush()
    return row


def codebook(session: Session, of: Council) -> CodebookVersion:
    book = analysis.codebook.load()
    row = CodebookVersion(
        council_id=of.id,
        name=book.id,
        version=book.version,
        title=book.title,
        fingerprint=book.fingerprint,
        document=analysis.codebook.shipped(),
    )
    session.add(row)
    session.flush()
    return row


def campaign(session: Session, of: Council, slug: str = "essai", **fields: Any) -> Campaign:
    """A running campaign, guards filled, with one neighbourhood, one sector, Q01 and Q03."""
    place = neighbourhood(session)
    values: dict[str, Any] = {
        "title": "Vivre ici",
        "question": "Qu’est-ce que le contrat de ville a changé pour vous ?",
        "purpose": "Évaluer le contrat de ville avec les habitants",
        "controller": "Ville d’essai",
        "legal_basis": "mission d’intérêt public",
        "dpo_contact": "dpo@exemple.invalid",
        "recipients": "le conseil citoyen et la coordination",
        "retention_until": date(2030, 12, 31),
        "safeguarding_contact": "la personne référente",
        "methods": ["individuel", "micro_trottoir"],
        "state": "running",
    }
    row = Campaign(council_id=of.id, slug=slug, **(values | fields))
    row.neighbourhoods = [place]
    row.questionnaires = [
        questionnaire(session, of, name)
        for name in ("Q01-entretien-individuel", "Q03-micro-trottoir")
    ]
    row.codebook_version_id = codebook(session, of).id
    session.add(row)
    session.add(
        Sector(council_id=of.id, neighbourhood_id=place.id, name="halles", label="Les Halles")
    )
    session.flush()
    return row


def meeting(session: Session, of: Campaign, by: Actor | None = None, **fields: Any) -> Meeting:
    """An open meeting, made by ``by`` when given."""
    values: dict[str, Any] = {
        "method": "individuel",
        "held_on": date(2026, 4, 2),
        "place": "devant l’école",
        "state": "open",
    }
    row = Meeting(
        council_id=of.council_id,
        campaign_id=of.id,
        neighbourhood_id=of.neighbourhoods[0].id,
        created_by=by.account_id if by else None,
        **(values | fields),
    )
    session.add(row)
    session.flush()
    return row


def testimony(
    session: Session,
    of: Meeting,
    *,
    text: str = WORDS,
    collector: Actor | None = None,
    cite: str = "granted",
    masked: str | None = None,
    **fields: Any,
) -> Testimony:
    """A deposited testimony with its raw text and consents; ``masked`` adds a masked version."""
    row = Testimony(
        council_id=of.council_id,
        campaign_id=of.campaign_id,
        meeting_id=of.id,
        number=numbering.following(session, of.campaign_id, Campaign.last_testimony),
        collector_id=collector.account_id if collector else None,
        content_hash="0" * 64,
        **({"state": "masked" if masked is not None else "deposited"} | fields),
    )
    session.add(row)
    session.flush()
    common = {"council_id": of.council_id, "testimony_id": row.id}
    session.add(TextVersion(**common, sequence=1, kind="raw", text=text))
    if masked is not None:
        session.add(TextVersion(**common, sequence=2, kind="masked", text=masked))
    for scope, decision in (("noter", "granted"), ("citer", cite)):
        session.add(ConsentRecord(**common, scope=scope, decision=decision))
    session.flush()
    session.refresh(row)
    return row
