"""Frequencies count meaningful words, the same whatever the order things came in."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.corpus import Campaign, Corpus, CorpusError, Meeting, Testimony
from analysis.french import Token
from analysis.lexicon import WordCount, frequencies
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
