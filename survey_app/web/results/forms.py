"""Forms of the syntheses. Every field keeps what was typed when something is refused."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    HiddenField,
    RadioField,
    SelectChoice,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import DataRequired, Length
from wtforms.widgets import CheckboxInput, ListWidget

from analysis.findings import NATURE_LABELS
from survey_app.services.exports import FORMATS

LONGEST = 3000
FORMAT_LABELS = {
    "docx": "Word (docx)",
    "odt": "LibreOffice (odt)",
    "pdf": "PDF, à lire ou à imprimer",
    "xlsx": "Tableur, pour trier et compter (xlsx)",
    "csv": "Tableau simple, une ligne par constat et par extrait (csv)",
    "html": "Page à ouvrir sans réseau (html)",
    "json": "Données (json)",
}
TOO_LONG = Length(max=LONGEST, message=f"Ce texte dépasse {LONGEST} caractères.")


class CheckboxGroup(SelectMultipleField):  # type: ignore[misc]  # WTForms ships no types
    """Several choices as checkboxes, in a fieldset."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


class DraftForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF ships no types
    pass


class CorrectionForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF ships no types
    """A version after a published one says why it exists."""

    reason = StringField(
        "Pourquoi une nouvelle version",
        [
            DataRequired("Dites en une phrase pourquoi vous refaites la synthèse."),
            Length(max=300, message="Cette phrase dépasse 300 caractères."),
        ],
        description="Par exemple : une parole a été retirée, ou d’autres rencontres ont eu lieu.",
    )


class FindingForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF ships no types
    """One finding, as people rewrite it."""

    seen = HiddenField()
    sentence = TextAreaField(
        "La phrase du constat",
        [TOO_LONG],
        description="« 12 témoignages sur 30 » est vérifié avant la signature ; "
        "tout autre nombre est sous votre responsabilité.",
    )
    nature = RadioField(
        "Nature du constat", choices=[SelectChoice(*pair) for pair in NATURE_LABELS.items()]
    )
    nuance = TextAreaField("Ce qui nuance (facultatif)", [TOO_LONG])
    limit = TextAreaField("Limite (facultatif)", [TOO_LONG])
    quotes = CheckboxGroup("Citations à imprimer")
    kept = BooleanField(
        "Garder ce constat dans la synthèse",
        description="Écarté, il n’est pas imprimé, et la synthèse dit combien l’ont été.",
    )

    def offer(self, labels: Iterable[str]) -> None:
        """The quotations that may be ticked; the page shows the words beside each label."""
        self.quotes.choices = [SelectChoice(label, label) for label in labels]


class FilesForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF ships no types
    formats = CheckboxGroup(
        "Formats",
        [DataRequired("Choisissez au moins un format.")],
        choices=[SelectChoice(name, FORMAT_LABELS.get(name, name)) for name in FORMATS],
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("data", {"formats": [name for name in FORMATS if name != "json"]})
        super().__init__(*args, **kwargs)
