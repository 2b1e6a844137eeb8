"""How a testimony is shown: answer by answer, under its question, with what is masked marked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from questionnaires import library, versions
from questionnaires.model import in_language
from survey_app.models import Redaction, Testimony, TextVersion
from survey_app.services import campaigns


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of the text; ``redaction`` when its words are covered."""

    start: int
    text: str
    redaction: Redaction | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer: the question's words, its name, and the pieces of its text."""

    question: str
    name: str
    text: str
    pieces: tuple[Piece, ...]


def answers(
    testimony: Testimony, text: TextVersion, redactions: Sequence[Redaction] = ()
) -> list[Answer]:
    """The text as its answers; a text without parts is one answer to no question."""
    labels = _labels(testimony)
    parts: list[dict[str, Any]] = text.parts or [{"start": 0, "end": len(text.text)}]
    return [
        Answer(
            labels.get(str(part.get("question", "")), ""),
            str(part.get("question", "")),
            text.text[part["start"] : part["end"]],
            tuple(_pieces(text.text, part["start"], part["end"], redactions)),
        )
        for part in parts
    ]


def _pieces(text: str, start: int, end: int, redactions: Sequence[Redaction]) -> list[Piece]:
    pieces: list[Piece] = []
    at = start
    for row in redactions:
        if row.start < start or row.end > end:
            continue
        if row.start > at:
            pieces.append(Piece(at, text[at : row.start]))
        pieces.append(Piece(row.start, text[row.start : row.end], row))
        at = row.end
    return [*pieces, Piece(at, text[at:end])] if at < end else pieces


def _labels(testimony: Testimony) -> dict[str, str]:
    """The words of each question of the recorded version, in the testimony's language."""
    version = testimony.questionnaire_version
    if version is None:
        return {}
    model = versions.from_dict(version.document)
    values = campaigns.placeholders(testimony.campaign, testimony.meeting.neighbourhood)
    return {
        item.name: library.fill(in_language(item.label, testimony.language), values)
        for item in model.questions
    }
