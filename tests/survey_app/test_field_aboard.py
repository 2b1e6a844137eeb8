"""The package that a tablet takes aboard: whole, of its account alone, and the same each time."""

from __future__ import annotations

import gzip
import json
import re
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.orm import Session

import factories
from pages import client_for
from questionnaires import adapt, library
from survey_app.domain import Forbidden
from survey_app.models import Campaign, Council, Sector
from survey_app.permissions import Actor
from survey_app.runtime import Runtime
from survey_app.services import aboard, devices
from survey_app.web.field.aboard import render

KEY = "age1" + "q" * 58
PAGE = "https://paroles.exemple/retrait"


def bare(sheet: aboard.Sheet, section: Any) -> str:
    return f"<p>{sheet.language} {section.name}</p>"


def taken(session: Session, actor: Actor, made: aboard.Render = bare) -> dict[str, Any]:
    return aboard.package(session, actor, aboard.Frame([KEY], PAGE, made))


def test_the_package_holds_what_the_collector_needs(
    session: Session, campaign: Campaign, actors: dict[str, Actor]
) -> None:
    meeting = factories.meeting(session, campaign, actors["councillor"])
    found = taken(session, actors["councillor"])
    assert found["version"] == 1
    assert found["recipients"] == [KEY]
    assert found["account"]["id"] == str(actors["councillor"].account_id)
    [told] = found["campaigns"]
    assert (told["id"], told["title"]) == (str(campaign.id), "Vivre ici")
    assert told["retention_until"] == "31 décembre 2030"
    assert told["withdrawal_page"] == PAGE
    [held] = found["meetings"]
    assert held["id"] == str(meeting.id)
    assert held["neighbourhood"]["name"] == "Centre Ville"
    assert (held["state"], held["held_on"], held["collective"]) == ("open", "2026-04-02", False)
    names = {version.name: version.fingerprint for version in campaign.questionnaires}
    assert {(form["name"], form["fingerprint"]) for form in found["forms"]} == set(names.items())
    for form in found["forms"]:
        whole = adapt.testimony_part(library.load(form["name"]))
        assert [section["name"] for section in form["sections"]] == [s.name for s in whole.sections]
        assert form["places"] == {"halles": "Les Halles"}
        assert form["neighbourhood"] == held["neighbourhood"]["id"]
    languages = {(form["name"], form["language"]) for form in found["forms"]}
    assert languages == {
        (name, language) for name in names for language in library.load(name).languages
    }


def test_the_same_words_give_the_same_bytes_and_keys(
    session: Session, campaign: Campaign, actors: dict[str, Actor]
) -> None:
    factories.meeting(session, campaign, actors["councillor"])
    first = aboard.serialised(taken(session, actors["councillor"]))
    aboard._RENDERED.clear()
    assert aboard.serialised(taken(session, actors["councillor"])) == first
    keys = {form["key"] for form in json.loads(first)["forms"]}
    assert len(keys) == len(json.loads(first)["forms"])
    campaign.controller = "Un autre responsable"
    session.flush()
    after = taken(session, actors["councillor"])
    assert aboard.etag(aboard.serialised(after)) != aboard.etag(first)
    assert keys.isdisjoint(form["key"] for form in after["forms"])


def test_a_new_sector_is_a_new_form(
    session: Session, campaign: Campaign, actors: dict[str, Actor]
) -> None:
    factories.meeting(session, campaign, actors["councillor"])
    before = {form["key"] for form in taken(session, actors["councillor"])["forms"]}
    place = campaign.neighbourhoods[0].id
    session.add(
        Sector(council_id=campaign.council_id, neighbourhood_id=place, name="gare", label="La gare")
    )
    session.flush()
    after = taken(session, actors["councillor"])["forms"]
    assert before.isdisjoint(form["key"] for form in after)
    assert after[0]["places"] == {"gare": "La gare", "halles": "Les Halles"}


def test_only_meetings_that_are_mine_and_can_still_receive(
    session: Session, council: Council, campaign: Campaign, actors: dict[str, Actor]
) -> None:
    mine, other = actors["councillor"], actors["councillor2"]
    ready = factories.meeting(session, campaign, mine, state="planned")
    opened = factories.meeting(session, campaign, mine)
    factories.meeting(session, campaign, mine, state="closed")
    hers = factories.meeting(session, campaign, other)
    closed = factories.campaign(session, factories.council(session, "Ailleurs"), "ailleurs")
    factories.meeting(session, closed, None)
    campaign_over = factories.meeting(session, campaign, mine)
    assert {row["id"] for row in taken(session, mine)["meetings"]} == {
        str(row.id) for row in (ready, opened, campaign_over)
    }
    assert {row["id"] for row in taken(session, other)["meetings"]} == {str(hers.id)}
    campaign.state = "review"
    session.flush()
    after = taken(session, mine)
    assert (after["meetings"], after["forms"], after["campaigns"]) == ([], [], [])


