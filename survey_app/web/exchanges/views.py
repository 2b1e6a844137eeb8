"""Exchanging codings with other programs: a file to ask for and fetch, one to deposit."""

from __future__ import annotations

import uuid
from typing import Any

from flask import Blueprint, make_response, redirect, render_template, url_for
from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired

from analysis.refi.remarks import KINDS, LOST, MENDED
from survey_app.domain import DomainError, Invalid, NotFound
from survey_app.models import Campaign, Job
from survey_app.security import access
from survey_app.services import exchanges, import_shelf, jobs, scope
from survey_app.web.request import actor, db, form_error, runtime
from survey_app.web.results.work import launch

bp = Blueprint("exchanges", __name__, url_prefix="/echanges")
TITLES = {LOST: "Ce qui n’a pas pu être repris", MENDED: "Ce qui a été réparé"}


class DepositForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF ships no types
    """The file itself."""

    file = FileField(
        "Fichier",
        [FileRequired("Choisissez un fichier.")],
        description="Un projet REFI-QDA : son nom finit par « .qdpx ».",
    )


def _campaign(slug: str) -> Campaign:
    return scope.campaign(db(), actor(), slug)


def _page(campaign: Campaign, form: DepositForm) -> Any:
    asked = {"campaign": campaign.slug, "account": str(actor().account_id)}
    under_way = jobs.pending(db(), actor(), exchanges.EXPORT, campaign.id, asked)
    page = render_template(
        "exchanges/home.html", campaign=campaign, form=form, under_way=under_way, actor=actor()
    )
    return page, 422 if form.errors else 200


@bp.route("/<slug>")
@access("testimony.export")
def home(slug: str) -> Any:
    """What can leave, what can come back."""
    return _page(_campaign(slug), DepositForm())


@bp.post("/<slug>/exporter")
@access("testimony.export")
def export(slug: str) -> Any:
    """Ask for the file; it is written as a job."""
    # Each person has a file of their own: two who ask at once do not share a job.
    asked_by = str(actor().account_id)
    job = launch(exchanges.EXPORT, _campaign(slug), campaign=slug, account=asked_by)
    return redirect(url_for("exchanges.job", slug=slug, job_id=job.id), 303)


@bp.post("/<slug>/importer")
@access("testimony.import")
def bring(slug: str) -> Any:
    """Deposit a file; a job reads it, then the report says what became of everything."""
    campaign, form = _campaign(slug), DepositForm()
    if form.validate_on_submit():
        given = form.file.data
        try:
            data = given.read()
            if not data.startswith(b"PK"):
                raise Invalid(
                    "Ce fichier n’est pas un projet REFI-QDA (.qdpx).",
                    f"Choisissez celui que votre logiciel a exporté. {exchanges.LOST}",
                )
            waiting = import_shelf.put(runtime(), actor(), campaign, given.filename or "", data)
            job = launch(exchanges.IMPORT, campaign, campaign=slug, waiting=str(waiting))
            return redirect(url_for("exchanges.job", slug=slug, job_id=job.id), 303)
        except DomainError as error:
            form_error(form, error)
        finally:
            given.close()  # a large upload is a temporary file: it goes now
    return _page(campaign, form)


@bp.route("/<slug>/travaux/<uuid:job_id>")
@access("testimony.export")
def job(slug: str, job_id: uuid.UUID) -> Any:
    """How far the work is; then the file, or the report of what was taken and left."""
    campaign = _campaign(slug)
    found = scope.get(db(), actor(), Job, job_id)
    if found.kind not in {exchanges.EXPORT, exchanges.IMPORT}:
        raise NotFound()
    if found.campaign_id != campaign.id or found.created_by != actor().account_id:
        raise NotFound()
    if found.kind == exchanges.IMPORT:
        actor().require("testimony.import")
    return render_template(
        "exchanges/job.html",
        campaign=campaign,
        job=found,
        out=found.kind == exchanges.EXPORT,
        result=found.result,
        remarks=_told(found.result.get("remarks", [])),
    )


def _told(remarks: list[list[Any]]) -> list[tuple[str, list[tuple[str, list[tuple[str, int]]]]]]:
    """The remarks under their two titles, then kind by kind: each thing and its count."""
    found = []
    for level, title in TITLES.items():
        kinds: dict[str, list[tuple[str, int]]] = {}
        for kind, about, times in remarks:
            if KINDS[kind][0] == level:
                kinds.setdefault(KINDS[kind][1], []).append((about, times))
        if kinds:
            found.append((title, list(kinds.items())))
    return found


@bp.route("/<slug>/fichier/<uuid:waiting_id>")
@access("testimony.export")
def file(slug: str, waiting_id: uuid.UUID) -> Any:
    """The file that this person asked for, while it waits."""
    campaign = _campaign(slug)
    kept = import_shelf.get(runtime(), actor(), campaign, waiting_id, "testimony.export")
    if not kept.name.endswith(".qdpx"):
        raise NotFound()
    answer = make_response(kept.data)
    answer.headers["Content-Type"] = "application/zip"
    answer.headers["Content-Disposition"] = f'attachment; filename="{campaign.slug}.qdpx"'
    return answer
