"""Excerpts that stand for a theme: central, diverse, spread, and each with its reason."""

from __future__ import annotations

from dataclasses import replace
from math import isclose

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.codebook import CodebookError, load
from analysis.corpus import Coding, Corpus, Excerpt
from analysis.representative import ALIKE, choose, cosine, sentence, tokens_of, vectors
from analysis.tables import counts_of, excerpts_of
from tests.analysis.findings_cases import words_of
from tests.analysis.strategies import corpora
from tests.analysis.synthesis_cases import said_by

CODEBOOK = load()
LIFT = "L'ascenseur de la tour tombe souvent en panne, personne ne vient."
LIFT_TOO = "Une panne de plus : notre ascenseur est encore arrêté cette semaine."
LOUD = "Les murs sont minces, on entend chaque dispute des voisins le soir."
DAMP = "Il y a de la moisissure et du froid dans la chambre des enfants."
HIGH = "Le loyer augmente encore, les charges de chauffage aussi, panne comprise."


@settings(max_examples=80, deadline=None)
@given(corpora(coded=True), st.integers(1, 6))
def test_the_choice_holds_for_any_campaign(corpus: Corpus, most: int) -> None:
    said = words_of(corpus)
    for theme in CODEBOOK.themes:
        found = choose(corpus, CODEBOOK, theme.code, said, most)
        excerpts = excerpts_of(corpus, CODEBOOK, theme.code)
        assert found.counts == counts_of(corpus, excerpts)
        assert len(found.chosen) == min(most, len(excerpts))
        assert len({item.excerpt.id for item in found.chosen}) == len(found.chosen)
        voices = len({item.testimony for item in excerpts})
        first = [item.excerpt.testimony for item in found.chosen[:voices]]
        assert len(set(first)) == len(first)
        for item in found.chosen:
            testimony = corpus.testimony_by_id[item.excerpt.testimony]
            assert item.excerpt in excerpts
            assert item.citable == testimony.may_quote(item.excerpt.quote)
            assert 0 <= item.closeness <= 1
            assert item.why
            assert all(word in item.excerpt.quote.lower() for word in item.words)
        for group in found.repeated:
            assert len({item.testimony for item in group.excerpts}) > 1
            assert group.counts == counts_of(corpus, group.excerpts)
        assert choose(corpus, CODEBOOK, theme.code, said, most) == found


@settings(max_examples=60, deadline=None)
@given(corpora(coded=True))
def test_repeated_excerpts_are_those_close_to_their_first(corpus: Corpus) -> None:
    """The same groups by comparing each excerpt with every first one, without a shortcut."""
    said = words_of(corpus)
    for theme in CODEBOOK.themes:
        excerpts = excerpts_of(corpus, CODEBOOK, theme.code)
        inside = vectors(excerpts, said)
        groups: dict[str, list[str]] = {}
        for item in excerpts:
            near = [
                (cosine(inside[item.id], inside[key]), -corpus.excerpt_by_id[key].number, key)
                for key in groups
            ]
            best = max(near, default=(0.0, 0, ""))
            groups.setdefault(best[2] if best[0] >= ALIKE else item.id, []).append(item.id)
        several = [
            held
            for held in groups.values()
            if len({corpus.excerpt_by_id[key].testimony for key in held}) > 1
        ]
        found = choose(corpus, CODEBOOK, theme.code, said).repeated
        assert sorted(sorted(item.id for item in group.excerpts) for group in found) == sorted(
            sorted(held) for held in several
        )


@settings(max_examples=40, deadline=None)
@given(corpora(coded=True))
def test_vectors_have_length_one_or_no_word(corpus: Corpus) -> None:
    said = words_of(corpus)
    found = vectors(corpus.excerpts, said)
    for item in corpus.excerpts:
        assert bool(found[item.id]) == bool(tokens_of(item, said))
        assert not found[item.id] or isclose(cosine(found[item.id], found[item.id]), 1)


