"""Files made to harm: each is refused in French, in memory, and nothing is ever written."""

from __future__ import annotations

import random
from contextlib import suppress
from pathlib import Path

import pytest

from analysis import refi
from analysis.refi import archive as limits
from tests.analysis import refi_cases as cases

PATH = f"sources/{cases.guid(2)}.txt"
LAUGHS = (
    '<?xml version="1.0"?><!DOCTYPE Project [<!ENTITY a "ah"><!ENTITY b "&a;&a;&a;&a;">'
    '<!ENTITY c "&b;&b;&b;&b;">]><Project name="&c;">&c;</Project>'
)
OUTSIDE = (
    '<?xml version="1.0"?><!DOCTYPE Project [<!ENTITY f SYSTEM "file:///etc/hostname">]>'
    '<Project name="x"><Description>&f;</Description></Project>'
)


def refusal(data: bytes) -> str:
    with pytest.raises(refi.RefiError) as told:
        refi.read(data)
    return str(told.value)


@pytest.mark.parametrize(
    "document", [LAUGHS, OUTSIDE, "<Project", "<Autre/>", "", "<a>" * 5_000, b"\xff\xfe\x00"]
)
def test_a_document_that_is_no_project_is_refused(document: str | bytes) -> None:
    told = refusal(cases.archive(document))
    assert "Rien n’a été importé" in told


@pytest.mark.parametrize("data", [b"", b"PK", b"bonjour" * 100, b"%PDF-1.7"])
def test_what_is_no_archive_is_refused(data: bytes) -> None:
    assert "ne s’ouvre pas" in refusal(data)


def test_an_archive_without_a_project_is_refused() -> None:
    assert "aucun document .qde" in refusal(cases.zipped({"lisez-moi.txt": "x"}))


@pytest.mark.parametrize("name", ["../sorti.txt", "/etc/x", "C:/x", "a\\..\\..\\x"])
def test_a_name_that_leads_out_is_refused(name: str, tmp_path: Path) -> None:
    data = cases.zipped({"project.qde": cases.document([]), name: b"x"})
    assert "sort du dossier" in refusal(data)
    assert list(tmp_path.iterdir()) == []


def test_a_text_that_fills_the_memory_is_refused() -> None:
    bomb = cases.archive(cases.document([]), **{PATH: b"\0" * (limits.FREE + 1)})
    assert "démesuré" in refusal(bomb)


def test_too_many_elements_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MAX_ENTRIES", 3)
    data = cases.zipped({f"{rank}.txt": "x" for rank in range(4)})
    assert "plus de 3 éléments" in refusal(data)


def test_an_archive_under_a_password_is_refused() -> None:
    data = bytearray(cases.archive(cases.document([]), **{PATH: b"x"}))
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = data.find(mark)
        data[at + offset] |= 1
    assert "protégé par un mot de passe" in refusal(bytes(data))


def test_codes_nested_without_end_are_refused() -> None:
    deep = f'<Code guid="{cases.guid(5)}" name="x" isCodable="true">' * 240 + "</Code>" * 240
    document = cases.document([]).replace("</Codes>", f"{deep}</Codes>")
    data = cases.archive(document, **{PATH: b"x"})
    assert len(list(refi.read(data).project.all_codes())) == 241
    deeper = document.replace(deep, deep * 1 + deep).replace("</Code>" * 240 + "<Code", "<Code")
    assert "ne s’ouvre pas" in refusal(cases.archive(deeper, **{PATH: b"x"}))


@pytest.mark.parametrize("seed", range(100))
def test_a_mutated_file_is_read_or_refused_never_anything_else(seed: int) -> None:
    dice = random.Random(seed)
    text = cases.HARD * 3
    placed = [(rank, rank + 5, text[rank : rank + 5]) for rank in range(0, 60, 7)]
    document = cases.document(placed).encode()
    if seed % 2:
        mutated = cases.archive(_shaken(document, dice), **{PATH: _shaken(text.encode(), dice)})
    else:
        mutated = _shaken(cases.archive(document, **{PATH: text.encode()}), dice)
    with suppress(refi.RefiError):
        check(refi.read(mutated))


def check(reading: refi.Reading) -> None:
    """Whatever came out of a damaged file holds together."""
    for source in reading.project.sources:
        for passage in source.selections:
            assert 0 <= passage.start < passage.end <= len(source.text)


def _shaken(data: bytes, dice: random.Random) -> bytes:
    """Some bytes changed, one stretch cut or doubled."""
    shaken = bytearray(data)
    for _ in range(dice.randint(1, 12)):
        shaken[dice.randrange(len(shaken))] = dice.randrange(256)
    start = dice.randrange(len(shaken))
    stretch = shaken[start : start + dice.randint(0, 40)]
    if dice.random() < 0.5:
        shaken[start:start] = stretch
    else:
        del shaken[start : start + len(stretch)]
    return bytes(shaken)
