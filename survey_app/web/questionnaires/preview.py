"""The draft as the tablet would show it: the same pages, and nothing kept as a testimony."""

from __future__ import annotations

import uuid
from typing import Any

from flask import flash, redirect, render_template, request, url_for

from questionnaires.model import Questionnaire, in_language
from questionnaires.relevance import asked as asked_now
from questionnaires.relevance import entries
from survey_app.domain import NotFound
from survey_app.models import QuestionnaireDraft
from survey_app.security import access
from survey_app.services import filling, questionnaire_preview
from survey_app.services.filling import Spot
from survey_app.web.filling.forms import SectionForm, asked, known, section_form, show_problems
from survey_app.web.filling.listing import listing
from survey_app.web.filling.live import live
from survey_app.web.filling.shown import Reading
from survey_app.web.questionnaires import shown
from survey_app.web.questionnaires.blueprint import bp, opened
from survey_app.web.questionnaires.forms import StartForm
from survey_app.web.request import actor, db

HERE = "/brouillons/<uuid:questionnaire_id>/apercu"


@bp.route(HERE, methods=["GET", "POST"])
@access("questionnaire.manage")
def preview(questionnaire_id: uuid.UUID) -> Any:
    """To its first page; the button « Recommencer » forgets the made-up answers first."""
    row, _ = opened(questionnaire_id)
    if request.method == "POST":
        questionnaire_preview.restart(db(), actor(), row)
        flash("L’aperçu recommence au début.", "success")
    return _to(row, questionnaire_preview.first_section(questionnaire_preview.part(row)))


@bp.get("/brouillons/<uuid:questionnaire_id>/fin-apercu")
@access("questionnaire.manage")
def preview_end(questionnaire_id: uuid.UUID) -> Any:
    """Where the made-up answers lead: the end of the questionnaire."""
    row, _ = opened(questionnaire_id)
    whole = questionnaire_preview.part(row, request.args.get("apres"))
    kept = asked_now(whole, questionnaire_preview.answers(row))
    skipped = [in_language(s.label, "fr") for s in whole.sections if s.name not in kept]
    return render_template(
        "questionnaires/preview_end.html",
        row=row,
        title=in_language(whole.title, "fr"),
        skipped=skipped,
        form=StartForm(formdata=None),
    )


@bp.route(f"{HERE}/<section>", methods=["GET", "POST"])
@bp.route(f"{HERE}/<section>/<int:entry>", methods=["GET", "POST"], endpoint="preview_entry")
@access("questionnaire.manage")
def preview_section(questionnaire_id: uuid.UUID, section: str, entry: int | None = None) -> Any:
    """One page of the tablet."""
    row, _ = opened(questionnaire_id)
    whole = questionnaire_preview.part(row, section)
    found = next((item for item in whole.sections if item.name == section), None)
    if found is None:
        raise NotFound()
    spot = Spot(section, entry)
    if section not in asked_now(whole, questionnaire_preview.answers(row)):
        return _skipped(row, whole, spot)
    if found.is_repeat and entry is None:
        return _list(row, whole, spot)
    return _save(row, whole, spot) if request.method == "POST" else _page(row, whole, spot)


@bp.route(f"{HERE}/<section>/<int:entry>/retirer", methods=["GET", "POST"])
@access("questionnaire.manage")
def preview_remove(questionnaire_id: uuid.UUID, section: str, entry: int) -> Any:
    """Take one made-up entry away."""
    row, _ = opened(questionnaire_id)
    whole, spot = questionnaire_preview.part(row, section), Spot(section, entry)
    here = filling.page(whole, questionnaire_preview.answers(row), spot)
    form = StartForm()
    if form.validate_on_submit():
        questionnaire_preview.remove_entry(db(), actor(), row, spot)
        return _to(row, section)
    reading = Reading(questionnaire_preview.words(), questionnaire_preview.places(db(), actor()))
    return render_template(
        "questionnaires/preview_remove.html",
        form=form,
        lines=reading.lines(here.questions, here.answers),
        **_around(row, whole, spot),
    )


def _language(whole: Questionnaire) -> str:
    wanted = request.args.get("langue", "")
    return wanted if wanted in whole.languages else whole.default_language


def _form(row: QuestionnaireDraft, whole: Questionnaire, spot: Spot) -> SectionForm:
    here = filling.page(whole, questionnaire_preview.answers(row), spot)
    made = section_form(
        here.section.questions,
        questionnaire_preview.words(),
        questionnaire_preview.places(db(), actor()),
        _language(whole),
    )
    if request.method == "POST":
        return made(formdata=request.form)
    return made(formdata=None, data=known(here.answers))


