"""Printing before going out: blank forms and withdrawal cards."""

from survey_app.web.paper.views import bp

__all__ = ["bp"]
