"""``python -m analysis keyness``: a table of counts in, a table of scores out."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from analysis.__main__ import main

ORACLES = Path(__file__).resolve().parents[3] / "shared" / "data" / "oracles"
TABLE = "mot,A,B,C\nbus,10,0,5\nparc,2,7,5\nloyer,1,3,90\nautres,100,200,300\n"


def ask(folder: Path, source: str | bytes = TABLE) -> int:
    raw = source if isinstance(source, bytes) else source.encode()
    (folder / "in.csv").write_bytes(raw)
    return main(["keyness", "--input", str(folder / "in.csv"), "--output", str(folder / "out.csv")])


def written(folder: Path) -> list[list[str]]:
    with (folder / "out.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


def test_the_same_table_comes_back_with_scores(tmp_path: Path) -> None:
    assert ask(tmp_path) == 0
    assert written(tmp_path) == [
        ["terme", "A", "B", "C"],
        ["bus", "5.0396", "-2.2616", "-1.1477"],
        ["parc", "-0.2063", "1.1071", "-0.9519"],
        ["loyer", "-6.1423", "-10.9657", "20.0100"],
        ["autres", "1.2577", "9.0585", "-10.3929"],
    ]
    assert ask(tmp_path, b"\xef\xbb\xbf" + TABLE.replace(",", ";").encode()) == 0
    assert written(tmp_path)[1][1] == "5.0396"


def test_a_score_of_nothing_has_no_sign(tmp_path: Path) -> None:
    assert ask(tmp_path, "mot,A,B\nbus,0,0\nparc,999999,1\nrue,999999,1\n") == 0
    cells = [cell for line in written(tmp_path)[1:] for cell in line[1:]]
    assert "-0.0000" not in cells
    assert written(tmp_path)[1] == ["bus", "0.0000", "0.0000"]


@pytest.mark.shared
def test_robespierre_comes_out_as_textometry_writes_it(tmp_path: Path) -> None:
    path = ORACLES / "robespierre_textometry_0.1.6.json"
    if not path.exists():
        pytest.skip("le dossier partagé n'est pas là")
    held = json.loads(path.read_text(encoding="utf-8"))
    lines = [",".join(["mot", *held["cols"]])]
    lines += [",".join([term, *map(str, counts)]) for term, counts in held["table"].items()]
    assert ask(tmp_path, "\n".join(lines)) == 0
    found = {line[0]: [float(cell) for cell in line[1:]] for line in written(tmp_path)[1:]}
    assert found == held["expected"]


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("mot,A,B\nbus,1,2\nparc,1.5,2\n", "Ligne 3"),
        ("mot,A,B\nbus,-1,2\n", "Ligne 2"),
        ("mot,A,B\nbus,1,2\nparc,,2\n", "Ligne 3"),
        ("mot,A,B\nbus,1\n", "Ligne 2"),
        (b"mot,A\n\xe9t\xe9,1\n", "UTF-8"),
        ("", "Ligne 1"),
        ("mot,A,B\nbus,999999999999,1\n", "milliard"),
    ],
)
def test_a_faulty_table_is_refused_in_a_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], source: str | bytes, said: str
) -> None:
    (tmp_path / "out.csv").write_text("avant", encoding="utf-8")
    assert ask(tmp_path, source) == 2
    told = capsys.readouterr().err
    assert said in told
    assert told.strip().endswith("Rien n'a été écrit.")
    assert (tmp_path / "out.csv").read_text(encoding="utf-8") == "avant"


def test_files_that_are_not_there_are_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    missing = ["keyness", "--input", str(tmp_path / "absent.csv"), "--output", "out.csv"]
    assert main(missing) == 2
    assert "absent.csv" in capsys.readouterr().err
    (tmp_path / "in.csv").write_text(TABLE, encoding="utf-8")
    away = str(tmp_path / "absent" / "out.csv")
    assert main(["keyness", "--input", str(tmp_path / "in.csv"), "--output", away]) == 2
    assert "out.csv ne peut pas être écrit" in capsys.readouterr().err
