"""A table of counts: terms in lines, parts in columns; what ``keyness`` and others read."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator

MOST_LINES = 1_000_000
LONGEST_CELL = 20_000
_DELIMITERS = ",;\t"
_WHOLE = re.compile(r"[0-9]{1,12}")
_DECIMAL = re.compile(r"-?[0-9]+[.,][0-9]+")


class ContingencyError(ValueError):
    """The table cannot be read; the message names the line, in French."""


def read(data: bytes) -> tuple[tuple[str, ...], tuple[str, ...], list[list[int]]]:
    """The terms, the parts, and one line of counts for each term, in the order of the file.

    UTF-8, with or without a byte-order mark; « , », « ; » or tabs. The name of the first column
    does not matter. ``ContingencyError`` for a number that is blank, negative, decimal or no
    number, a term or a part written twice, a line of another width.
    """
    rows = _rows(data)
    number, head = next(rows, (1, []))
    parts = tuple(cell.strip() for cell in head[1:])
    if not parts:
        raise ContingencyError(
            "Ligne 1 : il faut une colonne de termes, puis au moins une colonne de nombres."
        )
    if "" in parts:
        raise ContingencyError(f"Ligne {number} : la colonne {parts.index('') + 2} n'a pas de nom.")
    double = next((part for rank, part in enumerate(parts) if part in parts[:rank]), None)
    if double is not None:
        raise ContingencyError(f"Ligne {number} : la colonne « {double} » est écrite deux fois.")
    seen: dict[str, int] = {}
    counts: list[list[int]] = []
    for number, cells in rows:
        _check_line(number, cells, len(parts), seen)
        seen[cells[0]] = number
        counts.append([_count(number, *pair) for pair in zip(parts, cells[1:], strict=True)])
    if not counts:
        raise ContingencyError("Ligne 2 : le tableau n'a aucun terme.")
    return tuple(seen), parts, counts


def _rows(data: bytes) -> Iterator[tuple[int, list[str]]]:
    """The lines that are not blank, each with the number of its first line in the file."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise ContingencyError(
            f"Ligne {line} : le fichier n'est pas en UTF-8. Enregistrez-le en « CSV UTF-8 »."
        ) from error
    delimiter = max(_DELIMITERS, key=text.split("\n", 1)[0].count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    number = 1
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                yield number, cells
            number = reader.line_num + 1
            if number > MOST_LINES + 2:
                raise ContingencyError(f"Ligne {number} : le tableau est trop long.")
    except csv.Error as error:
        raise ContingencyError(f"Ligne {number} : elle n'a pas pu être lue.") from error


def _check_line(number: int, cells: list[str], parts: int, seen: dict[str, int]) -> None:
    if len(cells) != parts + 1:
        raise ContingencyError(
            f"Ligne {number} : elle a {len(cells)} cases, il en faut {parts + 1} comme en ligne 1."
        )
    term = cells[0]
    if not term.strip():
        raise ContingencyError(f"Ligne {number} : le terme manque.")
    if len(term) > LONGEST_CELL:
        raise ContingencyError(f"Ligne {number} : le terme est démesuré.")
    if term in seen:
        raise ContingencyError(
            f"Ligne {number} : le terme « {term[:60]} » est déjà à la ligne {seen[term]}."
        )


def _count(number: int, part: str, cell: str) -> int:
    cell = cell.strip()
    if _WHOLE.fullmatch(cell):
        return int(cell)
    if not cell:
        why = "le nombre manque. Écrivez 0 s'il n'y en a aucun"
    elif _DECIMAL.fullmatch(cell):
        why = f"« {cell} » a des décimales. Il faut un nombre entier"
    elif cell.startswith("-") and _WHOLE.fullmatch(cell[1:]):
        why = f"« {cell} » est négatif. Il faut un nombre de fois, 0 ou plus"
    else:
        why = f"« {cell[:40]} » n'est pas un nombre entier"
    raise ContingencyError(f"Ligne {number}, colonne « {part} » : {why}.")
