"""What a person chose, between addresses, forms and the service: numbers and codes only."""

from __future__ import annotations

from collections.abc import Iterator

from werkzeug.datastructures import MultiDict

from survey_app.services.delimited import SEPARATOR_NAMES
from survey_app.services.import_prepare import Choices

MARKS = {name: mark for mark, name in SEPARATOR_NAMES.items()}
NOWHERE = -1
MOST = 6  # digits of a number that an address may carry


Sent = MultiDict[str, str]
"""What an address or a form carries."""


def read(sent: Sent) -> Choices:
    """The choices that were sent; what makes no sense is as if it had not been sent."""
    return Choices(
        encoding=_text(sent, "encodage"),
        separator=MARKS.get(_text(sent, "separateur"), ""),
        header=max(0, _number(_text(sent, "entete"), 0)),
        text=_numbers(sent, "texte"),
        identifier=_number(_text(sent, "identifiant")),
        date=_number(_text(sent, "date")),
        place=_number(_text(sent, "lieu")),
        neighbourhood=_text(sent, "quartier"),
        residents=_numbers(sent, "habitants"),
        apart=_text(sent, "decoupe") == "personnes",
        said_on=_text(sent, "jour"),
        skip=_text(sent, "sans") == "1",
    )


def pairs(choices: Choices, *, reading: bool = False) -> Iterator[tuple[str, str]]:
    """The same choices as hidden fields; only how the file is read when ``reading``."""
    yield "encodage", choices.encoding
    yield "separateur", SEPARATOR_NAMES.get(choices.separator, "")
    yield "entete", str(choices.header)
    if reading:
        return
    yield from (("texte", str(place)) for place in choices.text)
    yield "identifiant", str(choices.identifier)
    yield "date", str(choices.date)
    yield "lieu", str(choices.place)
    yield "quartier", choices.neighbourhood
    yield from (("habitants", str(place)) for place in choices.residents)
    yield "decoupe", "personnes" if choices.apart else "ensemble"
    yield "jour", choices.said_on


def _text(sent: Sent, name: str) -> str:
    return sent.get(name, "")[:40]


def _numbers(sent: Sent, name: str) -> tuple[int, ...]:
    found = (_number(item) for item in sent.getlist(name)[:500])
    return tuple(dict.fromkeys(number for number in found if number >= 0))


def _number(text: str, default: int = NOWHERE) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= MOST else default
