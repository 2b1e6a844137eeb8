"""Correspondence analysis: its identities, its table, its command."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from analysis.commands_correspondence import main
from analysis.correspondence import CorrespondenceError, Plane, Point, correspondence

# Smoking by rank in a firm, the worked example of Greenacre (2017), chapters 9 and 11.
SMOKERS = [[4, 2, 3, 2], [4, 3, 7, 4], [25, 10, 12, 4], [18, 24, 33, 13], [10, 6, 7, 2]]
RANKS, HABITS = ("SM", "JM", "SE", "JE", "SC"), ("none", "light", "medium", "heavy")


@st.composite
def tables(draw: st.DrawFn) -> NDArray[np.int64]:
    lines, parts = draw(st.integers(2, 7)), draw(st.integers(2, 6))
    cells = st.lists(st.integers(0, 30), min_size=lines * parts, max_size=lines * parts)
    table = np.array(draw(cells)).reshape(lines, parts)
    table[0, 0] += 1
    table[1, 1] += 1
    return table


def plane(table: NDArray[np.int64] | list[list[int]]) -> Plane:
    lines, parts = np.shape(table)
    return correspondence(
        [f"t{n}" for n in range(lines)], [f"p{n}" for n in range(parts)], np.asarray(table)
    )


def where(points: tuple[Point, ...]) -> NDArray[np.float64]:
    return np.array([point.coordinates for point in points])


def test_the_published_example_is_found_again() -> None:
    found = correspondence(RANKS, HABITS, SMOKERS)
    assert found.inertia == pytest.approx(0.08519, abs=1e-5)
    assert [axis.eigenvalue for axis in found.axes] == pytest.approx(
        [0.07476, 0.01002, 0.00041], abs=1e-5
    )
    assert found.axes[0].share == pytest.approx(0.878, abs=5e-4)
    first = {point.label: abs(point.coordinates[0]) for point in (*found.rows, *found.columns)}
    assert first["SE"] == pytest.approx(0.381, abs=5e-4)
    assert first["none"] == pytest.approx(0.393, abs=5e-4)
    none = found.columns[0]
    assert none.contributions[0] == pytest.approx(0.654, abs=5e-4)
    assert none.cos2[0] == pytest.approx(0.994, abs=5e-4)


@settings(deadline=None)
@given(tables())
def test_the_identities_hold(table: NDArray[np.int64]) -> None:
    found = plane(table)
    kept = table[table.sum(axis=1) > 0][:, table.sum(axis=0) > 0]
    total = kept.sum()
    expected = np.outer(kept.sum(axis=1), kept.sum(axis=0)) / total
    chi2 = ((kept - expected) ** 2 / expected).sum()
    assert found.total == total
    assert found.inertia == pytest.approx(chi2 / total, abs=1e-10)
    assert sum(axis.eigenvalue for axis in found.axes) == pytest.approx(found.inertia, abs=1e-10)
    assert len(found.axes) <= min(kept.shape) - 1
    for points in (found.rows, found.columns):
        masses = np.array([point.mass for point in points])
        assert masses.sum() == pytest.approx(1)
        assert sum(point.inertia for point in points) == pytest.approx(found.inertia, abs=1e-10)
        coordinates = where(points)
        assert masses @ coordinates == pytest.approx(0, abs=1e-8)
        values = np.array([axis.eigenvalue for axis in found.axes])
        assert masses @ coordinates**2 == pytest.approx(values, abs=1e-10)
        given_ = np.array([point.contributions for point in points])
        assert given_.sum(axis=0) == pytest.approx(np.ones(len(values)))
        assert all(sum(p.cos2) == pytest.approx(1) or not any(p.cos2) for p in points)


@settings(deadline=None)
@given(tables())
def test_a_term_stands_at_the_mean_of_its_parts(table: NDArray[np.int64]) -> None:
    """The transition formula: f = (profile of the term) · g / √λ, and the other way round."""
    found = plane(table)
    kept = table[table.sum(axis=1) > 0][:, table.sum(axis=0) > 0]
    solid = [rank for rank, axis in enumerate(found.axes) if axis.eigenvalue > 1e-8]
    roots = np.sqrt([found.axes[rank].eigenvalue for rank in solid])
    rows, columns = where(found.rows)[:, solid], where(found.columns)[:, solid]
    lines = kept / kept.sum(axis=1, keepdims=True)
    parts = kept.T / kept.sum(axis=0)[:, None]
    assert rows * roots == pytest.approx(lines @ columns, abs=1e-6)
    assert columns * roots == pytest.approx(parts @ rows, abs=1e-6)


@settings(deadline=None)
@given(tables(), st.integers(1, 4))
def test_a_part_cut_in_proportion_changes_nothing(table: NDArray[np.int64], times: int) -> None:
    """Distributional equivalence: parts of the same profile weigh as their sum."""
    whole = table.copy()
    whole[:, 0] *= times + 1
    cut = np.column_stack([table[:, 0] * times, table])
    one, two = plane(whole), plane(cut)
    assert two.inertia == pytest.approx(one.inertia, abs=1e-10)
    sizes = [axis.eigenvalue for axis in one.axes if axis.eigenvalue > 1e-9]
    assert [axis.eigenvalue for axis in two.axes][: len(sizes)] == pytest.approx(sizes, abs=1e-10)
    if table[:, 0].any():
        assert two.columns[0].coordinates == pytest.approx(two.columns[1].coordinates, abs=1e-6)


@settings(deadline=None)
@given(tables(), st.randoms(use_true_random=False))
def test_the_order_of_lines_turns_no_axis(table: NDArray[np.int64], pick: object) -> None:
    order = list(range(len(table)))
    pick.shuffle(order)  # type: ignore[attr-defined]  # hypothesis gives a random.Random
    names = [f"t{n}" for n in range(len(table))]
    parts = [f"p{n}" for n in range(table.shape[1])]
    one = correspondence(names, parts, table)
    two = correspondence([names[n] for n in order], parts, table[order])
    values = [axis.eigenvalue for axis in one.axes]
    alone = [
        rank
        for rank, value in enumerate(values)
        if value > 1e-6
        and all(abs(value - other) > 1e-4 for n, other in enumerate(values) if n != rank)
    ]
    moved = {point.label: point.coordinates for point in two.rows}
    for point in one.rows:
        for rank in alone:
            assert abs(point.coordinates[rank]) == pytest.approx(
                abs(moved[point.label][rank]), abs=1e-6
            )


def test_the_same_table_turned_round_gives_the_same_plane() -> None:
    one = correspondence(RANKS, HABITS, SMOKERS)
    two = correspondence(HABITS, RANKS, np.array(SMOKERS).T)
    for mine, theirs in zip((*one.rows, *one.columns), (*two.columns, *two.rows), strict=True):
        assert mine.label == theirs.label
        assert mine.coordinates == pytest.approx(theirs.coordinates)


def test_the_heaviest_part_of_an_axis_is_on_its_positive_side() -> None:
    found = correspondence(RANKS, HABITS, SMOKERS)
    for rank in range(len(found.axes)):
        heaviest = max(found.columns, key=lambda point: point.contributions[rank])
        assert heaviest.coordinates[rank] > 0


def test_what_is_empty_is_left_out_and_told() -> None:
    found = correspondence("abcd", "xyz", [[3, 0, 1], [0, 0, 0], [1, 0, 5], [2, 0, 2]])
    assert found.rows_left_out == ("b",)
    assert found.columns_left_out == ("y",)
    assert found.remark == "Laissés de côté, car jamais comptés : b, y."
    assert [point.label for point in found.rows] == ["a", "c", "d"]
    assert correspondence(RANKS, HABITS, SMOKERS).remark == ""


def test_a_table_without_any_difference_has_no_axis() -> None:
    found = plane([[2, 4], [3, 6]])
    assert found.axes == ()
    assert found.inertia == pytest.approx(0)
    assert found.rows[0].quality() == 0


@pytest.mark.parametrize(
    "table", [[[1, 2]], [[1], [2]], [[0, 0], [0, 0]], [[1, 2], [0, 0]], [[1, 0], [2, 0]]]
)
def test_a_table_too_small_is_refused(table: list[list[int]]) -> None:
    with pytest.raises(CorrespondenceError, match="au moins deux termes et deux parties"):
        plane(table)


def test_negative_counts_are_refused() -> None:
    with pytest.raises(CorrespondenceError, match="autre chose que des nombres"):
        plane([[1, -2], [3, 4]])


def asked(folder: Path, text: str, *more: str) -> int:
    (folder / "in.csv").write_text(text, encoding="utf-8")
    where_ = ["--input", str(folder / "in.csv"), "--output", str(folder / "out.csv")]
    return main([*where_, *more])


def test_the_command_writes_every_point(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lines = [";".join(map(str, (name, *row))) for name, row in zip(RANKS, SMOKERS, strict=True)]
    assert asked(tmp_path, "\n".join(["rang;" + ";".join(HABITS), *lines]), "--axes", "2") == 0
    told = json.loads(capsys.readouterr().out)
    assert told["total"] == 193
    assert told["axes"][0]["share"] == pytest.approx(0.878, abs=5e-4)
    with (tmp_path / "out.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["label"] for row in rows] == [*RANKS, *HABITS]
    assert {row["kind"] for row in rows} == {"row", "column"}
    none = next(row for row in rows if row["label"] == "none")
    assert float(none["contribution_1"]) == pytest.approx(0.654, abs=5e-4)
    assert float(none["coordinate_1"]) == pytest.approx(0.3933, abs=5e-4)
    assert none["count"] == "61"
    assert "coordinate_2" in none
    assert "coordinate_3" not in none


@pytest.mark.parametrize(
    ("text", "more", "said"),
    [
        ("m;A;B\nbus;1;x\n", (), "Ligne 2, colonne « B »"),
        ("m;A;B\nbus;1;2\n", (), "au moins deux termes"),
        ("m;A;B\nbus;1;2\ntram;2;1\n", ("--axes", "0"), "--axes"),
    ],
)
def test_the_command_refuses_in_one_sentence(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    text: str,
    more: tuple[str, ...],
    said: str,
) -> None:
    assert asked(tmp_path, text, *more) == 2
    told = capsys.readouterr().err
    assert said in told
    assert told.count("\n") == 1
    assert not (tmp_path / "out.csv").exists()


def test_a_missing_file_or_folder_is_said(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--input", str(tmp_path / "no.csv"), "--output", str(tmp_path / "o.csv")]) == 2
    assert "no.csv ne peut pas être lu" in capsys.readouterr().err
    (tmp_path / "in.csv").write_text("m;A;B\nbus;1;2\ntram;2;1\n", encoding="utf-8")
    lost = tmp_path / "absent" / "o.csv"
    assert main(["--input", str(tmp_path / "in.csv"), "--output", str(lost)]) == 2
    assert "ne peut pas être écrit" in capsys.readouterr().err
