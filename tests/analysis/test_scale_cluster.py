"""A real Dask scheduler and two worker processes, on this machine only, give the same results."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from analysis import french, scale
from bench.words import text

PROJECT = Path(__file__).resolve().parents[2]
HERE = "127.0.0.1"
WORKERS = 2
pytestmark = pytest.mark.slow
pytest.importorskip("distributed", reason="the extra « echelle » is not installed")
psutil = pytest.importorskip("psutil")  # it comes with it


class Cluster:
    """Its processes, and where they listen."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.processes: list[psutil.Process] = []
        self.started: list[subprocess.Popen[bytes]] = []
        card = folder / "scheduler.json"
        self.start("scheduler", "--port", "0", "--scheduler-file", str(card))
        self.address = told(card)
        self.workers = [self.worker() for _ in range(WORKERS)]
        for worker in self.workers:
            heard(worker)

    def start(self, what: str, *options: str) -> psutil.Process:
        command = [
            "-m",
            "distributed.cli.dask_" + what,
            "--host",
            HERE,
            "--dashboard-address",
            f"{HERE}:0",
        ]
        self.started.append(
            subprocess.Popen(
                [sys.executable, *command, *options],
                cwd=self.folder,
                env=os.environ | {"PYTHONPATH": f"{PROJECT}{os.pathsep}{PROJECT / 'tests'}"},
                stderr=subprocess.DEVNULL,
            )
        )
        self.processes.append(psutil.Process(self.started[-1].pid))
        return self.processes[-1]

    def worker(self) -> psutil.Process:
        apart = ["--nthreads", "1", "--no-nanny", "--local-directory", str(self.folder)]
        return self.start("worker", self.address, *apart)

    def close(self) -> None:
        for process in reversed(self.started):
            process.terminate()
        for process in self.started:
            process.wait(30)


def told(card: Path, patience: float = 60) -> str:
    """The address that the scheduler writes once it listens."""
    deadline = time.monotonic() + patience
    while time.monotonic() < deadline:
        if card.exists() and (written := card.read_text(encoding="utf-8")).endswith("}"):
            return str(json.loads(written)["address"])
        time.sleep(0.1)
    raise AssertionError("the scheduler does not start")


def heard(process: psutil.Process, patience: float = 60) -> list[tuple[str, int]]:
    """Where this process listens, once it does."""
    deadline = time.monotonic() + patience
    while time.monotonic() < deadline:
        found = [
            (one.laddr.ip, one.laddr.port)
            for one in process.net_connections("inet")
            if one.status == psutil.CONN_LISTEN
        ]
        if found:
            return found
        time.sleep(0.1)
    raise AssertionError("nothing listens")


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    made = Cluster(tmp_path_factory.mktemp("cluster"))
    yield made
    made.close()
    assert not any(process.is_running() for process in made.processes)


def batches(count: int = 6) -> list[list[tuple[str, str]]]:
    return [[(f"R-{n % 3}", text(10 * rank + n)) for n in range(10)] for rank in range(count)]


def slowly(number: int) -> tuple[int, int]:
    time.sleep(0.3)
    return number, os.getpid()


def once(task: tuple[str, int]) -> int:
    """Kills the worker that takes the third batch for the first time."""
    flag, number = task
    if number == 3 and not Path(flag).exists():
        Path(flag).touch()
        os._exit(9)
    return number


def wrong(number: int) -> int:
    raise ZeroDivisionError(number)


def test_the_cluster_reads_and_counts_as_one_machine_does(cluster: Cluster) -> None:
    here = scale.lexicon(scale.mapped(scale.read_and_counted, batches()))
    there = scale.mapped(scale.read_and_counted, batches(), scheduler=cluster.address)
    assert scale.lexicon(there) == here
    assert here


def test_readings_come_back_to_be_kept(cluster: Cluster) -> None:
    some = {str(rank): text(rank) for rank in range(5)}
    made = list(scale.mapped(french.entries, [some], scheduler=cluster.address))
    assert made == [french.entries(some)]


def test_both_workers_work_and_results_keep_their_order(cluster: Cluster) -> None:
    found = list(scale.mapped(slowly, range(8), scheduler=cluster.address))
    assert [number for number, _ in found] == list(range(8))
    assert {process for _, process in found} == {worker.pid for worker in cluster.workers}


def test_what_the_function_raises_goes_through(cluster: Cluster) -> None:
    with pytest.raises(ZeroDivisionError):
        list(scale.mapped(wrong, range(3), scheduler=cluster.address))


def test_nothing_listens_but_on_this_machine(cluster: Cluster) -> None:
    listening = [place for process in cluster.processes for place in heard(process)]
    assert len(listening) >= 1 + WORKERS
    assert {address for address, _ in listening} == {HERE}
    mine = psutil.Process().net_connections("inet")
    assert not [one for one in mine if one.status == psutil.CONN_LISTEN]


def test_a_cluster_that_does_not_answer_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scale, "_PATIENCE", 1)
    with pytest.raises(scale.ScaleError, match="ne répond pas"):
        list(scale.mapped(slowly, [1], scheduler="tcp://127.0.0.1:1"))


def test_a_worker_that_dies_changes_nothing(cluster: Cluster, tmp_path: Path) -> None:
    tasks = [(str(tmp_path / "once"), number) for number in range(8)]
    assert list(scale.mapped(once, tasks, scheduler=cluster.address)) == list(range(8))
    assert (tmp_path / "once").exists()
    assert len([one for one in cluster.started if one.poll() is not None]) == 1
