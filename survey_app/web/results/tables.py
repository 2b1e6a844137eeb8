"""Every table of an analysis, and the files that other programs read."""

from __future__ import annotations

import uuid

from flask import Response, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from survey_app.domain import NotFound
from survey_app.models import Campaign
from survey_app.security import access
from survey_app.services import analyses, analysis_files, result_tables, scope
from survey_app.web.request import actor, db, runtime
from survey_app.web.results.blueprint import bp
from survey_app.web.results.work import launch


@bp.route("/<slug>/tableaux")
@access("analysis.read")
def tables(slug: str) -> ResponseReturnValue:
    found = scope.campaign(db(), actor(), slug)
    run = analyses.latest(db(), actor(), found)
    takes = actor().can("testimony.export")
    return render_template(
        "results/tables.html",
        campaign=found,
        run=run,
        tables=result_tables.listed(db(), actor(), run),
        formats=tuple(result_tables.FORMATS),
        files=analysis_files.ready(db(), runtime(), actor(), found) if takes else (),
    )


@bp.route("/<slug>/tableaux/<name>.<any(csv, xlsx):kind>")
@access("analysis.read")
def table(slug: str, name: str, kind: str) -> ResponseReturnValue:
    found = scope.campaign(db(), actor(), slug)
    run = analyses.latest(db(), actor(), found)
    if run is None:
        raise NotFound()
    data = result_tables.written(result_tables.one(db(), actor(), run, name), kind, found, run)
    return _attached(data, f"{found.slug}-{name}.{kind}", result_tables.FORMATS[kind])


@bp.route("/<slug>/tableaux/preparer/<any(iramuteq, matrice):wanted>", methods=["POST"])
@access("testimony.export")
def ask_file(slug: str, wanted: str) -> ResponseReturnValue:
    """Ask for the corpus or the matrix; it is written as a job."""
    found: Campaign = scope.campaign(db(), actor(), slug)
    job = launch(analysis_files.KIND, found, **analysis_files.asked(actor(), found, wanted))
    return redirect(url_for("results.job", job_id=job.id), 303)


@bp.route("/<slug>/tableaux/fichier/<uuid:waiting_id>")
@access("testimony.export")
def prepared_file(slug: str, waiting_id: uuid.UUID) -> ResponseReturnValue:
    """The file that this person asked for, while it waits."""
    found = scope.campaign(db(), actor(), slug)
    name, mimetype, data = analysis_files.fetched(runtime(), actor(), found, waiting_id)
    return _attached(data, name, mimetype)


def _attached(data: bytes, name: str, mimetype: str) -> Response:
    answer = Response(data, content_type=mimetype)
    answer.headers.set("Content-Disposition", "attachment", filename=name)
    return answer
