"""Results: analyses, the excerpts behind each number, syntheses and their files."""

from survey_app.web.results import (
    crossings,
    edition,
    listened,
    preparing,
    specific,
    syntheses,
    tables,
    themes,
    views,
    word_maps,
    words,
)
from survey_app.web.results.blueprint import bp

__all__ = [
    "bp",
    "crossings",
    "edition",
    "listened",
    "preparing",
    "specific",
    "syntheses",
    "tables",
    "themes",
    "views",
    "word_maps",
    "words",
]
