"""The numbers that people read (témoignage 12, É-0034): given once, never given again."""

from __future__ import annotations

import uuid

from sqlalchemy import update
from sqlalchemy.orm import InstrumentedAttribute, Session

from survey_app.models import Campaign


def following(
    session: Session,
    campaign_id: uuid.UUID,
    counter: InstrumentedAttribute[int],
    count: int = 1,
) -> int:
    """The next number of a campaign's counter, taken in one statement.

    With a ``count``, as many are taken, and the last of them is returned.

    What was erased keeps its number to itself: a published « témoignage 12 » never becomes
    somebody else's.
    """
    statement = (
        update(Campaign)
        .where(Campaign.id == campaign_id)
        .values({counter: counter + count})
        .returning(counter)
        .execution_options(synchronize_session=False)
    )
    return session.scalars(statement).one()
