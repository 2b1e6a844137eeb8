"""The form that opens a double coding."""

from __future__ import annotations

from collections.abc import Iterable

from flask_wtf import FlaskForm
from wtforms import RadioField, SelectChoice, SelectField, StringField
from wtforms.validators import DataRequired, Length

from survey_app.models import Account
from survey_app.services.round_opening import MOST

CHOOSE = SelectChoice("", "Choisir une personne")
WHO = DataRequired("Choisissez une personne.")


class OpenForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF ships no types
    """Who, and which texts: drawn by lot, or named by their numbers."""

    title = StringField(
        "Nom (facultatif)",
        [Length(max=200, message="Ce nom dépasse 200 caractères.")],
        description="Par exemple : premier essai de la grille.",
    )
    first = SelectField("Première personne", [WHO])
    second = SelectField("Seconde personne", [WHO])
    how = RadioField(
        "Les textes",
        choices=[
            SelectChoice("lot", "Tirés au hasard"),
            SelectChoice("named", "Choisis par leur numéro"),
        ],
        default="lot",
    )
    count = StringField(
        "Combien de textes",
        description=f"S’ils sont tirés au hasard : de 1 à {MOST}. Dix suffisent pour commencer.",
        default="10",
        render_kw={"inputmode": "numeric", "autocomplete": "off"},
    )
    numbers = StringField(
        "Numéros des témoignages",
        description="S’ils sont choisis. Par exemple : 3, 7, 12-15.",
        render_kw={"autocomplete": "off"},
    )

    def offer(self, people: Iterable[Account]) -> None:
        """The accounts that may be one of the two."""
        listed = [SelectChoice(str(row.id), row.display_name) for row in people]
        self.first.choices = [CHOOSE, *listed]
        self.second.choices = [CHOOSE, *listed]
