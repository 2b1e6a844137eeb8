"""Themes said together, and what each meeting brings that was not heard before."""

from __future__ import annotations

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from analysis import theme_pairs as pure
from survey_app.security import access
from survey_app.services import analyses, part_themes, run_pictures, scope, themes_reading
from survey_app.web.request import actor, db
from survey_app.web.results.blueprint import bp

FIRST = 15  # pairs shown at once; the others are folded


@bp.route("/<slug>/ensemble")
@access("analysis.read")
def theme_pairs(slug: str) -> ResponseReturnValue:
    found = scope.campaign(db(), actor(), slug)
    run = analyses.latest(db(), actor(), found)
    pairs = themes_reading.together(db(), actor(), run)
    drawn = any(pair.both.testimonies >= part_themes.FEWEST for pair in pairs or ())
    return render_template(
        "results/theme_pairs.html",
        campaign=found,
        run=run,
        pairs=pairs,
        first=FIRST,
        caution=pure.CAUTION,
        picture=run_pictures.one(db(), run, part_themes.PAIRS) if drawn else None,
    )


@bp.route("/<slug>/ensemble/extraits")
@access("analysis.read")
def theme_pair(slug: str) -> ResponseReturnValue:
    """The excerpts behind two themes; with ``memes``, those that overlap."""
    found = scope.campaign(db(), actor(), slug)
    run = analyses.latest(db(), actor(), found)
    codes = request.args.get("a", ""), request.args.get("b", "")
    overlapping = "memes" in request.args
    pair, page = themes_reading.pair_excerpts(
        db(), actor(), found, run, codes, overlapping, request.args.get("page", 1, int)
    )
    counted = pair.overlap if overlapping else pair.both
    note = (
        "Seuls les extraits de ces deux thèmes qui se recouvrent sont ici."
        if overlapping
        else "Les extraits de l’un ou l’autre thème, dans les témoignages qui parlent des deux."
    )
    asked = {"a": codes[0], "b": codes[1]} | ({"memes": "1"} if overlapping else {})
    return render_template(
        "results/gathered.html",
        campaign=found,
        run=run,
        page=page,
        note=note,
        changed=counted != page.counts,
        back=(url_for("results.theme_pairs", slug=slug), "Thèmes ensemble"),
        endpoint="results.theme_pair",
        asked=asked,
    )


@bp.route("/<slug>/saturation")
@access("analysis.read")
def saturation(slug: str) -> ResponseReturnValue:
    found = scope.campaign(db(), actor(), slug)
    run = analyses.latest(db(), actor(), found)
    curve = themes_reading.curve(db(), actor(), run)
    names = (part_themes.THEMES_CURVE, part_themes.CODES_CURVE) if curve else ()
    pictures = [run_pictures.one(db(), run, name) for name in names]
    return render_template(
        "results/saturation.html", campaign=found, run=run, curve=curve, pictures=pictures
    )


@bp.route("/<slug>/saturation/extraits")
@access("analysis.read")
def saturation_step(slug: str) -> ResponseReturnValue:
    """What a meeting was the first to say."""
    found = scope.campaign(db(), actor(), slug)
    run = analyses.latest(db(), actor(), found)
    rank = request.args.get("rencontre", 0, int)
    step, page = themes_reading.new_excerpts(
        db(), actor(), found, run, rank, request.args.get("page", 1, int)
    )
    new = ", ".join(label for _, label in (*step.themes, *step.codes))
    return render_template(
        "results/gathered.html",
        campaign=found,
        run=run,
        page=page,
        note=f"Entendu ici pour la première fois : {new or 'rien de nouveau'}.",
        changed=False,
        back=(url_for("results.saturation", slug=slug), "Saturation"),
        endpoint="results.saturation_step",
        asked={"rencontre": rank},
    )
