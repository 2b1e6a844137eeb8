"""The council's own papers and its meetings' sheets: begun, listed, found, read as forms."""

from __future__ import annotations

import uuid

from sqlalchemy.orm import Session, contains_eager

from questionnaires import answers
from questionnaires.adapt import meeting_part, with_lists
from questionnaires.answers import Checked
from questionnaires.model import RECORD, SURVEY, Questionnaire, Section, in_language
from questionnaires.problems import Problem
from questionnaires.relevance import relevant_sections
from survey_app.domain import Conflict, NotFound
from survey_app.models import Meeting, QuestionnaireVersion, Record
from survey_app.permissions import Actor
from survey_app.services import attachments, campaigns, intake, meetings, records_access, scope
from survey_app.services.records_access import DRAFT


def begin(session: Session, actor: Actor, version: QuestionnaireVersion) -> Record:
    """A new sheet; the one that this account began and left empty is simply given again."""
    is_survey = records_access.usage(version) == SURVEY
    actor.require("record.answer" if is_survey else "record.write")
    version = scope.get(session, actor, QuestionnaireVersion, version.id)
    if is_survey and not records_access.takes_part(actor, version):
        raise NotFound()
    query = scope.scoped(actor, Record).where(
        Record.questionnaire_version_id == version.id,
        Record.created_by == actor.account_id,
        Record.state == DRAFT,
        Record.meeting_id.is_(None),
    )
    left = [row for row in session.scalars(query) if is_survey or not row.answers]
    return left[0] if left else add(session, actor, version)


def add(
    session: Session, actor: Actor, version: QuestionnaireVersion, meeting: Meeting | None = None
) -> Record:
    """An empty sheet, the actor's rights being already known."""
    row = Record(
        council_id=actor.council_id,
        created_by=actor.account_id,
        questionnaire_version_id=version.id,
        campaign_id=meeting.campaign_id if meeting else None,
        meeting_id=meeting.id if meeting else None,
        held_on=meeting.held_on if meeting else None,
    )
    session.add(row)
    session.flush()
    row.title = in_language(form(row).title, "fr")
    row.section = form(row).sections[0].name
    session.flush()
    return row


def get(session: Session, actor: Actor, record_id: uuid.UUID | str) -> Record:
    """A sheet that the actor may read; `NotFound` otherwise, whatever the reason."""
    found = scope.get(session, actor, Record, record_id)
    if not records_access.readable(actor, found):
        raise NotFound()
    return found


def listed(session: Session, actor: Actor, name: str = "") -> list[Record]:
    """The papers that the actor may read, the latest touched first; those of a kind if named."""
    actor.require("record.read")
    version = QuestionnaireVersion
    query = scope.scoped(actor, Record).join(Record.questionnaire_version)
    query = query.options(contains_eager(Record.questionnaire_version))
    query = query.where(
        Record.meeting_id.is_(None), version.document["usage"].as_string() == RECORD
    )
    if name:
        query = query.where(version.name == name)
    rows = session.scalars(query.order_by(Record.updated_at.desc(), Record.id))
    return [row for row in rows if records_access.readable(actor, row)]


def form(record: Record) -> Questionnaire:
    """What this sheet asks: for a meeting, its own part of the questionnaire."""
    whole = intake.parsed(record.questionnaire_version)
    if record.meeting is None:
        return whole
    part = meeting_part(whole)
    if part is None:
        raise NotFound()
    return with_lists(part, campaigns.lists(record.meeting.campaign))


def words(record: Record) -> dict[str, str]:
    """What fills the placeholders of its texts."""
    if record.meeting is None:
        return {}
    return campaigns.placeholders(record.meeting.campaign, record.meeting.neighbourhood)


def places(session: Session, record: Record) -> dict[str, str]:
    """The sectors of the meeting; none for the council's own papers: it meets in a room."""
    if record.meeting is None:
        return {}
    return meetings.places(session, record.council_id, record.meeting.neighbourhood_id)


def sections(record: Record) -> tuple[Section, ...]:
    """The sections to go through, given the answers."""
    return relevant_sections(form(record), record.answers)


def stamp(record: Record) -> str:
    """What a page carries to know, once posted, that nothing was saved in between."""
    return record.updated_at.isoformat()


def may_write(actor: Actor, record: Record) -> bool:
    """Whether the actor may fill this sheet, finished or not."""
    if not records_access.readable(actor, record):
        return False
    if records_access.usage(record.questionnaire_version) == SURVEY:
        return actor.can("record.answer")
    return actor.can("record.write")


def editable(session: Session, actor: Actor, record_id: uuid.UUID | str) -> Record:
    """A sheet to fill: `NotFound` for who may not, `Conflict` once it is finished."""
    found = get(session, actor, record_id)
    if not may_write(actor, found):
        raise NotFound()
    if found.state != DRAFT:
        raise Conflict(
            "Cette fiche est terminée.",
            "Rien n’a été changé. Rouvrez-la d’abord pour la corriger.",
        )
    return found


def takes_photos(record: Record) -> bool:
    """Whether photos may be received here: never in an answer that must say nothing of anybody."""
    return records_access.usage(record.questionnaire_version) != SURVEY


def check(session: Session, record: Record) -> Checked:
    """All the answers against the questionnaire: what stands, what is wrong, what is left out."""
    whole = form(record)
    checked = answers.check(whole, record.answers, places(session, record))
    if takes_photos(record):
        for path in attachments.foreign(session, record, whole, record.answers):
            checked.problems.append(
                Problem("photo", path, "Cette photo n’est pas arrivée.", "Prenez-la de nouveau.")
            )
    return checked
