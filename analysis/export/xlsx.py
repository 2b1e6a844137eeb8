"""The synthesis as a workbook: texts are never formulas, links or numbers in disguise."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from analysis.document import Synthesis
from analysis.export.blocks import display
from analysis.export.outline import document_title
from analysis.export.packing import made_at
from analysis.export.sheets import Cell, cells
from analysis.export.workbook import Sheet, sheets

LONGEST = 32_767  # UTF-16 units in one cell: the format's own limit
CUT = " […] (texte trop long pour une cellule : voir le fichier HTML ou JSON)"
SAFE = {
    "strings_to_formulas": False,
    "strings_to_numbers": False,
    "strings_to_urls": False,
    "constant_memory": True,
}
LINE = 13.5  # points: a line of the font below
TALLEST = 409.0  # points: the format's own limit for a row
_MARGIN = 0.4  # inches
_LETTERS = 1.15  # letters of the font below in the width of one digit of the default font
_FONT = {"font_name": "Arial", "font_size": 10, "valign": "top"}
_COLUMN = _FONT | {"text_wrap": True}
_TEXT = {"align": "left", "indent": 1}
_CELL = _COLUMN | {"bottom": 4, "bottom_color": "#8A939B"}
_LOOKS = {
    "column": _COLUMN,
    "plain": _CELL,
    "beyond": _CELL | {"text_wrap": False},
    "bold": _CELL | {"bold": True},
    "head": _CELL | {"bold": True, "bg_color": "#E8EDF3", "border": 1, "valign": "vcenter"},
}

_Look = tuple[Any, Any]  # how a text is written, and how a number is


def write(synthesis: Synthesis, path: Path) -> None:
    from xlsxwriter import Workbook  # only when a file is written

    with Workbook(str(path), SAFE) as book:
        book.set_properties(
            {
                "title": document_title(synthesis)[:255],
                "subject": display(synthesis.question)[:255],
                "author": display(synthesis.identity.council)[:255],
                "created": made_at(synthesis),
            }
        )
        book.set_custom_property("Langue", "fr-FR")
        book.set_size(1600, 1000)
        fill(book, sheets(synthesis))


def fill(book: Any, tables: Iterable[Sheet]) -> None:
    """Add these sheets to a workbook opened with ``SAFE``."""
    looks = {
        name: (book.add_format(look | _TEXT), book.add_format(look | {"align": "right"}))
        for name, look in _LOOKS.items()
    }
    for sheet in tables:
        page = book.add_worksheet(sheet.name)
        _lay_out(page, sheet, looks["column"][0])
        _fill(page, sheet, looks)


def _lay_out(page: Any, sheet: Sheet, look: Any) -> None:
    """Columns on the screen, and pages on paper: A4 lying down, each with the names of columns."""
    for column, width in enumerate(sheet.widths):
        page.set_column(column, column, width, look)
    page.freeze_panes(1, 0)
    page.set_landscape()
    page.set_paper(9)  # A4
    page.set_margins(left=_MARGIN, right=_MARGIN)
    page.fit_to_pages(1, 0)
    page.repeat_rows(0)
    page.set_footer("&C&A, page &P sur &N")


def _fill(page: Any, sheet: Sheet, looks: dict[str, _Look]) -> None:
    last = 1 if sheet.empty and not sheet.rows else len(sheet.rows)
    page.set_row(0, 45)
    _line(page, 0, sheet.head, [looks["head"]] * len(sheet.head))
    shown = [
        looks["plain" if rank < sheet.printed else "beyond"] for rank in range(len(sheet.head))
    ]
    for rank, row in enumerate(sheet.rows, start=1):
        filled = cells(row)
        page.set_row(rank, _height(filled, sheet))
        _line(page, rank, filled, shown)
    if sheet.rows:
        page.autofilter(0, 0, last, len(sheet.head) - 1)
    elif sheet.empty:
        _line(page, 1, (sheet.empty,), shown)
    if sheet.rows and sheet.total:
        last += 2
        _line(page, last, cells(sheet.total), [looks["bold"]] * len(sheet.total))
    page.print_area(0, 0, last, sheet.printed - 1)


def _height(row: tuple[Cell, ...], sheet: Sheet) -> float:
    """Room for the longest text: LibreOffice would give every row of the file a single line."""
    lines = max(_lines(row, sheet), default=1)
    return min(TALLEST, LINE * lines + 3)


def _lines(row: tuple[Cell, ...], sheet: Sheet) -> Iterator[int]:
    for cell, width in zip(row[: sheet.printed], sheet.widths, strict=False):
        room = int(width * _LETTERS)
        yield sum(1 + len(line) // room for line in str(cell).split("\n"))


def _line(page: Any, rank: int, row: tuple[Cell, ...], looks: list[_Look]) -> None:
    for column, (cell, look) in enumerate(zip(row, looks, strict=False)):
        if isinstance(cell, int | float):
            page.write_number(rank, column, cell, look[1])
        elif cell:
            page.write_string(rank, column, _short(cell), look[0])
        else:
            page.write_blank(rank, column, None, look[0])


def _short(text: str) -> str:
    """A text that fits a cell: the library drops a longer one without a word."""
    if 2 * len(text) <= LONGEST or len(text.encode("utf-16-le")) <= 2 * LONGEST:
        return text
    return text[: LONGEST // 2 - len(CUT)] + CUT
