"""Agreement: published examples, brute force, and what must hold whatever the codings."""

from __future__ import annotations

from collections import Counter
from itertools import permutations
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.agreement import (
    CONSTANT,
    NOTHING,
    CodeAgreement,
    Coded,
    Comparison,
    alpha,
    compare,
    kappa,
    percentage,
    project,
)

VALUES = st.sampled_from(["a", "b", "c", None])
CODES = st.frozensets(st.sampled_from(["LOG", "MOB", "SAN"]))
PAIRS = st.lists(st.tuples(VALUES, VALUES), max_size=25)


def columns(*people: str) -> Counter[tuple[str | None, ...]]:
    """One line a person, one sign a unit; a full stop where they gave nothing."""
    rows = [[None if sign == "." else sign for sign in line.split()] for line in people]
    return Counter(zip(*rows, strict=True))


def test_cohen_1960_two_psychologists_and_two_hundred_patients() -> None:
    """Cohen (1960), table 1 in frequencies: po .70, pe .41, kappa .492."""
    counts = ((88, 14, 18), (10, 40, 10), (2, 6, 12))
    patterns = {(i, j): n for i, row in enumerate(counts) for j, n in enumerate(row)}
    assert percentage(patterns).value == pytest.approx(0.70)
    assert kappa(patterns).value == pytest.approx((0.70 - 0.41) / (1 - 0.41))
    assert kappa(patterns).value == pytest.approx(0.492, abs=0.0005)


@pytest.mark.parametrize(
    ("people", "expected"),
    [
        # Krippendorff (2011), A: binary, two observers, no missing data.
        (("0 1 0 0 0 0 0 0 1 0", "1 1 1 0 0 1 0 0 0 0"), 0.095),
        # B: nominal, two observers, no missing data.
        (("a a b b d c c c e d d a", "b a b b b c c c e d d d"), 0.692),
        # C: nominal, four observers, missing data.
        (
            (
                "1 2 3 3 2 1 4 1 2 . . .",
                "1 2 3 3 2 2 4 1 2 5 . 3",
                ". 3 3 3 2 3 4 2 2 5 1 .",
                "1 2 3 3 2 4 4 1 2 5 1 .",
            ),
            0.743,
        ),
    ],
)
def test_krippendorff_2011(people: tuple[str, ...], expected: float) -> None:
    assert alpha(columns(*people)).value == pytest.approx(expected, abs=0.0005)


def by_hand_kappa(pairs: list[tuple[str, str]]) -> float | None:
    """Agreement expected by chance as the mean over every pairing of the two columns."""
    same = [a == b for a, b in pairs]
    chance = [a == b for a, _ in pairs for _, b in pairs]
    if not pairs or all(chance):
        return None
    observed, expected = sum(same) / len(same), sum(chance) / len(chance)
    return (observed - expected) / (1 - expected)


def by_hand_alpha(units: list[tuple[str | None, ...]]) -> float | None:
    """Every ordered pair of values, inside each unit and then all together."""
    kept = [[value for value in unit if value is not None] for unit in units]
    kept = [unit for unit in kept if len(unit) > 1]
    everything = [value for unit in kept for value in unit]
    far = [a != b for a, b in permutations(everything, 2)]
    if not any(far):
        return None
    near = sum(sum(a != b for a, b in permutations(u, 2)) / (len(u) - 1) for u in kept)
    return 1 - (near / len(everything)) / (sum(far) / len(far))


@given(PAIRS)
def test_kappa_equals_brute_force(rows: list[tuple[str | None, str | None]]) -> None:
    read = [(a, b) for a, b in rows if a is not None and b is not None]
    expected = by_hand_kappa(read)
    found = kappa(Counter(rows))
    assert found.value == (None if expected is None else pytest.approx(expected))
    assert found.reason == ("" if expected is not None else CONSTANT if read else NOTHING)


@given(st.lists(st.tuples(VALUES, VALUES, VALUES), max_size=12))
def test_alpha_equals_brute_force(rows: list[tuple[str | None, ...]]) -> None:
    expected = by_hand_alpha(rows)
    found = alpha(Counter(rows))
    assert found.value == (None if expected is None else pytest.approx(expected))
    assert bool(found.reason) is (expected is None)


