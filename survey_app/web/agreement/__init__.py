"""Double coding: two people on the same texts, what they agree on, what is decided."""

from survey_app.web.agreement.views import bp

__all__ = ["bp"]
