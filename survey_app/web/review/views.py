"""Queues, taking a testimony, reading it, deciding."""

from __future__ import annotations

import uuid
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response

from survey_app.domain import DomainError, NotFound
from survey_app.models import Campaign, Review, Testimony
from survey_app.security import access
from survey_app.services import (
    alerts,
    attachments,
    consents,
    custody,
    queue,
    queue_filters,
    recordings,
    review,
    review_questions,
    scope,
)
from survey_app.services.meetings import METHODS
from survey_app.services.register import DECISIONS, SCOPES
from survey_app.services.states import QUEUES
from survey_app.web.request import actor, db, runtime
from survey_app.web.review import narrowing
from survey_app.web.review.forms import CorrectionForm, ReasonForm, ReviewForm
from survey_app.web.review.reading import answers, photos

bp = Blueprint("review", __name__, url_prefix="/relecture")
Answer = str | Response | tuple[str, int]
bp.add_app_template_filter(lambda name: METHODS.get(name, name), "method")


def find(testimony_id: uuid.UUID) -> Testimony:
    return scope.get(db(), actor(), Testimony, testimony_id)


def refuse(form: FlaskForm, error: DomainError) -> None:
    """Undo what the refused gesture did, and show the form again with what was typed.

    The session goes on: the raw text shown again leaves its line in the journal.
    """
    db().rollback()
    form.form_errors = [*form.form_errors, str(error)]


@bp.get("/", endpoint="queue")
@access("testimony.review")
def home() -> Answer:
    """The newest campaign's queue, or what to do first."""
    campaigns = queue.campaigns(db(), actor())
    if not campaigns:
        return render_template("review/no_campaign.html")
    return redirect(url_for("review.campaign", slug=campaigns[0].slug), 303)


@bp.get("/<slug>")
@access("testimony.review")
def campaign(slug: str) -> Answer:
    """One of the four queues of a campaign."""
    found = scope.campaign(db(), actor(), slug)
    desk = custody.is_coordinator(actor())
    shown = file_asked(found, "a-relire", tuple(QUEUES))
    return render_template(
        "review/queue.html",
        **shown,
        asked=review_questions.standing(db(), actor(), shown["page"].rows),
        alerts=alerts.still_open(db(), actor(), found) if desk else 0,
        desk=desk,
        me=actor().account_id,
    )


def file_asked(found: Campaign, default: str, names: tuple[str, ...]) -> dict[str, Any]:
    """What a page of one of the desk's queues shows; ``names`` are those that it may show."""
    name = request.args.get("file", default)
    if name not in names:
        raise NotFound()
    form, filters = narrowing.asked(found)
    after, before = narrowing.number("apres"), narrowing.number("avant")
    counts = queue.counts(db(), actor(), found, filters)
    page = queue.page(db(), actor(), found, name, filters, after=after, before=before)
    return {
        "campaign": found,
        "campaigns": queue.campaigns(db(), actor()),
        "name": name,
        "page": page,
        "passages": queue_filters.passages(db(), page.rows, filters.terms),
        "form": form,
        "kept": narrowing.kept(),
        "counts": {key: counts[key] for key in names if key in counts},
        "labels": queue.LABELS,
    }


@bp.post("/<slug>/suivant")
@access("testimony.review")
def take_next(slug: str) -> Response:
    """The next testimony to review, taken and opened in one tap."""
    found = scope.campaign(db(), actor(), slug)
    testimony = queue.first(db(), actor(), found, "a-relire")
    if testimony is None:
        flash("Il n’y a plus rien à relire pour vous. Merci.", "success")
        return redirect(url_for("review.campaign", slug=slug), 303)
    review.take(db(), actor(), testimony)
    return redirect(url_for("review.read", testimony_id=testimony.id), 303)


@bp.post("/temoignage/<uuid:testimony_id>/prendre")
@access("testimony.review")
def take(testimony_id: uuid.UUID) -> Response:
    review.take(db(), actor(), find(testimony_id))
    return redirect(url_for("review.read", testimony_id=testimony_id), 303)


@bp.get("/temoignage/<uuid:testimony_id>")
@access("testimony.review", writes=True)
def read(testimony_id: uuid.UUID) -> Answer:
    """The raw text, large, with the checklist; opening it is journalled."""
    testimony = find(testimony_id)
    if testimony.state == "reviewed" and custody.may_change(actor(), testimony):
        return redirect(url_for("review.mask", testimony_id=testimony_id), 303)
    return _reading(testimony, ReviewForm())


