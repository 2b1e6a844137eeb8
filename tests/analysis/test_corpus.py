"""A corpus that contradicts itself is refused; consent decides what may be quoted."""

from __future__ import annotations

import hashlib
from dataclasses import replace

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from analysis.corpus import (
    Campaign,
    Citable,
    Coding,
    Corpus,
    CorpusError,
    Excerpt,
    Meeting,
    Testimony,
    quote_hash,
)
from tests.analysis.strategies import corpora, texts


def witness(citable: Citable, phrases: tuple[str, ...] = ()) -> Testimony:
    return Testimony(
        "t1", 1, "m1", "QN01", "Trop cher. Et sale.", citable=citable, approved_phrases=phrases
    )


@given(corpora())
def test_every_excerpt_is_its_slice_of_the_text(corpus: Corpus) -> None:
    for excerpt in corpus.excerpts:
        text = corpus.testimony_by_id[excerpt.testimony].text
        assert text[excerpt.start : excerpt.end] == excerpt.quote
        assert excerpt.label == f"É-{excerpt.number:04d}"
    assert set(corpus.meeting_by_id) >= {one.meeting for one in corpus.testimonies}
    assert corpus.reviewed is all(one.reviewed for one in corpus.testimonies)


@given(corpora(), st.integers(1, 3))
def test_an_excerpt_that_slipped_is_refused(corpus: Corpus, shift: int) -> None:
    assume(corpus.excerpts)
    first = corpus.excerpts[0]
    text = corpus.testimony_by_id[first.testimony].text
    assume(text[first.start + shift : first.end + shift] != first.quote)
    moved = replace(first, start=first.start + shift, end=first.end + shift)
    with pytest.raises(CorpusError, match=first.label):
        replace(corpus, excerpts=(moved, *corpus.excerpts[1:]))


@given(corpora())
def test_orphans_are_refused(corpus: Corpus) -> None:
    stray = Excerpt("x99", 99, "absent", 0, 1, "a")
    with pytest.raises(CorpusError, match="É-0099"):
        replace(corpus, excerpts=(*corpus.excerpts, stray))
    with pytest.raises(CorpusError, match="LOG1"):
        replace(corpus, codings=(*corpus.codings, Coding("absent", "LOG1", "u1")))


def test_consent_decides_what_may_be_quoted() -> None:
    assert witness("yes").may_quote("Trop cher.")
    assert not witness("no", ("Trop cher.",)).may_quote("Trop cher.")
    approved = witness("approved", ("Trop cher.",))
    assert approved.may_quote(" Trop cher. ")
    assert approved.may_quote("cher")
    assert not approved.may_quote("Trop cher. Et sale.")
    assert not witness("approved").may_quote("cher")


@given(texts())
def test_the_quote_hash_is_the_sha256_of_utf8(quote: str) -> None:
    assert quote_hash(quote) == hashlib.sha256(quote.encode()).hexdigest()
    assert quote_hash(quote) != quote_hash(quote + " ")


def test_a_corpus_that_contradicts_itself_is_refused() -> None:
    meeting = Meeting("m1", "R-01", "individuel", "QP034020")
    said = Testimony("t1", 1, "m1", "QP034020", "Il y a un banc.", citable="yes")

    def corpus(**parts: object) -> Corpus:
        return Corpus(
            Campaign("c", "C"), **({"meetings": (meeting,), "testimonies": (said,)} | parts)
        )

    assert corpus().testimonies == (said,)
    with pytest.raises(CorpusError, match="même identifiant"):
        corpus(testimonies=(said, said))
    with pytest.raises(CorpusError, match="n'a pas de rencontre"):
        corpus(meetings=())
    with pytest.raises(CorpusError, match="sort du texte"):
        corpus(excerpts=(Excerpt("e1", 1, "t1", -5, -1, "banc"),))
    with pytest.raises(CorpusError, match="sort du texte"):
        corpus(excerpts=(Excerpt("e1", 1, "t1", 3, 3, ""),))
    assert not said.may_quote("  ")
