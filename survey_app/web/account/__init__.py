"""Home, logging in and out, one's own account, and the way back after an expired session."""

from survey_app.web.account.views import bp

__all__ = ["bp"]
