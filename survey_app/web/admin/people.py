"""Accounts and roles: who may log in, and what each role opens, in words."""

from __future__ import annotations

import uuid
from types import SimpleNamespace
from typing import Any

from flask import flash, redirect, render_template, url_for

from survey_app.domain import DomainError
from survey_app.models import Account
from survey_app.permissions import ROLE_LABELS
from survey_app.security import access
from survey_app.services import accounts
from survey_app.web.admin.forms import AccountForm
from survey_app.web.admin.matrix import matrix
from survey_app.web.admin.views import bp, status_of
from survey_app.web.request import actor, db, form_error


@bp.get("/comptes", endpoint="accounts")
@access("account.manage")
def accounts_list() -> Any:
    return render_template(
        "admin/accounts.html",
        accounts=accounts.listed(db(), actor()),
        roles=ROLE_LABELS,
        matrix=matrix(),
    )


@bp.route("/comptes/nouveau", methods=["GET", "POST"])
@access("account.manage")
def account_new() -> Any:
    form = AccountForm()
    if form.validate_on_submit():
        try:
            account, password = accounts.create(
                db(),
                actor(),
                form.login.data,
                form.display_name.data,
                form.roles.data,
                mandate=form.mandate.data,
                trained=form.trained.data,
            )
        except DomainError as error:
            form_error(form, error)
        else:
            return _password_page(account, password)
    return render_template("admin/account.html", form=form, account=None), status_of(form)


@bp.route("/comptes/<uuid:account_id>", methods=["GET", "POST"])
@access("account.manage")
def account(account_id: uuid.UUID) -> Any:
    row = accounts.get(db(), actor(), account_id)
    form = AccountForm(obj=_shown(row))
    del form.login
    if form.validate_on_submit():
        try:
            accounts.edit(
                db(),
                actor(),
                row,
                display_name=form.display_name.data,
                mandate=form.mandate.data,
                trained=form.trained.data,
            )
            accounts.set_roles(db(), actor(), row, form.roles.data)
        except DomainError as error:
            form_error(form, error)
        else:
            flash("Le compte est à jour.", "success")
            return redirect(url_for("admin.accounts"), 303)
    return render_template("admin/account.html", form=form, account=row), status_of(form)


@bp.post("/comptes/<uuid:account_id>/mot-de-passe")
@access("account.manage")
def account_password(account_id: uuid.UUID) -> Any:
    row = accounts.get(db(), actor(), account_id)
    return _password_page(row, accounts.reset_password(db(), actor(), row))


@bp.post("/comptes/<uuid:account_id>/fermer")
@access("account.manage")
def account_close(account_id: uuid.UUID) -> Any:
    accounts.deactivate(db(), actor(), accounts.get(db(), actor(), account_id))
    flash("Le compte est fermé. Ce que la personne a fait reste en place.", "success")
    return redirect(url_for("admin.accounts"), 303)


@bp.post("/comptes/<uuid:account_id>/rouvrir")
@access("account.manage")
def account_open(account_id: uuid.UUID) -> Any:
    accounts.reactivate(db(), actor(), accounts.get(db(), actor(), account_id))
    flash("Le compte est rouvert, avec son ancien mot de passe.", "success")
    return redirect(url_for("admin.accounts"), 303)


def _shown(row: Account) -> SimpleNamespace:
    """The account as its form wants it: roles by name."""
    return SimpleNamespace(
        display_name=row.display_name,
        roles=sorted(row.role_names),
        mandate=row.mandate,
        trained=row.trained,
    )


def _password_page(account: Account, password: str) -> Any:
    """Shown once, in the answer itself: it is kept nowhere, not even in a cookie."""
    return render_template("admin/password.html", account=account, password=password)
