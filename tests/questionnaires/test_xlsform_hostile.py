"""Workbooks that are damaged, disguised or too big: one sentence, never a trace, never long."""

from __future__ import annotations

import io
import random
import time
import zipfile
from collections.abc import Mapping

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from questionnaires.xlsform import read
from questionnaires.xlsform.sheets import MAX_BYTES, MAX_CELL, MAX_ROWS
from tests.questionnaires.xlsform_cases import workbook

LABEL = "label::Français (fr)"
ROWS = tuple({"type": "text", "name": f"q{n}", LABEL: f"Question {n} ?"} for n in range(5))
GOOD = workbook(ROWS)
SHEET = "xl/worksheets/sheet1.xml"
LIMIT = 20.0


def message(data: bytes, filename: str = "essai.xlsx") -> str:
    """The one refusal of a file that is not read at all."""
    found = read(data, filename)
    assert found.questionnaire is None
    (problem,) = found.refusals
    assert problem.remedy
    return str(problem)


def with_parts(parts: Mapping[str, bytes], keep: bytes = GOOD) -> bytes:
    """The workbook with these parts in place of its own."""
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(keep)) as old:
        parts = {**{name: old.read(name) for name in old.namelist()}, **parts}
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as new:
        for name, content in parts.items():
            new.writestr(name, content)
    return file.getvalue()


def sheet(rows: str) -> bytes:
    space = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    text = f'<worksheet xmlns="{space}"><sheetData>{rows}</sheetData></worksheet>'
    return with_parts({SHEET: text.encode()})


@pytest.mark.parametrize("name", ["essai.xlsx", "essai.xls", "essai.csv", "essai", "essai.ods"])
@pytest.mark.parametrize(
    "data", [b"", b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" * 99, b'a,"b']
)
def test_what_is_not_a_form_is_refused(name: str, data: bytes) -> None:
    assert message(data, name)


def test_a_workbook_under_another_extension_is_refused() -> None:
    assert "abîmé" in message(GOOD, "essai.xls")
    assert message(GOOD, "essai.csv")


def test_sizes_are_limited() -> None:
    assert "5 Mo" in message(b"a" * (MAX_BYTES + 1))
    bomb = with_parts({"xl/bomb.xml": b"<a>" + b" " * 30_000_000 + b"</a>"})
    assert len(bomb) < 100_000
    assert "démesuré" in message(bomb)
    crowd = with_parts({"xl/crowd.xml": b"<a>" + b"<b/>" * 1_200_000 + b"</a>"})
    assert "démesuré" in message(crowd)
    assert "démesuré" in message(with_parts({f"xl/media/{n}": b"" for n in range(1_100)}))
    csv = "survey,,\n,type,name\n" + ",text,a\n" * (MAX_ROWS + 1)
    assert "lignes" in message(csv.encode(), "essai.csv")
    wide = "survey,,\n," + "a," * 300 + "\n," + "b," * 300
    assert message(wide.encode(), "essai.csv")
    assert "signes" in message(
        f"survey,,\n,type,name\n,text,{'a' * (MAX_CELL + 1)}".encode(), "a.csv"
    )


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        (f'<row r="{MAX_ROWS + 2}"><c r="A{MAX_ROWS + 2}"><v>1</v></c></row>', "lignes"),
        ('<row r="1"><c r="XFD1"><v>1</v></c></row>', "colonnes"),
        ('<row r="1"><c r="ZZZZZZ1"><v>1</v></c></row>', "abîmé"),
        ('<row r="99999999999"><c><v>1</v></c></row>', "abîmé"),
        ('<row r="1"><c r="A1"><f>B1</f></c></row>', "case A1 contient une formule"),
    ],
)
def test_cells_out_of_reach_are_refused(rows: str, words: str) -> None:
    assert words in message(sheet(rows))


def test_empty_cells_far_away_are_no_trouble() -> None:
    far = '<row r="1048576"><c r="XFD1048576" s="1"/></row>'
    started = time.monotonic()
    assert "« survey », ou elle est vide" in str(read(sheet(far), "essai.xlsx").refusals[0])
    assert time.monotonic() - started < LIMIT


