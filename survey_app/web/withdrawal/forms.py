"""The paper code, typed however it was copied."""

from __future__ import annotations

from flask_wtf import FlaskForm
from wtforms import StringField
from wtforms.validators import DataRequired, Length

ASK = "Recopiez le code écrit sur votre papier."


class CodeForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF ships no types
    code = StringField(
        "Le code de votre papier",
        [DataRequired(ASK), Length(max=100, message=ASK)],
        description="Douze lettres et chiffres. Les majuscules, les espaces et les tirets "
        "ne comptent pas.",
        render_kw={
            "autocomplete": "off",
            "autocapitalize": "characters",
            "spellcheck": "false",
            "maxlength": "100",
        },
    )
