"""Themes together: counts against a plain count, and the excerpts behind them."""

from __future__ import annotations

from itertools import combinations

import pytest
from hypothesis import given, settings

from analysis.codebook import CodebookError, load
from analysis.corpus import Campaign, Coding, Corpus, Excerpt, Meeting, Testimony
from analysis.tables import Counts, counts_by_theme, counts_of, excerpts_of
from analysis.theme_pairs import theme_pairs
from tests.analysis.strategies import corpora

BOOK = load()
THEMES = [theme.code for theme in BOOK.themes]


@settings(max_examples=80, deadline=None)
@given(corpora(max_testimonies=8, coded=True))
def test_pairs_are_what_a_plain_count_finds(corpus: Corpus) -> None:
    found = {(pair.one, pair.other): pair for pair in theme_pairs(corpus, BOOK)}
    alone = counts_by_theme(corpus, BOOK)
    for one, other in combinations(THEMES, 2):
        mine, theirs = excerpts_of(corpus, BOOK, one), excerpts_of(corpus, BOOK, other)
        both = {a.testimony for a in mine} & {b.testimony for b in theirs}
        assert bool(both) == ((one, other) in found)
        if not both:
            continue
        pair = found[one, other]
        behind = [item for item in {*mine, *theirs} if item.testimony in both]
        overlap = {
            item.id
            for a in mine
            for b in theirs
            if a.testimony == b.testimony
            and set(range(a.start, a.end)) & set(range(b.start, b.end))
            for item in (a, b)
        }
        assert set(pair.testimonies) == both
        assert set(pair.excerpts) == {item.id for item in behind}
        assert set(pair.shared) == overlap
        assert len(pair.shared) == len(overlap)
        assert pair.together == counts_of(corpus, behind)
        assert pair.same_passage == counts_of(corpus, [corpus.excerpt_by_id[i] for i in overlap])
        assert pair.alone == (alone[one], alone[other])
        assert 0 < pair.similarity <= 1


@settings(max_examples=40, deadline=None)
@given(corpora(max_testimonies=8, coded=True))
def test_pairs_and_proofs_come_in_order(corpus: Corpus) -> None:
    found = theme_pairs(corpus, BOOK)
    sizes = [pair.together.testimonies for pair in found]
    assert sizes == sorted(sizes, reverse=True)
    for pair in found:
        assert THEMES.index(pair.one) < THEMES.index(pair.other)
        rows = [corpus.excerpt_by_id[name] for name in pair.excerpts]
        where = [(corpus.testimony_by_id[r.testimony].number, r.start) for r in rows]
        assert where == sorted(where)


def corpus_of(*spans: tuple[int, int, int, str]) -> Corpus:
    """Excerpts (testimony, start, end, code) in ten-letter texts of three people each."""
    text = "abcdefghij"
    said = tuple(
        Testimony(f"t{n}", n + 1, f"m{n // 2}", "Q", text, persons=3)
        for n in range(max(span[0] for span in spans) + 1)
    )
    meetings = tuple(Meeting(f"m{n}", f"R{n}", "écoute", "Q") for n in range(len(said)))
    excerpts = tuple(
        Excerpt(f"x{n}", n + 1, f"t{mine}", start, end, text[start:end])
        for n, (mine, start, end, _) in enumerate(spans)
    )
    codings = tuple(Coding(f"x{n}", span[3], "a") for n, span in enumerate(spans))
    return Corpus(Campaign("c", "c"), meetings, said, excerpts, codings)


def test_same_testimony_and_same_passage_are_told_apart() -> None:
    corpus = corpus_of(
        (0, 0, 4, "LOG1"), (0, 3, 6, "CAD1"), (1, 0, 4, "LOG"), (1, 4, 6, "CAD1"), (2, 0, 9, "LOG2")
    )
    (pair,) = theme_pairs(corpus, BOOK)
    assert (pair.one, pair.other) in {("LOG", "CAD"), ("CAD", "LOG")}
    assert pair.together == Counts(2, 1, 6)
    assert pair.same_passage == Counts(1, 1, 3)
    assert pair.testimonies == ("t0", "t1")
    assert pair.excerpts == ("x0", "x1", "x2", "x3")
    assert pair.shared == ("x0", "x1")
    assert pair.similarity == pytest.approx(2 / 3)


def test_two_codes_of_a_theme_and_special_codes_make_no_pair() -> None:
    assert (
        theme_pairs(corpus_of((0, 0, 4, "LOG1"), (0, 0, 4, "LOG2"), (0, 0, 4, "AUT")), BOOK) == ()
    )


def test_a_code_of_another_grid_is_refused() -> None:
    with pytest.raises(CodebookError, match="ZZZ"):
        theme_pairs(corpus_of((0, 0, 4, "ZZZ")), BOOK)
