"""`python -m analysis mask`: exact spans, lines kept, errors in French and nothing half done."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.__main__ import main

TEXTS = st.text(max_size=30) | st.sampled_from(
    ["ma voisine karima benali 😀", "He\u0301le\u0300ne au 06 39 98 12 34", "\ud83d", "a\u2028b"]
)


def run(folder: Path, lines: str, *options: str) -> tuple[int, Path]:
    given_file, made = folder / "in.jsonl", folder / "out.jsonl"
    given_file.write_text(lines, encoding="utf-8")
    return main(["mask", "--input", str(given_file), "--output", str(made), *options]), made


def rows(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").split("\n") if line]


def test_each_line_gains_its_spans(tmp_path: Path) -> None:
    text = "😀 ma voisine guerline benzekri, au 06 39 98 12 34, appartement 4"
    code, made = run(tmp_path, json.dumps({"id": 7, "text": text, "x": [None]}) + "\n\n")
    assert code == 0
    (row,) = rows(made)
    assert (row["id"], row["x"], row["text"]) == (7, [None], text)
    found = {text[one["start"] : one["end"]]: one["category"] for one in row["spans"]}
    assert found == {
        "guerline": "PRÉNOM",
        "benzekri": "NOM",
        "06 39 98 12 34": "TÉLÉPHONE",
        "appartement 4": "APPARTEMENT",
    }
    assert made.read_text(encoding="utf-8").endswith("}\n\n")


@given(st.lists(st.tuples(st.integers(), TEXTS), max_size=6))
@settings(max_examples=40, deadline=None)
def test_lines_keep_their_order_and_fields(
    tmp_path_factory: pytest.TempPathFactory, said: list[tuple[int, str]]
) -> None:
    lines = "".join(json.dumps({"n": n, "text": text}) + "\n" for n, text in said)
    code, made = run(tmp_path_factory.mktemp("mask"), lines, "--without-model")
    assert code == 0
    assert [(row["n"], row["text"]) for row in rows(made)] == said
    for row in rows(made):
        ends = [0]
        for one in row["spans"]:
            assert ends[-1] <= one["start"] < one["end"] <= len(row["text"])
            ends.append(one["end"])


@pytest.mark.parametrize(
    ("bad", "why"),
    [
        ("{", "ce n’est pas du JSON"),
        ("[" * 100_000, "ce n’est pas du JSON"),
        ("[1]", "un objet JSON est attendu"),
        ('{"texte": "a"}', "il manque « text »"),
        ('{"text": 3}', "il manque « text »"),
        ("null", "un objet JSON est attendu"),
    ],
)
def test_a_bad_line_is_named_and_nothing_is_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], bad: str, why: str
) -> None:
    code, made = run(tmp_path, f'{{"text": "bonjour"}}\n{bad}\n', "--without-model")
    said = capsys.readouterr().err
    assert code == 2
    assert said.startswith("Ligne 2 : ")
    assert why in said
    assert "Rien n’a été écrit." in said
    assert [path.name for path in tmp_path.iterdir()] == ["in.jsonl"]
    assert not made.exists()


def test_what_is_there_already_stays_when_the_input_is_bad(tmp_path: Path) -> None:
    (tmp_path / "out.jsonl").write_text("avant", encoding="utf-8")
    code, made = run(tmp_path, "{", "--without-model")
    assert (code, made.read_text(encoding="utf-8")) == (2, "avant")


def test_bytes_that_are_no_text(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "in.jsonl"
    path.write_bytes(b'{"text": "\xe9"}\n')
    assert main(["mask", "--input", str(path), "--output", str(tmp_path / "o")]) == 2
    assert "Ligne 1 : ce n’est pas de l’UTF-8." in capsys.readouterr().err


@pytest.mark.parametrize("wrong", ["input", "output"])
def test_a_file_that_cannot_be_opened(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], wrong: str
) -> None:
    paths = {"input": tmp_path / "in.jsonl", "output": tmp_path / "out.jsonl"}
    paths["input"].write_text('{"text": "a"}', encoding="utf-8")
    paths[wrong] = tmp_path / "absent" / "file.jsonl"
    options = ["--input", str(paths["input"]), "--output", str(paths["output"])]
    assert main(["mask", *options, "--without-model"]) == 2
    assert "Rien n’a été écrit." in capsys.readouterr().err


def test_the_output_may_be_the_input(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text('{"text": "ma voisine karima"}\n', encoding="utf-8")
    assert main(["mask", "--input", str(path), "--output", str(path), "--without-model"]) == 0
    assert [one["category"] for one in rows(path)[0]["spans"]] == ["PRÉNOM"]
