"""Forms of the collecting pages; those of questionnaires are next door, in ``filling``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    HiddenField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.validators import DataRequired, InputRequired, Length

from survey_app.services.counters import COUNTER_LABELS
from survey_app.services.meetings import METHODS
from survey_app.services.review_questions import MAX_ANSWER
from survey_app.web import places
from survey_app.web.filling.fields import Day, WholeNumber, offered

CHOOSE = "Choisissez une réponse."
ONE_OF: dict[str, Any] = {"validators": [InputRequired(CHOOSE)], "invalid_choice_message": CHOOSE}


class MeetingForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF ships no types
    """A meeting to plan, or to open at once."""

    neighbourhood = SelectField("Quartier", **ONE_OF)
    method = RadioField(
        "Comment allez-vous écouter ?",
        validators=[InputRequired(CHOOSE)],
        invalid_choice_message=CHOOSE,
    )
    sector = SelectField("Partie du quartier", validate_choice=False)
    place = StringField(
        "Lieu",
        description="Un lieu public : devant l’école, au marché. Jamais l’adresse d’une personne.",
        validators=[Length(max=200, message="Le lieu compte 200 signes au plus.")],
    )
    held_on = Day("Date")
    team = StringField(
        "Qui écoute ?",
        description="Des prénoms suffisent.",
        validators=[Length(max=200, message="L’équipe compte 200 signes au plus.")],
    )
    weather = StringField(
        "Temps qu’il fait",
        validators=[Length(max=40, message="Le temps compte 40 signes au plus.")],
    )

    def offer(self, campaign: Any, sectors: Mapping[str, str]) -> None:
        """The campaign's neighbourhoods, methods and sectors as choices."""
        named = places.labels(campaign.neighbourhoods)
        self.neighbourhood.choices = offered(
            {str(row.id): f"{named[row.code]} ({row.code})" for row in campaign.neighbourhoods}
        )
        allowed = campaign.methods or list(METHODS)
        self.method.choices = offered(
            {name: text for name, text in METHODS.items() if name in allowed}
        )
        self.sector.choices = offered({"": "Sans préciser", **sectors})


class BeginForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF ships no types
    """Where, and with which questionnaire."""

    meeting = RadioField("Dans quelle rencontre ?", **ONE_OF)
    # Left unticked, it is the one that fits the meeting, if there is one only.
    questionnaire = RadioField("Avec quel questionnaire ?", invalid_choice_message=CHOOSE)
    language = RadioField("En quelle langue ?", default="fr", invalid_choice_message=CHOOSE)


class PaperForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF ships no types
    """What stands on the paper beside the answers."""

    questionnaire = RadioField("Avec quel questionnaire ?", **ONE_OF)
    language = RadioField("En quelle langue ?", default="fr", invalid_choice_message=CHOOSE)
    said_on = Day(
        "Quel jour la personne a-t-elle parlé ?",
        validators=[DataRequired("Écrivez le jour de l’entretien.")],
    )
    code = StringField(
        "Code de la carte remise à la personne",
        description="Douze signes, par exemple ABCD-EFGH-JKMN. Il sert à retirer ses paroles.",
        validators=[Length(max=60, message="Un code compte douze signes.")],
    )
    no_card = BooleanField("Il n’y a pas eu de carte : donner un nouveau code")

    def validate(self, extra_validators: Any = None) -> bool:
        """A code, or none: one of the two is said."""
        good = bool(super().validate(extra_validators))
        written = bool((self.code.data or "").strip())
        if written == bool(self.no_card.data):
            problem = (
                "Le code est écrit, et la case « pas de carte » est cochée. Gardez l’un des deux."
                if written
                else "Recopiez le code de la carte. S’il n’y en a pas eu, cochez la case."
            )
            self.code.errors = [*self.code.errors, problem]
            return False
        return good


def _counter(name: str, description: str) -> Any:
    return WholeNumber(COUNTER_LABELS[name], description=description)


class CountersForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF ships no types
    """The counters that close a meeting."""

    approached = _counter("approached", "Toutes les personnes à qui vous avez parlé.")
    refusals = _counter("refusals", "Celles qui n’ont pas voulu répondre.")
    stopped = _counter("stopped", "Les entretiens commencés puis arrêtés.")
    present_women = _counter("present_women", "Parmi les personnes écoutées. 0 s’il n’y en a pas.")
    present_men = _counter("present_men", "Parmi les personnes écoutées. 0 s’il n’y en a pas.")


class ContactForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF ships no types
    """A contact for the vault, apart from any testimony."""

    contact = StringField(
        "Téléphone ou courriel",
        description="Gardé à part des paroles, effacé après la restitution.",
    )


class AnswerForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF ships no types
    """What the collector answers to a question of the review."""

    words = TextAreaField(
        "Votre réponse",
        description=f"{MAX_ANSWER} caractères au plus.",
        render_kw={"dir": "auto", "rows": 6, "maxlength": MAX_ANSWER},
    )


class ActionForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF ships no types
    """A button and its token."""


class StampedForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF ships no types
    """A button that acts on what was shown, and on nothing newer."""

    seen = HiddenField()
