"""Where tablets bring photos and voices, sealed, piece by piece, resumed where they stopped."""

from __future__ import annotations

import uuid
from typing import Any

from flask import Blueprint, jsonify, request
from werkzeug.exceptions import RequestEntityTooLarge

from survey_app.domain import Invalid
from survey_app.security import access
from survey_app.services import media, sealed_items
from survey_app.services.media import Piece, Verdict
from survey_app.web.request import actor, runtime

RULE = "/api/medias/<uuid:media_id>"


def register(bp: Blueprint) -> None:
    """Add the routes of the files."""
    bp.add_url_rule(RULE, "media", progress)
    bp.add_url_rule(f"{RULE}/<int:offset>", "media_piece", receive, methods=["PUT"])


@access("testimony.collect", device=True)
def progress(media_id: uuid.UUID) -> Any:
    """How many bytes are here already, and whether the whole was checked."""
    found = media.progress(runtime(), actor(), media_id)
    return jsonify(received=found.received, complete=found.complete)


@access("testimony.collect", device=True)
def receive(media_id: uuid.UUID, offset: int) -> Any:
    """Keep a piece; 409 with the right offset for one that does not begin where the file ends."""
    found = media.receive(runtime(), actor(), _piece(media_id, offset))
    if found.misplaced:
        return jsonify(
            code="offset",
            message="Cet envoi ne reprend pas au bon endroit. Rien n’est perdu.",
            remedy="La tablette reprend d’elle-même.",
            received=found.received,
        ), 409
    verdict = found.verdict
    return jsonify(received=found.received, receipt=_shown(verdict) if verdict else None)


def _piece(media_id: uuid.UUID, offset: int) -> Piece:
    request.max_content_length = media.CHUNK
    headers = request.headers
    try:
        return Piece(
            media_id,
            uuid.UUID(headers["X-Testimony"]),
            headers["X-Kind"],
            headers["X-Digest"],
            offset,
            int(headers["X-Total"]),
            request.get_data(),
        )
    except RequestEntityTooLarge:
        raise Invalid(
            f"Cet envoi dépasse {media.CHUNK // 1024} Kio.", sealed_items.STILL_THERE, code="media"
        ) from None
    except (KeyError, ValueError):
        raise sealed_items.not_understood() from None


def _shown(verdict: Verdict) -> dict[str, Any]:
    return {
        "id": str(verdict.id),
        "status": verdict.status,
        "digest": verdict.digest,
        "number": 0,
        "code": verdict.code,
        "problems": list(verdict.problems),
    }
