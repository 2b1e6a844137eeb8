"""Situations to orient, as the coordination sees them: that somebody was told, and no words."""

from __future__ import annotations

import uuid
from typing import Any

from flask import flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from survey_app.models import Campaign, SafeguardingAlert
from survey_app.security import access
from survey_app.services import alerts, scope
from survey_app.web.request import actor, db
from survey_app.web.review.views import bp


@bp.get("/<slug>/orienter")
@access("alert.read")
def alert_list(slug: str) -> str:
    """The situations to orient: what was done, whom to tell, and nothing of the words."""
    found = scope.campaign(db(), actor(), slug)
    labels: dict[str, Any] = {
        "natures": alerts.NATURES, "instructions": alerts.INSTRUCTIONS, "states": alerts.STATES,
    }  # fmt: skip
    rows = alerts.listed(db(), actor(), found)
    return render_template("review/alerts.html", campaign=found, rows=rows, **labels)


@bp.post("/orienter/<uuid:alert_id>/<any(transmettre, clore):gesture>")
@access("alert.read")
def alert_move(alert_id: uuid.UUID, gesture: str) -> Response:
    alert = scope.get(db(), actor(), SafeguardingAlert, alert_id)
    (alerts.forward if gesture == "transmettre" else alerts.close)(db(), actor(), alert)
    flash("C’est noté.", "success")
    slug = scope.get(db(), actor(), Campaign, alert.campaign_id).slug
    return redirect(url_for("review.alert_list", slug=slug), 303)
