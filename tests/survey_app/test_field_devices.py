"""Tablets of an account: enrolled, recognised, listed to whom they concern, revoked."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

import field_cases
from field_cases import Field
from pages import client_for
from survey_app.domain import Forbidden, Invalid, NotFound
from survey_app.models import AuditEvent, Device, now
from survey_app.permissions import system_actor
from survey_app.runtime import Runtime
from survey_app.services import devices
from survey_app.services.devices import DeviceRevoked


@pytest.fixture
def field(runtime: Runtime) -> Field:
    return field_cases.settle(runtime)


def test_the_token_is_told_once_and_only_its_hash_is_kept(field: Field) -> None:
    with field.runtime.database.reading() as session:
        kept = session.get_one(Device, field.device_id)
        assert len(field.token) == 43
        assert field.token not in kept.token_hash
        journal = select(AuditEvent).where(AuditEvent.record_id == kept.id)
        line = session.scalars(journal).one()
        assert (line.action, line.kind, line.details) == ("device_enrolled", "devices", {})


@pytest.mark.parametrize("label", ["", "  ", "x" * 61, "a\0b", "a\u202eb"])
def test_a_name_that_nobody_can_read_is_refused(field: Field, label: str) -> None:
    with field.runtime.database.writing() as session, pytest.raises(Invalid, match="lisible"):
        devices.enrol(session, field.actors["councillor"], label)


def test_only_an_account_that_collects_has_tablets(field: Field) -> None:
    with field.runtime.database.writing() as session:
        with pytest.raises(Forbidden):
            devices.enrol(session, field.actors["reader"], "Tablette")
        with pytest.raises(Forbidden):
            devices.enrol(session, system_actor(field.council), "Tablette")


def test_recognised_with_the_rights_of_now_and_its_contact_noted(field: Field) -> None:
    earlier = now() - timedelta(hours=3)
    with field.runtime.database.writing() as session:
        session.get_one(Device, field.device_id).contact_at = earlier
    found = devices.recognise(field.runtime, field.token, "127.0.0.1")
    assert found.device_id == field.device_id
    assert found.actor == field.actors["councillor"]
    with field.runtime.database.reading() as session:
        contact = session.get_one(Device, field.device_id).contact_at
        assert contact is not None
        assert now() - contact < timedelta(minutes=1)
    devices.recognise(field.runtime, field.token, "127.0.0.1")
    with field.runtime.database.reading() as session:
        assert session.get_one(Device, field.device_id).contact_at == contact


def test_each_sees_their_own_and_the_coordination_all_those_of_the_council(
    runtime: Runtime, field: Field
) -> None:
    other = field_cases.settle(runtime, "voisin")
    with runtime.database.writing() as session:
        second, _ = devices.enrol(session, field.actors["councillor2"], "Tablette verte")
    with runtime.database.reading() as session:
        names = {
            who: [row.label for row in devices.listed(session, field.actors[who])]
            for who in ("councillor", "councillor2", "coordinator")
        }
        assert names["councillor"] == ["Tablette bleue"]
        assert names["councillor2"] == ["Tablette verte"]
        assert sorted(names["coordinator"]) == ["Tablette bleue", "Tablette verte"]
    with runtime.database.writing() as session:
        for who, key in (("councillor", second.id), ("coordinator", other.device_id)):
            with pytest.raises(NotFound):
                devices.revoke(session, field.actors[who], key)
        devices.revoke(session, field.actors["coordinator"], second.id)
        devices.revoke(session, field.actors["coordinator"], second.id)
        lines = select(AuditEvent).where(AuditEvent.action == "device_revoked")
        assert len(session.scalars(lines).all()) == 1


def test_a_revoked_tablet_is_refused_with_what_to_do(field: Field) -> None:
    with field.runtime.database.writing() as session:
        devices.revoke(session, field.actors["councillor"], field.device_id)
    with pytest.raises(DeviceRevoked, match="fichier de secours"):
        devices.recognise(field.runtime, field.token, "127.0.0.1")


def test_the_page_lists_and_revokes(app: Flask, field: Field) -> None:
    person = client_for(app, "councillor")
    page = person.get("/terrain/appareils").get_data(as_text=True)
    assert "Mes tablettes" in page
    assert "Tablette bleue" in page
    assert field.token not in page
    path = f"/terrain/appareils/{field.device_id}/revoquer"
    answer = person.send(path, {}, page="/terrain/appareils")
    assert (answer.status_code, answer.location) == (303, "/terrain/appareils")
    page = person.get("/terrain/appareils").get_data(as_text=True)
    assert "Révoquée le" in page
    assert "revoquer" not in page
    everybody = client_for(app, "coordinator").get("/terrain/appareils").get_data(as_text=True)
    assert "Tablettes du conseil" in everybody
    assert client_for(app, "reader").get("/terrain/appareils").status_code == 404
    assert "Aucune tablette" in client_for(app, "councillor2").get("/terrain/appareils").text
