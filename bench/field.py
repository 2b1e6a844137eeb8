"""A real server, in its own processes, before tablets that are enrolled in its database."""

from __future__ import annotations

import json
import os
import random
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from datetime import date
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from bench.tablets import Place, Tablet, all_at_once, testimony
from survey_app.models import Account, Campaign, Meeting
from survey_app.permissions import Role, system_actor
from survey_app.runtime import Runtime
from survey_app.services import accounts, backup, campaigns, councils, devices
from survey_app.settings import Settings

SLUG, QUESTIONNAIRE = "terrain", "Q01-entretien-individuel"
TABLETS = 10
HOST = "127.0.0.1"
PATIENCE = 60  # seconds that a server may take to open
FILLED = {
    "question": "Qu’est-ce que le contrat de ville a changé pour vous ?",
    "controller": "Ville d’essai",
    "dpo_contact": "dpo@exemple.invalid",
}


def installation(folder: Path) -> tuple[Runtime, list[Place]]:
    """A council that listens, with ten councillors who have a tablet each."""
    house = Runtime.start(Settings(folder / "instance", folder / "keys"))
    backup.prepare(house)
    port = free_port()
    with house.database.writing() as session:
        council = councils.create(session, "Conseil du banc d’essai")
        machine = system_actor(council.id)
        campaign: Campaign = campaigns.create(
            session, machine, SLUG, "Terrain", ["QP034020"], **FILLED
        )
        campaign.state, campaign.retention_until = "running", date(2040, 12, 31)
        asked = next(row for row in campaign.questionnaires if row.name == QUESTIONNAIRE)
        places = []
        for number in range(TABLETS):
            account: Account = accounts.create(
                session, machine, f"c{number}", f"C{number}", [Role.COUNCILLOR]
            )[0]
            _, token = devices.enrol(session, accounts.actor_of(account), f"Tablette {number}")
            places.append(
                Place(
                    host=HOST,
                    port=port,
                    token=token,
                    recipients=tuple(house.keys.recipients(council.id)),
                    council=str(council.id),
                    campaign=str(campaign.id),
                    meeting=str(_meeting(session, campaign, account).id),
                    questionnaire=asked.fingerprint,
                )
            )
    house.database.close()
    return house, places


def _meeting(session: Session, campaign: Campaign, account: Account) -> Meeting:
    held = Meeting(
        council_id=campaign.council_id,
        campaign_id=campaign.id,
        neighbourhood_id=campaign.neighbourhoods[0].id,
        created_by=account.id,
        method="individuel",
        held_on=date(2026, 4, 2),
        state="open",
    )
    session.add(held)
    session.flush()
    return held


class Server:
    """`paroles serve` in a process group of its own, which can be killed whole."""

    def __init__(self, house: Runtime, port: int, workers: int = 2) -> None:
        self.port = port
        self.environment = os.environ | {
            "SURVEY_INSTANCE": str(house.settings.instance),
            "SURVEY_KEY_DIR": str(house.settings.key_dir),
            "SURVEY_PORT": str(port),
            "SURVEY_WORKERS": str(workers),
        }
        self.process: subprocess.Popen[bytes] | None = None

    def open(self) -> None:
        """Start, and wait until it answers."""
        self.process = subprocess.Popen(
            [sys.executable, "-m", "survey_app", "serve"],
            env=self.environment,
            stdout=subprocess.DEVNULL,
            start_new_session=True,
        )
        deadline = time.monotonic() + PATIENCE
        while not self._answers():
            if time.monotonic() > deadline or self.process.poll() is not None:
                raise SystemExit("le serveur ne s’est pas ouvert")
            time.sleep(0.05)

    def _answers(self) -> bool:
        try:
            with urllib.request.urlopen(f"http://{HOST}:{self.port}/terrain/", timeout=5):
                return True
        except (urllib.error.URLError, OSError):
            return False

    def kill(self) -> None:
        """Kill every process at once, as a power cut does."""
        assert self.process is not None
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def close(self) -> None:
        assert self.process is not None
        self.process.terminate()
        self.process.wait(timeout=PATIENCE)

    def memory_mb(self) -> float:
        """What all its processes hold, in MB, shared pages counted once (Linux's PSS)."""
        held = 0
        for pid in self._family():
            rollup = Path(f"/proc/{pid}/smaps_rollup").read_text()
            held += int(
                next(row for row in rollup.splitlines() if row.startswith("Pss:")).split()[1]
            )
        return round(held / 1_024, 1)

    def _family(self) -> list[int]:
        assert self.process is not None
        listed = subprocess.run(  # noqa: S603  # our own words
            ["ps", "-o", "pid=", "-g", str(self.process.pid)],  # noqa: S607  # the system's own
            capture_output=True,
            text=True,
            check=False,
        )
        return [int(pid) for pid in listed.stdout.split()]


def prepare(places: list[Place], each: int, **weather: Any) -> list[Tablet]:
    """Tablets full of sealed testimonies, made before anything is measured."""
    pick = random.Random(7)  # noqa: S311  # repeatable, not secret
    return [
        Tablet(
            place, [testimony(place, rank, pick) for rank in range(each)], seed=number, **weather
        )
        for number, place in enumerate(places)
    ]


def measure(workers: int, each: int = 300) -> dict[str, Any]:
    """Testimonies a second through the whole product, latencies, memory; SQLite alone beside.

    ``workers`` processes answer; the memory is that of the whole server, work behind it included.
    """
    with tempfile.TemporaryDirectory() as folder:
        house, places = installation(Path(folder))
        tablets = prepare(places, each)
        server = Server(house, places[0].port, workers)
        server.open()
        all_at_once(prepare(places, 10))  # the first of each process also loads what it needs
        spent = all_at_once(tablets)
        memory = server.memory_mb()
        server.close()
        refused = [reason for tablet in tablets for reason in tablet.refused]
        if refused:
            raise SystemExit(refused[0])
        requests = sorted(second for tablet in tablets for second in tablet.spent)
        count, raw = each * len(tablets), _raw(Path(folder), tablets)
        return {
            "testimonies": count,
            "mean_kb": round(statistics.mean(i.size for t in tablets for i in t.items) / 1_000, 2),
            "per_second": round(count / spent),
            "request_p50_ms": round(1_000 * statistics.median(requests)),
            "request_p99_ms": round(1_000 * requests[int(0.99 * (len(requests) - 1))]),
            "memory_mb": memory,
            "sqlite_alone_per_second": round(raw),
            "ratio_to_sqlite": round(count / spent / raw, 3),
        }


def _raw(folder: Path, tablets: list[Tablet]) -> float:
    """Rows a second when the same items are only written, ten to a transaction, as durably."""
    from survey_app.sqlite import connector

    line = connector(folder / "raw.db", b"7" * 32)()
    line.execute("CREATE TABLE items (id TEXT PRIMARY KEY, words TEXT) STRICT")
    items = [item for tablet in tablets for item in tablet.items]
    began = time.perf_counter()
    for first in range(0, len(items), 10):
        line.execute("BEGIN IMMEDIATE")
        for item in items[first : first + 10]:
            line.execute(
                "INSERT INTO items VALUES (?, ?)", (str(item.id), json.dumps(item.answers))
            )
        line.execute("COMMIT")
    spent = time.perf_counter() - began
    line.close()
    return len(items) / spent


def free_port() -> int:
    with socket.socket() as found:
        found.bind((HOST, 0))
        return int(found.getsockname()[1])
