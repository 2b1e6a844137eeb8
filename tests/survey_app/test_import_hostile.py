"""Files made to harm: refused in words, in bounded time and memory, whatever they claim."""

from __future__ import annotations

import io
import random
import time
import tracemalloc
import zipfile

import pytest
from flask import Flask
from hypothesis import given, settings
from hypothesis import strategies as st

import factories
import import_files as files
from import_steps import opened, text
from memory import Grown
from pages import client_for
from survey_app.domain import Invalid
from survey_app.runtime import Runtime
from survey_app.services import import_rows, import_shelf, tabular, transcript_files, transcripts

ALL = {**files.TABLES, **files.TRANSCRIPTS}
MADE = {suffix: make() for suffix, make in ALL.items()}
SUFFIXES = sorted(MADE)
ODS = "<office:document-content xmlns:office='urn:oasis:names:tc:opendocument:xmlns:office:1.0' "
ODS += "xmlns:table='urn:oasis:names:tc:opendocument:xmlns:table:1.0' "
ODS += "xmlns:text='urn:oasis:names:tc:opendocument:xmlns:text:1.0'><office:body>{}"
ODS += "</office:body></office:document-content>"
SHEET = "<office:spreadsheet><table:table>{}</table:table></office:spreadsheet>"
HEAD = "<table:table-row><table:table-cell><text:p>texte</text:p></table:table-cell>"
HEAD += "</table:table-row>"

ENTITIES = "<!DOCTYPE a [<!ENTITY b 'bonjour'><!ENTITY c '&b;&b;&b;&b;'>]>"
MEMORY = 150_000_000  # bytes that Python may take to refuse a bomb


def read(suffix: str, data: bytes) -> None:
    """Read a file of this kind to the end."""
    if suffix in tabular.SUFFIXES:
        tabular.parse(f"a{suffix}", data, tabular.Reading(header=0))
    else:
        transcripts.read(transcript_files.paragraphs(f"a{suffix}", data)[0])


def assert_read_or_refused(suffix: str, data: bytes) -> None:
    """Anything else than our refusal would be a page that breaks."""
    refused = ""
    try:
        read(suffix, data)
    except Invalid as error:
        refused = str(error)
    assert not refused or "Rien n’a été importé" in refused


def sheet(rows: str) -> bytes:
    return files.with_part(MADE[".ods"], "content.xml", ODS.format(SHEET.format(rows)).encode())


def refusal(suffix: str, data: bytes) -> str:
    tracemalloc.start()
    try:
        with pytest.raises(Invalid) as caught:
            read(suffix, data)
        assert tracemalloc.get_traced_memory()[1] < MEMORY
    finally:
        tracemalloc.stop()
    assert "Rien n’a été importé" in str(caught.value)
    return str(caught.value)


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(SUFFIXES), st.data())
def test_mutated_files_are_read_or_refused_in_words(suffix: str, data: st.DataObject) -> None:
    raw = bytearray(MADE[suffix])
    for _ in range(data.draw(st.integers(1, 8))):
        place = data.draw(st.integers(0, len(raw) - 1))
        raw[place : place + data.draw(st.integers(0, 4))] = data.draw(st.binary(max_size=4))
        if not raw:
            return
    assert_read_or_refused(suffix, bytes(raw))


PARTS = {".ods": "content.xml", ".odt": "content.xml", ".docx": "word/document.xml"}


@settings(max_examples=200, deadline=None)
@given(st.sampled_from(sorted(PARTS)), st.data())
def test_mutated_xml_inside_is_read_or_refused_in_words(suffix: str, data: st.DataObject) -> None:
    with zipfile.ZipFile(io.BytesIO(MADE[suffix])) as archive:
        xml = archive.read(PARTS[suffix]).decode()
    cuts = sorted(data.draw(st.lists(st.integers(0, len(xml)), min_size=2, max_size=2)))
    pieces = st.sampled_from(
        ["", "<text:p/>", "<w:p>", "&amp;", 'number-rows-repeated="-9"', "&nope;", "]]>", "é"]
    )
    mutated = xml[: cuts[0]] + data.draw(pieces) + xml[cuts[data.draw(st.integers(0, 1))] :]
    assert_read_or_refused(suffix, files.with_part(MADE[suffix], PARTS[suffix], mutated.encode()))


