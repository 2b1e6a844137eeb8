"""The one way in: what is stored, and the very same receipt twice."""

from __future__ import annotations

import unicodedata
import uuid
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import event, select
from sqlalchemy.orm import Session

import factories
from envelopes import WORDS, counted, envelope, receive
from questionnaires import versions
from survey_app.domain import Forbidden
from survey_app.models import (
    AuditEvent,
    Campaign,
    Meeting,
    QuestionnaireVersion,
    Testimony,
    WithdrawalCode,
)
from survey_app.permissions import Actor, system_actor
from survey_app.runtime import Runtime
from survey_app.services import consents, intake
from survey_app.services.imports import IMPORTED_TEXT


@pytest.fixture
def meeting(session: Session, campaign: Campaign, actors: dict[str, Actor]) -> Meeting:
    return factories.meeting(session, campaign, actors["councillor"])


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
    before = counted(session, AuditEvent)
    again = receive(session, runtime, actors["councillor"], sent)
    assert replace(again, status="stored") == first
    assert again.status == "duplicate"
    assert counted(session, Testimony) == 1
    assert counted(session, AuditEvent) == before


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


def test_imported_words_are_masked_as_they_stand_and_never_citable(
    session: Session, runtime: Runtime, meeting: Meeting, actors: dict[str, Actor]
) -> None:
    version = QuestionnaireVersion(
        council_id=meeting.council_id,
        name=IMPORTED_TEXT.name,
        version=IMPORTED_TEXT.version,
        fingerprint=versions.fingerprint(IMPORTED_TEXT),
        document=versions.to_dict(IMPORTED_TEXT),
    )
    session.add(version)
    meeting.campaign.state, meeting.state = "draft", "closed"
    sent = envelope(
        meeting,
        origin="import",
        questionnaire=version.fingerprint,
        source_id="ligne-7",
        withdrawal_code="",
        said_on=date(2019, 1, 1),
    )
    sent = replace(sent, answers={"texte": WORDS, "date": "2019"})
    with pytest.raises(Forbidden):
        receive(session, runtime, actors["councillor"], sent)
    assert receive(session, runtime, actors["coordinator"], sent).kept
    assert receive(session, runtime, actors["coordinator"], sent).status == "duplicate"
    stored = session.get_one(Testimony, sent.id)
    assert (stored.state, stored.collector_id, stored.persons) == ("masked", None, 1)
    assert (stored.source_id, stored.said_on) == ("ligne-7", date(2019, 1, 1))
    raw, masked = stored.texts
    assert (raw.kind, masked.kind, masked.source_id) == ("raw", "masked", raw.id)
    assert raw.text == masked.text == WORDS
    assert raw.parts == masked.parts == [{"question": "texte", "start": 0, "end": len(WORDS)}]
    records = consents.current(stored)
    assert records["citer"].decision == "refused"
    assert {record.mode for record in records.values()} == {"import"}
    assert consents.citable(stored) == "no"
    assert counted(session, WithdrawalCode) == 0


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
    assert counted(session, Testimony) == 51
