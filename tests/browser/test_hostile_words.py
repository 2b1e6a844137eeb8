"""Testimonies are hostile input when displayed: nothing they hold ever runs, on any page."""

from __future__ import annotations

import pytest
from flask import Flask
from playwright.sync_api import ConsoleMessage, Dialog
from sqlalchemy import select

import factories
import results_cases
from survey_app.models import Campaign
from survey_app.permissions import Role
from survey_app.runtime import Runtime
from survey_app.services import syntheses
from tests.browser.person import World
from tests.house.test_routes import address, routes

HOSTILE = (
    "<script>alert(1)</script><img src=x onerror=alert(2)> {{ 7*7 }} {% raw %} "
    '"><svg onload=alert(3)> javascript:alert(4) </textarea></title><style>*{display:none}</style> '
    "&lt;b&gt; \u202eenvers\u202c 👩🏽‍🌾 שלום ${7*7} '; DROP TABLE testimonies; --"
)


def plant(runtime: Runtime) -> dict[str, object]:
    """The hostile words in every text that a person may write or say, coded and drafted."""
    with runtime.database.writing() as session:
        council = factories.council(session, HOSTILE[:190])
        actors = factories.actors(session, council, suffix="-ici")
        campaign: Campaign = factories.campaign(
            session, council, "ici", title=HOSTILE[:190], question=HOSTILE, purpose=HOSTILE
        )
        meeting = factories.meeting(session, campaign, actors["councillor"], place=HOSTILE[:190])
        said = factories.testimony(session, meeting, text=HOSTILE, masked=HOSTILE)
        waiting = factories.testimony(session, meeting, text=HOSTILE, state="to_review")
        waiting.reviewer_id = actors["coordinator"].account_id
        results_cases.coded(session, said, "LOG4", actors["coordinator"], tonalite="positive")
        syntheses.draft(session, actors["coordinator"], campaign)
        return {
            "slug": "ici",
            "testimony_id": said.id,
            "meeting_id": meeting.id,
            "account_id": actors["reader"].account_id,
            "version": 1,
            "theme": "LOG",
            "code": "LOG",
            "waiting": waiting.id,
        }


@pytest.mark.browser
@pytest.mark.parametrize("role", [Role.COORDINATOR, Role.EVALUATOR])
def test_nothing_in_a_testimony_ever_runs(
    app: Flask, runtime: Runtime, world: World, role: Role
) -> None:
    values = plant(runtime)
    person = world.person(f"{role.value}-ici")
    ran: list[str] = []
    refused: list[str] = []

    def dialog(box: Dialog) -> None:
        ran.append(box.message)
        box.dismiss()

    def console(message: ConsoleMessage) -> None:
        if "Content Security Policy" in message.text:
            refused.append(message.text)

    person.page.on("dialog", dialog)
    person.page.on("console", console)
    shown = 0
    for rule, method, _ in routes(app):
        if method != "GET" or not rule.arguments <= values.keys():
            continue
        where = address(app, rule, values)
        told = person.page.request.get(person.site + where).headers
        if "attachment" in told.get("content-disposition", ""):
            continue  # a file to save, that the browser does not show
        person.go(where)
        shown += "<script>alert(1)</script>" in person.page.inner_text("body")
        assert "49" not in person.page.title()
    person.go(f"/relecture/temoignage/{values['waiting']}")
    assert ran == []
    assert refused == []
    assert shown > (8 if role is Role.COORDINATOR else 3)
    with runtime.database.reading() as session:
        assert session.scalars(select(Campaign)).one().slug == "ici"
