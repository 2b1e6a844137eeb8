"""How a testimony is shown: answer by answer, under its question, with what is masked marked."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from questionnaires import library, versions
from questionnaires.adapt import title_at
from survey_app.models import Attachment, Redaction, Testimony, TextVersion
from survey_app.services import attachments, campaigns


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


@dataclass(frozen=True, slots=True)
class Photo:
    """A photo, and the words of the question that it answers."""

    question: str
    attachment: Attachment


def answers(
    testimony: Testimony, text: TextVersion, redactions: Sequence[Redaction] = ()
) -> list[Answer]:
    """The text as its answers; a text without parts is one answer to no question."""
    title = _titles(testimony)
    parts: list[dict[str, Any]] = text.parts or [{"start": 0, "end": len(text.text)}]
    return [
        Answer(
            title(str(part.get("question", ""))),
            str(part.get("question", "")),
            text.text[part["start"] : part["end"]],
            tuple(_pieces(text.text, part["start"], part["end"], redactions)),
        )
        for part in parts
    ]


def photos(testimony: Testimony, rows: Sequence[Attachment]) -> list[Photo]:
    """The testimony's photos under their questions, in the order of the questionnaire."""
    version = testimony.questionnaire_version
    if version is None:
        return []
    model = versions.from_dict(version.document)
    by_id = {str(row.id): row for row in rows}
    title = _titles(testimony)
    return [
        Photo(title(path), by_id[key])
        for path, key in attachments.answered(model, testimony.answers).items()
        if key in by_id
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


def _titles(testimony: Testimony) -> Callable[[str], str]:
    """How each answer's question is said in the testimony's language, by path; « » if unknown."""
    version = testimony.questionnaire_version
    model = versions.from_dict(version.document) if version else None
    values = campaigns.placeholders(testimony.campaign, testimony.meeting.neighbourhood)

    def title(path: str) -> str:
        try:
            return library.fill(title_at(model, path, testimony.language), values) if model else ""
        except KeyError:
            return ""

    return title
