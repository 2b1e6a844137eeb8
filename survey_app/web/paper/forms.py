"""How many withdrawal cards, and for which neighbourhood."""

from __future__ import annotations

from flask_wtf import FlaskForm
from wtforms import HiddenField, IntegerField, SelectField
from wtforms.validators import InputRequired, ValidationError

from survey_app.models import Campaign
from survey_app.services.paper import MOST_SHEETS
from survey_app.web import places

_ASK = f"Écrivez un nombre de 1 à {MOST_SHEETS}."


def _possible(_form: FlaskForm, field: IntegerField) -> None:
    """Compared as whole numbers: NumberRange fails on one that no float can hold."""
    if field.data is None or not 1 <= field.data <= MOST_SHEETS:
        raise ValidationError(_ASK)


class CardsForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF ships no types
    campaign = HiddenField()
    place = SelectField("Pour quel quartier ?", choices=[])
    sheets = IntegerField(
        "Combien de planches ?",
        [InputRequired(_ASK), _possible],
        default=1,
        description="Une planche est une feuille de huit cartes.",
        render_kw={"min": "1", "max": str(MOST_SHEETS), "inputmode": "numeric"},
    )

    def offer(self, campaign: Campaign) -> None:
        """The campaign's neighbourhoods, one of which is chosen."""
        self.campaign.data = campaign.slug
        self.place.choices = list(places.labels(campaign.neighbourhoods).items())
