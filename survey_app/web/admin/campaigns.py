"""Campaigns: prepare one from good defaults, see what it lacks, move it on, name its signers."""

from __future__ import annotations

from datetime import datetime
from types import SimpleNamespace
from typing import Any
from uuid import UUID

from flask import flash, redirect, render_template, request, url_for

from survey_app.domain import DomainError, Invalid
from survey_app.models import Campaign
from survey_app.security import access
from survey_app.services import campaign_fields, campaigns, councils, neighbourhoods, scope, signers
from survey_app.services import campaign_questionnaires as chosen_questionnaires
from survey_app.services.meetings import METHODS
from survey_app.web.admin.forms import (
    CampaignForm,
    QuestionnairesForm,
    SignersForm,
    defaults,
    offered,
)
from survey_app.web.admin.views import bp, status_of
from survey_app.web.request import actor, db, form_error

AFTER = {
    "ready": "La campagne est prête. Vous pouvez prévoir les rencontres.",
    "draft": "La campagne est de nouveau un brouillon.",
    "running": "L’écoute est ouverte.",
    "review": "La campagne est en relecture.",
    "synthesis": "La campagne en est à sa synthèse.",
    "returned": "La campagne est restituée.",
}
LONGEST_REVISION = 10  # digits: more is not a number of ours


@bp.get("/campagnes", endpoint="campaigns")
@access("campaign.manage")
def campaigns_list() -> Any:
    return render_template("admin/campaigns.html", campaigns=campaigns.listed(db(), actor()))


@bp.route("/campagnes/nouvelle", methods=["GET", "POST"])
@access("campaign.manage")
def campaign_new() -> Any:
    today = datetime.now(campaign_fields.PARIS).date()
    council = councils.mine(db(), actor())
    form = CampaignForm(data=defaults(council.name, today))
    places = _offer(form)
    if form.validate_on_submit():
        try:
            row = campaigns.create(
                db(),
                actor(),
                form.slug.data or "",
                neighbourhood_codes=form.neighbourhoods.data,
                **_values(form),
            )
        except DomainError as error:
            form_error(form, error)
        else:
            flash("La campagne est enregistrée comme brouillon.", "success")
            return redirect(url_for("admin.campaign", slug=row.slug), 303)
    page = render_template("admin/campaign_form.html", form=form, campaign=None, places=places)
    return page, status_of(form)


@bp.get("/campagnes/<slug>")
@access("campaign.manage")
def campaign(slug: str) -> Any:
    row = scope.campaign(db(), actor(), slug)
    return _campaign_page(row, _signers_form(row))


@bp.route("/campagnes/<slug>/modifier", methods=["GET", "POST"])
@access("campaign.manage")
def campaign_edit(slug: str) -> Any:
    row = scope.campaign(db(), actor(), slug)
    form = CampaignForm(obj=_shown(row))
    del form.slug
    frozen = row.state not in {"draft", "ready"}
    if frozen:
        for name in campaign_fields.SAID:
            del form[name]
    places = _offer(form)
    if form.validate_on_submit():
        try:
            campaigns.edit(
                db(),
                actor(),
                row,
                neighbourhood_codes=form.neighbourhoods.data,
                revision=_revision(form),
                **_values(form, row),
            )
        except DomainError as error:
            form_error(form, error)
        else:
            flash("La campagne est à jour.", "success")
            return redirect(url_for("admin.campaign", slug=slug), 303)
    page = render_template(
        "admin/campaign_form.html", form=form, campaign=row, places=places, frozen=frozen
    )
    return page, status_of(form)


@bp.post("/campagnes/<slug>/etat")
@access("campaign.manage")
def campaign_move(slug: str) -> Any:
    row = scope.campaign(db(), actor(), slug)
    target = request.form.get("etat", "")
    campaigns.move(db(), actor(), row, target)
    flash(AFTER[target], "success")
    return redirect(url_for("admin.campaign", slug=slug), 303)


