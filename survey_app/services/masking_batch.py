"""« Rien à masquer » for several short testimonies at once, each of them read whole."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from survey_app.domain import Conflict
from survey_app.models import Campaign, Meeting, Redaction, Testimony, TextVersion
from survey_app.permissions import Actor
from survey_app.services import custody, scope
from survey_app.services.masking import chosen
from survey_app.services.placeholders import NOTHING_DONE

BATCH = 20


def batch(
    session: Session, actor: Actor, campaign: Campaign
) -> list[tuple[Testimony, TextVersion]]:
    """The short testimonies of `waiting`, with their words: each reading is journalled."""
    rows = waiting(session, actor, campaign, ("accepted", "proposed"))
    return [(row, custody.read_raw(session, actor, row)) for row in rows]


def waiting(
    session: Session, actor: Actor, campaign: Campaign, without: Sequence[str]
) -> Sequence[Testimony]:
    """The first reviewed micro-trottoir testimonies that the actor may mask, in order.

    Left out: those with words in one of the states ``without`` (accepted, proposed…).
    """
    actor.require("testimony.mask")
    begun = select(Redaction.testimony_id).where(Redaction.state.in_(without))
    query = (
        scope.scoped(actor, Testimony)
        .join(Meeting, Meeting.id == Testimony.meeting_id)
        .where(
            Testimony.campaign_id == campaign.id,
            Testimony.state == "reviewed",
            Meeting.method == "micro_trottoir",
            Testimony.id.not_in(begun),
        )
        .order_by(Testimony.number)
    )
    if not campaign.single_person_exception:
        others = Testimony.collector_id != actor.account_id
        query = query.where(or_(Testimony.collector_id.is_(None), others))
    if not custody.is_coordinator(actor):
        query = query.where(Testimony.reviewer_id == actor.account_id)
    return session.scalars(query.limit(BATCH)).all()


def require_bare(session: Session, testimony: Testimony) -> None:
    """Raise `Conflict` unless it is a micro-trottoir testimony where no word is covered."""
    if testimony.meeting.method != "micro_trottoir" or chosen(session, testimony):
        raise Conflict(
            "Ce témoignage ne peut pas être confirmé en lot.",
            f"{NOTHING_DONE} Ouvrez-le pour le masquer.",
        )
