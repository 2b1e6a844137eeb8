"""Filling a sheet, page by page: its sections, the entries of those that repeat, the last look."""

from __future__ import annotations

import uuid
from dataclasses import replace
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for

from questionnaires.model import in_language
from questionnaires.relevance import entries
from survey_app.domain import Conflict, NotFound
from survey_app.models import Record
from survey_app.security import access
from survey_app.services import filling, records, records_filling, records_survey
from survey_app.services.filling import Filled, Spot
from survey_app.web.filling import posted, shown, written
from survey_app.web.filling.forms import (
    Asked,
    SectionForm,
    asked,
    known,
    section_form,
    show_problems,
)
from survey_app.web.filling.listing import listing
from survey_app.web.filling.live import live
from survey_app.web.records import paper
from survey_app.web.records.forms import ActionForm
from survey_app.web.request import actor, db, form_error, runtime

NO_NAMES = "N’écrivez aucun nom, aucune adresse, aucun détail de santé."


def register(bp: Blueprint) -> None:
    """Add the pages to fill to the room of the papers."""
    here = "/<uuid:record_id>/etape/<section>"
    both = ["GET", "POST"]
    bp.add_url_rule(here, "section", section, methods=both)
    bp.add_url_rule(f"{here}/<int:entry>", "entry", section, methods=both)
    bp.add_url_rule(f"{here}/<int:entry>/retirer", "remove", remove, methods=both)
    bp.add_url_rule("/<uuid:record_id>/abandonner", "abandon", abandon, methods=both)


def go_on(record: Record) -> Any:
    """To where the writing of a sheet stands."""
    names = [item.name for item in records.sections(record)]
    name = record.section if record.section in names else names[0]
    return _to(record, name)


@access("record.answer")
def section(record_id: uuid.UUID, section: str, entry: int | None = None) -> Any:
    """One page: shown, or saved then followed by what comes next."""
    record = records.get(db(), actor(), record_id)
    written.explain(records.form(record), records.words(record))
    if request.method == "GET" and record.state != "draft":
        return redirect(url_for("records.read", record_id=record.id), 303)
    record = records.editable(db(), actor(), record_id)
    names = [item.name for item in records.sections(record)]
    if section not in names:
        if request.method == "POST":
            raise written.gone()
        return _to(record, names[0])
    if records.form(record).section(section).is_repeat and entry is None:
        return _list(record, section)
    spot = Spot(section, entry)
    if request.method == "POST":
        return _save(record, spot)
    form = _form(record, spot)
    problems = [item for item in records.check(db(), record).problems if _here(item.where, spot)]
    given = filling.page(records.form(record), record.answers, spot).answers
    show_problems(form, [item for item in problems if item.where.rpartition(".")[2] in given])
    return _page(record, spot, form)


def _list(record: Record, name: str) -> Any:
    """The entries of a repeated section; its form only goes on."""
    if request.method == "POST":
        return _follow(record, Spot(name), request.form.get("go", "continue"))
    reading = paper.reading(db(), record, problems=records.check(db(), record).problems)

    def urls(rank: int, remove: bool) -> str:
        endpoint = "records.remove" if remove else "records.entry"
        return url_for(endpoint, record_id=record.id, section=name, entry=rank)

    listed = listing(records.form(record), name, record.answers, reading, urls)
    return render_template(
        "records/entries.html", listing=listed, form=ActionForm(), **_around(record, Spot(name))
    )


def _save(record: Record, spot: Spot) -> Any:
    try:
        form = _form(record, spot, is_posted=True)
    except NotFound:
        raise written.gone() from None
    try:
        filled = records_filling.save(db(), actor(), record, spot, posted.posted(form))
    except Conflict as error:
        form_error(form, error)
        form.seen.data = records.stamp(record)
        return _page(record, spot, form, elsewhere=True), 409
    go = request.form.get("go", "continue")
    if filled.problems and go in {"continue", "again"}:
        return _again(record, spot, filled), 422
    if filled.opened and go in {"continue", "again"}:
        return _to(record, spot.section, spot.entry, f"q-{filled.opened[0]}-question")
    return _follow(record, spot, go)


def _again(record: Record, spot: Spot, filled: Filled) -> str:
    """The page once more, with what is to be seen again."""
    form = _form(record, spot, is_posted=True)
    form.seen.data = records.stamp(record)
    show_problems(form, filled.problems)
    return _page(record, spot, form)


def _follow(record: Record, spot: Spot, go: str) -> Any:
    """Where a button leads, once everything is saved."""
    if go == "pause":
        flash("Tout est gardé : reprenez quand vous voulez.", "success")
        return redirect(_out(record), 303)
    names = [item.name for item in records.sections(record)]
    if spot.entry is not None:
        count = len(entries(records.form(record).section(spot.section), record.answers))
        limit = filling.limit(records.form(record).section(spot.section))
        more = go == "again" and count < limit
        return _to(record, spot.section, count + 1 if more else None)
    place = names.index(spot.section) + (-1 if go == "back" else 1)
    if place >= len(names):
        return redirect(url_for("records.review", record_id=record.id), 303)
    return _to(record, names[max(place, 0)])


