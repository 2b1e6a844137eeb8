"""The four queues of the desk, as one person sees them: counts, filters, pages of fifty."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import Session, joinedload

from survey_app.models import Campaign, Meeting, Testimony
from survey_app.permissions import Actor
from survey_app.services import custody, scope
from survey_app.services.queue_filters import NO_FILTER, Filters, conditions
from survey_app.services.states import QUEUES

PAGE = 50
LABELS = {
    "a-relire": "À relire",
    "a-masquer": "À masquer",
    "a-coder": "À coder",
    "pret": "Prêt",
}
ACTIONS = {
    "a-relire": "testimony.review",
    "a-masquer": "testimony.mask",
    "a-coder": "testimony.code",
    "pret": "testimony.read_masked",
}


@dataclass(frozen=True, slots=True)
class Page:
    """A page of a queue; ``before`` and ``after`` are the numbers to ask the next ones with."""

    rows: Sequence[Testimony]
    before: int | None
    after: int | None


def names(actor: Actor) -> list[str]:
    """The queues open to the actor."""
    return [name for name in QUEUES if actor.can(ACTIONS[name])]


def counts(
    session: Session, actor: Actor, campaign: Campaign, filters: Filters = NO_FILTER
) -> dict[str, int]:
    """How many testimonies wait for the actor in each queue open to them."""
    return {
        name: session.scalar(
            select(func.count()).select_from(
                _waiting(actor, campaign, name, filters).with_only_columns(Testimony.id).subquery()
            )
        )
        or 0
        for name in names(actor)
    }


def page(
    session: Session,
    actor: Actor,
    campaign: Campaign,
    queue: str,
    filters: Filters = NO_FILTER,
    *,
    after: int | None = None,
    before: int | None = None,
) -> Page:
    """Fifty testimonies by number, those after or before a number."""
    actor.require(ACTIONS[queue])
    query = _waiting(actor, campaign, queue, filters).options(joinedload(Testimony.meeting))
    if before is not None:
        query = query.where(Testimony.number < before).order_by(Testimony.number.desc())
    else:
        query = query.where(Testimony.number > (after or 0)).order_by(Testimony.number)
    found = list(session.scalars(query.limit(PAGE + 1)))
    more, rows = len(found) > PAGE, found[:PAGE]
    if before is not None:
        rows.reverse()
    has_before = more if before is not None else bool(after)
    has_after = more if before is None else True
    return Page(
        rows,
        before=rows[0].number if rows and has_before else None,
        after=rows[-1].number if rows and has_after else None,
    )


def neighbours(
    session: Session,
    actor: Actor,
    testimony: Testimony,
    queue: str,
    filters: Filters = NO_FILTER,
) -> tuple[Testimony | None, Testimony | None]:
    """The testimonies just before and just after this one in a queue."""
    actor.require(ACTIONS[queue])
    query = _waiting(actor, testimony.campaign, queue, filters).limit(1)
    earlier = query.where(Testimony.number < testimony.number).order_by(Testimony.number.desc())
    later = query.where(Testimony.number > testimony.number).order_by(Testimony.number)
    return session.scalars(earlier).first(), session.scalars(later).first()


def first(session: Session, actor: Actor, campaign: Campaign, queue: str) -> Testimony | None:
    """The testimony that waits since the longest; one already begun by the actor comes first."""
    actor.require(ACTIONS[queue])
    mine = Testimony.reviewer_id == actor.account_id
    query = _waiting(actor, campaign, queue, NO_FILTER)
    return session.scalars(query.order_by(mine.is_not(True), Testimony.number).limit(1)).first()


def set_aside(session: Session, actor: Actor, campaign: Campaign) -> Sequence[Testimony]:
    """What was set aside in a campaign, for the coordinator."""
    actor.require("testimony.set_aside")
    query = scope.scoped(actor, Testimony).where(
        Testimony.campaign_id == campaign.id, Testimony.state == "set_aside"
    )
    return session.scalars(query.order_by(Testimony.number)).all()


def campaigns(session: Session, actor: Actor) -> Sequence[Campaign]:
    """The campaigns whose testimonies may be worked on, newest first."""
    actor.require("campaign.read")
    worked = ("running", "review", "synthesis", "returned", "draft", "ready")
    query = scope.scoped(actor, Campaign).where(
        Campaign.state.in_(worked),
        or_(
            Campaign.state.in_(("running", "review", "synthesis")),
            select(Testimony.id).where(Testimony.campaign_id == Campaign.id).exists(),
        ),
    )
    return session.scalars(query.order_by(Campaign.created_at.desc(), Campaign.id)).all()


def meetings(session: Session, actor: Actor, campaign: Campaign) -> Sequence[Meeting]:
    """The meetings of a campaign, for the filter."""
    query = scope.scoped(actor, Meeting).where(Meeting.campaign_id == campaign.id)
    return session.scalars(query.order_by(Meeting.held_on, Meeting.id)).all()


def _waiting(actor: Actor, campaign: Campaign, queue: str, filters: Filters) -> Select[Testimony]:
    query = scope.scoped(actor, Testimony).where(
        Testimony.campaign_id == campaign.id, Testimony.state.in_(QUEUES[queue])
    )
    return query.where(*_offered(actor, campaign, queue), *conditions(filters))


def _offered(actor: Actor, campaign: Campaign, queue: str) -> list[ColumnElement[bool]]:
    """Nobody is offered what they collected, nor (the coordination aside) what others review."""
    conditions: list[ColumnElement[bool]] = []
    mine = Testimony.reviewer_id == actor.account_id
    if queue == "a-relire":
        if not campaign.single_person_exception:
            others = Testimony.collector_id != actor.account_id
            conditions.append(or_(Testimony.collector_id.is_(None), others))
        if not custody.is_coordinator(actor):
            conditions.append(or_(Testimony.reviewer_id.is_(None), mine))
    if queue == "a-masquer" and not custody.is_coordinator(actor):
        conditions.append(mine)
    return conditions
