"""Processes that end together: those that answer requests, and the one that works behind them."""

from __future__ import annotations

import gc
import os
import signal
import sys
import threading
import time
import traceback
from collections.abc import Callable
from typing import NoReturn

from sqlalchemy.orm import configure_mappers

CALM = 1.0  # seconds before a process that ended at once is started again


def stop(number: int, frame: object) -> NoReturn:
    """A polite stop (SIGTERM) ends what Ctrl+C ends."""
    sys.exit(0)


def end_with(pipe: int) -> None:
    """Stop this process once the other end of the pipe is closed: whoever held it is gone.

    A process that is killed closes its files, whatever killed it; nobody is left behind to answer
    on an address that seems free, or to write in a database that is being replaced.
    """

    def watch() -> None:
        while os.read(pipe, 1):
            pass
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=watch, name="end-with", daemon=True).start()


def together(*tasks: Callable[[], None]) -> None:
    """Run each task in a process of its own until told to stop; one that dies is replaced.

    Called without any open database or thread: a forked process would share them. What is loaded
    by now is in memory once for all of them, as long as none writes in it.
    """
    signal.signal(signal.SIGTERM, stop)
    configure_mappers()  # SQLAlchemy would do it in each of them, at its first query
    gc.collect()
    gc.freeze()  # else each would write in every object, only to look for garbage
    gone, here = os.pipe()
    children = {_start(task, gone, here): (task, time.monotonic()) for task in tasks}
    try:
        while True:
            pid, _ = os.wait()
            if pid in children:
                task, born = children.pop(pid)
                time.sleep(max(0.0, CALM - (time.monotonic() - born)))
                children[_start(task, gone, here)] = (task, time.monotonic())
    finally:
        for pid in children:
            os.kill(pid, signal.SIGTERM)
        for pid in children:
            os.waitpid(pid, 0)


def _start(task: Callable[[], None], gone: int, here: int) -> int:
    pid = os.fork()
    if pid:
        return pid
    status = 1
    try:
        os.close(here)
        end_with(gone)
        task()
        status = 0
    except (SystemExit, KeyboardInterrupt):
        status = 0
    except Exception:
        traceback.print_exc()
    finally:
        # Not sys.exit: what the first process has to put away is not this one's business.
        os._exit(status)
