"""Existing words brought in from a file: deposited, looked at, then imported."""

from survey_app.web.imports.views import bp

__all__ = ["bp"]
