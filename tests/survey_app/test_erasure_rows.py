"""What goes with an erased testimony, what stays, and who may erase."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

import results_cases as cases
from survey_app.domain import Forbidden, NotFound
from survey_app.models import (
    AuditEvent,
    Coding,
    Draft,
    Erasure,
    RecordKey,
    Synthesis,
    Testimony,
    WithdrawalCode,
)
from survey_app.runtime import Runtime
from survey_app.services import (
    erasure,
    intake,
    journal,
    syntheses,
    withdrawal,
)


@pytest.fixture
def house(runtime: Runtime) -> cases.House:
    return cases.house(runtime)


def rows_about(session: Session, identifier: uuid.UUID) -> list[str]:
    """Every table that still points to a testimony, the journal and the ledger aside."""
    found = []
    for table in Testimony.metadata.sorted_tables:
        for column in table.columns:
            if any(key.column.table.name == "testimonies" for key in column.foreign_keys):
                query = select(func.count()).select_from(table).where(column == identifier)
                if session.scalar(query):
                    found.append(table.name)
    return found


def test_every_row_that_leads_to_it_goes_and_the_neighbours_stay(house: cases.House) -> None:
    runtime, gone = house.runtime, house.testimonies[0]
    with runtime.database.writing() as session:
        cases.with_code(session, runtime, gone)
        journal.record(
            session, house.actors["coordinator"], "mask", "testimonies", gone.id, after="mots"
        )
        assert {"text_versions", "excerpts", "consent_records", "withdrawal_codes"} <= set(
            rows_about(session, gone.id)
        )
    with runtime.database.writing() as session:
        erasure.erase(session, house.actors["coordinator"], runtime, gone.id, "decision")
    with runtime.database.reading() as session:
        assert rows_about(session, gone.id) == []
        assert rows_about(session, house.testimonies[1].id)
        assert session.get(RecordKey, gone.id) is None
        ledger = session.get_one(Erasure, gone.id)
        assert (ledger.council_id, ledger.reason) == (gone.council_id, "decision")
        last = session.scalars(
            select(AuditEvent).where(AuditEvent.record_id == gone.id, AuditEvent.action == "erase")
        ).one()
        assert last.details == {"reason": "decision"}


def test_what_was_erased_is_not_taken_in_again(house: cases.House) -> None:
    gone = house.testimonies[0]
    with house.runtime.database.writing() as session:
        erasure.erase(session, house.actors["coordinator"], house.runtime, gone.id, "decision")
    with house.runtime.database.reading() as session:
        assert session.scalar(intake._RECEIVED, {"ids": [gone.id]}) == gone.id


def test_only_the_coordination_of_its_council_erases(house: cases.House) -> None:
    target = house.testimonies[0].id
    with house.runtime.database.writing() as session:
        for role in ("councillor", "evaluator", "admin", "dpo", "reader"):
            with pytest.raises(Forbidden):
                erasure.erase(session, house.actors[role], house.runtime, target, "decision")
        with pytest.raises(NotFound):
            erasure.erase(session, cases.stranger(house), house.runtime, target, "decision")
    assert erasure.read_ledger(house.runtime) == set()


def test_a_refused_commit_erases_nothing(house: cases.House) -> None:
    target = house.testimonies[0].id
    with house.runtime.database.writing() as session:
        erasure.erase(session, house.actors["coordinator"], house.runtime, target, "decision")
        session.rollback()
    assert erasure.read_ledger(house.runtime) == set()
    with house.runtime.database.reading() as session:
        assert session.get(Testimony, target) is not None


def test_a_grid_that_is_lost_does_not_stop_a_withdrawal(house: cases.House) -> None:
    runtime, coordinator = house.runtime, house.actors["coordinator"]
    with runtime.database.writing() as session:
        row = syntheses.draft(session, coordinator, house.campaign)
        code = cases.with_code(session, runtime, house.testimonies[0])
        session.execute(update(Coding).values(code="ZZZ9"))
    with runtime.database.writing() as session:
        withdrawal.erase(
            session, runtime, withdrawal.find(session, runtime.keys, code, "192.0.2.7")
        )
    with runtime.database.reading() as session:
        assert session.get(Testimony, house.testimonies[0].id) is None
        assert session.get_one(Synthesis, row.id).document == {}


def test_a_draft_that_was_finished_on_the_tablet_goes_too(house: cases.House) -> None:
    runtime, gone = house.runtime, house.testimonies[0]
    with runtime.database.writing() as session:
        version = gone.campaign.questionnaires[0]
        session.add(
            Draft(
                id=gone.id,
                council_id=gone.council_id,
                meeting_id=gone.meeting_id,
                questionnaire_version_id=version.id,
                campaign_id=gone.campaign_id,
                account_id=house.actors["councillor"].account_id,
                withdrawal_code="22223333",
                updated_at=datetime(2026, 4, 2, tzinfo=UTC),
            )
        )
    with runtime.database.writing() as session:
        erasure.erase(session, house.actors["coordinator"], runtime, gone.id, "decision")
    with runtime.database.reading() as session:
        assert session.get(Draft, gone.id) is None
        assert session.scalars(select(WithdrawalCode)).all() == []
