"""The blueprint, and what every page about a draft needs."""

from __future__ import annotations

import re
import uuid
from typing import Any

from flask import Blueprint, Response, flash, make_response, redirect, request, url_for
from flask_wtf import FlaskForm

from questionnaires.model import Questionnaire
from survey_app.domain import Conflict, DomainError
from survey_app.models import QuestionnaireDraft
from survey_app.services import questionnaire_edits, questionnaires
from survey_app.services.questionnaire_edits import Edit
from survey_app.web.request import actor, db, form_error

bp = Blueprint("questionnaires", __name__, url_prefix="/questionnaires")

WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
LONGEST_TOLD = 600
"""Signs of a refusal that travels in the cookie: a label may be very long."""

NEVER = -1
"""A revision that no draft has: what is sent without one is refused as out of date."""


def opened(questionnaire_id: uuid.UUID) -> tuple[QuestionnaireDraft, Questionnaire]:
    """A draft and what it says now."""
    row = questionnaires.draft(db(), actor(), questionnaire_id)
    return row, questionnaires.model(row)


def sent_revision() -> int:
    """The revision that the posted page was made from."""
    sent = request.form.get("revision", "")
    return int(sent) if sent.isdecimal() and len(sent) < 10 else NEVER


def changed(row: QuestionnaireDraft, form: FlaskForm, edit: Edit) -> bool:
    """Change the draft; a refusal stands on top of the form, with all that was typed.

    Whoever sends the form again, once told that the draft changed, knows what they do.
    """
    try:
        questionnaire_edits.apply(db(), actor(), row, sent_revision(), edit)
    except DomainError as error:
        form_error(form, error)
        form.revision.data = str(row.revision)
        form.refused = error.status
        return False
    return True


def refused(error: DomainError) -> None:
    """Say on the next page why a button did nothing; nothing typed was lost with it."""
    told = str(error)
    if isinstance(error, Conflict):
        told = f"{error.message} Rien n’a été changé : voici le brouillon à jour."
    flash(told[:LONGEST_TOLD], "error")


def status_of(form: FlaskForm) -> int:
    """200, or what the refusal says of itself."""
    if not form.is_submitted():
        return 200
    return getattr(form, "refused", 422) if form.errors else 200


def to_editor(row: QuestionnaireDraft, anchor: str | None = None) -> Any:
    address = url_for("questionnaires.draft", questionnaire_id=row.id, _anchor=anchor)
    return redirect(address, 303)


def download(data: bytes, name: str, media_type: str = WORKBOOK) -> Response:
    """A file to save; its name holds letters, digits, dots and hyphens only."""
    answer = make_response(data)
    answer.headers["Content-Type"] = media_type
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def workbook_name(whole: Questionnaire) -> str:
    """« Q01-entretien-individuel-1.1.0.xlsx »."""
    number = re.sub(r"[^A-Za-z0-9.]", "", whole.version)
    return f"{questionnaires.short_name(whole.name) or 'questionnaire'}-{number}.xlsx"
