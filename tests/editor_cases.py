"""What the tests of the editor share: a draft, its address, its changes, what it says."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from pages import CheckedClient
from questionnaires import editing, versions
from questionnaires.model import Questionnaire
from rooms import one
from survey_app.models import QuestionnaireDraft
from survey_app.permissions import Actor
from survey_app.runtime import Runtime
from survey_app.services import questionnaire_edits
from survey_app.services.questionnaire_edits import Edit

Q01 = "Q01-entretien-individuel"
Q03 = "Q03-micro-trottoir"


def change(session: Session, desk: Actor, row: QuestionnaireDraft, edit: Edit) -> Questionnaire:
    """Change a draft from the revision that it is at."""
    return questionnaire_edits.apply(session, desk, row, row.revision, edit)


def retitled(words: str) -> Edit:
    """The edit that gives another title."""
    return lambda whole: editing.change_questionnaire(whole, title=words)


def draft(runtime: Runtime) -> QuestionnaireDraft:
    found: QuestionnaireDraft = one(runtime, select(QuestionnaireDraft))
    return found


def model(runtime: Runtime) -> Questionnaire:
    return versions.from_draft(draft(runtime).document)


def begin(desk: CheckedClient, name: str = Q01) -> str:
    """The address of a new draft."""
    answer = desk.send(
        "/questionnaires/commencer",
        {"source": f"bibliotheque:{name}"},
        page="/questionnaires/",
    )
    assert answer.status_code == 303
    return str(answer.location)


def send(desk: CheckedClient, runtime: Runtime, path: str, page: str = "", **data: Any) -> Any:
    """Post to a page of the draft, from the revision that it is at."""
    given = {"revision": str(draft(runtime).revision)} | data
    return desk.send(path, given, page=page or path)
