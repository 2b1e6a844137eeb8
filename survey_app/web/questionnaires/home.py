"""The council's questionnaires, the library, and each of them as it is read."""

from __future__ import annotations

import uuid
from dataclasses import replace
from typing import Any

from flask import flash, redirect, render_template, request, url_for

from questionnaires import library, reading, versions
from questionnaires.model import Labels, Questionnaire, in_language
from questionnaires.problems import QuestionnaireError
from questionnaires.xlsform import apart
from survey_app.domain import DomainError, Invalid, NotFound
from survey_app.models import QuestionnaireVersion
from survey_app.security import access
from survey_app.services import campaigns, questionnaire_preview, questionnaires
from survey_app.services.campaign_questionnaires import SHIPPED
from survey_app.services.questionnaires import ENDED
from survey_app.web.questionnaires import shown, words
from survey_app.web.questionnaires.blueprint import (
    bp,
    download,
    status_of,
    to_editor,
    workbook_name,
)
from survey_app.web.questionnaires.forms import BlankForm, StartForm
from survey_app.web.request import actor, db, form_error

OWN = "conseil:"
"""Before the id of a version, where what a draft starts from is named."""


@bp.get("/")
@access("questionnaire.read")
def home() -> Any:
    """What the council has, what it is writing, what it can start from."""
    writes = actor().can("questionnaire.manage")
    shelves: dict[bool, list[Questionnaire]] = {True: [], False: []}
    for found in questionnaires.shipped():
        shelves[questionnaires.is_testimony(found)].append(found)
    drafts = questionnaires.drafts(db(), actor()) if writes else []
    return render_template(
        "questionnaires/home.html",
        families=questionnaires.families(db(), actor()),
        drafts=[(row, questionnaires.model(row)) for row in drafts],
        testimonies=shelves[True],
        sheets=shelves[False],
        usages=words.USAGE_NAMES,
        own=OWN,
        writes=writes,
        form=StartForm(formdata=None),
    )


@bp.post("/commencer")
@access("questionnaire.manage")
def begin() -> Any:
    """A draft that starts from a questionnaire of the library or of the council."""
    source = request.form.get("source", "")
    if source.startswith(SHIPPED):
        row = questionnaires.begin_from_shelf(db(), actor(), source.removeprefix(SHIPPED))
    elif source.startswith(OWN):
        row = questionnaires.begin_from_version(db(), actor(), source.removeprefix(OWN))
    else:
        raise NotFound()
    flash("Voici votre brouillon. Rien ne change ailleurs tant qu’il n’est pas publié.", "success")
    return to_editor(row)


@bp.route("/nouveau", methods=["GET", "POST"])
@access("questionnaire.manage")
def blank() -> Any:
    """A draft that starts from a blank page."""
    form = BlankForm()
    if form.validate_on_submit():
        try:
            row = questionnaires.begin_blank(db(), actor(), form.title.data, form.usage.data)
        except DomainError as error:
            form_error(form, error)
        else:
            return to_editor(row)
    return render_template("questionnaires/blank.html", form=form), status_of(form)


@bp.get("/bibliotheque/<name>")
@access("questionnaire.read")
def shelf(name: str) -> Any:
    """A questionnaire of the library, to be read before it is chosen."""
    found = questionnaires.from_shelf(name)
    return _read(found, SHIPPED + found.name)


@bp.get("/bibliotheque/<name>/xlsform")
@access("questionnaire.read")
def shelf_workbook(name: str) -> Any:
    return workbook(questionnaires.from_shelf(name))


@bp.get("/versions/<uuid:version_id>")
@access("questionnaire.read")
def version(version_id: uuid.UUID) -> Any:
    """A published version, as people read it."""
    row, found = questionnaires.version(db(), actor(), version_id)
    return _read(found, OWN + str(row.id), row)


@bp.get("/versions/<uuid:version_id>/xlsform")
@access("questionnaire.read")
def version_workbook(version_id: uuid.UUID) -> Any:
    return workbook(questionnaires.version(db(), actor(), version_id)[1])


@bp.get("/versions/<uuid:version_id>/comparer")
@access("questionnaire.read")
def compare(version_id: uuid.UUID) -> Any:
    """What changed since the version before."""
    row, found = questionnaires.version(db(), actor(), version_id)
    before = questionnaires.previous(db(), actor(), row)
    if before is None:
        raise NotFound()
    # Every version has its own number: that is no change of the questionnaire.
    old = replace(versions.from_draft(before.document), version=found.version)
    changes = versions.difference(old, found)
    return render_template(
        "questionnaires/compare.html", row=row, whole=found, before=before, changes=changes
    )


@bp.post("/versions/<uuid:version_id>/retirer")
@access("questionnaire.manage")
def retire(version_id: uuid.UUID) -> Any:
    """Stop offering a version."""
    row, _ = questionnaires.version(db(), actor(), version_id)
    try:
        questionnaires.retire(db(), actor(), row)
    except DomainError as error:
        flash(str(error), "error")
    else:
        flash("Cette version n’est plus proposée. Ce qu’elle a recueilli reste.", "success")
    return redirect(url_for("questionnaires.version", version_id=row.id), 303)


def workbook(whole: Questionnaire) -> Any:
    """The questionnaire as an XLSForm workbook to save."""
    try:
        return download(apart.write(whole), workbook_name(whole))
    except QuestionnaireError as error:
        raise Invalid(error.problem.message, error.problem.remedy) from error


def _read(found: Questionnaire, source: str, row: QuestionnaireVersion | None = None) -> Any:
    wanted = request.args.get("langue", found.default_language)
    code = wanted if wanted in found.languages else found.default_language
    uses = questionnaires.uses(db(), actor(), row) if row else []
    return render_template(
        "questionnaires/read.html",
        whole=found,
        row=row,
        source=source,
        title=_told(found, found.title, code) or found.name,
        purpose=_told(found, found.purpose, code),
        sections=shown.sections(found, code, questionnaire_preview.words()),
        language=shown.language(code, found),
        languages=shown.spoken(found),
        fingerprint=versions.fingerprint(found),
        level=str(reading.report(found)),
        method=words.method_name(found.method),
        testimony=questionnaires.is_testimony(found),
        usage=words.USAGE_NAMES[found.usage],
        before=questionnaires.previous(db(), actor(), row) if row else None,
        uses=uses,
        open_campaigns=_open_campaigns() if row else [],
        form=StartForm(formdata=None),
        writes=actor().can("questionnaire.manage"),
    )


def _told(found: Questionnaire, labels: Labels, language: str) -> str:
    """A text in that language, with what stands for the words that a campaign will bring."""
    said = in_language(labels, language, found.default_language)
    return library.fill(said, questionnaire_preview.words())


def _open_campaigns() -> list[Any]:
    """The campaigns for which the actor may choose questionnaires."""
    if not actor().can("campaign.manage"):
        return []
    return [row for row in campaigns.listed(db(), actor()) if row.state not in ENDED]
