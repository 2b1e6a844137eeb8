"""Who executes jobs: huey over its own SQLite file, which holds nothing but signed ids."""

from __future__ import annotations

import time
import uuid
from typing import Any

from huey import SqliteHuey
from huey.consumer import Consumer
from huey.serializer import SignedSerializer

from survey_app.models import Job
from survey_app.runtime import Runtime
from survey_app.services import import_shelf, jobs, learning, recordings
from survey_app.services.works import WORKS

RECOVERY_SECONDS = 60


def _hire(runtime: Runtime) -> Any:
    """A huey on this installation, with the one task that runs a job."""
    runtime.settings.instance.mkdir(parents=True, exist_ok=True)
    huey = SqliteHuey(
        name="paroles",
        filename=str(runtime.settings.instance / "jobs.db"),
        results=False,
        serializer=SignedSerializer(secret=runtime.keys.session.hex()),
    )

    @huey.task(name="execute")  # type: ignore[untyped-decorator]  # huey ships no types
    def execute(job_id: str) -> None:
        jobs.run(runtime, uuid.UUID(job_id), WORKS)

    return huey, execute


def enqueue(runtime: Runtime, job_id: uuid.UUID) -> None:
    """Hand a committed job to the worker."""
    _, execute = _hire(runtime)
    execute(str(job_id))


def work(runtime: Runtime) -> None:
    """Work until told to stop (the process of `paroles worker`)."""
    huey, execute = _hire(runtime)

    @huey.periodic_task(lambda moment: moment.second < RECOVERY_SECONDS, name="recover")  # type: ignore[untyped-decorator]  # huey ships no types
    def recover() -> None:
        runtime.database.forget_erased()
        import_shelf.sweep(runtime)
        recordings.sweep(runtime)
        learning.enqueue_due(runtime)
        for job_id in jobs.recover(runtime):
            execute(str(job_id))
        runtime.database.tune()

    for job_id in jobs.recover(runtime):
        execute(str(job_id))
    Consumer(huey, workers=1, worker_type="thread", periodic=True, backoff=1.0).run()


def foreground(runtime: Runtime, job: Job, echo: jobs.Progress | None = None) -> Job:
    """Run a committed job here and now, as the command line does.

    When a worker took it first, wait for it: the work is done once, wherever it is.
    """
    ended = jobs.run(runtime, job.id, WORKS, echo)
    while ended.state in {"queued", "running"}:
        time.sleep(1)
        with runtime.database.reading() as session:
            ended = session.get_one(Job, job.id)
        if echo is not None and ended.total:
            echo(ended.done, ended.total, ended.message)
    return ended
