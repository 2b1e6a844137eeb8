"""The forms of the editor: what is asked, and how it is explained."""

from __future__ import annotations

from collections.abc import Mapping

from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired
from wtforms import BooleanField, HiddenField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length

from survey_app.web.filling.fields import WholeNumber, offered
from survey_app.web.questionnaires import words

LINE = Length(max=200, message="200 signes au plus.")
TEXT = Length(max=3_000, message="3 000 signes au plus.")
CHOOSE = "Choisissez dans la liste."


def needed(message: str) -> InputRequired:
    return InputRequired(message)


class DraftForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF ships no types
    """What every form about a draft carries: the revision that it was filled from."""

    revision = HiddenField()


class StartForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF ships no types
    """A button and its token."""


class BlankForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF ships no types
    """A questionnaire from a blank page."""

    title = StringField("Titre", [needed("Écrivez le titre du questionnaire."), LINE])
    usage = RadioField(
        "À quoi sert-il ?",
        choices=offered(words.USAGES),
        default="testimony",
        description="Pour des témoignages, la partie de l’accord est déjà là.",
    )


class ImportForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF ships no types
    """A workbook to read."""

    workbook = FileField(
        "Classeur XLSForm",
        [FileRequired("Choisissez un fichier.")],
        description="Un fichier .xlsx, .xls ou .csv de Kobo, d’ODK ou d’un autre outil.",
    )


class PresentationForm(DraftForm):
    """What is said about the questionnaire itself."""

    title = StringField("Titre", [needed("Écrivez le titre du questionnaire."), LINE])
    purpose = TextAreaField("À quoi il sert", [TEXT])
    audience = StringField("À qui il s’adresse", [LINE])
    duration = StringField("Durée", [LINE], description="Par exemple : 10 minutes.")
    method = SelectField("Manière d’écouter", choices=offered(words.methods()))
    name = StringField(
        "Nom court",
        [needed("Écrivez un nom court."), LINE],
        description="Le même nom : une nouvelle version. Un autre nom : un questionnaire à part.",
    )


class SectionForm(DraftForm):
    """A part of the questionnaire."""

    label = StringField("Titre de la partie", [needed("Écrivez le titre de la partie."), LINE])
    repeat = StringField(
        "Si elle se répète, comment s’appelle une fois ?",
        [LINE],
        description="Par exemple « Arrêt ». Laissez vide si elle se pose une seule fois.",
    )
    meeting = BooleanField(
        "Remplie une fois par rencontre, sans les personnes",
        description="Pour noter ce qui concerne toute la rencontre.",
    )


class QuestionForm(DraftForm):
    """A question: its words, then how it is answered."""

    label = TextAreaField(
        "Question",
        [needed("Écrivez la question."), TEXT],
        description="Une seule idée, vingt mots au plus, avec « vous ».",
    )
    hint = TextAreaField("Aide pour la personne qui écoute", [TEXT])
    probes = TextAreaField("Relances", [TEXT], description="Une par ligne.")
    kind = RadioField("Comment y répond-on ?", default="text")
    max_choices = WholeNumber(
        "Nombre de réponses au plus", description="Laissez vide s’il n’y a pas de limite."
    )
    required = BooleanField(
        "Réponse obligatoire",
        description="« Je ne sais pas » n’est alors plus proposé. À garder pour les accords.",
    )
    team = BooleanField(
        "Lue par l’équipe seulement", description="Elle n’entre pas dans le texte du témoignage."
    )
    actions = BooleanField(
        "Commencer la liste par les actions de la campagne",
        description="Chaque campagne apporte les siennes.",
    )
    added = TextAreaField("Choix à ajouter", [TEXT], description="Un par ligne.")

    def offer_kinds(self) -> None:
        self.kind.choices = offered({name: label for name, (label, _) in words.TYPES.items()})
        self.kind.validate_choice = True


class PublishForm(DraftForm):
    """The number of the new version."""

    number = StringField(
        "Numéro de version",
        [needed("Écrivez un numéro de version."), LINE],
        description="Plus grand que les précédents.",
    )


class LanguageForm(DraftForm):
    """A translation: its texts are read from the page itself."""

    proofread = BooleanField(
        "Relue par une personne qui parle cette langue",
        description="Tant que ce n’est pas coché, la traduction est marquée « à faire relire ».",
    )


class ConditionForm(DraftForm):
    """When a question is asked; its lines are read from the page itself."""

    join = RadioField("Quand ?", default="always")

    def offer(self, choices: Mapping[str, str]) -> None:
        self.join.choices = offered(choices)


def lines(text: str | None) -> list[str]:
    """One text a line; empty lines are left out."""
    return [line.strip() for line in (text or "").splitlines() if line.strip()]
