"""What the tests of the review share: words somebody collected, and the lines of the journal."""

from __future__ import annotations

from sqlalchemy import func, select
from sqlalchemy.orm import Session

import factories
from survey_app.models import AuditEvent, Campaign, Testimony
from survey_app.permissions import Actor
from survey_app.services import review

YES = dict.fromkeys(review.CHECKLIST, True)
"""A reviewer's list, all ticked."""


def collected(session: Session, campaign: Campaign, by: Actor) -> Testimony:
    """A testimony, deposited, that somebody collected."""
    held = factories.meeting(session, campaign, by)
    return factories.testimony(session, held, collector=by)


def lines(session: Session, action: str) -> int:
    """How many lines of the journal tell this action."""
    session.flush()
    query = select(func.count()).select_from(AuditEvent).where(AuditEvent.action == action)
    return session.scalar(query) or 0
