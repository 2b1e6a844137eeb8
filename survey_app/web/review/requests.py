"""What a resident asks of the coordination about their own words: no more quoting, or erasing."""

from __future__ import annotations

import uuid

from flask import flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from survey_app.security import access
from survey_app.services import consents, erasure, withdrawal
from survey_app.web.request import actor, db, runtime
from survey_app.web.review.views import bp, find


@bp.get("/temoignage/<uuid:testimony_id>/demande")
@access("testimony.erase")
def resident_request(testimony_id: uuid.UUID) -> str:
    testimony = find(testimony_id)
    return render_template(
        "review/request.html",
        testimony=testimony,
        quoted=consents.citable(testimony) != "no",
    )


@bp.post("/temoignage/<uuid:testimony_id>/ne-plus-citer")
@access("testimony.erase")
def stop_quoting(testimony_id: uuid.UUID) -> Response:
    testimony = find(testimony_id)
    withdrawal.stop_quoting(db(), runtime(), testimony, by=actor())
    flash(f"Le témoignage n° {testimony.number} compte encore, et ne sera plus cité.", "success")
    return redirect(url_for("review.campaign", slug=testimony.campaign.slug), 303)


@bp.post("/temoignage/<uuid:testimony_id>/effacer")
@access("testimony.erase")
def erase(testimony_id: uuid.UUID) -> Response:
    testimony = find(testimony_id)
    number, slug = testimony.number, testimony.campaign.slug
    erasure.erase(db(), actor(), runtime(), testimony.id, "asked")
    flash(f"Le témoignage n° {number} est effacé, avec tout ce qui en venait.", "success")
    return redirect(url_for("review.campaign", slug=slug), 303)
