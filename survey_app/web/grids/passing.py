"""A campaign and its grid: pass to another version, come back, share out what was divided."""

from __future__ import annotations

import uuid
from typing import Any

from flask import flash, redirect, render_template, request, url_for

from survey_app.domain import DomainError, NotFound
from survey_app.models import Campaign, CodebookChange, CodebookVersion
from survey_app.security import access
from survey_app.services import grid_moves, grid_sharing, grids, scope
from survey_app.web.filters import plural
from survey_app.web.grids.blueprint import bp, refused
from survey_app.web.request import actor, db


@bp.get("/campagnes/<slug>")
@access("codebook.manage")
def campaign(slug: str) -> Any:
    """The campaign's grid, the versions it may pass to, and what each would change."""
    found = scope.campaign(db(), actor(), slug)
    change = grid_moves.latest(db(), actor(), found)
    choices = grid_moves.choices(db(), actor(), found)
    wanted = request.args.get("version", "")
    target = next((row for row in choices if str(row.id) == wanted), None)
    return render_template(
        "grids/campaign.html",
        campaign=found,
        now=grids.version_of(db(), actor(), found) if found.codebook_version_id else None,
        choices=choices,
        plan=grid_moves.plan(db(), actor(), found, target) if target is not None else None,
        change=change,
        before=_version(change.from_version_id) if change is not None else None,
        why_not=grid_moves.why_not_undo(db(), actor(), change) if change is not None else "",
        waiting=grid_sharing.count(db(), change),
    )


def _version(version_id: uuid.UUID) -> CodebookVersion:
    return grids.version(db(), actor(), version_id)


@bp.post("/campagnes/<slug>/passer")
@access("codebook.manage")
def apply(slug: str) -> Any:
    """Bring the campaign and its codings to a version."""
    found = scope.campaign(db(), actor(), slug)
    target = grids.version(db(), actor(), request.form.get("version", ""))
    try:
        change = grid_moves.apply(db(), actor(), found, target, _seen())
    except DomainError as error:
        refused(error)
    else:
        left = grid_sharing.count(db(), change)
        told = f"La campagne code désormais avec la version {target.version}."
        more = f" {plural(left, 'passage')} à répartir." if left else ""
        flash(told + more, "success")
    return _back(found)


@bp.post("/campagnes/<slug>/revenir")
@access("codebook.manage")
def undo_passing(slug: str) -> Any:
    """Come back to the version before, with its codings."""
    found, change = _standing(slug)
    try:
        grid_moves.undo(db(), actor(), found, change)
    except DomainError as error:
        refused(error)
    else:
        flash("La campagne est revenue à sa grille d’avant, avec ses codages.", "success")
    return _back(found)


@bp.get("/campagnes/<slug>/a-repartir")
@access("codebook.manage")
def sharing(slug: str) -> Any:
    """The codings of a divided code, with their words and the codes they may take."""
    found, change = _standing(slug)
    items = grid_sharing.waiting(db(), actor(), change)
    return render_template(
        "grids/sharing.html",
        campaign=found,
        items=items,
        left=grid_sharing.count(db(), change),
        book=grids.of(db(), actor(), found),
    )


@bp.post("/campagnes/<slug>/a-repartir")
@access("codebook.manage")
def share(slug: str) -> Any:
    """Keep what was chosen on the page; what has no box ticked goes on waiting."""
    found, change = _standing(slug)
    try:
        if request.form.get("do") == "leave":
            done = grid_sharing.leave(db(), actor(), found, change)
        else:
            done = grid_sharing.share(db(), actor(), found, change, _chosen())
    except DomainError as error:
        refused(error)
        return redirect(url_for("grids.sharing", slug=slug), 303)
    flash(f"{plural(done, 'passage réparti', 'passages répartis')}.", "success")
    if grid_sharing.count(db(), grid_moves.latest(db(), actor(), found)):
        return redirect(url_for("grids.sharing", slug=slug), 303)
    return _back(found)


def _chosen() -> dict[uuid.UUID, list[str]]:
    found = {}
    for name in request.form:
        try:
            key = uuid.UUID(name.removeprefix("c-"))
        except ValueError:
            continue
        found[key] = request.form.getlist(name)[:20]
    return found


def _standing(slug: str) -> tuple[Campaign, CodebookChange]:
    found = scope.campaign(db(), actor(), slug)
    change = grid_moves.latest(db(), actor(), found)
    if change is None:
        raise NotFound()
    return found, change


def _seen() -> uuid.UUID | None:
    try:
        return uuid.UUID(request.form.get("seen", ""))
    except ValueError:
        return None


def _back(found: Campaign) -> Any:
    return redirect(url_for("grids.campaign", slug=found.slug), 303)
