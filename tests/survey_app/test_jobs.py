"""Jobs: told in French, never done twice, taken up again when their worker dies."""

from __future__ import annotations

import os
import subprocess
import sys
import time
import uuid
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

import factories
import results_cases as cases
from analysis.french import FrenchModelError
from survey_app.domain import Conflict, Forbidden
from survey_app.models import Job, now
from survey_app.runtime import Runtime
from survey_app.services import jobs, worker

PROJECT = Path(__file__).resolve().parents[2]


@pytest.fixture
def house(runtime: Runtime) -> cases.House:
    return cases.house(runtime)


def made(house: cases.House, kind: str = "essai", **fields: Any) -> uuid.UUID:
    with house.runtime.database.writing() as session:
        job = jobs.create(session, house.actors["coordinator"], kind, house.campaign.id)
        for name, value in fields.items():
            setattr(job, name, value)
    return job.id


def stored(house: cases.House, job_id: uuid.UUID) -> Job:
    with house.runtime.database.reading() as session:
        return session.get_one(Job, job_id)


def test_the_work_is_done_for_who_asked_and_its_result_kept(house: cases.House) -> None:
    seen: list[Any] = []

    def work(runtime: Runtime, actor: Any, parameters: Any, progress: Any) -> dict[str, Any]:
        seen.append((actor.account_id, parameters))
        progress(3, 3, "Fini")
        return {"count": 3}

    job_id = made(house, parameters={"campaign": "essai"})
    ended = jobs.run(house.runtime, job_id, {"essai": work})
    assert seen == [(house.actors["coordinator"].account_id, {"campaign": "essai"})]
    assert (ended.state, ended.result, ended.done, ended.total) == ("done", {"count": 3}, 3, 3)
    assert ended.finished_at is not None
    jobs.run(house.runtime, job_id, {"essai": work})
    assert len(seen) == 1


def test_progress_is_written_while_the_work_goes_on(house: cases.House) -> None:
    job_id = made(house)

    def work(runtime: Runtime, actor: Any, parameters: Any, progress: Any) -> dict[str, Any]:
        progress(1, 4, "Lecture")
        half = stored(house, job_id)
        assert (half.state, half.done, half.total, half.message) == ("running", 1, 4, "Lecture")
        assert half.heartbeat_at is not None
        progress(2, 4, "Trop tôt pour être écrit")
        assert stored(house, job_id).done == 1
        return {}

    told: list[tuple[int, int, str]] = []
    ended = jobs.run(house.runtime, job_id, {"essai": work}, lambda *said: told.append(said))
    assert ended.state == "done"
    assert [said[0] for said in told] == [1, 2]


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (Conflict("Une parole a été retirée.", "Relancez."), "Une parole a été retirée. Relancez."),
        (FrenchModelError("Le modèle n’est pas installé."), "Le modèle n’est pas installé."),
        (RuntimeError("secret intime"), jobs.UNEXPECTED),
    ],
)
def test_a_failure_is_told_in_french(house: cases.House, error: Exception, said: str) -> None:
    def work(*given: Any) -> dict[str, Any]:
        raise error

    ended = jobs.run(house.runtime, made(house), {"essai": work})
    assert (ended.state, ended.message) == ("failed", said)
    assert "secret" not in ended.message


def test_an_unknown_kind_of_work_fails_too(house: cases.House) -> None:
    assert jobs.run(house.runtime, made(house), {}).state == "failed"


def silent(**fields: Any) -> dict[str, Any]:
    long_ago: datetime = now() - jobs.SILENCE - timedelta(seconds=1)
    return {"state": "running", "heartbeat_at": long_ago, "attempts": 1} | fields


def test_a_silent_job_is_queued_again_and_a_lively_one_is_left_alone(house: cases.House) -> None:
    lost = made(house, **silent())
    alive = made(house, **silent(heartbeat_at=now()))
    waiting = made(house)
    assert jobs.recover(house.runtime) == [lost, waiting]
    assert stored(house, lost).state == "queued"
    assert stored(house, alive).state == "running"


def test_a_job_lost_three_times_ends(house: cases.House) -> None:
    lost = made(house, **silent(attempts=jobs.MAX_ATTEMPTS))
    assert jobs.recover(house.runtime) == []
    ended = stored(house, lost)
    assert (ended.state, ended.message) == ("failed", jobs.UNEXPECTED)


def test_a_worker_taken_for_dead_does_not_end_the_second_try(house: cases.House) -> None:
    job_id = made(house)

    def slow(*given: Any) -> dict[str, Any]:
        with house.runtime.database.writing() as session:
            session.get_one(Job, job_id).heartbeat_at = now() - 2 * jobs.SILENCE
        assert jobs.recover(house.runtime) == [job_id]
        return {"first": True}

    assert jobs.run(house.runtime, job_id, {"essai": slow}).state == "queued"
    ended = jobs.run(house.runtime, job_id, {"essai": lambda *given: {"second": True}})
    assert (ended.state, ended.result, ended.attempts) == ("done", {"second": True}, 2)


