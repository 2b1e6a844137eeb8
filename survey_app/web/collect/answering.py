"""The questions of an interview: sections, entries of those that repeat, what follows each."""

from __future__ import annotations

import uuid
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for

from questionnaires.problems import Problem
from survey_app.domain import Conflict, DomainError, NotFound
from survey_app.models import Draft
from survey_app.security import access
from survey_app.services import answering, campaigns, collection, intake
from survey_app.services.filling import Spot
from survey_app.web.collect import pages
from survey_app.web.collect.forms import ActionForm, StampedForm
from survey_app.web.filling import written
from survey_app.web.filling.forms import show_problems
from survey_app.web.filling.posted import posted
from survey_app.web.request import actor, db, form_error, runtime

LOST_PHOTO = "Cette photo n’a pas été gardée. Choisissez-la de nouveau avant d’enregistrer."


def register(bp: Blueprint) -> None:
    """Add the questions' routes to the collecting room."""
    step = "/entretien/<uuid:draft_id>/etape/<section>"
    both = ["GET", "POST"]
    bp.add_url_rule(step, "section", section, methods=both)
    bp.add_url_rule(f"{step}/<int:entry>", "entry", entry, methods=both)
    bp.add_url_rule(f"{step}/<int:entry>/retirer", "remove", remove, methods=both)


@access("testimony.collect")
def section(draft_id: uuid.UUID, section: str) -> Any:
    """One section: shown, or saved then followed by what comes next."""
    draft = _draft(draft_id)
    known = {item.name: item for item in collection.sections(draft)}
    if section not in known:
        if request.method == "POST":
            raise written.gone()
        return redirect(pages.address(draft, Spot(next(iter(known)))), 303)
    if known[section].is_repeat:
        return _entries(draft, section)
    return _page(draft, Spot(section))


@access("testimony.collect")
def entry(draft_id: uuid.UUID, section: str, entry: int) -> Any:
    """One entry of a repeated section; one more than there are is a new one."""
    return _page(_draft(draft_id), Spot(section, entry))


@access("testimony.collect")
def remove(draft_id: uuid.UUID, section: str, entry: int) -> Any:
    """What an entry holds, before it is taken away."""
    draft, spot = collection.get(db(), actor(), draft_id), Spot(section, entry)
    title, lines = pages.entry_lines(db(), draft, spot)
    form = StampedForm(seen=collection.stamp(draft))
    if form.validate_on_submit():
        try:
            answering.remove_entry(db(), actor(), draft, spot, form.seen.data or "")
            flash(f"« {title} » est retiré.", "success")
            return redirect(pages.address(draft, Spot(section)), 303)
        except Conflict as error:
            form_error(form, error)
            form.seen.data = collection.stamp(draft)
    status = 409 if form.errors else 200
    back = pages.address(draft, Spot(section))
    page = render_template("collect/remove.html", form=form, title=title, lines=lines, back=back)
    return page, status


def _draft(draft_id: uuid.UUID) -> Draft:
    """The interview; once it is over, what was posted is given back under its questions."""
    try:
        draft = collection.get(db(), actor(), draft_id)
    except NotFound:
        raise (_over(draft_id) if request.method == "POST" else NotFound()) from None
    written.explain(collection.questionnaire(draft), pages.words_of(draft))
    return draft


def _over(draft_id: uuid.UUID) -> DomainError:
    """Why nothing more can be written in an interview: finished here, or erased."""
    try:
        done = collection.deposited(db(), actor(), draft_id)
    except NotFound:
        return NotFound(
            "Cet entretien n’est plus en cours ici : il a été terminé ou effacé.",
            "Revenez à l’accueil pour voir ceux qui restent à reprendre.",
        )
    campaign, version = done.meeting.campaign, done.questionnaire_version
    if version is not None:
        words = campaigns.placeholders(campaign, done.meeting.neighbourhood)
        written.explain(intake.asked_in(version, campaign), words)
    return Conflict(
        "Cet entretien est déjà terminé, sans doute dans un autre onglet.",
        "Ce qui était enregistré est intact. Dites à la personne qui relit ce qui manque.",
    )


