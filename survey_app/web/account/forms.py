"""Logging in and changing one's password."""

from __future__ import annotations

from flask_wtf import FlaskForm
from wtforms import HiddenField, PasswordField, StringField
from wtforms.validators import DataRequired, EqualTo

from survey_app.services import passwords


class LoginForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF ships no types
    login = StringField(
        "Identifiant",
        [DataRequired("Écrivez votre identifiant.")],
        render_kw={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"},
    )
    password = PasswordField(
        "Mot de passe",
        [DataRequired("Écrivez votre mot de passe.")],
        render_kw={"autocomplete": "current-password"},
    )
    next = HiddenField()


class PasswordForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF ships no types
    current_password = PasswordField(
        "Mot de passe actuel",
        [DataRequired("Écrivez votre mot de passe actuel.")],
        render_kw={"autocomplete": "current-password"},
    )
    new_password = PasswordField(
        "Nouveau mot de passe",
        [DataRequired("Écrivez un nouveau mot de passe.")],
        description=passwords.RULE,
        render_kw={"autocomplete": "new-password"},
    )
    repeated_password = PasswordField(
        "Nouveau mot de passe, une seconde fois",
        [EqualTo("new_password", "Les deux nouveaux mots de passe ne sont pas les mêmes.")],
        render_kw={"autocomplete": "new-password"},
    )
