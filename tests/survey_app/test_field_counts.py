"""Counts and contacts that tablets bring home; room and statements that a batch asks for."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from sqlalchemy import event, func, select, text
from sqlalchemy.exc import OperationalError

import field_cases
from field_cases import Field
from survey_app import errors
from survey_app.models import AuditEvent, Delivery, Meeting, RecontactEntry, Testimony
from survey_app.runtime import Runtime
from survey_app.services import arrivals, contacts
from survey_app.services.sealed_items import Item


@pytest.fixture
def field(runtime: Runtime) -> Field:
    return field_cases.settle(runtime)


def counted(field: Field, model: type[Any]) -> int:
    with field.runtime.database.reading() as session:
        return session.scalar(select(func.count()).select_from(model)) or 0


def test_counts_are_added_once_even_late(field: Field) -> None:
    refusal, stopped = field.count("refusal"), field.count("stopped")
    sent = [field.item(refusal, "refusal"), field.item(stopped, "stopped")]
    assert [one.status for one in field.receive(*sent)] == ["stored", "stored"]
    with field.runtime.database.writing() as session:
        session.get_one(Meeting, field.meeting.id).state = "closed"
    assert [one.status for one in field.receive(*sent, sent[0])] == ["duplicate"] * 3
    late = field.item(field.count("refusal"), "refusal")
    assert [one.status for one in field.receive(late, late)] == ["stored", "duplicate"]
    other = field.item(refusal | {"at": "2026-04-03T00:00:00Z"}, "refusal")
    assert field.receive(other)[0].status == "conflict"
    lying = field.item(field.count("refusal"), "stopped")
    assert field.receive(lying)[0].code == "unreadable"
    lost = field.item(field.count("refusal", meeting=str(uuid.uuid4())), "refusal")
    assert field.receive(lost)[0].code == "foreign"
    with field.runtime.database.reading() as session:
        meeting = session.get_one(Meeting, field.meeting.id)
        assert (meeting.refusals, meeting.stopped) == (2, 1)
    assert counted(field, Delivery) == 3


def test_a_contact_stands_apart_and_once_erased_stays_so(field: Field) -> None:
    left = field.contact("06 00 00 00 00")
    item = field.item(left, "contact")
    before = counted(field, AuditEvent)
    assert [one.status for one in field.receive(item, item)] == ["stored", "duplicate"]
    assert counted(field, Delivery) == 0
    assert counted(field, AuditEvent) == before
    assert field.receive(field.item(left | {"contact": "autre"}, "contact"))[0].status == "conflict"
    empty = field.receive(field.item(field.contact("  "), "contact"))[0]
    assert (empty.status, empty.code) == ("rejected", "answers")
    with field.runtime.database.writing() as session:
        contacts.erase(session, field.actors["coordinator"], item.id)
    assert field.receive(item)[0].status == "duplicate"
    assert counted(field, RecontactEntry) == 0


def test_a_full_disk_loses_nothing_and_the_same_batch_passes_once_there_is_room(
    runtime: Runtime, field: Field
) -> None:
    engine = runtime.database.engine
    limit = {"pages": 0}

    def bounded(connection: Any, *_: Any) -> None:
        pages = limit["pages"] or 2**30
        connection.execute(f"PRAGMA max_page_count = {pages}")

    event.listen(engine, "checkout", bounded)
    with engine.connect() as connection:
        limit["pages"] = connection.execute(text("PRAGMA page_count")).scalar_one() + 40
    acknowledged: list[arrivals.Arrival] = []
    batch: list[Item] = []
    long = field.plain()["answers"] | {"recit_quartier": "Des mots. " * 900}

    def fill() -> None:
        for _ in range(60):
            batch[:] = [field.item(field.plain(answers=long)) for _ in range(4)]
            acknowledged.extend(field.receive(*batch))

    with pytest.raises(OperationalError) as refused:
        fill()
    assert errors.is_full(refused.value)
    assert acknowledged
    assert counted(field, Testimony) == len(acknowledged)
    limit["pages"] = 0
    assert [one.status for one in field.receive(*batch)] == ["stored"] * 4
    with runtime.database.reading() as session:
        kept = set(session.scalars(select(Testimony.id)))
        assert session.execute(text("PRAGMA integrity_check")).scalar_one() == "ok"
    assert {one.id for one in acknowledged} < kept


def test_a_batch_asks_the_database_little(field: Field) -> None:
    """Ten testimonies cost a handful of statements, not ten times that."""
    field.receive(field.item(field.plain()))
    items = [field.item(field.plain()) for _ in range(10)]
    statements: list[str] = []

    def note(_c: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        statements.append(statement)

    event.listen(field.runtime.database.engine, "before_cursor_execute", note)
    assert all(one.kept for one in field.receive(*items))
    event.remove(field.runtime.database.engine, "before_cursor_execute", note)
    assert 0 < len(statements) <= 24, statements
