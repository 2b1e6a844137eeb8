"""Tables from outside (CSV, XLSX), read with limits: rows of text, or why not in a sentence."""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from survey_app.domain import Invalid
from survey_app.services import workbooks
from survey_app.services.workbooks import Uncomputed

MAX_FILE_BYTES = 64 * 1024 * 1024
MAX_ROWS = 100_000
MAX_COLUMNS = 500
MAX_CELL = 4_000_000  # above any testimony: the length of a text is judged later, with its row
NOTHING = workbooks.NOTHING
BINARY = frozenset(range(32)) - {9, 10, 12, 13}
SEPARATORS = ",;\t|"
# French letters and marks in UTF-8 (à to ÿ, œ, « », the space before « : », ’, …, and what Excel
# puts first): no French text in Windows-1252 holds these bytes side by side.
IN_UTF8 = re.compile(
    rb"\xc3[\x80-\xbf]|\xc5[\x92\x93]|\xc2[\xa0\xab\xbb]|\xe2\x80[\x99\xa6]|\xef\xbb\xbf"
)


@dataclass(frozen=True, slots=True)
class Table:
    """A header, and rows numbered as a spreadsheet shows them (the header is row 1)."""

    header: tuple[str, ...]
    rows: tuple[tuple[int, dict[str, str]], ...]
    notes: tuple[str, ...] = ()


def read(path: Path) -> Table:
    """Read a table; raises `Invalid` with a French sentence for whatever is not one."""
    if not path.is_file():
        raise Invalid(f"Le fichier « {path.name} » n’existe pas.", f"Vérifiez son nom. {NOTHING}")
    size = path.stat().st_size
    if size > MAX_FILE_BYTES:
        raise Invalid(
            f"Le fichier « {path.name} » est trop gros ({size // 1_000_000} Mo).",
            f"Coupez-le en fichiers de moins de {MAX_FILE_BYTES // 1_000_000} Mo. {NOTHING}",
        )
    if size == 0:
        raise Invalid(f"Le fichier « {path.name} » est vide.", NOTHING)
    suffix = path.suffix.lower()
    try:
        if suffix == ".csv":
            return _table(*_csv(path))
        if suffix == ".xlsx":
            return _table(workbooks.rows(path), ())
    except OSError as error:
        raise Invalid(
            f"Le fichier « {path.name} » n’a pas pu être lu ({error.strerror}).", NOTHING
        ) from None
    raise Invalid(
        f"Le fichier « {path.name} » n’est ni un CSV ni un classeur XLSX.",
        f"Dans votre tableur, enregistrez-le au format CSV (UTF-8) ou XLSX. {NOTHING}",
    )


def _table(rows: Iterator[list[str]], notes: tuple[str, ...]) -> Table:
    header: tuple[str, ...] = ()
    kept: list[tuple[int, dict[str, str]]] = []
    for number, cells in enumerate(rows, start=1):
        if number == 1:
            header = tuple(cell.strip() for cell in cells)
            _check_header(header)
            continue
        if len(kept) == MAX_ROWS:
            raise Invalid(f"Le tableau a plus de {MAX_ROWS} lignes.", f"Coupez-le. {NOTHING}")
        if len(cells) > len(header) and any(cell.strip() for cell in cells[len(header) :]):
            raise Invalid(
                f"La ligne {number} a {len(cells)} cases, or l’en-tête en a {len(header)}.",
                f"Vérifiez les guillemets et les séparateurs de cette ligne. {NOTHING}",
            )
        if any(cell.strip() or isinstance(cell, Uncomputed) for cell in cells):
            padded = [*cells, *[""] * (len(header) - len(cells))]
            kept.append((number, dict(zip(header, padded, strict=False))))
    if not kept:
        raise Invalid("Le tableau n’a aucune ligne sous son en-tête.", NOTHING)
    return Table(header, tuple(kept), notes)


def _check_header(header: tuple[str, ...]) -> None:
    if len(header) > MAX_COLUMNS:
        raise Invalid(f"Le tableau a plus de {MAX_COLUMNS} colonnes.", NOTHING)
    if not any(header):
        raise Invalid("La première ligne doit porter les noms des colonnes.", NOTHING)
    named = [name for name in header if name]
    twice = sorted({name for name in named if named.count(name) > 1})
    if twice:
        raise Invalid(
            f"Deux colonnes portent le même nom : {', '.join(twice)}.",
            f"Renommez l’une d’elles. {NOTHING}",
        )


def _csv(path: Path) -> tuple[Iterator[list[str]], tuple[str, ...]]:
    text, notes = _decode(path)
    csv.field_size_limit(MAX_CELL)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_separator(text), strict=True)

    def rows() -> Iterator[list[str]]:
        while True:
            line = reader.line_num + 1
            try:
                yield next(reader)
            except StopIteration:
                return
            except csv.Error:
                raise Invalid(
                    f"La ligne {line} du fichier n’a pas pu être lue : un guillemet n’est pas "
                    "refermé, ou une case est démesurée.",
                    f"Corrigez cette ligne. {NOTHING}",
                ) from None

    return rows(), notes


def _decode(path: Path) -> tuple[str, tuple[str, ...]]:
    """UTF-8 with or without its mark, UTF-16 with its mark, else the Windows-1252 of old Excel."""
    data = path.read_bytes()
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        try:
            return data.decode("utf-16"), ("Fichier lu en UTF-16.",)
        except UnicodeDecodeError:
            raise _not_a_table(path) from None
    try:
        text = data.decode("utf-8").removeprefix("\ufeff")
        if "\0" in text.split("\n", 1)[0]:
            raise _not_a_table(path)
        return text, ()
    except UnicodeDecodeError as error:
        if any(byte in BINARY for byte in data[:65_536]):
            raise _not_a_table(path) from None
        _refuse_mixture(path, data, error.start)
    note = (
        "Le fichier n’est pas en UTF-8 : il a été lu en Windows-1252 (Latin-1). "
        "Vérifiez que les accents sont justes."
    )
    try:
        return data.decode("cp1252"), (note,)
    except UnicodeDecodeError:
        return data.decode("latin-1"), (note,)


def _refuse_mixture(path: Path, data: bytes, wrong: int) -> None:
    """Raise `Invalid` where a file is partly in UTF-8: its « é » would be kept as « Ã© ».

    ``wrong``: where the first byte that is not UTF-8 stands.
    """
    proper = IN_UTF8.search(data)
    if proper is None:
        return
    line, stray = (data.count(b"\n", 0, place) + 1 for place in (proper.start(), wrong))
    raise Invalid(
        f"Le fichier « {path.name} » mélange deux encodages : la ligne {line} est en UTF-8, "
        f"la ligne {stray} contient des lettres qui n’en sont pas.",
        f"Corrigez la ligne {stray} dans votre tableur, puis enregistrez à nouveau le fichier "
        f"au format CSV (UTF-8). {NOTHING}",
    )


def _not_a_table(path: Path) -> Invalid:
    return Invalid(
        f"Le fichier « {path.name} » n’est pas un tableau de texte.",
        f"Ouvrez-le dans votre tableur et enregistrez-le au format CSV (UTF-8). {NOTHING}",
    )


def _separator(text: str) -> str:
    """The separator that cuts the header in most cells; the comma where none does."""
    header = text.split("\n", 1)[0]
    return max(SEPARATORS, key=lambda mark: (header.count(mark), -SEPARATORS.index(mark)))
