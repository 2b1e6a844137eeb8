"""``python -m analysis suggest``: tables in, a table out, refusals in plain French."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from analysis.__main__ import main
from analysis.commands_suggest import _labels

INPUT = "id,texte\na,Le bus passe\nb,Le loyer monte\nb,Le bus passe\nc,…\n"
TRAIN = "texte,codes\n" + "".join(
    f"Le bus du {day} passe,transport\nLe loyer du {day} monte,logement|argent\n,rien\nVide,\n"
    for day in ("lundi", "mardi", "jeudi")
)


def ask(folder: Path, *more: str, source: str | bytes = INPUT) -> int:
    raw = source if isinstance(source, bytes) else source.encode()
    (folder / "in.csv").write_bytes(raw)
    (folder / "train.csv").write_text(TRAIN, encoding="utf-8")
    base = ["--input", str(folder / "in.csv"), "--text", "texte", "--id", "id"]
    return main(["suggest", *base, "--output", str(folder / "out.csv"), *more])


def written(folder: Path) -> list[dict[str, str]]:
    with (folder / "out.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_the_grid_alone_fills_the_table(tmp_path: Path) -> None:
    assert ask(tmp_path, "--top", "2") == 0
    found = written(tmp_path)
    assert list(found[0]) == ["id", "rank", "code", "score", "reason"]
    assert [row["id"] for row in found if row["rank"] == "1"] == ["a", "b", "b"]
    assert found[0]["code"].startswith("MOB")
    assert "bus" in found[0]["reason"]
    assert {row["rank"] for row in found} <= {"1", "2"}
    assert all(0 <= float(row["score"]) <= 1 for row in found)


def test_a_table_of_codings_is_learned_with_its_separator(tmp_path: Path) -> None:
    train = ("--train", str(tmp_path / "train.csv"), "--label", "codes")
    assert ask(tmp_path, *train, "--separator", "|") == 0
    found = written(tmp_path)
    assert {row["code"] for row in found} <= {"transport", "logement", "argent", "rien"}
    assert next(row["code"] for row in found if row["id"] == "a") == "transport"
    assert ask(tmp_path, *train) == 0
    assert "logement|argent" in {row["code"] for row in written(tmp_path)}


def test_a_mark_at_the_start_and_semicolons_change_nothing(tmp_path: Path) -> None:
    assert ask(tmp_path) == 0
    plain = (tmp_path / "out.csv").read_bytes()
    marked = b"\xef\xbb\xbf" + INPUT.replace(",", ";").replace("\n", "\r\n").encode()
    assert ask(tmp_path, source=marked) == 0
    assert (tmp_path / "out.csv").read_bytes() == plain


def test_the_codes_of_a_cell_are_each_taken_once() -> None:
    assert _labels(" a | b ||a", "|") == ("a", "b")
    assert _labels("a|b", "") == ("a|b",)
    assert _labels("  ", "|") == ()


@pytest.mark.parametrize(
    ("more", "source", "said"),
    [
        (("--text", "absent"), INPUT, "« absent »"),
        (("--id", "absent"), INPUT, "« absent »"),
        ((), "", "Colonnes présentes : aucune"),
        ((), b"id,texte\na,\xe9t\xe9\n", "UTF-8"),
        (("--top", "0"), INPUT, "--top"),
        (("--train", "train.csv"), INPUT, "--label"),
        (("--train", "absent.csv", "--label", "codes"), INPUT, "absent.csv"),
        (("--codebook", "absente.yaml"), INPUT, "absente.yaml"),
        (("--output", "absent/out.csv"), INPUT, "dossier"),
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
    assert sorted(path.name for path in tmp_path.iterdir()) == ["in.csv", "train.csv"]


def test_a_table_without_rows_gives_a_table_without_rows(tmp_path: Path) -> None:
    assert ask(tmp_path, source="id,texte\n") == 0
    assert written(tmp_path) == []
