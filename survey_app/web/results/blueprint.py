"""The blueprint of the results, apart so that each file of views may import it."""

from __future__ import annotations

from flask import Blueprint
from flask_login import current_user

from analysis.findings import NATURE_LABELS
from survey_app.web.request import actor

bp = Blueprint("results", __name__, url_prefix="/resultats")


@bp.context_processor
def _shared() -> dict[str, object]:
    """What every page of results reads: who looks, and the French names of findings' natures."""
    looking = actor() if current_user.is_authenticated else None
    return {"actor": looking, "natures": NATURE_LABELS}
