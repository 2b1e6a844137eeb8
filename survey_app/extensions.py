"""Flask's extensions: forms' tokens, login, French dates."""

from __future__ import annotations

from flask import Flask, g
from flask_babel import Babel
from flask_login import LoginManager, UserMixin
from flask_wtf import CSRFProtect

from survey_app.models import Account
from survey_app.runtime import Runtime
from survey_app.services import accounts

csrf = CSRFProtect()
login_manager = LoginManager()
babel = Babel()


class LoginUser(UserMixin):  # type: ignore[misc]  # Flask-Login ships no types
    """Flask-Login's view of an account; the cookie carries a token that can be revoked."""

    def __init__(self, account: Account) -> None:
        self.account = account

    def get_id(self) -> str:
        return self.account.session_token


def _load(token: str) -> LoginUser | None:
    from survey_app.web.request import runtime

    if "login_user" not in g:
        with runtime().database.reading() as session:
            account = accounts.by_session_token(session, token)
        g.login_user = None if account is None else LoginUser(account)
    found: LoginUser | None = g.login_user
    return found


def init(app: Flask) -> None:
    """Attach the extensions to one application."""
    assert isinstance(app.extensions["paroles"], Runtime)
    csrf.init_app(app)
    babel.init_app(app, default_locale="fr")
    login_manager.init_app(app)
    login_manager.session_protection = None
    login_manager.user_loader(_load)
