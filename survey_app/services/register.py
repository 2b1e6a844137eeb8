"""The register of treatments that the DPO reads, and the journal. No words, no names of residents.

The register follows what article 30 of the GDPR asks a controller to keep.
"""

from __future__ import annotations

import uuid
from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session

from survey_app.models import (
    Account,
    Attachment,
    AuditEvent,
    Campaign,
    ConsentRecord,
    Draft,
    Erasure,
    Meeting,
    RecontactEntry,
    Record,
    Testimony,
    WithdrawalCode,
)
from survey_app.permissions import Actor
from survey_app.services import journal_words, recordings, scope
from survey_app.services.drafts import ABANDONED

PAGE = 50
SCOPES = {
    "noter": "noter les paroles",
    "citer": "citer une phrase",
    "voix": "enregistrer la voix",
    "photo": "prendre une photo",
    "recontact": "être recontacté",
}
DECISIONS = {
    "granted": "oui",
    "approved": "oui, après relecture",
    "refused": "non",
    "not_asked": "non demandé",
    "withdrawn": "retiré",
}


@dataclass(frozen=True, slots=True)
class Treatment:
    """One campaign as the register shows it. ``consents``: scope -> decision -> testimonies."""

    campaign: Campaign
    testimonies: int
    meetings: int
    with_code: int
    contacts: int
    photos: int
    voices: int
    consents: dict[str, dict[str, int]]


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the journal, said in French."""

    at: datetime
    who: str
    what: str
    kind: str
    record_id: uuid.UUID | None
    details: str


@dataclass(frozen=True, slots=True)
class JournalPage:
    """Lines, newest first; ``older`` is the cursor of the next page, None at the end."""

    lines: list[Line]
    older: uuid.UUID | None


def treatments(session: Session, actor: Actor) -> list[Treatment]:
    """One entry per campaign of the council, oldest first."""
    actor.require("register.read")
    query = scope.scoped(actor, Campaign).order_by(Campaign.created_at, Campaign.id)
    return [_treatment(session, campaign) for campaign in session.scalars(query).all()]


def erased(session: Session, actor: Actor) -> dict[str, int]:
    """How many testimonies were erased, by reason."""
    actor.require("register.read")
    query = (
        select(Erasure.reason, func.count())
        .where(Erasure.council_id == actor.council_id, Erasure.reason != ABANDONED)
        .group_by(Erasure.reason)
    )
    return dict(session.execute(query).all())


def journal_page(
    session: Session, actor: Actor, before: uuid.UUID | None = None, size: int = PAGE
) -> JournalPage:
    """A page of the council's journal, newest first, from the line after ``before``."""
    actor.require("journal.read")
    query = select(AuditEvent).where(AuditEvent.council_id == actor.council_id)
    mark = session.get(AuditEvent, before) if before else None
    if mark is not None and mark.council_id == actor.council_id:
        query = query.where(
            or_(AuditEvent.at < mark.at, and_(AuditEvent.at == mark.at, AuditEvent.id < mark.id))
        )
    query = query.order_by(AuditEvent.at.desc(), AuditEvent.id.desc()).limit(size + 1)
    events = list(session.scalars(query))
    people = _names(session, actor)
    lines = [_line(event, people) for event in events[:size]]
    return JournalPage(lines, events[size - 1].id if len(events) > size else None)


def _treatment(session: Session, campaign: Campaign) -> Treatment:
    def count(model: type[Testimony | Meeting | RecontactEntry]) -> int:
        query = select(func.count()).select_from(model).where(model.campaign_id == campaign.id)
        return session.scalar(query) or 0

    codes = (
        select(func.count())
        .select_from(WithdrawalCode)
        .join(Testimony, Testimony.id == WithdrawalCode.testimony_id)
        .where(Testimony.campaign_id == campaign.id)
    )
    return Treatment(
        campaign=campaign,
        testimonies=count(Testimony),
        meetings=count(Meeting),
        with_code=session.scalar(codes) or 0,
        contacts=count(RecontactEntry),
        photos=_photos(session, campaign),
        voices=recordings.count(session, campaign),
        consents=_consents(session, campaign),
    )


def _photos(session: Session, campaign: Campaign) -> int:
    """Those of its testimonies, of its interviews in progress and of its records."""
    held = (
        column.in_(select(owner.id).where(owner.campaign_id == campaign.id))
        for column, owner in (
            (Attachment.testimony_id, Testimony),
            (Attachment.draft_id, Draft),
            (Attachment.record_id, Record),
        )
    )
    return session.scalar(select(func.count()).select_from(Attachment).where(or_(*held))) or 0


def _consents(session: Session, campaign: Campaign) -> dict[str, dict[str, int]]:
    """Consents are append only: the last decision of a scope is the one that counts."""
    query = (
        select(ConsentRecord.testimony_id, ConsentRecord.scope, ConsentRecord.decision)
        .join(Testimony, Testimony.id == ConsentRecord.testimony_id)
        .where(Testimony.campaign_id == campaign.id)
        .order_by(ConsentRecord.created_at, ConsentRecord.id)
    )
    latest = {(row.testimony_id, row.scope): row.decision for row in session.execute(query)}
    counts = Counter((name, decision) for (_, name), decision in latest.items())
    return {
        name: {decision: n for (scope_, decision), n in sorted(counts.items()) if scope_ == name}
        for name in SCOPES
        if any(scope_ == name for scope_, _ in counts)
    }


def _names(session: Session, actor: Actor) -> dict[uuid.UUID, str]:
    query = select(Account.id, Account.display_name).where(Account.council_id == actor.council_id)
    return dict(session.execute(query).all())


def _line(event: AuditEvent, people: dict[uuid.UUID, str]) -> Line:
    nobody = "un habitant ou la machine"
    return Line(
        at=event.at,
        who=people.get(event.actor_id, nobody) if event.actor_id else nobody,
        what=journal_words.action(event),
        kind=journal_words.kind(event),
        record_id=event.record_id,
        details=journal_words.details(event),
    )
