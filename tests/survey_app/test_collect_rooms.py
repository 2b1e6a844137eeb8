"""Meetings, the contact vault, and what those who may not enter find."""

from __future__ import annotations

import re
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

import factories
from interviews import agree, begin, count, open_place
from pages import CheckedClient, client_for
from survey_app.models import Campaign, Draft, Meeting, RecontactEntry
from survey_app.runtime import Runtime


@pytest.fixture
def place(runtime: Runtime) -> dict[str, Any]:
    return open_place(runtime)


@pytest.fixture
def me(app: Flask, place: dict[str, Any]) -> CheckedClient:
    return client_for(app, "councillor")


def test_a_contact_is_left_apart(
    me: CheckedClient, place: dict[str, Any], runtime: Runtime
) -> None:
    path = begin(me, place)
    agree(me, path)
    done = me.send(path.split("/etape/")[0] + "/relire", {})
    assert "/collecte/contact/essai" in me.get(done.location).get_data(as_text=True)
    assert me.send("/collecte/contact/essai", {"contact": " "}).status_code == 422
    assert me.send("/collecte/contact/essai", {"contact": "a@exemple.invalid"}).status_code == 303
    assert count(runtime, RecontactEntry) == 1


def test_a_meeting_from_its_plan_to_its_counters(
    me: CheckedClient, place: dict[str, Any], runtime: Runtime
) -> None:
    assert me.get("/collecte/rencontres/nouvelle").location.endswith("/essai")
    form = {
        "neighbourhood": str(place["neighbourhood"]),
        "method": "individuel",
        "held_on": "2026-04-03",
        "place": "au marché",
    }
    wrong = me.send("/collecte/rencontres/nouvelle/essai", form | {"held_on": "hier"})
    assert wrong.status_code == 422
    assert "au marché" in wrong.get_data(as_text=True)
    planned = me.send("/collecte/rencontres/nouvelle/essai", form | {"go": "plan"})
    assert planned.status_code == 303
    path = planned.location
    assert me.send(f"{path}/ouvrir", {}, page=path).status_code == 303
    assert me.send(f"{path}/refus", {}, page=path).status_code == 303
    page = me.get(f"{path}/fermer").get_data(as_text=True)
    assert re.search(r'name="refusals"[^>]*value="1"', page)
    counted = {"approached": "9", "refusals": "1", "stopped": "0", "present_women": "5"}
    missing = me.send(f"{path}/fermer", counted)
    assert missing.status_code == 422
    assert 'value="9"' in missing.get_data(as_text=True)
    assert me.send(f"{path}/fermer", counted | {"present_men": "trois"}).status_code == 422
    assert me.send(f"{path}/fermer", counted | {"present_men": "3"}).status_code == 303
    assert "close" in me.get(path).get_data(as_text=True)
    me.get("/collecte/rencontres")
    with runtime.database.reading() as session:
        states = session.scalars(select(Meeting.state).order_by(Meeting.id)).all()
        assert sorted(states) == ["closed", "open"]


def test_the_coordination_reopens_and_councillors_do_not(
    app: Flask, me: CheckedClient, place: dict[str, Any], runtime: Runtime
) -> None:
    path = f"/collecte/rencontres/{place['meeting']}"
    with runtime.database.writing() as session:
        session.get_one(Meeting, place["meeting"]).state = "closed"
    assert "Rouvrir" not in me.get(path).get_data(as_text=True)
    assert me.send(f"{path}/rouvrir", {}, page=path).status_code == 403
    desk = client_for(app, "coordinator")
    assert "Rouvrir" in desk.get(path).get_data(as_text=True)
    assert desk.send(f"{path}/rouvrir", {}, page=path).status_code == 303
    with runtime.database.reading() as session:
        assert session.get_one(Meeting, place["meeting"]).state == "open"


def test_empty_rooms_say_what_to_do_first(app: Flask, place: dict[str, Any]) -> None:
    visitor = client_for(app, "councillor2")
    assert "Ouvrir une rencontre" in visitor.get("/collecte/").get_data(as_text=True)
    assert "Aucune rencontre" in visitor.get("/collecte/commencer").get_data(as_text=True)
    assert "Pas encore de rencontre" in visitor.get("/collecte/rencontres").get_data(as_text=True)


def test_several_campaigns_are_offered_by_name(
    me: CheckedClient, place: dict[str, Any], runtime: Runtime
) -> None:
    with runtime.database.writing() as session:
        first = session.scalars(select(Campaign)).one()
        session.add(
            Campaign(council_id=first.council_id, slug="autre", title="Autre", state="ready")
        )
    html = me.get("/collecte/rencontres/nouvelle").get_data(as_text=True)
    assert "/collecte/rencontres/nouvelle/essai" in html
    assert "/collecte/rencontres/nouvelle/autre" in html


def test_others_find_nothing(app: Flask, me: CheckedClient, place: dict[str, Any]) -> None:
    path = begin(me, place)
    for login in ("councillor2", "coordinator"):
        visitor = client_for(app, login)
        assert visitor.get(path).status_code == 404
        assert visitor.get("/collecte/").status_code == 200
    assert (
        client_for(app, "councillor2").get(f"/collecte/rencontres/{place['meeting']}").status_code
        == 404
    )
    assert (
        client_for(app, "coordinator").get(f"/collecte/rencontres/{place['meeting']}").status_code
        == 200
    )
    for login in ("evaluator", "reader", "admin", "dpo"):
        assert client_for(app, login).get("/collecte/").status_code == 404


def test_another_council_finds_nothing(
    app: Flask, me: CheckedClient, place: dict[str, Any], runtime: Runtime
) -> None:
    path = begin(me, place)
    with runtime.database.writing() as session:
        neighbour = factories.council(session, "Conseil voisin")
        factories.actors(session, neighbour, "-b")
        factories.campaign(session, neighbour, slug="voisine")
    stranger = client_for(app, "coordinator-b")
    for url in (path, f"/collecte/rencontres/{place['meeting']}", "/collecte/contact/essai"):
        assert stranger.get(url).status_code == 404
    assert "Vivre ici" not in stranger.get("/collecte/rencontres").get_data(as_text=True)


def test_a_campaign_not_running_takes_no_interview(
    me: CheckedClient, place: dict[str, Any], runtime: Runtime
) -> None:
    with runtime.database.writing() as session:
        session.scalars(select(Campaign)).one().state = "review"
    data = {"meeting": str(place["meeting"]), "questionnaire": place["Q01"]}
    answer = me.send("/collecte/commencer", data)
    assert answer.status_code == 422
    assert count(runtime, Draft) == 0
