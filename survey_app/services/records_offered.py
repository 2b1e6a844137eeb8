"""Which sheets a council may begin: its own published questionnaires, then the shipped ones."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from sqlalchemy.orm import Session

from questionnaires import library
from questionnaires.adapt import meeting_part
from questionnaires.model import RECORD, SURVEY, Questionnaire, in_language
from survey_app.domain import NotFound
from survey_app.models import Meeting, QuestionnaireVersion, Record
from survey_app.permissions import Actor
from survey_app.services import (
    intake,
    meetings,
    publishing,
    records,
    records_access,
    scope,
    starting,
)


@dataclass(frozen=True, slots=True)
class Offer:
    """A sheet to begin; ``alone`` when each person answers on their own, read together only."""

    name: str
    title: str
    purpose: str
    duration: str
    alone: bool


@dataclass(frozen=True, slots=True)
class Sheet:
    """A meeting's sheet: the version that asks it, and the record once it is begun."""

    version: QuestionnaireVersion
    title: str
    record: Record | None


def offers(session: Session, actor: Actor) -> list[Offer]:
    """What the actor may begin, in the order of the names."""
    actor.require("record.read")
    mine = _published(session, actor)
    found: list[Offer] = []
    for name in sorted({*mine, *library.names()}):
        version = mine.get(name)
        model = intake.parsed(version) if version else library.load(name)
        if _offered(actor, model):
            found.append(_offer(name, model))
    return found


def begin(session: Session, actor: Actor, name: str) -> Record:
    """Begin a sheet by its questionnaire's name; a shipped one is published on its first use."""
    if name not in {offer.name for offer in offers(session, actor)}:
        raise NotFound()
    version = _published(session, actor).get(name)
    if version is None:
        version = publishing.questionnaires(session, actor, [name])[0]
    return records.begin(session, actor, version)


def kinds(session: Session, actor: Actor) -> dict[str, str]:
    """Name and title of each kind of paper that the council has."""
    rows = records.listed(session, actor)
    versions = {row.questionnaire_version.name: row.questionnaire_version for row in rows}
    return {
        name: in_language(intake.parsed(version).title, "fr")
        for name, version in sorted(versions.items())
    }


def sheets(session: Session, actor: Actor, meeting: Meeting) -> list[Sheet]:
    """The sheets begun there, then those that a meeting of this method is asked to fill once.

    Where no questionnaire was written for its method, all those of the campaign are offered.
    """
    meeting = meetings.get(session, actor, meeting.id)
    query = scope.scoped(actor, Record).where(Record.meeting_id == meeting.id)
    begun = {row.questionnaire_version_id: row for row in session.scalars(query)}
    known = [
        row
        for row in meeting.campaign.questionnaires
        if meeting_part(intake.parsed(row)) is not None
    ]
    asked = [row for row in known if starting.fits(row, meeting)] or known
    versions = [
        *(record.questionnaire_version for record in begun.values()),
        *(row for row in asked if row.id not in begun),
    ]
    return [
        Sheet(row, in_language(intake.parsed(row).title, "fr"), begun.get(row.id))
        for row in sorted(versions, key=lambda row: row.name)
    ]


def begin_sheet(
    session: Session, actor: Actor, meeting: Meeting, version_id: uuid.UUID | str
) -> Record:
    """Open a meeting's sheet, made the first time; `NotFound` when none is asked there."""
    for sheet in sheets(session, actor, meeting):
        if str(sheet.version.id) == str(version_id):
            return sheet.record or records.add(session, actor, sheet.version, meeting)
    raise NotFound()


def _published(session: Session, actor: Actor) -> dict[str, QuestionnaireVersion]:
    """The council's latest version of each paper and survey, by name."""
    query = scope.scoped(actor, QuestionnaireVersion).where(
        QuestionnaireVersion.state == "published"
    )
    rows = session.scalars(query.order_by(QuestionnaireVersion.created_at))
    return {row.name: row for row in rows if records_access.usage(row) in {RECORD, SURVEY}}


def _offered(actor: Actor, model: Questionnaire) -> bool:
    if model.usage == RECORD:
        return actor.can("record.write")
    names = {question.name for question in model.questions}
    mirror = records_access.MIRROR in names
    alone = model.usage == SURVEY and actor.can("record.answer")
    return alone and (mirror or records_access.inside(actor))


def _offer(name: str, model: Questionnaire) -> Offer:
    return Offer(
        name=name,
        title=in_language(model.title, "fr"),
        purpose=in_language(model.purpose, "fr"),
        duration=in_language(model.duration, "fr"),
        alone=model.usage == SURVEY,
    )
