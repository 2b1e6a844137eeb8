"""The blueprint, and what every page about a draft of a grid needs."""

from __future__ import annotations

import uuid
from typing import Any

from flask import Blueprint, flash, g, redirect, request, url_for
from flask_wtf import FlaskForm

from analysis.codebook import Code, Codebook, Theme
from analysis.codebook_steps import Change
from survey_app.domain import Conflict, DomainError, NotFound
from survey_app.models import CodebookVersion
from survey_app.services import grid_drafts, grids
from survey_app.web.request import actor, db, form_error

bp = Blueprint("grids", __name__, url_prefix="/grilles")

NEVER = -1
"""A revision that no draft has: what is sent without one is refused as out of date."""
LONGEST_TOLD = 600
"""Signs of a refusal that travels in the cookie."""


def opened(codebook_id: uuid.UUID) -> tuple[CodebookVersion, Codebook]:
    """A draft and what it says now."""
    row = grid_drafts.get(db(), actor(), codebook_id)
    return row, grids.book(row)


def sent_revision() -> int:
    """The revision that the posted page was made from."""
    sent = request.form.get("revision", "")
    return int(sent) if sent.isdecimal() and len(sent) < 10 else NEVER


def code_of(book: Codebook, name: str) -> Code:
    """A code, a theme or a reviewing code of this grid; a page that does not exist otherwise."""
    if name not in book:
        raise NotFound()
    return book.code(name)


def theme_of(book: Codebook, name: str) -> Theme | None:
    """The theme of that very name, or None."""
    return next((theme for theme in book.themes if theme.code == name), None)


def changed(row: CodebookVersion, form: FlaskForm, change: Change) -> bool:
    """Change the draft; a refusal stands on top of the form, with all that was typed."""
    try:
        grid_drafts.change(db(), actor(), row, sent_revision(), change)
    except DomainError as error:
        keep_refused(row, form, error)
        return False
    return True


def keep_refused(row: CodebookVersion, form: FlaskForm, error: DomainError) -> None:
    """Show the form again with the refusal; sent once more, it knows that the draft changed."""
    form_error(form, error)
    form.revision.data = str(row.revision)
    form.refused = error.status


def refused(error: DomainError) -> None:
    """Say on the next page why a button did nothing; nothing that it began is kept."""
    g.failed = True
    told = str(error)
    if isinstance(error, Conflict):
        told = f"{error.message} Rien n’a été changé : voici ce qu’il en est à présent."
    flash(told[:LONGEST_TOLD], "error")


def status_of(form: FlaskForm) -> int:
    """200, or what the refusal says of itself."""
    if not form.is_submitted():
        return 200
    return getattr(form, "refused", 422) if form.errors else 200


def to_draft(row: CodebookVersion, anchor: str | None = None) -> Any:
    return redirect(url_for("grids.draft", codebook_id=row.id, _anchor=anchor), 303)
