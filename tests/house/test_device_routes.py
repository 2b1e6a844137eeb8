"""What tablets call: a token of one's own opens it, a cookie never, another council's nothing."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from flask import Flask

import factories
from house.test_routes import CANARY, address, routes, settle, visitor
from survey_app.models import Account, Device
from survey_app.permissions import PERMISSIONS, Role
from survey_app.runtime import Runtime
from survey_app.services import devices

ITEM = "11111111-2222-4333-8444-555555555555"
Houses = dict[str, dict[str, Any]]


@pytest.fixture
def houses(runtime: Runtime) -> Houses:
    with runtime.database.writing() as session:
        own = settle(session, "d’ici", "ici", "bonjour")
        other = settle(session, "voisin", "voisin", CANARY)
    return {"own": own, "other": other}


def called(app: Flask, values: dict[str, Any], token: str) -> list[tuple[str, int, str]]:
    """What every tablet route answers to this token: its name, status and body."""
    visitor = app.test_client(use_cookies=False)
    found = []
    given = values | {"media_id": uuid.UUID(ITEM), "offset": 0}
    for rule, method, _ in routes(app, device=True):
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        answer = visitor.open(address(app, rule, given), method=method, headers=headers)
        name = f"{method} {rule.rule}"
        found.append((name, answer.status_code, answer.get_data(as_text=True)))
    return found


def test_there_are_such_routes(app: Flask) -> None:
    assert len(routes(app, device=True)) >= 2


@pytest.mark.parametrize("login", ["anonymous", *(role.value for role in Role)])
def test_no_cookie_opens_them(app: Flask, houses: Houses, login: str) -> None:
    person = visitor(app, login)
    given = houses["own"] | {"media_id": uuid.UUID(ITEM), "offset": 0}
    for rule, method, _ in routes(app, device=True):
        answer = person.open(address(app, rule, given), method=method)
        assert answer.status_code == 401, rule.rule
        assert answer.mimetype == "application/json"
        assert "bonjour" not in answer.get_data(as_text=True)


@pytest.mark.parametrize("role", [role.value for role in Role])
def test_only_the_roles_that_collect_come_in_by_their_token(
    app: Flask, runtime: Runtime, houses: Houses, role: str
) -> None:
    token = f"jeton-{role}"
    with runtime.database.writing() as session:
        council = session.get_one(Device, houses["own"]["device_id"]).council_id
        account = session.query(Account).filter_by(login=f"{role}-ici").one()
        row = Device(
            council_id=council,
            account_id=account.id,
            label="Tablette",
            token_hash=devices._hash(token),
        )
        session.add(row)
    for name, status, said in called(app, houses["own"], token):
        allowed = role in PERMISSIONS["testimony.collect"]
        assert (status not in {401, 403}) is allowed, name
        assert allowed or (status == 403 and "bonjour" not in said), name
        assert CANARY not in said, name
        assert status < 500, name
    with runtime.database.writing() as session:
        devices.revoke(session, factories.actor(coordinator(session)), row.id)
    assert {status for _, status, _ in called(app, houses["own"], token)} == {401}


def coordinator(session: Any) -> Account:
    found: Account = session.query(Account).filter_by(login="coordinator-ici").one()
    return found


def test_no_token_and_a_wrong_one_open_nothing(app: Flask, houses: Houses) -> None:
    for token in ("", "faux"):
        assert {status for _, status, _ in called(app, houses["own"], token)} == {401}
