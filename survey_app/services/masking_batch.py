"""« Rien à masquer » for several short testimonies at once, each of them read whole."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from survey_app.domain import Conflict, Invalid
from survey_app.models import Campaign, Meeting, Redaction, Testimony, TextVersion
from survey_app.permissions import Actor
from survey_app.services import custody, scope
from survey_app.services.masking import chosen, confirm
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


def confirm_batch(session: Session, actor: Actor, testimonies: Iterable[Testimony]) -> int:
    """« Rien à masquer » for each testimony that a person ticked; all of them or none."""
    rows = list(testimonies)
    if not rows:
        raise Invalid("Aucun témoignage n’est coché.", "Cochez ceux où il n’y a rien à masquer.")
    for row in rows:
        if row.meeting.method != "micro_trottoir" or chosen(session, row):
            raise Conflict(
                f"Le témoignage {row.number} ne peut pas être confirmé en lot.",
                f"{NOTHING_DONE} Ouvrez-le pour le masquer.",
            )
        confirm(session, actor, row)
    return len(rows)
