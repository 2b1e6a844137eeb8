"""One division: the χ² and its identities, the best cut and the moves, against brute force."""

from __future__ import annotations

from itertools import product
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from scipy.sparse import csr_matrix

from analysis import reinert_cut
from analysis.reinert_cut import axis, best_cut, chi2_of, corrected, divide
from tests.analysis.reinert_cases import chi2_by_hand, planted, tables


def flipped(first: Any, row: int) -> Any:
    other = first.copy()
    other[row] = not other[row]
    return other


@given(tables(), st.data())
def test_chi2_is_the_school_book_one_and_its_inertia(table: Any, data: st.DataObject) -> None:
    rows = table.shape[0]
    first = np.array(data.draw(st.lists(st.booleans(), min_size=rows, max_size=rows)))
    dense = table.toarray()
    chi2 = chi2_of(table, first)
    assert chi2 == pytest.approx(chi2_by_hand(dense, first), abs=1e-8)
    seen = np.array([dense[first].sum(axis=0), dense[~first].sum(axis=0)])
    if seen.sum(axis=1).all():
        share = seen / seen.sum()
        lines, columns = share.sum(axis=1), share.sum(axis=0)
        residue = (share - np.outer(lines, columns)) / np.sqrt(np.outer(lines, columns))
        inertia = (np.linalg.svd(residue, compute_uv=False) ** 2).sum()
        assert chi2 / table.nnz == pytest.approx(inertia, abs=1e-9)


@given(tables(), st.data())
def test_chi2_followed_move_by_move_is_chi2_worked_out_again(
    table: Any, data: st.DataObject
) -> None:
    rows = table.shape[0]
    side = np.array(data.draw(st.lists(st.booleans(), min_size=rows, max_size=rows)))
    moves = data.draw(st.permutations(range(rows)).map(lambda all_rows: all_rows[: rows - 1]))
    totals = np.asarray(table.sum(axis=0)).ravel()
    inside = side.astype(float) @ table
    signs = np.where(side, -1.0, 1.0)[moves]
    more, heavier = reinert_cut._along(table[moves], signs, inside, totals)
    squares, mass = (inside**2 / totals).sum(), inside.sum()
    for step, row in enumerate(moves):
        side = flipped(side, row)
        followed = reinert_cut._chi2(squares + more[step], mass + heavier[step], totals.sum())
        assert float(followed) == pytest.approx(chi2_of(table, side), abs=1e-8)


@given(tables())
def test_the_axis_is_the_first_of_the_correspondence_analysis(table: Any) -> None:
    share = table.toarray() / table.nnz
    lines, columns = share.sum(axis=1), share.sum(axis=0)
    residue = (share - np.outer(lines, columns)) / np.sqrt(np.outer(lines, columns))
    left, values, _ = np.linalg.svd(residue)
    found = axis(table)
    if values[0] ** 2 < 1e-10:
        assert found is None
        return
    assume(values[0] ** 2 > 1e-8)
    assert found is not None
    # The share of inertia along it is the highest there is, and its mean place is 0.
    assert (lines * found).sum() == pytest.approx(0, abs=1e-6)
    along = np.sqrt(lines) * found
    assert np.linalg.norm(residue.T @ along) / np.linalg.norm(along) == pytest.approx(values[0])
    if len(values) > 1 and values[0] - values[1] > 0.05:
        straight = abs(along @ left[:, 0]) / np.linalg.norm(along)
        assert straight == pytest.approx(1, abs=1e-6)


@given(tables())
def test_no_other_cut_along_the_axis_is_better(table: Any) -> None:
    places = axis(table)
    assume(places is not None)
    assert places is not None
    first, chi2 = best_cut(table, places)
    assert chi2 == pytest.approx(chi2_by_hand(table.toarray(), first), abs=1e-8)
    assert places[first].max() < places[~first].min()
    apart = np.unique(np.round(places / np.abs(places).max(), 8)) * np.abs(places).max()
    for place in (apart[1:] + apart[:-1]) / 2:
        assert chi2_by_hand(table.toarray(), places <= place) <= chi2 + 1e-7


@given(st.permutations(range(8)), tables(rows=8))
def test_no_other_cut_along_any_order_is_better(order: list[int], table: Any) -> None:
    places = np.array([place for place in order if place < table.shape[0]], dtype=float)
    _, chi2 = best_cut(table, places)
    every = [chi2_by_hand(table.toarray(), places <= place) for place in sorted(places)[:-1]]
    assert chi2 == pytest.approx(max(every), abs=1e-8)


@given(tables(), st.data())
def test_no_single_move_raises_the_chi2_of_what_is_returned(
    table: Any, data: st.DataObject
) -> None:
    rows = table.shape[0]
    start = np.array(data.draw(st.lists(st.booleans(), min_size=rows, max_size=rows)))
    first, chi2 = corrected(table, start)
    dense = table.toarray()
    assert chi2 == pytest.approx(chi2_by_hand(dense, first), abs=1e-8)
    assert chi2 >= chi2_by_hand(dense, start) - 1e-8
    for row in range(rows):
        assert chi2_by_hand(dense, flipped(first, row)) <= chi2 + 1e-7


@given(tables())
def test_a_division_only_gains_on_its_cut(table: Any) -> None:
    found = divide(table)
    alike = all((table[0] != table[row]).nnz == 0 for row in range(table.shape[0]))
    if found is None:
        assert alike
        return
    assert 0 < found.first.sum() < table.shape[0]
    assert 0 < found.along <= found.chi2 + 1e-9 <= found.mass + 1e-6
    assert found.mass == table.nnz


@pytest.mark.parametrize("seed", range(25))
def test_few_lines_are_cut_as_the_best_of_all_their_partitions(seed: int) -> None:
    own = (0.2, 0.5, 0.85)[seed % 3]  # from words at random to two subjects apart
    table, _ = planted(10, 8, 2, seed, own=own, words=4)
    table = table[:, np.flatnonzero(np.asarray(table.sum(axis=0)).ravel())]
    dense = table.toarray()
    every = (np.array((False, *rest)) for rest in product((False, True), repeat=9))
    best = max(chi2_by_hand(dense, first) for first in every)
    found = divide(csr_matrix(table))
    assert found is not None
    assert found.chi2 == pytest.approx(best)


def test_many_moves_from_a_bad_start_end_where_no_move_gains() -> None:
    table, subject = planted(400, 60, 2, 3, own=0.5)
    start = np.random.default_rng(0).random(400) < 0.5
    first, chi2 = corrected(table, start)
    assert chi2 > 3 * chi2_of(table, start)
    assert max(chi2_of(table, flipped(first, row)) for row in range(400)) <= chi2 + 1e-6
    same = (first == (subject == subject[np.flatnonzero(first)[0]])).mean()
    assert same > 0.95
