"""Proposals as the masking page lists them: the same words once, by category."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from analysis.masking import REASONS
from survey_app.models import Redaction, TextVersion
from survey_app.services.placeholders import CATEGORIES, fold


@dataclass(frozen=True, slots=True)
class Proposed:
    """Words that several passages may say; ``row`` is the first, and answers for all."""

    row: Redaction
    words: str
    why: str
    passages: int


def grouped(text: TextVersion, rows: Sequence[Redaction]) -> dict[str, list[Proposed]]:
    """The unanswered proposals of a text by category, in the order of the categories."""
    found: dict[str, dict[str, Proposed]] = {category: {} for category in CATEGORIES}
    for row in rows:
        words = text.text[row.start : row.end]
        key = fold(words)
        known = found[row.category].get(key)
        found[row.category][key] = Proposed(
            known.row if known else row,
            known.words if known else words,
            REASONS.get((known.row if known else row).origin, ""),
            known.passages + 1 if known else 1,
        )
    return {category: list(items.values()) for category, items in found.items() if items}
