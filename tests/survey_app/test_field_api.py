"""The tablet's own door: its token, its requests, its receipts; nobody else comes in by it."""

from __future__ import annotations

import errno
import logging
import uuid
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event, func, select, text
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

import envelopes
import field_cases
from field_cases import SEND, Field, body, post
from pages import client_for
from survey_app import errors
from survey_app.models import Account, AccountRole, Device, Testimony
from survey_app.runtime import Runtime
from survey_app.services import consents, devices, sealed_items, throttle


@pytest.fixture
def field(runtime: Runtime) -> Field:
    return field_cases.settle(runtime)


def stored(field: Field) -> int:
    with field.runtime.database.reading() as session:
        return session.scalar(select(func.count()).select_from(Testimony)) or 0


def test_a_batch_has_its_receipts_once_it_is_on_the_disk(app: Flask, field: Field) -> None:
    items = [field.item(field.plain()) for _ in range(3)]
    answer = post(app, field.token, body(*items))
    assert answer.status_code == 200, answer.get_data(as_text=True)
    assert answer.headers["Cache-Control"] == "no-store"
    receipts = answer.json["receipts"]
    assert [one["id"] for one in receipts] == [str(item.id) for item in items]
    assert [one["status"] for one in receipts] == ["stored"] * 3
    assert [one["number"] for one in receipts] == [1, 2, 3]
    assert [one["digest"] for one in receipts] == [item.digest for item in items]
    assert answer.json["server_time"].endswith("+00:00")
    with field.runtime.database.reading() as session:
        kept = session.get_one(Testimony, items[0].id)
        assert kept.collector_id == field.actors["councillor"].account_id
        assert (kept.device, kept.origin) == (str(field.device_id), "offline")
        assert kept.state == "to_review"


def test_a_rejection_says_why_to_people_and_to_machines(app: Flask, field: Field) -> None:
    wrong = field.plain()
    wrong["answers"] = wrong["answers"] | {"age": "toujours"}
    good, bad = field.item(field.plain()), field.item(wrong)
    receipts = post(app, field.token, body(bad, good)).json["receipts"]
    assert [one["status"] for one in receipts] == ["rejected", "stored"]
    assert receipts[0]["code"] == "answers"
    assert receipts[0]["digest"] == bad.digest
    assert all(isinstance(problem, str) for problem in receipts[0]["problems"])


@pytest.mark.parametrize(
    "sent",
    [
        b'{"items": [{"id": "01',
        b"",
        b"[]",
        b'{"items": {}}',
        b'{"items": [1]}',
        b'{"items": [{"id": "x", "kind": "testimony", "digest": "", "sealed": ""}]}',
        b'{"items": [{"sealed": "***"}]}',
        b'{"a":' * 3000 + b"1" + b"}" * 3000,
        b"\xff\xfe",
    ],
)
def test_a_request_cut_short_is_told_in_french_and_stores_nothing(
    app: Flask, field: Field, sent: bytes
) -> None:
    visitor = app.test_client(use_cookies=False)
    headers = {"Authorization": f"Bearer {field.token}", "Content-Type": "application/json"}
    answer = visitor.post(SEND, data=sent, headers=headers)
    assert answer.status_code == 400
    assert answer.json["code"] == "bad-request"
    assert "rien n’est effacé de la tablette" in answer.json["remedy"]
    assert stored(field) == 0


def test_too_many_items_or_too_many_bytes_are_refused_whole(app: Flask, field: Field) -> None:
    many = [field.item(field.plain()) for _ in range(sealed_items.MAX_ITEMS + 1)]
    answer = post(app, field.token, body(*many))
    assert (answer.status_code, answer.json["code"]) == (413, "too-much")
    assert "10 témoignages" in answer.json["message"]
    heavy = {"items": [{"sealed": "A" * sealed_items.MAX_BYTES}]}
    assert post(app, field.token, heavy).status_code == 413
    assert stored(field) == 0
    assert post(app, field.token, body(*many[:10])).status_code == 200
    assert stored(field) == 10


def refused(answer: Any, status: int, code: str) -> None:
    assert (answer.status_code, answer.json["code"]) == (status, code)
    assert answer.json["message"].endswith(".")


def test_a_revoked_tablet_or_a_closed_account_is_401_and_a_lost_role_403(
    app: Flask, field: Field
) -> None:
    sent = body(field.item(field.plain()))
    me = field.actors["councillor"]
    with field.runtime.database.writing() as session:
        session.get_one(Account, me.account_id).active = False
    refused(post(app, field.token, sent), 401, "device_revoked")
    with field.runtime.database.writing() as session:
        account = session.get_one(Account, me.account_id)
        account.active, account.roles = True, [AccountRole(role="reader")]
    refused(post(app, field.token, sent), 403, "forbidden")
    with field.runtime.database.writing() as session:
        session.get_one(Account, me.account_id).roles = [AccountRole(role="councillor")]
    assert post(app, field.token, sent).status_code == 200
    with field.runtime.database.writing() as session:
        devices.revoke(session, me, field.device_id)
    refused(post(app, field.token, sent), 401, "device_revoked")


