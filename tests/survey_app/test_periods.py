"""Periods: choosing them, the themes in each, small numbers masked."""

from __future__ import annotations

import html
from datetime import date
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

import listened_cases as seasons
from analysis.waves import Period
from pages import CheckedClient, client_for
from survey_app.domain import Conflict, Forbidden, Invalid
from survey_app.models import AuditEvent, Campaign, Meeting, Testimony
from survey_app.permissions import Actor
from survey_app.runtime import Runtime
from survey_app.services import corpus, part_listened, periods

PAGE, FORM = "/resultats/essai/periodes", "/resultats/essai/periodes/dates"


@pytest.fixture
def actors(runtime: Runtime) -> dict[str, Actor]:
    return seasons.seasons(runtime)


def text(client: CheckedClient, path: str, status: int = 200) -> str:
    answer = client.get(path)
    assert answer.status_code == status, (path, answer.status_code)
    said = html.unescape(answer.get_data(as_text=True))
    return said.replace("\u00a0", " ").replace("\u202f", " ")


def typed(*rows: tuple[str, str, str], seen: str = "") -> dict[str, Any]:
    found: dict[str, Any] = {"seen": seen}
    for rank, row in enumerate(rows):
        for name, value in zip(("label", "first", "last"), row, strict=True):
            found[f"lines-{rank}-{name}"] = value
    return found


def stamp(runtime: Runtime) -> str:
    with runtime.database.reading() as session:
        return periods.stamp(session.scalars(select(Campaign)).one())


def held(runtime: Runtime) -> list[list[str]]:
    with runtime.database.reading() as session:
        return periods.held(session.scalars(select(Campaign)).one().analysis)


def test_what_is_typed_is_kept_in_order_of_day_and_journalled(
    app: Flask, runtime: Runtime, actors: dict[str, Actor]
) -> None:
    person = client_for(app, "coordinator")
    rows = (("  Après  mai ", "2026-05-01", ""), ("", "", ""), ("Avant", "", "2026-04-30"))
    answer = person.send(FORM, typed(*rows, seen=stamp(runtime)))
    assert answer.status_code == 303
    assert held(runtime) == [["Avant", "", "2026-04-30"], ["Après mai", "2026-05-01", ""]]
    page = text(person, PAGE)
    assert "jusqu’au 30 avril 2026" in page
    assert "Relancez-la pour les comparer" in page
    with runtime.database.reading() as session:
        line = session.scalars(
            select(AuditEvent).where(AuditEvent.action == "periods_chosen")
        ).one()
    assert line.details == {"count": 2}
    assert 'value="Avant"' in text(person, FORM)


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ((("A", "", ""),), "au moins deux vagues"),
        ((("A", "", "2026-05-01"), ("B", "2026-05-01", "")), "jours en commun"),
        ((("A", "2026-05-01", "2026-04-01"), ("B", "2026-06-01", "")), "finit avant"),
        ((("A", "", "2026-04-01"), ("A", "2026-05-01", "")), "le même nom"),
        ((("A", "", "hier"), ("B", "2026-05-01", "")), "Écrivez une date"),
        ((("", "", "2026-04-01"), ("B", "2026-05-01", "")), "Donnez un nom"),
        ((("non dit", "", "2026-04-01"), ("B", "2026-05-01", "")), "ne peut pas servir"),
        ((("A" * 61, "", "2026-04-01"), ("B", "2026-05-01", "")), "60 caractères"),
    ],
)
def test_what_cannot_be_is_refused_and_stays_typed(
    app: Flask,
    runtime: Runtime,
    actors: dict[str, Actor],
    rows: tuple[tuple[str, str, str], ...],
    said: str,
) -> None:
    answer = client_for(app, "coordinator").send(FORM, typed(*rows, seen=stamp(runtime)))
    assert answer.status_code == 422
    page = html.unescape(answer.get_data(as_text=True))
    assert said in page
    assert f'value="{rows[-1][0]}"' in page
    assert held(runtime) == []


def test_two_people_choosing_at_once_do_not_undo_each_other(
    app: Flask, runtime: Runtime, actors: dict[str, Actor]
) -> None:
    before = stamp(runtime)
    seasons.chosen(runtime, actors["coordinator"])
    rows = (("A", "", "2026-04-01"), ("B", "2026-05-01", ""))
    answer = client_for(app, "evaluator").send(FORM, typed(*rows, seen=before))
    assert answer.status_code == 422
    assert "Une autre personne a changé ces périodes" in answer.get_data(as_text=True)
    assert [row[0] for row in held(runtime)] == [seasons.SPRING, seasons.SUMMER]