@bp.route("/campagnes/<slug>/questionnaires", methods=["GET", "POST"])
@access("campaign.manage")
def campaign_questionnaires(slug: str) -> Any:
    row = scope.campaign(db(), actor(), slug)
    offers = chosen_questionnaires.offers(db(), actor(), row)
    form = QuestionnairesForm(data={"questionnaires": [o.key for o in offers if o.chosen]})
    form.questionnaires.choices = offered({offer.key: offer.title for offer in offers})
    if form.validate_on_submit():
        try:
            chosen_questionnaires.choose(db(), actor(), row, form.questionnaires.data)
        except DomainError as error:
            form_error(form, error)
        else:
            flash("Les questionnaires de la campagne sont à jour.", "success")
            return redirect(url_for("admin.campaign", slug=slug), 303)
    page = render_template(
        "admin/campaign_questionnaires.html", form=form, campaign=row, offers=offers
    )
    return page, status_of(form)


@bp.post("/campagnes/<slug>/signataires")
@access("campaign.manage")
def campaign_signers(slug: str) -> Any:
    row = scope.campaign(db(), actor(), slug)
    form = _signers_form(row)
    if form.validate_on_submit():
        try:
            signers.name(
                db(),
                actor(),
                row,
                coordinator=_identifier(form.coordinator.data),
                body=_identifier(form.body.data),
            )
        except DomainError as error:
            form_error(form, error)
        else:
            flash("Les signataires sont désignés.", "success")
            return redirect(url_for("admin.campaign", slug=slug), 303)
    return _campaign_page(row, form)


def _campaign_page(row: Campaign, form: SignersForm) -> Any:
    page = render_template(
        "admin/campaign.html",
        campaign=row,
        gaps=campaign_fields.gaps(row) if row.state in {"draft", "ready"} else {},
        steps=campaigns.steps(row),
        methods=METHODS,
        form=form,
    )
    return page, status_of(form)


def _signers_form(row: Campaign) -> SignersForm:
    named = {capacity: str(who.id) for capacity, who in signers.named(db(), row).items()}
    form = SignersForm(data=named)
    for capacity in signers.CAPACITIES:
        people = signers.candidates(db(), actor(), capacity)
        form[capacity].choices = offered(
            {"": "Personne pour le moment"}
            | {str(person.id): person.display_name for person in people}
        )
    return form


def _offer(form: CampaignForm) -> dict[str, set[str]]:
    """Fill the choices that depend on the council; tell which places come first."""
    contracts = councils.contracts(db(), actor())
    form.contract_id.choices = offered(
        {"": "Aucun pour le moment"} | {str(c.id): f"{c.label} ({c.period})" for c in contracts}
    )
    own = {
        place.code: f"{place.municipality} – {place.name} ({place.code})"
        for place in neighbourhoods.of_council(db(), actor())
    }
    shipped = {place.code: place.label for place in neighbourhoods.known()}
    form.neighbourhoods.choices = offered(shipped | own)
    groups: dict[str, set[str]] = {"": set(own)}
    for place in sorted(neighbourhoods.known(), key=lambda place: place.department):
        if place.code not in own:
            groups.setdefault(place.department, set()).add(place.code)
    return groups


def _values(form: CampaignForm, row: Campaign | None = None) -> dict[str, Any]:
    values = form.values()
    values["actions"] = campaign_fields.actions_from(
        values.get("actions") or "", row.actions if row else ()
    )
    if values.get("contract_id"):
        values["contract_id"] = UUID(values["contract_id"])
    return values


def _shown(row: Campaign) -> SimpleNamespace:
    """The campaign as its form wants it: codes and text identifiers."""
    values = {name: getattr(row, name) for name in campaign_fields.FIELDS}
    values["contract_id"] = str(row.contract_id or "")
    values["actions"] = "\n".join(action["label"] for action in row.actions)
    values["neighbourhoods"] = [place.code for place in row.neighbourhoods]
    return SimpleNamespace(revision=row.revision, **values)


def _identifier(value: str) -> UUID | None:
    return UUID(value) if value else None


def _revision(form: CampaignForm) -> int:
    """The revision that the form was filled from; nobody's work is overwritten without it."""
    sent = "".join(form.revision.raw_data or ())
    if not (sent.isdecimal() and len(sent) < LONGEST_REVISION):
        raise Invalid(
            "Le formulaire est abîmé. Rien n’a été enregistré.",
            "Votre saisie est encore à l’écran : copiez-la, puis rechargez la page.",
        )
    return int(sent)
