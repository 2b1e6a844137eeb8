"""The public page where a resident takes their words back."""

from survey_app.web.withdrawal.views import bp

__all__ = ["bp"]
