"""What tablets bring home is stored once, whatever the order, the losses and the repeats."""

from __future__ import annotations

import hashlib
import json
import uuid
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

import envelopes
import field_cases
from field_cases import Field
from survey_app.domain import Forbidden
from survey_app.models import (
    AuditEvent,
    Campaign,
    Draft,
    Meeting,
    Testimony,
    TextVersion,
    now,
)
from survey_app.runtime import Runtime
from survey_app.services import collection, erasure
from survey_app.services.sealed_items import Item


@pytest.fixture
def field(runtime: Runtime) -> Field:
    return field_cases.settle(runtime)


def counted(field: Field, model: type[Any]) -> int:
    with field.runtime.database.reading() as session:
        return session.scalar(select(func.count()).select_from(model)) or 0


def test_every_word_is_there_and_the_receipt_is_that_of_what_was_sealed(field: Field) -> None:
    sent = field.item(field.plain())
    (receipt,) = field.receive(sent)
    assert (receipt.status, receipt.number, receipt.digest) == ("stored", 1, sent.digest)
    with field.runtime.database.reading() as session:
        kept = session.get_one(Testimony, sent.id)
        assert kept.said_on == date(2026, 4, 2)
        assert envelopes.WORDS in kept.texts[0].text
        assert {consent.scope: consent.decision for consent in kept.consents}["citer"] == "granted"
        actions = session.scalars(
            select(AuditEvent.action).where(AuditEvent.record_id == sent.id)
        ).all()
        assert actions == ["deposit", "state"]


def test_sent_again_it_is_a_duplicate_and_altered_a_conflict(field: Field) -> None:
    plain = field.plain()
    first = field.item(plain)
    assert [one.status for one in field.receive(first, first)] == ["stored", "duplicate"]
    (again,) = field.receive(field.item(plain))  # sealed anew: other bytes, same words
    assert (again.status, again.number, again.digest) == ("duplicate", 1, first.digest)
    other = plain | {"answers": plain["answers"] | {"recit_quartier": "Autre chose."}}
    (conflict,) = field.receive(field.item(other))
    assert (conflict.status, conflict.code, conflict.number) == ("conflict", "conflict", 0)
    (code,) = field.receive(field.item(plain | {"withdrawal_code": "2222-3333-4444"}))
    assert code.status == "conflict"
    assert counted(field, Testimony) == counted(field, TextVersion) == 1


def test_a_bad_item_does_not_hurt_the_nine_others(field: Field) -> None:
    good = [field.plain() for _ in range(9)]
    stolen = field.plain(withdrawal_code=good[4]["withdrawal_code"])
    sent = [field.item(plain) for plain in (*good[:5], stolen, *good[5:])]
    receipts = field.receive(*sent)
    assert [one.status for one in receipts].count("stored") == 9
    assert (receipts[5].status, receipts[5].code) == ("rejected", "withdrawal_code")
    assert sorted(one.number for one in receipts) == [0, *range(1, 10)]
    assert counted(field, Testimony) == 9


def test_each_reason_has_its_code_and_a_sentence(field: Field) -> None:
    plain = field.plain()
    unagreed = plain["answers"] | {"accord_noter": "non"}
    wrong = [
        (field.plain(answers=plain["answers"] | {"age": "toujours"}), "answers"),
        (field.plain(answers=unagreed), "answers"),
        (field.plain(answers=[]), "unreadable"),
        (field.plain(questionnaire="0" * 64), "version"),
        (field.plain(claimed_at="hier"), "unreadable"),
        (field.plain(claimed_at="2026-04-02T18:30:00"), "unreadable"),
        (field.plain(withdrawal_code="AAA"), "envelope"),
        (field.plain(language="français-du-coin"), "envelope"),
        (field.plain(format="autre"), "unreadable"),
        (field.plain(version=2), "unreadable"),
        (field.plain(meeting=str(uuid.uuid4())), "foreign"),
        (field.plain(council=str(uuid.uuid4())), "foreign"),
    ]
    for content, code in wrong:
        (receipt,) = field.receive(field.item(content))
        assert (receipt.status, receipt.code) == ("rejected", code), content
        assert receipt.problems[0].endswith("."), receipt
    assert counted(field, Testimony) == 0


def sealed_raw(field: Field, item: Item, raw: bytes) -> Item:
    digest = hashlib.sha256(raw).hexdigest()
    return replace(item, digest=digest, sealed=field_cases.seal(field.runtime, field.council, raw))


