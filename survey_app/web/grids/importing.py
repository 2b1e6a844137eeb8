"""A grid from a file: read, and made a draft that people look through before publishing."""

from __future__ import annotations

from typing import Any

from flask import flash, render_template

from analysis.wording import count
from survey_app.domain import DomainError
from survey_app.security import access
from survey_app.services import grid_drafts, grid_files
from survey_app.web.grids.blueprint import LONGEST_TOLD, bp, status_of, to_draft
from survey_app.web.grids.forms import ImportForm
from survey_app.web.request import actor, db, form_error


@bp.route("/importer", methods=["GET", "POST"])
@access("codebook.manage")
def import_grid() -> Any:
    """Choose a file; it becomes a draft, or the page says where it is faulty."""
    form = ImportForm()
    if form.validate_on_submit():
        sent = form.grid.data
        try:
            found = grid_files.read(sent.filename or "", sent.read())
            row = grid_drafts.begin_from_file(db(), actor(), found.book, found.licence)
        except DomainError as error:
            form_error(form, error)
            form.refused = error.status
        else:
            codes = count(len(found.book.all_codes()), "code")
            told = f"{count(len(found.book.themes), 'thème')} et {codes} sont lus."
            flash(" ".join([told, *found.losses])[:LONGEST_TOLD], "success")
            return to_draft(row)
    return render_template("grids/import.html", form=form), status_of(form)
