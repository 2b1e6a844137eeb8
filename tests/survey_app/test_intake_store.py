"""The one way in: what is stored, what is refused, and the very same receipt twice."""

from __future__ import annotations

import unicodedata
import uuid
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import event, func, select
from sqlalchemy.orm import Session

import factories
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
from survey_app.permissions import Actor, system_actor
from survey_app.runtime import Runtime
from survey_app.services import consents, intake

WORDS = "Le soir, l’ascenseur est en panne. Ma voisine monte six étages 😮."
ANSWERS: dict[str, Any] = {
    "accord_noter": "oui",
    "age": "25_39",
    "accord_citer": "oui",
    "accord_voix": "non",
    "suites": "contact",
    "genre": "femme",
    "recit_quartier": WORDS,
    "aime": {"non_response": "ne_sait_pas"},
    "complique": "Les travaux.\r\nEncore les travaux.",
}


@pytest.fixture
def meeting(session: Session, campaign: Campaign, actors: dict[str, Actor]) -> Meeting:
    return factories.meeting(session, campaign, actors["councillor"])


def envelope(meeting: Meeting, **changes: Any) -> intake.Envelope:
    """A finished Q01 interview; ``changes`` to answers go through ``answers``."""
    version = next(q for q in meeting.campaign.questionnaires if q.name.startswith("Q01"))
    given = changes.pop("answers", {})
    kept = {k: v for k, v in (ANSWERS | given).items() if v is not None}
    return replace(
        intake.Envelope(
            id=uuid7(),
            council_id=meeting.council_id,
            meeting_id=meeting.id,
            questionnaire=version.fingerprint,
            answers=kept,
            withdrawal_code=consents.new_code(),
            claimed_at=datetime(2026, 4, 2, 18, 30, tzinfo=UTC),
        ),
        **changes,
    )


def receive(
    session: Session, runtime: Runtime, actor: Actor, sent: intake.Envelope
) -> intake.Receipt:
    return intake.receive(session, actor, runtime.keys, sent)


def count(session: Session, model: type[Any]) -> int:
    return session.scalar(select(func.count()).select_from(model)) or 0


def test_everything_that_was_said_is_there(
    session: Session, runtime: Runtime, meeting: Meeting, actors: dict[str, Actor]
) -> None:
    sent = envelope(meeting, consents={"voix": {"decision": "refused", "mode": "oral"}})
    receipt = receive(session, runtime, actors["councillor"], sent)
    assert (receipt.status, receipt.number, receipt.problems) == ("stored", 1, ())
    stored = session.get_one(Testimony, sent.id)
    session.refresh(stored)
    assert stored.state == "to_review"
    assert stored.collector_id == actors["councillor"].account_id
    assert stored.profile == {"age": "25_39", "genre": "femme"}
    assert stored.answers["aime"] == {"non_response": "ne_sait_pas"}
    assert stored.said_on == meeting.held_on
    assert [text.kind for text in stored.texts] == ["raw"]
    raw = stored.texts[0]
    assert raw.text == f"{WORDS}\n\nLes travaux.\nEncore les travaux."
    back = {part["question"]: raw.text[part["start"] : part["end"]] for part in raw.parts}
    assert back == {"recit_quartier": WORDS, "complique": "Les travaux.\nEncore les travaux."}
    records = consents.current(stored)
    assert {name: record.decision for name, record in records.items()} == {
        "noter": "granted",
        "citer": "granted",
        "voix": "refused",
        "photo": "not_asked",
        "recontact": "granted",
    }
    assert {record.notice_fingerprint for record in records.values()} == {sent.questionnaire}
    assert consents.citable(stored) == "yes"


def test_the_paper_code_is_kept_only_as_a_keyed_hash(
    session: Session, runtime: Runtime, meeting: Meeting, actors: dict[str, Actor]
) -> None:
    sent = envelope(meeting)
    receive(session, runtime, actors["councillor"], sent)
    row = session.scalars(select(WithdrawalCode)).one()
    code = consents.normalise(sent.withdrawal_code)
    assert row.testimony_id == sent.id
    assert row.code_hash == runtime.keys.keyed_hash("withdrawal", code)
    other = replace(sent, withdrawal_code=consents.new_code())
    assert intake.content_hash(other) == intake.content_hash(sent)


def test_the_journal_has_a_keyed_fingerprint_and_no_word(
    session: Session, runtime: Runtime, meeting: Meeting, actors: dict[str, Actor]
) -> None:
    sent = envelope(meeting)
    receipt = receive(session, runtime, actors["councillor"], sent)
    lines = session.scalars(select(AuditEvent).where(AuditEvent.record_id == sent.id)).all()
    assert [line.action for line in lines] == ["deposit", "state"]
    assert len(lines[0].after) == 64
    assert lines[0].after != receipt.content_hash
    assert lines[0].details == {"origin": "form", "number": 1}


