"""Erasure for real: a marker word walks the whole way, is withdrawn, and no file holds it."""

from __future__ import annotations

import uuid
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

import factories
import results_cases as cases
from conftest import settings_in
from survey_app.domain import Forbidden, NotFound
from survey_app.models import (
    AuditEvent,
    Campaign,
    Coding,
    Draft,
    Erasure,
    RecordKey,
    Synthesis,
    Testimony,
    WithdrawalCode,
    uuid7,
)
from survey_app.permissions import Actor
from survey_app.runtime import Runtime
from survey_app.services import (
    backup,
    coding,
    consents,
    erasure,
    exports,
    intake,
    jobs,
    journal,
    masking,
    review,
    syntheses,
    withdrawal,
    worker,
)
from survey_app.services.works import WORKS

MARKER = "zorglubine"
SAID = (
    f"Le soir la {MARKER} de Karima fait trop de bruit. On dort mal avec cette {MARKER} en bas.",
    "Le bruit du soir empêche de dormir. Les enfants sont fatigués le matin.",
    "Il n’y a pas de bruit chez nous le soir, on dort bien.",
)


@pytest.fixture
def plain(tmp_path: Path) -> Iterator[Runtime]:
    """An installation without encryption: what it forgets must really be gone from the disk."""
    started = Runtime.start(settings_in(tmp_path / "house", plain_sqlite=True))
    started.database.upgrade()
    yield started
    started.database.close()


@pytest.fixture
def actors(plain: Runtime) -> dict[str, Actor]:
    with plain.database.writing() as session:
        council = factories.council(session)
        made = factories.actors(session, council)
        factories.campaign(session, council)
    return made


def holders(folder: Path, word: str = MARKER) -> list[str]:
    """The files under a folder that hold a word, in UTF-8 or 16, zipped documents opened too."""
    found = []
    for path in sorted(item for item in folder.rglob("*") if item.is_file()):
        parts = [path.read_bytes()]
        if zipfile.is_zipfile(path):
            with zipfile.ZipFile(path) as archive:
                parts += [archive.read(name) for name in archive.namelist()]
        needles = (word.encode(), word.encode("utf-16-le"), word.upper().encode())
        if any(needle in part for part in parts for needle in needles):
            found.append(path.name)
    return found


def walk(runtime: Runtime, actors: dict[str, Actor]) -> tuple[str, Synthesis]:
    """Three testimonies from intake to coding, an analysis, a published synthesis, its files."""
    codes = []
    with runtime.database.writing() as session:
        campaign = session.scalars(select(Campaign)).one()
        meeting = factories.meeting(session, campaign, actors["councillor"])
        for words in SAID:
            code = consents.new_code()
            _one(session, runtime, actors, meeting, words, code)
            codes.append(code)
    run(runtime, actors, "analyse", campaign=campaign.slug)
    with runtime.database.writing() as session:
        coordinator = actors["coordinator"]
        row = syntheses.draft(session, coordinator, campaign)
        edit = syntheses.documents.Edit(sentence=f"3 témoignages sur 3 : {SAID[0][:49]}…")
        syntheses.rewrite(session, coordinator, row, row.findings[0].theme, edit)
        syntheses.submit(session, coordinator, row, campaign)
        syntheses.sign(session, coordinator, row, campaign, "coordinator")
        syntheses.sign(session, actors["councillor2"], row, campaign, "body")
        syntheses.publish(session, coordinator, row, campaign)
        syntheses.draft(session, coordinator, campaign, "Encore une.")
    folder = exports.folder(runtime, campaign, row)
    asked = {"synthesis": str(row.id), "formats": ["docx", "json", "pdf"], "folder": str(folder)}
    run(runtime, actors, "export", **asked)
    return codes[0], row


def _one(
    session: Session,
    runtime: Runtime,
    actors: dict[str, Actor],
    meeting: Any,
    words: str,
    code: str,
) -> None:
    version = next(q for q in meeting.campaign.questionnaires if q.name.startswith("Q01"))
    answers = {
        "accord_noter": "oui", "age": "25_39", "accord_citer": "oui", "accord_voix": "non",
        "suites": "contact", "genre": "femme", "recit_quartier": words,
        "aime": {"non_response": "ne_sait_pas"}, "complique": "Rien d’autre.",
    }  # fmt: skip
    sent = intake.Envelope(
        id=uuid7(),
        council_id=meeting.council_id,
        meeting_id=meeting.id,
        questionnaire=version.fingerprint,
        answers=answers,
        withdrawal_code=code,
        claimed_at=datetime(2026, 4, 2, 18, 30, tzinfo=UTC),
    )
    receipt = intake.receive(session, actors["councillor"], runtime.keys, sent)
    assert receipt.kept, receipt.problems
    row = session.get_one(Testimony, sent.id)
    reviewer = actors["councillor2"]
    review.take(session, reviewer, row)
    review.decide(session, reviewer, row, "accept", dict.fromkeys(review.CHECKLIST, True))
    if "Karima" in words:
        start = words.index("Karima")
        masking.add(session, reviewer, row, start, start + len("Karima"), "PRÉNOM")
    masking.confirm(session, reviewer, row)
    tone = "positive" if "bien" in words else "négative"
    facets = {"tonalite": tone, "kind": "constat"}
    coding.code_sentences(session, actors["evaluator"], row, [0, 1], ["CAD1"], facets)
    coding.finish(session, actors["evaluator"], row)


def run(runtime: Runtime, actors: dict[str, Actor], kind: str, **parameters: Any) -> None:
    with runtime.database.writing() as session:
        campaign = session.scalars(select(Campaign)).one()
        job = jobs.create(session, actors["coordinator"], kind, campaign.id, **parameters)
    worker.enqueue(runtime, job.id)
    ended = jobs.run(runtime, job.id, WORKS)
    assert ended.state == "done", ended.message


def test_a_withdrawn_word_is_in_no_file_even_after_an_old_backup_comes_back(
    plain: Runtime, actors: dict[str, Actor], tmp_path: Path
) -> None:
    code, published = walk(plain, actors)
    saved = backup.backup(plain, tmp_path / "sauvegarde.db")
    before = holders(tmp_path)
    assert {"sauvegarde.db", "synthese.docx", "synthese.json"} <= set(before)
    assert {"paroles.db", "paroles.db-wal"} & set(before)

    with plain.database.writing() as session:
        found = withdrawal.find(session, plain.keys, code, "192.0.2.7")
        identifier = found.id
        withdrawal.erase(session, plain, found)
    with plain.database.reading() as session:
        rows = session.scalars(select(Synthesis).order_by(Synthesis.version)).all()
        assert [row.state for row in rows] == ["to_rectify", "draft"]
        assert syntheses.document(rows[1]).heard.counts.testimonies == 2
        assert rows[0].id == published.id
    assert not list(plain.exports.rglob("synthese*"))
    plain.database.close()
    assert holders(tmp_path) == ["sauvegarde.db"]
    assert erasure.read_ledger(plain) == {identifier}

    restored = backup.restore(plain, saved)
    assert restored.erased == 1
    with plain.database.reading() as session:
        assert session.get(Testimony, identifier) is None
        assert session.scalar(select(func.count()).select_from(Testimony)) == 2
    plain.database.close()
    assert holders(tmp_path) == ["sauvegarde.db"]


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
        assert session.scalar(intake._RECEIVED, {"key": gone.id}) == gone.id


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
