"""What marks each part of a campaign, with its proof, and nothing that gives a few people away."""

from __future__ import annotations

import random
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.corpus import Corpus, CorpusError
from analysis.french import Token
from analysis.groups import Group, of_passages
from analysis.keyness import Keyness, keyness
from analysis.specificities import lafon
from tests.analysis.campaign_cases import annotated, campaign

WORDS = ("bus", "parc", "rue", "loyer", "banc", "voisin")


def talk(seed: int, count: int, parts: int = 2) -> tuple[Corpus, dict[str, tuple[Token, ...]]]:
    """Invented testimonies; each place has words of its own."""
    pick = random.Random(seed)
    places = [f"Q{pick.randrange(parts)}" for _ in range(count)]
    weights = {f"Q{part}": [pick.choice((1, 3, 9)) for _ in WORDS] for part in range(parts)}
    texts = [
        " ".join(pick.choices(WORDS, weights[place], k=pick.randint(1, 9))) for place in places
    ]
    corpus = campaign(texts, places)
    return corpus, annotated(corpus)


def places(corpus: Corpus) -> Group:
    keys = sorted({one.neighbourhood for one in corpus.testimonies})
    spans = {
        one.id: ((0, len(one.text), keys.index(one.neighbourhood)),) for one in corpus.testimonies
    }
    parts = tuple((key, key) for key in keys)
    return Group("quartier", "Quartier", "meeting", True, parts, spans, whole=True)


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10_000), st.integers(1, 60), st.integers(1, 4))
def test_counts_scores_and_proofs_are_those_of_a_patient_reader(
    seed: int, count: int, parts: int
) -> None:
    corpus, said = talk(seed, count, parts)
    group = places(corpus)
    (found,) = keyness(said, corpus, [group], threshold=2, least=1, floor=0.0, proofs=10_000)
    where = {one.id: one.neighbourhood for one in corpus.testimonies}
    inside = Counter((t.lemma, where[key]) for key, tokens in said.items() for t in tokens)
    voices = Counter(
        (lemma, where[key]) for key, tokens in said.items() for lemma in {t.lemma for t in tokens}
    )
    total = Counter(token.lemma for tokens in said.values() for token in tokens)
    sizes = Counter(where[key] for key, tokens in said.items() for _ in tokens)
    for key in found.keys:
        assert key.count == inside[key.term, key.part]
        assert (key.total, key.testimonies) == (total[key.term], voices[key.term, key.part])
        expected = lafon(key.count, key.total, sizes[key.part], sum(sizes.values()))
        assert key.score == pytest.approx(float(expected))
        assert len(set(key.positions)) == key.count
        for testimony, start, end in key.positions:
            assert where[testimony] == key.part
            assert any(
                (token.start, token.end, token.lemma) == (start, end, key.term)
                for token in said[testimony]
            )


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10_000), st.integers(10, 90), st.integers(2, 4), st.integers(2, 11))
def test_no_small_count_of_people_is_shown_nor_follows(
    seed: int, count: int, parts: int, threshold: int
) -> None:
    corpus, said = talk(seed, count, parts)
    group = places(corpus)
    (found,) = keyness(said, corpus, [group], threshold=threshold, least=1, floor=0.0)
    people = Counter(one.neighbourhood for one in corpus.testimonies)
    shown = [part.key for part in found.parts if part.testimonies is not None]
    for key in shown:
        assert people[key] >= threshold
    masked = [key for key, _ in group.parts if key not in shown]
    assert len(masked) != 1
    assert not {key.part for key in found.keys} & set(masked)
    for term in {key.term for key in found.keys}:
        listed = {key.part for key in found.keys if key.term == term}
        row = {part: 0 for part, _ in group.parts}
        for one in corpus.testimonies:
            row[one.neighbourhood] += term in {token.lemma for token in said[one.id]}
        rest = [number for part, number in row.items() if part not in listed]
        assert all(row[part] >= threshold for part in listed)
        # Known only by their sum, those not listed may each hold many values.
        if min(row.values()) < threshold:
            assert len(rest) > 1
            assert sum(rest) >= threshold


