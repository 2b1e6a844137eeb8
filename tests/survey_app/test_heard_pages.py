"""Who was heard: profiles beside figures that people bring, and tables that cannot be read."""

from __future__ import annotations

import html
import io
import re
from typing import Any

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select
from werkzeug.test import TestResponse

import listened_cases as seasons
from analysis.listened_csv import FiguresError, read_reference
from pages import CheckedClient, client_for
from survey_app.domain import Forbidden, Invalid
from survey_app.models import AuditEvent, Campaign
from survey_app.permissions import Actor
from survey_app.runtime import Runtime
from survey_app.services import part_listened, reference_figures

PAGE, FORM = "/resultats/essai/entendus", "/resultats/essai/entendus/chiffres"
HEAD = "indicateur;source;annee;perimetre;groupe;part\n"
FIGURES = (
    HEAD
    + "age;Relevé <i>inventé</i>;2021;QP034020;25 à 39 ans;30,5\n"
    + "age;Relevé <i>inventé</i>;2021;QP034020;60 à 74 ans;20\n"
    + "age;Relevé <i>inventé</i>;2021;QP034020;75 ans et plus;9\n"
    + "age;Relevé <i>inventé</i>;2021;QP999999;75 ans et plus;9\n"
)


@pytest.fixture
def actors(runtime: Runtime) -> dict[str, Actor]:
    return seasons.seasons(runtime)


def text(client: CheckedClient, path: str, status: int = 200) -> str:
    answer = client.get(path)
    assert answer.status_code == status, (path, answer.status_code)
    return plain(answer)


def plain(answer: TestResponse) -> str:
    said = html.unescape(answer.get_data(as_text=True))
    return said.replace("\u00a0", " ").replace("\u202f", " ")


def bring(client: CheckedClient, data: bytes) -> TestResponse:
    fields: dict[str, Any] = {"table": (io.BytesIO(data), "chiffres.csv")}
    return client.send(FORM, fields)


def kept(runtime: Runtime) -> list[list[Any]]:
    with runtime.database.reading() as session:
        return reference_figures.held(session.scalars(select(Campaign)).one().analysis)


def test_figures_are_kept_for_the_campaign_and_stand_beside_after_a_run(
    app: Flask, runtime: Runtime, actors: dict[str, Actor]
) -> None:
    seasons.worked_out(runtime, actors["coordinator"])
    person = client_for(app, "coordinator")
    assert bring(person, FIGURES.encode()).status_code == 303
    assert [row[4] for row in kept(runtime)] == ["25 à 39 ans", "60 à 74 ans", "75 ans et plus"]
    before = text(person, PAGE)
    assert "3 chiffres enregistrés. 1 ligne d’un autre lieu est laissée de côté." in before
    assert "Relancez-la" in before
    seasons.worked_out(runtime, actors["coordinator"])
    raw = person.get(PAGE).get_data(as_text=True)
    assert "<i>invent" not in raw
    page = text(person, PAGE)
    assert "30,5 %" in page
    assert "61 %" in page
    assert "plus présents ici que dans le quartier" in page
    assert "Relancez-la" not in page
    with runtime.database.reading() as session:
        line = session.scalars(
            select(AuditEvent).where(AuditEvent.action == "reference_chosen")
        ).one()
    assert line.details == {"count": 3}


def test_groups_of_which_nobody_was_heard_come_first(
    app: Flask, runtime: Runtime, actors: dict[str, Actor]
) -> None:
    bring(client_for(app, "coordinator"), FIGURES.encode())
    parts = seasons.worked_out(runtime, actors["coordinator"])
    page = text(client_for(app, "councillor"), PAGE)
    groups = re.findall(r'<th scope="row">([^<]+)</th>', page)
    nobody = [name for name in groups if "75" in name]
    assert nobody
    assert groups.index(nobody[0]) < groups.index("25 à 39 ans")
    assert "personne n'a donné pour réponse « 75 ans et plus »" in page
    (part,) = [part for part in parts if part.name == part_listened.HEARD]
    rows = {row[1]: row for row in part.rows}
    assert rows["75 ans et plus"][2] == 0
    assert rows["25 à 39 ans"][2:4] == (20, 30.5)


def test_every_number_opens_that_many(
    app: Flask, runtime: Runtime, actors: dict[str, Actor]
) -> None:
    seasons.worked_out(runtime, actors["coordinator"])
    person = client_for(app, "councillor")
    shown = re.findall(r'<a href="(/[^"]+extraits[^"]*)"><strong>(\d+)', text(person, PAGE))
    assert sorted(int(number) for _, number in shown) == [13, 20]
    for url, number in shown:
        page = text(person, url)
        assert f"{number} témoignages ·" in page
        assert "Le lieu et la date ne sont pas donnés ici" in page