@pytest.mark.parametrize("suffix", sorted(PARTS))
def test_bombs_and_document_types_are_refused(suffix: str) -> None:
    part = PARTS[suffix]
    spaces = files.with_part(MADE[suffix], part, b"<a>" + b" " * 90_000_000 + b"</a>")
    assert len(spaces) < 200_000
    assert "démesuré" in refusal(suffix, spaces)
    doctype = files.with_part(MADE[suffix], part, f"{ENTITIES}<a>&c;</a>".encode())
    assert "ne s’ouvre pas" in refusal(suffix, doctype)
    deep = files.with_part(MADE[suffix], part, b"<a>" * 100_000)
    assert "ne s’ouvre pas" in refusal(suffix, deep)
    assert "ne s’ouvre pas" in refusal(suffix, files.with_part(MADE[suffix], part, b""))
    assert "ne s’ouvre pas" in refusal(suffix, MADE[".xlsx"])


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        (
            "<table:table-row table:number-rows-repeated='1000000'>"
            "<table:table-cell><text:p>Un banc</text:p></table:table-cell></table:table-row>",
            "plus de",
        ),
        (
            "<table:table-row><table:table-cell table:number-columns-repeated='999999999'>"
            "<text:p>Un banc</text:p></table:table-cell></table:table-row>",
            "plus de 1024 cases",
        ),
        (
            "<table:table-row table:number-rows-repeated='90000'><table:table-cell><text:p>"
            + "long " * 1_000
            + "</text:p></table:table-cell></table:table-row>",
            "démesuré",
        ),
        (
            "<table:table-row table:number-rows-repeated='90000'>"
            "<table:table-cell table:number-columns-repeated='400'><text:p>x</text:p>"
            "</table:table-cell></table:table-row>",
            "plus de 4000000 cases",
        ),
        ("<table:table-row table:number-rows-repeated='x'/>", "ne s’ouvre pas"),
        ("<table:table-row>" + "<table:table-cell/>" * 50_000 + "</table:table-row>", "aucune"),
    ],
    ids=["rows", "columns", "text", "cells", "not a number", "empty cells"],
)
def test_repeats_of_a_spreadsheet_are_not_believed(rows: str, words: str) -> None:
    assert words in refusal(".ods", sheet(HEAD + rows))


def test_the_million_empty_rows_of_an_honest_sheet_are_passed_over() -> None:
    rows = (
        "<table:table-row table:number-rows-repeated='3'><table:table-cell "
        "table:number-columns-repeated='16384'/></table:table-row>"
        "<table:table-row><table:table-cell><text:p>Un <text:s text:c='9999999'/>banc</text:p>"
        "</table:table-cell></table:table-row>"
        "<table:table-row table:number-rows-repeated='1048570'><table:table-cell/>"
        "</table:table-row>"
    )
    found = tabular.parse("a.ods", sheet(HEAD + rows))
    assert found.rows == ((5, {"texte": "Un " + " " * 100 + "banc"}),)


def test_values_of_a_sheet_are_those_of_a_workbook() -> None:
    cell = "<table:table-cell office:value-type='{}' office:{}='{}'{}><text:p>vu</text:p>"
    cell += "</table:table-cell>"
    values = (
        ("float", "value", "7"),
        ("float", "value", "2.5"),
        ("percentage", "value", "0.5"),
        ("date", "date-value", "2026-03-04T18:00:00"),
        ("boolean", "boolean-value", "true"),
        ("string", "string-value", "autre"),
    )
    cells = "".join(cell.format(*value, "") for value in values)
    formula = "<table:table-cell table:formula='of:=1+1'/>"
    names = "".join(
        f"<table:table-cell><text:p>{name}</text:p></table:table-cell>" for name in "abcdefg"
    )
    made = sheet(
        f"<table:table-row>{names}</table:table-row>"
        f"<table:table-row>{cells}{formula}</table:table-row>"
        "<table:table-row><table:table-cell><text:p>x<text:line-break/>y</text:p><office:annotation>"
        "<text:p>note</text:p></office:annotation></table:table-cell></table:table-row>"
    )
    found = tabular.parse("a.ods", made)
    assert list(found.rows[0][1].values()) == ["7", "2.5", "0.5", "2026-03-04", "True", "vu", ""]
    assert isinstance(found.rows[0][1]["g"], tabular.Uncomputed)
    assert found.rows[1][1]["a"] == "x\ny"


