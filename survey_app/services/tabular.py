"""Tables from outside (CSV, XLSX, ODS), read with limits: rows of text, or why not in words."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from survey_app.domain import Invalid
from survey_app.services import archives, delimited, opendocument, workbooks
from survey_app.services.cells import Uncomputed

MAX_FILE_BYTES = 64 * 1024 * 1024
MAX_ROWS = 100_000
MAX_COLUMNS = 500
MAX_CELLS = 4_000_000  # rows by columns: each is a place in the memory, even when empty
NOTHING = archives.NOTHING
TEXT_SUFFIXES = frozenset({".csv", ".tsv"})
SHEETS = {".xlsx": workbooks.rows, ".ods": opendocument.rows}
SUFFIXES = TEXT_SUFFIXES | SHEETS.keys()
LOOKED_AT = 20  # first rows among which the header is guessed


@dataclass(frozen=True, slots=True)
class Reading:
    """How to read a table. What is empty or zero is guessed; ``header`` is a row's number."""

    encoding: str = ""
    separator: str = ""
    header: int = 1


@dataclass(frozen=True, slots=True)
class Table:
    """A header, and rows numbered as a spreadsheet shows them. ``reading``: how it was read."""

    header: tuple[str, ...]
    rows: tuple[tuple[int, dict[str, str]], ...]
    notes: tuple[str, ...] = ()
    reading: Reading = Reading()


def content(path: Path) -> bytes:
    """The bytes of a file; raises `Invalid` where there is none, or too many."""
    if not path.is_file():
        raise Invalid(f"Le fichier « {path.name} » n’existe pas.", f"Vérifiez son nom. {NOTHING}")
    size = path.stat().st_size
    if size > MAX_FILE_BYTES:
        raise Invalid(
            f"Le fichier « {path.name} » est trop gros ({size // 1_000_000} Mo).",
            f"Coupez-le en fichiers de moins de {MAX_FILE_BYTES // 1_000_000} Mo. {NOTHING}",
        )
    try:
        return path.read_bytes()
    except OSError as error:
        raise Invalid(
            f"Le fichier « {path.name} » n’a pas pu être lu ({error.strerror}).", NOTHING
        ) from None


def read(path: Path) -> Table:
    """Read a table; raises `Invalid` with a French sentence for whatever is not one."""
    return parse(path.name, content(path))


def parse(name: str, data: bytes, reading: Reading = Reading()) -> Table:
    """The table that the bytes of a file hold; raises `Invalid` as `read` does."""
    if not data:
        raise Invalid(f"Le fichier « {name} » est vide.", NOTHING)
    suffix = Path(name).suffix.lower()
    if suffix in TEXT_SUFFIXES:
        decoded = delimited.decode(name, data, reading.encoding)
        mark = reading.separator or delimited.separator_of(decoded.text)
        rows, notes = list(_bounded(delimited.rows(decoded.text, mark))), decoded.notes
        used = Reading(decoded.encoding, mark, reading.header)
    elif suffix in SHEETS:
        rows, notes = list(_bounded(SHEETS[suffix](io.BytesIO(data), name))), ()
        used = Reading(header=reading.header)
    else:
        raise Invalid(
            f"Le fichier « {name} » n’est ni un CSV ni un classeur XLSX ou ODS.",
            "Dans votre tableur, enregistrez-le au format CSV (UTF-8), XLSX ou ODS. " + NOTHING,
        )
    return _table(rows, notes, used)


def _bounded(rows: Iterator[list[str]]) -> Iterator[list[str]]:
    """Rows until there are too many of them, even blank, or of their cells."""
    total = written = 0
    for number, cells in enumerate(rows, start=1):
        total += len(cells)
        written += any(cell.strip() for cell in cells)
        if total > MAX_CELLS:
            raise _too_many(MAX_CELLS, "cases")
        if number > opendocument.MAX_SHEET_ROWS or written > MAX_ROWS + LOOKED_AT:
            raise _too_many(MAX_ROWS, "lignes")
        yield cells


def _too_many(limit: int, what: str) -> Invalid:
    return Invalid(f"Le tableau a plus de {limit} {what}.", f"Coupez-le. {NOTHING}")


def guessed_header(rows: list[list[str]]) -> int:
    """The row, among the first ones, where a table seems to begin: the first of the fullest."""
    filled = [sum(bool(cell.strip()) for cell in cells) for cells in islice(rows, LOOKED_AT)]
    fullest = max(filled, default=0)
    return next((n for n, count in enumerate(filled, start=1) if count == fullest), 1)


def _table(rows: list[list[str]], notes: tuple[str, ...], used: Reading) -> Table:
    first = used.header or guessed_header(rows)
    used = Reading(used.encoding, used.separator, first)
    header = tuple(cell.strip() for cell in rows[first - 1]) if first <= len(rows) else ()
    _check_header(header, first)
    kept: list[tuple[int, dict[str, str]]] = []
    for number, cells in enumerate(islice(rows, first, None), start=first + 1):
        if len(kept) == MAX_ROWS:
            raise _too_many(MAX_ROWS, "lignes")
        if len(cells) > len(header) and any(cell.strip() for cell in cells[len(header) :]):
            raise Invalid(
                f"La ligne {number} a {len(cells)} cases, or l’en-tête en a {len(header)}.",
                f"Vérifiez les guillemets et les séparateurs de cette ligne. {NOTHING}",
            )
        if any(cell.strip() or isinstance(cell, Uncomputed) for cell in cells):
            padded = [*cells, *[""] * (len(header) - len(cells))]
            kept.append((number, dict(zip(header, padded, strict=False))))
        if len(kept) * len(header) > MAX_CELLS:
            raise _too_many(MAX_CELLS, "cases")
    if not kept:
        raise Invalid("Le tableau n’a aucune ligne sous son en-tête.", NOTHING)
    return Table(header, tuple(kept), notes, used)


def _check_header(header: tuple[str, ...], number: int) -> None:
    if len(header) > MAX_COLUMNS:
        raise Invalid(f"Le tableau a plus de {MAX_COLUMNS} colonnes.", NOTHING)
    if not any(header):
        line = "La première ligne" if number == 1 else f"La ligne {number}"
        raise Invalid(f"{line} doit porter les noms des colonnes.", NOTHING)
    named = [name for name in header if name]
    twice = sorted({name for name in named if named.count(name) > 1})
    if twice:
        raise Invalid(
            f"Deux colonnes portent le même nom : {', '.join(twice)}.",
            f"Renommez l’une d’elles. {NOTHING}",
        )
