"""Campaigns, the analysis of one, the excerpts behind each of its numbers, and its jobs."""

from __future__ import annotations

import uuid
from typing import Any

from flask import jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from analysis import canvas, exploratory
from survey_app.models import Campaign, Job
from survey_app.security import access
from survey_app.services import analyses, jobs, results, run_pictures, scope, states
from survey_app.web.request import actor, db
from survey_app.web.results import shown
from survey_app.web.results.blueprint import bp
from survey_app.web.results.work import launch


@bp.route("/")
@access("synthesis.read")
def home() -> ResponseReturnValue:
    return render_template("results/home.html", entries=results.overview(db(), actor()))


@bp.route("/<slug>")
@access("analysis.read")
def campaign(slug: str) -> ResponseReturnValue:
    found = scope.campaign(db(), actor(), slug)
    run = analyses.latest(db(), actor(), found)
    basis = results.basis(db(), actor(), found)
    return render_template(
        "results/campaign.html",
        campaign=found,
        run=run,
        basis=basis,
        table=shown.table(run.figures, results.grid(db(), actor(), found)) if run else None,
        gallery=run_pictures.gallery(db(), run),
        pointed=analyses.pointed_of(run),
        exploratory_note=exploratory.NOTE,
        outdated=run is not None and results.outdated(db(), found, run, basis),
        job=jobs.pending(db(), actor(), "analyse", found.id),
    )


@bp.route("/<slug>/analyse", methods=["POST"])
@access("analysis.run")
def analyse(slug: str) -> ResponseReturnValue:
    found = scope.campaign(db(), actor(), slug)
    job = launch("analyse", found, campaign=slug)
    return redirect(url_for("results.job", job_id=job.id), 303)


@bp.route("/<slug>/themes/", defaults={"code": ""})
@bp.route("/<slug>/themes/<code>")
@access("analysis.read")
def excerpts(slug: str, code: str) -> ResponseReturnValue:
    found = scope.campaign(db(), actor(), slug)
    page = results.excerpts(db(), actor(), found, code, request.args.get("page", 1, int))
    run = analyses.latest(db(), actor(), found)
    counted = shown.counts_of(run.figures, code) if run else None
    return render_template(
        "results/excerpts.html", campaign=found, page=page, counted=counted, run=run
    )


@bp.route("/<slug>/images/<name>.<any(svg, png):kind>")
@access("analysis.read")
def picture(slug: str, name: str, kind: str) -> ResponseReturnValue:
    run = analyses.latest(db(), actor(), scope.campaign(db(), actor(), slug))
    drawn = run_pictures.one(db(), run, name)
    return shown.image(canvas.without_links(drawn.svg), drawn.png, kind)


@bp.route("/<slug>/nuages")
@access("analysis.read")
def clouds(slug: str) -> ResponseReturnValue:
    """The word clouds of each theme and neighbourhood."""
    found = scope.campaign(db(), actor(), slug)
    run = analyses.latest(db(), actor(), found)
    gallery = run_pictures.gallery(db(), run)
    return render_template("results/clouds.html", campaign=found, run=run, gallery=gallery)


@bp.route("/travaux/<uuid:job_id>")
@access("analysis.read")
def job(job_id: uuid.UUID) -> ResponseReturnValue:
    found = scope.get(db(), actor(), Job, job_id)
    campaign = scope.get(db(), actor(), Campaign, found.campaign_id) if found.campaign_id else None
    return render_template(
        "results/job.html",
        job=found,
        campaign=campaign,
        back=shown.where_from(db(), actor(), found, campaign),
        over=found.state in jobs.OVER,
        may_stop=jobs.may_stop(actor(), found),
    )


@bp.route("/travaux/<uuid:job_id>/arreter", methods=["POST"])
@access("analysis.run")
def stop_job(job_id: uuid.UUID) -> ResponseReturnValue:
    jobs.stop(db(), actor(), scope.get(db(), actor(), Job, job_id))
    return redirect(url_for("results.job", job_id=job_id), 303)


@bp.route("/travaux/<uuid:job_id>/etat")
@access("analysis.read")
def job_state(job_id: uuid.UUID) -> ResponseReturnValue:
    found: Job = scope.get(db(), actor(), Job, job_id)
    told: dict[str, Any] = {
        "state": found.state,
        "label": states.label(found),
        "done": found.done,
        "total": found.total,
        "message": found.message,
        "over": found.state in jobs.OVER,
    }
    return jsonify(told)
