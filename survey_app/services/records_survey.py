"""Surveys inside the council: each answers alone; nothing kept says who, or when.

A finished answer goes into the urn: a new row under a random id, without author, dated by its
year alone, and all those that wait are written again in a random order. An urn is opened when
it holds at least ``THRESHOLD`` answers, all at once: what is read never moves by one person.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from random import SystemRandom
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from questionnaires import answers
from questionnaires.model import SURVEY, in_language
from survey_app.domain import Conflict, NotFound
from survey_app.models import QuestionnaireVersion, Record
from survey_app.permissions import Actor
from survey_app.runtime import Runtime
from survey_app.services import intake, journal, meetings, records, records_access, scope
from survey_app.services.records_access import COUNCIL, COUNTED, DRAFT, MIRROR, WAITING
from survey_app.services.records_filling import forget_after_commit, require_sound

THRESHOLD = 5
ALL, OURS, THEIRS = "all", "ours", "theirs"


@dataclass(frozen=True, slots=True)
class Round:
    """A survey as the council sees it: how many answers wait, how many can be read."""

    version: QuestionnaireVersion
    title: str
    waiting: int
    counted: int


def side(given: Mapping[str, Any]) -> str:
    """Whose column an answer belongs to; a survey that is no mirror has one only."""
    if MIRROR not in given:
        return ALL
    return OURS if given[MIRROR] == COUNCIL else THEIRS


def get(session: Session, actor: Actor, version_id: uuid.UUID | str) -> QuestionnaireVersion:
    """A survey that the actor takes part in; `NotFound` otherwise."""
    version = scope.get(session, actor, QuestionnaireVersion, version_id)
    if records_access.usage(version) != SURVEY or not records_access.takes_part(actor, version):
        raise NotFound()
    return version


def give(
    session: Session, actor: Actor, runtime: Runtime, record_id: uuid.UUID | str
) -> QuestionnaireVersion:
    """« Terminer »: the answer goes into the urn and the draft is destroyed; no line is written."""
    actor.require("record.answer")
    draft = records.editable(session, actor, record_id)
    version = get(session, actor, draft.questionnaire_version_id)
    checked = require_sound(session, draft)
    photos = {item.name for item in records.form(draft).questions if item.type == "image"}
    given = {name: value for name, value in checked.values.items() if name not in photos}
    urn = _answers(session, actor, version, WAITING)
    contents = [row.answers for row in urn] + [answers.to_json(given)]
    for row in (*urn, draft):
        session.delete(row)
    session.flush()
    SystemRandom().shuffle(contents)
    session.add_all(_nameless(version, content) for content in contents)
    session.flush()
    forget_after_commit(session, runtime)
    return version


def drafts(session: Session, actor: Actor) -> list[Record]:
    """The answers that this account began and has not given yet."""
    actor.require("record.read")
    query = scope.scoped(actor, Record).join(Record.questionnaire_version)
    usage = QuestionnaireVersion.document["usage"].as_string()
    query = query.where(
        usage == SURVEY, Record.state == DRAFT, Record.created_by == actor.account_id
    )
    return list(session.scalars(query.order_by(Record.updated_at.desc())))


def abandon(session: Session, actor: Actor, runtime: Runtime, record_id: uuid.UUID | str) -> None:
    """Destroy one's own unfinished answer."""
    draft = records.editable(session, actor, record_id)
    get(session, actor, draft.questionnaire_version_id)
    session.delete(draft)
    session.flush()
    forget_after_commit(session, runtime)


def waiting(session: Session, actor: Actor, version: QuestionnaireVersion) -> dict[str, int]:
    """How many answers wait in each column's urn."""
    version = get(session, actor, version.id)
    return {name: len(rows) for name, rows in _urns(session, actor, version).items()}


def open_urns(session: Session, actor: Actor, version: QuestionnaireVersion) -> int:
    """Read together, from now on, every column whose urn holds enough answers."""
    actor.require("record.write")
    version = get(session, actor, version.id)
    urns = _urns(session, actor, version).values()
    opened = [row for rows in urns if len(rows) >= THRESHOLD for row in rows]
    if not opened:
        raise Conflict(
            f"Il faut au moins {THRESHOLD} réponses en attente pour les lire ensemble.",
            "Rien n’a été changé. Les réponses déjà données sont gardées.",
        )
    for row in opened:
        row.state, row.created_at, row.updated_at = COUNTED, _year(), _year()
    session.flush()
    journal.record(
        session, actor, "read_together", "questionnaires", version.id, answers=len(opened)
    )
    return len(opened)


def counted(
    session: Session, actor: Actor, version: QuestionnaireVersion
) -> dict[int, list[dict[str, Any]]]:
    """The answers that are read together, by the year when they were opened, latest first."""
    version = get(session, actor, version.id)
    found: dict[int, list[dict[str, Any]]] = {}
    for row in _answers(session, actor, version, COUNTED):
        found.setdefault(row.created_at.year, []).append(row.answers)
    return dict(sorted(found.items(), reverse=True))


def rounds(session: Session, actor: Actor) -> list[Round]:
    """The surveys that somebody answered and that the actor takes part in."""
    actor.require("record.read")
    states: dict[uuid.UUID, list[str]] = {}
    query = select(Record.questionnaire_version_id, Record.state).where(
        Record.council_id == actor.council_id, Record.state.in_((WAITING, COUNTED))
    )
    for version_id, state in session.execute(query):
        states.setdefault(version_id, []).append(state)
    found = scope.scoped(actor, QuestionnaireVersion).where(QuestionnaireVersion.id.in_(states))
    return [
        Round(
            version,
            in_language(intake.parsed(version).title, "fr"),
            states[version.id].count(WAITING),
            states[version.id].count(COUNTED),
        )
        for version in session.scalars(found.order_by(QuestionnaireVersion.name))
        if records_access.takes_part(actor, version)
    ]


def clear(session: Session, actor: Actor, runtime: Runtime, version: QuestionnaireVersion) -> int:
    """Erase every answer to a survey, read or not: the coordination only."""
    actor.require("record.erase")
    version = get(session, actor, version.id)
    rows = _answers(session, actor, version, WAITING, COUNTED)
    for row in rows:
        session.delete(row)
    journal.record(session, actor, "erase", "questionnaires", version.id, answers=len(rows))
    session.flush()
    forget_after_commit(session, runtime)
    return len(rows)


def _answers(
    session: Session, actor: Actor, version: QuestionnaireVersion, *states: str
) -> list[Record]:
    query = scope.scoped(actor, Record).where(
        Record.questionnaire_version_id == version.id, Record.state.in_(states)
    )
    return list(session.scalars(query.order_by(Record.id)))


def _urns(session: Session, actor: Actor, version: QuestionnaireVersion) -> dict[str, list[Record]]:
    names: Iterable[str] = (OURS, THEIRS) if records_access.mirrors(version) else (ALL,)
    urns: dict[str, list[Record]] = {name: [] for name in names}
    for row in _answers(session, actor, version, WAITING):
        urns.setdefault(side(row.answers), []).append(row)
    return urns


def _nameless(version: QuestionnaireVersion, content: dict[str, Any]) -> Record:
    return Record(
        id=uuid.uuid4(),
        council_id=version.council_id,
        created_by=None,
        created_at=_year(),
        updated_at=_year(),
        questionnaire_version_id=version.id,
        answers=content,
        state=WAITING,
    )


def _year() -> datetime:
    """The first instant of this year: an hour, or even a day, could tell who answered."""
    return datetime(meetings.today().year, 1, 1, tzinfo=UTC)