def test_the_same_work_under_way_is_found(house: cases.House) -> None:
    coordinator, campaign = house.actors["coordinator"], house.campaign.id
    job_id = made(house)
    with house.runtime.database.reading() as session:
        found = jobs.pending(session, coordinator, "essai", campaign)
        assert found is not None
        assert found.id == job_id
        assert jobs.pending(session, coordinator, "autre", campaign) is None
    jobs.run(house.runtime, job_id, {"essai": lambda *given: {}})
    with house.runtime.database.reading() as session:
        assert jobs.pending(session, coordinator, "essai", campaign) is None


def test_the_queue_file_holds_no_word(house: cases.House) -> None:
    worker.enqueue(house.runtime, made(house))
    held = b"".join(path.read_bytes() for path in house.runtime.settings.instance.glob("jobs.db*"))
    assert held
    for word in ("ascenseur", "essai", "Vivre ici"):
        assert word.encode() not in held


def test_a_real_worker_takes_a_job_and_one_that_was_lost(house: cases.House) -> None:
    """`paroles worker` in its own process: the queue, the row and the failure's own words."""
    settings = house.runtime.settings
    taken = made(
        house,
        "export",
        parameters={
            "synthesis": str(uuid.uuid4()),
            "formats": ["json"],
            "folder": str(settings.instance / "exports"),
        },
    )
    lost = made(house, "inconnu", **silent())
    worker.enqueue(house.runtime, taken)
    environment = os.environ | {
        "SURVEY_INSTANCE": str(settings.instance),
        "SURVEY_KEY_DIR": str(settings.key_dir),
    }
    process = subprocess.Popen(
        [sys.executable, "-m", "survey_app", "worker"],
        cwd=PROJECT,
        env=environment,
        stderr=subprocess.PIPE,
    )
    try:
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            states = {stored(house, taken).state, stored(house, lost).state}
            if states == {"failed"}:
                break
            time.sleep(0.2)
    finally:
        process.terminate()
        _, said = process.communicate(timeout=30)
    assert stored(house, taken).message.startswith("Cette page n’existe pas"), said.decode()
    assert stored(house, lost).message == jobs.UNEXPECTED


def test_other_parameters_are_other_work(runtime: Runtime) -> None:
    """Two taps start one job; asking for another file starts another."""
    with runtime.database.writing() as session:
        council = factories.council(session)
        boss = factories.actors(session, council)["coordinator"]
        campaign = factories.campaign(session, council).id
        jobs.create(session, boss, "export", campaign, formats=["json"])
        assert jobs.pending(session, boss, "export", campaign, {"formats": ["json"]})
        assert jobs.pending(session, boss, "export", campaign, {"formats": ["pdf"]}) is None
        assert jobs.pending(session, boss, "export", campaign)


def test_a_job_that_waits_is_stopped_and_never_starts(house: cases.House) -> None:
    coordinator = house.actors["coordinator"]
    job_id = made(house, "analyse")
    with house.runtime.database.writing() as session:
        jobs.stop(session, coordinator, session.get_one(Job, job_id))
    begun: list[Any] = []
    ended = jobs.run(house.runtime, job_id, {"analyse": lambda *given: begun.append(given) or {}})
    assert (ended.state, begun) == ("stopped", [])
    assert jobs.recover(house.runtime) == []
    with house.runtime.database.writing() as session:
        assert jobs.pending(session, coordinator, "analyse", house.campaign.id) is None
        with pytest.raises(Conflict, match="Rechargez"):
            jobs.stop(session, coordinator, session.get_one(Job, job_id))


def test_work_that_must_go_to_its_end_is_not_stopped(house: cases.House) -> None:
    coordinator, reader = house.actors["coordinator"], house.actors["reader"]
    keys = made(house, "import"), made(house, "analyse")
    with house.runtime.database.writing() as session:
        imported, analysis = (session.get_one(Job, key) for key in keys)
        with pytest.raises(Conflict):
            jobs.stop(session, coordinator, imported)
        assert jobs.may_stop(coordinator, analysis)
        assert not jobs.may_stop(reader, analysis)
        assert not jobs.may_stop(cases.stranger(house), analysis)
        with pytest.raises(Forbidden):
            jobs.stop(session, reader, analysis)
        with pytest.raises(Conflict):
            jobs.stop(session, cases.stranger(house), analysis)
        assert (analysis.state, imported.state) == ("queued", "queued")
