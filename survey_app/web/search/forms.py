"""The search, sent with GET: what was typed stays in the address and in the page."""

from __future__ import annotations

from flask_wtf import FlaskForm
from wtforms import SearchField, SelectField
from wtforms.fields.choices import SelectChoice

from analysis.search import LONGEST
from survey_app.services.queue import LABELS
from survey_app.services.search import FILES


class SearchForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF ships no types
    """It changes nothing, so it needs no token."""

    class Meta:
        csrf = False

    q = SearchField(
        "Mots à chercher",
        description="Les accents et les majuscules ne comptent pas. Entre guillemets, les mots "
        "se suivent : « fin du mois ». Une astérisque cherche un début de mot : secur*.",
        render_kw={"maxlength": LONGEST},
    )
    campagne = SelectField("Campagne", validate_choice=False)
    file = SelectField(
        "Où en est le témoignage",
        validate_choice=False,
        choices=[
            SelectChoice("", "Tous les textes masqués"),
            *(SelectChoice(name, LABELS[name]) for name in FILES),
        ],
    )
