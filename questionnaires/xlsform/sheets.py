"""Bytes to sheets of text cells: .xlsx, .xls, or pyxform's one-file .csv, measured before read.

Nothing here knows what a form is. A workbook may be hostile: its size is limited before it is
opened, no DTD is read, and whatever a reader raises becomes a sentence.
"""

from __future__ import annotations

import csv
import io
import re
import warnings
import zipfile
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import time
from pathlib import PurePath
from typing import Any
from xml.sax import SAXException

from questionnaires.problems import Problem
from questionnaires.xlsform.measure import LimitError, UncomputedError, measure

MAX_BYTES = 5_000_000
MAX_ROWS = 5_000
MAX_COLUMNS = 200
MAX_CELL = 32_767
"""Signs of one cell: what a spreadsheet allows."""
MAX_REFERENCES = 50_000
"""Questions that the whole workbook names with ``${…}``: each costs pyxform time and memory."""

# What a sheet says is worth reading; `cascades` is an old feature that pyxform lists too.
KNOWN = ("survey", "choices", "settings", "external_choices", "entities", "osm", "cascades")
_DAMAGED = (
    *(zipfile.BadZipFile, zlib.error, SAXException, ArithmeticError, AttributeError, EOFError),
    *(LookupError, NotImplementedError, OSError, RuntimeError, SyntaxError, TypeError, ValueError),
)
_SAVE = "Ouvrez-le dans votre tableur et enregistrez-le à nouveau au format XLSX."
Cells = Iterable[tuple[int, list[str]]]


class UnreadableError(ValueError):
    """The file cannot be read as a workbook; ``problem`` says why."""

    def __init__(self, message: str, remedy: str = _SAVE, where: str = "classeur") -> None:
        self.problem = Problem("xlsform-unreadable", where, message, remedy)
        super().__init__(message)


@dataclass(frozen=True, slots=True)
class Row:
    """A row, numbered as a spreadsheet shows it; cells by header, empty ones left out."""

    number: int
    cells: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet of the workbook. ``nameless``: numbers of the rows with a cell under no header."""

    name: str
    header: tuple[str, ...]
    rows: tuple[Row, ...]
    nameless: tuple[int, ...] = ()


def sheets(data: bytes, filename: str) -> dict[str, Sheet]:
    """The sheets by lower-case name. Raises `UnreadableError` and nothing else."""
    readers = {".xlsx": _xlsx, ".xls": _xls, ".csv": _csv}
    reader = readers.get(PurePath(filename).suffix.lower())
    if reader is None:
        raise UnreadableError("Ce fichier n’est ni un XLSX, ni un XLS, ni un CSV.")
    if len(data) > MAX_BYTES:
        raise UnreadableError(
            f"Le fichier pèse plus de {MAX_BYTES // 1_000_000} Mo.",
            "Retirez les images et les feuilles inutiles.",
        )
    found = {name.lower(): cells for name, cells in reversed(list(reader(data).items()))}
    if len(found) == 1 and "survey" not in found:
        found = {"survey": next(iter(found.values()))}
    read = {name: _sheet(name, cells) for name, cells in reversed(found.items())}
    rows = [row for sheet in read.values() for row in sheet.rows]
    if sum(cell.count("${") for row in rows for cell in row.cells.values()) > MAX_REFERENCES:
        raise UnreadableError(
            f"Les conditions lisent plus de {MAX_REFERENCES} réponses en tout.",
            "Coupez le classeur en plusieurs questionnaires.",
        )
    return read


def _sheet(name: str, cells: Cells) -> Sheet:
    rows = [(number, row) for number, row in cells if any(cell.strip() for cell in row)]
    header: list[str] = []
    if rows:
        header = [" ".join(cell.split()) for cell in rows.pop(0)[1]]
    named = [head for head in header if head]
    twice = sorted({head for head in named if named.count(head) > 1})
    if twice and name in KNOWN:
        raise UnreadableError(
            f"Deux colonnes portent le même nom : {', '.join(twice)}.",
            "Renommez l’une d’elles, ou retirez-la.",
            f"feuille {name}, ligne 1",
        )
    kept: list[Row] = []
    nameless: list[int] = []
    for number, row in rows:
        _check(name, number, row)
        filled = {head: cell for head, cell in zip(header, row, strict=False) if cell.strip()}
        stray = filled.pop("", "") or any(cell.strip() for cell in row[len(header) :])
        if stray:
            nameless.append(number)
        kept.append(Row(number, filled))
    return Sheet(name, tuple(named), tuple(kept), tuple(nameless))


def _check(name: str, number: int, row: list[str]) -> None:
    where = f"feuille {name}, ligne {number}"
    if number > MAX_ROWS + 1:
        raise _too_many(where, "lignes", MAX_ROWS)
    if any(cell.strip() for cell in row[MAX_COLUMNS:]):
        raise _too_many(where, "colonnes", MAX_COLUMNS)
    if any(len(cell) > MAX_CELL for cell in row):
        raise UnreadableError(
            f"Une case compte plus de {MAX_CELL} signes.", "Raccourcissez ce texte.", where
        )


def _too_many(where: str, what: str, limit: int) -> UnreadableError:
    return UnreadableError(f"La feuille a plus de {limit} {what}.", "Coupez le classeur.", where)


def _xlsx(data: bytes) -> dict[str, Cells]:
    from openpyxl import load_workbook
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        measure(data, MAX_ROWS + 1, MAX_COLUMNS)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about styles and extensions, which we do not read
            book = load_workbook(io.BytesIO(data), read_only=True, data_only=True)
            return {sheet.title: _xlsx_rows(sheet) for sheet in book.worksheets}
    except LimitError as limit:
        raise UnreadableError(*limit.args) from None
    except UncomputedError as place:
        raise UnreadableError(
            f"La case {place} contient une formule dont le résultat n’est pas enregistré."
        ) from None
    except (InvalidFileException, *_DAMAGED):
        raise UnreadableError("Le classeur ne s’ouvre pas : il est abîmé.") from None


def _xlsx_rows(sheet: Any) -> list[tuple[int, list[str]]]:
    sheet.reset_dimensions()  # what the file claims of its own size is not to be trusted
    rows = sheet.iter_rows(max_row=MAX_ROWS + 1, max_col=MAX_COLUMNS, values_only=True)
    return [(number, [_text(cell) for cell in row]) for number, row in enumerate(rows, 1)]


def _text(value: object) -> str:
    """A cell as pyxform reads it, except that the spaces of a text are kept as they are."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def _xls(data: bytes) -> dict[str, Cells]:
    import xlrd

    try:
        book = xlrd.open_workbook(file_contents=data, logfile=io.StringIO(), ragged_rows=True)
        return {sheet.name: _xls_rows(sheet, book.datemode) for sheet in book.sheets()}
    # The old format's reader raises anything at all on a damaged file, assertions included.
    except Exception:
        raise UnreadableError("Le classeur ne s’ouvre pas : il est abîmé.") from None


