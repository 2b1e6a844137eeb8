"""No masked count can be worked out from what is shown: attacked as a careful reader would."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.codebook import load
from analysis.crossings import ALL, crossings
from analysis.cuts import AXIS
from analysis.suppression import Released, Watched, closed, hidden
from tests.analysis import crossing_cases as cases

BOOK = load()
LINE = st.lists(st.integers(0, 12), min_size=2, max_size=7)


def ranges(counts: list[int], masked: frozenset[int], caps: list[int]) -> dict[int, set[int]]:
    """Every value that each masked cell could hold, found by trying the sums of the others."""
    total = sum(counts[rank] for rank in masked)
    found = {}
    for rank in masked:
        sums = {0}
        for other in masked - {rank}:
            sums = {known + value for known in sums for value in range(min(caps[other], total) + 1)}
        found[rank] = {total - known for known in sums if 0 <= total - known <= caps[rank]}
    return found


@settings(max_examples=1000, deadline=None)
@given(LINE, st.sampled_from((5, 11)))
def test_a_masked_cell_could_hold_many_values(counts: list[int], threshold: int) -> None:
    masked = hidden(counts, threshold)
    assert {rank for rank, count in enumerate(counts) if count < threshold} <= masked
    caps = [sum(counts)] * len(counts)
    for rank, values in ranges(counts, masked, caps).items():
        assert counts[rank] in values
        if sum(counts) >= threshold:
            assert len(values) > threshold
            assert set(range(threshold)) <= values


@settings(max_examples=1000, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), min_size=2, max_size=6))
def test_even_when_the_size_of_each_column_is_known(pairs: list[tuple[int, int]]) -> None:
    counts, caps = [one for one, _ in pairs], [one + two for one, two in pairs]
    masked = hidden(counts, 5, caps)
    found = ranges(counts, masked, caps)
    if len(masked) < len(counts):
        assert all(len(values) > 5 for values in found.values())


def test_nothing_is_masked_for_nothing_and_a_zero_is_masked() -> None:
    assert hidden([5, 6, 40], 5) == frozenset()
    assert hidden([0, 6, 40], 5) == {0, 1}
    assert hidden([4, 4, 40], 5) == {0, 1}
    assert hidden([1, 1, 9, 40], 5) == {0, 1, 2}


def test_a_difference_or_a_leftover_of_what_is_out_is_watched() -> None:
    """Atoms 0 and 1 are one place, 2 another; atom 1 is a meeting of two testimonies."""
    place, other, large, small = (frozenset(part) for part in ((0, 1), (2,), (0,), (1,)))
    watched = Watched(3, [place, other, large, small, frozenset({1, 2}), frozenset({0, 2})])
    released = Released(watched, [[8, 2, 9]], 5)
    assert released.let_out(place)
    assert released.let_out(other)
    assert not released.let_out(small)
    assert not released.let_out(large), "place - large would give the small meeting away"


@given(st.lists(st.integers(0, 9), min_size=3, max_size=6), st.data())
def test_no_small_group_is_a_combination_of_what_is_out(
    sizes: list[int], data: st.DataObject
) -> None:
    """Elimination in the product against every ±1 combination tried here one by one."""
    atoms = range(len(sizes))
    part = st.frozensets(st.sampled_from(atoms), min_size=1, max_size=len(sizes) - 1)
    asked = data.draw(st.lists(part, min_size=1, max_size=4))
    every = [frozenset(a for a in atoms if mask >> a & 1) for mask in range(1, 2 ** len(sizes))]
    released = Released(Watched(len(sizes), every), [sizes], 5)
    out = [group for group in asked if released.let_out(group)] + [frozenset(atoms)]
    for signs in product((-1, 0, 1), repeat=len(out)):
        line = [sum(s for s, group in zip(signs, out, strict=True) if a in group) for a in atoms]
        if set(line) == {0, 1}:
            count = sum(size for size, here in zip(sizes, line, strict=True) if here)
            assert count >= 5 or (count == sum(sizes) and all(line))


@pytest.mark.parametrize("seed", range(6))
def test_no_view_gives_away_what_another_masks(seed: int) -> None:
    """Every table and filter offered, taken together, by linear programming."""
    corpus = cases.campaign(seed, 40 + 10 * (seed % 3), 3 + seed % 2)
    seen = 0
    for crossing in crossings(corpus, BOOK, 5):
        for code in {line.code for _, line in cases.lines(crossing)}:
            known, masked = cases.system(corpus, BOOK, [crossing], code)
            if known[0][1] < 5:
                continue  # the number of all is public, and smaller than any threshold
            for wanted, number in {(part, number) for _, _, part, number in masked if part}:
                least, most = cases.bounds(known, wanted)
                assert least <= number <= most
                assert most - least >= 3, (crossing.variable.name, code, least, most)
                seen += 1
    assert seen > 20


@pytest.mark.parametrize("seed", [1, 5, 10, 13])
def test_no_table_gives_away_what_another_table_masks(seed: int) -> None:
    """Places, methods, months, meetings and axes put side by side, filters included."""
    corpus = cases.campaign(seed, 60, 4)
    tables = [one for one in crossings(corpus, BOOK, 5) if one.variable.family]
    seen = 0
    for code in {line.code for table in tables for _, line in cases.lines(table)}:
        known, masked = cases.system(corpus, BOOK, tables, code)
        if known[0][1] < 5:
            continue
        for wanted, number in {(part, number) for _, _, part, number in masked if part}:
            least, most = cases.bounds(known, wanted)
            assert least <= number <= most
            assert most - least >= 1, (code, number, least, most)
            seen += 1
    assert seen > 10


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10_000), st.integers(5, 160), st.sampled_from((5, 11)))
def test_what_is_shown_is_true_and_never_small(seed: int, size: int, threshold: int) -> None:
    corpus = cases.campaign(seed, size)
    said = cases.readings(corpus, BOOK)
    for crossing in crossings(corpus, BOOK, threshold):
        for key, line in cases.lines(crossing):
            real = cases.truth(corpus, said, crossing, line.code, key)
            for cell, number in zip(line.cells, real, strict=True):
                assert cell is None or cell.testimonies == number >= threshold
            total = line.total
            assert total is not None
            if crossing.variable.name != AXIS:  # a testimony may speak of several axes
                assert total.testimonies == sum(real)
            assert key == ALL or total.testimonies >= threshold


def test_a_sum_left_over_by_several_views_is_never_small() -> None:
    """The small cells of a line add up to two: a third one joins them, in all tables alike."""
    line = (0, 1, 2, 3)
    assert closed([[2, 9, 0, 30]], [line], 5, ()) == {0, 1, 2}
    assert closed([[9, 9, 9, 30], [8, 1, 9, 30]], [line], 5, ()) == {0, 1}
    atoms = [frozenset({rank}) for rank in line]
    released = Released(Watched(4, atoms), [[2, 9, 0, 30]], 5)
    assert released.let_out_all(atoms, [line]) == {3}
