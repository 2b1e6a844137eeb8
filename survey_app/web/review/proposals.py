"""Marks as the masking page lists them: the same words once, with one answer for all of them."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from analysis.masking import REASONS
from survey_app.models import Redaction, TextVersion
from survey_app.services.placeholders import CATEGORIES, fold


@dataclass(frozen=True, slots=True)
class Marked:
    """Words that one or several passages say; one answer is for all of them."""

    rows: tuple[Redaction, ...]
    words: str

    @property
    def row(self) -> Redaction:
        return self.rows[0]

    @property
    def why(self) -> str:
        return REASONS.get(self.row.origin, "")


def grouped(text: TextVersion, rows: Sequence[Redaction]) -> dict[str, list[Marked]]:
    """The unanswered proposals of a text by category, in the order of the categories."""
    found: dict[str, list[Marked]] = {category: [] for category in CATEGORIES}
    for (category, _), alike in _together(text, rows, by=lambda row, words: fold(words)).items():
        found[category].append(alike)
    return {category: items for category, items in found.items() if items}


def covered(text: TextVersion, rows: Sequence[Redaction]) -> list[Marked]:
    """What is masked so far, a line for each placeholder, in order of appearance."""
    return list(_together(text, rows, by=lambda row, words: row.placeholder).values())


def anchors(items: Iterable[Marked]) -> dict[uuid.UUID, Marked]:
    """For each passage, the line of the list that answers for it."""
    return {row.id: item for item in items for row in item.rows}


def _together(
    text: TextVersion, rows: Sequence[Redaction], by: Callable[[Redaction, str], str]
) -> dict[tuple[str, str], Marked]:
    found: dict[tuple[str, str], Marked] = {}
    for row in rows:
        words = text.text[row.start : row.end]
        key = row.category, by(row, words)
        known = found.get(key)
        found[key] = Marked((*known.rows, row), known.words) if known else Marked((row,), words)
    return found
