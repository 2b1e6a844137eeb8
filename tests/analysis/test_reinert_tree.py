"""The descent: largest class next, terms sorted out, planted subjects found, profiles."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import csr_matrix, hstack, vstack
from sklearn.metrics import adjusted_rand_score

from analysis.reinert_cut import Cut
from analysis.reinert_profiles import heard, profiles, signed, typical
from analysis.reinert_tree import BELONGS, FEWEST, descend, kept_terms
from tests.analysis.reinert_cases import groups, planted, tables


@pytest.mark.parametrize(("subjects", "seed"), [(2, 0), (4, 1), (7, 2)])
def test_planted_subjects_are_found(subjects: int, seed: int) -> None:
    table, subject = planted(900, 140, subjects, seed)
    descent = descend(table, subjects)
    labels = descent.labels(900)
    assert adjusted_rand_score(subject, labels) >= 0.95
    sizes = np.bincount(labels)[1:].tolist()
    assert sizes == sorted(sizes, reverse=True)
    assert not descent.short


@settings(max_examples=25)
@given(st.integers(0, 10_000))
def test_the_order_of_lines_and_columns_changes_nothing(seed: int) -> None:
    table, _ = planted(90, 40, 3, 5)
    draw = np.random.default_rng(seed)
    rows, terms = draw.permutation(90), draw.permutation(40)
    plain = descend(table, 3).labels(90)
    mixed = np.zeros(90, dtype=int)
    mixed[rows] = descend(table[rows][:, terms].tocsr(), 3).labels(90)
    assert groups(mixed) == groups(plain)


def test_the_same_matrix_gives_the_same_tree() -> None:
    table, _ = planted(300, 50, 4, 9)
    one, other = descend(table, 6), descend(table.copy(), 6)
    assert one.divisions == other.divisions
    assert (one.labels(300) == other.labels(300)).all()


def test_empty_lines_belong_to_no_class_and_empty_columns_change_nothing() -> None:
    table, _ = planted(200, 40, 3, 4)
    wide = hstack([csr_matrix((200, 5)), table, csr_matrix((200, 2))])
    full = vstack([csr_matrix((3, 47)), wide, csr_matrix((1, 47))]).tocsr()
    labels = descend(full, 3).labels(204)
    assert (labels[3:203] == descend(table, 3).labels(200)).all()
    assert labels[[0, 1, 2, 203]].tolist() == [0, 0, 0, 0]


@given(tables(rows=10, terms=8), st.integers(2, 6))
def test_classes_share_out_the_lines(table: Any, most: int) -> None:
    descent = descend(table, most)
    held = [row for one in descent.classes for row in one.rows.tolist()]
    assert len(held) == len(set(held)) <= table.shape[0]
    assert len(descent.classes) <= most
    assert descent.short == (len(descent.classes) < most)
    if descent.divisions:
        assert len(descent.classes) == len(descent.divisions) + 1
    for one in descent.root.all():
        if one.parts:
            inside = {row for part in one.parts for row in part.rows.tolist()}
            assert inside <= set(one.rows.tolist())


def test_the_largest_class_is_divided_next() -> None:
    table, _ = planted(700, 120, 6, 8)
    leaves = [700]
    for division in descend(table, 6).divisions:
        assert division.segments == max(leaves)
        leaves.remove(division.segments)
        leaves += [division.first, division.second]
        assert division.first + division.second + division.set_aside == division.segments


def test_more_classes_than_there_can_be_stops_and_says_so() -> None:
    alike = csr_matrix(np.ones((5, 3)))
    assert (descend(alike, 2).classes, descend(alike, 2).short) == ([], True)
    two = csr_matrix(np.kron(np.eye(2), np.ones((6, 4))))
    descent = descend(two, 5)
    assert ([len(one.rows) for one in descent.classes], descent.short) == ([6, 6], True)
    assert descend(csr_matrix((0, 0)), 2).short
    assert descend(csr_matrix((4, 3)), 2).labels(4).tolist() == [0] * 4


def test_classes_too_small_are_left_out_and_others_looked_for() -> None:
    table, _ = planted(300, 60, 2, 6)
    odd = csr_matrix(([1.0] * 6, ([0, 0, 0, 1, 1, 1], [0, 1, 2, 0, 1, 2])), shape=(2, 3))
    both = vstack([hstack([table, csr_matrix((300, 3))]), hstack([csr_matrix((2, 60)), odd])])
    plain, choosy = descend(both.tocsr(), 2), descend(both.tocsr(), 2, smallest=10)
    assert [len(one.rows) for one in plain.classes] == [300, 2]
    assert sum(len(one.rows) for one in choosy.classes) == 300
    assert choosy.labels(302)[300:].tolist() == [0, 0]


@given(tables(rows=10, terms=6), st.data())
def test_a_term_leaves_the_side_it_does_not_belong_to(table: Any, data: st.DataObject) -> None:
    rows = table.shape[0]
    side = np.array(data.draw(st.lists(st.booleans(), min_size=rows, max_size=rows)))
    kept = kept_terms(table, Cut(side, 0, 0, 0))
    for term, column in enumerate(table.toarray().T.astype(bool)):
        both, here, there = (column & side).sum(), side.sum(), (~side).sum()
        chi2 = abs(float(signed(both, here, column.sum(), rows)))
        tied = np.sqrt(chi2 / (chi2 + rows)) > BELONGS
        less = both * there < (column & ~side).sum() * here
        more = both * there > (column & ~side).sum() * here
        assert kept[0][term] == (both >= FEWEST and not (tied and less))
        assert kept[1][term] == ((column & ~side).sum() >= FEWEST and not (tied and more))


def test_the_terms_left_are_those_that_divide_next() -> None:
    table, _ = planted(400, 60, 4, 7)
    descent = descend(table, 4)
    counts = [len(one.terms) for one in descent.root.all() if one.parts]
    assert counts[0] == 60
    assert max(counts[1:]) < 60
    for one in descent.root.all():
        if one.parts:
            held = table[one.rows][:, one.terms]
            stay = [part.terms.tolist() for part in one.parts]
            assert all(set(terms) <= set(one.terms.tolist()) for terms in stay)
            side = np.isin(one.rows, one.parts[0].rows)
            kept = kept_terms(held, Cut(side, 0, 0, 0))
            assert stay == [one.terms[flags].tolist() for flags in kept]


@given(tables(rows=12), st.data())
def test_a_profile_is_counted_and_weighed_as_by_hand(table: Any, data: st.DataObject) -> None:
    rows, dense = table.shape[0], table.toarray().astype(bool)
    labels = np.array(data.draw(st.lists(st.integers(0, 3), min_size=rows, max_size=rows)))
    found = profiles(table, labels, 3)
    kept = labels > 0
    assert found.overall.tolist() == dense[kept].sum(axis=0).tolist()
    for one in (1, 2, 3):
        here = labels == one
        assert found.inside[one - 1].tolist() == dense[here].sum(axis=0).tolist()
        for term, column in enumerate(dense.T):
            seen = np.array(
                [[(column & here).sum(), (~column & here).sum()],
                 [(column & kept & ~here).sum(), (~column & kept & ~here).sum()]]
            )  # fmt: skip
            margins = np.outer(seen.sum(axis=1), seen.sum(axis=0))
            if not margins.all():
                assert found.chi2[one - 1, term] == 0
                continue
            expected = margins / seen.sum()
            by_hand = ((seen - expected) ** 2 / expected).sum()
            sign = np.sign(seen[0, 0] - expected[0, 0])
            assert found.chi2[one - 1, term] == pytest.approx(sign * by_hand, abs=1e-8)


def test_large_counts_do_not_overflow() -> None:
    n = 3_000_000
    assert float(signed(n // 2, n // 2, n // 2, n)) == pytest.approx(n)
    assert float(signed(0, n // 2, n // 2, n)) == pytest.approx(-n)


@given(tables(rows=10), st.data())
def test_typical_lines_have_the_highest_sums_one_an_owner(table: Any, data: st.DataObject) -> None:
    rows, terms = table.shape
    weights = np.array(data.draw(st.lists(st.integers(-5, 9), min_size=terms, max_size=terms)))
    owners = data.draw(st.lists(st.sampled_from("abc"), min_size=rows, max_size=rows))
    found = typical(table, np.arange(rows), weights.astype(float), owners, 2)
    sums = table.toarray() @ weights
    best = {}
    for row in sorted(range(rows), key=lambda each: (-sums[each], each)):
        if sums[row] > 0:
            best.setdefault(owners[row], (row, float(sums[row])))
    assert found == list(best.values())[:2]
    people, held = heard(table, np.arange(rows), owners)
    assert people == len(set(owners))
    for term, column in enumerate(table.toarray().T):
        assert held[term] == len({owners[row] for row in np.flatnonzero(column)})
