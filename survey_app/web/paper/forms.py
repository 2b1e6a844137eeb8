"""How many withdrawal cards, and for which neighbourhood."""

from __future__ import annotations

from flask_wtf import FlaskForm
from wtforms import HiddenField, IntegerField, SelectField
from wtforms.validators import InputRequired

from survey_app.models import Campaign
from survey_app.services.paper import MOST_SHEETS
from survey_app.web import places
from survey_app.web.numbers import Between

_ASK = f"Écrivez un nombre de 1 à {MOST_SHEETS}."


class CardsForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF ships no types
    campaign = HiddenField()
    place = SelectField("Pour quel quartier ?", choices=[])
    sheets = IntegerField(
        "Combien de planches ?",
        [InputRequired(_ASK), Between(1, MOST_SHEETS, _ASK)],
        default=1,
        description="Une planche est une feuille de huit cartes.",
        render_kw={"inputmode": "numeric"},
    )

    def offer(self, campaign: Campaign) -> None:
        """The campaign's neighbourhoods, one of which is chosen."""
        self.campaign.data = campaign.slug
        self.place.choices = list(places.labels(campaign.neighbourhoods).items())
