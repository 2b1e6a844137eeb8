"""Home, login, logout, one's own account, sending again after an expired session."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_login import current_user, login_user, logout_user

from survey_app.domain import DomainError
from survey_app.extensions import LoginUser
from survey_app.models import Account
from survey_app.security import access, public
from survey_app.services import accounts, campaigns
from survey_app.web.account import resume as resuming
from survey_app.web.account.forms import LoginForm, PasswordForm
from survey_app.web.request import actor, db, runtime

bp = Blueprint("account", __name__)


@bp.get("/")
@public
def home() -> Any:
    """Who is not logged in is welcomed; who is sees what their roles open."""
    if not current_user.is_authenticated:
        return render_template("account/welcome.html")
    me = actor()
    return render_template(
        "account/home.html",
        me=me,
        campaigns=campaigns.listed(db(), me) if me.can("campaign.read") else [],
        queues=campaigns.queues(db(), me) if me.can("campaign.read") else {},
    )


@bp.route("/compte/connexion", methods=["GET", "POST"])
@public
def login() -> Any:
    form = LoginForm()
    target = resuming.safe_path(request.args.get("next") or form.next.data or "/")
    if current_user.is_authenticated:
        return redirect(target, 303)
    status = 200
    if form.validate_on_submit():
        status = _log_in(form)
        if status == 200:
            return redirect(target, 303)
    elif form.errors:
        status = 422
    form.next.data = target
    return render_template("account/login.html", form=form), status


@bp.post("/compte/deconnexion")
@access("account.own")
def logout() -> Any:
    """Close the account's sessions; what a tablet keeps for later is not touched."""
    accounts.end_sessions(db(), actor())
    logout_user()
    flash("Votre session est fermée, ici et sur vos autres appareils.", "success")
    return redirect(url_for("account.home"), 303)


@bp.route("/compte", methods=["GET", "POST"])
@access("account.own")
def own() -> Any:
    form = PasswordForm()
    status = 422 if form.is_submitted() else 200
    if form.validate_on_submit():
        try:
            account = accounts.change_password(
                db(), actor(), runtime().keys, form.current_password.data, form.new_password.data
            )
        except DomainError as error:
            status = _told(form, error)
        else:
            login_user(LoginUser(account))
            flash("Votre mot de passe est changé. Vos autres sessions sont fermées.", "success")
            return redirect(url_for("account.own"), 303)
    return render_template("account/own.html", form=form, me=actor()), status


@bp.post("/compte/reprise")
@public
def resume() -> Any:
    """Log in again without losing what a refused form held, then offer to send it."""
    held = resuming.held_from(request)
    if not current_user.is_authenticated:
        form = LoginForm()
        status = _log_in(form) if form.validate() else 422
        if status != 200:
            return resuming.ask_login(held, form, status)
    return resuming.resend(held)


def _log_in(form: LoginForm) -> int:
    """Log in and return 200; otherwise put the refusal on the form and return its status."""
    try:
        account: Account = accounts.authenticate(
            db(), runtime().keys, form.login.data, form.password.data, request.remote_addr or ""
        )
    except DomainError as error:
        return _told(form, error)
    login_user(LoginUser(account))
    return 200


def _told(form: Any, error: DomainError) -> int:
    """Like `form_error`, but the request still commits: failures must be counted."""
    form.form_errors = [*form.form_errors, str(error)]
    return error.status
