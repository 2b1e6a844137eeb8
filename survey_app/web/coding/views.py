"""Coding: choose sentences, choose a code; two taps, and every gesture can be taken back."""

from __future__ import annotations

import uuid

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from analysis.codebook import Code, Codebook, fold
from survey_app.domain import DomainError, Invalid
from survey_app.models import Coding, Excerpt, Testimony
from survey_app.security import access
from survey_app.services import (
    coding,
    custody,
    excerpts,
    grids,
    queue,
    review,
    scope,
    steps,
    suggestions,
)
from survey_app.web.coding.forms import BenchForm, chosen_facets, chosen_sentences, facets_for
from survey_app.web.coding.lines import lines, lost
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
def bench(testimony_id: uuid.UUID) -> str:
    """One masked text in sentences, beside the grid."""
    return _page(find(testimony_id), BenchForm(formdata=None), [], None)


def _page(testimony: Testimony, form: BenchForm, ticked: list[int], found: list[str] | None) -> str:
    shown = excerpts.bench(db(), actor(), testimony)
    book = grids.of(db(), actor(), testimony.campaign)
    form.version.data = str(shown.text.id)
    before, after = queue.neighbours(db(), actor(), testimony, "a-coder")
    writable = excerpts.may_code(actor()) and testimony.state in excerpts.CODABLE
    return render_template(
        "coding/bench.html",
        testimony=testimony,
        bench=shown,
        lines=lines(testimony, shown),
        lost=lost(testimony, shown),
        book=book,
        searchable=_searchable(book),
        facets=facets_for(actor(), book),
        chosen=chosen_facets(request.form) or {},
        form=form,
        ticked=set(ticked),
        found=found,
        before=before,
        after=after,
        writable=writable,
        suggested=suggestions.for_bench(db(), shown, book) if writable else (),
        repeated=_last_code(testimony, book) if writable else None,
        desk=custody.is_coordinator(actor()),
        me=actor().account_id,
        live=excerpts.live,
    )


def _last_code(testimony: Testimony, book: Codebook) -> Code | None:
    """The code that the actor put last on this text, to put it again."""
    name = steps.last_code(db(), actor(), testimony)
    return book.code(name) if name is not None and name in book else None


def _searchable(book: Codebook) -> dict[str, str]:
    """For each code, all that the search box looks into, without accents."""
    return {
        code.code: fold(f"{code.code} {code.label} {code.definition} {' '.join(code.lemmas)}")
        for code in book.all_codes()
    }


@bp.post("/temoignage/<uuid:testimony_id>")
@access("testimony.code")
def code(testimony_id: uuid.UUID) -> Answer:
    """Put the pressed code on the ticked sentences, or look for a code without losing them."""
    testimony = find(testimony_id)
    form, ticked = BenchForm(), chosen_sentences(request.form)
    accepted = request.form.getlist("suggestion")
    pressed = request.form.getlist("code") or accepted
    if not pressed and "chercher" in request.form:
        book = grids.of(db(), actor(), testimony.campaign)
        found = [found.code for found in book.search(form.words.data or "")]
        return _page(testimony, form, ticked, found)
    try:
        if form.version.data != str(excerpts.masked_text(actor(), testimony).id):
            raise review.stale()
        origin = suggestions.ORIGIN if pressed is accepted else "hand"
        coding.code_sentences(
            db(), actor(), testimony, ticked, pressed, chosen_facets(request.form), origin
        )
    except DomainError as error:
        refuse(form, error)
        return _page(testimony, form, ticked, None), error.status
    return _back(testimony, f"phrase-{ticked[0]}")


def _back(testimony: Testimony, anchor: str = "") -> Response:
    target = url_for("coding.bench", testimony_id=testimony.id, _anchor=anchor or None)
    return redirect(target, 303)


@bp.post("/temoignage/<uuid:testimony_id>/retirer")
@access("testimony.code")
def remove(testimony_id: uuid.UUID) -> Response:
    """Take one's own code off."""
    testimony = find(testimony_id)
    row = scope.get(db(), actor(), Coding, request.form.get("codage", ""))
    coding.remove(db(), actor(), testimony, row)
    return _back(testimony, "texte")


@bp.post("/temoignage/<uuid:testimony_id>/<any(annuler, refaire):gesture>")
@access("testimony.code")
def step(testimony_id: uuid.UUID, gesture: str) -> Response:
    testimony = find(testimony_id)
    (coding.undo if gesture == "annuler" else coding.redo)(db(), actor(), testimony)
    return _back(testimony, "texte")


@bp.post("/temoignage/<uuid:testimony_id>/<any(terminer, rien):gesture>")
@access("testimony.code")
def finish(testimony_id: uuid.UUID, gesture: str) -> Response:
    """The coding is complete; go on with the next text."""
    testimony = find(testimony_id)
    _, following = queue.neighbours(db(), actor(), testimony, "a-coder")
    try:
        if gesture == "rien":
            coding.nothing_to_code(db(), actor(), testimony)
        else:
            coding.finish(db(), actor(), testimony)
    except Invalid as error:
        db().rollback()
        flash(str(error), "error")
        return _back(testimony)
    flash(f"Le codage du témoignage n° {testimony.number} est terminé.", "success")
    following = following or queue.first(db(), actor(), testimony.campaign, "a-coder")
    if following is None:
        return redirect(url_for("coding.campaign", slug=testimony.campaign.slug, file="pret"), 303)
    return _back(following)


@bp.post("/temoignage/<uuid:testimony_id>/recaler")
@access("testimony.code")
def relocate(testimony_id: uuid.UUID) -> Response:
    """Say where a lost excerpt lies now, or give it up."""
    testimony = find(testimony_id)
    row = scope.get(db(), actor(), Excerpt, request.form.get("extrait", ""))
    try:
        if "abandonner" in request.form:
            excerpts.invalidate(db(), actor(), testimony, row)
        else:
            first, last = excerpts.run_of(
                excerpts.masked_text(actor(), testimony), chosen_sentences(request.form)
            )
            excerpts.relocate(db(), actor(), testimony, row, first, last)
    except DomainError as error:
        db().rollback()
        flash(str(error), "error")
    return _back(testimony, "recaler")
