"""The contact vault: read by the coordination alone, emptied once people were told."""

from __future__ import annotations

import uuid

from sqlalchemy import select
from sqlalchemy.orm import Session

from survey_app.domain import NotFound
from survey_app.models import Campaign, Erasure, RecontactEntry
from survey_app.permissions import Actor
from survey_app.services import journal

ERASED = "contact"  # reason of the ledger's lines that stand for an erased contact


def listed(session: Session, actor: Actor) -> list[tuple[Campaign, RecontactEntry]]:
    """Contacts of the council with their campaign, in an order that says nothing of interviews.

    The reading is journalled; no line ever names one contact.
    """
    actor.require("contact.read")
    rows = session.execute(
        select(Campaign, RecontactEntry)
        .join(RecontactEntry, RecontactEntry.campaign_id == Campaign.id)
        .where(RecontactEntry.council_id == actor.council_id)
        .order_by(Campaign.title, RecontactEntry.id)
    )
    found = [(campaign, entry) for campaign, entry in rows]
    journal.record(session, actor, "read_contacts", "contacts", contacts=len(found))
    return found


def erase(session: Session, actor: Actor, key: uuid.UUID) -> None:
    """Erase one contact: the person was told, or asked for it."""
    actor.require("contact.read")
    mine = select(RecontactEntry).where(
        RecontactEntry.id == key, RecontactEntry.council_id == actor.council_id
    )
    entry = session.scalars(mine).one_or_none()
    if entry is None:
        raise NotFound()
    session.delete(entry)
    session.add(Erasure(record_id=key, reason=ERASED))  # no council: counted nowhere
    session.flush()


def was_erased(session: Session, key: uuid.UUID) -> bool:
    """Whether a contact was erased here: the tablet that sends it again must not bring it back."""
    gone = session.get(Erasure, key)
    return gone is not None and gone.reason == ERASED
