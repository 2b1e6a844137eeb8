"""Proposals as the masking page lists them: the same words once, by category."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from analysis.masking import REASONS
from survey_app.models import Redaction, TextVersion
from survey_app.services.placeholders import CATEGORIES, fold


@dataclass(frozen=True, slots=True)
class Proposed:
    """Words that one or several passages say; one answer is for all of them."""

    rows: tuple[Redaction, ...]
    words: str

    @property
    def row(self) -> Redaction:
        return self.rows[0]

    @property
    def why(self) -> str:
        return REASONS.get(self.row.origin, "")


def grouped(text: TextVersion, rows: Sequence[Redaction]) -> dict[str, list[Proposed]]:
    """The unanswered proposals of a text by category, in the order of the categories."""
    found: dict[str, dict[str, Proposed]] = {category: {} for category in CATEGORIES}
    for row in rows:
        words = text.text[row.start : row.end]
        alike, key = found[row.category], fold(words)
        known = alike.get(key)
        rest = known.rows if known else ()
        alike[key] = Proposed((*rest, row), known.words if known else words)
    return {category: list(items.values()) for category, items in found.items() if items}


def anchors(proposals: dict[str, list[Proposed]]) -> dict[uuid.UUID, uuid.UUID]:
    """For each passage, the line of the list that answers for it."""
    items = [item for listed in proposals.values() for item in listed]
    return {row.id: item.row.id for item in items for row in item.rows}
