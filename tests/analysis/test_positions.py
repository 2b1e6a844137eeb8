"""Sides and minority voices: what the facets say, nothing guessed, nobody dropped."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings

from analysis.codebook import CodebookError, load
from analysis.corpus import Corpus
from analysis.findings import voices_of
from analysis.minorities import minorities, seldom_met
from analysis.positions import positions
from analysis.tables import Counts, counts_of, excerpts_of
from tests.analysis.findings_cases import words_of
from tests.analysis.strategies import corpora
from tests.analysis.synthesis_cases import Said, said_by

CODEBOOK = load()


@settings(max_examples=80, deadline=None)
@given(corpora(coded=True))
def test_sides_are_those_of_the_codings(corpus: Corpus) -> None:
    said = words_of(corpus)
    for theme in CODEBOOK.themes:
        found = positions(corpus, CODEBOOK, theme.code, said)
        voices = voices_of(corpus, CODEBOOK, theme)
        for facet, sides in (("tonalite", found.tones), ("kind", found.kinds)):
            carried = {side.value: side.excerpts for side in sides}
            known = {value for name, value in voices.by_facet if name == facet}
            assert carried == {value: voices.excerpts(facet, value) for value in known}
            assert all(side.counts == counts_of(corpus, side.excerpts) for side in sides)
        good = {item.id for item in voices.excerpts("tonalite", "positive")}
        bad = {item.id for item in voices.excerpts("tonalite", "négative")}
        used = [key for pair in found.faced for key in (pair.good.id, pair.bad.id)]
        assert len(used) == len(set(used))
        for pair in found.faced:
            assert (pair.good.id in good, pair.bad.id in bad) == (True, True)
            assert pair.good.testimony != pair.bad.testimony
            assert pair.code or pair.words
        assert found == positions(corpus, CODEBOOK, theme.code, said)


@settings(max_examples=80, deadline=None)
@given(corpora(coded=True))
def test_every_lone_code_of_a_theme_is_kept(corpus: Corpus) -> None:
    for theme in CODEBOOK.themes:
        found = minorities(corpus, CODEBOOK, theme.code)
        values = {voice.value for voice in found.voices if voice.reason == "code"}
        for code in theme.codes:
            excerpts = excerpts_of(corpus, CODEBOOK, code.code)
            alone = len({item.testimony for item in excerpts}) == 1
            assert (code.code in values) == (alone and found.counts.testimonies >= 3)
        for voice in found.voices:
            assert voice.sentence.startswith("Voix minoritaire : ")
            assert voice.counts == counts_of(corpus, voice.excerpts)
            assert voice.excerpts
            assert "%" not in voice.sentence


def test_the_same_subject_faces_itself_before_another() -> None:
    texts = [
        "Le marché du samedi rend la place vivante.",
        "Les immeubles sont bien tenus par le gardien.",
        "Les immeubles sont sales malgré le gardien.",
        "La place est abandonnée sauf au marché du samedi.",
    ]
    said: list[Said] = [
        (0, "CAD1", "positive", ""),
        (1, "CAD2", "positive", ""),
        (2, "CAD2", "négative", ""),
        (3, "CAD3", "négative", ""),
    ]
    corpus = said_by(*said, texts=texts)
    found = positions(corpus, CODEBOOK, "CAD", words_of(corpus))
    first, second = found.faced
    assert (first.good.testimony, first.bad.testimony, first.code) == ("t1", "t2", "CAD2")
    assert set(first.words) <= {"immeubles", "sont", "gardien"}
    assert (second.good.testimony, second.bad.testimony, second.code) == ("t0", "t3", "")
    assert "samedi" in second.words
    assert found.opposed
    assert found.note == ""


def test_without_words_only_a_code_brings_two_sides_together() -> None:
    corpus = said_by((0, "LOG1", "positive", ""), (1, "LOG2", "négative", ""))
    assert positions(corpus, CODEBOOK, "LOG", {}).faced == ()
    corpus = said_by((0, "LOG1", "positive", ""), (1, "LOG1", "négative", ""))
    assert len(positions(corpus, CODEBOOK, "LOG", {}).faced) == 1


@pytest.mark.parametrize(
    ("said", "note"),
    [
        ([], "Aucun extrait n'est codé ici."),
        ([(0, "LOG1", "", "vécu"), (1, "LOG1", "", "")], "Aucune tonalité n'a été notée"),
        ([(0, "LOG1", "positive", ""), (1, "LOG1", "", "")], "1 témoignage a des extraits sans"),
        ([(0, "LOG1", "positive", ""), (0, "LOG1", "négative", "")], "parle des deux façons"),
    ],
)
def test_what_was_not_noted_is_said(said: list[Said], note: str) -> None:
    found = positions(said_by(*said), CODEBOOK, "LOG", {})
    assert note in found.note
    assert not found.opposed
    assert found.faced == ()


def test_a_grid_without_tones_says_so() -> None:
    bare = replace(CODEBOOK, facets=())
    found = positions(said_by((0, "LOG1", "", "")), bare, "LOG", {})
    assert found.note.startswith("La grille n'a pas de tonalité")


def test_resources_and_proposals_have_their_counts() -> None:
    corpus = said_by(
        (0, "LOG1", "", "ressource"), (3, "LOG2", "", "ressource"), (3, "MOB1", "", "proposition")
    )
    found = positions(corpus, CODEBOOK, "LOG", {})
    assert found.kind("ressource").counts == Counts(testimonies=2, meetings=2, people=5)
    assert found.kind("proposition") == positions(corpus, CODEBOOK, "CIT", {}).kind("proposition")
    assert found.kind("proposition").excerpts == ()
    assert positions(corpus, CODEBOOK, "LOG2", {}).counts.testimonies == 1


def test_a_rare_tone_is_a_minority_and_a_close_one_is_not() -> None:
    said: list[Said] = [(who, "LOG1", "négative", "") for who in range(3)]
    found = minorities(said_by(*said, (3, "LOG1", "positive", "")), CODEBOOK, "LOG")
    (voice,) = (voice for voice in found.voices if voice.reason == "tone")
    assert voice.value == "positive"
    assert "1 témoignage en parle de façon positive, quand 3 en parlent de façon négative" in (
        voice.sentence
    )
    assert [item.testimony for item in voice.excerpts] == ["t3"]
    near = minorities(said_by(*said[:2], (3, "LOG1", "positive", "")), CODEBOOK, "LOG")
    assert [voice for voice in near.voices if voice.reason == "tone"] == []


def test_a_subject_of_few_and_a_theme_of_one_are_minorities() -> None:
    said: list[Said] = [(who, "LOG1", "", "") for who in range(20)]
    corpus = said_by(
        *said, (4, "LOG2", "", ""), (9, "LOG2", "", ""), (1, "MOB1", "", ""), testimonies=20
    )
    (voice,) = minorities(corpus, CODEBOOK, "LOG").voices
    assert voice.value == "LOG2"
    assert "2 témoignages sur 20 parlent de" in voice.sentence
    (alone,) = minorities(corpus, CODEBOOK, "MOB").voices
    assert "un seul témoignage" in alone.sentence
    with pytest.raises(CodebookError):
        minorities(corpus, CODEBOOK, "ZZZ")


def aged(corpus: Corpus, *young: int) -> Corpus:
    """The same campaign, where these testimonies come from people under eighteen."""
    people = tuple(
        replace(item, profile={"age": "moins de 18" if rank in young else "adulte"})
        for rank, item in enumerate(corpus.testimonies)
    )
    return replace(corpus, testimonies=people)


def test_groups_seldom_met_are_shown_unnamed_and_only_where_they_are_enough() -> None:
    said: list[Said] = [(who, "LOG1", "", "") for who in range(0, 60, 2)]
    corpus = said_by(*said, testimonies=60)
    many = aged(corpus, 0, 1, 2, 3, 4, 5)
    assert seldom_met(many) == {f"t{rank}" for rank in range(6)}
    (voice,) = minorities(many, CODEBOOK, "LOG").voices
    assert [item.testimony for item in voice.excerpts] == ["t0", "t2", "t4"]
    assert "18" not in voice.sentence
    assert "3 témoignages sur 30" in voice.sentence
    few = minorities(aged(corpus, 0, 1, 2, 3), CODEBOOK, "LOG")
    assert few.voices == ()
    assert "on pourrait reconnaître quelqu'un" in few.note
    outside = minorities(many, CODEBOOK, "LOG", threshold=11)
    assert (outside.voices, bool(outside.note)) == ((), True)
    assert seldom_met(aged(corpus, *range(7))) == frozenset()


def test_a_question_answered_by_everyone_in_their_own_words_cuts_no_group() -> None:
    corpus = said_by((0, "LOG1", "", ""), testimonies=60)
    people = tuple(replace(item, profile={"rue": item.id}) for item in corpus.testimonies)
    assert seldom_met(replace(corpus, testimonies=people)) == frozenset()
