"""The administration's first page, the council's identity and its city contracts."""

from __future__ import annotations

import uuid
from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for

from survey_app.domain import DomainError
from survey_app.permissions import PERMISSIONS
from survey_app.security import access
from survey_app.services import councils
from survey_app.web.admin.forms import ContractForm, CouncilForm
from survey_app.web.request import actor, db, form_error

bp = Blueprint("admin", __name__, url_prefix="/administration")

SECTIONS = (
    ("admin.campaigns", "Campagnes", "campaign.manage"),
    ("admin.places", "Quartiers et secteurs", "council.manage"),
    ("admin.council", "Conseil et contrats", "council.manage"),
    ("admin.accounts", "Comptes et rôles", "account.manage"),
    ("admin.contacts", "Contacts", "contact.read"),
    ("admin.journal", "Journal", "journal.read"),
    ("admin.register", "Registre", "register.read"),
)
ABOUT = {
    "admin.campaigns": "Préparer une campagne, voir ce qui lui manque, la faire avancer.",
    "admin.places": "Les quartiers où vous écoutez, et leurs parties.",
    "admin.council": "Qui vous êtes, et les contrats de ville que vous évaluez.",
    "admin.accounts": "Qui peut se connecter, et ce que chacun peut faire.",
    "admin.contacts": "Les personnes à prévenir après la restitution.",
    "admin.journal": "Qui a fait quoi, et quand. Aucune parole n’y est écrite.",
    "admin.register": "Le registre pour la protection des données.",
}
assert all(action in PERMISSIONS for _, _, action in SECTIONS)


def sections() -> list[dict[str, str]]:
    """The links of the administration that the actor may open."""
    return [
        {"url": url_for(endpoint), "label": label, "about": ABOUT[endpoint]}
        for endpoint, label, action in SECTIONS
        if actor().can(action)
    ]


# Called by the layout alone: a refusal of these addresses has its own page, and nobody to ask.
bp.context_processor(lambda: {"sections": sections})


@bp.get("/")
@access("council.manage")
def home() -> Any:
    return render_template("admin/home.html", council=councils.mine(db(), actor()))


@bp.route("/conseil", methods=["GET", "POST"])
@access("council.manage")
def council() -> Any:
    row = councils.mine(db(), actor())
    form = CouncilForm(
        data=row.composition | {"name": row.name, "kind": row.kind, "mandate": row.mandate}
    )
    if form.validate_on_submit():
        counts = {"residents": form.residents.data, "organisations": form.organisations.data}
        try:
            councils.edit(
                db(),
                actor(),
                name=form.name.data,
                kind=form.kind.data,
                mandate=form.mandate.data or "",
                composition={name: count for name, count in counts.items() if count is not None},
            )
        except DomainError as error:
            form_error(form, error)
        else:
            flash("Le conseil est à jour.", "success")
            return redirect(url_for("admin.council"), 303)
    contracts = councils.contracts(db(), actor())
    page = render_template("admin/council.html", form=form, contracts=contracts)
    return page, status_of(form)


@bp.route("/contrats/nouveau", methods=["GET", "POST"])
@access("council.manage")
def contract_new() -> Any:
    return _contract(None, ContractForm())


@bp.route("/contrats/<uuid:contract_id>", methods=["GET", "POST"])
@access("council.manage")
def contract(contract_id: uuid.UUID) -> Any:
    row = councils.contract(db(), actor(), contract_id)
    return _contract(contract_id, ContractForm(obj=row))


def _contract(contract_id: uuid.UUID | None, form: ContractForm) -> Any:
    if form.validate_on_submit():
        try:
            councils.save_contract(
                db(),
                actor(),
                contract_id,
                label=form.label.data,
                period=form.period.data,
                signatories=form.signatories.data or "",
                grouping_id=form.grouping_id.data,
            )
        except DomainError as error:
            form_error(form, error)
        else:
            flash("Le contrat de ville est enregistré.", "success")
            return redirect(url_for("admin.council"), 303)
    return render_template("admin/contract.html", form=form, new=contract_id is None), status_of(
        form
    )


def status_of(form: Any) -> int:
    """422 for a form shown again with what is to be corrected, 200 otherwise."""
    return 422 if form.errors else 200
