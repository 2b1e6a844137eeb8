"""The one way in: what is refused, to whom, and that it leaves no trace."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest
from sqlalchemy.orm import Session

import factories
from envelopes import counted, envelope, receive
from survey_app.domain import Forbidden, NotFound
from survey_app.models import (
    AuditEvent,
    Campaign,
    ConsentRecord,
    Council,
    Erasure,
    Meeting,
    Testimony,
    TextVersion,
    WithdrawalCode,
    uuid7,
)
from survey_app.permissions import Actor
from survey_app.runtime import Runtime
from survey_app.services import intake


@pytest.fixture
def meeting(session: Session, campaign: Campaign, actors: dict[str, Actor]) -> Meeting:
    return factories.meeting(session, campaign, actors["councillor"])


REFUSED: dict[str, tuple[dict[str, Any], str]] = {
    "noting refused": ({"answers": {"accord_noter": "non"}}, "Aucune parole"),
    "noting not asked": ({"answers": {"accord_noter": None}}, "réponse"),
    "noting not wanted": ({"answers": {"accord_noter": {"non_response": "refus"}}}, "réponse"),
    "under 15 alone": ({"answers": {"age": "moins_15", "accord_parent": "non"}}, "parent"),
    "under 15, nobody asked": ({"answers": {"age": "moins_15"}}, "réponse"),
    "a control character": ({"answers": {"recit_quartier": "a\0b"}}, "invisibles"),
    "half a surrogate pair": ({"answers": {"recit_quartier": "a\ud800b"}}, "invisibles"),
    "an unknown question": ({"answers": {"adresse": "3 rue"}}, "question"),
    "an unknown choice": ({"answers": {"genre": "tous"}}, "choix"),
    "unknown version": ({"questionnaire": "0" * 64}, "version"),
    "no code": ({"withdrawal_code": ""}, "code"),
    "a voice not agreed": ({"consents": {"voix": {"decision": "granted"}}}, "voix"),
    "a mode unheard of": ({"consents": {"noter": {"mode": "sms"}}}, "noter"),
    "another phrase": ({"consents": {"citer": {"phrase": "Autre chose."}}}, "citer"),
    "two persons at a door": ({"persons": 2}, "une personne"),
    "nobody": ({"persons": 0}, "une personne"),
    "an hour without its zone": (
        {"claimed_at": datetime.fromisoformat("2026-04-02T18:30")},
        "fuseau",
    ),
    "another campaign": ({"campaign_id": uuid.UUID(int=7)}, "campagne"),
    "too long a device": ({"device": "x" * 201}, "trop long"),
}


@pytest.mark.parametrize(
    "changes", [{"answers": {"aime": "Le marché."}}, {"withdrawal_code": "2222-3333-4444"}]
)
def test_other_content_under_the_same_id_changes_nothing(
    session: Session,
    runtime: Runtime,
    meeting: Meeting,
    actors: dict[str, Actor],
    changes: dict[str, Any],
) -> None:
    sent = envelope(meeting)
    receive(session, runtime, actors["councillor"], sent)
    other = envelope(
        meeting, **({"id": sent.id, "withdrawal_code": sent.withdrawal_code} | changes)
    )
    receipt = receive(session, runtime, actors["councillor"], other)
    assert receipt.status == "conflict"
    assert not receipt.kept
    assert receipt.problems
    stored = session.get_one(Testimony, sent.id)
    assert stored.content_hash == intake.content_hash(sent)
    assert stored.answers["aime"] == {"non_response": "ne_sait_pas"}


def test_another_council_learns_nothing_of_an_id(
    session: Session,
    runtime: Runtime,
    meeting: Meeting,
    actors: dict[str, Actor],
    other_council: Council,
) -> None:
    sent = envelope(meeting)
    receive(session, runtime, actors["councillor"], sent)
    stranger = factories.actors(session, other_council, "-b")["coordinator"]
    theirs = replace(sent, council_id=other_council.id)
    receipt = receive(session, runtime, stranger, theirs)
    assert (receipt.status, receipt.number) == ("conflict", 0)
    with pytest.raises(NotFound):
        receive(session, runtime, stranger, sent)
    with pytest.raises(NotFound):
        receive(session, runtime, stranger, replace(theirs, id=uuid7()))


def test_only_those_who_collect_may_send_and_only_in_their_meetings(
    session: Session, runtime: Runtime, meeting: Meeting, actors: dict[str, Actor]
) -> None:
    for role in ("evaluator", "reader", "admin", "dpo"):
        with pytest.raises(Forbidden):
            receive(session, runtime, actors[role], envelope(meeting))
    with pytest.raises(NotFound):
        receive(session, runtime, actors["councillor2"], envelope(meeting))
    assert receive(session, runtime, actors["coordinator"], envelope(meeting)).kept


@pytest.mark.parametrize(("changes", "said"), REFUSED.values(), ids=REFUSED)
def test_what_may_not_be_kept_leaves_no_trace(
    session: Session,
    runtime: Runtime,
    meeting: Meeting,
    actors: dict[str, Actor],
    changes: dict[str, Any],
    said: str,
) -> None:
    receipt = receive(session, runtime, actors["councillor"], envelope(meeting, **changes))
    assert receipt.status == "rejected"
    assert said in " ".join(receipt.problems)
    for model in (Testimony, TextVersion, ConsentRecord, WithdrawalCode, AuditEvent):
        assert counted(session, model) == 0, model


def test_what_was_erased_does_not_come_back(
    session: Session, runtime: Runtime, meeting: Meeting, actors: dict[str, Actor]
) -> None:
    sent = envelope(meeting)
    session.add(Erasure(record_id=sent.id, council_id=sent.council_id, reason="withdrawn"))
    receipt = receive(session, runtime, actors["councillor"], sent)
    assert receipt.status == "rejected"
    assert "retiré" in receipt.problems[0]


@pytest.mark.parametrize(
    ("campaign_state", "meeting_state", "kept"),
    [
        ("running", "open", True),
        ("running", "closed", True),
        ("review", "closed", True),
        ("running", "planned", True),
        ("review", "planned", False),
        ("draft", "open", False),
        ("returned", "closed", False),
    ],
)
def test_late_words_are_received_and_a_campaign_not_begun_takes_none(
    session: Session,
    runtime: Runtime,
    meeting: Meeting,
    actors: dict[str, Actor],
    campaign_state: str,
    meeting_state: str,
    kept: bool,
) -> None:
    meeting.campaign.state, meeting.state = campaign_state, meeting_state
    receipt = receive(session, runtime, actors["councillor"], envelope(meeting, origin="offline"))
    assert receipt.kept is kept
