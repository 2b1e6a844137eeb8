"""Counts and the page that opens them come from the same excerpts."""

from __future__ import annotations

from dataclasses import astuple, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.codebook import CodebookError, load
from analysis.corpus import Campaign, Coding, Corpus, Excerpt, Meeting, Testimony
from analysis.tables import (
    Counts,
    counts_by_code,
    counts_by_theme,
    counts_of,
    excerpts_of,
    totals,
)
from tests.analysis.strategies import codings, corpora

BOOK = load()


def small() -> Corpus:
    """Two meetings, three testimonies; the collective one stands for seven people."""
    meetings = tuple(Meeting(f"m{n}", f"R{n}", "atelier", "QN01") for n in (1, 2, 3))
    held = ((1, "m1", 1), (2, "m1", 7), (3, "m2", 1))
    testimonies = tuple(
        Testimony(f"t{n}", n, meeting, "QN01", "Trop cher. Et sale.", persons)
        for n, meeting, persons in held
    )
    excerpts = (
        Excerpt("x3", 3, "t2", 0, 10, "Trop cher."),
        Excerpt("x2", 2, "t1", 11, 19, "Et sale."),
        Excerpt("x1", 1, "t1", 0, 10, "Trop cher."),
    )
    held_codings = (
        Coding("x1", "LOG2", "u1"),
        Coding("x1", "LOG2", "u2"),
        Coding("x3", "LOG2", "u1"),
        Coding("x2", "LOG", "u1"),
        Coding("x2", "AUT", "u1"),
    )
    return Corpus(Campaign("c", "C"), meetings, testimonies, excerpts, held_codings)


def test_counts_are_distinct_testimonies_meetings_and_people() -> None:
    corpus = small()
    assert totals(corpus) == Counts(testimonies=3, meetings=3, people=9)
    by_code = counts_by_code(corpus, BOOK)
    assert by_code["LOG2"] == Counts(2, 1, 8)
    assert by_code["LOG"] == counts_by_theme(corpus, BOOK)["LOG"] == Counts(2, 1, 8)
    assert by_code["AUT"] == Counts(1, 1, 1)
    assert by_code["CAD1"] == Counts()


def test_excerpts_come_in_reading_order_once_each() -> None:
    corpus = small()
    assert [excerpt.id for excerpt in excerpts_of(corpus, BOOK, "LOG")] == ["x1", "x2", "x3"]
    assert [excerpt.id for excerpt in excerpts_of(corpus, BOOK, "LOG2")] == ["x1", "x3"]


def test_an_unknown_code_is_never_dropped_in_silence() -> None:
    corpus = small()
    with pytest.raises(CodebookError, match="ZZZ"):
        excerpts_of(corpus, BOOK, "ZZZ")
    strange = replace(corpus, codings=(*corpus.codings, Coding("x1", "SEN", "u1")))
    with pytest.raises(CodebookError, match="SEN"):
        counts_by_theme(strange, BOOK)


@given(corpora())
def test_counts_agree_with_the_excerpts_and_stay_within_the_whole(corpus: Corpus) -> None:
    whole = totals(corpus)
    by_code, by_theme = counts_by_code(corpus, BOOK), counts_by_theme(corpus, BOOK)
    assert list(by_theme) == [theme.code for theme in BOOK.themes]
    for code, counts in by_code.items():
        found = excerpts_of(corpus, BOOK, code)
        assert counts == counts_of(corpus, found)
        assert counts.testimonies == len({excerpt.testimony for excerpt in found})
        assert all(part <= all_ for part, all_ in zip(astuple(counts), astuple(whole), strict=True))
        theme = BOOK.theme_of(code)
        if theme is not None:
            above = astuple(by_theme[theme.code])
            assert all(part <= all_ for part, all_ in zip(astuple(counts), above, strict=True))
    coded = {coding.excerpt for coding in corpus.codings}
    listed = {excerpt.id for code in by_code for excerpt in excerpts_of(corpus, BOOK, code)}
    assert listed == coded


@given(corpora(coded=True), st.data())
def test_adding_a_coding_never_lowers_a_count(corpus: Corpus, data: st.DataObject) -> None:
    if not corpus.excerpts:
        return
    added = data.draw(codings(corpus.excerpts))
    more = counts_by_code(replace(corpus, codings=(*corpus.codings, added)), BOOK)
    for code, before in counts_by_code(corpus, BOOK).items():
        pairs = zip(astuple(before), astuple(more[code]), strict=True)
        assert all(old <= new for old, new in pairs)
    assert more[added.code].testimonies >= 1
