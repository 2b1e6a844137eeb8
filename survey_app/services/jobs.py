"""Long work, durable: a row says what, who and how far; huey only carries its id.

A worker killed halfway leaves a silent heartbeat: the job is queued again, three times at most.
A person may stop those that keep what is done, batch by batch (`STOPPABLE`): the next one goes on
from there. The command line runs the same job in the foreground (`run`).
"""

from __future__ import annotations

import logging
import time
import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from analysis.codebook import CodebookError
from analysis.corpus import CorpusError
from analysis.french import FrenchModelError
from analysis.scale import ScaleError
from survey_app.domain import Conflict, DomainError
from survey_app.models import Account, Job, now
from survey_app.permissions import Actor, system_actor
from survey_app.runtime import Runtime
from survey_app.services import accounts, scope, states

Progress = Callable[[int, int, str], None]
Work = Callable[[Runtime, Actor, dict[str, Any], Progress], dict[str, Any]]

SILENCE = timedelta(minutes=2)
MAX_ATTEMPTS = 3
SECONDS_BETWEEN_WRITES = 0.5
UNEXPECTED = (
    "Le travail s’est arrêté sur une erreur de notre côté. Les témoignages sont intacts. "
    "Relancez-le, et prévenez la personne qui administre si cela recommence."
)
# Their words are already French and meant for people.
TOLD = (DomainError, CodebookError, CorpusError, FrenchModelError, ScaleError)
OVER = frozenset({"done", "failed", "stopped"})
STOPPABLE = frozenset({"analyse", "names", "words"})
STOPPED = (
    "Ce travail a été arrêté à la demande d’une personne. Rien n’est perdu : "
    "relancez-le, il reprendra où il en était."
)
log = logging.getLogger(__name__)


class StoppedError(Exception):
    """Raised where work tells its progress, once a person has stopped it."""


def create(
    session: Session,
    actor: Actor,
    kind: str,
    campaign_id: uuid.UUID | None = None,
    **parameters: Any,
) -> Job:
    """Write down a piece of work; whoever calls hands its id to the worker after the commit."""
    job = Job(
        council_id=actor.council_id,
        created_by=actor.account_id,
        kind=kind,
        campaign_id=campaign_id,
        parameters=parameters,
    )
    session.add(job)
    session.flush()
    return job


def pending(
    session: Session,
    actor: Actor,
    kind: str,
    campaign_id: uuid.UUID,
    parameters: dict[str, Any] | None = None,
) -> Job | None:
    """The same work already waiting or under way, so that two taps start it once.

    Without ``parameters``, any work of this kind.
    """
    found = session.scalars(
        scope.scoped(actor, Job).where(
            Job.kind == kind,
            Job.campaign_id == campaign_id,
            Job.state.in_(("queued", "running")),
        )
    )
    return next((job for job in found if parameters in (None, job.parameters)), None)


def run(
    runtime: Runtime, job_id: uuid.UUID, works: dict[str, Work], echo: Progress | None = None
) -> Job:
    """Do the work of a queued job and write down how it ended.

    A refusal is told in its own words, anything else in plain French with the trace in
    the log. Returns the job as it ended; a job that is not queued is returned untouched.
    """
    with runtime.database.writing() as session:
        job = session.get_one(Job, job_id)
        actor = _actor(session, job)
        if job.state != "queued":
            return job
        states.move(session, actor, job, "running")
        job.attempts += 1
        job.heartbeat_at = now()
        parameters, kind = dict(job.parameters), job.kind
    try:
        result = works[kind](runtime, actor, parameters, _reporter(runtime, job_id, echo))
    except StoppedError:
        log.info("job %s (%s) stopped", job_id, kind)
        with runtime.database.reading() as session:
            return session.get_one(Job, job_id)
    except TOLD as error:
        return _finish(runtime, actor, job_id, "failed", str(error))
    except Exception:
        log.exception("job %s (%s) failed", job_id, kind)
        return _finish(runtime, actor, job_id, "failed", UNEXPECTED)
    return _finish(runtime, actor, job_id, "done", "", result)


def may_stop(actor: Actor, job: Job) -> bool:
    """Whether this person may stop this work now."""
    under_way = job.state in ("queued", "running") and job.kind in STOPPABLE
    return under_way and job.council_id == actor.council_id and actor.can("analysis.run")


def stop(session: Session, actor: Actor, job: Job) -> None:
    """Stop this work: it ends where it next tells its progress, and what it kept stays.

    `Conflict` when it is over, or cannot be left halfway.
    """
    actor.require("analysis.run")
    if not may_stop(actor, job):
        raise Conflict(
            "Ce travail ne peut pas être arrêté : il est terminé, ou doit aller à son terme.",
            "Rien n’a été changé. Rechargez la page pour voir où il en est.",
        )
    states.move(session, actor, job, "stopped")
    job.message, job.finished_at = STOPPED, now()


def recover(runtime: Runtime) -> list[uuid.UUID]:
    """Queue again what a killed worker left running, and name every job that waits."""
    deadline = now() - SILENCE
    with runtime.database.writing() as session:
        silent = session.scalars(
            select(Job).where(
                Job.state == "running",
                or_(Job.heartbeat_at.is_(None), Job.heartbeat_at < deadline),
            )
        )
        for job in silent:
            actor = _actor(session, job)
            if job.attempts >= MAX_ATTEMPTS:
                states.move(session, actor, job, "failed")
                job.message = UNEXPECTED
            else:
                states.move(session, actor, job, "queued")
        session.flush()
        waiting = select(Job.id).where(Job.state == "queued").order_by(Job.created_at)
        return list(session.scalars(waiting))


def _actor(session: Session, job: Job) -> Actor:
    account = session.get(Account, job.created_by) if job.created_by else None
    return accounts.actor_of(account) if account else system_actor(job.council_id)


def _finish(
    runtime: Runtime,
    actor: Actor,
    job_id: uuid.UUID,
    state: str,
    message: str,
    result: dict[str, Any] | None = None,
) -> Job:
    with runtime.database.writing() as session:
        job = session.get_one(Job, job_id)
        if job.state != "running":  # taken for dead and queued again meanwhile
            return job
        states.move(session, actor, job, state)
        job.message = message
        job.result = result or {}
        job.finished_at = now()
        if state == "done":
            job.done = job.total
    return job


def _reporter(runtime: Runtime, job_id: uuid.UUID, echo: Progress | None) -> Progress:
    """Write progress and heartbeat at most twice a second, each in its own short transaction.

    Raises `StoppedError` once a person has stopped the job.
    """
    last = 0.0

    def report(done: int, total: int, message: str) -> None:
        nonlocal last
        if echo is not None:
            echo(done, total, message)
        if done < total and time.monotonic() - last < SECONDS_BETWEEN_WRITES:
            return
        last = time.monotonic()
        with runtime.database.writing() as session:
            job = session.get_one(Job, job_id)
            if job.state == "stopped":
                raise StoppedError
            job.done, job.total, job.message = done, total, message
            job.heartbeat_at = now()

    return report