@pytest.mark.parametrize("name", [SHEET, "xl/workbook.xml", "xl/anything.bin"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_a_document_type_is_never_read(name: str, encoding: str) -> None:
    text = f'<?xml version="1.0" encoding="{encoding}"?><!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'
    assert "DTD" in message(with_parts({name: text.encode(encoding)}))


def test_a_form_as_long_as_allowed_is_read_in_bounded_time() -> None:
    condition = "${q0} != '' and (" + " or ".join(f"${{q{n}}} = 'a'" for n in range(20)) + ")"
    rows = tuple(
        {
            "type": "text",
            "name": f"q{n}",
            LABEL: f"Question {n} ?",
            "relevant": condition * (n > 20),
        }
        for n in range(1_000)
    )
    data = workbook(rows)
    started = time.monotonic()
    found = read(data, "essai.xlsx")
    assert time.monotonic() - started < LIMIT
    assert found.questionnaire is not None
    assert len(found.questionnaire.questions) == 1_000


def test_what_would_take_all_the_time_or_the_memory_is_refused() -> None:
    many = tuple({"type": "text", "name": f"q{n}", LABEL: "${q1} " * 5_000} for n in range(11))
    assert "50000 réponses" in message(workbook(many))
    offered = tuple({"list_name": "l", "name": f"c{n}", LABEL: "x"} for n in range(1_000))
    asked = tuple({"type": "select_one l", "name": f"q{n}", LABEL: "x"} for n in range(60))
    assert "50000 choix" in message(workbook(asked, offered))
    spoken = {"type": "text", "name": "q"} | {f"label::x{n:03} (x{n:03})": "a" for n in range(40)}
    assert "code entre parenthèses" in str(read(workbook((spoken,)), "a.xlsx").refusals[0])
    letters = "abcdefgh"
    codes = [one + two for one in letters for two in letters][:40]
    spoken = {"type": "text", "name": "q"} | {f"label::{code} ({code})": "a" for code in codes}
    assert "30 langues" in message(workbook((spoken,)))


def test_a_thousand_refusals_are_listed_and_the_rest_is_said() -> None:
    rows = tuple({"type": "begin_group", "name": "g", LABEL: "G"} for _ in range(1_500))
    found = read(workbook(rows), "essai.xlsx")
    assert len(found.refusals) == 1_001
    assert found.refusals[-1].message.startswith("D’autres points")


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.randoms(use_true_random=False), st.integers(1, 30), st.sampled_from([".xlsx", ".csv"]))
def test_damaged_bytes_never_raise(chance: random.Random, hits: int, suffix: str) -> None:
    data = bytearray(GOOD)
    for _ in range(hits):
        data[chance.randrange(len(data))] = chance.randrange(256)
    cut = chance.randrange(len(data) // 2, len(data) + 1)
    found = read(bytes(data[:cut]), f"essai{suffix}")
    assert (found.questionnaire is None) == bool(found.refusals)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.randoms(use_true_random=False), st.integers(1, 12))
def test_damaged_parts_never_raise(chance: random.Random, hits: int) -> None:
    """Inside the archive, where a checksum does not hide the damage."""
    with zipfile.ZipFile(io.BytesIO(GOOD)) as archive:
        name = chance.choice(archive.namelist())
        content = bytearray(archive.read(name))
    for _ in range(hits):
        place = chance.randrange(len(content))
        content[place : place + chance.randrange(3)] = chance.randbytes(chance.randrange(3))
    found = read(with_parts({name: bytes(content)}), "essai.xlsx")
    assert (found.questionnaire is None) == bool(found.refusals)


@settings(max_examples=100, deadline=None)
@given(
    st.lists(
        st.lists(
            st.sampled_from(
                (
                    *("survey", "choices", "settings", "type", "name", "label", "text", "rank a"),
                    *("begin_group", "end_group", "begin_repeat", "end_repeat", "select_one a"),
                    *("relevant", "${a} = 1", "${", "a", "A", "note", "yes", "", "", "required"),
                    *("default_language", "label::xx", "paroles_type", "scale", "constraint"),
                )
            )
            | st.text(max_size=4),
            max_size=6,
        ),
        max_size=14,
    )
)
def test_no_table_of_words_raises(rows: list[list[str]]) -> None:
    lines = [",".join(f'"{cell.replace(chr(34), "")}"' for cell in row) for row in rows]
    data = "\n".join(["survey,,,", *lines]).encode("utf-8", "replace")
    found = read(data, "essai.csv")
    assert (found.questionnaire is None) == bool(found.refusals)
