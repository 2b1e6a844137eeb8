"""The photos of places, shown to those who may see them."""

from survey_app.web.photos.views import bp

__all__ = ["bp"]
