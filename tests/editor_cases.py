"""What the tests of the editor's pages share: a draft, its address, what it says."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from pages import CheckedClient
from questionnaires import versions
from questionnaires.model import Questionnaire
from rooms import one
from survey_app.models import QuestionnaireDraft
from survey_app.runtime import Runtime

Q01 = "Q01-entretien-individuel"


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
