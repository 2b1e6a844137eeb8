"""Searching words in the masked texts."""

from survey_app.web.search.views import bp

__all__ = ["bp"]