def _reading(testimony: Testimony, form: ReviewForm) -> str:
    text = review.read_raw(db(), actor(), testimony)
    return render_template(
        "review/read.html",
        testimony=testimony,
        text=text,
        answers=answers(testimony, text),
        exchange=review_questions.of_testimony(db(), actor(), testimony),
        form=form,
        checklist=list(review.checklist(db(), testimony)),
        photos=photos(testimony, attachments.owned(db(), testimony)),
        voices=recordings.owned(db(), testimony),
        may_erase=attachments.may_erase(actor(), testimony),
        mine=testimony.reviewer_id == actor().account_id,
        given=[row for row in consents.current(testimony).values() if row.scope in SCOPES],
        scopes=SCOPES,
        decisions=DECISIONS,
    )


@bp.post("/temoignage/<uuid:testimony_id>")
@access("testimony.review")
def decide(testimony_id: uuid.UUID) -> Answer:
    testimony = find(testimony_id)
    form = ReviewForm()
    try:
        done = review.decide(
            db(), actor(), testimony, request.form.get("decision", ""), form.answers(),
            reason=form.reason.data or "", detail=form.detail.data or "",
            nature=form.nature.data or "", instruction=form.instruction.data or "",
        )  # fmt: skip
        recordings.end(db(), runtime(), actor(), testimony)
    except DomainError as error:
        refuse(form, error)
        return _reading(testimony, form), error.status
    return _after(testimony, done)


def _after(testimony: Testimony, done: Review) -> Response:
    if done.decision == "accept":
        flash("Témoignage relu. Il reste à masquer ce qui désigne quelqu’un.", "success")
        return redirect(url_for("review.mask", testimony_id=testimony.id), 303)
    said = {
        "set_aside": "Témoignage écarté. La coordination peut le reprendre.",
        "orient": "La coordination est prévenue. Le témoignage est écarté, l’alerte n’en dit rien.",
    }
    flash(said.get(done.decision, "Le témoignage attend une autre personne."), "success")
    return redirect(url_for("review.campaign", slug=testimony.campaign.slug), 303)


@bp.route("/temoignage/<uuid:testimony_id>/corriger", methods=["GET", "POST"])
@access("testimony.review", writes=True)
def correct(testimony_id: uuid.UUID) -> Answer:
    """Repair a slip of the pen, answer by answer; the first text is kept."""
    testimony = find(testimony_id)
    custody.require_change(actor(), testimony)
    text = review.read_raw(db(), actor(), testimony)
    present = {"version": str(text.id), "answers": review.segments(text)}
    form = CorrectionForm(data=present)
    status = 200
    if form.is_submitted():
        try:
            if form.version.data != str(text.id):
                raise review.stale()
            review.correct(db(), actor(), testimony, [box.data or "" for box in form.answers])
            flash("Texte corrigé. Le premier texte est gardé.", "success")
            return redirect(url_for("review.read", testimony_id=testimony_id), 303)
        except DomainError as error:
            refuse(form, error)
            text, status = review.read_raw(db(), actor(), testimony), error.status
    page = render_template(
        "review/correct.html",
        testimony=testimony,
        form=form,
        answers=answers(testimony, text),
        exchange=review_questions.of_testimony(db(), actor(), testimony),
    )
    return page, status


@bp.get("/<slug>/ecartes")
@access("testimony.set_aside")
def set_aside_list(slug: str) -> str:
    """What was set aside and why, to bring back what should not have been."""
    found = scope.campaign(db(), actor(), slug)
    rows = queue.set_aside(db(), actor(), found)
    details = review.details(db(), actor(), rows)
    return render_template("review/set_aside.html", campaign=found, rows=rows, details=details)


@bp.route("/temoignage/<uuid:testimony_id>/ecarter", methods=["GET", "POST"])
@access("testimony.set_aside")
def set_aside(testimony_id: uuid.UUID) -> Answer:
    testimony = find(testimony_id)
    form, status = ReasonForm(), 200
    if form.is_submitted():
        try:
            review.set_aside(
                db(), runtime(), actor(), testimony, form.reason.data or "", form.detail.data or ""
            )
            flash(f"Le témoignage n° {testimony.number} est écarté.", "success")
            return redirect(url_for("review.campaign", slug=testimony.campaign.slug), 303)
        except DomainError as error:
            refuse(form, error)
            status = error.status
    return render_template("review/aside.html", testimony=testimony, form=form), status


@bp.post("/temoignage/<uuid:testimony_id>/reprendre")
@access("testimony.set_aside")
def restore(testimony_id: uuid.UUID) -> Response:
    testimony = find(testimony_id)
    review.restore(db(), actor(), testimony)
    flash(f"Le témoignage n° {testimony.number} est de nouveau à relire.", "success")
    return redirect(url_for("review.set_aside_list", slug=testimony.campaign.slug), 303)
