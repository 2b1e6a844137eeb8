"""``python -m analysis classes``: a matrix in, a table and the χ² out, refusals in French."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy.io import mmwrite
from scipy.sparse import csr_matrix
from sklearn.metrics import adjusted_rand_score

from analysis.__main__ import main
from tests.analysis.reinert_cases import chi2_by_hand, planted

HEAD = "%%MatrixMarket matrix coordinate"


def ask(folder: Path, matrix: Any, classes: int = 2, *more: str) -> int:
    path = folder / "m.mtx"
    if isinstance(matrix, str):
        path.write_text(matrix, encoding="utf-8")
    elif matrix is not None:
        mmwrite(path, matrix)
    where = ["--input", str(path), "--output", str(folder / "out.csv")]
    return main(["classes", *where, "--classes", str(classes), *more])


def labels(folder: Path) -> list[int]:
    with (folder / "out.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [int(row["row"]) for row in rows] == list(range(1, len(rows) + 1))
    return [int(row["class"]) for row in rows]


def test_planted_subjects_come_out_in_the_order_of_the_rows(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    table, subject = planted(500, 80, 4, 3)
    assert ask(tmp_path, table, 4) == 0
    assert adjusted_rand_score(subject, labels(tmp_path)) >= 0.95
    report = json.loads(capsys.readouterr().out)
    assert (report["rows"], report["terms"], report["classes"]) == (500, 80, 4)
    assert report["stopped"] is None
    assert [one["number"] for one in report["splits"]] == [1, 2, 3]
    assert report["sizes"] == np.bincount(labels(tmp_path))[1:].tolist()


def test_the_chi2_printed_is_that_of_the_table_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    table, _ = planted(60, 20, 2, 5, own=0.7)
    assert ask(tmp_path, table, 2) == 0
    (split,) = json.loads(capsys.readouterr().out)["splits"]
    dense, first = table.toarray(), np.array(labels(tmp_path)) == 1
    assert split["chi2"] == pytest.approx(chi2_by_hand(dense, first))
    assert split["inertia"] == pytest.approx(split["chi2"] / dense.sum())
    assert (split["first"], split["second"]) == (first.sum(), (~first).sum())


def test_counts_are_presences_and_rows_without_a_term_are_in_no_class(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    table, _ = planted(60, 20, 2, 5)
    assert ask(tmp_path, table) == 0
    plain = labels(tmp_path)
    counts = table.toarray() * np.random.default_rng(1).integers(1, 9, table.shape)
    counts = np.vstack([np.zeros(20), counts, np.zeros(20)])
    assert ask(tmp_path, csr_matrix(counts.astype(int))) == 0
    assert labels(tmp_path) == [0, *plain, 0]
    assert ask(tmp_path, counts) == 0  # written as an array, zeros and all
    assert labels(tmp_path) == [0, *plain, 0]
    assert json.loads(capsys.readouterr().out.split("\n}\n")[-2] + "}")["unclassified"] == 2
    written = "\n".join(
        f"{row + 1} {term + 1} {count:g}" for (row, term), count in np.ndenumerate(counts)
    )
    zeros = f"{HEAD} real general\n62 20 {counts.size}\n{written}\n"
    assert ask(tmp_path, zeros) == 0
    assert labels(tmp_path) == [0, *plain, 0]


def test_more_classes_than_possible_stops_and_says_so(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert ask(tmp_path, csr_matrix(np.kron(np.eye(2), np.ones((6, 4)))), 5) == 0
    report = json.loads(capsys.readouterr().out)
    assert (report["classes"], report["asked"], len(report["splits"])) == (2, 5, 1)
    assert report["stopped"].startswith("2 classes sur 5")
    assert ask(tmp_path, csr_matrix(np.ones((4, 3)))) == 0
    assert "se ressemblent trop" in json.loads(capsys.readouterr().out)["stopped"]
    assert labels(tmp_path) == [0] * 4


@pytest.mark.parametrize(
    ("matrix", "said"),
    [
        ("bonjour\n", "n'est pas une matrice"),
        ("", "n'est pas une matrice"),
        (f"{HEAD} real general\n3 3 2\n1 1 1\n", "n'est pas une matrice"),
        (f"{HEAD} real general\n3 3 1\n9 9 1\n", "n'est pas une matrice"),
        (f"{HEAD} integer general\n3 3 1\n1 1 99999999999999999999\n", "n'est pas une matrice"),
        (f"{HEAD} real general\n3 3 2\n1 1 1\n2 2 -1\n", "0 ou plus"),
        (f"{HEAD} real general\n3 3 2\n1 1 1\n2 2 nan\n", "0 ou plus"),
        (f"{HEAD} complex general\n3 3 1\n1 1 1 1\n", "nombres complexes"),
        ("%%MatrixMarket matrix array real general\n9000000 3000\n1\n", "trop grande"),
        (None, "ne peut pas être lu"),
    ],
)
def test_a_bad_matrix_is_refused_in_one_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], matrix: str | None, said: str
) -> None:
    (tmp_path / "out.csv").write_text("avant", encoding="utf-8")
    assert ask(tmp_path, matrix) == 2
    heard = capsys.readouterr()
    assert said in heard.err
    assert heard.err.endswith("Rien n'a été écrit.\n")
    assert heard.err.count("\n") == 1
    assert heard.out == ""
    assert (tmp_path / "out.csv").read_text(encoding="utf-8") == "avant"


def test_what_cannot_be_asked_or_written_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    table, _ = planted(20, 10, 2, 1)
    assert ask(tmp_path, table, 1) == 2
    assert "au moins 2" in capsys.readouterr().err
    assert ask(tmp_path, table, 2, "--smallest", "0") == 2
    assert "au moins 1" in capsys.readouterr().err
    assert ask(tmp_path, table, 2, "--output", str(tmp_path / "absent" / "out.csv")) == 2
    assert "ne peut pas être écrit" in capsys.readouterr().err
    assert sorted(path.name for path in tmp_path.iterdir()) == ["m.mtx"]
