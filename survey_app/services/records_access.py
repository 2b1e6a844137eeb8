"""Who may read a filled sheet: the council's own paper, a meeting's sheet, one's own answer."""

from __future__ import annotations

from questionnaires import versions
from questionnaires.model import SURVEY, TESTIMONY
from questionnaires.relevance import relevant_answers
from survey_app.models import QuestionnaireVersion, Record
from survey_app.permissions import Actor, Role
from survey_app.services import meetings

DRAFT, DONE = "draft", "done"
WAITING, COUNTED = "waiting", "counted"
"""A separate answer: in the urn, then read together with at least four others."""

READERS = "lecture"
"""The question that says who may read a paper; unanswered, it stays inside the council."""
SHARED = ("partenaires", "quartier")
MIRROR, COUNCIL = "repond_comme", "conseil"
"""The question that makes the two columns of a survey, and the answer of the council's own."""

_INSIDE = frozenset({Role.COUNCILLOR, Role.COORDINATOR, Role.EVALUATOR})


def usage(version: QuestionnaireVersion) -> str:
    """What the filled forms of this version are: testimonies, papers or separate answers."""
    return str(version.document.get("usage", TESTIMONY))


def inside(actor: Actor) -> bool:
    """Whether the actor works with the council, and does not only read what it shares."""
    return bool(actor.roles & _INSIDE)


def mirrors(version: QuestionnaireVersion) -> bool:
    """Whether a survey asks the council and its partners the same questions."""
    sections = version.document["sections"]
    return any(item["name"] == MIRROR for part in sections for item in part["questions"])


def takes_part(actor: Actor, version: QuestionnaireVersion) -> bool:
    """Whether the actor may answer a survey: one about the council itself is the council's own."""
    return actor.can("record.answer") and (inside(actor) or mirrors(version))


def readable(actor: Actor, record: Record) -> bool:
    """Whether the actor may read a sheet of their council.

    A separate answer is read by its author until it is given; it then has none, so nobody does.
    """
    if record.meeting is not None:
        return actor.can("meeting.manage") and meetings.handles(actor, record.meeting)
    if usage(record.questionnaire_version) == SURVEY:
        return actor.account_id is not None and record.created_by == actor.account_id
    if inside(actor):
        return actor.can("record.read")
    return actor.can("record.read") and record.state == DONE and _shared(record)


def _shared(record: Record) -> bool:
    """Whether the council opened a paper: an answer that is no longer asked opens nothing."""
    if record.answers.get(READERS) not in SHARED:
        return False
    whole = versions.from_dict(record.questionnaire_version.document)
    return relevant_answers(whole, record.answers).get(READERS) in SHARED
