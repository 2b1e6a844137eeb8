"""What each answer of the server does to the tablet: only an exact receipt deletes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Route

from field_cases import Field, settle
from survey_app.runtime import Runtime
from survey_app.services import devices
from tests.browser.field_sending import SENDING, Sender

pytestmark = pytest.mark.browser

Answer = dict[str, Any]


@pytest.fixture
def field(runtime: Runtime) -> Field:
    return settle(runtime)


@pytest.fixture
def tablet(field: Field, context: BrowserContext, site: str) -> Sender:
    return Sender(context.new_page(), site, field)


def altered(change: Callable[[Answer], object]) -> Callable[[Route], None]:
    """A network that lets the request through and changes the answer."""

    def handle(route: Route) -> None:
        body = route.fetch().json()
        change(body)
        route.fulfill(json=body)

    return handle


def each(**values: object) -> Callable[[Route], None]:
    return altered(lambda body: [receipt.update(values) for receipt in body["receipts"]])


def status(http: int, **body: object) -> Callable[[Route], None]:
    return lambda route: route.fulfill(status=http, json=body)


NO_RECEIPT: dict[str, Callable[[Route], None]] = {
    "other digest": each(digest="0" * 64),
    "no digest": each(digest=None),
    "other id": each(id="00000000-0000-7000-8000-000000000000"),
    "unknown status": each(status="merci"),
    "no receipt": altered(lambda body: body.update(receipts=[])),
    "not a list": altered(lambda body: body.update(receipts="oui")),
    "nothing in it": altered(lambda body: body.update(receipts=[None])),
    "a public network's page": lambda route: route.fulfill(body="<h1>Bienvenue</h1>"),
    "cut short": lambda route: route.fulfill(body='{"receipts": [{"id"'),
    "full disk": status(507, code="full", message="Plus de place.", remedy="Réessayez."),
    "a fault": status(500),
    "too many": status(429, code="429", message="Trop d’essais.", remedy="Attendez."),
    "role lost": status(403, code="forbidden", message="Non.", remedy="Demandez."),
}


def test_nothing_but_an_exact_receipt_deletes_anything(tablet: Sender, field: Field) -> None:
    made = tablet.testify(2)
    for name, handle in NO_RECEIPT.items():
        tablet.page.route(SENDING, handle)
        answer = tablet.sync()
        assert tablet.waiting() == sorted(made), name
        assert tablet.states() == {"waiting"}, name
        assert answer["failure"]["message"], name
        tablet.page.unroute(SENDING)
    for name, handle in {
        "rejected": each(status="rejected", code="answers", problems=["Il manque l’âge."]),
        "conflict": each(status="conflict", code="conflict", problems=["Un autre est là."]),
    }.items():
        tablet.page.route(SENDING, handle)
        assert tablet.sync()["failure"] is None, name
        assert tablet.waiting() == sorted(made), name
        lines = tablet.lines()
        assert {(line["state"], len(line["problems"])) for line in lines} == {("rejected", 1)}
        tablet.page.unroute(SENDING)
    assert tablet.sync()["failure"] is None
    assert tablet.waiting() == []
    assert tablet.stored() == sorted(made)


def test_what_is_refused_stays_with_its_reason_and_hurts_nobody(
    tablet: Sender, field: Field
) -> None:
    [bad] = tablet.testify(age="demain")
    good = tablet.testify(2)
    assert tablet.sync() == {"failure": None, "waiting": 0, "rejected": 1}
    assert tablet.stored() == sorted(good)
    assert tablet.waiting() == [bad]
    [line] = [line for line in tablet.lines() if line["id"] == bad]
    assert line["state"] == "rejected"
    assert line["problems"]
    requests: list[str] = []
    tablet.page.on("request", lambda request: requests.append(request.url))
    tablet.run("sync.start(); await new Promise((done) => setTimeout(done, 300));")
    assert requests == []  # it waits for a person
    tablet.sync()
    assert len(requests) == 1


def test_media_that_are_awaited_do_not_reject_the_words(tablet: Sender, field: Field) -> None:
    made = tablet.testify()
    tablet.page.route(SENDING, each(status="rejected", code="media_missing", problems=["…"]))
    assert tablet.sync()["waiting"] == 1
    assert tablet.states() == {"waiting"}
    tablet.page.unroute(SENDING)
    tablet.sync()
    assert tablet.stored() == made


def test_one_item_that_the_server_cannot_read_does_not_hold_the_others(
    tablet: Sender, field: Field
) -> None:
    made = tablet.testify(7)
    poison = made[3]

    def refuse(route: Route) -> None:
        if poison in (route.request.post_data or ""):
            route.fulfill(status=400, json={"code": "400", "message": "Pas lu.", "remedy": "…"})
        else:
            route.continue_()

    tablet.page.route(SENDING, refuse)
    assert tablet.sync()["failure"]["message"] == "Pas lu."
    assert tablet.waiting() == [poison]
    assert tablet.stored() == sorted(set(made) - {poison})


def test_a_revoked_tablet_keeps_everything_until_it_is_prepared_again(
    tablet: Sender, field: Field
) -> None:
    made = tablet.testify(2)
    with field.runtime.database.writing() as session:
        devices.revoke(session, field.actors["councillor"], field.device_id)
    answer = tablet.sync()
    assert answer["failure"]["code"] == "device_revoked"
    assert "Rien n’est perdu" in answer["failure"]["remedy"]
    assert tablet.waiting() == sorted(made)
    assert tablet.run("return vault.profiles();")[0]["revoked"] is True
    with field.runtime.database.writing() as session:
        _, token = devices.enrol(session, field.actors["councillor"], "Tablette bleue")
    tablet.prepare(token)
    assert tablet.run("return vault.profiles();")[0]["revoked"] is False
    assert tablet.sync()["waiting"] == 0
    assert tablet.stored() == sorted(made)
