"""Forms of the desk. Lists come from the services, which check everything again."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    DateField,
    FieldList,
    HiddenField,
    IntegerField,
    RadioField,
    SearchField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Optional, ValidationError
from wtforms.widgets import HiddenInput

from analysis.search import LONGEST
from survey_app.services import alerts, review
from survey_app.services.masking_search import MAX_WORDS
from survey_app.services.meetings import METHODS
from survey_app.services.review_questions import MAX_TEXT


def offered(first: str, choices: Mapping[str, str]) -> list[SelectChoice]:
    """A list whose first line chooses nothing."""
    return [SelectChoice("", first), *(SelectChoice(*pair) for pair in choices.items())]


REASONS = {reason: reason.capitalize() for reason in review.SET_ASIDE_REASONS}
# « Orienter » has its own button there, which also warns somebody.
BESIDE_ORIENTING = {key: label for key, label in REASONS.items() if key != review.ORIENTED}
DETAIL = "Une phrase, sans nommer personne. Elle reste ici et sera effacée avec le témoignage."
YES_NO = [SelectChoice("oui", "Oui"), SelectChoice("non", "Non")]


class FilterForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF ships no types
    """What narrows a queue; sent with GET, so it needs no token."""

    class Meta:
        csrf = False

    quartier = SelectField("Quartier", validate_choice=False)
    rencontre = SelectField("Rencontre", validate_choice=False)
    methode = SelectField("Méthode", choices=offered("Toutes", METHODS))
    du = DateField("Rencontres depuis le", [Optional()])
    au = DateField("Jusqu’au", [Optional()])
    theme = SelectField("Thème codé", validate_choice=False)
    codeur = SelectField("Codé par", validate_choice=False)
    mots = SearchField(
        "Mots du texte masqué",
        description="Sans accents ni majuscules. Un début de mot finit par une astérisque : secur*",
        render_kw={"maxlength": LONGEST},
    )


class ReviewForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF ships no types
    """The five plain questions, and what each decision needs to know."""

    consent = RadioField(review.CHECKLIST["consent"], choices=YES_NO, validate_choice=False)
    own_words = RadioField(review.CHECKLIST["own_words"], choices=YES_NO, validate_choice=False)
    no_identity = RadioField(
        review.CHECKLIST["no_identity"],
        choices=YES_NO,
        validate_choice=False,
        description="Si c’est non, vous masquerez les mots en cause juste après.",
    )
    no_danger = RadioField(
        review.CHECKLIST["no_danger"],
        choices=YES_NO,
        validate_choice=False,
        description="Si c’est non, choisissez « Orienter » plus bas.",
    )
    clear = RadioField(review.CHECKLIST["clear"], choices=YES_NO, validate_choice=False)
    no_face = RadioField(
        review.PHOTOS_CHECK["no_face"],
        choices=YES_NO,
        validate_choice=False,
        description="Si c’est non, effacez d’abord la photo, plus haut.",
    )
    reason = SelectField("Pourquoi l’écarter", choices=offered("Choisir", BESIDE_ORIENTING))
    detail = StringField("Une précision (facultatif)", description=DETAIL)
    nature = SelectField("Nature de la situation", choices=offered("Choisir", alerts.NATURES))
    instruction = SelectField(
        "Ce que vous avez fait", choices=offered("Choisir", alerts.INSTRUCTIONS)
    )

    def answers(self) -> dict[str, bool]:
        """The questions answered, as the service takes them."""
        given = {key: self[key].data for key in review.CHECKLIST | review.PHOTOS_CHECK}
        return {key: value == "oui" for key, value in given.items() if value in ("oui", "non")}


class CorrectionForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF ships no types
    """One box per answer, so that each word keeps its question."""

    version = HiddenField()
    answers = FieldList(TextAreaField(render_kw={"dir": "auto", "rows": 8}))


class QuestionForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF ships no types
    """What the reviewer asks of who collected; the service checks what it is about."""

    about = SelectField("À propos de quelle question ? (facultatif)", validate_choice=False)
    words = TextAreaField(
        "Votre question",
        description=f"{MAX_TEXT} caractères au plus.",
        render_kw={"dir": "auto", "rows": 5, "maxlength": MAX_TEXT, "required": True},
    )

    def offer(self, topics: Mapping[str, Mapping[str, str]]) -> None:
        """The questions of the questionnaire, under the titles of its sections."""
        listed = [
            SelectChoice(name, words, optgroup=title)
            for title, questions in topics.items()
            for name, words in questions.items()
        ]
        self.about.choices = [SelectChoice("", "Tout le témoignage"), *listed]


class MaskForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF ships no types
    """Words to cover: typed, or selected in the text (then ``start`` and ``end`` are filled)."""

    words = StringField(
        "Mots à masquer",
        render_kw={"dir": "auto", "autocomplete": "off", "maxlength": MAX_WORDS},
    )
    everywhere = BooleanField("Partout où ces mots apparaissent", default=True)
    start = IntegerField(widget=HiddenInput(), validators=[Optional()])
    end = IntegerField(widget=HiddenInput(), validators=[Optional()])
    version = HiddenField()

    def validate_words(self, words: Any) -> None:
        if not (words.data or "").strip():
            raise ValidationError("Sélectionnez des mots dans le texte, ou écrivez-les ici.")


class ReasonForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF ships no types
    """Why the coordination sets a testimony aside."""

    reason = SelectField("Pourquoi l’écarter", choices=offered("Choisir", REASONS))
    detail = StringField("Une précision (facultatif)", description=DETAIL)
