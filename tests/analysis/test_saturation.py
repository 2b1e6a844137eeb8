"""The saturation curve: what is new at each meeting, and its mean over every order."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from itertools import pairwise, permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.codebook import CodebookError, load
from analysis.corpus import Coding, Corpus, Meeting
from analysis.saturation import expected, saturation
from tests.analysis import crossing_cases as cases
from tests.analysis.strategies import corpora

BOOK = load()


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sets(st.integers(0, 5)), min_size=1, max_size=5))
def test_the_expected_curve_is_the_mean_over_every_order(samples: list[set[int]]) -> None:
    kinds = set().union(*samples)
    sizes = [sum(kind in sample for sample in samples) for kind in kinds]
    orders = list(permutations(samples))
    brute = [
        sum(len(set().union(*order[: drawn + 1])) for order in orders) / len(orders)
        for drawn in range(len(samples))
    ]
    assert expected(sizes, len(samples)) == pytest.approx(brute)


@given(st.lists(st.integers(1, 400), max_size=30))
def test_the_expected_curve_climbs_and_flattens_and_ends_at_all(sizes: list[int]) -> None:
    curve = [0.0, *expected(sizes, 400)]
    steps = [after - before for before, after in pairwise(curve)]
    assert curve[-1] == pytest.approx(len(sizes))
    assert curve[1] == pytest.approx(sum(sizes) / 400)
    assert all(step >= -1e-9 for step in steps)
    assert all(one >= two - 1e-9 for one, two in pairwise(steps))
    # The last meeting drawn brings what is heard in it alone.
    assert steps[-1] == pytest.approx(sizes.count(1) / 400, abs=1e-9)


@settings(max_examples=60, deadline=None)
@given(corpora(max_testimonies=8, coded=True))
def test_each_theme_and_code_is_new_once(corpus: Corpus) -> None:
    curve = saturation(corpus, BOOK)
    own = {theme.code for theme in BOOK.themes}
    placed = [(coding, BOOK.theme_of(coding.code)) for coding in corpus.codings]
    themes = {theme.code for _, theme in placed if theme}
    codes = {coding.code for coding, theme in placed if theme} - own
    new_themes = [name for step in curve.steps for name in step.new_themes]
    new_codes = [name for step in curve.steps for name in step.new_codes]
    assert sorted(new_themes) == sorted(themes)
    assert sorted(new_codes) == sorted(codes)
    assert len(curve.steps) + curve.silent == len(corpus.meetings)
    seen_themes = seen_codes = 0
    for step in curve.steps:
        seen_themes += len(step.new_themes)
        seen_codes += len(step.new_codes)
        assert (step.themes, step.codes) == (seen_themes, seen_codes)
    days = [step.day or date.max for step in curve.steps]
    assert days == sorted(days)
    if curve.steps:
        assert curve.steps[-1].expected_themes == pytest.approx(len(themes))
        assert curve.steps[-1].expected_codes == pytest.approx(len(codes))


def told(*heard: tuple[str, ...]) -> Corpus:
    """One testimony a meeting, from the last day to the first, with these codes."""
    source = cases.campaign(1, len(heard), len(heard))
    meetings = tuple(
        Meeting(f"m{n}", f"R-{n:02d}", "écoute", "QP01", date(2026, 3, 28 - n))
        for n in range(len(heard))
    )
    said = tuple(
        replace(item, meeting=f"m{n}", neighbourhood="QP01")
        for n, item in enumerate(source.testimonies)
    )
    codings = tuple(Coding(f"x{n}", code, "a") for n, mine in enumerate(heard) for code in mine)
    return replace(source, meetings=meetings, testimonies=said, codings=codings)


def test_meetings_come_by_day_and_special_codes_do_not_count() -> None:
    curve = saturation(told(("LOG1", "AUT"), ("LOG",), ("CAD1", "LOG1"), ()), BOOK)
    assert [step.label for step in curve.steps] == ["R-03", "R-02", "R-01", "R-00"]
    assert [step.new_themes for step in curve.steps] == [(), ("LOG", "CAD"), (), ()]
    assert [step.codes for step in curve.steps] == [0, 2, 2, 2]
    assert (curve.once_themes, curve.once_codes) == (1, 1)
    assert "2 thèmes et 2 codes ont été entendus ; 1 code n'a été entendu que" in curve.sentence
    assert "Elle ne dit pas que tout a été entendu" in curve.sentence


def test_a_meeting_without_words_is_no_step() -> None:
    corpus = told(("LOG1",), ("LOG1",))
    mute = Meeting("m9", "R-09", "écoute", "QP01", date(2026, 3, 1))
    curve = saturation(replace(corpus, meetings=(*corpus.meetings, mute)), BOOK)
    assert (len(curve.steps), curve.silent) == (2, 1)


def test_nothing_coded_is_said() -> None:
    assert saturation(told((), ()), BOOK).sentence.startswith("Rien n'a encore été codé")
    assert saturation(cases.campaign(1, 0), BOOK).steps == ()


def test_a_code_of_another_grid_is_refused() -> None:
    with pytest.raises(CodebookError, match="ZZZ"):
        saturation(told(("ZZZ",)), BOOK)
