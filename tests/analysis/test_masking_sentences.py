"""Recall and precision on the invented sentences, by group, with the model and without."""

from __future__ import annotations

from typing import Any

import pytest

from analysis.sentences import Span
from bench.masking import Case, invented, joined, score, wikineural
from tests.analysis.test_masking import SHARED

NAMES = ("français", "origines diverses", "sans capitales")


@pytest.fixture(scope="module")
def read() -> dict[str, dict[str, Any]]:
    """The figures of each part, with the model's reading."""
    return {
        part: score([case for case in invented() if case.part == part]) for part in ("seen", "kept")
    }


def test_the_sentences_are_many_and_exact() -> None:
    cases = invented()
    assert len(cases) >= 300
    assert sum(not case.expected for case in cases) >= 80
    assert len({case.text for case in cases}) == len(cases)
    for case in cases:
        for span, _ in case.expected:
            words = case.text[span.start : span.end]
            assert words
            assert words == words.strip()


@pytest.mark.parametrize("part", ["seen", "kept"])
@pytest.mark.parametrize("group", NAMES)
def test_full_names_are_found(read: dict[str, dict[str, Any]], part: str, group: str) -> None:
    assert read[part]["full_names"][group]["recall"] >= 0.95


@pytest.mark.parametrize("part", ["seen", "kept"])
def test_what_is_proposed_is_mostly_right(read: dict[str, dict[str, Any]], part: str) -> None:
    assert read[part]["all"]["all"]["precision"] >= 0.9


@pytest.mark.parametrize("part", ["seen", "kept"])
def test_numbers_places_roles_and_health_are_found(
    read: dict[str, dict[str, Any]], part: str
) -> None:
    others = {key: one for key, one in read[part]["categories"].items() if one["expected"]}
    low = {key: one for key, one in others.items() if key != "NOMS" and one["recall"] < 0.8}
    assert low == {}


def test_most_names_are_found_without_the_model() -> None:
    figures = score(invented(), model=False)["names"]
    assert all(figures[group]["recall"] >= 0.75 for group in NAMES), figures


def test_a_first_name_and_its_surname_are_one_thing_to_find() -> None:
    text = "Jean Dupont et Li"
    spans = [(Span(0, 4), "PRÉNOM"), (Span(5, 11), "NOM"), (Span(15, 17), "PRÉNOM")]
    assert joined(text, spans) == ((Span(0, 11), "NOM COMPLET"), (Span(15, 17), "PRÉNOM"))


def test_the_measure_sees_what_is_missed_and_what_is_wrong() -> None:
    cases = [
        Case("karima benali dort", "x", "x", ((Span(0, 13), "NOM COMPLET"),)),
        Case("la poubelle dort", "x", "x", ((Span(3, 11), "NOM COMPLET"),)),
        Case("karima dort", "x", "x", ()),
    ]
    figures = score(cases, model=False)["names"]["x"]
    assert figures == {"recall": 0.5, "expected": 2, "precision": 0.5, "proposed": 2}


# Measured on 2,000 sentences by the bench; here a sample, so the floors leave room.
@pytest.mark.shared
@pytest.mark.parametrize(("small", "floor"), [(False, 0.94), (True, 0.88)])
def test_full_names_of_wikineural(small: bool, floor: float) -> None:
    if not SHARED.exists():
        pytest.skip("the shared data are not beside the project")
    figures = score(wikineural(600, small=small))
    assert figures["full_names"]["all"]["recall"] >= floor
    assert figures["all"]["all"]["precision"] >= 0.75