def test_the_first_is_central_and_the_next_say_something_else() -> None:
    texts = [LIFT, LIFT_TOO, LOUD, DAMP, HIGH]
    corpus = said_by(*[(who, "LOG1", "", "") for who in range(5)], testimonies=5, texts=texts)
    found = choose(corpus, CODEBOOK, "LOG", words_of(corpus), most=3)
    first, second, third = found.chosen
    assert first.excerpt.quote in (LIFT, LIFT_TOO, HIGH)
    assert "« panne »" in first.why
    assert {second.excerpt.quote, third.excerpt.quote} & {LOUD, DAMP}
    assert not {LIFT, LIFT_TOO} <= {item.excerpt.quote for item in found.chosen[:2]}


def test_what_the_excerpts_repeat_is_gathered_with_its_words() -> None:
    texts = [LIFT, LIFT.replace("souvent", "toujours"), LOUD, LIFT]
    corpus = said_by(*[(who, "LOG1", "", "") for who in range(4)], testimonies=4, texts=texts)
    (group,) = choose(corpus, CODEBOOK, "LOG1", words_of(corpus)).repeated
    assert [item.testimony for item in group.excerpts] == ["t0", "t1", "t3"]
    assert set(group.words) <= {"ascenseur", "tour", "tombe", "panne", "personne", "vient"}
    assert sentence(group.counts) == "3 témoignages, 2 rencontres, 7 personnes"


def test_another_meeting_comes_first_and_is_told() -> None:
    texts = [LIFT, LIFT_TOO, LIFT_TOO, LOUD]  # t0 and t2 were met together, t1 elsewhere
    corpus = said_by(*[(who, "LOG1", "", "") for who in range(3)], testimonies=4, texts=texts)
    first, second, _ = choose(corpus, CODEBOOK, "LOG", words_of(corpus)).chosen
    met = [corpus.testimony_by_id[item.excerpt.testimony].meeting for item in (first, second)]
    assert len(set(met)) == 2
    assert "une rencontre que les extraits précédents ne montrent pas" in second.why


def test_a_short_word_and_one_not_to_be_quoted_are_kept_and_marked() -> None:
    corpus = said_by(
        *[(who, "LOG1", "", "") for who in range(3)],
        testimonies=3,
        texts=[LIFT, "Non.", LIFT_TOO],
        citable=("no", "yes", "yes"),
    )
    found = {item.excerpt.testimony: item for item in choose(corpus, CODEBOOK, "LOG", {}).chosen}
    assert not found["t0"].citable
    assert found["t1"].citable
    assert "Trop court ou trop long" in found["t1"].why
    assert next(iter(found)) == "t2"


def test_who_says_much_has_one_voice_in_the_centre() -> None:
    said = [(0, "LOG1", "", "")] * 9 + [(1, "LOG1", "", ""), (2, "LOG1", "", "")]
    corpus = said_by(*said, testimonies=3, texts=[LOUD, LIFT, LIFT_TOO])
    found = choose(corpus, CODEBOOK, "LOG", words_of(corpus))
    assert found.chosen[0].excerpt.testimony in ("t1", "t2")


def test_nobody_comes_twice_while_another_waits() -> None:
    """However far from the theme, too short to be read, and met in the same place."""
    corpus = said_by((0, "LOG1", "", ""), testimonies=3, texts=[f"{LIFT} {LIFT_TOO}", "", "Non."])
    both = corpus.testimonies[0].text
    halves = ((0, len(LIFT)), (len(LIFT) + 1, len(both)))
    excerpts = [
        Excerpt(f"x{rank}", rank, "t0", start, end, both[start:end])
        for rank, (start, end) in enumerate(halves)
    ]
    excerpts.append(Excerpt("x2", 3, "t2", 0, 4, "Non."))
    codings = tuple(Coding(item.id, "LOG1", "ali") for item in excerpts)
    corpus = replace(corpus, excerpts=tuple(excerpts), codings=codings)
    chosen = choose(corpus, CODEBOOK, "LOG", words_of(corpus), most=3).chosen
    assert [item.excerpt.testimony for item in chosen] == ["t0", "t2", "t0"]


def test_an_unknown_code_is_refused_and_an_unsaid_one_is_empty() -> None:
    corpus = said_by((0, "LOG1", "", ""))
    with pytest.raises(CodebookError):
        choose(corpus, CODEBOOK, "ZZZ", {})
    found = choose(corpus, CODEBOOK, "MOB", {})
    assert (found.chosen, found.repeated) == ((), ())
