"""The forms of periods and of reference figures."""

from __future__ import annotations

from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired
from wtforms import FieldList, Form, FormField, HiddenField, StringField
from wtforms.validators import Length, Optional, ValidationError

from analysis.waves import Period
from survey_app.services import periods
from survey_app.web.filling.fields import Day

LINES = 3  # shown at first; a further empty one follows as they are filled


class PeriodForm(Form):  # type: ignore[misc]  # WTForms ships no types
    """One period; a line left empty is none."""

    label = StringField(
        "Nom de la période",
        [Length(max=periods.LONGEST, message=f"Ce nom dépasse {periods.LONGEST} caractères.")],
    )
    first = Day("Premier jour", [Optional()])
    last = Day("Dernier jour", [Optional()])

    def validate_label(self, field: StringField) -> None:
        dated = self.first.data or self.last.data
        if dated and not (field.data or "").strip():
            raise ValidationError("Donnez un nom à cette période.")


class PeriodsForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF ships no types
    seen = HiddenField()
    lines = FieldList(
        FormField(PeriodForm),
        "Périodes",
        min_entries=LINES,
        max_entries=periods.MOST,
    )

    def chosen(self) -> list[Period]:
        """The lines that bear a name."""
        return [
            Period(" ".join(line["label"].split()), line["first"], line["last"])
            for line in self.lines.data
            if (line["label"] or "").strip()
        ]


class FiguresForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF ships no types
    table = FileField(
        "Tableau des chiffres",
        [FileRequired("Choisissez un fichier.")],
        description="Un fichier .csv de moins de 2 mégaoctets.",
    )
