"""The printing room: choose a campaign, then forms by language and sheets of cards."""

from __future__ import annotations

from flask import Blueprint, Response, make_response, render_template, request
from flask.typing import ResponseReturnValue

from survey_app.domain import DomainError
from survey_app.models import Campaign
from survey_app.security import access
from survey_app.services import campaigns, paper, scope
from survey_app.web import addresses, places
from survey_app.web.paper.forms import CardsForm
from survey_app.web.request import actor, db, form_error

bp = Blueprint("paper", __name__, url_prefix="/papier")


@bp.get("/")
@access("questionnaire.read")
def home() -> ResponseReturnValue:
    chosen = _campaign(request.args.get("campagne", ""))
    form = CardsForm(formdata=None)
    if chosen is not None:
        form.offer(chosen)
        form.place.data = request.args.get("quartier", "")
    return _page(chosen, form)


@bp.get("/formulaire")
@access("questionnaire.read")
def blank_form() -> ResponseReturnValue:
    chosen = _campaign(request.args.get("campagne", ""), guess=False)
    place = paper.place_of(chosen, request.args.get("quartier", ""))
    key, language = request.args.get("questionnaire", ""), request.args.get("langue", "fr")
    return _pdf(paper.form(db(), actor(), key, language, chosen, place))


@bp.post("/cartes")
@access("testimony.collect")
def cards() -> ResponseReturnValue:
    form = CardsForm()
    chosen = scope.campaign(db(), actor(), form.campaign.data or "")
    form.offer(chosen)
    if form.validate_on_submit():
        place = paper.place_of(chosen, form.place.data)
        try:
            made = paper.cards(
                db(), actor(), chosen, place, form.sheets.data, addresses.withdrawal_page()
            )
        except DomainError as error:
            form_error(form, error)
        else:
            return _pdf(made)
    return _page(chosen, form), 422


def _campaign(slug: str, *, guess: bool = True) -> Campaign | None:
    """The campaign asked for; without one, the council's only campaign."""
    if slug:
        return scope.campaign(db(), actor(), slug)
    found = campaigns.listed(db(), actor()) if guess else []
    return found[0] if len(found) == 1 else None


def _page(chosen: Campaign | None, form: CardsForm) -> str:
    return render_template(
        "paper/home.html",
        campaigns=campaigns.listed(db(), actor()),
        campaign=chosen,
        place=paper.place_of(chosen, request.args.get("quartier", "")),
        named=places.labels(chosen.neighbourhoods) if chosen else {},
        offers=paper.offers(db(), actor(), chosen),
        others=paper.others(db(), actor(), chosen),
        form=form,
        cards=actor().can("testimony.collect"),
        listening=chosen is not None and chosen.state in paper.LISTENING,
    )


def _pdf(made: paper.Printed) -> Response:
    answer = make_response(made.data)
    answer.mimetype = "application/pdf"
    answer.headers["Content-Disposition"] = f'attachment; filename="{made.name}"'
    answer.headers["Cache-Control"] = "no-store"
    return answer
