"""What was printed of a testimony is taken back when its masking or its place is in question."""

from __future__ import annotations

from sqlalchemy import delete
from sqlalchemy.orm import Session

from survey_app.models import Run, Testimony
from survey_app.permissions import Actor
from survey_app.runtime import Runtime
from survey_app.services import exports, syntheses_erasure


def unprint(session: Session, runtime: Runtime, actor: Actor, testimony: Testimony) -> None:
    """Take its words out of every synthesis and file; a published one is to be rectified.

    To be called once the testimony has left the states that count. One that was never masked
    is in no synthesis: nothing is done.
    """
    if testimony.text("masked") is None:
        return
    session.flush()
    # The cloud and the word counts hold its words as they were masked before.
    session.execute(delete(Run).where(Run.campaign_id == testimony.campaign_id))
    syntheses_erasure.leave(session, actor, testimony, erased=False)
    syntheses_erasure.redraft(session, actor, testimony.campaign)
    exports.forget(session, runtime, testimony)
