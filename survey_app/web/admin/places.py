"""Neighbourhoods and the sectors that the council names in each."""

from __future__ import annotations

import uuid
from typing import Any

from flask import flash, redirect, render_template, url_for

from survey_app.domain import DomainError
from survey_app.models import Neighbourhood
from survey_app.security import access
from survey_app.services import councils, neighbourhoods
from survey_app.web.admin.forms import PlaceForm, SectorForm
from survey_app.web.admin.views import bp, status_of
from survey_app.web.request import actor, db, form_error


@bp.route("/quartiers", methods=["GET", "POST"])
@access("council.manage")
def places() -> Any:
    form = PlaceForm()
    if form.validate_on_submit():
        try:
            row = neighbourhoods.add(
                db(),
                actor(),
                form.code.data,
                form.name.data or "",
                form.municipality.data or "",
                form.insee_code.data or "",
            )
        except DomainError as error:
            form_error(form, error)
        else:
            flash(f"Le quartier {row.name} est là. Nommez maintenant ses secteurs.", "success")
            return redirect(url_for("admin.place", code=row.code), 303)
    present = neighbourhoods.of_council(db(), actor())
    sectors = councils.sectors(db(), actor())
    page = render_template(
        "admin/places.html",
        form=form,
        places=present,
        counts={row.id: sum(s.neighbourhood_id == row.id for s in sectors) for row in present},
        known=neighbourhoods.known(),
    )
    return page, status_of(form)


@bp.route("/quartiers/<code>", methods=["GET", "POST"])
@access("council.manage", writes=True)
def place(code: str) -> Any:
    """One neighbourhood and its sectors (a shipped one gets its row when it is first opened)."""
    row = neighbourhoods.by_code(db(), code)
    form = SectorForm()
    if form.validate_on_submit():
        try:
            councils.add_sector(
                db(), actor(), row, form.label.data, accept_address=form.accept_address.data
            )
        except DomainError as error:
            form_error(form, error)
        else:
            flash("Le secteur est ajouté.", "success")
            return redirect(url_for("admin.place", code=row.code), 303)
    return _place_page(row, form)


@bp.route("/secteurs/<uuid:sector_id>", methods=["GET", "POST"])
@access("council.manage")
def sector(sector_id: uuid.UUID) -> Any:
    """Rename a sector."""
    row = councils.sector(db(), actor(), sector_id)
    here = db().get_one(Neighbourhood, row.neighbourhood_id)
    form = SectorForm(obj=row)
    if form.validate_on_submit():
        try:
            councils.rename_sector(
                db(), actor(), row.id, form.label.data, accept_address=form.accept_address.data
            )
        except DomainError as error:
            form_error(form, error)
        else:
            flash("Le secteur a changé de nom.", "success")
            return redirect(url_for("admin.place", code=here.code), 303)
    page = render_template("admin/sector.html", form=form, sector=row, place=here)
    return page, status_of(form)


@bp.post("/secteurs/<uuid:sector_id>/retirer")
@access("council.manage")
def sector_remove(sector_id: uuid.UUID) -> Any:
    row = councils.sector(db(), actor(), sector_id)
    here = db().get_one(Neighbourhood, row.neighbourhood_id)
    councils.remove_sector(db(), actor(), row.id)
    flash("Le secteur est retiré.", "success")
    return redirect(url_for("admin.place", code=here.code), 303)


def _place_page(row: Neighbourhood, form: SectorForm) -> Any:
    page = render_template(
        "admin/place.html", place=row, form=form, sectors=councils.sectors(db(), actor(), row)
    )
    return page, status_of(form)
