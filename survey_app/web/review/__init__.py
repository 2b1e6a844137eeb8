"""The desk: queues, review, masking, situations to orient."""

from survey_app.web.review import masking, photos, requests
from survey_app.web.review.views import bp

__all__ = ["bp", "masking", "photos", "requests"]
