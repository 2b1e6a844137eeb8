"""What a crossing shows, and the excerpts behind each of its numbers."""

from __future__ import annotations

from dataclasses import replace

import pytest

from analysis.codebook import load
from analysis.crossings import ALL, Crossing, crossings, lies_in
from analysis.cuts import AXIS, SEVERAL, UNSAID, readings
from analysis.tables import counts_of, excerpts_of
from tests.analysis import crossing_cases as cases

BOOK = load()
CORPUS = cases.campaign(2, 160)


def named(name: str) -> Crossing:
    return next(found for found in crossings(CORPUS, BOOK, 5) if found.variable.name == name)


def test_places_methods_profile_and_facets_are_offered() -> None:
    names = [found.variable.name for found in crossings(CORPUS, BOOK, 5)]
    assert names[:2] == ["quartier", "methode"]
    assert {"age", "tonalite", "axe_evaluation"} <= set(names)


@pytest.mark.parametrize("name", ["quartier", "methode", "age", "tonalite", AXIS])
def test_every_number_shown_opens_as_many_testimonies(name: str) -> None:
    crossing = named(name)
    opened, said = 0, readings(CORPUS, BOOK)
    for key, line in cases.lines(crossing):
        for (value, _), cell in zip(crossing.columns, line.cells, strict=True):
            if cell is None or not line.code:
                continue
            found = [
                excerpt
                for excerpt in excerpts_of(CORPUS, BOOK, line.code)
                if lies_in(
                    CORPUS, said, excerpt.testimony, line.code, crossing.variable, value, key
                )
            ]
            assert counts_of(CORPUS, found) == cell
            opened += 1
    assert opened > 5


def test_each_testimony_counts_once_in_a_line() -> None:
    crossing = named("tonalite")
    values = {value for value, _ in crossing.columns}
    assert {SEVERAL, UNSAID} <= values
    for line in crossing.views[ALL]:
        assert line.total is not None
        assert sum(cell.testimonies for cell in line.cells if cell) <= line.total.testimonies


def test_the_filters_kept_are_those_that_show_something() -> None:
    crossing = named("age")
    assert len(crossing.views) > 2
    for key, view in crossing.views.items():
        assert any(cell for line in view for cell in line.cells), key
    assert {cut.key for cut in crossing.filters} == set(crossing.views) - {ALL}


def test_nobody_heard_gives_no_crossing() -> None:
    assert crossings(cases.campaign(1, 0), BOOK, 5) == ()
    assert crossings(cases.campaign(1, 4), BOOK, 5) == ()


def test_the_same_campaign_always_gives_the_same_tables() -> None:
    assert crossings(CORPUS, BOOK, 11) == crossings(cases.campaign(2, 160), BOOK, 11)


def test_a_profile_question_may_bear_the_name_of_another_variable() -> None:
    people = tuple(
        replace(one, profile={"quartier": "nord" if rank % 2 else "sud", "age": "15_25"})
        for rank, one in enumerate(CORPUS.testimonies)
    )
    found = crossings(replace(CORPUS, testimonies=people), BOOK, 5)
    names = [one.variable.name for one in found]
    assert len(set(names)) == len(names)
    mine = next(one for one in found if one.variable.question == "quartier" != one.variable.name)
    assert [value for value, _ in mine.columns] == ["nord", "sud"]
    assert {"QP01", "QP02", "QP03"} >= {value for value, _ in found[0].columns}


def test_an_axis_holds_all_that_its_filter_keeps() -> None:
    """« This axis alone » beside the filter would give away the few who speak of several."""
    axes = named(AXIS)
    assert [value for value, _ in axes.columns] == list(cases.AXES)
    totals = {line.code: line.total for line in named("quartier").views[f"axe:{cases.AXES[0]}"]}
    for line in axes.views[ALL]:
        assert line.cells[0] in (None, totals.get(line.code))
