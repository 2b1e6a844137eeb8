"""Commands that stay: the server with its worker, the worker alone, the demonstration."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NoReturn

import click
import waitress
from flask import current_app

from survey_app.cli.common import command, opened, runtime, warn_when_plain
from survey_app.domain import Conflict
from survey_app.runtime import Runtime
from survey_app.services import backup, worker


@contextmanager
def _worker(house: Runtime) -> Iterator[None]:
    """A worker process that lives and dies with the server."""
    environment = os.environ | {
        "SURVEY_INSTANCE": str(house.settings.instance),
        "SURVEY_KEY_DIR": str(house.settings.key_dir),
    }
    process = subprocess.Popen([sys.executable, "-m", "survey_app", "worker"], env=environment)
    try:
        yield
    finally:
        process.terminate()
        process.wait(timeout=30)


def serve_here(house: Runtime) -> None:
    """Serve until told to stop; raises `Conflict` where the address is already taken."""
    host, port = house.settings.host, house.settings.port
    with _listening(host, port) as listener, backup.in_use(house), _worker(house):
        server = waitress.create_server(
            current_app._get_current_object(),  # type: ignore[attr-defined]  # the proxy is this thread's
            sockets=[listener],
            threads=8,
            ident=None,
            max_request_body_size=current_app.config["MAX_CONTENT_LENGTH"],
        )
        signal.signal(signal.SIGTERM, _stop)
        click.echo(f"Paroles est ouvert : http://{host}:{port}")
        click.echo("Pour arrêter : Ctrl+C")
        server.run()


def _listening(host: str, port: int) -> socket.socket:
    try:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        return socket.create_server((host, port), family=family)
    except OSError as error:
        raise Conflict(
            f"Paroles n’a pas pu s’ouvrir sur {host}:{port} ({error.strerror}).",
            "Il est peut-être déjà ouvert : fermez-le, ou donnez un autre nombre à SURVEY_PORT.",
        ) from None


def _stop(number: int, frame: object) -> NoReturn:
    """A polite stop ends the worker too, as Ctrl+C does."""
    sys.exit(0)


@command("serve", help="Ouvre Paroles (serveur et travaux de fond).")
def serve() -> None:
    serve_here(opened())


@command("worker", help="Exécute les travaux de fond (lancé par « serve »).")
def work() -> None:
    house = opened()
    with backup.in_use(house):
        worker.work(house)


@command("demo", help="Construit la campagne de démonstration (inventée), puis l’ouvre.")
@click.option("--no-serve", is_flag=True, help="S’arrête une fois les fichiers écrits.")
def demo(no_serve: bool) -> None:
    from survey_app.services import demo as service

    house = runtime()
    warn_when_plain(house)
    for line in service.build(house):
        click.echo(line)
    if not no_serve:
        serve_here(house)


COMMANDS = (serve, work, demo)