def test_sent_again_it_gets_the_same_receipt_and_doubles_nothing(
    session: Session, runtime: Runtime, meeting: Meeting, actors: dict[str, Actor]
) -> None:
    sent = envelope(meeting)
    first = receive(session, runtime, actors["councillor"], sent)
    before = count(session, AuditEvent)
    again = receive(session, runtime, actors["councillor"], sent)
    assert replace(again, status="stored") == first
    assert again.status == "duplicate"
    assert count(session, Testimony) == 1
    assert count(session, AuditEvent) == before


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


NO_ZONE = datetime.fromisoformat("2026-04-02T18:30")
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
        assert count(session, model) == 0, model


def test_a_voice_of_a_minor_needs_the_parents_in_writing(
    session: Session, runtime: Runtime, meeting: Meeting, actors: dict[str, Actor]
) -> None:
    young = {"age": "15_17", "accord_voix": "oui"}
    without = envelope(meeting, answers=young)
    assert receive(session, runtime, actors["councillor"], without).kept
    silent = consents.current(session.get_one(Testimony, without.id))
    assert silent["voix"].decision == "not_asked"
    claimed = envelope(meeting, answers=young, consents={"voix": {"decision": "granted"}})
    assert receive(session, runtime, actors["councillor"], claimed).status == "rejected"
    agreed = envelope(meeting, answers=young | {"accord_parent_ecrit": "oui"})
    assert receive(session, runtime, actors["councillor"], agreed).kept
    voice = consents.current(session.get_one(Testimony, agreed.id))["voix"]
    assert (voice.decision, voice.mode) == ("granted", "written")


def test_under_15_with_both_agreements_is_marked_so(
    session: Session, runtime: Runtime, meeting: Meeting, actors: dict[str, Actor]
) -> None:
    sent = envelope(
        meeting, answers={"age": "moins_15", "accord_parent": "oui", "accord_voix": None}
    )
    assert receive(session, runtime, actors["councillor"], sent).kept
    assert consents.current(session.get_one(Testimony, sent.id))["noter"].mode == "parent"


def test_the_phrase_read_back_is_the_only_one_that_may_be_quoted(
    session: Session, runtime: Runtime, meeting: Meeting, actors: dict[str, Actor]
) -> None:
    phrase = "L’ascenseur est en panne."
    sent = envelope(meeting, answers={"accord_citer": "apres_relecture", "phrase_relue": phrase})
    assert receive(session, runtime, actors["councillor"], sent).kept
    stored = session.get_one(Testimony, sent.id)
    assert consents.citable(stored) == "approved"
    assert consents.approved_phrases(stored) == (phrase,)
    assert phrase not in stored.texts[0].text.split("\n\n")


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
        ("running", "planned", False),
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


def test_numbers_follow_each_other_in_a_campaign(
    session: Session, runtime: Runtime, meeting: Meeting, actors: dict[str, Actor]
) -> None:
    numbers = [
        receive(session, runtime, actors["councillor"], envelope(meeting)).number for _ in range(3)
    ]
    assert numbers == [1, 2, 3]


def test_a_demonstration_is_received_from_the_command_line(
    session: Session, runtime: Runtime, meeting: Meeting
) -> None:
    sent = envelope(meeting, origin="demo")
    assert receive(session, runtime, system_actor(meeting.council_id), sent).kept
    assert session.get_one(Testimony, sent.id).state == "to_review"


@settings(max_examples=50, deadline=None)
@given(st.dictionaries(st.text(), st.text(), max_size=4), st.randoms())
def test_the_hash_knows_neither_the_order_nor_the_accents_of_a_keyboard(
    given_answers: dict[str, str], random: Any
) -> None:
    items = [
        (unicodedata.normalize("NFC", k), unicodedata.normalize("NFC", v))
        for k, v in given_answers.items()
    ]
    one = intake.Envelope(uuid.UUID(int=1), uuid.UUID(int=2), uuid.UUID(int=3), "f", dict(items))
    random.shuffle(items)
    split = {unicodedata.normalize("NFD", k): unicodedata.normalize("NFD", v) for k, v in items}
    assert intake.content_hash(replace(one, answers=split)) == intake.content_hash(one)
    more = {**dict(items), "plus": {"deep": ["é"]}}
    assert intake.content_hash(replace(one, answers=more)) != intake.content_hash(one)


def test_a_busy_day_asks_the_database_little(
    session: Session, runtime: Runtime, meeting: Meeting, actors: dict[str, Actor]
) -> None:
    """Thousands enter in one transaction: each may cost a few statements, and never more."""
    statements: list[str] = []

    def note(_c: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        statements.append(statement)

    receive(session, runtime, actors["councillor"], envelope(meeting))
    event.listen(runtime.database.engine, "before_cursor_execute", note)
    for _ in range(50):
        assert receive(session, runtime, actors["councillor"], envelope(meeting)).kept
    event.remove(runtime.database.engine, "before_cursor_execute", note)
    assert 0 < len(statements) <= 50 * 9
    assert count(session, Testimony) == 51
