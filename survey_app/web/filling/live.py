"""What a page carries so that its conditions are worked out while it is being filled."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime

from questionnaires import answers
from questionnaires.expressions import parse, references
from questionnaires.relevance import settled
from survey_app.services.filling import Page


@dataclass(frozen=True, slots=True)
class Live:
    """``known``: JSON of the answers of other pages that the conditions of this one read."""

    known: str
    today: str


def live(page: Page) -> Live:
    """The few answers that the page's conditions need from elsewhere, and the day."""
    here = {question.name for question in page.section.questions}
    read: set[str] = set()
    for question in page.section.questions:
        if question.relevant:
            read |= set(references(parse(question.relevant)))
    values = {**page.outer, **settled(page.form, page.answers)}
    given = {name: values[name] for name in sorted(read - here) if name in values}
    return Live(
        known=json.dumps(answers.to_json(given), ensure_ascii=False),
        today=datetime.now(UTC).astimezone().date().isoformat(),
    )