def test_a_collective_meeting_says_so(
    session: Session, campaign: Campaign, actors: dict[str, Actor]
) -> None:
    factories.meeting(session, campaign, actors["councillor"], method="collectif")
    [told] = taken(session, actors["councillor"])["meetings"]
    assert told["collective"] is True


@pytest.mark.parametrize("role", ["evaluator", "reader", "admin", "dpo"])
def test_who_may_not_collect_takes_nothing(
    session: Session, campaign: Campaign, actors: dict[str, Actor], role: str
) -> None:
    with pytest.raises(Forbidden):
        taken(session, actors[role])


@given(st.binary())
def test_the_etag_is_short_and_follows_the_bytes(content: bytes) -> None:
    assert re.fullmatch(r"[0-9a-f]{32}", aboard.etag(content))
    assert aboard.etag(content) != aboard.etag(content + b" ")


@pytest.fixture
def held(app: Flask, runtime: Runtime) -> tuple[FlaskClient, dict[str, str]]:
    """A tablet of the councillor, with its token, and an open meeting."""
    with runtime.database.writing() as session:
        council = factories.council(session)
        actors = factories.actors(session, council)
        campaign = factories.campaign(session, council)
        factories.meeting(session, campaign, actors["councillor"])
        _, token = devices.enrol(session, actors["councillor"], "Tablette")
    return app.test_client(), {"Authorization": f"Bearer {token}", "Accept": "application/json"}


def test_the_html_is_that_of_the_online_page(held: tuple[FlaskClient, dict[str, str]]) -> None:
    client, headers = held
    found = client.get("/terrain/api/bord", headers=headers).get_json()
    form = next(
        form
        for form in found["forms"]
        if form["name"].startswith("Q01") and form["language"] == "fr"
    )
    html = "".join(section["html"] for section in form["sections"])
    for section in form["sections"]:
        for question in section["questions"]:
            assert f'id="q-{question["name"]}-question"' in section["html"]
            has_condition = question["relevant"] is not None
            block = section["html"].split(f'data-question="{question["name"]}"')[1].split(">")[0]
            assert ("data-relevant" in block) is has_condition
            assert "hidden" not in block
    assert "{code_retrait}" in html
    assert "{quartier}" not in html
    assert "csrf" not in html
    assert "<script" not in html
    assert " style=" not in html
    arabic = [form for form in found["forms"] if form["language"] == "ar"]
    assert all(form["direction"] == "rtl" for form in arabic)
    assert arabic
    assert 'dir="rtl"' in arabic[0]["sections"][0]["html"]


def test_a_tablet_that_has_it_is_told_so_compressed_or_not(
    held: tuple[FlaskClient, dict[str, str]],
) -> None:
    client, headers = held
    plain = client.get("/terrain/api/bord", headers=headers)
    assert plain.status_code == 200
    small = client.get("/terrain/api/bord", headers=headers | {"Accept-Encoding": "gzip"})
    assert gzip.decompress(small.data) == plain.data
    assert len(small.data) < len(plain.data) / 4
    for encoding, answer in (("identity", plain), ("gzip", small)):
        known = {"If-None-Match": answer.headers["ETag"], "Accept-Encoding": encoding}
        again = client.get("/terrain/api/bord", headers=headers | known)
        assert (again.status_code, again.data) == (304, b"")
    assert plain.headers["Cache-Control"] == "no-store"


def test_only_a_tablet_may_ask(app: Flask, held: tuple[FlaskClient, dict[str, str]]) -> None:
    client, headers = held
    assert client.get("/terrain/api/bord", headers=headers).status_code == 200
    for false in ("", "Bearer", "Bearer " + "A" * 43, headers["Authorization"][:-1]):
        answer = client.get("/terrain/api/bord", headers=headers | {"Authorization": false})
        assert answer.status_code == 401
        assert answer.get_json()["code"] == "device_revoked"
    cookie = client_for(app, "councillor").get("/terrain/api/bord")
    assert cookie.status_code == 401


def test_every_questionnaire_of_the_library_comes_aboard(
    app: Flask, session: Session, council: Council, actors: dict[str, Actor]
) -> None:
    campaign = factories.campaign(session, council)
    names = {name for name in library.names() if library.load(name).usage == "testimony"}
    known = {version.name for version in campaign.questionnaires}
    campaign.questionnaires += [
        factories.questionnaire(session, council, name) for name in sorted(names - known)
    ]
    factories.meeting(session, campaign, actors["councillor"])
    with app.test_request_context():
        found = taken(session, actors["councillor"], render)
    assert {form["name"] for form in found["forms"]} == names
    print(len(aboard.serialised(found)), len(gzip.compress(aboard.serialised(found))))
    for form in found["forms"]:
        for section in form["sections"]:
            assert section["html"].count('data-question="') == len(section["questions"])
