"""Words × parts: exact counts for themes, no small count of people, sums kept."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

import maps_cases as cases
from analysis import groups
from analysis.codebook import load
from analysis.correspondence import correspondence
from analysis.groups import Group
from analysis.pictures import OUTSIDE_THRESHOLD
from analysis.suppression import hidden
from analysis.word_table import evened, word_table
from tests.analysis.word_cases import corpus_of, said_of

lines = st.lists(
    st.tuples(st.integers(0, 40), st.integers(1, 500), st.booleans()), min_size=1, max_size=8
)


@given(lines)
def test_masked_cells_are_told_by_their_sum_alone(line: list[tuple[int, int, bool]]) -> None:
    row, weights, masks = ([float(one[place]) for one in line] for place in range(3))
    masked = frozenset(rank for rank, mask in enumerate(masks) if mask)
    found = evened(row, weights, masked)
    assert sum(found) == pytest.approx(sum(row))
    assert all(found[rank] == row[rank] for rank in range(len(row)) if rank not in masked)
    # Whoever said it among the masked parts, the row reads the same.
    held = sorted(masked)
    moved = list(row)
    for rank, other in zip(held, [*held[1:], *held[:1]], strict=True):
        moved[rank] = row[other]
    assert evened(moved, weights, masked) == pytest.approx(found)
    for one in held:
        assert found[one] * sum(weights[rank] for rank in held) == pytest.approx(
            weights[one] * sum(row[rank] for rank in held)
        )


def test_masked_parts_that_weigh_nothing_hold_nothing() -> None:
    assert evened([3.0, 0.0, 0.0], [3.0, 0.0, 0.0], frozenset({1, 2})) == [3.0, 0.0, 0.0]


def test_words_of_themes_are_counted_as_they_are_said() -> None:
    corpus = cases.corpus(30)
    said = said_of(corpus)
    table = word_table(said, corpus, groups.themes(corpus, load()), threshold=5)
    assert {key for key, _ in table.parts} == {"LOG", "TRA", "CAD"}
    brute: Counter[tuple[str, str]] = Counter()
    for rank, testimony in enumerate(corpus.testimonies):
        theme = list(cases.SUBJECTS)[rank % 3]
        brute.update((token.lemma, theme) for token in said[testimony.id])
    assert len(table.lemmas) == 35
    for lemma, row in zip(table.lemmas, table.counts.tolist(), strict=True):
        assert row == [brute[lemma, key] for key, _ in table.parts]
    totals = table.counts.sum(axis=1).tolist()
    assert totals == sorted(totals, reverse=True)
    few = word_table(said, corpus, groups.themes(corpus, load()), threshold=5, most=4)
    assert few.lemmas == table.lemmas[:4]
    none = word_table(said, corpus, groups.themes(corpus, load()), threshold=11)
    assert none.parts == ()
    assert len(none.left_out) == 3


def _places(corpus: object, held: list[int]) -> Group:
    parts = tuple((str(rank), f"Lieu {rank}") for rank in range(max(held) + 1))
    spans = {
        one.id: ((0, len(one.text), part),)
        for one, part in zip(corpus.testimonies, held, strict=True)  # type: ignore[attr-defined]  # a corpus
    }
    return Group("quartier", "Quartier", "meeting", True, parts, spans, whole=True)


def test_no_small_count_of_people_is_in_the_table() -> None:
    # « bus »: 12, 12 and 3 testimonies; « loyer »: 12, 12 and 12; « école »: 10 in all.
    texts = ["bus loyer"] * 12 + ["bus loyer bus"] * 12 + ["bus loyer"] * 3 + ["loyer"] * 9
    texts += ["école"] * 10
    held = [0] * 12 + [1] * 12 + [2] * 12 + [1] * 10
    corpus = corpus_of(texts)
    table = word_table(said_of(corpus), corpus, _places(corpus, held), threshold=5)
    assert table.lemmas == ("bus", "loyer")
    bus, loyer = table.counts.tolist()
    assert loyer == [12.0, 12.0, 12.0]
    masked = hidden([12, 12, 3], OUTSIDE_THRESHOLD)
    assert 2 in masked
    assert len(masked) > 1
    assert bus[2] != 3
    assert sum(bus) == pytest.approx(39)


def test_a_part_of_few_people_is_left_out_and_cannot_be_deduced() -> None:
    texts = (
        ["bus loyer loyer"] * 20 + ["bus bus loyer"] * 20 + ["bus parc"] * 20 + ["bus loyer"] * 4
    )
    held = [0] * 20 + [1] * 20 + [2] * 20 + [3] * 4
    corpus = corpus_of(texts)
    table = word_table(said_of(corpus), corpus, _places(corpus, held), threshold=1)
    assert table.left_out == ("Lieu 3",)
    bus = table.counts[table.lemmas.index("bus")]
    assert 84 - bus.sum() != pytest.approx(4)
    assert [label for _, label in table.parts] == ["Lieu 0", "Lieu 1", "Lieu 2"]


def test_the_table_makes_a_plane_that_sets_places_apart() -> None:
    own = ("bus", "loyer", "parc")
    held = [rank % 3 for rank in range(120)]
    texts = [
        f"{own[place]} {own[(place + 1) % 3] if rank // 3 % 5 < 3 else ''} "
        f"{own[(place + 2) % 3] if rank // 3 % 5 > 1 else ''} quartier"
        for rank, place in enumerate(held)
    ]
    corpus = corpus_of(texts)
    table = word_table(said_of(corpus), corpus, _places(corpus, held), threshold=5)
    assert set(table.lemmas) == {*own, "quartier"}
    plane = correspondence(table.lemmas, [key for key, _ in table.parts], table.counts)
    side = {point.label: point.coordinates for point in (*plane.rows, *plane.columns)}
    for word, place in zip(own, "012", strict=True):
        assert sum(a * b for a, b in zip(side[word], side[place], strict=True)) > 0, (word, place)


def test_a_word_of_one_place_only_is_left_out_of_a_table_of_places() -> None:
    held = [rank % 3 for rank in range(60)]
    texts = ["quartier bus" if place == 0 else "quartier" for place in held]
    corpus = corpus_of(texts)
    table = word_table(said_of(corpus), corpus, _places(corpus, held), threshold=5)
    assert table.lemmas == ("quartier",)
