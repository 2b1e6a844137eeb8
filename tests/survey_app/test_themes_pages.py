"""Themes together and saturation: what the job keeps, and each number opening its excerpts."""

from __future__ import annotations

import html
import re
from datetime import date

import pytest
from flask import Flask
from sqlalchemy import select

import factories
import listened_cases as seasons
import results_cases as cases
from pages import CheckedClient, client_for
from survey_app.models import Coding
from survey_app.permissions import Actor
from survey_app.runtime import Runtime
from survey_app.services import part_themes

PAIRS, CURVE = "/resultats/essai/ensemble", "/resultats/essai/saturation"


@pytest.fixture
def actors(runtime: Runtime) -> dict[str, Actor]:
    made = seasons.seasons(runtime)
    seasons.worked_out(runtime, made["coordinator"])
    return made


def text(client: CheckedClient, path: str, status: int = 200) -> str:
    answer = client.get(path)
    assert answer.status_code == status, (path, answer.status_code)
    said = html.unescape(answer.get_data(as_text=True))
    return said.replace("\u00a0", " ").replace("\u202f", " ")


def test_every_number_of_a_pair_opens_that_many(app: Flask, actors: dict[str, Actor]) -> None:
    person = client_for(app, "councillor")
    page = text(person, PAIRS)
    shown = re.findall(r'<a href="(/[^"]+)"><strong>(\d+)', page)
    assert [int(number) for _, number in shown] == [5, 4, 5, 33]
    for url, number in shown:
        assert f"{number} témoignages ·" in text(person, url)
    assert "Cela ne dit pas que l'un cause l'autre" in page


def test_the_same_passage_leaves_out_who_says_both_apart(
    app: Flask, actors: dict[str, Actor]
) -> None:
    person = client_for(app, "councillor")
    both = text(person, f"{PAIRS}/extraits?a=LOG&b=TRA")
    assert "10 extraits" in both
    assert "<mark>l’ascenseur</mark>" in both
    same = text(person, f"{PAIRS}/extraits?a=TRA&b=LOG&memes=1")
    assert "8 extraits" in same
    assert "ascenseur" not in same


def test_words_that_look_like_a_page_stay_words(app: Flask, actors: dict[str, Actor]) -> None:
    raw = client_for(app, "councillor").get(f"{PAIRS}/extraits?a=LOG&b=TRA").get_data(as_text=True)
    assert "<script>alert" not in raw
    assert "&lt;script&gt;" in raw


@pytest.mark.parametrize(
    "path",
    [
        f"{PAIRS}/extraits?a=LOG&b=SAN",
        f"{PAIRS}/extraits?a=LOG&b=LOG",
        f"{PAIRS}/extraits?a=LOG&b=TRA&page=2",
        f"{PAIRS}/extraits?a=LOG&b=TRA&page=0",
        f"{PAIRS}/extraits",
        f"{CURVE}/extraits?rencontre=3",
        f"{CURVE}/extraits?rencontre=0",
        f"{CURVE}/extraits?rencontre=x",
    ],
)
def test_what_is_not_there_says_so(app: Flask, actors: dict[str, Actor], path: str) -> None:
    assert "<h1>" in text(client_for(app, "councillor"), path, 404)


def test_a_coding_undone_since_is_told(
    app: Flask, runtime: Runtime, actors: dict[str, Actor]
) -> None:
    person = client_for(app, "councillor")
    assert "Les codages ont changé" not in text(person, f"{PAIRS}/extraits?a=LOG&b=TRA")
    with runtime.database.writing() as session:
        session.delete(session.scalars(select(Coding).where(Coding.code == "LOG2")).one())
    page = text(person, f"{PAIRS}/extraits?a=LOG&b=TRA")
    assert "4 témoignages ·" in page
    assert "Les codages ont changé" in page


def test_each_meeting_opens_what_it_was_the_first_to_say(
    app: Flask, actors: dict[str, Actor]
) -> None:
    person = client_for(app, "councillor")
    page = text(person, CURVE)
    assert "Elle ne dit pas que tout a été entendu" in page
    links = re.findall(r'<td><a href="(/[^"]+rencontre=\d)"', page)
    assert len(links) == 2
    first, second = (text(person, url) for url in links)
    assert "18 extraits" in first
    assert "5 extraits" in second
    assert "l’ascenseur" in second
    assert "Entendu ici pour la première fois" in second


def test_a_point_of_the_curve_opens_the_same_page(app: Flask, actors: dict[str, Actor]) -> None:
    page = client_for(app, "councillor").get(CURVE).get_data(as_text=True)
    for name in (part_themes.THEMES_CURVE, part_themes.CODES_CURVE):
        assert f"/images/{name}.svg" in page
    assert page.count('href="saturation/extraits?rencontre=2"') == 2


def test_a_pair_that_one_person_makes_stays_inside(runtime: Runtime) -> None:
    with runtime.database.writing() as session:
        council = factories.council(session)
        made = factories.actors(session, council)
        campaign = factories.campaign(session, council)
        held = factories.meeting(session, campaign, held_on=date(2026, 4, 2))
        row = factories.testimony(session, held, masked=seasons.BUS)
        cases.coded(session, row, "TRA1", made["coordinator"])
        cases.coded(session, row, "LOG1", made["coordinator"])
    parts = {part.name: part for part in seasons.worked_out(runtime, made["coordinator"])}
    pairs = parts[part_themes.PAIRS]
    assert len(pairs.document["pairs"]) == 1
    assert pairs.rows == ()


def test_without_a_run_or_a_coding_the_pages_say_what_to_do(app: Flask, runtime: Runtime) -> None:
    house = cases.house(runtime)
    person = client_for(app, "councillor")
    for path in (PAIRS, CURVE):
        assert "Aller à l’analyse" in text(person, path)
    cases.analysed(runtime, house.actors["coordinator"], house.campaign)
    for path in (PAIRS, CURVE):
        assert "Aller à l’analyse" in text(person, path)


def test_another_council_finds_nothing(app: Flask, actors: dict[str, Actor]) -> None:
    stranger = client_for(app, "coordinator-voisin")
    for path in (PAIRS, CURVE, f"{PAIRS}/extraits?a=LOG&b=TRA", f"{CURVE}/extraits?rencontre=1"):
        assert stranger.get(path).status_code == 404
