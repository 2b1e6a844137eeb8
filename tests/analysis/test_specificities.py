"""Lafon's index: as textometry gives it, as fractions give it, and never infinite."""

from __future__ import annotations

import json
from fractions import Fraction
from math import comb, isfinite, log10
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.specificities import SpecificityError, lafon, specificities

ORACLES = Path(__file__).resolve().parents[3] / "shared" / "data" / "oracles"


def oracle(name: str) -> dict[str, object]:
    path = ORACLES / name
    if not path.exists():
        pytest.skip("le dossier partagé n'est pas là")
    found: dict[str, object] = json.loads(path.read_text(encoding="utf-8"))
    return found


@pytest.mark.shared
def test_the_index_of_robespierre_is_that_of_textometry() -> None:
    held = oracle("robespierre_textometry_0.1.6.json")
    table = np.array(list(held["table"].values()))
    assert (specificities(table).round(4) == np.array(list(held["expected"].values()))).all()


@pytest.mark.shared
def test_the_index_of_a_table_and_of_a_vector_are_those_of_textometry() -> None:
    held = oracle("specificities_textometry_0.1.6.json")
    assert (specificities(held["table"]).round(4) == np.array(held["expected"])).all()
    vector = held["vector"]
    score = float(lafon(vector["f"], vector["F"], vector["t"], vector["T"]))
    assert 10**-score == pytest.approx(vector["P_upper"], abs=5e-9)
    above = float(lafon(vector["f"] + 1, vector["F"], vector["t"], vector["T"]))
    assert 10**-score - 10**-above == pytest.approx(vector["P_point"], abs=5e-9)


def exact(count: int, total: int, size: int, whole: int) -> float:
    """The definition, in whole numbers."""
    over = Fraction(count) >= Fraction(total * size, whole)
    reach = range(count, min(total, size) + 1) if over else range(count + 1)
    ways = sum(
        comb(total, drawn) * comb(whole - total, size - drawn)
        for drawn in reach
        if size - drawn <= whole - total
    )
    power = log10(comb(whole, size)) - log10(ways)
    return power if over else -power


@settings(deadline=None)
@given(st.lists(st.lists(st.integers(0, 40), min_size=3, max_size=3), min_size=1, max_size=5))
def test_the_index_is_its_definition(table: list[list[int]]) -> None:
    whole = sum(map(sum, table))
    found = specificities(table)
    for row, line in enumerate(table):
        for part, count in enumerate(line):
            size = sum(other[part] for other in table)
            expected = exact(count, sum(line), size, whole) if whole else 0.0
            assert found[row, part] == pytest.approx(expected, abs=1e-9)


@settings(deadline=None)
@given(st.integers(0, 3000), st.integers(0, 3000), st.integers(1, 3000), st.integers(1, 3000))
def test_two_parts_mirror_each_other(a: int, b: int, c: int, d: int) -> None:
    found = specificities([[a, b], [c, d]])
    assert np.isfinite(found).all()
    if a * (b + d) != b * (a + c):  # said exactly as chance gives: more in both
        assert found[0, 0] == pytest.approx(-found[0, 1], rel=1e-9, abs=1e-9)


def test_probabilities_too_small_for_a_float_have_an_index() -> None:
    found = specificities([[100_000, 0], [0, 100_000]])
    assert found[0, 0] == pytest.approx(log10(comb(200_000, 100_000)), rel=1e-10)
    assert found[0, 1] == pytest.approx(-found[0, 0])
    many = specificities([[60_000_000, 30_000_000], [300_000_000, 300_000_000]])
    assert all(isfinite(score) for score in many.ravel())
    assert many[0, 0] > 1_000_000


def test_what_is_said_nowhere_or_everywhere_alike_is_zero_without_sign() -> None:
    found = specificities([[0, 0, 5], [0, 0, 7]])
    assert not found.any()
    assert not np.signbit(found).any()
    assert specificities(np.zeros((0, 3))).shape == (0, 3)


@pytest.mark.parametrize(
    "table", [[[1, -1]], [[0.5, 1]], [[float("nan"), 1]], [[10**9, 1]], [1, 2]]
)
def test_a_table_of_something_else_is_refused(table: list[object]) -> None:
    with pytest.raises(SpecificityError):
        specificities(table)


def test_many_cells_are_worked_out_in_batches() -> None:
    counts = np.random.default_rng(7).poisson(0.4, (9_000, 3))
    found = specificities(counts)
    totals, sizes = counts.sum(axis=1), counts.sum(axis=0)
    alone = lafon(counts[8_500], totals[8_500], sizes, int(counts.sum()))
    assert (found[8_500] == alone).all()
