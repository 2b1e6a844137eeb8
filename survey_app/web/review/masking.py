"""The masking page: choose words, see the result beside them, confirm."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from survey_app.domain import DomainError, Invalid
from survey_app.models import Campaign, Redaction, Testimony
from survey_app.security import access
from survey_app.services import (
    custody,
    masking,
    masking_confirm,
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
    return _anew(testimony)


def _anew(testimony: Testimony, error: DomainError | None = None) -> str:
    """The page with every proposal of this moment, and what was refused, if anything."""
    form = MaskForm(formdata=None)
    if error is not None:
        refuse(form, error)
    if _writable(testimony):
        masking_proposals.refresh(db(), testimony)
        _search(testimony)
    return _page(testimony, form)


def _search(testimony: Testimony) -> bool:
    """Have names looked for in a text that was not read yet; whether that is to be awaited."""
    unread = masking_confirm.unread(db(), testimony)
    if unread:
        launch("names", testimony.campaign, campaign=testimony.campaign.slug)
    return unread


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
        searching=writable and masking_confirm.unread(db(), testimony),
        seen=masking_confirm.shown(db(), testimony),
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
def mask_proposals(testimony_id: uuid.UUID) -> Answer:
    """Answer for marked words: mask them, leave them, or say what else they are."""
    testimony = find(testimony_id)
    form = request.form
    waiting = masking_proposals.pending(db(), testimony)
    if "tout_masquer" in form:
        wanted = [row for row in waiting if row.category == form["tout_masquer"]]
        masking_proposals.accept(db(), actor(), testimony, wanted)
    elif "tout_laisser" in form:
        try:
            masking_confirm.require_unchanged(db(), testimony, form.get("vu", ""))
        except masking_confirm.Changed as error:
            return _anew(testimony, error), error.status
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
    """Write the masked text that the page showed; asks again when something has no answer yet."""
    testimony = find(testimony_id)
    told, leave = request.form.get("vu", ""), "sans" in request.form
    hasty = "recherche" in request.form
    try:
        masking_confirm.confirm(db(), actor(), testimony, told, leave=leave, hasty=hasty)
    except masking_confirm.Changed as error:
        return _anew(testimony, error), error.status
    except masking_confirm.Unanswered:
        db().rollback()
        return _ask(testimony)
    launch("words", testimony.campaign, campaign=testimony.campaign.slug)
    flash(f"Le témoignage n° {testimony.number} est masqué. Il peut être codé.", "success")
    slug = testimony.campaign.slug
    more = queue.first(db(), actor(), testimony.campaign, "a-masquer")
    name = "a-masquer" if more else "a-relire"
    return redirect(url_for("review.campaign", slug=slug, file=name), 303)


def _ask(testimony: Testimony) -> tuple[str, int]:
    """What still has no answer, and a button to go on all the same."""
    searching = _search(testimony)
    text = review.read_raw(db(), actor(), testimony)
    page = render_template(
        "review/mask_ask.html",
        testimony=testimony,
        proposals=grouped(text, masking_proposals.pending(db(), testimony)),
        categories=CATEGORIES,
        searching=searching,
        seen=masking_confirm.shown(db(), testimony),
    )
    return page, 409 if searching else 200


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
    return _batch(scope.campaign(db(), actor(), slug))


def _batch(found: Campaign, kept: Sequence[masking_confirm.Kept] = ()) -> str:
    rows, held = masking_proposals.batch(db(), actor(), found)
    searching = {row.id for row, _ in rows if masking_confirm.unread(db(), row)}
    unanswered = {
        item.testimony.id for item in kept if isinstance(item.why, masking_confirm.Unanswered)
    }
    if searching:
        launch("names", found, campaign=found.slug)
    return render_template(
        "review/batch.html",
        campaign=found,
        rows=rows,
        held=held,
        asked=review_questions.standing(db(), actor(), [row for row, _ in rows]),
        seen={row.id: masking_confirm.shown(db(), row) for row, _ in rows},
        searching=searching,
        kept=kept,
        hasty=searching & unanswered,
    )


@bp.post("/<slug>/rien-a-masquer")
@access("testimony.mask")
def batch_confirm(slug: str) -> Answer:
    """Confirm those that are as the page showed them; the others are named, and shown anew."""
    found = scope.campaign(db(), actor(), slug)
    form = request.form
    keys = form.getlist("temoignage")
    ticked = [(scope.get(db(), actor(), Testimony, key), form.get(f"vu-{key}", "")) for key in keys]
    kept: list[masking_confirm.Kept] = []
    try:
        count, kept = masking_confirm.confirm_batch(
            db(), actor(), ticked, hasty="recherche" in form
        )
        if count:
            flash(f"Rien à masquer, confirmé pour {count}.", "success")
    except DomainError as error:
        db().rollback()
        flash(str(error), "error")
    if kept:
        return _batch(found, kept), 409
    return redirect(url_for("review.batch", slug=found.slug), 303)
