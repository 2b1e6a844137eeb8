"""Waves beside each other: who is in which, what is shown, what is masked."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.codebook import load
from analysis.corpus import Campaign, Coding, Corpus, Excerpt, Meeting, Neighbourhood, Testimony
from analysis.crossings import ALL, crossings
from analysis.cuts import readings
from analysis.tables import Counts, counts_by_theme
from analysis.waves import (
    CAUTION,
    ENOUGH,
    Comparison,
    Period,
    WavesError,
    compared,
    dated,
    together,
)
from tests.analysis import crossing_cases as cases

BOOK = load()
SPRING = Period("Printemps", None, date(2026, 3, 31))
SUMMER = Period("Été", date(2026, 4, 1), None)


def comparison(corpus: Corpus, threshold: int = 5) -> Comparison | None:
    return compared(corpus, crossings(corpus, BOOK, threshold))


def campaign(
    name: str, sizes: tuple[int, ...], method: str = "écoute", code: str = "LOG1"
) -> Corpus:
    """One meeting a month from March on, with so many testimonies of two people each, all coded."""
    held = tuple(
        Meeting(f"{name}{n}", f"R-{n:02d}", method, "QP01", date(2026, 3 + n, 2))
        for n in range(len(sizes))
    )
    said = tuple(
        Testimony(f"{name}{n}-{k}", 100 * n + k + 1, f"{name}{n}", "QP01", cases.TEXT, persons=2)
        for n, size in enumerate(sizes)
        for k in range(size)
    )
    excerpts = tuple(
        Excerpt(f"x{item.id}", rank + 1, item.id, 0, 6, cases.TEXT[:6])
        for rank, item in enumerate(said)
    )
    codings = tuple(Coding(item.id, code, "a") for item in excerpts)
    places = (Neighbourhood("QP01", "Les Tilleuls", "2024"),)
    return Corpus(Campaign(name, name, neighbourhoods=places), held, said, excerpts, codings)


def test_a_theme_is_counted_in_testimonies_meetings_and_people() -> None:
    corpus = dated(campaign("a", (9, 7, 8)), (SPRING, SUMMER))
    found = comparison(corpus)
    assert found is not None
    assert [(wave.label, wave.total) for wave in found.waves] == [
        ("Printemps", Counts(9, 1, 18)),
        ("Été", Counts(15, 2, 30)),
    ]
    (row,) = found.rows
    assert (row.code, row.cells) == ("LOG", (Counts(9, 1, 18), Counts(15, 2, 30)))
    assert row.shares == (None, None)
    assert found.remarks[0] == CAUTION
    assert any("aucun pourcentage" in remark for remark in found.remarks)


def test_shares_come_only_where_every_wave_is_large_enough() -> None:
    for second, given_ in ((ENOUGH - 1, False), (ENOUGH, True)):
        found = comparison(dated(campaign("a", (40, second)), (SPRING, SUMMER)))
        assert found is not None
        assert found.rows[0].shares == ((100, 100) if given_ else (None, None))


def test_a_small_wave_is_masked_and_said() -> None:
    found = comparison(
        dated(
            campaign("a", (20, 2, 12)),
            (
                SPRING,
                Period("Avril", date(2026, 4, 1), date(2026, 4, 30)),
                Period("Mai", date(2026, 5, 1)),
            ),
        )
    )
    assert found is not None
    totals = [wave.total for wave in found.waves]
    assert totals[1] is None
    assert any("« Avril »" in remark and "Trop peu" in remark for remark in found.remarks)
    hidden = [rank for rank, total in enumerate(totals) if total is None]
    assert len(hidden) > 1  # one alone would be the total less the others
    assert all(row.cells[rank] is None for row in found.rows for rank in hidden)


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10_000), st.integers(5, 120))
def test_what_is_shown_is_the_truth_and_never_small(seed: int, size: int) -> None:
    corpus = dated(cases.campaign(seed, size), (SPRING, SUMMER))
    found = comparison(corpus)
    if found is None:
        return
    for rank, wave in enumerate(found.waves):
        held = {meeting.id for meeting in corpus.meetings if meeting.wave == wave.label}
        mine = tuple(item for item in corpus.testimonies if item.meeting in held)
        kept = {item.id for item in mine}
        excerpts = tuple(item for item in corpus.excerpts if item.testimony in kept)
        ids = {item.id for item in excerpts}
        part = replace(
            corpus,
            testimonies=mine,
            excerpts=excerpts,
            codings=tuple(item for item in corpus.codings if item.excerpt in ids),
        )
        real = counts_by_theme(part, BOOK)
        for row in found.rows:
            cell = row.cells[rank]
            assert cell is None or (cell == real[row.code] and cell.testimonies >= 5)
        assert wave.total is None or wave.total.testimonies == len(mine) >= 5


@pytest.mark.parametrize("seed", [1, 5])
def test_waves_give_away_nothing_that_another_table_masks(seed: int) -> None:
    """Waves beside places, methods, months and meetings: by linear programming."""
    corpus = dated(cases.campaign(seed, 60, 4), (SPRING, SUMMER))
    tables = [one for one in crossings(corpus, BOOK, 5) if one.variable.kind == "meeting"]
    assert "vague" in {one.variable.name for one in tables}
    seen = 0
    for code in {line.code for table in tables for _, line in cases.lines(table)}:
        known, masked = cases.system(corpus, BOOK, tables, code)
        if known[0][1] < 5:
            continue
        for wanted, number in {(part, number) for _, _, part, number in masked if part}:
            least, most = cases.bounds(known, wanted)
            assert least <= number <= most
            assert most - least >= 1, (code, number, least, most)
            seen += 1
    assert seen > 5


def test_every_testimony_of_a_dated_meeting_is_in_one_wave() -> None:
    corpus = dated(cases.campaign(3, 80), (SPRING, SUMMER))
    said = readings(corpus, BOOK)
    assert said.speakers[ALL] == tuple(item.id for item in corpus.testimonies)
    assert {meeting.wave for meeting in corpus.meetings} == {"Printemps", "Été"}
    for meeting in corpus.meetings:
        assert meeting.date is not None
        assert (meeting.wave == "Printemps") == (meeting.date <= date(2026, 3, 31))


def test_a_meeting_without_a_day_takes_that_of_its_testimonies() -> None:
    source = campaign("a", (6, 6))
    undated = tuple(replace(meeting, date=None) for meeting in source.meetings)
    days = {"a0": date(2026, 3, 9), "a1": None}
    said = tuple(replace(item, date=days[item.meeting]) for item in source.testimonies)
    corpus = dated(replace(source, meetings=undated, testimonies=said), (SPRING, SUMMER))
    assert [meeting.wave for meeting in corpus.meetings] == ["Printemps", ""]
    found = comparison(corpus)
    assert found is not None
    assert any("dans aucune vague" in remark for remark in found.remarks)


def test_two_campaigns_are_two_waves() -> None:
    one, two = campaign("a", (9,)), campaign("b", (7, 20), method="porte-à-porte", code="LOG2")
    found = comparison(together((("2024", one), ("2026", two)), BOOK))
    assert found is not None
    assert [wave.total for wave in found.waves] == [Counts(9, 1, 18), Counts(27, 2, 54)]
    assert found.rows[0].cells == (Counts(9, 1, 18), Counts(27, 2, 54))
    said = " ".join(found.remarks)
    assert "2024 : écoute ; 2026 : porte-à-porte." in said
    assert "pas de même taille" in said
    assert "périmètre" not in said


def test_campaigns_coded_with_another_grid_are_refused() -> None:
    strange = campaign("b", (7,), code="ZZZ")
    with pytest.raises(WavesError, match="« 2026 » emploie des codes absents de la grille : ZZZ"):
        together((("2024", campaign("a", (9,))), ("2026", strange)), BOOK)


@pytest.mark.parametrize(
    ("periods", "said"),
    [
        ((SPRING,), "au moins deux vagues"),
        ((SPRING, replace(SUMMER, label=" ")), "doit avoir un nom"),
        ((SPRING, replace(SUMMER, label="Printemps")), "le même nom"),
        ((SPRING, replace(SUMMER, first=date(2026, 3, 31))), "des jours en commun"),
        ((SPRING, Period("B", date(2026, 6, 2), date(2026, 6, 1))), "finit avant de commencer"),
        ((Period("A"), Period("B")), "des jours en commun"),
    ],
)
def test_faulty_periods_are_refused(periods: tuple[Period, ...], said: str) -> None:
    with pytest.raises(WavesError, match=said):
        dated(campaign("a", (5,)), periods)


def test_without_waves_nothing_is_compared() -> None:
    assert comparison(campaign("a", (9, 9))) is None
