"""The rows of a table as testimonies to come: every fault of every row is said, none is mended."""

from __future__ import annotations

import datetime
import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from hashlib import sha256

from questionnaires.types import MAX_TEXT
from questionnaires.values import clean_text
from survey_app.domain import Invalid
from survey_app.services import tabular
from survey_app.services.cells import Uncomputed

YEAR = re.compile(r"[0-9]{4}")
DAY_FIRST = re.compile(r"([0-9]{1,2})/([0-9]{1,2})/([0-9]{4})")
QPV = re.compile(r"Q[PN][0-9A-Z]{6}")
LONGEST_ID = 200
# What a spreadsheet writes, in English or French, where a formula failed.
FAILED = frozenset(
    {"#REF!", "#N/A", "#NAME?", "#NOM?", "#VALUE!", "#VALEUR!", "#DIV/0!"}
    | {"#NUM!", "#NOMBRE!", "#NULL!", "#NUL!"}
)


@dataclass(frozen=True, slots=True)
class Columns:
    """Which column holds what; only the text is needed.

    ``more``: other columns of text, whose words come after a blank line. ``named``: what places
    are called, in lower case, and the code of the neighbourhood that each is.
    """

    text: str
    id: str = ""
    date: str = ""
    place: str = ""
    more: tuple[str, ...] = ()
    named: Mapping[str, str] = field(default_factory=dict)

    @property
    def all(self) -> tuple[str, ...]:
        """Every column that is read, once."""
        wanted = (self.text, *self.more, self.id, self.date, self.place)
        return tuple(dict.fromkeys(name for name in wanted if name))


@dataclass(frozen=True, slots=True)
class Row:
    """One testimony of the file. ``source_id`` is its own id, or made from its words.

    ``neighbourhood``: the campaign's code that the place names, or empty.
    """

    number: int
    text: str
    source_id: str
    date: str
    place: str
    said_on: datetime.date | None
    neighbourhood: str


@dataclass(slots=True)
class _Seen:
    """The ids met so far, with their lines, and how often the same words came without one."""

    lines: dict[str, int] = field(default_factory=dict)
    repeats: Counter[str] = field(default_factory=Counter)

    def key(self, row: Row) -> str:
        """The row's own id, or one made of its words and of how many said them before."""
        if row.source_id:
            return row.source_id
        digest = sha256(row.text.encode("utf-8", "surrogatepass")).hexdigest()
        self.repeats[digest] += 1
        return f"{digest}-{self.repeats[digest]}"


def checked(
    table: tabular.Table, columns: Columns, neighbourhoods: Collection[str]
) -> tuple[list[Row], list[str]]:
    """Every row, and every fault as « Ligne 12 : … »; raises as `judged`."""
    found = judged(table, columns, neighbourhoods)
    problems = [f"Ligne {row.number} : {fault}" for row, faults in found for fault in faults]
    return [row for row, _ in found], problems


def judged(
    table: tabular.Table, columns: Columns, neighbourhoods: Collection[str]
) -> list[tuple[Row, list[str]]]:
    """Every row with its faults, as sentences.

    Raises `Invalid` for a column that the table has not, with the closest name, and for one that
    would be both words and an identifier: an identifier outlives the masking of the words.
    """
    _check_columns(table, columns)
    if columns.id in (columns.text, *columns.more):
        raise Invalid(
            f"La colonne « {columns.id} » ne peut pas être à la fois le texte et l’identifiant.",
            f"Choisissez une autre colonne d’identifiants, ou aucune. {tabular.NOTHING}",
        )
    found, seen = [], _Seen()
    for number, cells in table.rows:
        row, faults = _row(number, cells, columns, neighbourhoods)
        key = seen.key(row)
        if row.source_id and key in seen.lines:
            faults.append(f"l’identifiant « {key[:60]} » est déjà à la ligne {seen.lines[key]}.")
        seen.lines.setdefault(key, number)
        found.append((replace(row, source_id=key), faults))
    return found


def _check_columns(table: tabular.Table, columns: Columns) -> None:
    for wanted in columns.all:
        if wanted not in table.header:
            close = get_close_matches(wanted, table.header, n=1)
            hint = f"Vouliez-vous dire « {close[0]} » ? " if close else ""
            listed = ", ".join(f"« {name} »" for name in table.header if name)
            raise Invalid(
                f"La colonne « {wanted} » n’existe pas dans ce fichier.",
                f"{hint}Ses colonnes sont : {listed}. {tabular.NOTHING}",
            )


def _row(
    number: int, cells: dict[str, str], columns: Columns, neighbourhoods: Collection[str]
) -> tuple[Row, list[str]]:
    texts = (cells[name] for name in (columns.text, *columns.more))
    text = clean_text("\n\n".join(part for part in texts if part.strip()))
    missing = any(isinstance(cells[name], Uncomputed) for name in (columns.text, *columns.more))
    source_id = cells[columns.id].strip() if columns.id else ""
    when = cells[columns.date].strip() if columns.date else ""
    place = cells[columns.place].strip() if columns.place else ""
    code = columns.named.get(place.casefold(), place.upper())
    faults = [
        f"la case « {name} » est une formule sans son résultat : ouvrez le classeur dans votre "
        "tableur, enregistrez-le, puis recommencez."
        for name in columns.all
        if isinstance(cells[name], Uncomputed)
    ]
    faults += [] if missing else text_faults(text)
    try:
        said_on = _date(when)
    except ValueError:
        said_on = None
        faults.append(f"la date « {when[:40]} » n’est pas comprise (attendu : 2026-04-30).")
    if columns.id and not source_id and not isinstance(cells[columns.id], Uncomputed):
        faults.append("l’identifiant est vide.")
    if len(source_id) > LONGEST_ID:
        faults.append(f"l’identifiant dépasse {LONGEST_ID} caractères.")
    if QPV.fullmatch(code) and code not in neighbourhoods:
        faults.append(f"le quartier {code} ne fait pas partie de la campagne.")
    known = code if code in neighbourhoods else ""
    return Row(number, text, source_id, when, place, said_on, known), faults


def text_faults(text: str) -> Iterator[str]:
    """Why a text cannot be a testimony."""
    if not text.strip():
        yield "le texte est vide."
    if text.strip().upper() in FAILED:
        yield f"le texte est l’erreur d’une formule ({text.strip()}), pas une parole."
    if "\0" in text:
        yield "le texte contient un caractère nul, invisible, que rien ne sait afficher."
    if len(text) > MAX_TEXT:
        yield f"le texte a {len(text)} caractères ; le maximum est {MAX_TEXT}."


def _date(text: str) -> datetime.date | None:
    """A day, or the first of January of a bare year (what was written is kept beside it)."""
    if not text:
        return None
    if YEAR.fullmatch(text):
        return datetime.date(int(text), 1, 1)
    day_first = DAY_FIRST.fullmatch(text)
    if day_first:
        day, month, year = (int(part) for part in day_first.groups())
        return datetime.date(year, month, day)
    return datetime.date.fromisoformat(text[:10])
