"""Bringing existing words in: a file is deposited, looked at, corrected, then imported."""

from __future__ import annotations

import csv
import io
import uuid
from typing import Any

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for

from survey_app.domain import DomainError, Invalid, NotFound
from survey_app.models import Campaign, Job
from survey_app.security import access
from survey_app.services import archives, import_prepare, import_shelf, import_work, scope
from survey_app.services.import_prepare import Choices
from survey_app.web.imports import choices as sent
from survey_app.web.imports import shown
from survey_app.web.imports.forms import DepositForm
from survey_app.web.request import actor, db, form_error, runtime
from survey_app.web.results.work import launch

bp = Blueprint("imports", __name__, url_prefix="/import")


def _campaign(slug: str) -> Campaign:
    return scope.campaign(db(), actor(), slug)


@bp.route("/")
@access("testimony.import")
def home() -> Any:
    """Choose the campaign that the words enter."""
    query = scope.scoped(actor(), Campaign).order_by(Campaign.created_at.desc())
    return render_template("imports/home.html", campaigns=db().scalars(query).all())


@bp.route("/<slug>", methods=["GET", "POST"])
@access("testimony.import")
def deposit(slug: str) -> Any:
    """Choose a file. It waits aside, encrypted, until it is imported or given up."""
    campaign, form = _campaign(slug), DepositForm()
    if form.validate_on_submit():
        given = form.file.data
        name = given.filename or ""
        try:
            import_prepare.is_transcript(name)
            data = given.read()
            if not data:
                raise Invalid("Ce fichier est vide.", archives.NOTHING)
            waiting = import_shelf.put(runtime(), actor(), campaign, name, data)
            return redirect(url_for("imports.preview", slug=slug, waiting_id=waiting), 303)
        except DomainError as error:
            form_error(form, error)
        finally:
            given.close()  # a large upload is a temporary file: it goes now
    page = render_template("imports/deposit.html", campaign=campaign, form=form)
    return page, 422 if form.errors else 200


@bp.route("/<slug>/<uuid:waiting_id>")
@access("testimony.import")
def preview(slug: str, waiting_id: uuid.UUID) -> Any:
    """How the file is understood, what each row would become."""
    return _preview(_campaign(slug), waiting_id, sent.read(request.args))


def _preview(campaign: Campaign, waiting_id: uuid.UUID, chosen: Choices, error: str = "") -> Any:
    waiting = import_shelf.get(runtime(), actor(), campaign, waiting_id)
    made = shown.preview(campaign, waiting, chosen)
    made.error = error or made.error
    page = render_template(
        "imports/preview.html", campaign=campaign, made=made, plan=made.plan, **made.context
    )
    return page, 422 if made.error else 200


@bp.route("/<slug>/<uuid:waiting_id>/rapport.csv")
@access("testimony.import")
def report(slug: str, waiting_id: uuid.UUID) -> Any:
    """The report of every row, for a spreadsheet: line, what becomes of it, why."""
    campaign, chosen = _campaign(slug), sent.read(request.args)
    waiting = import_shelf.get(runtime(), actor(), campaign, waiting_id)
    plan = import_prepare.plan(db(), actor(), campaign, waiting, chosen)
    text = io.StringIO()
    csv.writer(text, delimiter=";").writerows(shown.report_rows(plan))
    answer = make_response(text.getvalue().encode("utf-8-sig"))
    answer.headers["Content-Type"] = "text/csv; charset=utf-8"
    answer.headers["Content-Disposition"] = 'attachment; filename="rapport-import.csv"'
    return answer


@bp.post("/<slug>/<uuid:waiting_id>/importer")
@access("testimony.import")
def confirm(slug: str, waiting_id: uuid.UUID) -> Any:
    """Import what was shown: at once, or as a job when it is long."""
    chosen = sent.read(request.form)
    with runtime().database.reading() as session:  # judged without keeping others from writing
        campaign = scope.campaign(session, actor(), slug)
        waiting = import_shelf.get(runtime(), actor(), campaign, waiting_id)
        try:
            plan = import_prepare.plan(session, actor(), campaign, waiting, chosen)
        except Invalid as error:
            return _preview(_campaign(slug), waiting_id, chosen, str(error))
    if plan.problems and not chosen.skip:
        return _preview(_campaign(slug), waiting_id, chosen, shown.refusal(plan))
    campaign = _campaign(slug)
    if plan.counts["new"] > import_work.MOST_AT_ONCE:
        job = launch(
            "import",
            campaign,
            campaign=slug,
            waiting=str(waiting_id),
            choices=chosen.to_json(),
        )
        return redirect(url_for("imports.job", slug=slug, job_id=job.id), 303)
    done = import_work.at_once(db(), actor(), runtime(), campaign, waiting_id, chosen)
    refused = plan.counts["refused"]
    flash(shown.told(done.stored, done.duplicates, done.withdrawn, refused), "success")
    return redirect(url_for("imports.deposit", slug=slug), 303)


@bp.post("/<slug>/<uuid:waiting_id>/retirer")
@access("testimony.import")
def cancel(slug: str, waiting_id: uuid.UUID) -> Any:
    """Give up: the file that waits is deleted."""
    campaign = _campaign(slug)
    import_shelf.get(runtime(), actor(), campaign, waiting_id)
    import_shelf.drop(db(), runtime(), campaign, waiting_id)
    flash("Le fichier est effacé d’ici. Rien n’a été importé.", "success")
    return redirect(url_for("imports.deposit", slug=slug), 303)


@bp.route("/<slug>/travaux/<uuid:job_id>")
@access("testimony.import")
def job(slug: str, job_id: uuid.UUID) -> Any:
    """How far a long import is, then what it did."""
    campaign = _campaign(slug)
    found = scope.get(db(), actor(), Job, job_id)
    if (found.kind, found.campaign_id) != ("import", campaign.id):
        raise NotFound()
    done = shown.told(**_counts(found)) if found.state == "done" else ""
    return render_template("imports/job.html", campaign=campaign, job=found, told=done)


def _counts(job: Job) -> dict[str, int]:
    result = job.result
    return {
        "stored": result.get("stored", 0),
        "known": result.get("duplicates", 0),
        "withdrawn": result.get("withdrawn", 0),
        "refused": result.get("refused", 0),
    }
