"""Passages: nothing lost, nothing shared, sentence ends; which terms each one holds."""

from __future__ import annotations

import re
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.french import Token
from analysis.segments import Segment, incidence, segments
from analysis.sentences import PLACEHOLDER, sentences
from tests.analysis.strategies import AWKWARD, PHRASES

WORD = re.compile(r"\w+")
TEXTS = st.lists(
    st.sampled_from([*AWKWARD, *PHRASES, " ", "mot ", "le bus, ", "trop tôt. ", "l’an "]),
    max_size=60,
).map("".join)
LETTERS = "abcdefgh"


def words(text: str) -> int:
    return len(WORD.findall(text))


@given(st.lists(TEXTS, max_size=3), st.integers(1, 50))
def test_every_word_is_in_one_passage_of_its_own_text(texts: list[str], target: int) -> None:
    given_texts = {f"t{rank}": text for rank, text in enumerate(texts)}
    found = segments(given_texts, target)
    assert [one.testimony for one in found] == sorted(one.testimony for one in found)
    for key, text in given_texts.items():
        mine = [one for one in found if one.testimony == key]
        assert all(0 <= one.start < one.end <= len(text) for one in mine)
        assert all(one.end <= other.start for one, other in pairwise(mine))
        assert [one.words for one in mine] == [words(text[one.start : one.end]) for one in mine]
        assert sum(one.words for one in mine) == words(text)
        for match in PLACEHOLDER.finditer(text):
            for one in mine:
                assert not match.start() < one.start < match.end()
                assert not match.start() < one.end < match.end()


@given(TEXTS, st.integers(8, 50))
def test_passages_are_about_as_long_as_asked(text: str, target: int) -> None:
    long = [one.words for one in segments({"t": text}, target)]
    glued = max([words(chunk) for chunk in text.split()], default=0)
    assert all(one <= 2.5 * target + glued for one in long)
    assert all(2 * one >= target for one in long[1:-1]) or glued > target / 4


@given(st.lists(st.sampled_from(PHRASES), min_size=1, max_size=30), st.integers(10, 60))
def test_passages_end_where_sentences_end(phrases: list[str], target: int) -> None:
    text = " ".join(phrases)
    spans = sentences(text)
    short = all(words(text[one.start : one.end]) <= 1.5 * target for one in spans)
    found = segments({"t": text}, target)
    if short:
        assert {one.end for one in found} <= {span.end for span in spans}
        assert {one.start for one in found} <= {span.start for span in spans}


def test_a_text_without_an_end_is_cut_at_a_comma_near_the_target() -> None:
    text = " ".join(["on attend le bus"] * 9) + ", et il ne vient pas " + "le soir venu " * 12
    first, second = segments({"t": text}, 40)
    assert text[: first.end].endswith("bus,")
    assert text[second.start :].startswith("et il")
    plain = segments({"t": "mot " * 200}, 40)
    assert [one.words for one in plain] == [40] * 5


def test_a_rest_too_short_joins_the_passage_before_it() -> None:
    sentence = "Le bus passe devant la grande place du marché."
    text = " ".join([sentence] * 4) + " Il tarde."
    (only,) = segments({"t": text}, 36)
    assert (only.start, only.end, only.words) == (0, len(text), words(text))
    assert segments({"a": "", "b": "…", "c": "?! "}) == ()
    with pytest.raises(ValueError, match="au moins un mot"):
        segments({"a": "mot"}, 0)


@given(
    st.lists(
        st.lists(st.tuples(st.integers(0, 59), st.sampled_from(LETTERS)), max_size=25), max_size=5
    ),
    st.integers(1, 4),
    st.integers(1, 8),
)
def test_incidence_is_counted_as_by_hand(
    drawn: list[list[tuple[int, str]]], fewest: int, most: int
) -> None:
    said = {
        f"t{rank}": [Token(start, start + 1, lemma, "NOUN") for start, lemma in sorted(tokens)]
        for rank, tokens in enumerate(drawn)
    }
    found = [Segment(key, start, start + 15, 3) for key in said for start in (0, 20, 40)]
    table = incidence(said, found, fewest, most)
    holds = [
        {token.lemma for token in said[one.testimony] if one.start <= token.start < one.end}
        for one in found
    ]
    spread = {letter: sum(letter in one for one in holds) for letter in LETTERS}
    heard = {
        letter: sum(any(token.lemma == letter for token in tokens) for tokens in said.values())
        for letter in LETTERS
    }
    usual = [one for one in LETTERS if spread[one] >= fewest and heard[one] >= 2]
    usual.sort(key=lambda one: (-spread[one], one))
    assert table.terms == tuple(sorted(usual[:most]))
    expected = [[float(term in one) for term in table.terms] for one in holds]
    assert table.matrix.toarray().tolist() == expected
    assert table.segments == tuple(found)


def test_a_word_of_a_single_testimony_is_not_a_term() -> None:
    said = {"a": [Token(rank, rank + 1, "dragon", "NOUN") for rank in range(0, 50, 10)], "b": []}
    found = [Segment("a", start, start + 10, 1) for start in range(0, 50, 10)]
    assert incidence(said, found).terms == ()
    said["b"] = [Token(0, 1, "dragon", "NOUN")]
    assert incidence(said, found).terms == ("dragon",)
