"""Where tablets bring what they hold: a batch of sealed items in, a receipt for each out."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, jsonify, request
from werkzeug.exceptions import BadRequest, RequestEntityTooLarge, UnsupportedMediaType

from survey_app.models import now
from survey_app.security import access
from survey_app.services import arrivals, sealed_items
from survey_app.services.arrivals import Arrival
from survey_app.web.request import actor, runtime


def register(bp: Blueprint) -> None:
    """Add the route of the batches."""
    bp.add_url_rule("/api/envois", "deposit", deposit, methods=["POST"])


@access("testimony.collect", device=True)
def deposit() -> Any:
    """Store a batch, each item once; what the receipts say is on the disk when they leave."""
    request.max_content_length = sealed_items.MAX_BYTES
    try:
        body = request.get_json()
    except RequestEntityTooLarge:
        raise sealed_items.TooMuch() from None
    except (BadRequest, UnsupportedMediaType, RecursionError):
        raise sealed_items.not_understood() from None
    received = arrivals.receive(runtime(), actor(), sealed_items.batch(body))
    return jsonify(receipts=[_shown(one) for one in received], server_time=now().isoformat())


def _shown(arrival: Arrival) -> dict[str, Any]:
    return {
        "id": str(arrival.id),
        "status": arrival.status,
        "digest": arrival.digest,
        "number": arrival.number,
        "code": arrival.code,
        "problems": list(arrival.problems),
    }
