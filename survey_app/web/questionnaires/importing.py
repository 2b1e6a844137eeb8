"""A workbook from elsewhere: read, shown, and kept only once somebody says so."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from flask import current_app, flash, render_template, request
from itsdangerous import BadSignature, URLSafeTimedSerializer

from questionnaires import versions
from questionnaires.model import Questionnaire
from questionnaires.problems import QuestionnaireError
from questionnaires.xlsform import apart
from survey_app.domain import DomainError, Invalid
from survey_app.security import access
from survey_app.services import questionnaire_publishing, questionnaires
from survey_app.web.questionnaires import shown, words
from survey_app.web.questionnaires.blueprint import bp, status_of, to_editor
from survey_app.web.questionnaires.forms import ImportForm, StartForm
from survey_app.web.request import actor, db, form_error

AN_HOUR = 3_600  # seconds during which what was read can be kept


@bp.route("/importer", methods=["GET", "POST"])
@access("questionnaire.manage")
def import_workbook() -> Any:
    """Choose a workbook; what it says, or why it cannot be used. Nothing is stored."""
    form = ImportForm()
    if not form.validate_on_submit():
        return render_template("questionnaires/import.html", form=form), status_of(form)
    sent = form.workbook.data
    found = apart.read(sent.read(), sent.filename or "")
    if found.questionnaire:
        try:
            questionnaires.refuse_too_large(found.questionnaire)
        except DomainError as error:
            form_error(form, error)
            return render_template("questionnaires/import.html", form=form), 422
    page = render_template(
        "questionnaires/imported.html",
        filename=sent.filename,
        refusals=found.refusals,
        notices=found.notices,
        form=StartForm(formdata=None),
        **(_summary(found.questionnaire) if found.questionnaire else {}),
    )
    return page, 422 if found.refusals else 200


def _summary(whole: Questionnaire) -> dict[str, Any]:
    return {
        "whole": whole,
        "sections": shown.sections(whole),
        "languages": shown.spoken(whole),
        "usage": words.USAGE_NAMES[whole.usage],
        "problems": len(questionnaire_publishing.problems(whole)),
        "sealed": _seal().dumps(versions.to_dict(whole)),
    }


@bp.post("/importer/garder")
@access("questionnaire.manage")
def keep_import() -> Any:
    """Make a draft of what was read from the workbook."""
    try:
        data = _seal().loads(request.form.get("sealed", ""), max_age=AN_HOUR)
        whole = versions.from_dict(data)
    except (BadSignature, QuestionnaireError):
        raise Invalid(
            "Ce qui a été lu dans le classeur n’est plus disponible.",
            "Rien n’a été enregistré. Choisissez le fichier de nouveau.",
        ) from None
    if not questionnaires.short_name(whole.name):
        whole = replace(whole, name="questionnaire")
    row = questionnaires.begin(db(), actor(), whole)
    flash("Voici votre brouillon. Rien n’est publié tant que vous ne le décidez pas.", "success")
    return to_editor(row)


def _seal() -> URLSafeTimedSerializer:
    """Signed and compressed: what comes back is what was shown, and nothing else."""
    return URLSafeTimedSerializer(current_app.config["SECRET_KEY"], salt="xlsform")
