"""Periods side by side, and who was heard beside the figures of the neighbourhood."""

from __future__ import annotations

from dataclasses import asdict

from flask import Response, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from analysis import listened as pure
from survey_app.domain import DomainError, Invalid
from survey_app.security import access
from survey_app.services import (
    analyses,
    listened_reading,
    part_listened,
    periods,
    reference_figures,
    run_pictures,
    scope,
)
from survey_app.web.request import actor, db, form_error
from survey_app.web.results.blueprint import bp
from survey_app.web.results.listened_forms import FiguresForm, PeriodsForm


@bp.route("/<slug>/periodes")
@access("analysis.read")
def period_list(slug: str) -> ResponseReturnValue:
    found = scope.campaign(db(), actor(), slug)
    run = analyses.latest(db(), actor(), found)
    compared = listened_reading.comparison(db(), actor(), found, run)
    shown = compared is not None and bool(compared.waves)
    return render_template(
        "results/periods.html",
        campaign=found,
        run=run,
        compared=compared,
        chosen=periods.current(found),
        picture=run_pictures.one(db(), run, part_listened.PERIODS) if shown else None,
    )


@bp.route("/<slug>/periodes/dates", methods=["GET", "POST"])
@access("analysis.run")
def period_dates(slug: str) -> ResponseReturnValue:
    found = scope.campaign(db(), actor(), slug)
    lines = [asdict(period) for period in periods.current(found)]
    lines += [{}] * (len(lines) < periods.MOST)
    form = PeriodsForm(data={"seen": periods.stamp(found), "lines": lines})
    if form.validate_on_submit():
        try:
            periods.save(db(), actor(), found, form.chosen(), form.seen.data or "")
        except DomainError as error:
            form_error(form, error)
            form.seen.data = periods.stamp(found)
        else:
            said = "Les périodes sont enregistrées. Relancez l’analyse pour les comparer."
            flash(said, "success")
            return redirect(url_for("results.period_list", slug=slug), 303)
    page = render_template("results/period_dates.html", campaign=found, form=form)
    return page, 422 if form.errors else 200


@bp.route("/<slug>/entendus")
@access("analysis.read")
def heard(slug: str) -> ResponseReturnValue:
    found = scope.campaign(db(), actor(), slug)
    run = analyses.latest(db(), actor(), found)
    return render_template(
        "results/heard.html",
        campaign=found,
        run=run,
        heard=listened_reading.heard(db(), actor(), found, run),
        figures=listened_reading.figures(found),
        caution=pure.CAUTION,
        enough=pure.ENOUGH,
    )


@bp.route("/<slug>/entendus/chiffres", methods=["GET", "POST"])
@access("analysis.run")
def heard_figures(slug: str) -> ResponseReturnValue:
    """Bring a table of figures; its faulty lines are told, all together."""
    found = scope.campaign(db(), actor(), slug)
    form = FiguresForm()
    problems: list[str] = []
    if form.validate_on_submit():
        with form.table.data.stream as stream:
            data = stream.read()
        try:
            kept, aside = reference_figures.bring(db(), actor(), found, data)
        except Invalid as error:
            problems = reference_figures.problems(data)
            form_error(form, error)
        else:
            flash(reference_figures.told(kept, aside), "success")
            return redirect(url_for("results.heard", slug=slug), 303)
    page = render_template(
        "results/heard_figures.html",
        campaign=found,
        form=form,
        problems=problems,
        figures=listened_reading.figures(found),
        places=found.neighbourhoods,
    )
    return page, 422 if form.errors else 200


@bp.route("/<slug>/entendus/chiffres/retirer", methods=["POST"])
@access("analysis.run")
def remove_figures(slug: str) -> ResponseReturnValue:
    found = scope.campaign(db(), actor(), slug)
    reference_figures.remove(db(), actor(), found)
    flash("Les chiffres sont retirés. Relancez l’analyse.", "success")
    return redirect(url_for("results.heard", slug=slug), 303)


@bp.route("/<slug>/entendus/exemple.csv")
@access("analysis.read")
def figures_example(slug: str) -> ResponseReturnValue:
    """A table to fill in, whose figures are invented, and say so."""
    found = scope.campaign(db(), actor(), slug)
    name = f"chiffres-du-quartier-{found.slug}.csv"
    return Response(
        reference_figures.example(found),
        mimetype="text/csv",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )
