"""The same results, in the same order, wherever the work is done; a bounded number in flight."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis import scale
from analysis.french import Token, is_content

TALK = [("R-01", "Le bus passe trop tard."), ("R-01", "Le bus, le bus !"), ("R-02", "Le marché.")]


def shout(words: list[str]) -> list[str]:
    return [word.upper() for word in words]


def where(_: object) -> int:
    return os.getpid()


def fragile(given_once: tuple[str, int]) -> int:
    """The process dies the first time, as one that the system kills."""
    path, number = given_once
    if number == 2 and not Path(path).exists():
        Path(path).touch()
        os._exit(9)
    return number


def doomed(number: int) -> int:
    if number == 3:
        os._exit(9)
    return number


def wrong(number: int) -> int:
    raise ZeroDivisionError(number)


@pytest.mark.parametrize("scheduler", [scale.HERE, scale.PROCESSES])
def test_results_come_in_order(scheduler: str) -> None:
    batches = [[f"mot {rank}", "été"] for rank in range(12)]
    found = scale.mapped(shout, iter(batches), scheduler=scheduler, workers=2)
    assert list(found) == [shout(batch) for batch in batches]


def test_few_batches_stay_here_and_many_go_elsewhere() -> None:
    here = os.getpid()
    few = scale.mapped(where, range(scale.FEWEST - 1), scheduler=scale.PROCESSES, workers=2)
    many = scale.mapped(where, range(scale.FEWEST), scheduler=scale.PROCESSES, workers=2)
    assert set(few) == {here}
    assert here not in set(many)


@pytest.mark.parametrize("scheduler", [scale.HERE, scale.PROCESSES])
def test_batches_are_asked_for_as_results_are_taken(scheduler: str) -> None:
    asked: list[int] = []

    def batches() -> Iterator[list[str]]:
        for rank in range(100):
            asked.append(rank)
            yield [str(rank)]

    results = scale.mapped(shout, batches(), scheduler=scheduler, workers=2)
    assert next(results) == ["0"]
    assert len(asked) <= 5
    assert next(results) == ["1"]
    assert len(asked) <= 6
    results.close()  # a stopped job leaves no process


def test_a_batch_whose_process_died_is_given_once_more(tmp_path: Path) -> None:
    batches = [(str(tmp_path / "once"), rank) for rank in range(8)]
    found = scale.mapped(fragile, batches, scheduler=scale.PROCESSES, workers=2)
    assert list(found) == list(range(8))
    assert (tmp_path / "once").exists()


def test_a_batch_that_kills_twice_ends_in_one_sentence() -> None:
    found = scale.mapped(doomed, range(8), scheduler=scale.PROCESSES, workers=2)
    with pytest.raises(scale.ScaleError, match="Rien n'est perdu"):
        list(found)


@pytest.mark.parametrize("scheduler", [scale.HERE, scale.PROCESSES])
def test_what_the_function_raises_goes_through(scheduler: str) -> None:
    with pytest.raises(ZeroDivisionError):
        list(scale.mapped(wrong, range(8), scheduler=scheduler, workers=2))


@pytest.mark.parametrize("scheduler", ["dask", "http://127.0.0.1:1", "PROCESSES", "tcp:/x"])
def test_an_unknown_setting_is_refused(scheduler: str) -> None:
    with pytest.raises(scale.ScaleError, match="processes"):
        list(scale.mapped(shout, [["a"]], scheduler=scheduler))


def test_a_lexicon_counts_words_testimonies_and_meetings() -> None:
    found = {one.lemma: one for one in scale.lexicon(map(scale.read_and_counted, [TALK]))}
    assert found["bus"] == scale.Spread("bus", 3, 2, 1)
    assert found["marché"] == scale.Spread("marché", 1, 1, 1)
    assert "le" not in found


WORDS = st.builds(
    lambda lemma, pos: Token(0, 1, lemma, pos),
    st.sampled_from(["bus", "école", "être", "x", "été"]),
    st.sampled_from(["NOUN", "VERB", "DET"]),
)
ROWS = st.lists(st.tuples(st.sampled_from("ABC"), st.lists(WORDS, max_size=6)), max_size=12)


@given(ROWS, st.integers(1, 5), st.randoms(use_true_random=False))
def test_parts_put_together_are_the_whole(
    rows: list[tuple[str, list[Token]]], size: int, pick: Random
) -> None:
    parts = [scale.counted(rows[first : first + size]) for first in range(0, len(rows), size)]
    pick.shuffle(parts)
    whole = scale.lexicon(parts)
    assert whole == scale.lexicon([scale.counted(rows)])
    said = [token.lemma for _, tokens in rows for token in tokens if is_content(token)]
    assert {one.lemma: one.count for one in whole} == Counter(said)
    for one in whole:
        saying = [
            place
            for place, tokens in rows
            if any(is_content(token) and token.lemma == one.lemma for token in tokens)
        ]
        assert (one.testimonies, one.meetings) == (len(saying), len(set(saying)))


def test_reading_elsewhere_gives_the_same_lexicon() -> None:
    batches = [[(meeting, f"{text} {rank}.") for meeting, text in TALK] for rank in range(5)]
    here = scale.lexicon(scale.mapped(scale.read_and_counted, batches))
    there = scale.lexicon(
        scale.mapped(scale.read_and_counted, batches, scheduler=scale.PROCESSES, workers=2)
    )
    assert there == here
