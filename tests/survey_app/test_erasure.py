"""Erasure for real: a marker word walks the whole way, is withdrawn, and no file holds it."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

import factories
from conftest import settings_in
from survey_app.models import (
    Campaign,
    Synthesis,
    Testimony,
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
    asked = {"synthesis": str(row.id), "formats": list(exports.FORMATS), "folder": str(folder)}
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
    ledger = erasure.read_ledger(plain)
    assert identifier in ledger
    assert len(ledger) == 2, "the testimony, and what stands for its card"

    restored = backup.restore(plain, saved)
    assert restored.erased == 1
    with plain.database.reading() as session:
        assert session.get(Testimony, identifier) is None
        assert session.scalar(select(func.count()).select_from(Testimony)) == 2
    plain.database.close()
    assert holders(tmp_path) == ["sauvegarde.db"]
