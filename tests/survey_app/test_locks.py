"""A folder held by one process at a time, and let go by one that dies."""

from __future__ import annotations

import multiprocessing
import os
import signal
from multiprocessing.connection import Connection
from pathlib import Path

from survey_app.locks import held

CONTEXT = multiprocessing.get_context("spawn")
PATIENCE = 60


def add_up(folder: Path, times: int) -> None:
    """Read a number and write it again, one more: what two at once would lose."""
    for _ in range(times):
        with held(folder):
            total = folder / "total"
            total.write_text(str(int(total.read_text()) + 1))


def hold(folder: Path, here: Connection) -> None:
    with held(folder):
        here.send("held")
        signal.pause()


def test_several_processes_never_hold_a_folder_together(tmp_path: Path) -> None:
    (tmp_path / "total").write_text("0")
    workers = [CONTEXT.Process(target=add_up, args=(tmp_path, 200)) for _ in range(3)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(PATIENCE)
        assert worker.exitcode == 0
    assert (tmp_path / "total").read_text() == "600"


def test_a_process_that_is_killed_lets_the_folder_go(tmp_path: Path) -> None:
    here, there = CONTEXT.Pipe()
    holder = CONTEXT.Process(target=hold, args=(tmp_path, there))
    holder.start()
    assert here.poll(PATIENCE)
    assert here.recv() == "held"
    os.kill(holder.pid or 0, signal.SIGKILL)
    holder.join(PATIENCE)
    with held(tmp_path):
        assert not holder.is_alive()
    assert list(tmp_path.iterdir()) == []  # nothing had to be written
