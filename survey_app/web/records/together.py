"""The separate answers to a survey, read together: the urn is opened, then everybody looks."""

from __future__ import annotations

import uuid
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for

from questionnaires.model import in_language
from survey_app.domain import DomainError
from survey_app.models import QuestionnaireVersion
from survey_app.security import access
from survey_app.services import intake, records_survey, records_together
from survey_app.web.records.forms import ActionForm
from survey_app.web.request import actor, db, form_error, runtime


def register(bp: Blueprint) -> None:
    """Add these pages to the room of the papers."""
    here = "/ensemble/<uuid:version_id>"
    bp.add_url_rule(here, "together", together)
    bp.add_url_rule(f"{here}/ouvrir", "open_urns", open_urns, methods=["GET", "POST"])
    bp.add_url_rule(f"{here}/effacer", "clear", clear, methods=["GET", "POST"])


@access("record.read")
def together(version_id: uuid.UUID) -> Any:
    """What the answers say together, for one year; the latest when none is asked for."""
    version = records_survey.get(db(), actor(), version_id)
    rounds = records_survey.counted(db(), actor(), version)
    year = request.args.get("annee", type=int)
    year = year if year in rounds else next(iter(rounds), None)
    whole = intake.parsed(version)
    return render_template(
        "records/together.html",
        title=in_language(whole.title, "fr"),
        years=list(rounds),
        year=year,
        found=records_together.read(whole, rounds[year]) if year else None,
        urn=_urn(version),
        **_around(version),
    )


@access("record.write")
def open_urns(version_id: uuid.UUID) -> Any:
    """Open the urn, after having been told that later answers will wait for others."""
    version = records_survey.get(db(), actor(), version_id)
    form = ActionForm()
    if form.validate_on_submit():
        try:
            opened = records_survey.open_urns(db(), actor(), version)
            flash(f"L’urne est ouverte : {opened} réponses se lisent ensemble.", "success")
            return redirect(url_for("records.together", version_id=version.id), 303)
        except DomainError as error:
            form_error(form, error)
    status = 422 if form.is_submitted() else 200
    page = render_template(
        "records/open.html",
        title=in_language(intake.parsed(version).title, "fr"),
        form=form,
        urn=_urn(version),
        **_around(version),
    )
    return page, status


@access("record.erase")
def clear(version_id: uuid.UUID) -> Any:
    """Erase all the answers to a survey, after having been asked."""
    version = records_survey.get(db(), actor(), version_id)
    form = ActionForm()
    if form.validate_on_submit():
        records_survey.clear(db(), actor(), runtime(), version)
        flash("Toutes les réponses à ce questionnaire sont effacées.", "success")
        return redirect(url_for("records.home"), 303)
    title = in_language(intake.parsed(version).title, "fr")
    return render_template("records/clear.html", title=title, form=form, **_around(version))


def _urn(version: QuestionnaireVersion) -> list[tuple[str, int]]:
    """Whose answers wait, and how many."""
    found = records_survey.waiting(db(), actor(), version)
    return [(records_together.SIDES[name], number) for name, number in found.items()]


def _around(version: QuestionnaireVersion) -> dict[str, Any]:
    return {
        "version": version,
        "threshold": records_survey.THRESHOLD,
        "may_open": actor().can("record.write"),
        "may_clear": actor().can("record.erase"),
    }
