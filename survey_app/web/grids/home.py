"""The council's grids, each of them as it is read, two versions side by side, and its files."""

from __future__ import annotations

import uuid
from itertools import groupby
from typing import Any

from flask import Response, flash, make_response, redirect, render_template, request, url_for

from analysis import codebook_compare
from survey_app.domain import DomainError
from survey_app.models import CodebookVersion
from survey_app.security import access
from survey_app.services import campaigns, grid_drafts, grid_files, grid_moves, grids
from survey_app.web.grids.blueprint import bp, refused, to_draft
from survey_app.web.grids.forms import DraftForm
from survey_app.web.request import actor, db


@bp.get("/")
@access("codebook.read")
def home() -> Any:
    """What the council has, what it is rewriting, which campaign codes with what."""
    writes = actor().can("codebook.manage")
    rows = grids.versions(db(), actor())
    titles = {row.id: row for row in rows}
    return render_template(
        "grids/home.html",
        families=[list(group) for _, group in groupby(rows, key=lambda row: row.name)],
        drafts=grid_drafts.drafts(db(), actor()) if writes else [],
        campaigns=[(row, titles.get(row.codebook_version_id)) for row in _campaigns()],
        writes=writes,
        form=DraftForm(formdata=None),
    )


def _campaigns() -> list[Any]:
    return [row for row in campaigns.listed(db(), actor()) if row.state not in grid_moves.OVER]


@bp.get("/versions/<uuid:codebook_id>")
@access("codebook.read")
def version(codebook_id: uuid.UUID) -> Any:
    """A published version, as people read it."""
    row = grids.version(db(), actor(), codebook_id)
    book = grids.book(row)
    return render_template(
        "grids/version.html",
        row=row,
        book=book,
        pillars=pillar_names(row),
        before=grids.made_from(db(), actor(), row),
        notes=row.migrations[0].get("notes", "") if row.migrations else "",
        newer=[item for item in grids.versions(db(), actor(), row.name) if item.id != row.id],
        uses=[item for item in _campaigns() if item.codebook_version_id == row.id],
        kinds=grid_files.MEDIA,
        writes=actor().can("codebook.manage"),
        form=DraftForm(formdata=None),
    )


def pillar_names(row: CodebookVersion) -> dict[str, str]:
    """The pillars that a grid knows, id to label."""
    groupings = {item.id: item for item in grids.book(row).groupings}
    found = groupings.get("piliers_2015")
    return {group.id: group.label for group in found.groups} if found else {}


@bp.get("/versions/<uuid:codebook_id>/fichier.<any(csv, qdc, yaml):kind>")
@access("codebook.read")
def download(codebook_id: uuid.UUID, kind: str) -> Response:
    """A version as a file to save."""
    row = grids.version(db(), actor(), codebook_id)
    answer = make_response(grid_files.export(db(), actor(), row, kind))
    answer.headers["Content-Type"] = grid_files.MEDIA[kind]
    name = f"{grid_drafts.slug(row.name)}-{row.version}.{kind}"
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


@bp.get("/versions/<uuid:codebook_id>/comparer")
@access("codebook.read")
def compare(codebook_id: uuid.UUID) -> Any:
    """What differs from another version of the same grid: the one it was made from, or ``avec``."""
    row = grids.version(db(), actor(), codebook_id)
    others = [item for item in grids.versions(db(), actor(), row.name) if item.id != row.id]
    wanted = request.args.get("avec", "")
    before = next((item for item in others if str(item.id) == wanted), None)
    before = before or grids.made_from(db(), actor(), row) or (others[0] if others else None)
    found: list[str] = []
    if before is not None:
        become = grids.become(db(), actor(), before, row)
        found = codebook_compare.differences(grids.book(before), grids.book(row), become)
    return render_template(
        "grids/compare.html", row=row, before=before, others=others, differences=found
    )


@bp.post("/versions/<uuid:codebook_id>/brouillon")
@access("codebook.manage")
def begin(codebook_id: uuid.UUID) -> Any:
    """A draft of the next version, or the one being written."""
    row = grids.version(db(), actor(), codebook_id)
    try:
        made = grid_drafts.begin(db(), actor(), row)
    except DomainError as error:
        refused(error)
        return redirect(url_for("grids.version", codebook_id=row.id), 303)
    flash("Voici le brouillon. Rien ne change ailleurs tant qu’il n’est pas publié.", "success")
    return to_draft(made)
