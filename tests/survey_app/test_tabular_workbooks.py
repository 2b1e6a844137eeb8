"""Workbooks that would fill the memory are refused unopened; formulas without a result are told."""

from __future__ import annotations

import io
import random
import time
import zipfile
from pathlib import Path

import pytest
from openpyxl import Workbook

from survey_app.domain import Invalid
from survey_app.services import import_rows, tabular, workbooks
from survey_app.services.import_rows import Columns

SPACE = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
HEADER = '<row r="1"><c r="A1" t="inlineStr"><is><t>texte</t></is></c></row>'
CELL = '<row r="2"><c r="A2" t="inlineStr"><is>{}</is></c></row>'
RUN = "<r><t>x</t></r>"


def workbook(folder: Path, rows: str, others: dict[str, bytes] | None = None) -> Path:
    """A workbook whose first sheet holds these rows, as XML."""
    plain = io.BytesIO()
    Workbook().save(plain)
    path = folder / "a.xlsx"
    sheet = f'<worksheet xmlns="{SPACE}"><sheetData>{HEADER}{rows}</sheetData></worksheet>'
    with (
        zipfile.ZipFile(plain) as source,
        zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as target,
    ):
        for entry in source.infolist():
            content = source.read(entry)
            if entry.filename.endswith("sheet1.xml"):
                content = sheet.encode()
            target.writestr(entry, content)
        for name, content in (others or {}).items():
            target.writestr(name, content)
    return path


def noise(size: int) -> str:
    """Letters that do not compress well, so that the ratio says nothing."""
    return random.Random(1).randbytes(size // 2).hex()


@pytest.mark.parametrize(
    ("rows", "others"),
    [
        (CELL.format(RUN * 6_000_000), {}),
        (CELL.format(RUN * 400_000 + f"<t>{noise(400_000)}</t>"), {}),
        (CELL.format("<t>Un banc</t>"), {"xl/autre.xml": noise(9_000_000).encode()}),
        (CELL.format("<t>Un banc</t>"), {"xl/media/i.png": b"\0" * 5_000_000}),
    ],
    ids=["90 Mo", "runs", "another part", "ratio"],
)
def test_a_bomb_is_refused_before_it_is_opened(
    tmp_path: Path, rows: str, others: dict[str, bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    path = workbook(tmp_path, rows, others)
    monkeypatch.setattr("openpyxl.load_workbook", lambda *_, **__: pytest.fail("it was opened"))
    started = time.perf_counter()
    with pytest.raises(Invalid, match=r"démesuré une fois décompressé.*Rien n’a été importé"):
        tabular.read(path)
    assert time.perf_counter() - started < 10


def test_a_long_honest_sheet_is_read(tmp_path: Path) -> None:
    rows = "".join(
        f'<row r="{n}"><c r="A{n}" t="inlineStr"><is><t>{n} {noise(400)}</t></is></c></row>'
        for n in range(2, 12_002)
    )
    path = workbook(tmp_path, rows)
    assert len(rows) > workbooks.FREE_BYTES
    assert len(tabular.read(path).rows) == 12_000


def test_a_row_numbered_beyond_any_sheet_is_refused(tmp_path: Path) -> None:
    far = CELL.format("<t>x</t>").replace('"2"', '"999999999999"').replace("A2", "A999999999999")
    with pytest.raises(Invalid, match="ne s’ouvre pas"):
        tabular.read(workbook(tmp_path, far))


def formula(place: str, result: str) -> str:
    kind = ' t="str"' if "v" in result else ""
    return f'<c r="{place}"{kind}><f>A1</f>{result}</c>'


def test_a_formula_without_its_result_is_told_where_it_counts(tmp_path: Path) -> None:
    header = HEADER.replace("</row>", "") + "".join(
        f'<c r="{place}" t="inlineStr"><is><t>{name}</t></is></c>'
        for place, name in (("B1", "date"), ("C1", "note"))
    )
    word = '<c r="{}" t="inlineStr"><is><t>Un banc</t></is></c>'
    rows = (
        f'<row r="2">{formula("A2", "")}</row>'
        f'<row r="3">{word.format("A3")}{formula("B3", "")}</row>'
        f'<row r="4">{word.format("A4")}{formula("B4", "<v></v>")}{formula("C4", "")}</row>'
        f'<row r="5">{formula("A5", "<v>Une place</v>")}</row>'
    )
    path = workbook(tmp_path, "")
    sheet = f'<worksheet xmlns="{SPACE}"><sheetData>{header}</row>{rows}</sheetData></worksheet>'
    with zipfile.ZipFile(path) as source:
        parts = {name: source.read(name) for name in source.namelist()}
    parts["xl/worksheets/sheet1.xml"] = sheet.encode()
    with zipfile.ZipFile(path, "w") as target:
        for name, content in parts.items():
            target.writestr(name, content)
    found, problems = import_rows.checked(tabular.read(path), Columns("texte", date="date"), ())
    said = "est une formule sans son résultat : ouvrez le classeur"
    assert [problem.split(said)[0] for problem in problems] == [
        "Ligne 2 : la case « texte » ",
        "Ligne 3 : la case « date » ",
    ]
    assert [row.text for row in found] == ["", "Un banc", "Un banc", "Une place"]
