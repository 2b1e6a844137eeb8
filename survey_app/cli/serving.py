"""Commands that stay: the server with its worker, the worker alone, the demonstration."""

from __future__ import annotations

import logging
import socket
import sys

import click
import waitress
from flask import Flask, current_app

from survey_app.cli import processes
from survey_app.cli.common import command, opened, runtime, warn_when_plain
from survey_app.domain import Conflict
from survey_app.runtime import Runtime
from survey_app.services import backup, worker

THREADS = 5  # in each process
ROOM = 8 * 1024 * 1024  # bytes
# Seconds that a thread may keep Python to itself; a request asks for it back after each statement
# of SQL, and would wait ten times longer otherwise.
SWITCH = 0.0005


def serve_here(house: Runtime) -> None:
    """Serve until told to stop; raises `Conflict` where the address is already taken."""
    host, port = house.settings.host, house.settings.port
    app = current_app._get_current_object()  # type: ignore[attr-defined]  # the proxy is this thread's
    with _listening(host, port) as listener, backup.in_use(house):
        click.echo(f"Paroles est ouvert : http://{host}:{port}")
        click.echo("Pour arrêter : Ctrl+C")
        house.database.close()  # each process opens its own

        def working() -> None:
            listener.close()
            worker.work(house)

        answering = [lambda: _answer(app, listener)] * house.settings.workers
        processes.together(working, *answering)


def _answer(app: Flask, listener: socket.socket) -> None:
    """Answer requests on the address until told to stop."""
    sys.setswitchinterval(SWITCH)
    # That requests wait their turn is no fault, and no news.
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)
    waitress.create_server(
        app,
        sockets=[listener],
        threads=THREADS,
        ident=None,
        # A little more than the application takes: its refusal is a French page, not this one's.
        max_request_body_size=app.config["MAX_CONTENT_LENGTH"] + ROOM,
    ).run()


def _listening(host: str, port: int) -> socket.socket:
    try:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        return socket.create_server((host, port), family=family)
    except OSError as error:
        raise Conflict(
            f"Paroles n’a pas pu s’ouvrir sur {host}:{port} ({error.strerror}).",
            "Il est peut-être déjà ouvert : fermez-le, ou donnez un autre nombre à SURVEY_PORT.",
        ) from None


@command("serve", help="Ouvre Paroles (serveur et travaux de fond).")
def serve() -> None:
    serve_here(opened())


@command("worker", help="Exécute les travaux de fond, que « serve » exécute déjà.")
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
