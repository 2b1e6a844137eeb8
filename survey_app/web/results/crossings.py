"""Themes crossed with a place, a method, a profile or a facet, and what is behind each number."""

from __future__ import annotations

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from survey_app.security import access
from survey_app.services import analyses, crossings, results, scope
from survey_app.web.request import actor, db
from survey_app.web.results.blueprint import bp


@bp.route("/<slug>/croisements")
@access("analysis.read")
def crossing_list(slug: str) -> ResponseReturnValue:
    """The crossing chosen, or the first one, or what to do to have one.

    A filter that leaves nothing to show with another crossing is dropped.
    """
    found = scope.campaign(db(), actor(), slug)
    run = analyses.latest(db(), actor(), found)
    listed = crossings.listed(db(), actor(), run)
    if listed:
        asked = request.args.get("avec") or listed[0][0]
        wanted = request.args.get("filtre", "")
        key = wanted if crossings.offers(db(), actor(), run, asked, wanted) else ""
        there = url_for("results.crossing", slug=slug, name=asked, filtre=key or None)
        return redirect(there, 303)
    return render_template("results/no_crossing.html", campaign=found, run=run)


@bp.route("/<slug>/croisements/<name>")
@access("analysis.read")
def crossing(slug: str, name: str) -> ResponseReturnValue:
    found = scope.campaign(db(), actor(), slug)
    run = analyses.latest(db(), actor(), found)
    key = request.args.get("filtre", "")
    return render_template(
        "results/crossing.html",
        campaign=found,
        run=run,
        listed=crossings.listed(db(), actor(), run),
        view=crossings.view(db(), actor(), run, name, key),
    )


@bp.route("/<slug>/croisements/<name>/extraits")
@access("analysis.read")
def cell(slug: str, name: str) -> ResponseReturnValue:
    """The excerpts behind one visible number of a crossing."""
    found = scope.campaign(db(), actor(), slug)
    run = analyses.latest(db(), actor(), found)
    key, code = request.args.get("filtre", ""), request.args.get("theme", "")
    value = request.args.get("colonne", "")
    view = crossings.view(db(), actor(), run, name, key)
    asked = request.args.get("page", 1, int)
    page = results.cell(db(), actor(), found, view, code, value, asked)
    return render_template(
        "results/cell.html",
        campaign=found,
        page=page,
        view=view,
        asked={"name": name, "filtre": key, "theme": code, "colonne": value},
    )
