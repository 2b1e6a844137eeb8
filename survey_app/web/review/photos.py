"""A photo on which somebody can be recognised is erased by who reviews the testimony."""

from __future__ import annotations

import uuid

from flask import flash, redirect, url_for
from werkzeug.wrappers import Response

from survey_app.security import access
from survey_app.services import attachments
from survey_app.web.request import actor, db, runtime
from survey_app.web.review.views import bp, find


@bp.post("/temoignage/<uuid:testimony_id>/photos/<uuid:attachment_id>/effacer")
@access("testimony.review")
def erase_photo(testimony_id: uuid.UUID, attachment_id: uuid.UUID) -> Response:
    attachments.erase(db(), actor(), runtime(), find(testimony_id), attachment_id)
    flash("La photo est effacée. Le texte n’a pas changé.", "success")
    return redirect(url_for("review.read", testimony_id=testimony_id), 303)