@access("record.answer")
def remove(record_id: uuid.UUID, section: str, entry: int) -> Any:
    """Remove one entry, after having been shown what it holds."""
    record = records.editable(db(), actor(), record_id)
    spot = Spot(section, entry)
    filling.without_entry(record.answers, records.form(record), spot)  # that entry is there
    here = filling.page(records.form(record), record.answers, spot)
    form = ActionForm()
    if form.validate_on_submit():
        records_filling.remove_entry(db(), actor(), record, spot, form.seen.data or "")
        flash("C’est retiré.", "success")
        return _to(record, section)
    lines = paper.reading(db(), record).lines(here.questions, here.answers)
    form.seen.data = records.stamp(record)
    return render_template("records/remove.html", form=form, lines=lines, **_around(record, spot))


@access("record.answer")
def abandon(record_id: uuid.UUID) -> Any:
    """Destroy one's own unfinished answer to a survey, after having been asked."""
    record = records.editable(db(), actor(), record_id)
    if records.takes_photos(record):
        raise NotFound()
    form = ActionForm()
    if form.validate_on_submit():
        records_survey.abandon(db(), actor(), runtime(), record_id)
        flash("Votre réponse commencée est effacée.", "success")
        return redirect(url_for("records.home"), 303)
    return render_template("records/abandon.html", record=record, form=form)


def review_page(record: Record, form: ActionForm) -> Any:
    """The last look: every answer, what is wrong, what will be left out."""
    if record.state != "draft":
        return redirect(url_for("records.read", record_id=record.id), 303)
    record = records.editable(db(), actor(), record.id)
    whole, checked = records.form(record), records.check(db(), record)
    reading = paper.reading(db(), record, problems=checked.problems)
    return render_template(
        "records/review.html",
        record=record,
        form=form,
        title=in_language(whole.title, "fr"),
        groups=shown.groups(whole, record.answers, reading),
        problems=checked.problems,
        left_out=shown.left_out(whole, checked.dropped, reading),
        alone=not records.takes_photos(record),
        steps=len(records.sections(record)) + 1,
    )


def _form(record: Record, spot: Spot, *, is_posted: bool = False) -> SectionForm:
    """The page's form with what was posted, else with what is kept."""
    here = filling.page(records.form(record), record.answers, spot)
    questions = here.section.questions
    photos = (
        posted.photo_addresses(questions, here.answers) if records.takes_photos(record) else None
    )
    words, places = records.words(record), records.places(db(), record)
    made = section_form(questions, words, places, photos=photos)
    if is_posted:
        return made(formdata=request.form)
    return made(formdata=None, data=known(here.answers) | {"seen": records.stamp(record)})


def _page(record: Record, spot: Spot, form: SectionForm, *, elsewhere: bool = False) -> str:
    """The page to fill. ``elsewhere``: also show what another tab saved."""
    here = filling.page(records.form(record), record.answers, spot)
    reading = paper.reading(db(), record)
    questions = asked(form, here.section.questions, records.words(record), page=here)
    return render_template(
        "records/section.html",
        form=form,
        questions=[_own(item) for item in questions],
        live=live(here),
        saved=reading.lines(here.questions, here.answers) if elsewhere else [],
        **_around(record, spot),
    )


def _own(item: Asked) -> Asked:
    """Here nobody is being listened to: the warning asks for no one's words."""
    warning = NO_NAMES if item.said.warning else ""
    return replace(item, said=replace(item.said, warning=warning))


def _around(record: Record, spot: Spot) -> dict[str, Any]:
    """What every page to fill says of where it stands."""
    names = [item.name for item in records.sections(record)]
    found = records.form(record).section(spot.section)
    return {
        "record": record,
        "section": found,
        "title": in_language(records.form(record).title, "fr"),
        "heading": in_language(found.label, "fr"),
        "called": in_language(found.repeat, "fr"),
        "entry": spot.entry,
        "step": names.index(spot.section) + 1,
        "steps": len(names) + 1,
        "alone": not records.takes_photos(record),
    }


def _here(path: str, spot: Spot) -> bool:
    before = "" if spot.entry is None else f"{spot.section}.{spot.entry}"
    return path.rpartition(".")[0] == before


def _out(record: Record) -> str:
    if record.meeting_id is not None:
        return url_for("records.of_meeting", meeting_id=record.meeting_id)
    return url_for("records.home")


def _to(record: Record, name: str, entry: int | None = None, anchor: str | None = None) -> Any:
    values: dict[str, Any] = {"record_id": record.id, "section": name, "_anchor": anchor}
    if entry is None:
        return redirect(url_for("records.section", **values), 303)
    return redirect(url_for("records.entry", entry=entry, **values), 303)