@given(PAIRS)
def test_figures_do_not_depend_on_who_is_first_and_stay_in_bounds(
    rows: list[tuple[str | None, str | None]],
) -> None:
    swapped = Counter((b, a) for a, b in rows)
    for measure in (percentage, kappa, alpha):
        found = measure(Counter(rows))
        assert found == measure(swapped)
        assert found.value is None or -1 <= found.value <= 1


@given(PAIRS)
def test_perfect_agreement_is_one_and_only_that(rows: list[tuple[str, str]]) -> None:
    alike = Counter((a, a) for a, _ in rows)
    assert {measure(alike).value for measure in (kappa, alpha)} <= {1.0, None}
    read = [(a, b) for a, b in rows if a is not None and b is not None]
    if any(a != b for a, b in read):
        values = [measure(Counter(rows)).value for measure in (kappa, alpha, percentage)]
        assert all(value is not None and value < 1 for value in values)


def test_undefined_figures_say_why() -> None:
    everywhere = CodeAgreement("LOG", both=4, first=0, second=0, neither=0).patterns
    assert percentage(everywhere).value == 1
    assert (kappa(everywhere).value, kappa(everywhere).reason) == (None, CONSTANT)
    assert (alpha(everywhere).value, alpha(everywhere).reason) == (None, CONSTANT)
    alone: dict[tuple[str | None, ...], int] = {("a", None): 3, (None, "b"): 2}
    for measure in (percentage, kappa, alpha):
        assert (measure(alone).value, measure(alone).reason) == (None, NOTHING)


def test_overlapping_and_free_selections_fall_on_their_sentences() -> None:
    cut = [(0, 10), (11, 20), (21, 30)]
    coded = [Coded(3, 6, "LOG"), Coded(8, 12, "MOB"), Coded(10, 11, "SAN"), Coded(20, 30, "LOG")]
    assert project(cut, coded) == (
        frozenset({"LOG", "MOB"}),
        frozenset({"MOB"}),
        frozenset({"LOG"}),
    )


@given(
    st.lists(st.integers(1, 9), min_size=1, max_size=8),
    st.lists(st.tuples(st.integers(0, 60), st.integers(1, 30), st.sampled_from("AB")), max_size=6),
)
def test_a_sentence_bears_a_code_when_they_share_a_character(
    lengths: list[int], drawn: list[tuple[int, int, str]]
) -> None:
    cut, at = [], 0
    for length in lengths:
        cut.append((at, at + length))
        at += length + 1
    coded = [Coded(start, start + length, code) for start, length, code in drawn]
    shared = tuple(
        frozenset(c.code for c in coded if set(range(*span)) & set(range(c.start, c.end)))
        for span in cut
    )
    assert project(cut, coded) == shared


def test_a_small_round_by_hand() -> None:
    log, mob, none = frozenset({"LOG"}), frozenset({"MOB"}), frozenset[str]()
    found = compare([log, log | mob, none, none, None], [log, mob, log, none, log])
    assert found == Comparison(
        sentences=3,
        same=1,
        uncoded=1,
        codes=(CodeAgreement("LOG", 1, 1, 1, 0), CodeAgreement("MOB", 1, 0, 0, 2)),
    )
    wider = found.with_uncoded()
    assert (wider.sentences, wider.same) == (4, 2)
    assert wider.codes[0] == CodeAgreement("LOG", 1, 1, 1, 1)
    assert (wider.codes[0].sentences, wider.codes[0].same) == (4, 2)


@given(st.lists(st.tuples(CODES, CODES), max_size=20), st.randoms())
def test_the_order_of_sentences_changes_nothing(
    rows: list[tuple[frozenset[str], frozenset[str]]], chance: Random
) -> None:
    mixed = list(rows)
    chance.shuffle(mixed)
    one, other = (compare([a for a, _ in r], [b for _, b in r]) for r in (rows, mixed))
    assert one == other
    assert one.sentences + one.uncoded == len(rows)
    for row in one.with_uncoded().codes:
        assert row.sentences == len(rows)
        assert row.both + row.first == sum(row.code in a for a, _ in rows)
        assert row.both + row.second == sum(row.code in b for _, b in rows)
