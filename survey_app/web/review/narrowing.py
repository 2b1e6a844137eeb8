"""What the address of a queue asks for: its filters, and where in it."""

from __future__ import annotations

import uuid

from flask import request

from analysis import search, tables
from survey_app.models import Campaign
from survey_app.services import grids, queue, queue_filters
from survey_app.services.queue_filters import Filters
from survey_app.web import places
from survey_app.web.filters import date_fr
from survey_app.web.request import actor, db
from survey_app.web.review.forms import FilterForm, offered

NAMES = ("quartier", "rencontre", "methode", "du", "au", "theme", "codeur", "mots")


def asked(found: Campaign) -> tuple[FilterForm, Filters]:
    """The filter form of a campaign, and what it asks for."""
    form = FilterForm(request.args)
    book = grids.of(db(), actor(), found) if found.codebook_version_id else None
    form.quartier.choices = offered("Tous", places.labels(found.neighbourhoods))
    form.rencontre.choices = offered(
        "Toutes",
        {
            str(row.id): f"{date_fr(row.held_on)}, {row.place or row.neighbourhood.name}"
            for row in queue.meetings(db(), actor(), found)
        },
    )
    themes = {theme.code: theme.label for theme in book.themes} if book else {}
    form.theme.choices = offered("Tous", themes)
    form.codeur.choices = offered("Tout le monde", queue_filters.coders(db(), actor(), found))
    form.validate()
    theme = form.theme.data or ""
    return form, Filters(
        neighbourhood=form.quartier.data or "",
        meeting=_key(form.rencontre.data),
        method=form.methode.data or "",
        since=form.du.data,
        until=form.au.data,
        codes=tuple(tables.codes_under(book, theme)) if book and theme in themes else (),
        coder=_key(form.codeur.data),
        terms=_terms(form),
    )


def _key(value: str | None) -> uuid.UUID | None:
    try:
        return uuid.UUID(value or "")
    except ValueError:
        return None


def _terms(form: FilterForm) -> tuple[search.Term, ...]:
    """What is looked for; what can't be is told under its box, and nothing is then looked for."""
    words = (form.mots.data or "").strip()
    try:
        return search.parse(words) if words else ()
    except search.QueryError as error:
        form.mots.errors = [str(error)]
        return ()


def kept() -> dict[str, str]:
    """The filters of the address, to be kept in the links of the page."""
    return {name: request.args[name] for name in NAMES if request.args.get(name)}


def number(name: str) -> int | None:
    """A testimony's number in the address; what cannot be one is as if it were absent."""
    found = request.args.get(name, type=int)
    return found if found is not None and 0 < found < 2**31 else None
