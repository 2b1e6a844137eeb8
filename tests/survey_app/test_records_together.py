"""What separate answers say together: counted question by question, small numbers kept back."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from questionnaires import library
from records_cases import Q09, Q11
from survey_app.services.records_survey import THRESHOLD
from survey_app.services.records_together import Row, Together, hide, read


def nine(**columns: list[Any]) -> Together:
    """Answers to Q09, one a rank of these columns."""
    names = list(columns)
    rows = [dict(zip(names, values, strict=True)) for values in zip(*columns.values(), strict=True)]
    kept = [{name: value for name, value in row.items() if value != ""} for row in rows]
    return read(library.load(Q09), kept)


def row(rows: tuple[Row, ...], words: str) -> Row:
    return next(item for item in rows if words in item.label)


def counts(item: Row, column: int = 0) -> list[int | None]:
    return [bar.count for bar in item.cells[column].bars]


def test_four_answers_say_nothing_and_five_do() -> None:
    four = nine(liberte=["4"] * 4, envie=["marqueur"] * 4, role=["habitant"] * 4)
    assert not four.shown
    assert all(not cell.shown for item in four.scales for cell in item.cells)
    assert all(not cell.words for item in four.words for cell in item.cells)
    assert four.profile == ()
    five = nine(liberte=["4", "4", "5", "1", "4"], envie=["a"] * 5, role=["habitant"] * 5)
    assert five.shown
    found = row(five.scales, "libre")
    assert counts(found) == [1, 0, 0, 3, 1]
    assert found.cells[0].mean == pytest.approx(3.6)


def test_a_question_that_few_answered_is_kept_back_alone() -> None:
    found = nine(
        liberte=["4", "4", "4", "4", {"non_response": "refus"}],
        partage=["2", "2", "2", "2", "2"],
        heures_mois=[3, 5, 8, 2, 100],
    )
    assert not row(found.scales, "libre").cells[0].shown
    assert row(found.scales, "libre").cells[0].bars == ()
    assert row(found.scales, "partagées").cells[0].shown
    assert row(found.counts, "heures").cells[0].middle == 5


def test_silence_is_counted_apart() -> None:
    found = nine(clarte=["5"] * 5 + [{"non_response": "ne_sait_pas"}, ""])
    cell = row(found.scales, "décisions").cells[0]
    assert (cell.answered, cell.silent, cell.mean) == (5, 2, 5.0)


def test_what_divides_comes_first_then_what_goes_worst() -> None:
    found = nine(
        utilite=["4"] * 6,
        liberte=["1", "5", "1", "5", "1", "5"],
        moyens=["2"] * 6,
    )
    assert [item.label for item in found.scales[:3]] == [
        "Je me sens libre de dire ce que je pense.",
        "Nous avons les moyens qu’il faut.",
        "Je comprends à quoi sert notre conseil.",
    ]


def test_profiles_are_counted_apart_and_never_crossed() -> None:
    found = nine(
        role=["habitant"] * 9 + ["acteur"] * 2,
        depuis=["moins_6_mois"] * 6 + ["plus_2_ans"] * 5,
        liberte=["3"] * 11,
    )
    assert [item.label for item in found.profile] == [
        "Quelle est votre place dans le conseil ?",
        "Depuis combien de temps ?",
    ]
    # 2 for the partners is kept back, and the 9 that would give it away with the total.
    assert counts(found.profile[0]) == [None, None, None, None]
    assert counts(found.profile[1]) == [6, None, None, None]
    assert all(len(item.cells) == 1 for item in (*found.scales, *found.profile))
    assert not any("place" in item.label.lower() for item in found.counts)


@given(st.dictionaries(st.text(max_size=3), st.integers(0, 30), min_size=1, max_size=8))
def test_no_small_count_can_be_worked_out(counts: dict[str, int]) -> None:
    hidden = hide(counts)
    assert all(count >= THRESHOLD for name, count in counts.items() if name not in hidden)
    missing = [counts[name] for name in hidden]
    assert not hidden or hidden == set(counts) or (len(missing) > 1 and sum(missing) >= THRESHOLD)
    if all(count >= THRESHOLD for count in counts.values()):
        assert hidden == frozenset()


@given(st.permutations(["un", "deux", "trois", "quatre", "cinq", "six"]))
def test_the_words_come_in_one_order_whatever_the_answers_order(words: list[str]) -> None:
    found = nine(envie=words, arret=words)
    wanted, stopping = (row(found.words, name).cells[0].words for name in ("envie", "arrêter"))
    again = nine(envie=sorted(words), arret=sorted(words))
    assert row(again.words, "envie").cells[0].words == wanted
    assert sorted(wanted) == sorted(stopping) == sorted(words)
    assert wanted != stopping  # so that a rank joins no two sentences of one person


def mirror(ours: list[dict[str, Any]], theirs: list[dict[str, Any]]) -> Together:
    rows = [{"repond_comme": "conseil"} | item for item in ours]
    rows += [{"repond_comme": "elus"} | item for item in theirs]
    return read(library.load(Q11), rows)


def test_a_mirror_has_two_columns_and_their_gap_first() -> None:
    found = mirror(
        [{"avis_reponse": "1", "documents_clairs": "3"}] * 5,
        [{"avis_reponse": "5", "documents_clairs": "3"}] * 6,
    )
    assert [(column.given, column.shown) for column in found.columns] == [(5, True), (6, True)]
    first = found.scales[0]
    assert first.label.startswith("L’avis du conseil reçoit une réponse")
    assert (first.gap, counts(first, 0), counts(first, 1)) == (4, [5, 0, 0, 0, 0], [0, 0, 0, 0, 6])
    assert found.profile == ()  # who answered for whom is the columns themselves


def test_a_column_of_four_is_not_shown() -> None:
    found = mirror([{"avis_reponse": "2"}] * 7, [{"avis_reponse": "5"}] * 4)
    assert [column.shown for column in found.columns] == [True, False]
    for item in found.scales:
        assert item.gap is None
        assert not item.cells[1].shown
        assert item.cells[1].bars == ()


def test_entries_are_pooled_and_no_longer_stand_together() -> None:
    asked = {
        "demandes": [
            {"demande": "Un banc", "suite_donnee": "acceptee"},
            {"demande": "Un bus", "suite_donnee": "sans_reponse"},
        ]
    }
    found = mirror([asked] * 5, [])
    assert sorted(set(row(found.words, "demandé").cells[0].words)) == ["Un banc", "Un bus"]
    assert counts(row(found.counts, "suite")) == [5, 0, 0, 5]