def test_faulty_lines_are_told_together_and_nothing_changes(
    app: Flask, runtime: Runtime, actors: dict[str, Actor]
) -> None:
    person = client_for(app, "coordinator")
    bring(person, FIGURES.encode())
    faulty = (
        HEAD
        + "age;Relevé;2021;QP034020;A;130\n"
        + "age;Relevé;2021;QP034020;B;10\n"
        + "age;Relevé;an 12;QP034020;<b>C</b>;10\n"
        + "age;;2021;QP034020;D;10\n"
    )
    answer = bring(person, faulty.encode())
    assert answer.status_code == 422
    page = plain(answer)
    for said in ("Ligne 2 :", "Ligne 4 :", "Ligne 5 :", "Rien n’a été changé"):
        assert said in page
    assert "Ligne 3 :" not in page
    assert len(kept(runtime)) == 3


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "Ligne"),
        (b"a;b\n1;2\n", "il manque la colonne"),
        (HEAD.encode(), "aucun chiffre"),
        (b"\0" * 50, "pas un tableau"),
        (FIGURES.replace("QP034020", "QP000001").encode(), "QP034020"),
        (
            (HEAD + "".join(f"i{n};s;2020;QP034020;g;1\n" for n in range(501))).encode(),
            "plus de 500",
        ),
    ],
)
def test_what_is_no_table_of_this_place_is_refused(
    app: Flask, runtime: Runtime, actors: dict[str, Actor], data: bytes, said: str
) -> None:
    answer = bring(client_for(app, "coordinator"), data)
    assert answer.status_code == 422
    assert said in plain(answer)
    assert kept(runtime) == []


@given(st.lists(st.sampled_from(["", "10", "130", "x", "nd", "-1"]), max_size=30))
def test_problems_name_the_lines_that_are_wrong_and_no_other(shares: list[str]) -> None:
    lines = [f"i{n};Relevé;2021;QP034020;g;{share}" for n, share in enumerate(shares)]
    data = (HEAD + "\n".join(lines)).encode()
    wrong = [n for n, share in enumerate(shares, 2) if share not in ("10", "nd")]
    told = [int(re.findall(r"[0-9]+", said)[0]) for said in reference_figures.problems(data)]
    if not shares:
        assert told == [2]
    else:
        assert told == wrong[: reference_figures.MOST_ERRORS]


@given(st.binary(max_size=400))
def test_any_file_has_its_problems_told(data: bytes) -> None:
    told = reference_figures.problems(data)
    if told:
        with pytest.raises(FiguresError) as refused:
            read_reference(data)
        assert told[0] == str(refused.value)
    else:
        assert read_reference(data)


def test_the_example_can_be_brought_and_says_that_it_is_invented(
    app: Flask, runtime: Runtime, actors: dict[str, Actor]
) -> None:
    person = client_for(app, "coordinator")
    answer = person.get(f"{PAGE}/exemple.csv")
    assert "attachment" in answer.headers["Content-Disposition"]
    rows = read_reference(answer.data)
    assert {row.source for row in rows} == {reference_figures.INVENTED}
    assert bring(person, answer.data).status_code == 303
    assert len(kept(runtime)) == len(rows)


def test_figures_can_be_taken_away(app: Flask, runtime: Runtime, actors: dict[str, Actor]) -> None:
    person = client_for(app, "coordinator")
    bring(person, FIGURES.encode())
    assert person.send(f"{FORM}/retirer", {}, page=FORM).status_code == 303
    assert kept(runtime) == []


def test_only_who_runs_the_analysis_brings_figures(
    app: Flask, runtime: Runtime, actors: dict[str, Actor]
) -> None:
    assert client_for(app, "councillor").get(FORM).status_code == 404
    with runtime.database.writing() as session:
        campaign = session.scalars(select(Campaign)).one()
        with pytest.raises(Forbidden):
            reference_figures.bring(session, actors["councillor"], campaign, FIGURES.encode())
        heavy = b" " * (reference_figures.MOST_BYTES + 1)
        with pytest.raises(Invalid, match="trop lourd"):
            reference_figures.bring(session, actors["coordinator"], campaign, heavy)
        with pytest.raises(Forbidden):
            reference_figures.remove(session, actors["councillor"], campaign)


def test_never_analysed_and_another_council(
    app: Flask, runtime: Runtime, actors: dict[str, Actor]
) -> None:
    assert "Aucun profil à montrer" in text(client_for(app, "councillor"), PAGE)
    stranger = client_for(app, "coordinator-voisin")
    for path in (PAGE, FORM, f"{PAGE}/exemple.csv"):
        assert stranger.get(path).status_code == 404
