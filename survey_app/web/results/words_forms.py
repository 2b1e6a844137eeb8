"""The form of a campaign's choices of words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask_wtf import FlaskForm
from wtforms import HiddenField, RadioField, SelectChoice, TextAreaField
from wtforms.validators import DataRequired, Length

from analysis.terms import KINDS, Selection
from survey_app.web.results.forms import CheckboxGroup

LONGEST = 60_000
_FITS = Length(max=LONGEST, message="Cette liste est trop longue.")


class WordChoicesForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF ships no types
    """Kinds of words, words set aside and restored, expressions, sequences."""

    seen = HiddenField()
    kinds = CheckboxGroup(
        "Les sortes de mots qui comptent",
        [DataRequired("Gardez au moins une sorte de mots.")],
        choices=[SelectChoice(key, label) for key, label in KINDS.items()],
    )
    added = TextAreaField(
        "Mots mis à l’écart",
        [_FITS],
        description="Un par ligne. Par exemple un mot que tout le monde dit, comme le nom de la "
        "ville. Rien n’est effacé : ces mots ne sont plus comptés.",
    )
    restored = TextAreaField(
        "Mots remis dans les comptes",
        [_FITS],
        description="Un par ligne. Des mots très courants, comme « être » ou « chose », sont "
        "écartés d’avance : écrivez ici ceux qui comptent pour vous.",
    )
    proposed = CheckboxGroup("Expressions proposées")
    expressions = TextAreaField(
        "Expressions retenues",
        [_FITS],
        description="Une par ligne, de 2 à 6 mots. Chacune compte comme un seul mot : « conseil "
        "citoyen » n’est alors plus compté dans « conseil ».",
    )
    ngrams = RadioField(
        "Compter aussi les suites de mots",
        choices=[
            SelectChoice("1", "Non, les mots seulement"),
            SelectChoice("2", "Oui, de deux mots"),
            SelectChoice("3", "Oui, de deux et de trois mots"),
        ],
    )

    def offer(self, found: Sequence[tuple[str, str, int, int]]) -> None:
        """The expressions that may be ticked, with how often they are said."""
        self.proposed.choices = [
            SelectChoice(key, f"{words} ({count} fois, {testimonies} témoignages)")
            for key, words, count, testimonies in found
        ]

    def chosen(self) -> dict[str, object]:
        """What was chosen, as `Selection.from_dict` takes it."""
        return {
            "kinds": list(self.kinds.data or ()),
            "added": (self.added.data or "").splitlines(),
            "restored": (self.restored.data or "").splitlines(),
            "expressions": [*(self.expressions.data or "").splitlines(), *self.proposed.data],
            "ngrams": int(self.ngrams.data or 1),
        }


def values(selection: Selection, seen: str) -> dict[str, Any]:
    """What the form first shows."""
    held = selection.as_dict()
    lists = {name: "\n".join(held[name]) for name in ("added", "restored", "expressions")}
    return {"seen": seen, "kinds": held["kinds"], "ngrams": str(held["ngrams"]), **lists}
