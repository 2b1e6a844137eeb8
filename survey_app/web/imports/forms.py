"""The forms of an import: the file, how it is read, what each column or speaker is."""

from __future__ import annotations

from collections.abc import Iterable

from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired
from wtforms import DateField, Form, IntegerField, RadioField, SelectField, SelectMultipleField
from wtforms.fields.choices import SelectChoice
from wtforms.widgets import CheckboxInput, ListWidget

from survey_app.services import delimited
from survey_app.services.tabular import Table
from survey_app.services.transcripts import Speaker

NONE = SelectChoice("-1", "Aucune colonne")
Named = list[tuple[str, str]]


def offered(named: Iterable[tuple[str, str]]) -> list[SelectChoice]:
    """The choices of a field: what is sent, and what is read."""
    return [SelectChoice(value, label) for value, label in named]


class DepositForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF ships no types
    """The file itself."""

    file = FileField(
        "Fichier",
        [FileRequired("Choisissez un fichier.")],
        description="Un tableau (CSV, XLSX ou ODS), ou une transcription (DOCX, ODT ou TXT).",
    )


class MultiCheckboxField(SelectMultipleField):  # type: ignore[misc]  # WTForms ships no types
    """Several choices as checkboxes."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


class ReadingForm(Form):  # type: ignore[misc]  # WTForms ships no types
    """How the file is read; shown, never required to be changed."""

    encodage = SelectField("Encodage", choices=offered(delimited.ENCODINGS.items()))
    separateur = SelectField(
        "Séparateur",
        choices=offered((name, name.capitalize()) for name in delimited.SEPARATOR_NAMES.values()),
    )
    entete = IntegerField("Ligne des noms de colonnes")


class ColumnsForm(Form):  # type: ignore[misc]  # WTForms ships no types
    """What each column is."""

    texte = MultiCheckboxField(
        "Colonnes du texte",
        description="Plusieurs colonnes cochées deviennent un seul témoignage, dans cet ordre.",
    )
    identifiant = SelectField("Identifiant")
    date = SelectField("Date")
    lieu = SelectField("Lieu ou quartier")
    quartier = SelectField("Quartier des lignes qui n’en nomment aucun")

    def offer(self, table: Table, places: Named) -> None:
        """Fill the choices with the table's columns and the campaign's neighbourhoods."""
        columns = offered((str(place), name) for place, name in enumerate(table.header) if name)
        self.texte.choices = columns
        for field in (self.identifiant, self.date, self.lieu):
            field.choices = [NONE, *columns]
        self.quartier.choices = offered(places)


class TranscriptForm(Form):  # type: ignore[misc]  # WTForms ships no types
    """Whose words are kept, and what becomes of them."""

    encodage = SelectField("Encodage", choices=offered(delimited.ENCODINGS.items()))
    habitants = MultiCheckboxField(
        "Personnes dont les paroles sont gardées",
        description="Les questions et les paroles des autres sont laissées de côté.",
    )
    decoupe = RadioField(
        "Cette transcription devient",
        choices=offered(
            [
                ("ensemble", "Un seul témoignage"),
                ("personnes", "Un témoignage par personne"),
            ]
        ),
    )
    jour = DateField("Jour de l’entretien, s’il est connu")
    quartier = SelectField("Quartier")

    def offer(self, speakers: tuple[Speaker, ...], places: Named) -> None:
        """Fill the choices with those who speak and the campaign's neighbourhoods."""
        self.habitants.choices = offered(
            (str(place), speaker.name or "Avant que quelqu’un soit nommé")
            for place, speaker in enumerate(speakers)
        )
        self.quartier.choices = offered(places)
