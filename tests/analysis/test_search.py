"""Words are words: accents and capitals aside, hyphenated compounds whole, hostile queries told."""

from __future__ import annotations

import time
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.search import LONGEST, QueryError, Term, found_in, parse, passages, searchable
from tests.analysis.strategies import AWKWARD, PHRASES

TEXT = "La Sécurité du soir. La sécurité-sociale, l’été : [PRÉNOM 1] attend au cœur du quartier."


def finds(query: str, text: str = TEXT) -> list[str]:
    terms = parse(query)
    spans = found_in(text, terms)
    held = searchable(text)
    assert all(term.needle in held for term in terms) == all(found_in(text, [t]) for t in terms)
    return [text[start:end] for start, end in spans]


def test_accents_capitals_and_ligatures_do_not_count() -> None:
    assert finds("SECURITE") == ["Sécurité"]
    assert finds("ete") == ["été"]
    assert finds("coeur") == ["cœur"]


def test_a_compound_is_one_word_unless_asked() -> None:
    assert finds("sécurité") == ["Sécurité"]
    assert finds("sécurité-sociale") == ["sécurité-sociale"]
    assert finds("sociale") == []
    assert finds("sécu*") == ["Sécurité", "sécurité-sociale"]


def test_quoted_words_follow_each_other() -> None:
    assert finds('"du soir"') == ["du soir"]
    assert finds("« du quartier »") == ["du quartier"]
    assert finds('"soir du"') == []
    assert finds("l'été") == ["l’été"]


def test_a_masked_passage_holds_no_word() -> None:
    assert finds("prénom") == []


@pytest.mark.parametrize(
    "query", ["", "   ", "*", '""', "« »", "%", "_", "'; --", "<>", "()", "\x00"]
)
def test_nothing_to_search_is_said(query: str) -> None:
    with pytest.raises(QueryError, match="au moins un mot"):
        parse(query)


def test_too_much_or_too_short_is_said() -> None:
    with pytest.raises(QueryError, match="Raccourcissez"):
        parse("a" * (LONGEST + 1))
    with pytest.raises(QueryError, match="au plus"):
        parse("un deux trois quatre cinq six sept huit neuf")
    with pytest.raises(QueryError, match="astérisque"):
        parse("a*")


def test_an_unclosed_quote_is_read_to_the_end() -> None:
    assert parse('bus "du soir') == (Term(("bus",)), Term(("du", "soir")))


@given(st.lists(st.sampled_from((*AWKWARD, *PHRASES)), max_size=6).map(" ".join))
def test_each_word_of_a_text_finds_it_where_it_stands(text: str) -> None:
    for word in searchable(text).split():
        spans = found_in(text, [Term((word,))])
        assert spans
        assert all(searchable(text[start:end]).strip() == word for start, end in spans)


@given(st.text(max_size=300))
def test_any_query_is_searched_or_refused_in_words(query: str) -> None:
    terms: tuple[Term, ...] = ()
    with suppress(QueryError):
        terms = parse(query)
    for term in terms:
        assert not set(term.needle) & set("%_\\")
        assert found_in(" ".join(term.words), [term])


@given(st.integers(0, 60), st.integers(0, 60))
def test_passages_are_the_text_with_the_words_marked(before: int, after: int) -> None:
    text = "mot " * before + "Sécurité" + " mot" * after
    ((*pieces,),) = passages(text, parse("securite"))
    assert [piece.text for piece in pieces if piece.found] == ["Sécurité"]
    inner = "".join(piece.text for piece in pieces if piece.text != "…")
    assert inner in text


def test_a_word_that_is_everywhere_is_shown_in_little_time() -> None:
    started = time.perf_counter()
    found = passages("le bus " * 14_000, parse("le"))
    assert time.perf_counter() - started < 4
    assert sum(piece.found for piece in found[0]) == 14_000
