"""The forms about grids: what is asked, and how it is explained."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired
from wtforms import HiddenField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Regexp

from survey_app.web.filling.fields import MultiCheckboxField, offered

LINE = Length(max=200, message="200 signes au plus.")
TEXT = Length(max=3_000, message="3 000 signes au plus.")
NAME = Regexp(
    r"\s*[A-Za-z]{2,6}[0-9]{0,2}\s*\Z",
    message="Deux à six lettres, puis un ou deux chiffres si besoin : LOG1.",
)
PARTS = 4
"""How many codes one code may be divided into, at once."""


def needed(message: str) -> InputRequired:
    return InputRequired(message)


class DraftForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF ships no types
    """What every form about a draft carries: the revision that it was filled from."""

    revision = HiddenField()


class CodeForm(DraftForm):
    """The texts of a code."""

    label = StringField("Libellé", [needed("Écrivez le libellé."), LINE])
    definition = TextAreaField(
        "Définition",
        [needed("Écrivez la définition."), TEXT],
        description="Ce que ce code recouvre, pour que deux personnes codent de même.",
    )
    example = TextAreaField("Exemple", [TEXT], description="Une phrase inventée, brève.")
    lemmas = TextAreaField(
        "Mots qui y font penser",
        [TEXT],
        description="Un par ligne. Ils servent aux premières suggestions.",
    )


class NewCodeForm(CodeForm):
    """A code to add, with the name it will bear."""

    name = StringField("Sigle", [needed("Écrivez le sigle."), NAME])


class ThemeForm(DraftForm):
    """The texts of a theme."""

    label = StringField("Libellé", [needed("Écrivez le libellé."), LINE])
    definition = TextAreaField("Définition", [needed("Écrivez la définition."), TEXT])
    include = TextAreaField("Ce qui y entre", [TEXT], description="Par exemple, des phrases.")
    exclude = TextAreaField("Ce qui n’y entre pas", [TEXT], description="Et où le ranger.")


class NewThemeForm(ThemeForm):
    """A theme to add."""

    name = StringField("Sigle", [needed("Écrivez le sigle."), NAME])


class PillarForm(DraftForm):
    """The pillar of a theme."""

    pillar = RadioField("Pilier")

    def offer(self, choices: Mapping[str, str]) -> None:
        self.pillar.choices = offered(choices)


class RenameForm(DraftForm):
    """Another name for a code or a theme."""

    name = StringField(
        "Nouveau sigle",
        [needed("Écrivez le nouveau sigle."), NAME],
        description="Un sigle qui a déjà servi ne peut pas revenir avec un autre sens.",
    )


class SplitForm(DraftForm):
    """The codes that take the place of one; their lines are read from the page itself."""


class MergeForm(DraftForm):
    """The codes that join one."""

    codes = MultiCheckboxField("Codes à réunir avec lui", {})

    def offer(self, choices: Mapping[str, str]) -> None:
        self.codes.choices = offered(choices)


class MoveForm(DraftForm):
    """The theme where a code goes."""

    theme = SelectField("Nouveau thème", [needed("Choisissez un thème.")])

    def offer(self, choices: Mapping[str, str]) -> None:
        self.theme.choices = offered(choices)


class GroupingForm(DraftForm):
    """A grouping of themes; where each theme goes is read from the page itself."""

    label = StringField("Nom du regroupement", [needed("Écrivez un nom."), LINE])
    groups = TextAreaField(
        "Groupes", [TEXT], description="Un par ligne. Le rang compte : gardez leur ordre."
    )


class PublishForm(DraftForm):
    """The number of the new version, and why."""

    number = StringField(
        "Numéro de version",
        [needed("Écrivez un numéro de version."), LINE],
        description="Trois nombres, plus grand que le précédent.",
    )
    notes = TextAreaField(
        "Pourquoi ces changements", [TEXT], description="Pour qui lira les résultats plus tard."
    )


class ImportForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF ships no types
    """A file to read."""

    grid = FileField(
        "Fichier de grille",
        [FileRequired("Choisissez un fichier.")],
        description="Un fichier .yaml, .csv ou .qdc (NVivo, ATLAS.ti, MAXQDA, QualCoder).",
    )


def words(text: Any) -> list[str]:
    """One text a line; empty lines are left out."""
    return [line.strip() for line in str(text or "").splitlines() if line.strip()]
