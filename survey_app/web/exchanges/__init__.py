"""Codings that leave for other programs, or come from them."""

from survey_app.web.exchanges.views import bp

__all__ = ["bp"]
