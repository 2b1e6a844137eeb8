"""Before publishing: what is wrong, what could be better, what changes; then the version."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any

from flask import flash, redirect, render_template, url_for

from questionnaires.model import Questionnaire, in_language
from questionnaires.problems import Problem
from survey_app.domain import DomainError
from survey_app.models import QuestionnaireDraft
from survey_app.security import access
from survey_app.services import questionnaire_publishing
from survey_app.web.questionnaires import shown
from survey_app.web.questionnaires.blueprint import bp, opened, sent_revision, status_of
from survey_app.web.questionnaires.forms import PublishForm
from survey_app.web.request import actor, db, form_error


@bp.route("/brouillons/<uuid:questionnaire_id>/publier", methods=["GET", "POST"])
@access("questionnaire.manage")
def publish(questionnaire_id: uuid.UUID) -> Any:
    """The list of what is to be put right, then the button."""
    row, whole = opened(questionnaire_id)
    proposed = questionnaire_publishing.proposed(db(), actor(), row)
    form = PublishForm(data={"revision": row.revision, "number": proposed})
    if form.validate_on_submit():
        try:
            made = questionnaire_publishing.publish(
                db(), actor(), row, sent_revision(), form.number.data or ""
            )
        except DomainError as error:
            form_error(form, error)
            form.revision.data, form.refused = str(row.revision), error.status
        else:
            flash(f"La version {made.version} est publiée. Elle ne changera plus.", "success")
            return redirect(url_for("questionnaires.version", version_id=made.id), 303)
    problems = questionnaire_publishing.problems(whole)
    page = render_template(
        "questionnaires/publish.html",
        row=row,
        whole=whole,
        title=in_language(whole.title, "fr"),
        form=form,
        problems=_with_places(row, whole, problems),
        unsafe=any(item.code == "unsafe-questionnaire" for item in problems),
        advice=_with_places(row, whole, questionnaire_publishing.advice(whole)),
        changes=questionnaire_publishing.changes(row),
        based=bool((row.trial or {}).get("base")),
    )
    return page, status_of(form)


def _with_places(
    row: QuestionnaireDraft, whole: Questionnaire, problems: Sequence[Problem]
) -> list[tuple[Problem, str]]:
    """Each problem with the page where it is put right."""
    return [(problem, shown.place(row, whole, problem.where)) for problem in problems]
