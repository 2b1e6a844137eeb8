"""The room of the council's papers: what there is, what to begin, one paper, its end."""

from __future__ import annotations

import uuid
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for

from survey_app.domain import Invalid, NotFound
from survey_app.models import Meeting
from survey_app.security import access
from survey_app.services import (
    meetings,
    records,
    records_filling,
    records_offered,
    records_survey,
    scope,
)
from survey_app.web.records import fill, paper, together
from survey_app.web.records.forms import ActionForm, BeginForm
from survey_app.web.request import actor, db, form_error, runtime

bp = Blueprint("records", __name__, url_prefix="/fiches")
fill.register(bp)
together.register(bp)


@bp.get("/")
@access("record.read")
def home() -> Any:
    """What the council has written, what can be begun, what was answered together."""
    kind = request.args.get("genre", "")
    return render_template(
        "records/home.html",
        papers=records.listed(db(), actor(), kind),
        kinds=records_offered.kinds(db(), actor()),
        kind=kind,
        drafts=records_survey.drafts(db(), actor()),
        offers=records_offered.offers(db(), actor()),
        rounds=records_survey.rounds(db(), actor()),
        may_write=actor().can("record.write"),
    )


@bp.post("/commencer")
@access("record.answer")
def begin() -> Any:
    """Begin a sheet, or go on with the one left empty."""
    form = BeginForm()
    if not form.validate_on_submit():
        raise NotFound()
    return fill.go_on(records_offered.begin(db(), actor(), form.sheet.data or ""))


@bp.get("/<uuid:record_id>")
@access("record.read")
def read(record_id: uuid.UUID) -> Any:
    """One paper as people read it; an answer to a survey goes on being written, or is gone."""
    record = records.get(db(), actor(), record_id)
    if not records.takes_photos(record):
        return fill.go_on(record)
    return render_template("records/read.html", **paper.context(db(), actor(), record))


@bp.route("/<uuid:record_id>/terminer", methods=["GET", "POST"])
@access("record.answer")
def review(record_id: uuid.UUID) -> Any:
    """Everything on one page before « Terminer »; pressed twice, it finishes once."""
    form = ActionForm()
    if form.validate_on_submit():
        return _finish(form, record_id)
    return fill.review_page(records.get(db(), actor(), record_id), form)


def _finish(form: ActionForm, record_id: uuid.UUID) -> Any:
    try:
        record = records.get(db(), actor(), record_id)
    except NotFound:
        return _already_given()
    try:
        if not records.takes_photos(record):
            version = records_survey.give(db(), actor(), runtime(), record_id)
            flash("Votre réponse est dans l’urne, sans votre nom. Merci.", "success")
            return redirect(url_for("records.together", version_id=version.id), 303)
        records_filling.finish(db(), actor(), record_id)
    except Invalid as error:
        form_error(form, error)
        return fill.review_page(record, form), 422
    flash("La fiche est terminée.", "success")
    return redirect(url_for("records.read", record_id=record_id), 303)


def _already_given() -> Any:
    """An answer given by an earlier press of the same button is in the urn: nothing to find."""
    version = records_survey.get(db(), actor(), request.form.get("survey", ""))
    return redirect(url_for("records.together", version_id=version.id), 303)


@bp.post("/<uuid:record_id>/rouvrir")
@access("record.write")
def reopen(record_id: uuid.UUID) -> Any:
    """Open a finished sheet again."""
    record = records_filling.reopen(db(), actor(), record_id)
    flash("La fiche est rouverte : corrigez-la, puis terminez-la de nouveau.", "success")
    return fill.go_on(record)


@bp.route("/<uuid:record_id>/effacer", methods=["GET", "POST"])
@access("record.erase")
def erase(record_id: uuid.UUID) -> Any:
    """Erase a paper, after having been asked."""
    record = records.get(db(), actor(), record_id)
    if not records.takes_photos(record):
        raise NotFound()
    form = ActionForm()
    if form.validate_on_submit():
        records_filling.erase(db(), actor(), runtime(), record_id)
        flash("La fiche est effacée.", "success")
        return redirect(url_for("records.home"), 303)
    return render_template("records/erase.html", record=record, form=form)


@bp.route("/rencontre/<uuid:meeting_id>", methods=["GET", "POST"])
@access("meeting.manage")
def of_meeting(meeting_id: uuid.UUID) -> Any:
    """The sheets of a meeting: begun here, read here once they are done."""
    meeting = meetings.get(db(), actor(), scope.get(db(), actor(), Meeting, meeting_id).id)
    form = BeginForm()
    if form.validate_on_submit():
        record = records_offered.begin_sheet(db(), actor(), meeting, form.sheet.data or "")
        return fill.go_on(record)
    sheets = records_offered.sheets(db(), actor(), meeting)
    shown = [
        (sheet, paper.context(db(), actor(), sheet.record) if sheet.record else None)
        for sheet in sheets
    ]
    return render_template("records/meeting.html", meeting=meeting, sheets=shown, form=form)
