"""A text is read once, whatever the batches; what was read stays when the work is stopped."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from analysis import annotation, french
from tests.analysis.strategies import texts

SLOW = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])


class Shelf(dict[str, str]):
    """Readings in memory."""

    def held(self, hashes: Collection[str]) -> Collection[str]:
        return self.keys() & set(hashes)

    def found(self, hashes: Collection[str]) -> Mapping[str, str]:
        return {key: self[key] for key in hashes if key in self}

    def keep(self, entries: Mapping[str, str]) -> None:
        assert not self.keys() & entries.keys()
        self.update(entries)


@SLOW
@given(st.lists(st.lists(texts(), max_size=3), max_size=4))
def test_through_the_cache_words_are_the_same_and_each_text_is_read_once(
    batches: list[list[str]],
) -> None:
    shelf = Shelf()
    distinct = {text for batch in batches for text in batch}
    assert annotation.fill(batches, shelf) == len(distinct) == len(shelf)
    assert annotation.fill(batches, shelf) == 0
    for batch in batches:
        given_texts = {str(rank): text for rank, text in enumerate(batch)}
        assert annotation.tokens(given_texts, shelf) == french.annotate(given_texts)
    assert len(shelf) == len(distinct)


def test_what_is_read_comes_in_full_batches_and_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(annotation, "TOGETHER", 3)
    monkeypatch.setattr(annotation, "LETTERS", 40)
    sizes: list[list[str]] = []
    real = french.entries

    def spied(some: Mapping[str, str]) -> dict[str, str]:
        sizes.append(list(some.values()))
        return real(some)

    monkeypatch.setattr(french, "entries", spied)
    told: list[int] = []
    long = "Un banc vert devant la grande école du quartier."
    batches = [["un", "deux"], ["deux", "un"], ["trois", "quatre"], [long], ["cinq"]]
    assert annotation.fill(batches, Shelf(), progress=told.append) == 6
    assert sizes == [["un", "deux", "trois"], ["quatre", long], ["cinq"]]
    assert told == [3, 5, 6]


def test_stopped_work_goes_on_from_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(annotation, "TOGETHER", 2)
    shelf = Shelf()
    asked: list[str] = []

    def said() -> Iterator[list[str]]:
        for word in ("un", "deux", "trois", "quatre", "cinq"):
            asked.append(word)
            yield [word]

    def stopped(done: int) -> None:
        if done == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        annotation.fill(said(), shelf, progress=stopped)
    assert len(shelf) == 2
    assert asked == ["un", "deux"], "texts are asked for as they are read"
    assert annotation.fill(said(), shelf) == 3
    assert len(shelf) == 5


def test_a_damaged_reading_is_made_again() -> None:
    shelf = Shelf()
    annotation.fill([["Un banc."]], shelf)
    digest = french.text_hash("Un banc.")
    good = shelf.pop(digest)
    read = annotation.tokens({"a": "Un banc.", "b": "Un banc."}, shelf)
    assert shelf == {digest: good}
    assert [token.lemma for token in read["a"]] == ["un", "banc"]
    assert read["a"] == read["b"]
