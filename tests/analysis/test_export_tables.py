"""One table as CSV and XLSX: hostile cells are texts, numbers stay numbers."""

from __future__ import annotations

import csv
import io
import math
from datetime import UTC, datetime

from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from analysis.export import tables
from analysis.export.sheets import Row, neutral
from analysis.glyphs import clean

HEAD = ("Mot", "Nombre", "Écart")
ROWS: tuple[Row, ...] = (("=1+1", 3, -0.25), ('bus ; "soir"\nlent', 12, 1e-07), ("", -4, 0.0))
MADE = datetime(2026, 4, 2, 10, tzinfo=UTC)


def test_csv_is_what_a_french_spreadsheet_opens() -> None:
    data = tables.as_csv(HEAD, ROWS)
    assert data.startswith(b"\xef\xbb\xbfMot;Nombre;")
    assert b"\r\n" in data
    rows = csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""), delimiter=";")
    assert list(rows)[1:] == [
        ["'=1+1", "3", "-0,25"],
        ['bus ; "soir"\nlent', "12", "1e-07"],
        ["", "-4", "0,0"],
    ]


def test_a_workbook_says_what_its_numbers_are_worth() -> None:
    data = tables.as_xlsx("Mots : [ceux] d'ici/là", HEAD, ROWS, [("Campagne", "=ici")], MADE)
    book = load_workbook(io.BytesIO(data))
    assert book.sheetnames == ["Mots ceux d ici là", "Lisez-moi"]
    cells = [[cell.value for cell in row] for row in book.worksheets[0].iter_rows()]
    assert cells[0] == list(HEAD)
    assert cells[1:] == [["'=1+1", 3, -0.25], ['bus ; "soir"\nlent', 12, 1e-07], [None, -4, 0]]
    about = [row[1].value for row in book.worksheets[1].iter_rows()]
    assert about[1:3] == ["Mots : [ceux] d'ici/là", "'=ici"]
    assert data == tables.as_xlsx(
        "Mots : [ceux] d'ici/là", HEAD, ROWS, [("Campagne", "=ici")], MADE
    )


CELLS = st.one_of(st.text(max_size=12), st.integers(-9999, 9999), st.floats(-1e6, 1e6))


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=40), st.lists(st.tuples(CELLS, CELLS), max_size=5))
def test_every_cell_comes_back(title: str, rows: list[Row]) -> None:
    text = tables.as_csv(("a", "b"), rows).decode("utf-8-sig")
    read = list(csv.reader(io.StringIO(text, newline=""), delimiter=";"))[1:]
    assert read == [[_csv(cell) for cell in row] for row in rows]
    book = load_workbook(io.BytesIO(tables.as_xlsx(title, ("a", "b"), rows, [], MADE)))
    found = [[cell.value for cell in row] for row in book.worksheets[0].iter_rows(min_row=2)]
    for row, cells in zip(rows, found, strict=False):
        for cell, value in zip(row, cells, strict=True):
            if isinstance(cell, str):
                assert (value or "") == neutral(cell) or "_x" in str(cell) or "\n" in neutral(cell)
            else:
                assert math.isclose(value, cell, rel_tol=1e-9, abs_tol=1e-12)


def _csv(cell: object) -> str:
    if isinstance(cell, str):
        return neutral(clean(cell))
    return str(cell).replace(".", ",")