def test_both_sides_are_ranked_and_bounded() -> None:
    texts = ["bus bus bus loyer"] * 8 + ["loyer loyer loyer bus"] * 8
    corpus = campaign(texts, ["A"] * 8 + ["B"] * 8)
    said = annotated(corpus)
    (found,) = keyness(said, corpus, [places(corpus)], threshold=5, proofs=3)
    assert [key.term for key in found.of("A")] == ["bus"]
    assert found.of("B")[0].display == "loyer"
    assert len(found.of("A")[0].positions) == 3
    assert len({testimony for testimony, _, _ in found.of("A")[0].positions}) == 3
    assert [key.term for key in found.of("A", more=False)] == ["loyer"]
    assert [part.terms for part in found.parts] == [32, 32]
    assert keyness(said, corpus, [places(corpus)], threshold=5, most=0)[0].keys == ()


def test_what_one_side_alone_says_would_count_nobody_on_the_other() -> None:
    corpus = campaign(["bus parc"] * 8 + ["loyer parc"] * 8, ["A"] * 8 + ["B"] * 8)
    group = places(corpus)
    (found,) = keyness(annotated(corpus), corpus, [group], threshold=5, floor=0.0)
    assert {key.term for key in found.keys} == {"parc"}


def by_theme(found: Keyness) -> dict[tuple[str, str], int]:
    return {(key.term, key.part): key.count for key in found.keys}


def test_a_theme_counts_what_is_said_inside_its_passages_each_word_once() -> None:
    corpus = campaign(["bus parc bus", "bus rue", "loyer rue", "rue loyer rue"])
    passages = {
        "MOB": [("t0", 0, 8), ("t0", 4, 12), ("t1", 0, 3)],
        "LOG": [("t2", 0, 10), ("t3", 0, 13)],
    }
    labels = [("MOB", "Déplacements"), ("LOG", "Logement"), ("CAD", "Cadre de vie")]
    group = of_passages("theme", "Thème", "theme", labels, passages, sensitive=False)
    (found,) = keyness(annotated(corpus), corpus, [group], threshold=5, least=1, floor=0.0)
    assert [part.key for part in found.parts] == ["MOB", "LOG"]
    assert [(part.terms, part.testimonies) for part in found.parts] == [(4, 2), (5, 2)]
    counts = by_theme(found)
    assert counts["bus", "MOB"] == 3
    assert counts["bus", "LOG"] == 0  # less than by chance: said there by nobody
    assert ("parc", "MOB") not in counts  # one testimony alone says it
    assert counts["loyer", "LOG"] == 2
    (rare,) = keyness(annotated(corpus), corpus, [group], threshold=5, least=5, floor=0.0)
    assert rare.keys == ()


def test_overlapping_parts_of_people_hide_their_small_cells() -> None:
    corpus = campaign(["bus rue"] * 6 + ["rue"] * 6)
    spans = {"a": [(f"t{rank}", 0, 7) for rank in range(6)], "b": [("t6", 0, 3), ("t7", 0, 3)]}
    group = of_passages("axe", "Axe", "facet", [("a", "a"), ("b", "b")], spans, sensitive=True)
    (found,) = keyness(annotated(corpus), corpus, [group], threshold=5, least=1, floor=0.0)
    assert [part.testimonies for part in found.parts] == [6, None]
    assert {key.part for key in found.keys} == {"a"}


def test_words_must_be_prepared_and_an_empty_campaign_has_none() -> None:
    corpus = campaign(["bus", "rue"])
    with pytest.raises(CorpusError, match="témoignage 2"):
        keyness({"t0": ()}, corpus, [], threshold=5)
    (found,) = keyness({"t0": (), "t1": ()}, corpus, [places(corpus)], threshold=5)
    assert found.keys == ()
