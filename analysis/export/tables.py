"""One table of the analysis as a file: CSV as a French spreadsheet opens it, or a workbook.

Texts come out without French typography; none of them is a formula, whatever people typed.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence
from datetime import UTC, datetime

from analysis.export.sheets import Cell, Row, neutral
from analysis.export.workbook import Sheet
from analysis.export.xlsx import SAFE, fill

_NARROWEST, _WIDEST = 10, 60  # characters
_LONGEST_NAME = 31  # the format's own limit for a sheet
_NOT_IN_NAMES = re.compile(r"[\[\]:*?/\\'\x00-\x1f]")


def as_csv(head: Sequence[str], rows: Sequence[Row]) -> bytes:
    """UTF-8 with a byte order mark, « ; », CRLF and decimal commas (``read.csv2`` in R)."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    for row in (tuple(head), *rows):
        writer.writerow([_written(cell) for cell in row])
    return ("\ufeff" + text.getvalue()).encode("utf-8", "replace")


def _written(cell: Cell) -> str | int:
    if isinstance(cell, str):
        return neutral(cell)
    return repr(cell).replace(".", ",") if isinstance(cell, float) else cell


def as_xlsx(
    title: str,
    head: Sequence[str],
    rows: Sequence[Row],
    about: Sequence[tuple[str, str]],
    made: datetime,
) -> bytes:
    """The table on its sheet, then what one must know to read it.

    ``made``: the day of the analysis, so that the same table gives the same bytes.
    """
    from xlsxwriter import Workbook  # only when a file is written

    moment = made.replace(tzinfo=made.tzinfo or UTC).astimezone(UTC)
    target = io.BytesIO()
    with Workbook(target, SAFE | {"constant_memory": False, "in_memory": True}) as book:
        book.set_properties(
            {"title": title[:255], "created": moment.replace(microsecond=0, tzinfo=None)}
        )
        fill(book, (_sheet(title, head, rows), _about(title, about)))
    return target.getvalue()


def _sheet(title: str, head: Sequence[str], rows: Sequence[Row]) -> Sheet:
    widths = [
        max(_NARROWEST, min(_WIDEST, max(map(_length, column))))
        for column in zip(head, *rows, strict=True)
    ]
    name = " ".join(_NOT_IN_NAMES.sub(" ", neutral(title)).split())[:_LONGEST_NAME].strip()
    usable = name if name and name.lower() not in ("lisez-moi", "history") else "Tableau"
    return Sheet(usable, tuple(head), tuple(widths), tuple(rows), "Aucune ligne.")


def _length(cell: Cell) -> int:
    return max(map(len, str(cell).split("\n"))) + 2


def _about(title: str, about: Sequence[tuple[str, str]]) -> Sheet:
    apostrophe = (
        "Apostrophe",
        "Une apostrophe précède un texte qui commence comme une formule de tableur (=, +, -, @) : "
        "elle ne vient pas de la personne.",
    )
    rows = (("Tableau", title), *about, apostrophe)
    return Sheet("Lisez-moi", ("Repère", "À savoir"), (28, 100), rows)