def test_a_cookie_opens_nothing_here_and_a_token_nothing_elsewhere(
    app: Flask, field: Field
) -> None:
    person = client_for(app, "councillor")
    sent = body(field.item(field.plain()))
    answer = person.post(SEND, json=sent)
    refused(answer, 401, "device_revoked")
    for header in ("", "Bearer", "Bearer ", f"Basic {field.token}", f"Bearer {field.token}x"):
        visitor = app.test_client(use_cookies=False)
        answer = visitor.post(SEND, json=sent, headers={"Authorization": header})
        refused(answer, 401, "device_revoked")
    visitor = app.test_client(use_cookies=False)
    token = {"Authorization": f"Bearer {field.token}"}
    assert visitor.get("/collecte", headers=token).status_code in {303, 308}
    assert visitor.get("/terrain/appareils", headers=token).status_code == 303
    assert stored(field) == 0


def test_guessing_tokens_is_slowed_down_and_never_stops_a_good_one(
    app: Flask, field: Field
) -> None:
    sent = body(field.item(field.plain()))
    for rank in range(throttle.DEVICE_ADDRESS.failures):
        assert post(app, f"{rank}", sent).status_code == 401
    refused(post(app, "encore", sent), 429, "too-many")
    assert post(app, field.token, sent).status_code == 200
    with field.runtime.database.writing() as session:
        devices.revoke(session, field.actors["councillor"], field.device_id)
    refused(post(app, field.token, sent), 401, "device_revoked")


def test_a_full_disk_is_507_and_the_same_request_passes_once_there_is_room(
    app: Flask, field: Field
) -> None:
    limit = {"pages": 2**30}

    def bounded(connection: Any, *_: Any) -> None:
        connection.execute(f"PRAGMA max_page_count = {limit['pages']}")

    event.listen(field.runtime.database.engine, "checkout", bounded)
    with field.runtime.database.engine.connect() as connection:
        limit["pages"] = connection.execute(text("PRAGMA page_count")).scalar_one() + 4
    long = field.plain()["answers"] | {"recit_quartier": "Des mots. " * 5_000}
    sent = body(*[field.item(field.plain(answers=long)) for _ in range(10)])
    refused(post(app, field.token, sent), 507, "full")
    assert stored(field) == 0
    limit["pages"] = 2**30
    assert {one["status"] for one in post(app, field.token, sent).json["receipts"]} == {"stored"}
    assert stored(field) == 10


def test_a_form_of_the_desk_says_the_same_in_a_page(app: Flask, field: Field) -> None:
    """The commit itself fails here: it happens once the view is done."""
    person = client_for(app, "councillor")
    token = person.token("/terrain/appareils")

    def no_room(_session: Any) -> None:
        raise OperationalError("COMMIT", {}, Exception("database or disk is full"))

    event.listen(Session, "before_commit", no_room)
    try:
        path = f"/terrain/appareils/{field.device_id}/revoquer"
        answer = person.post(path, data={"csrf_token": token})
    finally:
        event.remove(Session, "before_commit", no_room)
    assert answer.status_code == 507
    assert "n’a plus de place" in answer.get_data(as_text=True).replace("\xa0", " ")
    with field.runtime.database.reading() as session:
        assert session.get_one(Device, field.device_id).revoked_at is None


def test_what_a_full_disk_looks_like() -> None:
    assert errors.is_full(OSError(errno.ENOSPC, "no room"))
    assert not errors.is_full(OSError(errno.EACCES, "not yours"))
    assert not errors.is_full(OperationalError("INSERT", {}, Exception("database is locked")))
    try:
        try:
            raise OSError(errno.ENOSPC, "no room")
        except OSError:
            raise RuntimeError("closing failed too")  # noqa: B904  # what happens when it does
    except RuntimeError as error:
        assert errors.is_full(error)  # noqa: PT017


def test_no_word_no_code_and_no_token_reaches_the_log(
    app: Flask, field: Field, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    good, twin = field.plain(), field.plain()
    twin["withdrawal_code"] = good["withdrawal_code"]  # the database itself refuses this one
    wrong = field.plain()
    wrong["answers"] = wrong["answers"] | {"age": "motinconnu"}
    assert post(app, field.token, body(*map(field.item, (good, twin, wrong)))).status_code == 200
    said = caplog.text
    for secret in (envelopes.WORDS, "motinconnu", good["withdrawal_code"], field.token):
        assert secret not in said
    assert consents.normalise(good["withdrawal_code"]) not in said


def test_enrolling_asks_for_a_login_and_a_form_token(app: Flask, field: Field) -> None:
    person = client_for(app, "councillor")
    answer = person.post("/terrain/appareils", json={"label": "Tablette bleue"})
    assert answer.status_code == 401, "without the token of the form"
    assert app.test_client().post("/terrain/appareils", json={"label": "x"}).status_code == 401
    due = {"X-CSRFToken": person.token("/compte")}
    for bad in ({"label": " "}, {"label": 3}, [], {"label": "x" * 61}):
        assert person.post("/terrain/appareils", json=bad, headers=due).status_code == 422
    label = {"label": "  Tablette\tbleue "}
    made = person.post("/terrain/appareils", json=label, headers=due)
    assert made.status_code == 201
    told = made.json
    assert told["profile"]["id"] == str(field.actors["councillor"].account_id)
    assert told["council"]["id"] == str(field.council)
    assert told["recipients"][0].startswith("age1")
    with field.runtime.database.reading() as session:
        kept = session.get_one(Device, uuid.UUID(told["device"]["id"]))
        assert kept.label == "Tablette bleue"
        assert told["device"]["token"] not in kept.token_hash
    sent = body(field.item(field.plain()))
    assert post(app, told["device"]["token"], sent).status_code == 200, "no form token is due"