def _page(
    row: QuestionnaireDraft, whole: Questionnaire, spot: Spot, form: SectionForm | None = None
) -> str:
    here = filling.page(whole, questionnaire_preview.answers(row), spot)
    form = form or _form(row, whole, spot)
    words = questionnaire_preview.words()
    return render_template(
        "questionnaires/preview.html",
        form=form,
        questions=asked(form, here.section.questions, words, _language(whole), here),
        live=live(here),
        **_around(row, whole, spot),
    )


def _save(row: QuestionnaireDraft, whole: Questionnaire, spot: Spot) -> Any:
    form = _form(row, whole, spot)
    filled = questionnaire_preview.save(
        db(), actor(), row, spot, request.form.getlist, form.shown.names
    )
    go = request.form.get("go", "continue")
    if go == "continue" and filled.problems:
        show_problems(form, filled.problems)
        return _page(row, whole, spot, form), 422
    if go == "continue" and filled.opened:
        return _to(row, spot.section, spot.entry, f"q-{filled.opened[0]}-question")
    return _follow(row, spot, go)


def _follow(row: QuestionnaireDraft, spot: Spot, go: str) -> Any:
    """To the list of the entries, else to the section before or after among those asked."""
    if spot.entry is not None:
        return _to(row, spot.section)
    whole = questionnaire_preview.part(row, spot.section)
    kept = asked_now(whole, questionnaire_preview.answers(row))
    order = [item.name for item in whole.sections]
    here = order.index(spot.section)
    around = order[:here][::-1] if go == "back" else order[here + 1 :]
    following = next((name for name in around if name in kept), None)
    if following is not None:
        return _to(row, following)
    if go == "back":
        return _to(row, spot.section)
    address = url_for(
        "questionnaires.preview_end",
        questionnaire_id=row.id,
        apres=spot.section,
        **_kept_language(),
    )
    return redirect(address, 303)


def _list(row: QuestionnaireDraft, whole: Questionnaire, spot: Spot) -> Any:
    if request.method == "POST":
        return _follow(row, spot, request.form.get("go", "continue"))
    reading = Reading(questionnaire_preview.words(), questionnaire_preview.places(db(), actor()))

    def urls(rank: int, remove: bool) -> str:
        endpoint = "questionnaires.preview_remove" if remove else "questionnaires.preview_entry"
        return _address(endpoint, row, section=spot.section, entry=rank)

    given = questionnaire_preview.answers(row)
    return render_template(
        "questionnaires/preview_entries.html",
        form=StartForm(formdata=None),
        listing=listing(whole, spot.section, given, reading, urls),
        count=len(entries(whole.section(spot.section), given)),
        **_around(row, whole, spot),
    )


def _skipped(row: QuestionnaireDraft, whole: Questionnaire, spot: Spot) -> Any:
    """A part that the made-up answers do not open says why."""
    if request.method == "POST":
        return _follow(row, spot, "continue")
    section = whole.section(spot.section)
    return render_template(
        "questionnaires/preview_skipped.html",
        condition=shown.said_condition(whole, section.relevant, "Cette partie", "consent"),
        form=StartForm(formdata=None),
        **_around(row, whole, spot),
    )


def _around(row: QuestionnaireDraft, whole: Questionnaire, spot: Spot) -> dict[str, Any]:
    """What every page of the preview says of where it stands."""
    kept = asked_now(whole, questionnaire_preview.answers(row))
    section = whole.section(spot.section)
    order = [item.name for item in whole.sections]
    return {
        "row": row,
        "spot": spot,
        "heading": in_language(section.label, "fr"),
        "called": in_language(section.repeat, "fr"),
        "title": in_language(whole.title, "fr"),
        "step": order.index(spot.section) + 1,
        "steps": len(order),
        "parts": [
            {
                "label": in_language(item.label, "fr"),
                "url": _address("questionnaires.preview_section", row, section=item.name),
                "current": item.name == spot.section,
                "asked": item.name in kept,
            }
            for item in whole.sections
        ],
        "languages": shown.spoken(whole),
        "language": shown.language(_language(whole), whole),
    }


def _kept_language() -> dict[str, Any]:
    wanted = request.args.get("langue")
    return {"langue": wanted} if wanted else {}


def _address(endpoint: str, row: QuestionnaireDraft, **values: Any) -> str:
    return url_for(endpoint, questionnaire_id=row.id, **values, **_kept_language())


def _to(
    row: QuestionnaireDraft, section: str, entry: int | None = None, anchor: str | None = None
) -> Any:
    endpoint = "preview_section" if entry is None else "preview_entry"
    values = {"section": section, "_anchor": anchor} | ({"entry": entry} if entry else {})
    return redirect(_address(f"questionnaires.{endpoint}", row, **values), 303)
