"""Collecting: meetings, interviews section by section, receipts."""

from survey_app.web.collect.views import bp

__all__ = ["bp"]
