"""``python -m analysis duplicates``: a table in, pairs out, refusals in plain French."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from analysis.__main__ import main
from analysis.shared_passages import plain

LETTER = "Nous demandons la réouverture de la piscine municipale, fermée depuis trois ans déjà."
OTHER = "Le bus 14 ne passe plus le dimanche, il faut marcher une heure jusqu'au marché."
ROWS = [("a", LETTER), ("b", OTHER), ("c", LETTER.upper()), ("a", LETTER.replace("déjà", "ici"))]


def table(rows: list[tuple[str, str]], delimiter: str = ",") -> str:
    lines = [delimiter.join(f'"{cell}"' for cell in row) for row in [("id", "texte"), *rows]]
    return "\n".join(lines) + "\n"


def ask(folder: Path, *more: str, source: str | bytes = "") -> int:
    raw = source if isinstance(source, bytes) else (source or table(ROWS)).encode()
    (folder / "in.csv").write_bytes(raw)
    base = ["--input", str(folder / "in.csv"), "--text", "texte", "--id", "id"]
    return main(["duplicates", *base, "--output", str(folder / "out.csv"), *more])


def written(folder: Path) -> list[dict[str, str]]:
    with (folder / "out.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_each_pair_has_its_similarity_and_what_it_shares(tmp_path: Path) -> None:
    assert ask(tmp_path) == 0
    found = written(tmp_path)
    assert [(row["id_a"], row["id_b"]) for row in found] == [("a", "c"), ("a", "a"), ("c", "a")]
    assert list(found[0]) == ["id_a", "id_b", "similarity", "shared"]
    assert found[0]["similarity"] == "1.0000"
    assert plain(found[0]["shared"]) == plain(LETTER)
    assert 0.8 <= float(found[1]["similarity"]) < 1
    assert found[1]["shared"].endswith("fermée depuis trois ans")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["in.csv", "out.csv"]


def test_the_threshold_and_the_shape_of_the_table(tmp_path: Path) -> None:
    assert ask(tmp_path, "--threshold", "1") == 0
    assert len(written(tmp_path)) == 1
    marked = b"\xef\xbb\xbf" + table(ROWS, ";").replace("\n", "\r\n").encode()
    assert ask(tmp_path, source=marked) == 0
    assert len(written(tmp_path)) == 3
    assert ask(tmp_path, "--least", "1000") == 0
    assert written(tmp_path) == []
    assert ask(tmp_path, source=table([])) == 0
    assert written(tmp_path) == []


@pytest.mark.parametrize(
    ("more", "source", "said"),
    [
        (("--text", "absent"), "", "« absent »"),
        (("--id", "absent"), "", "« absent »"),
        ((), b"id,texte\na,\xe9t\xe9\n", "UTF-8"),
        (("--threshold", "0"), "", "--threshold"),
        (("--threshold", "nan"), "", "--threshold"),
        (("--size", "9"), "", "--size"),
        (("--least", "0"), "", "--least"),
        (("--input", "absent.csv"), "", "absent.csv"),
        (("--output", "absent/out.csv"), "", "dossier"),
    ],
)
def test_bad_input_is_refused_in_french_and_nothing_is_written(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    more: tuple[str, ...],
    source: str | bytes,
    said: str,
) -> None:
    assert ask(tmp_path, *more, source=source) == 2
    told = capsys.readouterr().err
    assert said in told
    assert "Rien n'a été écrit." in told
    assert [path.name for path in tmp_path.iterdir()] == ["in.csv"]
