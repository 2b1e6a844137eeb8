"""The bench's form: which sentences, which facets; codes are its buttons."""

from __future__ import annotations

from flask_wtf import FlaskForm
from werkzeug.datastructures import MultiDict
from wtforms import HiddenField, StringField

from analysis.codebook import Codebook, Facet
from survey_app.permissions import Actor
from survey_app.services import grids


class BenchForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF ships no types
    """``version`` is the masked text the sentences were read in."""

    version = HiddenField()
    words = StringField(
        "Chercher un code",
        description="Un mot du thème, de sa définition, ou un mot que disent les gens.",
        render_kw={"autocomplete": "off", "type": "search"},
    )


def facets_for(actor: Actor, book: Codebook) -> list[Facet]:
    """The facets that the actor may fill."""
    return [facet for facet in book.facets if grids.may_use_facet(actor, facet.id)]


def chosen_facets(sent: MultiDict[str, str]) -> dict[str, list[str]] | None:
    """The facets chosen in the form, by id; `None` when none is, so that old ones stay."""
    found = {
        name.removeprefix("facette-"): [value for value in sent.getlist(name) if value]
        for name in sent
        if name.startswith("facette-")
    }
    kept = {name: values for name, values in found.items() if values}
    return kept or None


def chosen_sentences(sent: MultiDict[str, str]) -> list[int]:
    """The places of the sentences ticked; what is not a number is not a sentence."""
    return [int(value) for value in sent.getlist("phrase") if value.isdecimal() and len(value) < 7]
