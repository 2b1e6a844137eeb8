"""How a synthesis is kept: its annex apart, thousands of rows that few pages print."""

from __future__ import annotations

from typing import Any

from analysis import synthesis as documents
from survey_app.models import Synthesis


def keep(row: Synthesis, document: documents.Synthesis) -> None:
    """Store a whole document in its row."""
    replace(row, documents.to_dict(document))


def whole(row: Synthesis) -> dict[str, Any]:
    """What is stored, with its annex, as JSON values; empty when it is to be computed again."""
    if not row.document:
        return {}
    return row.document | {"trace": row.document["trace"] | {"rows": row.trace}}


def replace(row: Synthesis, changed: dict[str, Any]) -> None:
    """Store JSON values that `whole` gave, once changed; none at all empties the row."""
    row.trace = changed["trace"]["rows"] if changed else []
    row.document = changed and changed | {"trace": changed["trace"] | {"rows": []}}


def read(row: Synthesis, *, traced: bool) -> documents.Synthesis:
    """The document as it was drafted or printed; without its annex unless ``traced``."""
    return documents.from_dict(whole(row) if traced else row.document)
