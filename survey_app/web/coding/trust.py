"""How far to trust the suggestions, having the machine learn, and where a coding helps most."""

from __future__ import annotations

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from survey_app.security import access
from survey_app.services import doubts, excerpts, jobs, learning, scope
from survey_app.services.trust import ORDERS, sorted_by, trust
from survey_app.web.coding.views import bp
from survey_app.web.request import actor, db
from survey_app.web.results.work import launch


@bp.get("/<slug>/confiance", endpoint="trust")
@access("testimony.code")
def confidence(slug: str) -> str:
    """Code by code: how often it was suggested, kept, and right on codings set apart."""
    found = scope.campaign(db(), actor(), slug)
    shown = trust(db(), actor(), found)
    order = request.args.get("tri", "")
    return render_template(
        "coding/trust.html",
        campaign=found,
        trust=shown,
        rows=sorted_by(shown.rows, order),
        orders=ORDERS,
        order=order if order in ORDERS else "grille",
        fresh=learning.fresh(db(), actor(), found),
        enough=learning.ENOUGH,
        job=jobs.pending(db(), actor(), learning.KIND, found.id),
        may_code=excerpts.may_code(actor()),
    )


@bp.post("/<slug>/apprendre")
@access("testimony.code")
def learn(slug: str) -> Response:
    """Learn from the codings, as a job; a second tap finds the first one under way."""
    found = scope.campaign(db(), actor(), slug)
    learning.check(actor())
    under_way = jobs.pending(db(), actor(), learning.KIND, found.id)
    job = under_way or launch(learning.KIND, found, campaign=slug)
    return redirect(url_for("results.job", job_id=job.id), 303)


@bp.get("/<slug>/utiles")
@access("testimony.code")
def useful(slug: str) -> str:
    """The texts to code where an answer teaches most, with the sentence in doubt."""
    found = scope.campaign(db(), actor(), slug)
    return render_template(
        "coding/useful.html",
        campaign=found,
        doubts=doubts.useful(db(), actor(), found),
        may_code=excerpts.may_code(actor()),
    )