def _xls_rows(sheet: Any, datemode: int) -> list[tuple[int, list[str]]]:
    return [
        (index + 1, [_xls_text(cell, datemode) for cell in sheet.row(index)])
        for index in range(sheet.nrows)
    ]


def _xls_text(cell: Any, datemode: int) -> str:
    from xlrd import XL_CELL_BOOLEAN, XL_CELL_DATE, XL_CELL_ERROR, xldate

    if cell.ctype == XL_CELL_ERROR:
        return ""
    if cell.ctype == XL_CELL_BOOLEAN:
        return _text(bool(cell.value))
    if cell.ctype == XL_CELL_DATE:
        moment = xldate.xldate_as_datetime(cell.value, datemode)
        only_time = cell.value < 1
        return str(time(moment.hour, moment.minute, moment.second) if only_time else moment)
    return _text(cell.value)


def _csv(data: bytes) -> dict[str, Cells]:
    """A sheet's name alone in the first column, then its rows from the second column on."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise UnreadableError(
            "Le fichier CSV n’est pas en UTF-8 : ses accents seraient perdus.",
            "Dans votre tableur, enregistrez-le au format CSV (UTF-8).",
        ) from None
    found: dict[str, list[tuple[int, list[str]]]] = {}
    current: list[tuple[int, list[str]]] = []
    separator = ";" if text.count(";") > text.count(",") else ","
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    try:
        for row in reader:
            name = row[0].strip() if row else ""
            if name:
                current = found.setdefault(re.sub(r"\s+", " ", name), [])
            if any(cell.strip() for cell in row[1:]):
                current.append((reader.line_num, row[1:]))
    except csv.Error:
        raise UnreadableError(
            f"La ligne {reader.line_num} du fichier ne se lit pas.",
            "Vérifiez ses guillemets et ses séparateurs.",
        ) from None
    return dict(found)
