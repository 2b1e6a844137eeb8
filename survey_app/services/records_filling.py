"""Filling the council's papers and its meetings' sheets: saved, finished, opened again, erased.

Answers are kept as they were typed until « Terminer », which refuses what does not fit.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from sqlalchemy import event
from sqlalchemy.orm import Session

from questionnaires.answers import Checked
from questionnaires.model import NonResponse, in_language
from questionnaires.problems import Problem
from questionnaires.relevance import relevant_answers
from survey_app.domain import Forbidden, Invalid, NotFound
from survey_app.models import Erasure, Record, now
from survey_app.permissions import Actor, Role
from survey_app.runtime import Runtime
from survey_app.services import attachments, filling, journal, posting, records, states
from survey_app.services.filling import Filled, Spot
from survey_app.services.posting import GetList, Posted
from survey_app.services.records_access import DONE, DRAFT

ERASED = "record"
LONGEST_TITLE = 120


def save(session: Session, actor: Actor, record: Record, spot: Spot, posted: Posted) -> Filled:
    """Save one posted page. What does not fit is kept as typed, with its problem.

    Raises `Conflict`, saving nothing, when the sheet was saved from elsewhere since the page was
    shown. A separate answer holds no photo: nothing in it may show who gave it.
    """
    record = records.editable(session, actor, record.id)
    filling.refuse_stale(posted.seen, records.stamp(record))
    whole, near = records.form(record), records.places(session, record)
    getlist: GetList = posted.getlist
    unseen: list[Problem] = []
    if records.takes_photos(record):
        asked = filling.page(whole, record.answers, spot).section.questions
        getlist, unseen = posting.take_photos(session, actor, record, asked, posted)
    filled = filling.save(whole, record.answers, spot, getlist, near, posted.shown)
    _keep(session, record, filled.answers, spot.section)
    return replace(filled, problems=(*filled.problems, *unseen))


def remove_entry(session: Session, actor: Actor, record: Record, spot: Spot, seen: str) -> None:
    """Remove one entry of a repeated section."""
    record = records.editable(session, actor, record.id)
    filling.refuse_stale(seen, records.stamp(record))
    left = filling.without_entry(record.answers, records.form(record), spot)
    _keep(session, record, left, spot.section)


def require_sound(session: Session, record: Record) -> Checked:
    """The answers, checked; `Invalid` with how many points remain to be seen."""
    checked = records.check(session, record)
    if checked.problems:
        count = len(checked.problems)
        raise Invalid(
            f"Il reste {count} point{'s' if count > 1 else ''} à revoir avant de terminer.",
            "Tout ce que vous avez noté est gardé.",
        )
    return checked


def finish(session: Session, actor: Actor, record_id: uuid.UUID | str) -> Record:
    """« Terminer »: the sheet is done. Asked again, it simply stays done."""
    record = records.get(session, actor, record_id)
    if records.may_write(actor, record) and record.state == DONE:
        return record
    record = records.editable(session, actor, record_id)
    require_sound(session, record)
    states.move(session, actor, record, DONE)
    session.flush()
    return record


def may_reopen(actor: Actor, record: Record) -> bool:
    """A finished sheet is opened again by who began it, or by the coordination."""
    began = actor.account_id is not None and record.created_by == actor.account_id
    allowed = began or Role.COORDINATOR in actor.roles
    return record.state == DONE and allowed and records.may_write(actor, record)


def reopen(session: Session, actor: Actor, record_id: uuid.UUID | str) -> Record:
    """Open a finished sheet again, to correct it."""
    record = records.get(session, actor, record_id)
    if not records.may_write(actor, record):
        raise NotFound()
    if record.state == DONE and not may_reopen(actor, record):
        raise Forbidden(
            "Une fiche terminée est rouverte par la personne qui l’a commencée, "
            "ou par la coordination.",
            "Rien n’a été changé. Dites-lui ce qu’il faut corriger.",
        )
    states.move(session, actor, record, DRAFT)
    return record


def erase(session: Session, actor: Actor, runtime: Runtime, record_id: uuid.UUID | str) -> None:
    """Erase a paper or a meeting's sheet, with its photos: the coordination only."""
    actor.require("record.erase")
    record = records.get(session, actor, record_id)
    identifier = record.id
    session.delete(record)
    session.add(Erasure(record_id=identifier, council_id=actor.council_id, reason=ERASED))
    journal.record(session, actor, "erase", "records", identifier)
    session.flush()
    forget_after_commit(session, runtime)


def forget_after_commit(session: Session, runtime: Runtime) -> None:
    """Once committed, empty the write-ahead log: what was erased left nothing there."""

    def after_commit(session: Session) -> None:
        runtime.database.forget_erased()

    event.listen(session, "after_commit", after_commit, once=True)


def _keep(session: Session, record: Record, kept: Mapping[str, Any], section: str) -> None:
    """What a sheet holds now; photos that no answer names any more are erased at once."""
    record.answers, record.section, record.updated_at = dict(kept), section, now()
    record.title, record.held_on = _heading(record)
    session.flush()
    attachments.drop(session, record, attachments.answered(records.form(record), kept).values())


def _heading(record: Record) -> tuple[str, date | None]:
    """Title and day: the first open answer and the first date given, where there are some."""
    whole = records.form(record)
    given = relevant_answers(whole, record.answers)
    title, day = in_language(whole.title, "fr"), None
    for question in reversed(whole.asked_once):
        value = given.get(question.name)
        if not isinstance(value, str) or isinstance(value, NonResponse):
            continue
        if question.is_open:
            title = " ".join(value.split())
        elif question.type in {"date", "dateTime"}:
            day = _day(value) or day
    if record.meeting is not None:
        return in_language(whole.title, "fr"), record.meeting.held_on
    short = title if len(title) <= LONGEST_TITLE else f"{title[: LONGEST_TITLE - 1].rstrip()}…"
    return short, day


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text[:10])
    except ValueError:
        return None
