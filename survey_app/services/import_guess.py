"""What each column of a table seems to hold, from its name and its first rows; people decide."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Mapping

from survey_app.services.import_rows import DAY_FIRST, QPV, YEAR, Columns
from survey_app.services.tabular import Table

LOOKED_AT = 200  # rows
ENOUGH = 0.8  # share of the filled cells that must look like what is proposed
LONGEST_ID = 60
NAMES = {
    "text": "texte text contenu temoignage parole verbatim contribution reponse commentaire",
    "id": "id identifiant numero num ref reference uuid cle",
    "date": "date jour quand annee created horodatage",
    "place": "lieu quartier place site secteur commune ville adresse ou qpv",
}


def columns(table: Table, named: Mapping[str, str]) -> Columns:
    """A proposal: the text is always given, the rest only where the cells look like it."""
    cells = {
        name: [row[name].strip() for _, row in table.rows[:LOOKED_AT]]
        for name in table.header
        if name
    }
    date = _best(cells, "date", lambda name: _share(cells[name], _is_date))
    identifier = _best(cells, "id", lambda name: _unique(cells[name]))
    place = _best(cells, "place", lambda name: _share(cells[name], lambda t: _is_place(t, named)))
    taken = {date, identifier, place}
    free = [name for name in cells if name not in taken] or list(cells)
    text = max(free, key=lambda name: (_length(cells[name]), _says(name, "text")))
    called = [name for name in free if _says(name, "text")]
    if called and _length(cells[text]) < 2 * max(_length(cells[name]) for name in called):
        text = max(called, key=lambda name: _length(cells[name]))
    return Columns(text, "" if identifier == text else identifier, date, place, named=named)


def _best(cells: dict[str, list[str]], kind: str, score: Callable[[str], float]) -> str:
    """The column named for it whose cells do not deny it, else one whose cells all look like it."""
    scores = {name: score(name) for name in cells if any(cells[name])}
    called = [name for name in scores if _says(name, kind)]
    if called and (kind == "place" or max(scores[name] for name in called) >= ENOUGH):
        return max(called, key=lambda name: scores[name])
    sure = [name for name in scores if scores[name] >= ENOUGH and kind != "id"]
    return max(sure, key=lambda name: scores[name], default="")


def _says(name: str, kind: str) -> bool:
    """Whether a column's name holds one of the usual words for it."""
    plain = unicodedata.normalize("NFKD", name.casefold())
    plain = "".join(c if c.isalnum() else " " for c in plain if not unicodedata.combining(c))
    return any(word in NAMES[kind].split() for word in plain.split())


def _length(texts: list[str]) -> float:
    return sum(map(len, texts)) / max(1, len(texts))


def _share(texts: list[str], looks: Callable[[str], bool]) -> float:
    filled = [text for text in texts if text]
    return sum(looks(text) for text in filled) / max(1, len(filled))


def _is_date(text: str) -> bool:
    iso = len(text) >= 10 and text[4:5] == text[7:8] == "-" and text[:4].isdecimal()
    return iso or bool(YEAR.fullmatch(text) or DAY_FIRST.fullmatch(text))


def _is_place(text: str, named: Mapping[str, str]) -> bool:
    return bool(QPV.fullmatch(text.upper())) or text.casefold() in named


def _unique(texts: list[str]) -> float:
    """The share of different cells; 0 when one is empty or long, for it is then no id."""
    good = all(0 < len(text) <= LONGEST_ID for text in texts)
    return len(set(texts)) / len(texts) if good else 0.0
