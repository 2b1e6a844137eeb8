"""« Nos fiches »: the council's own papers, its meetings' sheets, what it answers together."""

from survey_app.web.records.views import bp

__all__ = ["bp"]
