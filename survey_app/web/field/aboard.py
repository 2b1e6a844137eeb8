"""The package of questionnaires that a tablet takes aboard, made by the macros of the pages."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, current_app, request, url_for

from questionnaires.model import Section
from survey_app.security import access
from survey_app.services import aboard
from survey_app.web.filling.forms import asked, section_form
from survey_app.web.request import actor, db, runtime

QUESTIONS = "field/_questions.html"


def register(bp: Blueprint) -> None:
    """Add the package's route."""
    bp.add_url_rule("/api/bord", "package", package)


@access("testimony.collect", device=True)
def package() -> Any:
    """The package of the tablet's account; 304 when the tablet has this very one."""
    recipients = runtime().keys.recipients(actor().council_id)
    page = url_for("withdrawal.start", _external=True)
    frame = aboard.Frame(recipients, page, render)
    content = aboard.serialised(aboard.package(db(), actor(), frame))
    response = Response(content, mimetype="application/json")
    response.set_etag(aboard.etag(content))
    return response.make_conditional(request)


def render(sheet: aboard.Sheet, section: Section) -> str:
    """A section's questions as the online page shows them, nothing answered yet."""
    made = section_form(section.questions, sheet.words, sheet.places, sheet.language, photos={})
    form = made(formdata=None, meta={"csrf": False})
    questions = asked(form, section.questions, sheet.words, sheet.language)
    template = current_app.jinja_env.get_template(QUESTIONS)
    return template.render(questions=questions).strip()
