"""The draft of a grid on one page: themes, codes, and a button for each gesture."""

from __future__ import annotations

import uuid
from typing import Any

from flask import flash, redirect, render_template, url_for

from analysis import codebook_changes
from survey_app.domain import DomainError
from survey_app.security import access
from survey_app.services import grid_drafts
from survey_app.web.grids.blueprint import (
    bp,
    keep_refused,
    opened,
    refused,
    sent_revision,
    status_of,
    to_draft,
)
from survey_app.web.grids.forms import DraftForm, PublishForm
from survey_app.web.grids.home import pillar_names
from survey_app.web.request import actor, db


@bp.get("/brouillons/<uuid:codebook_id>")
@access("codebook.manage")
def draft(codebook_id: uuid.UUID) -> Any:
    row, book = opened(codebook_id)
    made = grid_drafts.changes(row)
    return render_template(
        "grids/draft.html",
        row=row,
        book=book,
        pillars=pillar_names(row),
        count=len(made),
        last=codebook_changes.sentence(made[-1]) if made else "",
        form=DraftForm(formdata=None, data={"revision": row.revision}),
    )


@bp.post("/brouillons/<uuid:codebook_id>/annuler")
@access("codebook.manage")
def undo(codebook_id: uuid.UUID) -> Any:
    """Take the last change back."""
    row, _ = opened(codebook_id)
    try:
        grid_drafts.undo(db(), actor(), row, sent_revision())
    except DomainError as error:
        refused(error)
    else:
        flash("Le dernier changement est annulé.", "success")
    return to_draft(row)


@bp.route("/brouillons/<uuid:codebook_id>/publier", methods=["GET", "POST"])
@access("codebook.manage")
def publish(codebook_id: uuid.UUID) -> Any:
    """What changes, then the button."""
    row, book = opened(codebook_id)
    number = grid_drafts.proposed(db(), actor(), row)
    form = PublishForm(data={"revision": row.revision, "number": number})
    if form.validate_on_submit():
        try:
            made = grid_drafts.publish(
                db(), actor(), row, sent_revision(), form.number.data or "", form.notes.data or ""
            )
        except DomainError as error:
            keep_refused(row, form, error)
        else:
            flash(f"La version {made.version} est publiée. Elle ne changera plus.", "success")
            return redirect(url_for("grids.version", codebook_id=made.id), 303)
    page = render_template(
        "grids/publish.html",
        row=row,
        book=book,
        form=form,
        differences=grid_drafts.differences(db(), actor(), row),
    )
    return page, status_of(form)


@bp.route("/brouillons/<uuid:codebook_id>/supprimer", methods=["GET", "POST"])
@access("codebook.manage")
def drop(codebook_id: uuid.UUID) -> Any:
    """Give up a draft, once it was asked."""
    row, _ = opened(codebook_id)
    form = DraftForm(data={"revision": row.revision})
    if form.validate_on_submit():
        try:
            grid_drafts.drop(db(), actor(), row, sent_revision())
        except DomainError as error:
            refused(error)
            return to_draft(row)
        flash("Le brouillon est supprimé. Les versions publiées restent.", "success")
        return redirect(url_for("grids.home"), 303)
    return render_template("grids/drop.html", row=row, form=form), status_of(form)
