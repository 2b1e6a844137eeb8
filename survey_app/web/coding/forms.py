"""The bench's form: which sentences or words, which facets; codes are its buttons."""

from __future__ import annotations

from flask_wtf import FlaskForm
from werkzeug.datastructures import MultiDict
from wtforms import HiddenField, StringField

from analysis.codebook import Codebook, Facet
from survey_app.domain import Invalid
from survey_app.models import TextVersion
from survey_app.permissions import Actor
from survey_app.services import grids
from survey_app.services.coding import spans_of

# One key for each facet of the grid, in this order; the others are set in their own panel.
KEYS = {"tonalite": "t", "kind": "n", "echelle": "e", "axe_evaluation": "a", "critere": "c"}


class BenchForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF ships no types
    """``version`` is the masked text the sentences were read in.

    ``start`` and ``end`` are code points of words selected in the page; ``quote`` the words
    themselves, which people without the script copy by hand.
    """

    version = HiddenField()
    start = HiddenField(name="debut")
    end = HiddenField(name="fin")
    quote = StringField(
        "Seulement ces mots",
        name="mots",
        description="Sélectionnez-les dans le texte, ou cochez leur phrase et recopiez-les ici.",
        render_kw={"autocomplete": "off"},
    )
    words = StringField(
        "Chercher un code",
        description="Un mot du thème, de sa définition, ou un mot que disent les gens.",
        render_kw={"autocomplete": "off", "type": "search"},
    )


def facets_for(actor: Actor, book: Codebook) -> list[Facet]:
    """The facets that the actor may fill."""
    return [facet for facet in book.facets if grids.may_use_facet(actor, facet.id)]


def sent_facets(sent: MultiDict[str, str]) -> dict[str, list[str]]:
    """The facets chosen in a form, by id; those left empty are not there."""
    found = {
        name.removeprefix("facette-"): [value for value in sent.getlist(name) if value]
        for name in sent
        if name.startswith("facette-")
    }
    return {name: values for name, values in found.items() if values}


def chosen_facets(sent: MultiDict[str, str]) -> dict[str, list[str]] | None:
    """The facets of a new code; `None` when none is chosen, so that old ones stay."""
    return sent_facets(sent) or None


def chosen_sentences(sent: MultiDict[str, str]) -> list[int]:
    """The places of the sentences ticked; what is not a number is not a sentence."""
    found = (_place(value) for value in sent.getlist("phrase"))
    return [place for place in found if place is not None]


def chosen_spans(text: TextVersion, sent: MultiDict[str, str]) -> list[tuple[int, int]]:
    """What is to be coded: words selected, or words copied by hand, or the sentences ticked."""
    start, end = _place(sent.get("debut", "")), _place(sent.get("fin", ""))
    if start is not None and end is not None:
        return [(start, end)]
    copied = sent.get("mots", "").strip()
    ticked = chosen_sentences(sent)
    if not copied:
        return spans_of(text, ticked)
    for first, last in spans_of(text, ticked or range(len(text.sentences))):
        at = text.text.find(copied, first, last)
        if at >= 0:
            return [(at, at + len(copied))]
    raise Invalid(
        "Ces mots ne sont pas dans les phrases choisies.",
        "Rien n’a été codé. Recopiez-les exactement, ou videz la case « Seulement ces mots ».",
    )


def _place(value: str) -> int | None:
    return int(value) if value.isdecimal() and len(value) < 8 else None
