"""What counts as a term is chosen by people, and every term leads back to its own words."""

from __future__ import annotations

import json
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.corpus import Corpus, CorpusError
from analysis.french import Token, annotate, is_content
from analysis.sentences import sentences
from analysis.terms import Selection, SelectionError, ngrams, plain, runs, said
from tests.analysis.campaign_cases import annotated, campaign, words
from tests.analysis.strategies import corpora

AREA = ("aire", "de", "jeu")
COUNCIL = ("conseil", "citoyen")


def lemmas(corpus: Corpus, selection: Selection) -> list[list[str]]:
    found = said(annotated(corpus), corpus, selection)
    return [[token.lemma for token in tokens] for tokens in found.values()]


def test_by_default_the_words_that_say_something_count() -> None:
    corpus = campaign(["Le conseil citoyen manque souvent de bancs", "pas de banc"])
    found = said(annotated(corpus), corpus)
    assert {key: tuple(filter(is_content, annotated(corpus)[key])) for key in found} == found
    assert lemmas(corpus, Selection()) == [["conseil", "citoyen", "manque", "banc"], ["banc"]]


def test_kinds_and_the_stop_list_are_choices() -> None:
    corpus = campaign(["Le conseil citoyen manque souvent de bancs pas"])
    assert lemmas(corpus, Selection(kinds=("NOUN",))) == [["conseil", "banc"]]
    assert lemmas(corpus, Selection(kinds=("ADV",))) == [[]]  # « souvent » is a stop word
    assert lemmas(corpus, Selection(kinds=("ADV",), restored=("souvent",))) == [["souvent"]]
    assert lemmas(corpus, Selection(added=("bancs", "conseil"))) == [["citoyen", "manque"]]
    both = Selection(added=("pas",), restored=("pas",))
    assert "pas" not in lemmas(corpus, both)[0]
    assert "pas" in lemmas(corpus, Selection(restored=("pas",)))[0]


def test_an_expression_is_one_term_the_longest_first() -> None:
    corpus = campaign(["Le conseil citoyen aime les aires de jeux"])
    chosen = Selection(expressions=(COUNCIL, AREA, ("de", "jeu"), ("aire", "de")))
    found = said(annotated(corpus), corpus, chosen)["t0"]
    assert found[0] == Token(3, 18, "conseil citoyen", "EXPR")
    assert found[-1] == Token(28, 41, "aire de jeu", "EXPR")
    assert [token.lemma for token in found] == ["conseil citoyen", "aime", "aire de jeu"]
    without = Selection(expressions=(COUNCIL, AREA), added=("aire de jeu",))
    assert [row[-1] for row in lemmas(corpus, without)] == ["aime"]


@pytest.mark.parametrize(
    "text",
    [
        "Le conseil. Citoyen aussi",
        "Le conseil, citoyen",
        "Le conseil\ncitoyen",
        "Le conseil [PRENOM 1] citoyen",
        "Le conseil (citoyen)",
    ],
)
def test_an_expression_stays_within_a_sentence_and_a_breath(text: str) -> None:
    corpus = campaign([text])
    assert "conseil citoyen" not in lemmas(corpus, Selection(expressions=(COUNCIL,)))[0]
    assert not ngrams(annotated(corpus), corpus, 2)["t0"]


def test_hyphens_and_apostrophes_do_not_part_an_expression() -> None:
    corpus = campaign(["aire-de-jeux", "aire d’accueil"])
    chosen = Selection.from_dict({"expressions": ["aire de jeux", "Aire d’accueil "]})
    assert chosen.expressions == (("aire", "de", "jeux"), ("aire", "d'", "accueil"))
    assert lemmas(corpus, chosen) == [["aire de jeux"], ["aire d' accueil"]]


def test_sequences_begin_and_end_with_a_term() -> None:
    corpus = campaign(["Les aires de jeux. Le conseil citoyen manque"])
    words_of = annotated(corpus)
    two = ngrams(words_of, corpus, 2)["t0"]
    three = ngrams(words_of, corpus, 3)["t0"]
    assert [token.lemma for token in two] == ["conseil citoyen", "citoyen manque"]
    assert [token.lemma for token in three] == ["aire de jeu", "conseil citoyen manque"]
    merged = ngrams(words_of, corpus, 2, Selection(expressions=(COUNCIL,)))["t0"]
    assert [token.lemma for token in merged] == ["conseil citoyen manque"]
    with pytest.raises(SelectionError, match="de 2 à 3"):
        ngrams(words_of, corpus, 4)


def test_a_testimony_without_words_prepared_is_named() -> None:
    with pytest.raises(CorpusError, match="témoignage 2"):
        said({"t0": ()}, campaign(["a", "b"]))


@pytest.mark.parametrize(
    ("raw", "why"),
    [
        ({"kinds": []}, "sorte"),
        ({"kinds": ["NOUN", "FOO"]}, "sorte"),
        ({"ngrams": 4}, "suites"),
        ({"ngrams": "2"}, "suites"),
        ({"added": "mot"}, "liste"),
        ({"added": [1]}, "liste"),
        ({"restored": ["x" * 81]}, "80"),
        ({"expressions": ["seul"]}, "de 2 à 6"),
        ({"added": [f"mot{rank}" for rank in range(1001)]}, "1000"),
    ],
)
def test_a_choice_that_cannot_be_kept_is_refused(raw: dict[str, object], why: str) -> None:
    with pytest.raises(SelectionError, match=why):
        Selection.from_dict(raw)


TYPED = st.lists(st.text(max_size=12), max_size=4)


@given(TYPED, TYPED, st.integers(1, 3))
def test_a_selection_survives_its_json(added: list[str], restored: list[str], size: int) -> None:
    raw = {"added": added, "restored": restored, "ngrams": size}
    chosen = Selection.from_dict({**raw, "expressions": ["conseil citoyen", "aire d'accueil"]})
    assert Selection.from_dict(json.loads(json.dumps(chosen.as_dict()))) == chosen
    assert all(word == plain(word) for word in chosen.added)


@settings(deadline=None)
@given(corpora())
def test_terms_keep_their_place_and_never_overlap(corpus: Corpus) -> None:
    held = {one.id: words(one.text) for one in corpus.testimonies}
    pairs = {tuple(token.lemma for token in run[:2]) for one in corpus.testimonies
             for run in runs(held[one.id], one.text) if len(run) > 1}  # fmt: skip
    named = tuple(sorted(pair for pair in pairs if all(word == plain(word) for word in pair)))
    found = said(held, corpus, Selection(expressions=named))
    for one in corpus.testimonies:
        starts = {token.start for token in held[one.id]}
        ends = {token.end for token in held[one.id]}
        tokens = found[one.id]
        assert all(token.start in starts and token.end in ends for token in tokens)
        assert all(a.end <= b.start for a, b in pairwise(tokens))
        for token in (*tokens, *ngrams(held, corpus, 2)[one.id]):
            spans = [(span.start, span.end) for span in sentences(one.text)]
            if token.pos in ("EXPR", "NGRAM"):
                assert any(start <= token.start and token.end <= end for start, end in spans)


def test_real_french_is_merged_through_its_lemmas() -> None:
    corpus = campaign(
        ["Les conseils citoyens demandent des aires de jeux et des forces de l’ordre."]
    )
    held = annotate({"t0": corpus.testimonies[0].text})
    chosen = Selection(expressions=(COUNCIL, AREA))
    found = [token.lemma for token in said(held, corpus, chosen)["t0"] if token.pos == "EXPR"]
    assert found == ["conseil citoyen", "aire de jeu"]
