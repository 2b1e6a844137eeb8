"""One page: a few words, and the passages of masked texts that hold them."""

from __future__ import annotations

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from wtforms.fields.choices import SelectChoice

from survey_app.domain import Invalid
from survey_app.security import access
from survey_app.services import scope, search
from survey_app.web.request import actor, db
from survey_app.web.search.forms import SearchForm

bp = Blueprint("search", __name__, url_prefix="/recherche")


@bp.get("/")
@access("testimony.read_masked")
def home() -> ResponseReturnValue:
    """The form alone, or with what was found; a query that means nothing gets a sentence."""
    form = SearchForm(request.args)
    rows = search.campaigns(db(), actor())
    form.campagne.choices = [
        SelectChoice("", "Toutes les campagnes"),
        *(SelectChoice(row.slug, row.title) for row in rows),
    ]
    asked, found, status = "q" in request.args, None, 200
    if asked:
        slug = form.campagne.data or ""
        campaign = scope.campaign(db(), actor(), slug) if slug else None
        try:
            found = search.look_for(
                db(),
                actor(),
                form.q.data or "",
                campaign=campaign,
                file=form.file.data or "",
                page=request.args.get("page", 1, int),
            )
        except Invalid as error:
            form.q.errors, status = [str(error)], 422
    kept = {key: request.args[key] for key in ("q", "campagne", "file") if key in request.args}
    page = render_template("search/home.html", form=form, found=found, kept=kept, actor=actor())
    return page, status
