"""A person stops an analysis from its page; who may not, sees no button."""

from __future__ import annotations

import html

import pytest
from flask import Flask

import results_cases as cases
from pages import client_for
from survey_app.models import Job
from survey_app.runtime import Runtime
from survey_app.services import jobs

BUTTON = "Arrêter ce travail"


@pytest.fixture
def house(runtime: Runtime) -> cases.House:
    return cases.house(runtime)


def launched(house: cases.House, kind: str = "analyse") -> str:
    with house.runtime.database.writing() as session:
        coordinator = house.actors["coordinator"]
        job = jobs.create(session, coordinator, kind, house.campaign.id, campaign="essai")
    return f"/resultats/travaux/{job.id}"


def test_the_button_stops_the_work_and_the_page_says_so(app: Flask, house: cases.House) -> None:
    path = launched(house)
    evaluator = client_for(app, "evaluator")
    assert BUTTON in evaluator.get(path).get_data(as_text=True)
    answer = evaluator.send(f"{path}/arreter", {}, page=path)
    assert (answer.status_code, answer.location) == (303, path)
    page = html.unescape(evaluator.get(path).get_data(as_text=True)).replace("\u00a0", " ")
    assert "arrêté à la demande d’une personne" in page
    assert "relancez-le" in page
    assert BUTTON not in page
    assert "job.js" not in page
    told = evaluator.get(f"{path}/etat").get_json()
    assert (told["state"], told["label"]) == ("stopped", "arrêté à la demande")
    assert told["over"] is True
    with house.runtime.database.reading() as session:
        assert session.query(Job).one().state == "stopped"


def test_who_may_not_stop_it_sees_no_button(app: Flask, house: cases.House) -> None:
    path = launched(house)
    councillor = client_for(app, "councillor")
    assert BUTTON not in councillor.get(path).get_data(as_text=True)
    other = client_for(app, "evaluator-voisin")
    assert other.post(f"{path}/arreter").status_code in (400, 404)
    with house.runtime.database.reading() as session:
        assert session.query(Job).one().state == "queued"


def test_work_that_must_go_to_its_end_has_no_button(app: Flask, house: cases.House) -> None:
    path = launched(house, "export")
    assert BUTTON not in client_for(app, "coordinator").get(path).get_data(as_text=True)