def test_nothing_typed_removes_the_periods(
    app: Flask, runtime: Runtime, actors: dict[str, Actor]
) -> None:
    seasons.chosen(runtime, actors["coordinator"])
    answer = client_for(app, "coordinator").send(FORM, typed(seen=stamp(runtime)))
    assert answer.status_code == 303
    assert held(runtime) == []
    assert "Aucune période n’est choisie" in text(client_for(app, "councillor"), PAGE)


def test_only_who_runs_the_analysis_chooses(
    app: Flask, runtime: Runtime, actors: dict[str, Actor]
) -> None:
    assert client_for(app, "councillor").get(FORM).status_code == 404
    with runtime.database.writing() as session:
        campaign = session.scalars(select(Campaign)).one()
        with pytest.raises(Forbidden):
            periods.save(session, actors["councillor"], campaign, [], periods.stamp(campaign))
        with pytest.raises(Conflict):
            periods.save(session, actors["coordinator"], campaign, [], "autre")
        many = [Period(str(n), date(2026, 1, n), date(2026, 1, n)) for n in range(1, 8)]
        with pytest.raises(Invalid):
            periods.save(session, actors["coordinator"], campaign, many, periods.stamp(campaign))


def test_themes_stand_in_each_period_and_small_numbers_are_masked(
    app: Flask, runtime: Runtime, actors: dict[str, Actor]
) -> None:
    seasons.chosen(runtime, actors["coordinator"])
    parts = seasons.worked_out(runtime, actors["coordinator"])
    (part,) = [part for part in parts if part.name == part_listened.PERIODS]
    cells = {code: cells for code, _, cells, _ in part.document["rows"]}
    assert cells == {"TRA": [[18, 1, 18], [15, 1, 15]], "LOG": [None, None]}
    assert [row[1:] for row in part.rows] == [(18, 15), ("masqué", "masqué"), (18, 15)]
    page = text(client_for(app, "councillor"), PAGE)
    assert "<strong>18</strong>" in page
    assert "masqué</span>" in page
    assert "aucun pourcentage n'est donné" in page
    assert "Aucun test n'est fait" in page


def test_a_name_that_looks_like_a_page_stays_a_name(
    app: Flask, runtime: Runtime, actors: dict[str, Actor]
) -> None:
    seasons.chosen(runtime, actors["coordinator"])
    seasons.worked_out(runtime, actors["coordinator"])
    raw = client_for(app, "councillor").get(PAGE).get_data(as_text=True)
    assert "<b>&" not in raw
    assert "&lt;b&gt;" in raw


def test_periods_changed_since_the_run_hide_its_table(
    app: Flask, runtime: Runtime, actors: dict[str, Actor]
) -> None:
    seasons.chosen(runtime, actors["coordinator"])
    seasons.worked_out(runtime, actors["coordinator"])
    rows = (("A", "", "2026-05-15"), ("B", "2026-05-16", ""))
    person = client_for(app, "coordinator")
    person.send(FORM, typed(*rows, seen=stamp(runtime)))
    page = text(person, PAGE)
    assert "Relancez-la" in page
    assert "<strong>18</strong>" not in page


def test_a_meeting_without_a_day_takes_that_of_its_testimonies(
    runtime: Runtime, actors: dict[str, Actor]
) -> None:
    seasons.chosen(runtime, actors["coordinator"])
    with runtime.database.writing() as session:
        campaign = session.scalars(select(Campaign)).one()
        april = session.scalars(select(Meeting).where(Meeting.held_on == date(2026, 4, 2))).one()
        april.held_on = None
        for row in session.scalars(select(Testimony).where(Testimony.meeting_id == april.id)):
            row.said_on = date(2026, 6, 3)
        session.flush()
        meetings = corpus.meetings_of(session, actors["coordinator"], campaign)
        placed = periods.placed(session, actors["coordinator"], campaign, meetings)
    assert len(placed) == 2
    assert {meeting.wave for meeting in placed} == {seasons.SUMMER}


def test_never_analysed_and_another_council(
    app: Flask, runtime: Runtime, actors: dict[str, Actor]
) -> None:
    assert "Aucune période n’est choisie" in text(client_for(app, "councillor"), PAGE)
    seasons.chosen(runtime, actors["coordinator"])
    page = text(client_for(app, "coordinator"), PAGE)
    assert "Printemps" in page
    stranger = client_for(app, "coordinator-voisin")
    assert (stranger.get(PAGE).status_code, stranger.get(FORM).status_code) == (404, 404)
