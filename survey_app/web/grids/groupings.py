"""Local groupings of themes: their groups, and the group of each theme."""

from __future__ import annotations

import uuid
from typing import Any

from flask import flash, render_template, request

from analysis.codebook import Grouping
from analysis.codebook_steps import PILLARS, Change
from survey_app.domain import NotFound
from survey_app.security import access
from survey_app.services import grid_drafts
from survey_app.web.grids.blueprint import bp, changed, opened, status_of, to_draft
from survey_app.web.grids.forms import GroupingForm, words

NEW = "nouveau"
OUTSIDE = ""


@bp.route("/brouillons/<uuid:codebook_id>/regroupement/<name>", methods=["GET", "POST"])
@access("codebook.manage")
def grouping(codebook_id: uuid.UUID, name: str) -> Any:
    """Groups of themes; a theme that is in none stays outside, and the page says so."""
    row, book = opened(codebook_id)
    known = {item.id: item for item in book.groupings}
    if name == PILLARS or (name != NEW and name not in known):
        raise NotFound()
    found = known.get(name, Grouping("", "", ()))
    labels = "\n".join(group.label for group in found.groups)
    form = GroupingForm(data={"label": found.label, "groups": labels, "revision": row.revision})
    themes = [theme.code for theme in book.themes]
    placed = {code: group.id for group in found.groups for code in group.themes}
    if form.is_submitted():
        placed = {code: request.form.get(f"theme-{code}", "")[:20] for code in themes}
    if form.validate_on_submit():
        key = found.id or _free(form.label.data, set(known))
        groups = tuple(
            {"id": place, "label": label, "themes": [c for c in themes if placed[c] == place]}
            for place, label in zip(_ids(found), words(form.groups.data), strict=False)
        )
        texts = {"label": form.label.data.strip()}
        if changed(row, form, Change("grouping", code=key, parts=groups, texts=texts)):
            flash("Le regroupement est enregistré.", "success")
            return to_draft(row, "regroupements")
    page = render_template(
        "grids/grouping.html", row=row, book=book, form=form, found=found, placed=placed, name=name
    )
    return page, status_of(form)


def _ids(found: Grouping) -> list[str]:
    """Names of groups by rank: those there are, then free ones."""
    known = [group.id for group in found.groups]
    more = (f"groupe-{rank}" for rank in range(1, 100))
    return [*known, *(name for name in more if name not in known)]


def _free(label: str | None, known: set[str]) -> str:
    """A technical name for a new grouping."""
    slug = grid_drafts.slug(label or "regroupement")[:40].strip("-")
    names = [slug, *(f"{slug}-{rank}" for rank in range(2, 100))]
    return next(name for name in names if name not in known)
