"""Double classification: units, crossings and the choice among them, against brute force."""

from __future__ import annotations

from itertools import combinations
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.sparse import csr_matrix
from sklearn.metrics import adjusted_rand_score

from analysis.reinert_double import Crossing, choose, crossings, double, units
from analysis.reinert_profiles import signed
from analysis.reinert_tree import descend
from tests.analysis.reinert_cases import groups, planted, tables


@given(tables(rows=10), st.data(), st.integers(1, 5))
def test_units_hold_enough_terms_and_never_two_owners(
    table: Any, data: st.DataObject, size: int
) -> None:
    rows = table.shape[0]
    owners = sorted(data.draw(st.lists(st.sampled_from("abc"), min_size=rows, max_size=rows)))
    given_units = units(table, owners, size)
    assert given_units[0] == 0
    assert set(np.diff(given_units)) <= {0, 1}
    dense = table.toarray()
    for unit in set(given_units.tolist()):
        inside = np.flatnonzero(given_units == unit)
        owner = {owners[row] for row in inside}
        assert len(owner) == 1
        alone = {given_units[row] for row in range(rows) if owners[row] in owner} == {unit}
        assert alone or dense[inside].any(axis=0).sum() >= size
        last = inside[-1] + 1 == rows or owners[inside[-1] + 1] not in owner
        assert last or dense[inside[:-1]].any(axis=0).sum() < size


@given(
    st.lists(
        st.tuples(st.integers(1, 60), st.integers(1, 9), st.sets(st.integers(0, 5), min_size=1)),
        max_size=7,
    ),
    st.integers(1, 4),
)
def test_the_choice_is_the_best_of_all(drawn: list[tuple[int, int, set[int]]], most: int) -> None:
    found = [
        Crossing(float(chi2), held, sum(1 << place for place in cells))
        for chi2, held, cells in drawn
    ]
    every = (few for size in range(most + 1) for few in combinations(found, size))
    apart = [few for few in every if all(not a.cells & b.cells for a, b in combinations(few, 2))]
    best = max(sum(one.chi2 for one in few) for few in apart)
    chosen = choose(found, most)
    assert sum(one.chi2 for one in chosen) == best
    assert len(chosen) <= most
    assert all(not a.cells & b.cells for a, b in combinations(chosen, 2))


def test_crossings_are_weighed_by_the_chi2_of_their_table() -> None:
    ends, counts = [(1, 1), (1, 2), (2, 1), (2, 2)], [30, 4, 6, 60]
    below = [frozenset((1,)), frozenset((2,))]
    found = crossings(ends, counts, (below, below), 5)
    assert [(one.segments, one.cells) for one in found] == [(60, 8), (30, 1)]
    assert found[1].chi2 == pytest.approx(float(signed(30, 34, 36, 100)))
    assert crossings(ends, counts, (below, below), 40) == found[:1]


def test_planted_subjects_are_found_by_both_sizes() -> None:
    table, subject = planted(900, 140, 4, 1, words=8)
    order = np.argsort(subject, kind="stable")
    owners = [f"t{rank // 3:03}" for rank in range(900)]
    found = double(table[order], owners, 4, 10)
    kept = found.labels > 0
    assert found.classes == 4
    assert kept.mean() > 0.95
    assert adjusted_rand_score(subject[order][kept], found.labels[kept]) >= 0.95
    sizes = np.bincount(found.labels)[1:].tolist()
    assert sizes == sorted(sizes, reverse=True)


def test_lines_of_owners_of_their_own_give_the_simple_classes() -> None:
    table, _ = planted(400, 80, 3, 2)
    found = double(table, [str(row) for row in range(400)], 3)
    assert groups(found.labels) == groups(descend(table, 3).labels(400))


def test_nothing_to_divide_gives_no_class() -> None:
    found = double(csr_matrix(np.ones((6, 3))), list("aabbcc"), 3)
    assert (found.classes, found.labels.tolist()) == (0, [0] * 6)
