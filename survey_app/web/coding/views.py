"""Coding: choose sentences or words, choose a code; two taps, and every gesture can be undone."""

from __future__ import annotations

import uuid

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from survey_app.domain import DomainError, Invalid
from survey_app.models import Excerpt
from survey_app.security import access
from survey_app.services import (
    books,
    coding,
    excerpts,
    queue,
    relocation,
    review,
    rounds,
    scope,
)
from survey_app.web.coding import drawing, gestures
from survey_app.web.coding.forms import BenchForm, chosen_sentences
from survey_app.web.request import actor, db
from survey_app.web.review.views import Answer, file_asked, find, refuse

bp = Blueprint("coding", __name__, url_prefix="/codage")
QUEUES = ("a-coder", "pret")


@bp.get("/", endpoint="queue")
@access("testimony.code")
def home() -> Answer:
    """The newest campaign's texts to code."""
    campaigns = queue.campaigns(db(), actor())
    if not campaigns:
        return render_template("coding/no_campaign.html")
    return redirect(url_for("coding.campaign", slug=campaigns[0].slug), 303)


@bp.get("/<slug>")
@access("testimony.code")
def campaign(slug: str) -> str:
    """The masked texts of a campaign: to code, or coded."""
    found = scope.campaign(db(), actor(), slug)
    return render_template(
        "coding/queue.html",
        **file_asked(found, "a-coder", QUEUES),
        trained=excerpts.may_code(actor()),
    )


@bp.get("/temoignage/<uuid:testimony_id>")
@access("testimony.code")
def bench(testimony_id: uuid.UUID) -> Answer:
    """One masked text in sentences, beside the grid; ``preciser`` opens the panel of a code."""
    testimony = find(testimony_id)
    opened = request.args.get("preciser", "")
    if drawing.part_asked():
        shown = excerpts.bench(db(), actor(), testimony)
        book = books.of(db(), actor(), testimony.campaign)
        return drawing.part(testimony, shown, book, opened)
    return drawing.page(testimony, BenchForm(formdata=None), [], opened=opened)


@bp.post("/temoignage/<uuid:testimony_id>")
@access("testimony.code")
def code(testimony_id: uuid.UUID) -> Answer:
    """Put the pressed code on what is chosen, or look for a code without losing the choice."""
    if "chercher" in request.form and not request.form.keys() & {"code", "suggestion"}:
        form, ticked = BenchForm(), chosen_sentences(request.form)
        testimony = find(testimony_id)
        book = books.of(db(), actor(), testimony.campaign)
        found = [found.code for found in book.search(form.words.data or "")]
        return drawing.page(testimony, form, ticked, found)
    try:
        return gestures.put(testimony_id)
    except DomainError as error:
        form, ticked = BenchForm(), chosen_sentences(request.form)
        refuse(form, error)
        return drawing.page(find(testimony_id), form, ticked), error.status


@bp.post("/temoignage/<uuid:testimony_id>/retirer")
@access("testimony.code")
def remove(testimony_id: uuid.UUID) -> Response:
    """Take one's own code off."""
    return gestures.done(testimony_id, gestures.remove)


@bp.post("/temoignage/<uuid:testimony_id>/preciser")
@access("testimony.code")
def specify(testimony_id: uuid.UUID) -> Response:
    """Say more of one's own code: its facets, a memo on its excerpt."""
    return gestures.done(testimony_id, gestures.specify)


@bp.post("/temoignage/<uuid:testimony_id>/<any(annuler, refaire):gesture>")
@access("testimony.code")
def step(testimony_id: uuid.UUID, gesture: str) -> Response:
    """Take back one's last gesture, or put it again."""
    return gestures.done(testimony_id, gestures.undo if gesture == "annuler" else gestures.redo)


@bp.post("/temoignage/<uuid:testimony_id>/<any(terminer, rien):gesture>")
@access("testimony.code")
def finish(testimony_id: uuid.UUID, gesture: str) -> Response:
    """The coding is complete; go on with the next text."""
    testimony = find(testimony_id)
    blind = rounds.blind_round(db(), actor(), testimony)
    _, following = queue.neighbours(db(), actor(), testimony, "a-coder")
    try:
        if gesture == "rien":
            coding.nothing_to_code(db(), actor(), testimony)
        else:
            coding.finish(db(), actor(), testimony)
    except Invalid as error:
        db().rollback()
        flash(str(error), "error")
        return gestures.back(testimony)
    if blind is not None:
        flash("Votre part du double codage est enregistrée pour ce texte.", "success")
        return redirect(url_for("agreement.tour", round_id=blind.id), 303)
    flash(f"Le codage du témoignage n° {testimony.number} est terminé.", "success")
    following = following or queue.first(db(), actor(), testimony.campaign, "a-coder")
    if following is None or following.id == testimony.id:
        return redirect(url_for("coding.campaign", slug=testimony.campaign.slug, file="pret"), 303)
    return gestures.back(following)


@bp.post("/temoignage/<uuid:testimony_id>/recaler")
@access("testimony.code")
def relocate(testimony_id: uuid.UUID) -> Response:
    """Say where a lost excerpt lies now, or give it up."""
    testimony = find(testimony_id)
    row = scope.get(db(), actor(), Excerpt, request.form.get("extrait", ""))
    try:
        text = excerpts.masked_text(actor(), testimony)
        if request.form.get("version", "") != str(text.id):
            raise review.stale()
        if "abandonner" in request.form:
            relocation.invalidate(db(), actor(), testimony, row)
        else:
            first, last = relocation.run_of(text, chosen_sentences(request.form))
            relocation.relocate(db(), actor(), testimony, row, first, last)
    except DomainError as error:
        db().rollback()
        flash(str(error), "error")
    return gestures.back(testimony, "recaler")
