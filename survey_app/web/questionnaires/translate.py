"""The languages of a draft: what is translated, what is missing, who proofread it."""

from __future__ import annotations

import uuid
from typing import Any

from flask import flash, redirect, render_template, request, url_for

from questionnaires import languages as catalogues
from questionnaires.languages import LANGUAGES
from questionnaires.model import Questionnaire
from survey_app.domain import DomainError, NotFound
from survey_app.security import access
from survey_app.services import questionnaire_edits, questionnaire_gestures
from survey_app.web.questionnaires import shown
from survey_app.web.questionnaires.blueprint import (
    bp,
    changed,
    opened,
    refused,
    sent_revision,
    status_of,
)
from survey_app.web.questionnaires.forms import DraftForm, LanguageForm
from survey_app.web.request import actor, db

TEXT = "texte-"
"""Before the path of a text, in its field."""


@bp.get("/brouillons/<uuid:questionnaire_id>/langues")
@access("questionnaire.manage")
def languages(questionnaire_id: uuid.UUID) -> Any:
    """The languages of a draft, and those that can be added."""
    row, whole = opened(questionnaire_id)
    total = len(_texts(whole))
    rows = [
        (told, total - len(catalogues.missing(whole, told.code)), total)
        for told in shown.spoken(whole)[1:]
    ]
    others = [shown.language(code, whole) for code in LANGUAGES if code not in whole.languages]
    return render_template(
        "questionnaires/languages.html",
        row=row,
        whole=whole,
        main=shown.language(whole.default_language, whole),
        rows=rows,
        others=others,
        form=DraftForm(formdata=None, data={"revision": row.revision}),
    )


@bp.route("/brouillons/<uuid:questionnaire_id>/langues/<code>", methods=["GET", "POST"])
@access("questionnaire.manage")
def language(questionnaire_id: uuid.UUID, code: str) -> Any:
    """One language: each text, and its translation to write."""
    row, whole = opened(questionnaire_id)
    if code == whole.default_language or code not in {*LANGUAGES, *whole.languages}:
        raise NotFound()
    there = code in whole.languages
    form = LanguageForm(
        data={"revision": row.revision, "proofread": there and code not in whole.unproofread}
    )
    known = {path for path, _ in _texts(whole)}
    typed = {
        path: request.form.get(TEXT + path, "") for path in known if TEXT + path in request.form
    }
    if form.validate_on_submit() and changed(row, form, _translated(form, code, typed)):
        flash("La traduction est enregistrée.", "success")
        return redirect(url_for("questionnaires.languages", questionnaire_id=row.id), 303)
    written = catalogues.catalogue(whole, code) | typed
    page = render_template(
        "questionnaires/language.html",
        row=row,
        form=form,
        language=shown.language(code, whole),
        main=shown.language(whole.default_language, whole),
        texts=[(path, text, written.get(path, "")) for path, text in _texts(whole)],
        there=there,
    )
    return page, status_of(form)


@bp.post("/brouillons/<uuid:questionnaire_id>/langues/<code>/retirer")
@access("questionnaire.manage")
def remove_language(questionnaire_id: uuid.UUID, code: str) -> Any:
    """Take a language out of the draft; it can be undone there."""
    row, whole = opened(questionnaire_id)
    if code not in whole.languages[1:]:
        raise NotFound()

    def edit(old: Questionnaire) -> Questionnaire:
        return questionnaire_gestures.without_language(old, code)

    try:
        questionnaire_edits.apply(db(), actor(), row, sent_revision(), edit)
    except DomainError as error:
        refused(error)
    else:
        flash(
            "Cette langue est retirée. Vous pouvez l’annuler sur la page du brouillon.", "success"
        )
    return redirect(url_for("questionnaires.languages", questionnaire_id=row.id), 303)


def _translated(form: LanguageForm, code: str, typed: dict[str, str]) -> Any:
    def edit(old: Questionnaire) -> Questionnaire:
        kept = {path: text.strip() for path, text in typed.items()}
        return catalogues.translate(old, code, kept, proofread=bool(form.proofread.data))

    return edit


def _texts(whole: Questionnaire) -> list[tuple[str, str]]:
    """Path and words of each text that there is to translate."""
    default = whole.default_language
    return [
        (path, labels[default]) for path, labels in catalogues.texts(whole) if labels.get(default)
    ]
