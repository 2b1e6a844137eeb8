"""Words keep their offsets, what is kept of them too, masked passages give no word."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from analysis import french
from analysis.french import (
    Token,
    annotate,
    cut,
    entries,
    is_content,
    kept,
    opened,
    pipeline_id,
    stop_words,
    text_hash,
)
from analysis.sentences import PLACEHOLDER, sentences
from tests.analysis.strategies import MASKED, texts

SLOW = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
TEXT = f"Les travaux de l'ascenseur n'avancent pas. {MASKED} paie 1.800 euros de charges élevées."


def test_lemmas_are_lower_case_and_keep_their_accents() -> None:
    tokens = annotate({"a": TEXT})["a"]
    lemmas = {TEXT[token.start : token.end]: token.lemma for token in tokens}
    assert lemmas["travaux"] == "travail"
    assert lemmas["ascenseur"] == "ascenseur"
    assert lemmas["élevées"] == "élevé"
    assert lemmas["Les"] == "le"
    assert [token.pos for token in tokens if token.lemma == "travail"] == ["NOUN"]


def test_content_words_leave_out_tools_and_masked_passages() -> None:
    words = [token.lemma for token in annotate({"a": TEXT})["a"] if is_content(token)]
    assert {"travail", "ascenseur", "charge"} <= set(words)
    assert not {"le", "de", "prénom", "1", "[", "."} & set(words)


def test_typographic_apostrophes_and_spaces_read_like_plain_ones() -> None:
    plain = "L'été, l'ascenseur coûte 12 % d'argent : c'est cher."
    fancy = plain.replace("'", "’").replace(" %", "\u00a0%").replace(" :", "\u202f:")
    tokens = annotate({"plain": plain, "fancy": fancy})
    assert tokens["fancy"] == tokens["plain"]
    assert {"ascenseur", "argent"} <= {
        token.lemma for token in tokens["fancy"] if is_content(token)
    }


def test_a_generic_verb_says_nothing_but_the_noun_does() -> None:
    assert not is_content(Token(0, 3, "devoir", "VERB"))
    assert is_content(Token(0, 3, "devoir", "NOUN"))
    assert not is_content(Token(0, 3, "ascenseur", "ADV"))
    assert is_content(Token(0, 3, "été", "NOUN"))
    assert not is_content(Token(0, 3, "été", "ADJ"))
    assert not is_content(Token(0, 3, "a@b.fr", "PROPN"))
    assert not is_content(Token(0, 3, "mot\x00", "NOUN"))


def test_the_shipped_stop_words_hold_no_comment() -> None:
    assert len(stop_words()) == 691
    assert {"le", "être", "avec"} <= stop_words()
    assert not any("#" in word or " " in word for word in stop_words())


@SLOW
@given(st.lists(texts(), max_size=4))
def test_offsets_slice_the_text_and_what_is_kept_is_the_same(held: list[str]) -> None:
    given_texts = {f"v{rank}": text for rank, text in enumerate(held)}
    plain = annotate(given_texts)
    assert list(plain) == list(given_texts)
    lines = entries(given_texts)
    assert {key: kept(lines[key], text) for key, text in given_texts.items()} == plain
    for key, tokens in plain.items():
        text = given_texts[key]
        last = 0
        for token in tokens:
            assert type(token) is Token
            assert last <= token.start < token.end <= len(text)
            assert any(char.isalnum() for char in text[token.start : token.end])
            assert token.lemma == token.lemma.lower()
            last = token.end
        for masked in PLACEHOLDER.finditer(text):
            assert not any(t.start < masked.end() and masked.start() < t.end for t in tokens)


def test_equal_texts_are_read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[str] = []
    real = french._through_spacy

    def spied(texts: Mapping[str, str]) -> Iterator[tuple[str, tuple[Token, ...]]]:
        seen.extend(texts.values())
        return real(texts)

    monkeypatch.setattr(french, "_through_spacy", spied)
    found = annotate({"a": TEXT, "b": "Un banc.", "c": TEXT})
    assert seen == [TEXT, "Un banc."]
    assert list(found) == ["a", "b", "c"]
    assert found["a"] == found["c"] != ()


@given(texts(), texts())
def test_equal_hashes_are_equal_texts(one: str, other: str) -> None:
    assert (text_hash(one) == text_hash(other)) == (one == other)
    assert len(text_hash(one)) == 64


@pytest.mark.parametrize(
    "spoil",
    [
        lambda entry: "",
        lambda entry: "[]",
        lambda entry: "null",
        lambda entry: entry[:-5],
        lambda entry: "[" * 100_000,
        lambda entry: entry.replace(pipeline_id(), "fr_core_news_md-3.7.0"),
        lambda entry: changed(entry, t="0" * 16),
        lambda entry: changed(entry, w=[[0, 3, "témoin", "NOUN"]]),
        lambda entry: changed(entry, s=[0], n=[10_000], w=["a"], k="NOUN"),
        lambda entry: changed(entry, s=[-1], n=[3], w=["a"], k="NOUN"),
        lambda entry: changed(entry, s=[0], n=[0], w=["a"], k="NOUN"),
        lambda entry: changed(entry, s=[True], n=[2], w=["a"], k="NOUN"),
        lambda entry: changed(entry, s=[0.0], n=[2], w=["a"], k="NOUN"),
        lambda entry: changed(entry, s=[0], n=[2], w=[7], k="NOUN"),
        lambda entry: changed(entry, s=[0], n=[2], w=["a"], k="NOUN NOUN"),
        lambda entry: changed(entry, s=[0], n=[2], w=["a"], k=7),
        lambda entry: changed(entry, s=[0], n=[2], w=[], k=""),
        lambda entry: changed(entry, s=[], n=[], w=["a"], k="NOUN"),
    ],
)
def test_a_damaged_or_foreign_entry_is_not_believed(spoil: Callable[[str], str]) -> None:
    sound = entries({"a": TEXT})["a"]
    assert opened(sound, TEXT) == annotate({"a": TEXT})["a"]
    assert opened(spoil(sound), TEXT) is None
    assert kept(spoil(sound), TEXT) == ()
    assert opened(sound, TEXT + " ") is None


def changed(entry: str, **fields: Any) -> str:
    return json.dumps({**json.loads(entry), **fields})


@given(texts(max_size=30), st.integers(1, 40))
def test_parts_of_a_long_text_join_up_again(text: str, limit: int) -> None:
    parts = list(cut(text, limit))
    blank = PLACEHOLDER.sub(lambda found: " " * len(found[0]), text)
    joined = "".join(part for _, part in parts)
    assert len(joined) == len(text)
    assert [c for c in joined if c.isalnum()] == [c for c in blank if c.isalnum()]
    position = 0
    for offset, part in parts:
        assert offset == position
        assert len(part) <= limit or len(text) <= limit
        position += len(part)


def test_a_long_text_is_cut_between_sentences() -> None:
    text = "Il y a un banc. " * 20
    begins = {span.start for span in sentences(text)}
    offsets = [offset for offset, _ in cut(text, 100)]
    assert len(offsets) > 2
    assert set(offsets) <= begins
    assert [part for _, part in cut("a" * 25, 10)] == ["a" * 10, "a" * 10, "a" * 5]


def test_a_text_over_the_limit_keeps_its_offsets() -> None:
    text = "Le banc vert est cassé.\n" * 5_000
    tokens = annotate({"long": text})["long"]
    assert tokens[-1].end > 100_000
    assert sum(text[token.start : token.end] == "banc" for token in tokens) == 5_000
