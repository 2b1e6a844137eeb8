"""What a posted page of answers brings: its fields, the stamp it was shown with, its photos."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field

from sqlalchemy.orm import Session

from questionnaires.model import Question
from questionnaires.problems import Problem
from survey_app.domain import Invalid
from survey_app.permissions import Actor
from survey_app.services import attachments

GetList = Callable[[str], list[str]]

DROP_SUFFIX = "__drop"
"""Beside the field ``vue``, the field ``vue__drop`` says that its photo is taken away."""


@dataclass(frozen=True, slots=True)
class Posted:
    """A page as it comes back.

    ``seen`` is the stamp of what was kept when the page was shown; ``shown`` names the questions
    that a script displayed, ``None`` without script; ``photos`` holds the bytes of new photos by
    question name.
    """

    getlist: GetList
    seen: str = ""
    shown: Collection[str] | None = None
    photos: Mapping[str, bytes] = field(default_factory=dict)


def take_photos(
    session: Session,
    actor: Actor,
    owner: attachments.Owner,
    questions: Collection[Question],
    posted: Posted,
) -> tuple[GetList, list[Problem]]:
    """Receive the photos of a page; its fields then give their ids.

    A photo that cannot be received is a problem of its question, which keeps what it had.
    """
    changed: dict[str, list[str]] = {}
    problems: list[Problem] = []
    for question in questions:
        if question.type != "image":
            continue
        if posted.getlist(question.name + DROP_SUFFIX):
            changed[question.name] = []
        if question.name in posted.photos:
            try:
                data = posted.photos[question.name]
                stored = attachments.receive(session, actor, owner, data)
                changed[question.name] = [str(stored.id)]
            except Invalid as error:
                problems.append(Problem("photo", question.name, str(error), ""))

    def getlist(name: str) -> list[str]:
        return changed[name] if name in changed else posted.getlist(name)

    return getlist, problems
