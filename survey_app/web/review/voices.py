"""The voice of a testimony under review: listened to, erased. It never goes further."""

from __future__ import annotations

import io
import uuid

from flask import Response, flash, redirect, request, send_file, url_for
from werkzeug.wrappers import Response as Redirect

from survey_app.security import access
from survey_app.services import recordings
from survey_app.web.request import actor, db, runtime
from survey_app.web.review.views import bp, find


@bp.get("/voix/<uuid:recording_id>")
@access("testimony.review", writes=True)
def voice(recording_id: uuid.UUID) -> Response:
    """The sound, whole or the piece that a player asks for; its beginning is journalled."""
    wanted = request.headers.get("Range", "")
    begins = not wanted or wanted.replace(" ", "").startswith("bytes=0-")
    row, sound = recordings.listen(db(), runtime(), actor(), recording_id, begins=begins)
    answer = send_file(io.BytesIO(sound), mimetype=row.media_type, conditional=True)
    answer.headers["Cache-Control"] = "no-store"
    return answer


@bp.post("/temoignage/<uuid:testimony_id>/voix/<uuid:recording_id>/effacer")
@access("testimony.review")
def erase_voice(testimony_id: uuid.UUID, recording_id: uuid.UUID) -> Redirect:
    recordings.erase(db(), runtime(), actor(), find(testimony_id), recording_id)
    flash("L’enregistrement est effacé. Le texte n’a pas changé.", "success")
    return redirect(url_for("review.read", testimony_id=testimony_id), 303)
