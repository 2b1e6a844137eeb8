"""Preparing the finding of a theme; testimonies that are nearly copies of one another."""

from __future__ import annotations

from flask import render_template, request
from flask.typing import ResponseReturnValue

from survey_app.security import access
from survey_app.services import analyses, doubles_reading, findings_reading, scope
from survey_app.services.results import grid
from survey_app.web.request import actor, db
from survey_app.web.results.blueprint import bp


@bp.route("/<slug>/themes/<code>/constat")
@access("analysis.read")
def prepare(slug: str, code: str) -> ResponseReturnValue:
    found = scope.campaign(db(), actor(), slug)
    run = analyses.latest(db(), actor(), found)
    ready = findings_reading.prepared(db(), actor(), found, run, code)
    label = grid(db(), actor(), found).code(code).label
    return render_template(
        "results/prepare.html", campaign=found, run=run, code=code, label=label, ready=ready
    )


@bp.route("/<slug>/reponses-proches")
@access("analysis.read")
def doubles(slug: str) -> ResponseReturnValue:
    found = scope.campaign(db(), actor(), slug)
    run = analyses.latest(db(), actor(), found)
    shown = doubles_reading.overview(db(), actor(), run, request.args.get("page", 1, int))
    return render_template("results/doubles.html", campaign=found, run=run, shown=shown)


@bp.route("/<slug>/reponses-proches/<int:number>")
@access("analysis.read")
def double(slug: str, number: int) -> ResponseReturnValue:
    found = scope.campaign(db(), actor(), slug)
    run = analyses.latest(db(), actor(), found)
    page = request.args.get("page", 1, int)
    shown = doubles_reading.compared(db(), actor(), found, run, number, page)
    return render_template("results/double.html", campaign=found, run=run, shown=shown)
