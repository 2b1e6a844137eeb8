"""Neighbourhoods as a list names them: with their town wherever the list mixes several."""

from __future__ import annotations

from collections.abc import Sequence

from survey_app.models import Neighbourhood


def labels(rows: Sequence[Neighbourhood]) -> dict[str, str]:
    """The name of each neighbourhood by its code: « Bédarieux – Centre Ville »."""
    mixed = len({row.municipality for row in rows}) > 1
    return {
        row.code: f"{row.municipality} – {row.name}" if mixed and row.municipality else row.name
        for row in rows
    }