def _page(draft: Draft, spot: Spot) -> Any:
    try:
        here = answering.page(draft, spot)
    except NotFound:
        raise (written.gone() if request.method == "POST" else NotFound()) from None
    if request.method == "POST":
        return _save(draft, spot)
    form = pages.form_of(db(), draft, here)
    before = "" if spot.entry is None else f"{spot.section}.{spot.entry}."
    paths = {before + name for name in here.answers}
    problems = collection.check(db(), draft).problems
    show_problems(form, [item for item in problems if item.where in paths])
    return pages.render(db(), draft, spot, form)


def _save(draft: Draft, spot: Spot) -> Any:
    form = pages.form_of(db(), draft, answering.page(draft, spot), posted=True)
    sent = posted(form)
    try:
        saved = answering.save(db(), actor(), draft, spot, sent)
    except Conflict as error:
        form_error(form, error)
        show_problems(form, [Problem("photo", name, LOST_PHOTO, "") for name in sent.photos])
        form.seen.data = collection.stamp(draft)
        return pages.render(db(), draft, spot, form, elsewhere=True), 409
    go = request.form.get("go", "continue")
    if saved.stop is not None:
        return _stopped(draft, spot)
    if go in {"pause", "stop", "back"}:
        return _leave(draft, spot, go)
    if saved.problems and not saved.empty:
        return _again(draft, spot, saved.problems)
    if saved.opened and not saved.empty:
        return redirect(pages.address(draft, spot, f"q-{saved.opened[0]}-question"), 303)
    return _next(draft, spot, go)


def _again(draft: Draft, spot: Spot, problems: tuple[Problem, ...]) -> Any:
    """The page once more, saved as it is, with what is to be seen to."""
    here = answering.page(draft, spot)
    form = pages.form_of(db(), draft, here, posted=True)
    form.seen.data = collection.stamp(draft)
    show_problems(form, problems)
    return pages.render(db(), draft, spot, form), 422


def _leave(draft: Draft, spot: Spot, go: str) -> Any:
    """Pause, stop, or go back."""
    if go == "pause":
        flash("L’entretien est en pause. Tout est gardé : reprenez quand vous voulez.", "success")
        return redirect(url_for("collect.home"), 303)
    if go == "stop":
        return redirect(url_for("collect.stop", draft_id=draft.id), 303)
    if spot.entry is not None:
        return redirect(pages.address(draft, Spot(spot.section)), 303)
    before = pages.neighbour(draft, spot.section, -1) or spot.section
    return redirect(pages.address(draft, Spot(before)), 303)


def _next(draft: Draft, spot: Spot, go: str) -> Any:
    """After an entry, its list or another entry; after a section, the one that follows."""
    if spot.entry is not None:
        following = pages.new_entry(draft, spot.section) if go == "again" else Spot(spot.section)
        return redirect(pages.address(draft, following), 303)
    name = pages.neighbour(draft, spot.section, 1)
    if name is None:
        return redirect(url_for("collect.review", draft_id=draft.id), 303)
    return redirect(pages.address(draft, Spot(name)), 303)


def _entries(draft: Draft, name: str) -> Any:
    """The list of a repeated section: nothing to save here, only where to go."""
    form = ActionForm()
    if form.validate_on_submit():
        answering.stay(db(), actor(), draft, name)
        go = request.form.get("go", "continue")
        leaving = go in {"pause", "stop", "back"}
        return _leave(draft, Spot(name), go) if leaving else _next(draft, Spot(name), go)
    status = 422 if form.is_submitted() else 200
    return pages.render_entries(db(), draft, name, form), status


def _stopped(draft: Draft, spot: Spot) -> Any:
    """No agreement: nothing was said yet, so thank; else ask before erasing."""
    section = collection.questionnaire(draft).section(spot.section)
    here = {question.name for question in section.questions}
    if set(draft.answers) <= here:
        collection.refuse(db(), actor(), runtime(), draft)
        return redirect(url_for("collect.thanks"), 303)
    return redirect(url_for("collect.stop", draft_id=draft.id, raison="accord"), 303)
