"""The planes of a run: which there are, what they open, no percentage of few people."""

from __future__ import annotations

from dataclasses import replace

import pytest

import maps_cases as cases
from analysis.corpus import Coding
from analysis.pictures import Picture
from survey_app.services import part_plane
from survey_app.services.run_parts import Given, Part


def made(given: Given) -> tuple[dict[str, Picture], dict[str, Part]]:
    found = list(part_plane.made(given))
    drawn = {one.name: one for one in found if isinstance(one, Picture)}
    return drawn, {one.name: one for one in found if isinstance(one, Part)}


def test_words_stand_with_the_theme_that_says_them() -> None:
    drawn, parts = made(cases.given(cases.corpus()))
    assert list(drawn) == ["plan-theme"]
    assert list(parts) == ["points-theme"]
    document = parts["points-theme"].document
    places = {row[0]: row[2:4] for row in (*document["parts"], *document["words"])}
    for theme, said in cases.SUBJECTS.items():
        for word in said.split():
            x, y = places[theme]
            assert x * places[word][0] + y * places[word][1] > 0, (theme, word)
    svg = drawn["plan-theme"].svg
    assert 'href="themes/LOG"' in svg
    assert 'href="concordance?mot=ascenseur"' in svg


@pytest.mark.parametrize("axis", [4, 5])
def test_contributions_of_words_and_of_parts_sum_to_one(axis: int) -> None:
    document = made(cases.given(cases.corpus()))[1]["points-theme"].document
    for kind in ("parts", "words"):
        assert sum(row[axis] for row in document[kind]) == pytest.approx(1, abs=0.03)
    assert all(0 <= row[6] <= 1.001 for row in (*document["parts"], *document["words"]))


def test_the_picture_shows_the_heaviest_words_and_the_table_all(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(part_plane, "DRAWN", 10)
    drawn, parts = made(cases.given(cases.corpus()))
    document = parts["points-theme"].document
    assert drawn["plan-theme"].svg.count("<a ") == 10 + 3
    assert len(parts["points-theme"].rows) == 3 + len(document["words"]) == 3 + 35
    assert f'mot={document["words"][0][0]}"' in drawn["plan-theme"].svg
    assert f'mot={document["words"][-1][0]}"' not in drawn["plan-theme"].svg


def test_places_make_a_plane_where_three_are_heard_enough() -> None:
    drawn, parts = made(cases.given(cases.corpus(60, placed=True)))
    assert list(parts) == ["points-theme", "points-quartier"]
    assert {row[1] for row in parts["points-quartier"].document["parts"]} == set(
        cases.PLACES.values()
    )
    assert 'href="specificites?par=quartier"' in drawn["plan-quartier"].svg
    _, few = made(cases.given(cases.corpus(30, placed=True)))  # ten in each
    assert list(few) == ["points-theme"]


def test_under_thirty_testimonies_no_percentage() -> None:
    drawn, parts = made(cases.given(cases.corpus(29)))
    assert parts["points-theme"].document["shares"] == []
    assert "%" not in drawn["plan-theme"].svg
    drawn, parts = made(cases.given(cases.corpus(30)))
    assert len(parts["points-theme"].document["shares"]) == 2
    assert "%" in drawn["plan-theme"].svg


def test_two_themes_or_one_make_no_plane() -> None:
    corpus = cases.corpus()
    one = tuple(Coding(row.excerpt, "LOG1", "c") for row in corpus.codings)
    assert made(cases.given(replace(corpus, codings=one))) == ({}, {})
    assert made(cases.given(replace(corpus, codings=(), excerpts=()))) == ({}, {})
    assert made(cases.given(replace(corpus, testimonies=(), codings=(), excerpts=()))) == ({}, {})
