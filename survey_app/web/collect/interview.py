"""The interview, screen by screen: begin, sections, stop, read again, finish, receipt."""

from __future__ import annotations

import uuid
from contextlib import suppress
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask import session as cookie

from survey_app.domain import Conflict, DomainError, NotFound
from survey_app.models import Draft, QuestionnaireVersion
from survey_app.security import access
from survey_app.services import collection, consents, intake, meetings, scope
from survey_app.web.collect import pages
from survey_app.web.collect.forms import ActionForm, BeginForm, show_problems
from survey_app.web.request import actor, db, form_error, runtime

PAPER = "paper_code"


def register(bp: Blueprint) -> None:
    """Add the interview's routes to the collecting room."""
    one = "/entretien/<uuid:draft_id>"
    both = ["GET", "POST"]
    bp.add_url_rule("/commencer", "begin", begin, methods=both)
    bp.add_url_rule("/merci", "thanks", thanks)
    bp.add_url_rule(one, "resume", resume)
    bp.add_url_rule(f"{one}/etape/<section>", "section", section, methods=both)
    bp.add_url_rule(f"{one}/arreter", "stop", stop, methods=both)
    bp.add_url_rule(f"{one}/relire", "review", review, methods=both)
    bp.add_url_rule("/recu/<uuid:testimony_id>", "receipt", receipt)


@access("testimony.collect")
def begin() -> Any:
    """Choose the meeting and the questionnaire, then go."""
    current = meetings.listed(db(), actor(), meeting_states=("open",))
    form = BeginForm(meeting=request.args.get("rencontre"))
    pages.offer(form, current)
    if form.validate_on_submit():
        try:
            meeting = meetings.get(db(), actor(), form.meeting.data)
            version = scope.get(db(), actor(), QuestionnaireVersion, form.questionnaire.data)
            draft = collection.start(db(), actor(), meeting, version)
            return _to_section(draft, draft.section)
        except DomainError as error:
            form_error(form, error)
    status = 422 if form.is_submitted() else 200
    return render_template("collect/begin.html", form=form, meetings=current), status


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
    return _to_section(draft, draft.section)


def _received(draft_id: uuid.UUID) -> Any:
    """To the receipt of an interview finished by an earlier press of the same button."""
    collection.deposited(db(), actor(), draft_id)
    return redirect(url_for("collect.receipt", testimony_id=draft_id), 303)


@access("testimony.collect")
def section(draft_id: uuid.UUID, section: str) -> Any:
    """One section: shown, or saved then followed by what comes next."""
    draft = collection.get(db(), actor(), draft_id)
    if section not in {item.name for item in collection.sections(draft)}:
        return _to_section(draft, collection.sections(draft)[0].name)
    if request.method == "GET":
        form = pages.form_of(db(), draft, section)
        known = collection.check(db(), draft).problems
        show_problems(form, [item for item in known if item.where in draft.answers])
        return pages.render(db(), draft, section, form)
    return _save(draft, section)


def _save(draft: Draft, name: str) -> Any:
    form = pages.form_of(db(), draft, name, posted=True)
    try:
        saved = collection.save_section(
            db(), actor(), draft, name, request.form.getlist, form.seen.data or ""
        )
    except Conflict as error:
        form_error(form, error)
        form.seen.data = collection.stamp(draft)
        return pages.render(db(), draft, name, form, elsewhere=True), 409
    go = request.form.get("go", "continue")
    if saved.stop is not None:
        return _stopped(draft, name)
    if go == "pause":
        flash("L’entretien est en pause. Tout est gardé : reprenez quand vous voulez.", "success")
        return redirect(url_for("collect.home"), 303)
    if go == "stop":
        return redirect(url_for("collect.stop", draft_id=draft.id), 303)
    if go == "back":
        return _to_section(draft, pages.neighbour(draft, name, -1) or name)
    if saved.problems:
        form = pages.form_of(db(), draft, name, posted=True)
        form.seen.data = collection.stamp(draft)
        show_problems(form, saved.problems)
        return pages.render(db(), draft, name, form), 422
    if saved.opened:
        return _to_section(draft, name, f"q-{saved.opened[0]}")
    following = pages.neighbour(draft, name, 1)
    if following is None:
        return redirect(url_for("collect.review", draft_id=draft.id), 303)
    return _to_section(draft, following)


def _stopped(draft: Draft, name: str) -> Any:
    """No agreement: nothing was said yet, so thank; else ask before erasing."""
    here = {question.name for question in collection.questionnaire(draft).section(name).questions}
    if set(draft.answers) <= here:
        collection.refuse(db(), actor(), runtime(), draft)
        return redirect(url_for("collect.thanks"), 303)
    return redirect(url_for("collect.stop", draft_id=draft.id, raison="accord"), 303)


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
        meeting_id, code = draft.meeting_id, draft.withdrawal_code
        try:
            done = collection.abandon(db(), actor(), runtime(), draft, keep=keep)
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
        contact=recontact is not None and recontact.decision == "granted",
    )


def _to_section(draft: Draft, name: str, anchor: str | None = None) -> Any:
    target = url_for("collect.section", draft_id=draft.id, section=name, _anchor=anchor)
    return redirect(target, 303)
