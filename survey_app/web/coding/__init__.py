"""The coding bench: sentences, the grid, what is coded."""

from survey_app.web.coding import trust
from survey_app.web.coding.views import bp

__all__ = ["bp", "trust"]
