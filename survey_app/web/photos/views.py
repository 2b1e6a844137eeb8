"""One photo at its address; who may see it is decided by what it belongs to."""

from __future__ import annotations

import uuid

from flask import Blueprint, Response

from survey_app.security import access
from survey_app.services import attachments
from survey_app.web.request import actor, db

bp = Blueprint("photos", __name__, url_prefix="/photos")


@bp.get("/<uuid:attachment_id>")
@access("record.read", writes=True)
def photo(attachment_id: uuid.UUID) -> Response:
    """The bytes, never kept by the browser; seeing a testimony's photo is journalled."""
    found = attachments.get(db(), actor(), attachment_id)
    answer = Response(found.content, mimetype=found.media_type)
    answer.headers["Content-Disposition"] = "inline"
    answer.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return answer
