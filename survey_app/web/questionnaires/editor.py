"""The draft on one page: its parts, its questions, and a small button for each gesture."""

from __future__ import annotations

import uuid
from typing import Any

from flask import flash, redirect, render_template, request, url_for

from questionnaires import editing
from questionnaires.model import TESTIMONY, Questionnaire, in_language
from survey_app.domain import DomainError, Invalid, NotFound
from survey_app.models import QuestionnaireDraft
from survey_app.security import access
from survey_app.services import (
    questionnaire_edits,
    questionnaire_gestures,
    questionnaire_publishing,
    questionnaire_starts,
    questionnaires,
)
from survey_app.web.questionnaires import shown, words
from survey_app.web.questionnaires.blueprint import (
    bp,
    changed,
    opened,
    refused,
    sent_revision,
    status_of,
    to_editor,
)
from survey_app.web.questionnaires.forms import DraftForm, PresentationForm, SectionForm
from survey_app.web.questionnaires.home import workbook
from survey_app.web.request import actor, db

MANY_CHANGES = 4
"""Sentences shown of the last change; the rest is counted."""


@bp.get("/brouillons/<uuid:questionnaire_id>")
@access("questionnaire.manage")
def draft(questionnaire_id: uuid.UUID) -> Any:
    row, whole = opened(questionnaire_id)
    changes = questionnaire_edits.last_change(row)
    return render_template(
        "questionnaires/draft.html",
        row=row,
        whole=whole,
        title=in_language(whole.title, "fr"),
        sections=shown.sections(whole),
        changes=[change.message for change in changes[:MANY_CHANGES]],
        more_changes=max(0, len(changes) - MANY_CHANGES),
        problems=len(questionnaire_publishing.problems(whole)),
        usage=words.USAGE_NAMES[whole.usage],
    )


@bp.post("/brouillons/<uuid:questionnaire_id>/geste")
@access("questionnaire.manage")
def gesture(questionnaire_id: uuid.UUID) -> Any:
    """Move or remove a question or a part; what is refused leaves everything as it was."""
    row, _ = opened(questionnaire_id)
    kind, name = request.form.get("kind", ""), request.form.get("name", "")
    what = request.form.get("do", "")

    def edit(whole: Questionnaire) -> Questionnaire:
        return questionnaire_gestures.gesture(whole, kind, name, what)

    return _told(row, edit, f"{kind}-{name}" if what != "remove" else None)


@bp.post("/brouillons/<uuid:questionnaire_id>/accord")
@access("questionnaire.manage")
def restore_agreement(questionnaire_id: uuid.UUID) -> Any:
    """Put the library's agreement in the place of what there is."""
    row, whole = opened(questionnaire_id)
    if whole.usage != TESTIMONY:
        raise NotFound()
    return _told(row, questionnaire_starts.with_agreement, None)


def _told(row: QuestionnaireDraft, edit: questionnaire_edits.Edit, anchor: str | None) -> Any:
    """Do it, or say in the editor why it cannot be done."""
    try:
        questionnaire_edits.apply(db(), actor(), row, sent_revision(), edit)
    except DomainError as error:
        refused(error)
    return to_editor(row, anchor)


@bp.post("/brouillons/<uuid:questionnaire_id>/annuler")
@access("questionnaire.manage")
def undo(questionnaire_id: uuid.UUID) -> Any:
    """Take back the last change."""
    row, _ = opened(questionnaire_id)
    try:
        questionnaire_edits.undo(db(), actor(), row, sent_revision())
    except DomainError as error:
        refused(error)
    else:
        flash("Le dernier changement est annulé.", "success")
    return to_editor(row)


@bp.route("/brouillons/<uuid:questionnaire_id>/presentation", methods=["GET", "POST"])
@access("questionnaire.manage")
def presentation(questionnaire_id: uuid.UUID) -> Any:
    """The title, the purpose, the name: what is said about the questionnaire."""
    row, whole = opened(questionnaire_id)
    code = whole.default_language
    texts = {name: getattr(whole, name).get(code, "") for name in _TEXTS}
    form = PresentationForm(
        data={**texts, "method": whole.method, "name": whole.name, "revision": row.revision}
    )
    if whole.usage != TESTIMONY:
        del form.method
    elif whole.method not in words.methods():
        form.method.choices = [("", "À choisir"), *form.method.choices]
    if form.validate_on_submit() and changed(row, form, _presented(row, form)):
        flash("La présentation est enregistrée.", "success")
        return to_editor(row)
    page = render_template("questionnaires/presentation.html", row=row, whole=whole, form=form)
    return page, status_of(form)


