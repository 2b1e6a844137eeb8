"""The masking page: choose words, see the result beside them, confirm."""

from __future__ import annotations

import uuid

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from survey_app.domain import DomainError, Invalid
from survey_app.models import Redaction, Testimony
from survey_app.security import access
from survey_app.services import (
    custody,
    jobs,
    masking,
    masking_proposals,
    masking_steps,
    queue,
    review,
    review_questions,
    scope,
    singling,
)
from survey_app.services.placeholders import CATEGORIES
from survey_app.web.request import actor, db, runtime
from survey_app.web.results.work import launch
from survey_app.web.review.forms import MaskForm
from survey_app.web.review.proposals import anchors, covered, grouped
from survey_app.web.review.reading import answers
from survey_app.web.review.views import Answer, bp, find, refuse


@bp.get("/temoignage/<uuid:testimony_id>/masquage")
@access("testimony.mask", writes=True)
def mask(testimony_id: uuid.UUID) -> Answer:
    """The text as it was said, what is covered so far, what is proposed, and the result."""
    testimony = find(testimony_id)
    if testimony.state in ("masked", "coded", "filed"):
        return redirect(url_for("coding.bench", testimony_id=testimony_id), 303)
    if _writable(testimony):
        masking_proposals.refresh(db(), testimony)
        if masking_proposals.reading(db(), review.working_text(testimony)) is None:
            launch("names", testimony.campaign, campaign=testimony.campaign.slug)
    return _page(testimony, MaskForm(formdata=None))


def _writable(testimony: Testimony) -> bool:
    return testimony.state == "reviewed" and custody.may_change(actor(), testimony)


def _page(testimony: Testimony, form: MaskForm) -> str:
    text = review.read_raw(db(), actor(), testimony)
    chosen = masking.chosen(db(), testimony)
    writable = _writable(testimony)
    proposed = masking_proposals.pending(db(), testimony) if writable else []
    listed = grouped(text, proposed)
    hidden = covered(text, chosen)
    return render_template(
        "review/mask.html",
        testimony=testimony,
        text=text,
        answers=answers(testimony, text, sorted([*chosen, *proposed], key=lambda row: row.start)),
        chosen=chosen,
        covered=hidden,
        exchange=review_questions.of_testimony(db(), actor(), testimony),
        categories=CATEGORIES,
        form=form,
        writable=writable,
        proposals=listed,
        open_words=sum(map(len, listed.values())),
        anchors=anchors([*hidden, *(item for items in listed.values() for item in items)]),
        steps=_steps(testimony) if writable else {},
        hints=singling.hints(db(), actor(), testimony) if writable else None,
        searching=writable
        and masking_proposals.reading(db(), text) is None
        and jobs.pending(db(), actor(), "names", testimony.campaign_id) is not None,
        own=custody.collected_it(actor(), testimony),
        desk=custody.is_coordinator(actor()),
    )


def _steps(testimony: Testimony) -> dict[str, masking_steps.Told]:
    """What « annuler » and « rétablir » would do."""
    steps = {
        "annuler": masking_steps.last(db(), actor(), testimony),
        "retablir": masking_steps.following(db(), actor(), testimony),
    }
    return {name: masking_steps.told(testimony, step) for name, step in steps.items() if step}


@bp.post("/temoignage/<uuid:testimony_id>/masquage")
@access("testimony.mask")
def mask_words(testimony_id: uuid.UUID) -> Answer:
    """Cover the words typed or selected, once or wherever they are."""
    testimony = find(testimony_id)
    form = MaskForm()
    try:
        if not form.validate():
            raise Invalid(
                "Aucun mot n’est indiqué.", "Sélectionnez-les dans le texte, ou écrivez-les."
            )
        count = _cover(testimony, form, request.form.get("category", ""))
    except DomainError as error:
        refuse(form, error)
        return _page(testimony, form), error.status
    flash("Mots masqués." if count > 1 else "Mot masqué.", "success")
    return redirect(url_for("review.mask", testimony_id=testimony_id), 303)


def _cover(testimony: Testimony, form: MaskForm, category: str) -> int:
    """How many passages are newly covered."""
    where = form.start.data, form.end.data
    if where[0] is None or where[1] is None:
        return masking.add_words(
            db(), actor(), testimony, form.words.data, category, everywhere=form.everywhere.data
        )
    if form.version.data != str(review.working_text(testimony).id):
        raise review.stale()
    return masking.add(
        db(), actor(), testimony, where[0], where[1], category, everywhere=form.everywhere.data
    )


@bp.post("/temoignage/<uuid:testimony_id>/propositions")
@access("testimony.mask")
def mask_proposals(testimony_id: uuid.UUID) -> Response:
    """Answer for marked words: mask them, leave them, or say what else they are."""
    testimony = find(testimony_id)
    form = request.form
    waiting = masking_proposals.pending(db(), testimony)
    if "tout_masquer" in form:
        wanted = [row for row in waiting if row.category == form["tout_masquer"]]
        masking_proposals.accept(db(), actor(), testimony, wanted)
    elif "tout_laisser" in form:
        masking_proposals.refuse(db(), actor(), testimony, waiting)
    else:
        row = scope.get(db(), actor(), Redaction, form.get("marque", ""))
        _answer(testimony, row, form.get("reponse", ""), form.get("categorie", ""))
    anchor = "propositions" if masking_proposals.pending(db(), testimony) else "confirmer"
    if "dans_le_texte" in form:  # the script finds the next mark: an anchor would take the focus
        return redirect(url_for("review.mask", testimony_id=testimony_id), 303)
    return redirect(url_for("review.mask", testimony_id=testimony_id, _anchor=anchor), 303)


