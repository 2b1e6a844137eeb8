"""The network of a run: its pairs are the sentences that hold both words, all of them."""

from __future__ import annotations

from collections import Counter
from itertools import combinations
from urllib.parse import quote_plus

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

import maps_cases as cases
from analysis.codebook import load
from analysis.french import Token
from analysis.pictures import Picture
from analysis.sentences import sentences
from survey_app.services import network_reading, part_network
from survey_app.services.run_parts import Given, Part
from tests.analysis.word_cases import corpus_of, said_of, texts


def made(given: Given) -> tuple[Picture, dict[str, Part]]:
    found = list(part_network.made(given))
    (picture,) = (one for one in found if isinstance(one, Picture))
    return picture, {one.name: one for one in found if isinstance(one, Part)}


def small(found: list[str]) -> Given:
    corpus = corpus_of(found)
    said = said_of(corpus)
    return Given(corpus, load(), said, said, 5, {})


@given(st.lists(texts, max_size=12))
@hypothesis_settings(max_examples=40, deadline=None)
def test_a_pair_opens_exactly_its_sentences(found: list[str]) -> None:
    given_ = small(found)
    _, parts = made(given_)
    document = parts[part_network.WORDS].document
    brute: Counter[tuple[str, str]] = Counter()
    for one in given_.corpus.testimonies:
        for span in sentences(one.text):
            inside = {t.lemma for t in given_.said[one.id] if span.start <= t.start < span.end}
            brute.update(combinations(sorted(inside), 2))
    for a, b, count, testimonies, _ in document["pairs"]:
        one, two = (parts[f"{part_network.PLACES}{rank}"].document["places"] for rank in (a, b))
        spots = network_reading.both(one, two)
        names = tuple(sorted(document["words"][rank][0] for rank in (a, b)))
        assert len(spots) == count == brute[names]
        assert len({spot.rank for spot in spots}) == testimonies >= 2
        for spot in spots:
            text = given_.corpus.testimonies[spot.rank].text
            marked = {text[start:end].lower() for start, end in spot.marks}
            assert marked == set(names)
            assert all(spot.start <= start < end <= spot.end for start, end in spot.marks)


def test_the_picture_opens_words_and_has_few_tab_stops() -> None:
    picture, parts = made(cases.given(cases.corpus()))
    words = parts[part_network.WORDS].document["words"]
    assert len(words) == 35
    assert picture.name == part_network.PICTURE
    for lemma, *_ in words:
        assert f'href="concordance?mot={quote_plus(lemma)}"' in picture.svg
    assert picture.svg.count("<a ") == len(words)
    assert len(parts) == 1 + len(words)
    assert not {name for name in parts if len(name) > 40}


def test_exported_rows_are_the_strongest_pairs_by_their_words(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(part_network, "MOST_PAIRS", 100)
    _, parts = made(cases.given(cases.corpus()))
    part = parts[part_network.WORDS]
    assert len(part.rows) == len(part.document["pairs"]) == 100
    assert all(len(row) == len(part.head) for row in part.rows)
    index = [float(row[4]) for row in part.rows]
    assert index == sorted(index, reverse=True)
    assert all(int(row[3]) >= 2 for row in part.rows)
    groups = {row[0]: row[4] for row in part.document["words"]}
    first = part.rows[0]
    assert groups[str(first[0])] == groups[str(first[1])]


@pytest.mark.parametrize("found", [[], [""], ["bus"], ["bus loyer", "bus loyer"]])
def test_too_few_words_make_no_network(found: list[str]) -> None:
    picture, parts = made(small(found))
    assert parts[part_network.WORDS].document["pairs"] == []
    assert "Pas assez" in picture.alt
    assert list(parts) == [part_network.WORDS]


def test_hostile_terms_stay_inside_their_links() -> None:
    terms = ("<b>&\"c'", "conseil citoyen")
    corpus = corpus_of(["0123456789"] * 4)
    said = {
        one.id: tuple(
            Token(3 * rank, 3 * rank + 2, name, "EXPR") for rank, name in enumerate(terms)
        )
        for one in corpus.testimonies
    }
    picture, parts = made(Given(corpus, load(), said, said, 5, {}))
    assert len(parts[part_network.WORDS].document["pairs"]) == 1
    assert 'href="concordance?mot=%3Cb%3E%26%22c%27"' in picture.svg
    assert 'href="concordance?mot=conseil+citoyen"' in picture.svg
    assert "<b>" not in picture.svg
