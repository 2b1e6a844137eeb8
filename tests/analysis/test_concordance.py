"""A word in context: each time it is said, in three orders, with contexts that break nothing."""

from __future__ import annotations

import re

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from analysis.codebook import fold
from analysis.concordance import Place, Postings, PostingsError, concordance, index, lines
from analysis.contexts import after, before
from analysis.french import Token
from analysis.sentences import PLACEHOLDER
from tests.analysis.word_cases import corpus_of, said_of, texts

_WORD = re.compile(f"{PLACEHOLDER.pattern}|(?:[^\\W_][\u0300-\u036f]*)+")
_FAMILY = "👩\u200d👩\u200d👧"


def following(text: str, place: Place, rank: int) -> list[tuple[int, int, str]]:
    words = [fold(one[0]).strip("[]") for one in _WORD.finditer(text) if one.start() >= place.end]
    return [*((1, 0, word) for word in words), (0, rank, "")][:16]


def preceding(text: str, place: Place, rank: int) -> list[tuple[int, int, str]]:
    words = [fold(one[0]).strip("[]") for one in _WORD.finditer(text) if one.end() <= place.start]
    return [*((1, 0, word) for word in reversed(words)), (0, rank, "")][:16]


@settings(deadline=None)
@given(st.lists(texts, max_size=5))
@example(["bus bus bus", "bus bus", "bus"])
def test_places_and_orders_are_those_of_a_plain_sort(found: list[str]) -> None:
    corpus = corpus_of(found)
    said = said_of(corpus)
    ranks = {one.id: rank for rank, one in enumerate(corpus.testimonies)}
    text_of = {one.id: one.text for one in corpus.testimonies}
    made = index(said, corpus)
    assert set(made) == {token.lemma for tokens in said.values() for token in tokens}
    for lemma, postings in made.items():
        plain = [
            Place(one.id, token.start, token.end)
            for one in corpus.testimonies
            for token in said[one.id]
            if token.lemma == lemma
        ]
        assert list(postings.places(size=1000)) == plain
        for order, key in (("right", following), ("left", preceding)):
            wanted = sorted(
                plain, key=lambda at, key=key: key(text_of[at.testimony], at, ranks[at.testimony])
            )
            assert list(postings.places(order, size=1000)) == wanted
        assert concordance(said, corpus, lemma) == postings
        assert Postings.unpack(postings.packed(), postings.testimonies) == postings


def test_the_most_said_come_first_and_those_asked_for_are_added() -> None:
    corpus = corpus_of(["loyer bus bus", "bus école loyer", "abri"])
    said = said_of(corpus)
    assert list(index(said, corpus)) == ["bus", "loyer", "abri", "école"]
    made = index(said, corpus, most=1, asked=("école", "absent", "bus"))
    assert list(made) == ["bus", "école", "absent"]
    assert (len(made["bus"]), made["bus"].said_by) == (3, 2)
    assert made["absent"].places() == ()
    assert index({"t1": said["t1"]}, corpus)["bus"].said_by == 1


def test_accents_and_capitals_do_not_count_in_the_orders() -> None:
    corpus = corpus_of(["bus Été", "bus etang", "bus éteint", "bus", "bus ete abri"])
    postings = concordance(said_of(corpus), corpus, "bus")
    shown = [one.right for one in lines(postings, _texts(corpus), "right")]
    assert shown == ["", " etang", " Été", " ete abri", " éteint"]


def test_a_page_needs_only_its_own_texts() -> None:
    corpus = corpus_of([f"bus {letter}" for letter in "edcba"])
    postings = concordance(said_of(corpus), corpus, "bus")
    page = postings.places("right", 1, 2)
    assert [place.testimony for place in page] == ["t4", "t3"]
    loaded = {place.testimony: _texts(corpus)[place.testimony] for place in page}
    assert [one.right for one in lines(postings, loaded, "right", 1, 2)] == [" b", " c"]
    assert postings.places("left", 9, 5) == postings.places(start=-1, size=-1) == ()


@settings(deadline=None)
@given(texts, st.integers(0, 40))
def test_contexts_hold_their_offsets_and_cut_nothing(text: str, width: int) -> None:
    corpus = corpus_of([text])
    masks = [found.span() for found in PLACEHOLDER.finditer(text)]
    for lemma, postings in index(said_of(corpus), corpus).items():
        for one in lines(postings, {"t1": text}, width=width):
            low, high = one.start - len(one.left), one.end + len(one.right)
            assert 0 <= low <= one.start < one.end <= high <= len(text)
            assert len(one.left) <= width >= len(one.right)
            whole = one.left + one.key + one.right
            assert whole.split() == text[low:high].split()
            assert "\n" not in whole
            assert one.key.lower() == lemma
            assert not any(start < cut < end for cut in (low, high) for start, end in masks)


@settings(deadline=None)
@given(
    st.text(st.sampled_from("ab é\u0301\u200d👩🏽👧🇫🇷각가\u0e33क\u094dष\r\n "), max_size=60),
    st.data(),
)
def test_no_letter_is_cut_from_its_marks(text: str, data: st.DataObject) -> None:
    regex = pytest.importorskip("regex")
    edges = {0, len(text), *(found.end() for found in regex.finditer(r"\X", text))}
    at = data.draw(st.sampled_from(sorted(edges)))
    width = data.draw(st.integers(0, 20))
    assert before(text, at, width) in edges
    assert after(text, at, width) in edges


def test_words_are_whole_unless_one_fills_the_room() -> None:
    text = "un peu avant le bus, et bien après"
    at = text.index("bus")
    assert text[before(text, at, 10) : at] == "avant le "
    assert text[at + 3 : after(text, at + 3, 10)] == ", et bien"
    long = f"{'x' * 30}bus{_FAMILY * 8}"
    assert before(long, 30, 10) == 20
    assert long[33 : after(long, 33, 12)] == _FAMILY * 2
    masked = "vers [PRÉNOM 1] bus [PRÉNOM 2] puis"
    at = masked.index("bus")
    assert masked[before(masked, at, 8) : at].strip() == ""
    assert masked[before(masked, at, 11) : at] == "[PRÉNOM 1] "
    assert masked[at + 3 : after(masked, at + 3, 12)] == " [PRÉNOM 2]"
    assert masked[at + 3 : after(masked, at + 3, 9)].strip() == ""


@pytest.mark.parametrize(
    "damaged",
    [
        "",
        "[]",
        '["bus",[0],[0],[3],[0]]',
        '["bus",[9],[0],[3],[0],[0]]',
        '["bus",[0],[-1],[3],[0],[0]]',
        '["bus",[0],[0],[0],[0],[0]]',
        '["bus",[0],[0,4],[3],[0],[0]]',
        '["bus",[0],[0],[3],[1],[0]]',
        '["bus",["0"],[0],[3],[0],[0]]',
        "[5,[0],[0],[3],[0],[0]]",
    ],
)
def test_a_damaged_entry_is_not_believed(damaged: str) -> None:
    with pytest.raises(PostingsError, match="Rien n'est perdu"):
        Postings.unpack(damaged, ("t1",))


def test_an_expression_over_two_lines_is_shown_in_one() -> None:
    corpus = corpus_of(["le conseil\ncitoyen"])
    said = {"t1": (Token(3, 18, "conseil citoyen", "EXPR"),)}
    (one,) = lines(concordance(said, corpus, "conseil citoyen"), _texts(corpus))
    assert (one.left, one.key, one.right) == ("le ", "conseil citoyen", "")


def _texts(corpus) -> dict[str, str]:
    return {one.id: one.text for one in corpus.testimonies}
