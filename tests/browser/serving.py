"""A real server for the browsers of the tests."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import waitress
from flask import Flask


@contextmanager
def served(app: Flask) -> Iterator[str]:
    """The address of an application, served by waitress as in production."""
    server = waitress.create_server(app, host="127.0.0.1", port=0, threads=6)
    closing = threading.Event()

    def run() -> None:
        try:
            server.run()
        except OSError:
            # Its sockets are closed from the other thread, sometimes while it waits on them.
            if not closing.is_set():
                raise

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.effective_port}"
    closing.set()
    server.close()
    thread.join(timeout=10)