def test_what_does_not_open_or_lies_about_itself_is_unreadable(field: Field) -> None:
    item = field.item(field.plain())
    damaged = replace(item, sealed=item.sealed[:-1] + bytes((item.sealed[-1] ^ 1,)))
    deep = b'{"answers": ' + b'{"a":' * 700 + b"1" + b"}" * 701
    for bad in (
        damaged,
        replace(item, sealed=b""),
        replace(item, id=uuid.uuid4()),
        replace(item, kind="refusal"),
        replace(item, kind="media"),
        replace(item, digest="0" * 64),
        sealed_raw(field, item, b"[]"),
        sealed_raw(field, item, b'{"a": NaN}'),
        sealed_raw(field, item, b"\xff"),
        sealed_raw(field, item, json.dumps(field.plain(id=str(item.id), device="\ud800")).encode()),
        sealed_raw(field, item, deep),
    ):
        (receipt,) = field.receive(bad)
        assert (receipt.status, receipt.code) == ("rejected", "unreadable")
        assert "Rien" in receipt.problems[0] or "n’est pas effacé" in receipt.problems[0]
    assert counted(field, Testimony) == 0


def test_another_councils_meeting_answers_as_one_that_never_was(
    runtime: Runtime, field: Field
) -> None:
    other = field_cases.settle(runtime, "voisin", place="place du voisin")
    (foreign,) = field.receive(field.item(field.plain(meeting=str(other.meeting.id))))
    (unknown,) = field.receive(field.item(field.plain(meeting=str(uuid.uuid4()))))
    assert (foreign.code, foreign.problems) == (unknown.code, unknown.problems)
    assert "voisin" not in str(foreign)
    # Sealed to the neighbour: it does not even open here.
    mine = replace(other.item(other.plain()), id=uuid.uuid4())
    assert field.receive(mine)[0].code == "unreadable"
    (theirs,) = other.receive(other.item(other.plain()))
    assert theirs.status == "stored"
    stolen = field.plain(id=str(theirs.id))
    assert field.receive(field.item(stolen))[0].status == "conflict"


def test_another_councillors_meeting_is_foreign_and_the_reader_may_not_send(field: Field) -> None:
    sent = field.item(field.plain())
    assert field.receive(sent, who="councillor2")[0].code == "foreign"
    assert field.receive(sent, who="coordinator")[0].status == "stored"
    with pytest.raises(Forbidden):
        field.receive(sent, who="reader")


def test_a_planned_meeting_opens_with_the_first_words_and_a_closed_one_still_receives(
    runtime: Runtime,
) -> None:
    field = field_cases.settle(runtime, state="planned", held_on=None)
    refused = field.plain()
    refused["answers"] = refused["answers"] | {"age": "toujours"}
    assert field.receive(field.item(refused))[0].status == "rejected"
    with runtime.database.reading() as session:
        assert session.get_one(Meeting, field.meeting.id).state == "planned"
    assert [
        one.status for one in field.receive(*[field.item(field.plain()) for _ in range(2)])
    ] == [
        "stored",
        "stored",
    ]
    with runtime.database.writing() as session:
        meeting = session.get_one(Meeting, field.meeting.id)
        assert meeting.state == "open"
        assert meeting.held_on is not None
        moves = select(AuditEvent.details).where(AuditEvent.record_id == meeting.id)
        assert session.scalars(moves).one()["state_after"] == "open"
        assert {row.said_on for row in session.scalars(select(Testimony))} == {meeting.held_on}
        meeting.state = "closed"
    assert field.receive(field.item(field.plain()))[0].status == "stored"
    with runtime.database.writing() as session:
        session.get_one(Campaign, field.meeting.campaign_id).state = "returned"
    (late,) = field.receive(field.item(field.plain()))
    assert (late.status, late.code) == ("rejected", "closed")


def test_those_present_are_counted_here(runtime: Runtime) -> None:
    field = field_cases.settle(runtime, method="collectif")
    (receipt,) = field.receive(field.item(field.plain()))
    with runtime.database.reading() as session:
        assert session.get_one(Testimony, receipt.id).persons >= 1


def test_no_clock_is_ever_wrong_enough_to_refuse(field: Field) -> None:
    for moment in ("1999-12-31T23:59:59+14:00", "2031-01-01T00:00:00Z"):
        assert field.receive(field.item(field.plain(claimed_at=moment)))[0].status == "stored"


def test_an_erased_testimony_never_comes_back(field: Field) -> None:
    item = field.item(field.plain())
    field.receive(item)
    with field.runtime.database.writing() as session:
        erasure.erase(session, field.actors["coordinator"], field.runtime, item.id, "asked")
    (receipt,) = field.receive(item)
    assert (receipt.status, receipt.code) == ("rejected", "erased")
    assert counted(field, Testimony) == 0


def test_an_interview_that_is_at_the_desk_is_not_overwritten(field: Field) -> None:
    plain = field.plain()
    with field.runtime.database.writing() as session:
        version = field.meeting.campaign.questionnaires[0]
        me = field.actors["councillor"]
        draft = collection.start(session, me, field.meeting, version)
        draft.updated_at = now()
        plain["id"] = str(draft.id)
    (refused,) = field.receive(field.item(plain))
    assert (refused.status, refused.code) == ("rejected", "draft")
    with field.runtime.database.writing() as session:
        mine = session.get_one(Draft, draft.id)
        mine.updated_at = mine.created_at - timedelta(seconds=1)
    assert field.receive(field.item(plain))[0].status == "stored"
    assert counted(field, Draft) == 0
