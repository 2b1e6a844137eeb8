"""XLSX workbooks from outside: measured before they are opened, then read row by row."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from typing import IO, Any, BinaryIO

from survey_app.domain import Invalid
from survey_app.services import cells
from survey_app.services.archives import (
    DAMAGED,
    FREE_BYTES,
    MAX_PART_BYTES,
    MAX_RATIO,
    MAX_UNPACKED_BYTES,
    NOTHING,
)
from survey_app.services.cells import Uncomputed

MAX_SHEET_ROWS = 1_048_576  # what XLSX allows; a number above is a trap
MAX_OTHER_BYTES = 8 * 1024 * 1024  # styles, links: openpyxl builds each of them whole
MAX_ELEMENTS = 100_000  # within one row, or one shared text: 500 columns need 2 500
# Rows stand at the third level of a sheet, shared texts at the second of their list.
LEVELS = {"xl/worksheets/": 3, "xl/sharedStrings.xml": 2}


def rows(file: BinaryIO, name: str) -> Iterator[list[str]]:
    """The rows of the first sheet; raises `Invalid` where it is damaged, or a bomb."""
    from openpyxl import load_workbook
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        _measure(file, name)
        sheet = load_workbook(file, read_only=True, data_only=True).worksheets[0]
        sheet.reset_dimensions()  # what the file claims of its own size is not to be trusted
        formulas = _without_result(sheet)
        for number, row in enumerate(sheet.iter_rows(values_only=True), start=1):
            if number > MAX_SHEET_ROWS:
                raise ValueError("more rows than a sheet may have")
            yield [
                Uncomputed()
                if value is None and (number, column) in formulas
                else cells.text(value)
                for column, value in enumerate(row, start=1)
            ]
    except (InvalidFileException, *DAMAGED):
        raise Invalid(
            f"Le classeur « {name} » ne s’ouvre pas : il est abîmé ou n’est pas un XLSX.",
            f"Ouvrez-le dans votre tableur et enregistrez-le à nouveau. {NOTHING}",
        ) from None


def _measure(file: BinaryIO, name: str) -> None:
    """Refuse a bomb. The sizes may be believed: `zipfile` never unpacks more than they say."""
    with zipfile.ZipFile(file) as archive:
        parts = archive.infolist()
        huge = sum(part.file_size for part in parts) > MAX_UNPACKED_BYTES
        if huge or any(_is_bomb(archive, part) for part in parts):
            raise Invalid(
                f"Le classeur « {name} » est démesuré une fois décompressé.",
                f"Coupez-le, ou enregistrez sa première feuille au format CSV (UTF-8). {NOTHING}",
            )


def _is_bomb(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> bool:
    if part.file_size <= FREE_BYTES:
        return False
    if part.file_size > min(MAX_PART_BYTES, MAX_RATIO * part.compress_size):
        return True
    level = next((n for start, n in LEVELS.items() if part.filename.startswith(start)), 0)
    if not level:
        return part.file_size > MAX_OTHER_BYTES and not part.filename.startswith("xl/media/")
    with archive.open(part) as source:
        return _is_crowded(source, level)


def _is_crowded(source: IO[bytes], level: int) -> bool:
    """Whether one row (or shared text) holds so much that it would fill the memory."""
    from openpyxl.xml.functions import iterparse

    depth = rows = inside = 0
    for event, element in iterparse(source, events=("start", "end")):
        if event == "end":
            depth -= 1
            if depth < level:
                element.clear()
            continue
        depth += 1
        if depth <= level:
            rows, inside = rows + 1, 0
        else:
            inside += 1
        if inside > MAX_ELEMENTS or rows > 2 * MAX_SHEET_ROWS:
            return True
    return False


def _without_result(sheet: Any) -> frozenset[tuple[int, int]]:
    """Row and column of the formulas that were never computed.

    A spreadsheet marks a result that is an empty text (``t="str"``): that one is not missing.
    """
    from openpyxl.utils.cell import coordinate_to_tuple
    from openpyxl.worksheet._reader import FORMULA_TAG, ROW_TAG, VALUE_TAG
    from openpyxl.xml.functions import iterparse

    found = set()
    with sheet._get_source() as source:  # openpyxl shows a result or a formula, never both
        for _, element in iterparse(source):
            if element.tag != ROW_TAG:
                continue
            for cell in element:
                place = cell.get("r")
                computed = cell.findtext(VALUE_TAG) or cell.get("t") == "str"
                if place and not computed and cell.find(FORMULA_TAG) is not None:
                    found.add(coordinate_to_tuple(place))
            element.clear()
    return frozenset(found)
