"""The synthesis as a workbook: texts are never formulas, links or numbers in disguise."""

from __future__ import annotations

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
_SAFE = {
    "strings_to_formulas": False,
    "strings_to_numbers": False,
    "strings_to_urls": False,
    "constant_memory": True,
}
_CELL = {"text_wrap": True, "valign": "top", "font_name": "Arial", "font_size": 10}
_HEAD = _CELL | {"bold": True, "bg_color": "#E8EDF3", "border": 1, "valign": "vcenter"}


def write(synthesis: Synthesis, path: Path) -> None:
    from xlsxwriter import Workbook  # only when a file is written

    with Workbook(str(path), _SAFE) as book:
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
        looks = [book.add_format(look) for look in (_CELL, _HEAD, _CELL | {"bold": True})]
        for sheet in sheets(synthesis):
            _fill(book.add_worksheet(sheet.name), sheet, *looks)


def _fill(page: Any, sheet: Sheet, plain: Any, head: Any, bold: Any) -> None:
    for column, width in enumerate(sheet.widths):
        page.set_column(column, column, width, plain)
    page.freeze_panes(1, 0)
    page.set_landscape()
    page.set_paper(9)  # A4
    page.fit_to_pages(1, 0)
    page.repeat_rows(0)
    page.set_footer("&C&A, page &P sur &N")
    page.set_row(0, 45)
    _line(page, 0, sheet.head, head)
    rank = 0
    for rank, row in enumerate(sheet.rows, start=1):
        _line(page, rank, cells(row), plain)
    if sheet.rows:
        page.autofilter(0, 0, rank, len(sheet.head) - 1)
    elif sheet.empty:
        _line(page, 1, (sheet.empty,), plain)
    if sheet.rows and sheet.total:
        _line(page, rank + 2, cells(sheet.total), bold)


def _line(page: Any, rank: int, row: tuple[Cell, ...], look: Any) -> None:
    for column, cell in enumerate(row):
        if isinstance(cell, int):
            page.write_number(rank, column, cell, look)
        elif cell:
            page.write_string(rank, column, _short(cell), look)


def _short(text: str) -> str:
    """A text that fits a cell: the library drops a longer one without a word."""
    units = len(text) + sum(char > "\uffff" for char in text)
    return text if units <= LONGEST else text[: LONGEST // 2 - len(CUT)] + CUT
