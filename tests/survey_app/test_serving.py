"""The server and its worker as real processes: they open, work, and stop together."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator

import pytest

import factories
from survey_app.domain import Conflict
from survey_app.models import Job
from survey_app.permissions import system_actor
from survey_app.runtime import Runtime
from survey_app.services import backup, jobs, worker

PATIENCE = 60


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def until(ready: Callable[[], bool]) -> None:
    """Wait for something, a minute at most."""
    deadline = time.monotonic() + PATIENCE
    while not ready():
        assert time.monotonic() < deadline, "it never came"
        time.sleep(0.2)


def answers(address: str) -> bool:
    try:
        with urllib.request.urlopen(address, timeout=10) as page:
            return page.status == 200 and "Content-Security-Policy" in page.headers
    except (urllib.error.URLError, ConnectionError):
        return False


Server = tuple[subprocess.Popen[str], str]


@pytest.fixture(params=["1"])
def server(runtime: Runtime, request: pytest.FixtureRequest) -> Iterator[Server]:
    """`paroles serve` on a free port with so many processes, and its address."""
    port = free_port()
    environment = os.environ | {
        "SURVEY_INSTANCE": str(runtime.settings.instance),
        "SURVEY_KEY_DIR": str(runtime.settings.key_dir),
        "SURVEY_PORT": str(port),
        "SURVEY_WORKERS": request.param,
    }
    process = subprocess.Popen(
        [sys.executable, "-u", "-m", "survey_app", "serve"],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        yield process, f"http://127.0.0.1:{port}"
    finally:
        if process.poll() is None:
            process.kill()
        process.communicate()


@pytest.mark.slow
def test_the_server_opens_its_worker_works_and_both_stop(runtime: Runtime, server: Server) -> None:
    process, address = server
    until(lambda: answers(f"{address}/compte/connexion"))
    with runtime.database.writing() as session:
        council = factories.council(session)
        campaign = factories.campaign(session, council)
        job = jobs.create(
            session, system_actor(council.id), "analyse", campaign.id, campaign="essai"
        )
    worker.enqueue(runtime, job.id)

    def ended() -> bool:
        with runtime.database.reading() as session:
            return session.get_one(Job, job.id).finished_at is not None

    until(ended)
    with runtime.database.reading() as session:
        done = session.get_one(Job, job.id)
        assert (done.state, done.attempts) == ("failed", 1)
        assert "aucun témoignage masqué" in done.message
    process.send_signal(signal.SIGTERM)
    said, _ = process.communicate(timeout=PATIENCE)
    assert process.returncode == 0
    assert f"Paroles est ouvert : {address}" in said
    assert "Traceback" not in said
    with backup.in_use(runtime, alone=True):
        pass  # the worker is gone too, for it shared the lock


def children(pid: int) -> list[int]:
    """The processes that a process started and that still live."""
    listed = subprocess.run(
        ["ps", "-o", "pid=,stat=", "--ppid", str(pid)], capture_output=True, text=True, check=False
    )
    rows = [line.split() for line in listed.stdout.splitlines()]
    return [int(number) for number, state in rows if not state.startswith("Z")]


@pytest.mark.slow
@pytest.mark.parametrize("server", ["1", "2"], indirect=True)
def test_a_process_that_dies_is_replaced_and_none_outlives_the_first(
    runtime: Runtime, server: Server, request: pytest.FixtureRequest
) -> None:
    process, address = server
    count = 1 + int(request.node.callspec.params["server"])  # those that answer, one that works
    until(lambda: answers(f"{address}/compte/connexion"))
    until(lambda: len(children(process.pid)) == count)
    first = set(children(process.pid))
    for pid in first:
        os.kill(pid, signal.SIGKILL)
    until(lambda: len(set(children(process.pid)) - first) == count)
    until(lambda: answers(f"{address}/compte/connexion"))

    process.kill()  # nothing can be put away
    process.wait(timeout=PATIENCE)

    def alone() -> bool:
        try:
            with backup.in_use(runtime, alone=True):
                return True
        except Conflict:
            return False

    until(alone)
    assert not answers(f"{address}/compte/connexion")
