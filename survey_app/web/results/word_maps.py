"""Words said together, passages in classes, words placed with themes: three pictures to open."""

from __future__ import annotations

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from survey_app.domain import NotFound
from survey_app.models import Campaign, Picture, Run
from survey_app.security import access
from survey_app.services import (
    analyses,
    classes_reading,
    network_reading,
    part_classes,
    part_network,
    part_plane,
    plane_reading,
    run_pictures,
    scope,
)
from survey_app.web.request import actor, db
from survey_app.web.results.blueprint import bp


@bp.route("/<slug>/reseau")
@access("analysis.read")
def network(slug: str) -> ResponseReturnValue:
    """The words said in one sentence: picture, groups, pairs."""
    found, run = _asked(slug)
    view = network_reading.view(db(), actor(), run, _page())
    return render_template(
        "results/network.html",
        campaign=found,
        run=run,
        view=view,
        picture=run_pictures.one(db(), run, part_network.PICTURE) if view and view.pairs else None,
    )


@bp.route("/<slug>/reseau/phrases")
@access("analysis.read")
def pair(slug: str) -> ResponseReturnValue:
    """The sentences in which two words of the network are both said."""
    found, run = _asked(slug)
    words = request.args.get("a", ""), request.args.get("b", "")
    told = network_reading.together(db(), actor(), found, run, words, _page())
    return render_template("results/pair.html", campaign=found, told=told)


@bp.route("/<slug>/classes")
@access("analysis.read")
def classes(slug: str) -> ResponseReturnValue:
    found, run = _asked(slug)
    view = classes_reading.view(db(), actor(), run, request.args.get("mode", ""))
    drawn = view is not None and view.mode == part_classes.SIMPLE and view.classes
    return render_template(
        "results/classes.html",
        campaign=found,
        run=run,
        view=view,
        modes=part_classes.MODES,
        note=part_classes.NOTE,
        picture=_picture(run, part_classes.PICTURE) if drawn else None,
    )


@bp.route("/<slug>/classes/<int:number>")
@access("analysis.read")
def word_class(slug: str, number: int) -> ResponseReturnValue:
    """The passages of a class, those that show it best first; 0: the passages of no class."""
    found, run = _asked(slug)
    view = classes_reading.view(db(), actor(), run, request.args.get("mode", ""))
    if view is None:
        raise NotFound()
    one = view.one(number)
    told = classes_reading.passages_of(db(), actor(), found, run, view.mode, number, _page())
    return render_template(
        "results/word_class.html",
        campaign=found,
        view=view,
        modes=part_classes.MODES,
        number=number,
        one=one,
        told=told,
    )


@bp.route("/<slug>/plan")
@access("analysis.read")
def plane(slug: str) -> ResponseReturnValue:
    """Words placed with the themes, or with what ``par`` says."""
    found, run = _asked(slug)
    listed = plane_reading.listed(db(), actor(), run)
    key = request.args.get("par", "")
    if not key and listed:
        return redirect(url_for("results.plane", slug=slug, par=listed[0][0]), 303)
    view = plane_reading.view(db(), actor(), run, key) if key and run else None
    return render_template(
        "results/plane.html",
        campaign=found,
        run=run,
        listed=listed,
        view=view,
        note=part_plane.NOTE,
        drawn=part_plane.DRAWN,
        picture=run_pictures.one(db(), run, f"{part_plane.PICTURE}{key}") if view else None,
    )


def _asked(slug: str) -> tuple[Campaign, Run | None]:
    found = scope.campaign(db(), actor(), slug)
    return found, analyses.latest(db(), actor(), found)


def _page() -> int:
    return request.args.get("page", 1, int)


def _picture(run: Run | None, name: str) -> Picture | None:
    """A picture that the job draws only where it can."""
    try:
        return run_pictures.one(db(), run, name)
    except NotFound:
        return None
