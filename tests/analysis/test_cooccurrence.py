"""Words said together: every count by brute force, and the places that lead back."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from itertools import combinations
from math import log, sqrt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis import cooccurrence
from analysis.concordance import Place
from analysis.cooccurrence import cooccurrences
from analysis.corpus import Corpus
from analysis.french import Token
from analysis.sentences import sentences
from tests.analysis.word_cases import corpus_of, said_of

LETTERS = ("ab", "cd", "ef", "gh", "ij")
said_texts = st.lists(
    st.lists(st.sampled_from((*LETTERS, ".", "\n")), max_size=14).map(" ".join), max_size=6
)


def held(corpus: Corpus, unit: str, size: int) -> list[tuple[str, tuple[Token, ...]]]:
    """Each unit as a testimony's id and its words."""
    found = []
    for one in corpus.testimonies:
        tokens = said_of(corpus)[one.id]
        if unit == "window":
            steps = range(max(1, len(tokens) - size + 1) if tokens else 0)
            found += [(one.id, tokens[step : step + size]) for step in steps]
            continue
        spans = sentences(one.text) if unit == "sentence" else [(0, len(one.text))]
        spans = [span for span in spans if one.text[slice(*span)].strip()]
        for low, high in spans:
            found.append((one.id, tuple(word for word in tokens if low <= word.start < high)))
    return found


def met(corpus: Corpus, unit: str, size: int) -> Iterator[tuple[frozenset[str], str]]:
    """Each time two words are said together: the two, and by whom."""
    if unit == "window":
        for key, tokens in said_of(corpus).items():
            for (i, one), (j, two) in combinations(enumerate(tokens), 2):
                if j - i < size and one.lemma != two.lemma:
                    yield frozenset((one.lemma, two.lemma)), key
        return
    for key, tokens in held(corpus, unit, size):
        for pair in combinations(sorted({token.lemma for token in tokens}), 2):
            yield frozenset(pair), key


@settings(max_examples=60, deadline=None)
@given(said_texts, st.sampled_from(("sentence", "testimony", "window")), st.integers(1, 3))
def test_every_count_is_that_of_a_plain_count(found: list[str], unit, least: int) -> None:
    corpus, size = corpus_of(found), 3
    made = cooccurrences(said_of(corpus), corpus, unit, least=least, window=size)
    units, together = held(corpus, unit, size), list(met(corpus, unit, size))
    assert made.units == len(units)
    assert [term.lemma for term in made.terms] == sorted(
        (term.lemma for term in made.terms),
        key=lambda lemma: (-sum(one.count for one in made.terms if one.lemma == lemma), lemma),
    )
    counts = Counter(pair for pair, _ in together)
    spread = {pair: len({key for other, key in together if other == pair}) for pair in counts}
    wanted = {pair: n for pair, n in counts.items() if n >= least and spread[pair] > 1}
    assert {frozenset((pair.a, pair.b)): pair.count for pair in made.pairs} == wanted
    holds = {
        w: {n for n, (_, ts) in enumerate(units) if w in {t.lemma for t in ts}} for w in LETTERS
    }
    for term in made.terms:
        assert term.units == len(holds[term.lemma])
        assert term.display == term.lemma
    for pair in made.pairs:
        assert pair.testimonies == spread[frozenset((pair.a, pair.b))]
        a, b = holds[pair.a], holds[pair.b]
        assert pair.score == pytest.approx(len(a & b) / len(a | b))
        assert len(pair.places) == min(pair.count, cooccurrence.MOST_PLACES)
        for place in pair.places:
            words = corpus.testimony_by_id[place.testimony].text[place.start : place.end].split()
            assert {pair.a, pair.b} <= set(words)


@settings(deadline=None)
@given(said_texts)
def test_the_indices_are_their_formulas(found: list[str]) -> None:
    corpus = corpus_of([*found, "ab cd. ab", "ab cd. cd ef", "ij"])
    said, units = said_of(corpus), held(corpus, "sentence", 0)
    holds = {
        w: {n for n, (_, ts) in enumerate(units) if w in {t.lemma for t in ts}} for w in LETTERS
    }
    total = len(units)
    for name in ("dice", "cosine", "equivalence", "likelihood"):
        for pair in cooccurrences(said, corpus, least=1, index=name).pairs:
            a, b = holds[pair.a], holds[pair.b]
            n, p, q = len(a & b), len(a), len(b)
            cells = ((n, p, q), (p - n, p, total - q), (q - n, total - p, q))
            cells += ((total - p - q + n, total - p, total - q),)
            ratio = 2 * sum(o * log(o * total / (x * y)) for o, x, y in cells if o)
            wanted = {
                "dice": 2 * n / (p + q),
                "cosine": n / sqrt(p * q),
                "equivalence": n * n / (p * q),
                "likelihood": ratio if n * total >= p * q else -ratio,
            }[name]
            assert pair.score == pytest.approx(wanted, abs=1e-7)


def test_what_a_single_testimony_says_is_not_shown() -> None:
    corpus = corpus_of(["ab cd. " * 5, "ab ef", "cd ef", "ef gh gh gh gh"])
    made = cooccurrences(said_of(corpus), corpus, least=1)
    assert made.pairs == ()
    assert [term.lemma for term in made.terms] == ["ab", "cd", "ef"]


def test_the_sentences_of_several_people_come_before_those_of_one(monkeypatch) -> None:
    monkeypatch.setattr(cooccurrence, "MOST_PLACES", 3)
    corpus = corpus_of(["ab cd. cd ab. ab cd. ab cd.", "ef. ab cd."])
    (pair,) = cooccurrences(said_of(corpus), corpus).pairs
    assert (pair.count, pair.testimonies) == (5, 2)
    assert pair.places == (Place("t1", 0, 6), Place("t1", 7, 13), Place("t2", 4, 10))


def test_only_the_most_said_words_are_paired_under_their_usual_form() -> None:
    corpus = corpus_of(["Bus loyer abri bus", "bus loyer abri bus", "bus bus loyer"])
    made = cooccurrences(said_of(corpus), corpus, "testimony", most_terms=2)
    assert [(term.display, term.count, term.testimonies) for term in made.terms] == [
        ("bus", 6, 3),
        ("loyer", 3, 3),
    ]
    assert [(pair.a, pair.b, pair.count) for pair in made.pairs] == [("bus", "loyer", 3)]
    fewer = cooccurrences({"t1": said_of(corpus)["t1"]}, corpus, "testimony", least=1)
    assert (fewer.units, fewer.terms, fewer.pairs) == (1, (), ())


def test_nothing_said_gives_nothing() -> None:
    for unit in ("sentence", "testimony", "window"):
        made = cooccurrences({}, corpus_of([]), unit)
        assert (made.units, made.terms, made.pairs) == (0, (), ())
