"""The matrix of words, read again by scipy and by our own command: the counts are those said."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.io import mmread

from analysis.__main__ import main
from analysis.corpus import Testimony
from analysis.export import matrix
from analysis.french import Token

WORDS = st.sampled_from(["bus", "école", "conseil citoyen", "a\nb", "panne", "=1+1", "banc"])


def spoken(texts: list[list[str]]) -> tuple[list[Testimony], dict[str, tuple[Token, ...]]]:
    people = [Testimony(f"t{rank}", rank, "m", "", "x" * 9) for rank in range(1, len(texts) + 1)]
    said = {
        person.id: tuple(Token(0, 1, word, "NOUN") for word in words)
        for person, words in zip(people, texts, strict=True)
    }
    return people, said


def parts(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


@settings(max_examples=60, deadline=None)
@given(st.lists(st.lists(WORDS, max_size=8), max_size=8))
def test_scipy_reads_the_counts_that_were_said(texts: list[list[str]]) -> None:
    people, said = spoken(texts)
    found = parts(matrix.packed(people, said, {}, "autre"))
    terms = found[matrix.TERMS].decode().split("\n")[:-1]
    counts = [Counter(" ".join(word.split()) for word in words) for words in texts]
    spread = Counter(word for row in counts for word in row)
    assert terms == sorted(word for word, number in spread.items() if number >= 2)
    first = found[matrix.MATRIX].decode().split("\n")[1].split()
    assert first[:2] == [str(len(texts)), str(len(terms))]
    if texts and terms:
        read = mmread(io.BytesIO(found[matrix.MATRIX])).toarray().tolist()
        assert read == [[row[term] for term in terms] for row in counts]


def test_documents_name_the_rows_with_their_variables() -> None:
    people, said = spoken([["bus", "bus", "banc"], ["bus"], []])
    age = {"t1": "-25 ans", "t2": "=1"}
    data = matrix.packed(people, said, {"Âge": age}, "autre")
    assert data == matrix.packed(people, said, {"Âge": age}, "autre")
    text = parts(data)[matrix.DOCUMENTS].decode("utf-8-sig")
    assert list(csv.reader(io.StringIO(text, newline=""), delimiter=";")) == [
        ["ligne", "témoignage", "mots comptés", "Âge"],
        ["1", "1", "2", "'-25 ans"],
        ["2", "2", "1", "'=1"],
        ["3", "3", "0", "autre"],
    ]


def test_our_own_command_takes_the_matrix(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    texts = [["bus", "panne", "soir"], ["bus", "panne"]] * 6 + [["banc", "école"]] * 6
    people, said = spoken(texts)
    path = tmp_path / "matrice.mtx"
    path.write_bytes(parts(matrix.packed(people, said, {}, "autre"))[matrix.MATRIX])
    asked = ["--input", str(path), "--classes", "2", "--output", str(tmp_path / "c.csv")]
    assert main(["classes", *asked]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["rows"], told["terms"], sorted(told["sizes"])) == (18, 5, [6, 12])
