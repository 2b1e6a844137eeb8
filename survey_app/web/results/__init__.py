"""Results: analyses, the excerpts behind each number, syntheses and their files."""

from survey_app.web.results import crossings, edition, syntheses, views
from survey_app.web.results.blueprint import bp

__all__ = ["bp", "crossings", "edition", "syntheses", "views"]
