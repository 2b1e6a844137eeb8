"""The desk: queues, review, masking, situations to orient."""

from survey_app.web.review import masking, orienting, photos, questions, requests, voices
from survey_app.web.review.views import bp

__all__ = ["bp", "masking", "orienting", "photos", "questions", "requests", "voices"]
