"""Frequencies count meaningful words, the same whatever the order things came in."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.corpus import Campaign, Corpus, CorpusError, Meeting, Testimony
from analysis.french import Token
from analysis.lexicon import Evenness, WordCount, frequencies, lexicon
from tests.analysis.campaign_cases import annotated, campaign
from tests.analysis.strategies import corpora


def words(text: str) -> tuple[Token, ...]:
    """A token for each run of letters; the lemma drops a final s, as a rough reader would."""
    found, start = [], 0
    for part in text.split(" "):
        if part.isalpha():
            found.append(Token(start, start + len(part), part.lower().rstrip("s") or part, "NOUN"))
        start += len(part) + 1
    return tuple(found)


def corpus_of(*texts: str) -> Corpus:
    testimonies = tuple(
        Testimony(f"t{rank}", rank, "m1", "QN01", text) for rank, text in enumerate(texts, 1)
    )
    meetings = (Meeting("m1", "R-01", "individuel", "QN01"),)
    return Corpus(Campaign("c", "C"), meetings, testimonies)


def test_words_are_counted_with_their_spread_and_forms() -> None:
    corpus = corpus_of("Poubelles poubelles poubelle poubelles loyer", "poubelle Loyer CAF")
    annotated = {one.id: words(one.text) for one in corpus.testimonies}
    assert frequencies(annotated, corpus) == [
        WordCount("poubelle", 5, 2, ("poubelles", "poubelle")),
        WordCount("loyer", 2, 2, ("loyer",)),
        WordCount("caf", 1, 1, ("CAF",)),
    ]
    assert frequencies(annotated, corpus)[0].display == "poubelles"


def test_a_testimony_without_words_prepared_is_named() -> None:
    with pytest.raises(CorpusError, match="témoignage 2"):
        frequencies({"t1": ()}, corpus_of("a", "b"))


@given(corpora(), st.randoms())
def test_frequencies_are_bounded_and_do_not_depend_on_order(corpus: Corpus, random) -> None:
    annotated = {one.id: words(one.text) for one in corpus.testimonies}
    found = frequencies(annotated, corpus)
    shuffled = list(corpus.testimonies)
    random.shuffle(shuffled)
    assert frequencies(annotated, replace(corpus, testimonies=tuple(shuffled))) == found
    assert [word.count for word in found] == sorted((word.count for word in found), reverse=True)
    for word in found:
        assert 1 <= word.testimonies <= min(word.count, len(corpus.testimonies))
        assert word.forms
    assert sum(word.count for word in found) <= sum(map(len, annotated.values()))


def test_a_term_says_in_how_many_meetings_and_how_evenly_it_is_said() -> None:
    corpus = campaign(["bus bus", "bus rue", "rue rue rue", "parc"], ["A", "A", "B", "B"])
    found = {term.lemma: term for term in lexicon(annotated(corpus), corpus)}
    assert (found["bus"].count, found["bus"].testimonies, found["bus"].meetings) == (3, 2, 1)
    assert (found["rue"].testimonies, found["rue"].meetings) == (2, 2)
    # Sizes 2, 2, 3, 1 of 8; « bus » 2/3, 1/3: half of 5/12 + 1/12 + 3/8 + 1/8, over 7/8.
    assert found["bus"].uneven == pytest.approx((5 / 12 + 1 / 12 + 4 / 8) / 2 / (7 / 8))
    assert found["bus"].uneven_meetings == pytest.approx(1.0)
    assert found["parc"].uneven == pytest.approx(1.0)
    assert found["parc"].lone
    assert not found["rue"].lone
    usual = lexicon(annotated(corpus), corpus, least=2)
    assert usual == [found["rue"], found["bus"]]


PARTS = st.lists(st.tuples(st.integers(0, 5), st.integers(0, 9)), min_size=1, max_size=6)


@given(PARTS)
def test_the_deviation_is_its_definition(drawn: list[tuple[int, int]]) -> None:
    sizes = {str(rank): said + other for rank, (said, other) in enumerate(drawn)}
    counts = {str(rank): said for rank, (said, _) in enumerate(drawn) if said}
    whole, total = sum(sizes.values()), sum(counts.values())
    held = [key for key in sizes if sizes[key]]
    if not total or len(held) < 2:
        assert Evenness(sizes).deviation(counts) == 0.0
        return
    gaps = sum(abs(counts.get(key, 0) / total - sizes[key] / whole) for key in held)
    most = 1 - min(sizes[key] for key in held) / whole
    assert Evenness(sizes).deviation(counts) == pytest.approx(gaps / 2 / most)
    assert 0 <= Evenness(sizes).deviation(counts) <= 1


def test_what_is_said_in_proportion_everywhere_is_even() -> None:
    assert Evenness({"a": 10, "b": 20}).deviation({"a": 2, "b": 4}) == 0.0
    assert Evenness({"a": 10, "b": 20}).deviation({"a": 3}) == pytest.approx(1.0)
    assert Evenness({"a": 10, "b": 0}).deviation({"a": 3}) == 0.0
