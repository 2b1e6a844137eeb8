"""Interviews in progress that end without a testimony, and those that nobody can resume."""

from __future__ import annotations

import uuid
from collections.abc import Iterable

from sqlalchemy import Select, event, or_, select
from sqlalchemy.orm import Session

from survey_app.domain import Forbidden, NotFound
from survey_app.models import Account, AccountRole, Draft, Erasure
from survey_app.permissions import PERMISSIONS, Actor
from survey_app.runtime import Runtime
from survey_app.services import journal, meetings, scope

ABANDONED = "abandoned"  # an interview in progress that was erased
PAPER = "paper"  # the origin of an interview noted on paper first


def wipe(session: Session, actor: Actor, runtime: Runtime, draft: Draft) -> None:
    """Remove a draft for good; the journal says that there was one, nothing of what it held.

    Whoever calls has checked that the actor may. Once committed, the write-ahead log is emptied.
    """
    journal.record(session, actor, "erase", "drafts", draft.id)
    session.add(Erasure(record_id=draft.id, council_id=draft.council_id, reason=ABANDONED))
    session.delete(draft)
    session.flush()

    def after_commit(session: Session) -> None:
        runtime.database.forget_erased()

    event.listen(session, "after_commit", after_commit, once=True)


def untouched(session: Session, ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, bool]:
    """Of these ids, those of interviews in progress here: true where nobody worked on them since
    they came by a rescue file."""
    rows = session.execute(
        select(Draft.id, Draft.updated_at < Draft.created_at).where(Draft.id.in_(list(ids)))
    )
    return {row[0]: bool(row[1]) for row in rows}


def left(session: Session, actor: Actor) -> list[Draft]:
    """The council's drafts whose account is closed or collects no more, oldest first."""
    return list(session.scalars(_left(actor).order_by(Draft.created_at, Draft.id)))


def get_left(session: Session, actor: Actor, draft_id: uuid.UUID) -> Draft:
    """One of those drafts; `NotFound` for a draft that somebody may still resume."""
    found = session.scalars(_left(actor).where(Draft.id == draft_id)).one_or_none()
    if found is None:
        raise NotFound()
    return found


def take_over(session: Session, actor: Actor, draft_id: uuid.UUID) -> Draft:
    """Make the coordination's account the one that resumes, finishes or erases the interview."""
    actor.require("testimony.collect")
    draft = get_left(session, actor, draft_id)
    if actor.account_id is None:
        raise Forbidden(
            "Un entretien appartient à un compte.", "Connectez-vous pour reprendre celui-ci."
        )
    draft.account_id = actor.account_id
    journal.record(session, actor, "take_over", "drafts", draft.id)
    session.flush()
    return draft


def erase_left(session: Session, actor: Actor, runtime: Runtime, draft_id: uuid.UUID) -> None:
    """Erase such an interview, and count it among those stopped in its meeting.

    What was only being copied from paper is not counted: its meeting counted it.
    """
    draft = get_left(session, actor, draft_id)
    meeting, counts = draft.meeting, draft.origin != PAPER
    wipe(session, actor, runtime, draft)
    if counts:
        meetings.add_stopped(session, actor, meeting)


def _left(actor: Actor) -> Select[Draft]:
    actor.require("testimony.erase")
    collects = AccountRole.role.in_(PERMISSIONS["testimony.collect"])
    return (
        scope.scoped(actor, Draft)
        .join(Account, Account.id == Draft.account_id)
        .where(or_(Account.active.is_(False), ~Account.roles.any(collects)))
    )