def test_millions_of_short_cells_are_refused() -> None:
    wide = ",".join(f"c{n}" for n in range(400)) + "\n" + ("x," * 399 + "x\n") * 20_000
    with pytest.raises(Invalid, match="plus de 4000000 cases"):
        tabular.parse("a.csv", wide.encode())


def test_hostile_uploads_never_break_a_page_nor_write_elsewhere(
    app: Flask, runtime: Runtime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(import_shelf, "MOST_WAITING", 100)
    grown = Grown()
    with runtime.database.writing() as session:
        council = factories.council(session)
        factories.actors(session, council)
        factories.campaign(session, council)
    person = client_for(app, "coordinator")
    token, dice = person.token("/import/essai"), random.Random(7)
    folder, beside = runtime.settings.instance / "imports", runtime.settings.instance.parent
    before = {path for path in beside.rglob("*") if folder not in path.parents}
    for number in range(60):
        suffix = SUFFIXES[number % len(SUFFIXES)]
        raw = bytearray(MADE[suffix])
        for _ in range(dice.randint(1, 30)):
            raw[dice.randrange(len(raw))] = dice.randrange(256)
        sent = {"csrf_token": token, "file": (io.BytesIO(bytes(raw)), f"../{number}{suffix}")}
        answer = person.post("/import/essai", data=sent)
        assert answer.status_code == 303
        assert person.get(answer.headers["Location"]).status_code in {200, 422}
    after = {path for path in beside.rglob("*") if folder not in path.parents}
    assert {path.name for path in after - before} <= {"imports", "session.key"}
    assert grown.mb() < 1_300


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.text(st.characters(exclude_categories=["Cs", "Cc", "Zs", "Zl", "Zp"]), min_size=1),
        min_size=1,
        max_size=5,
    )
)
def test_the_three_formats_of_a_text_bring_the_same_paragraphs(texts: list[str]) -> None:
    allowed = [text for text in texts if not {"\ufffe", "\uffff"} & set(text)] or ["Un banc"]
    found = {
        suffix: transcript_files.paragraphs(f"a{suffix}", make(allowed))[0]
        for suffix, make in files.TRANSCRIPTS.items()
    }
    assert found[".docx"] == found[".odt"] == found[".txt"] == allowed


def test_thousands_of_voices_are_refused_before_anybody_is_left_out(
    app: Flask, runtime: Runtime
) -> None:
    """A page cannot carry them all: what is imported would not be what was shown."""
    with runtime.database.writing() as session:
        council = factories.council(session)
        factories.actors(session, council)
        factories.campaign(session, council)
    person = client_for(app, "coordinator")
    many = "\n".join(f"Voix{number} : oui" for number in range(20_000)).encode()
    started = time.perf_counter()
    page = person.get(opened(person, "foule.txt", many))
    assert time.perf_counter() - started < 15
    assert page.status_code == 422
    assert "plus de 300 personnes" in text(page)
    some = "\n".join(f"Voix{number} : le bus {number}" for number in range(300)).encode()
    assert "Importer 1 témoignage" in text(person.get(opened(person, "salle.txt", some)))


def test_the_error_of_a_formula_is_no_testimony() -> None:
    table = tabular.parse("a.csv", b"texte\n#REF!\n#nom?\nLe #REF! du bailleur\n")
    found = import_rows.judged(table, import_rows.Columns("texte"), ())
    assert [len(faults) for _, faults in found] == [1, 1, 0]
    assert "l’erreur d’une formule (#REF!)" in found[0][1][0]