_TEXTS = ("title", "purpose", "audience", "duration")


def _presented(row: QuestionnaireDraft, form: PresentationForm) -> questionnaire_edits.Edit:
    name = (form.name.data or "").strip()
    method = form.method.data if "method" in form else None
    taken = questionnaires.taken_names(db(), actor(), [row.id])

    def edit(whole: Questionnaire) -> Questionnaire:
        texts: editing.Texts = {
            "title": form.title.data or "",
            "purpose": form.purpose.data or "",
            "audience": form.audience.data or "",
            "duration": form.duration.data or "",
        }
        told = editing.change_questionnaire(whole, **texts)
        return questionnaire_gestures.named(told, name, method, taken)

    return edit


@bp.route("/brouillons/<uuid:questionnaire_id>/partie", methods=["GET", "POST"])
@access("questionnaire.manage")
def add_section(questionnaire_id: uuid.UUID) -> Any:
    """A new part, after the one that the address names."""
    row, whole = opened(questionnaire_id)
    after = request.args.get("apres", "")
    known = {section.name for section in whole.sections}
    form = SectionForm(data={"revision": row.revision})
    made: list[str] = []

    def edit(old: Questionnaire) -> Questionnaire:
        new, name = editing.add_section(
            old,
            form.label.data or "",
            repeat=form.repeat.data or "",
            kind="meeting" if form.meeting.data else "",
            after=after if after in known else None,
        )
        made.append(name)
        return new

    if form.validate_on_submit() and changed(row, form, edit):
        flash("La partie est ajoutée. Ajoutez-y une question.", "success")
        return to_editor(row, f"partie-{made[-1]}")
    page = render_template("questionnaires/section.html", row=row, form=form, section=None)
    return page, status_of(form)


@bp.route("/brouillons/<uuid:questionnaire_id>/partie/<name>", methods=["GET", "POST"])
@access("questionnaire.manage")
def section(questionnaire_id: uuid.UUID, name: str) -> Any:
    """The title of a part, and what one entry is called when it repeats."""
    row, whole = opened(questionnaire_id)
    found = next((item for item in whole.sections if item.name == name), None)
    if found is None:
        raise NotFound()
    code = whole.default_language
    form = SectionForm(
        data={
            "label": found.label.get(code, ""),
            "repeat": found.repeat.get(code, ""),
            "revision": row.revision,
        }
    )
    del form.meeting
    if found.kind in {"consent", "profile"}:
        del form.repeat

    def edit(old: Questionnaire) -> Questionnaire:
        repeat = (form.repeat.data or "") if "repeat" in form else None
        return editing.rename_section(old, name, form.label.data or "", repeat=repeat)

    if form.validate_on_submit() and changed(row, form, edit):
        flash("La partie est enregistrée.", "success")
        return to_editor(row, f"partie-{name}")
    page = render_template("questionnaires/section.html", row=row, form=form, section=found)
    return page, status_of(form)


@bp.get("/brouillons/<uuid:questionnaire_id>/xlsform")
@access("questionnaire.manage")
def draft_workbook(questionnaire_id: uuid.UUID) -> Any:
    """The draft as a workbook, whatever is still to be put right in it."""
    return workbook(opened(questionnaire_id)[1])


@bp.route("/brouillons/<uuid:questionnaire_id>/supprimer", methods=["GET", "POST"])
@access("questionnaire.manage")
def drop(questionnaire_id: uuid.UUID) -> Any:
    """Give up a draft, once it was asked."""
    row, whole = opened(questionnaire_id)
    form = DraftForm(data={"revision": row.revision})
    if form.validate_on_submit():
        if sent_revision() != row.revision:
            raise Invalid(
                "Ce brouillon a changé depuis que cette page est ouverte.",
                "Rien n’a été supprimé. Relisez-le d’abord.",
            )
        questionnaires.drop(db(), actor(), row)
        flash("Le brouillon est supprimé. Les versions publiées restent.", "success")
        return redirect(url_for("questionnaires.home"), 303)
    return render_template("questionnaires/drop.html", row=row, whole=whole, form=form)
