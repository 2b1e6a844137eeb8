"""A project written then read is the same project; the schema and a second reader agree."""

from __future__ import annotations

import io
import tempfile
import zipfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from pyrefiqda import RefiProject

from analysis import refi
from analysis.refi import model
from tests.analysis import refi_cases as cases

SHARED = Path(__file__).resolve().parents[3] / "shared" / "data" / "refi-qda"


def test_a_project_comes_back_the_same(tmp_path: Path) -> None:
    made = cases.project(cases.HARD, (0, 4), (6, 10), (21, 30))
    reading = refi.read(cases.packed(tmp_path, made))
    assert reading.project == made
    assert reading.remarks == ()


@settings(max_examples=40, deadline=None)
@given(cases.projects())
def test_any_project_comes_back_the_same(made: model.Project) -> None:
    with tempfile.TemporaryDirectory() as folder:
        reading = refi.read(cases.packed(Path(folder), made))
    assert reading.project == made
    assert {item.kind for item in reading.remarks} <= {"twice"}


def test_the_same_project_gives_the_same_bytes(tmp_path: Path) -> None:
    made = cases.project(cases.HARD, (0, 4))
    assert cases.packed(tmp_path, made) == cases.packed(tmp_path, made)


def test_texts_leave_without_mark_nor_returns_and_passages_follow(tmp_path: Path) -> None:
    text = "\ufeffUn banc.\r\nDeux bancs 😀.\r\nTrois."
    spans = [(text.index(word), text.index(word) + len(word)) for word in ("Un", "Deux", "Trois")]
    data = cases.packed(tmp_path, cases.project(text, *spans))
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        written = archive.read(f"sources/{cases.guid(2)}.txt")
    assert written == "Un banc.\nDeux bancs 😀.\nTrois.".encode()
    source = refi.read(data).project.sources[0]
    found = [source.text[item.start : item.end] for item in source.selections]
    assert found == ["Un", "Deux", "Trois"]


def test_what_xml_cannot_hold_is_replaced_in_names_and_kept_in_texts(tmp_path: Path) -> None:
    made = cases.project("a\x00b\x0bc", (0, 3))
    source = refi.read(cases.packed(tmp_path, made)).project.sources[0]
    assert source.text == "a\x00b\x0bc"
    assert source.selections[0].name == "a\ufffdb"
    assert (source.selections[0].start, source.selections[0].end) == (0, 3)


def test_a_guid_that_is_none_is_refused(tmp_path: Path) -> None:
    made = model.Project("x", sources=(model.Source("../../sorti", "x", "y"),))
    with pytest.raises(ValueError, match="badly formed"):
        refi.write(made, tmp_path / "x.qdpx")


@pytest.mark.shared
@settings(max_examples=25, deadline=None)
@given(cases.projects())
def test_any_project_follows_the_schema(made: model.Project) -> None:
    from lxml import etree

    schema = etree.XMLSchema(etree.parse(SHARED / "Project.xsd"))
    with tempfile.TemporaryDirectory() as folder:
        data = cases.packed(Path(folder), made)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        schema.assertValid(etree.fromstring(archive.read("project.qde")))


@pytest.mark.parametrize("text", [cases.HARD, cases.HARD.replace("\n", "\r\n")])
def test_a_second_reader_finds_the_same_words(tmp_path: Path, text: str) -> None:
    words = ("L’été", "e\u0301", "« Karima »", "😀 oui", "Fin")
    spans = [(text.index(word), text.index(word) + len(word)) for word in words]
    cases.packed(tmp_path, cases.project(text, *spans))
    loaded = RefiProject.load(tmp_path / "projet.qdpx", str(tmp_path / "ouvert"))
    source = loaded.sources.text_source[0]
    path = RefiProject.resolve_source_path(source.plain_text_path, tmp_path / "ouvert")
    content = path.read_bytes().decode("utf-8")
    found = [content[s.start_position : s.end_position] for s in source.plain_text_selection]
    assert found == list(words)
    assert loaded.code_book.codes.code[0].name == "LOG1 État du logement"
