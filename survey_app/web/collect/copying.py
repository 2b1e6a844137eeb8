"""An interview noted on paper, copied afterwards from the page of its meeting."""

from __future__ import annotations

import uuid
from typing import Any

from flask import Blueprint, redirect, render_template, request

from survey_app.domain import DomainError
from survey_app.models import QuestionnaireVersion
from survey_app.security import access
from survey_app.services import copying as paper
from survey_app.services import meetings, scope
from survey_app.services.filling import Spot
from survey_app.web.collect import choosing, pages
from survey_app.web.collect.forms import PaperForm
from survey_app.web.request import actor, db, form_error, runtime


def register(bp: Blueprint) -> None:
    """Add the route to the collecting room."""
    path = "/rencontres/<uuid:meeting_id>/papier"
    bp.add_url_rule(path, "copy", copy, methods=["GET", "POST"])


@access("testimony.collect")
def copy(meeting_id: uuid.UUID) -> Any:
    """What stands on the sheet beside the answers, then the questions as usual."""
    meeting = meetings.get(db(), actor(), meeting_id)
    form = PaperForm()
    choosing.offer_paper(form, meeting)
    if request.method == "GET":
        form.said_on.data = meeting.held_on or meetings.today()
    if form.validate_on_submit():
        code = "" if form.no_card.data else form.code.data or ""
        said_on = form.said_on.data or meetings.today()
        sheet = paper.Sheet(said_on, code, form.language.data or "fr")
        try:
            version = scope.get(db(), actor(), QuestionnaireVersion, form.questionnaire.data)
            draft = paper.start(db(), actor(), runtime().keys, meeting, version, sheet)
            return redirect(pages.address(draft, Spot(draft.section)), 303)
        except DomainError as error:
            form_error(form, error)
    page = render_template(
        "collect/copy.html",
        form=form,
        meeting=meeting,
        open=paper.may_copy(meeting),
        languages=choosing.languages_json([meeting]),
    )
    return page, 422 if form.is_submitted() else 200
