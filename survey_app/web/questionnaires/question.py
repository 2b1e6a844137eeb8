"""One question, one page: its words, how it is answered, its choices."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

from flask import flash, redirect, render_template, request, url_for

from questionnaires.model import TEAM, Question, Questionnaire, Section
from questionnaires.types import WITH_CHOICES
from survey_app.domain import NotFound
from survey_app.models import QuestionnaireDraft
from survey_app.security import access
from survey_app.services import questionnaire_gestures as gestures
from survey_app.services.questionnaire_gestures import ChoiceSheet, QuestionSheet
from survey_app.web.questionnaires import shown, words
from survey_app.web.questionnaires.blueprint import bp, changed, opened, status_of, to_editor
from survey_app.web.questionnaires.forms import QuestionForm, lines

LABEL, ALONE = "choix-", "seul-"
"""Before the name of a choice, in the fields of its line."""


@bp.route("/brouillons/<uuid:questionnaire_id>/question/<name>", methods=["GET", "POST"])
@access("questionnaire.manage")
def question(questionnaire_id: uuid.UUID, name: str) -> Any:
    """A question, its choices, and what their small buttons do."""
    row, whole = opened(questionnaire_id)
    asked = _asked(whole, name)
    protected = gestures.protected(whole, name)
    form = _filled(row, whole, asked)
    if protected:
        _only_words(form)
    if form.validate_on_submit():
        sheet = _sheet(form, asked)
        edit = gestures.reworded if protected else gestures.changed
        if changed(row, form, lambda old: edit(old, name, sheet)):
            return _after(row, asked, sheet)
    page = render_template(
        "questionnaires/question.html",
        row=row,
        whole=whole,
        asked=asked,
        protected=protected,
        form=form,
        kinds=words.TYPES,
        choices=_choices(asked, whole.default_language),
        condition=_condition(whole, name),
    )
    return page, status_of(form)


@bp.route("/brouillons/<uuid:questionnaire_id>/ajouter", methods=["GET", "POST"])
@access("questionnaire.manage")
def add_question(questionnaire_id: uuid.UUID) -> Any:
    """A new question in the part that the address names, after another if it says so."""
    row, whole = opened(questionnaire_id)
    section = _section(whole, request.args.get("partie", ""))
    after = request.args.get("apres") or None
    form = QuestionForm(data={"revision": row.revision, "kind": "text"})
    form.offer_kinds()
    for name in ("probes", "max_choices", "required", "team", "actions"):
        del form[name]
    made: list[str] = []

    def edit(old: Questionnaire) -> Questionnaire:
        new, name = gestures.added(old, section.name, after, _sheet(form))
        made.append(name)
        return new

    if form.validate_on_submit() and changed(row, form, edit):
        flash("La question est ajoutée.", "success")
        return to_editor(row, f"question-{made[-1]}")
    page = render_template(
        "questionnaires/add.html", row=row, section=section, form=form, kinds=words.TYPES
    )
    return page, status_of(form)


def _asked(whole: Questionnaire, name: str) -> Question:
    try:
        return whole.question(name)
    except KeyError:
        raise NotFound() from None


def _section(whole: Questionnaire, name: str) -> Section:
    try:
        return whole.section(name)
    except KeyError:
        raise NotFound() from None


def _filled(row: QuestionnaireDraft, whole: Questionnaire, asked: Question) -> QuestionForm:
    code = whole.default_language
    form = QuestionForm(
        data={
            "revision": row.revision,
            "label": asked.label.get(code, ""),
            "hint": asked.hint.get(code, ""),
            "probes": "\n".join(probe.get(code, "") for probe in asked.probes),
            "kind": asked.type,
            "required": asked.required,
            "max_choices": asked.max_choices,
            "team": asked.visibility == TEAM,
            "actions": asked.choices_from is not None,
        }
    )
    form.offer_kinds()
    return form


def _only_words(form: QuestionForm) -> None:
    for name in ("kind", "max_choices", "required", "team", "actions", "added"):
        del form[name]


def _sheet(form: QuestionForm, asked: Question | None = None) -> QuestionSheet:
    """What the page says, choices read from their lines."""
    given = form.data
    gesture, _, target = request.form.get("go", "").partition(":")
    return QuestionSheet(
        label=given["label"] or "",
        hint=given["hint"] or "",
        probes=lines(given.get("probes")),
        kind=given.get("kind") or (asked.type if asked else "text"),
        required=bool(given.get("required")),
        max_choices=given.get("max_choices"),
        team=bool(given.get("team")),
        actions=bool(given.get("actions")),
        choices=[
            ChoiceSheet(
                choice.name,
                request.form.get(LABEL + choice.name, ""),
                (ALONE + choice.name) in request.form,
            )
            for choice in (asked.choices if asked else ())
            if LABEL + choice.name in request.form
        ],
        added=lines(given.get("added")),
        gesture=gesture,
        target=target,
    )


def _choices(asked: Question, code: str) -> list[ChoiceSheet]:
    """The lines of the choices: as they were typed when the page comes back."""
    typed: Mapping[str, str] = request.form
    back = request.method == "POST"
    return [
        ChoiceSheet(
            choice.name,
            typed.get(LABEL + choice.name, choice.label.get(code, "")),
            (ALONE + choice.name) in typed if back else choice.exclusive,
        )
        for choice in asked.choices
    ]


def _condition(whole: Questionnaire, name: str) -> str:
    section = gestures.section_of(whole, name)
    asked = whole.question(name)
    return shown.said_condition(whole, asked.relevant, "Cette question", section.kind)


def _after(row: QuestionnaireDraft, asked: Question, sheet: QuestionSheet) -> Any:
    """Back to the draft; to the same page while its choices are being worked on."""
    new_choices = sheet.kind in WITH_CHOICES and asked.type not in WITH_CHOICES
    if sheet.gesture in {"up", "down", "remove", "stay"} or new_choices:
        address = url_for(
            "questionnaires.question",
            questionnaire_id=row.id,
            name=asked.name,
            _anchor="choix",
        )
        return redirect(address, 303)
    flash("La question est enregistrée.", "success")
    return to_editor(row, f"question-{asked.name}")
