"""The interview around its questions: begin, resume, stop, read again, finish, receipt."""

from __future__ import annotations

import uuid
from contextlib import suppress
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask import session as cookie

from survey_app.domain import DomainError, NotFound
from survey_app.models import QuestionnaireVersion
from survey_app.security import access
from survey_app.services import collection, consents, drafts, intake, meetings, scope
from survey_app.services.collection import on_paper
from survey_app.services.filling import Spot
from survey_app.web import addresses
from survey_app.web.collect import choosing, pages
from survey_app.web.collect.forms import ActionForm, BeginForm
from survey_app.web.request import actor, db, form_error, runtime

PAPER = "paper_code"


def register(bp: Blueprint) -> None:
    """Add the interview's routes to the collecting room."""
    one = "/entretien/<uuid:draft_id>"
    both = ["GET", "POST"]
    bp.add_url_rule("/commencer", "begin", begin, methods=both)
    bp.add_url_rule("/merci", "thanks", thanks)
    bp.add_url_rule(one, "resume", resume)
    bp.add_url_rule(f"{one}/arreter", "stop", stop, methods=both)
    bp.add_url_rule(f"{one}/relire", "review", review, methods=both)
    bp.add_url_rule("/recu/<uuid:testimony_id>", "receipt", receipt)


@access("testimony.collect")
def begin() -> Any:
    """Choose the meeting and the questionnaire, then go."""
    current = meetings.listed(db(), actor(), meeting_states=("open",))
    form = BeginForm(meeting=request.args.get("rencontre"))
    choosing.offer(form, current)
    if form.validate_on_submit():
        try:
            meeting = meetings.get(db(), actor(), form.meeting.data)
            version = scope.get(db(), actor(), QuestionnaireVersion, form.questionnaire.data)
            language = form.language.data or "fr"
            draft = collection.start(db(), actor(), meeting, version, language)
            return redirect(pages.address(draft, Spot(draft.section)), 303)
        except DomainError as error:
            form_error(form, error)
    status = 422 if form.is_submitted() else 200
    page = render_template(
        "collect/begin.html",
        form=form,
        meetings=current,
        languages=choosing.languages_json(current),
    )
    return page, status


@access("testimony.collect")
def thanks() -> Any:
    """After a refusal or an erasure: nothing was kept."""
    return render_template("collect/thanks.html")


@access("testimony.collect")
def resume(draft_id: uuid.UUID) -> Any:
    """Go back to where the interview stood; finished meanwhile, to its receipt."""
    try:
        draft = collection.get(db(), actor(), draft_id)
    except NotFound:
        return _received(draft_id)
    return redirect(pages.address(draft, Spot(draft.section)), 303)


def _received(draft_id: uuid.UUID) -> Any:
    """To the receipt of an interview finished by an earlier press of the same button."""
    collection.deposited(db(), actor(), draft_id)
    return redirect(url_for("collect.receipt", testimony_id=draft_id), 303)


@access("testimony.collect")
def stop(draft_id: uuid.UUID) -> Any:
    """Stop at any moment: keep what was said, or erase it."""
    try:
        draft = collection.get(db(), actor(), draft_id)
    except NotFound:
        return _received(draft_id)
    form = ActionForm()
    if form.validate_on_submit():
        keep = request.form.get("go") == "keep"
        meeting_id, code, copied = draft.meeting_id, draft.withdrawal_code, on_paper(draft)
        try:
            done = collection.abandon(db(), actor(), runtime(), draft, keep=keep)
            if copied and done is None:
                flash("La saisie est effacée. Les compteurs n’ont pas changé.", "success")
                return redirect(url_for("collect.meeting", meeting_id=meeting_id), 303)
            return _finished(done, meeting_id, code)
        except DomainError as error:
            form_error(form, error)
    refused = request.args.get("raison") == "accord"
    status = 422 if form.is_submitted() else 200
    return render_template("collect/stop.html", form=form, draft=draft, refused=refused), status


@access("testimony.collect")
def review(draft_id: uuid.UUID) -> Any:
    """Everything on one page before « Terminer »; pressed twice, it finishes once."""
    form = ActionForm()
    if form.validate_on_submit():
        return _finish(form, draft_id)
    draft = collection.get(db(), actor(), draft_id)
    return pages.render_review(db(), draft, form)


def _finish(form: ActionForm, draft_id: uuid.UUID) -> Any:
    code = ""
    # Finished by an earlier press of the same button: its receipt is simply given again.
    with suppress(NotFound):
        code = collection.get(db(), actor(), draft_id).withdrawal_code
    try:
        done = collection.deposit(db(), actor(), runtime().keys, draft_id)
    except DomainError as error:
        if isinstance(error, NotFound):
            raise
        form_error(form, error)
        return pages.render_review(db(), collection.get(db(), actor(), draft_id), form), 422
    return _finished(done, None, code)


def _finished(done: intake.Receipt | None, meeting_id: uuid.UUID | None, code: str) -> Any:
    if done is None:
        return redirect(url_for("collect.thanks", rencontre=meeting_id), 303)
    if code:
        cookie[PAPER] = {"id": str(done.id), "code": code}
    return redirect(url_for("collect.receipt", testimony_id=done.id), 303)


@access("testimony.collect")
def receipt(testimony_id: uuid.UUID) -> Any:
    """« Reçu », and the paper code in big: once, then it is nowhere but on paper."""
    stored = collection.deposited(db(), actor(), testimony_id)
    paper = cookie.pop(PAPER, None) or {}
    code = paper.get("code", "") if paper.get("id") == str(testimony_id) else ""
    recontact = consents.current(stored).get("recontact")
    return render_template(
        "collect/receipt.html",
        testimony=stored,
        code=code,
        campaign=stored.campaign,
        meeting=stored.meeting,
        on_paper=stored.origin == drafts.PAPER,
        where=addresses.withdrawal_page(),
        contact=recontact is not None and recontact.decision == "granted",
    )
