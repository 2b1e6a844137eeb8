"""Paper: the blank form of a questionnaire, and the withdrawal cards that go with it, as PDF.

Typst sets both from data that is never markup, in memory: no code of a card is ever written to
a disk. Both are tagged (PDF/UA-1) and set in the fonts they are given, never the machine's own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from questionnaires import versions
from questionnaires.adapt import with_lists
from questionnaires.model import Questionnaire
from questionnaires.paper import typeset
from questionnaires.paper.items import sheet
from questionnaires.paper.typeset import TooHeavyError as TooHeavyError
from questionnaires.types import Places

FINGERPRINT = 8
"""Signs of the version's fingerprint that the footer shows."""

CARDS_PER_SHEET = 8


@dataclass(frozen=True, slots=True)
class Face:
    """How texts are drawn: a folder that holds DejaVu Sans, and what each text passes through.

    ``show`` must give only signs that this font draws: a tagged PDF refuses the others.
    """

    fonts: Path
    show: Callable[[str], str] = str


@dataclass(frozen=True, slots=True)
class CardWords:
    """What a withdrawal card says besides its code; ``where`` may be empty (no public address)."""

    council: str
    place: str
    until: str
    contact: str
    where: str = ""


def blank_form(
    questionnaire: Questionnaire,
    words: Mapping[str, str],
    places: Places,
    language: str = "fr",
    *,
    face: Face,
    lists: Mapping[str, Mapping[str, str]] | None = None,
) -> bytes:
    """The form to print, A4. What ``words`` and ``lists`` do not say is left to the hand.

    ``words``: placeholder to text; ``places``: sectors, name to label; ``lists``: what a campaign
    brings to the choices (see ``adapt.with_lists``).
    """
    told = with_lists(questionnaire, lists) if lists else questionnaire
    data = sheet(told, words, places, language)
    identity = versions.fingerprint(questionnaire)[:FINGERPRINT]
    data["footer"] = f"{questionnaire.name} · {questionnaire.version} · {identity}"
    return _set("paper.typ", data, face)


def cards(codes: Iterable[str], words: CardWords, *, face: Face) -> bytes:
    """Sheets of eight withdrawal cards, A4, each with a stub to glue on its paper form."""
    data = {
        "title": "Cartes de retrait",
        "codes": list(codes),
        "council": words.council,
        "place": words.place,
        "use": "Avec ce code, vous pouvez relire vos paroles, demander qu’on ne les cite plus, "
        f"ou les effacer, jusqu’au {words.until}.",
        "where": f"Où : {words.where}" if words.where else "Où : auprès du conseil citoyen.",
        "contact": f"Une question : {words.contact}",
        "keep": "Gardez cette carte : aucun nom n’est noté avec vos paroles.",
        "stub": "Talon à coller sur la fiche papier",
    }
    return _set("cards.typ", data, face)


def _set(template: str, data: Mapping[str, Any], face: Face) -> bytes:
    return typeset.pdf(template, _shown(data, face.show), face.fonts)


def _shown(value: Any, show: Callable[[str], str]) -> Any:
    """The same data, each text as it is drawn."""
    if isinstance(value, str):
        return show(value)
    if isinstance(value, Mapping):
        return {name: _shown(part, show) for name, part in value.items()}
    if isinstance(value, list | tuple):
        return [_shown(part, show) for part in value]
    return value
