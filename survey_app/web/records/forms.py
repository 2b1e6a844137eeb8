"""Forms of the council's papers; those of their pages are made from the questionnaires."""

from __future__ import annotations

from flask_wtf import FlaskForm
from wtforms import HiddenField


class ActionForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF ships no types
    """A button and its token; ``seen`` is the sheet's stamp when the page was shown."""

    seen = HiddenField()


class BeginForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF ships no types
    """Which sheet to begin: a questionnaire's name, or for a meeting its version's id."""

    sheet = HiddenField()
