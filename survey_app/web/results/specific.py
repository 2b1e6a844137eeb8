"""The words that mark each part of a campaign: by theme, place, profile, facet, period."""

from __future__ import annotations

from flask import render_template, request
from flask.typing import ResponseReturnValue

from analysis import keyness
from survey_app.security import access
from survey_app.services import analyses, groups_reading, run_pictures, scope
from survey_app.web.request import actor, db
from survey_app.web.results.blueprint import bp


@bp.route("/<slug>/specificites")
@access("analysis.read")
def specific(slug: str) -> ResponseReturnValue:
    """The parts of a cut side by side; or one of them, with its picture and its numbers."""
    found = scope.campaign(db(), actor(), slug)
    run = analyses.latest(db(), actor(), found)
    offered = groups_reading.offered(db(), actor(), run)
    told = {"campaign": found, "run": run, "offered": offered, "note": keyness.NOTE}
    asked = request.args.get("par") or (offered[0][0] if offered else "")
    if not asked:
        return render_template("results/specific.html", cut=None, **told)
    cut = groups_reading.cut(db(), actor(), run, asked)
    key = request.args.get("partie")
    if key is None:
        return render_template("results/specific.html", cut=cut, **told)
    part = cut.part(key)
    picture = run_pictures.one(db(), run, part.picture) if part.picture else None
    return render_template(
        "results/specific_part.html", cut=cut, part=part, picture=picture, **told
    )