def _answer(testimony: Testimony, row: Redaction, answer: str, category: str) -> None:
    """One answer: to a proposal (masquer, laisser) or for covered words (changer, demasquer)."""
    if answer == "masquer":
        masking_proposals.accept(db(), actor(), testimony, [row], category)
    elif answer == "laisser":
        masking_proposals.refuse(db(), actor(), testimony, [row])
    elif answer == "changer":
        masking.change_category(db(), actor(), testimony, row, category)
    elif answer == "demasquer":
        masking.remove(db(), actor(), testimony, row, alike=True)
    else:
        raise Invalid("Aucune réponse n’est choisie.", "Choisissez « Masquer » ou « Laisser ».")


@bp.post("/temoignage/<uuid:testimony_id>/masquage/annuler")
@access("testimony.mask")
def mask_undo(testimony_id: uuid.UUID) -> Response:
    """Take back the last gesture, or put it again."""
    testimony = find(testimony_id)
    back = "retablir" not in request.form
    (masking.undo if back else masking.redo)(db(), actor(), testimony)
    flash("Le dernier geste est annulé." if back else "Le geste est rétabli.", "success")
    return redirect(url_for("review.mask", testimony_id=testimony_id), 303)


@bp.post("/temoignage/<uuid:testimony_id>/demasquer")
@access("testimony.mask")
def unmask_words(testimony_id: uuid.UUID) -> Response:
    """Show words again before confirming: one passage, or all that bear its placeholder."""
    testimony = find(testimony_id)
    row = scope.get(db(), actor(), Redaction, request.form.get("redaction", ""))
    masking.remove(db(), actor(), testimony, row, alike="alike" in request.form)
    return redirect(url_for("review.mask", testimony_id=testimony_id), 303)


@bp.post("/temoignage/<uuid:testimony_id>/masquage/confirmer")
@access("testimony.mask")
def mask_confirm(testimony_id: uuid.UUID) -> Answer:
    """Write the masked text for good; asks again when proposals have no answer yet."""
    testimony = find(testimony_id)
    proposed = masking_proposals.pending(db(), testimony) if _writable(testimony) else []
    if proposed and "sans" not in request.form:
        text = review.read_raw(db(), actor(), testimony)
        shown = grouped(text, proposed)
        page = "review/mask_ask.html"
        return render_template(page, testimony=testimony, proposals=shown, categories=CATEGORIES)
    if proposed:
        masking_proposals.refuse(db(), actor(), testimony, proposed)
    masking.confirm(db(), actor(), testimony)
    launch("words", testimony.campaign, campaign=testimony.campaign.slug)
    flash(f"Le témoignage n° {testimony.number} est masqué. Il peut être codé.", "success")
    slug = testimony.campaign.slug
    more = queue.first(db(), actor(), testimony.campaign, "a-masquer")
    name = "a-masquer" if more else "a-relire"
    return redirect(url_for("review.campaign", slug=slug, file=name), 303)


@bp.post("/temoignage/<uuid:testimony_id>/rouvrir")
@access("testimony.set_aside")
def mask_reopen(testimony_id: uuid.UUID) -> Response:
    """The coordinator takes up a masking again; the excerpts wait meanwhile."""
    testimony = find(testimony_id)
    masking.reopen(db(), runtime(), actor(), testimony)
    flash("Le masquage est rouvert. Les extraits de ce témoignage ne comptent plus.", "success")
    return redirect(url_for("review.mask", testimony_id=testimony_id), 303)


@bp.get("/<slug>/rien-a-masquer")
@access("testimony.mask", writes=True)
def batch(slug: str) -> str:
    """Short testimonies, each shown whole, to tick where there is nothing to mask."""
    found = scope.campaign(db(), actor(), slug)
    rows, held = masking_proposals.batch(db(), actor(), found)
    asked = review_questions.standing(db(), actor(), [row for row, _ in rows])
    return render_template("review/batch.html", campaign=found, rows=rows, held=held, asked=asked)


@bp.post("/<slug>/rien-a-masquer")
@access("testimony.mask")
def batch_confirm(slug: str) -> Response:
    found = scope.campaign(db(), actor(), slug)
    ticked = [
        scope.get(db(), actor(), Testimony, key) for key in request.form.getlist("temoignage")
    ]
    try:
        count = masking_proposals.confirm_batch(db(), actor(), ticked)
        flash(f"Rien à masquer, confirmé pour {count}.", "success")
    except DomainError as error:
        db().rollback()
        flash(str(error), "error")
    return redirect(url_for("review.batch", slug=found.slug), 303)
