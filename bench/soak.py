"""Exactly once, whatever happens: ten tablets, bad weather, and a server killed again and again."""

from __future__ import annotations

import json
import random
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import Any

from sqlalchemy import select

from bench.field import Server, installation, prepare
from bench.tablets import Tablet, Weather, all_at_once
from survey_app import sqlite
from survey_app.models import Testimony
from survey_app.runtime import Runtime

EACH = 200
KILLS = 40
UPTIME = (0.3, 1.2)  # seconds between an opening and the next cut
STORM = Weather(lost=0.3, truncated=0.05, stale=0.1, pause=0.6)
LONGEST = 1_800  # seconds after which the tablets give up, and the figures say what is missing


def main() -> None:
    """Print what was sent and what is there; exit status 1 where they differ."""
    with tempfile.TemporaryDirectory() as folder:
        figures = soak(Path(folder))
    print(json.dumps(figures, ensure_ascii=False, indent=1))
    wrong = {"lost", "doubled", "altered", "refused", "waiting"}
    sys.exit(any(figures[name] for name in wrong) or figures["integrity"] != "ok")


def soak(folder: Path, each: int = EACH, kills: int = KILLS) -> dict[str, Any]:
    """Send ``each`` testimonies from each tablet while the server is killed ``kills`` times."""
    house, places = installation(folder)
    tablets = prepare(places, each, weather=STORM)
    server = Server(house, places[0].port)
    server.open()
    deadline = time.monotonic() + LONGEST
    sending = threading.Thread(
        target=all_at_once, args=(tablets, lambda: time.monotonic() > deadline)
    )
    began = time.monotonic()
    sending.start()
    done = _cut(server, kills)
    sending.join()
    server.close()
    return _compare(house, tablets) | {"kills": done, "seconds": round(time.monotonic() - began)}


def _cut(server: Server, kills: int) -> int:
    """Kill the whole server so many times, opening it again each time."""
    pick = random.Random(11)  # noqa: S311  # repeatable, not secret
    for number in range(kills):
        time.sleep(pick.uniform(*UPTIME))
        server.kill()
        server.open()
        if (number + 1) % 10 == 0:
            print(f"  {number + 1} coupures…", file=sys.stderr, flush=True)
    return kills


def _compare(house: Runtime, tablets: list[Tablet]) -> dict[str, Any]:
    sent = {item.id: item for tablet in tablets for item in tablet.items}
    with house.database.reading() as session:
        rows = session.execute(select(Testimony.id, Testimony.answers)).all()
    house.database.close()
    stored = {row.id: row.answers for row in rows}
    assert house.database.path is not None
    return {
        "sent": len(sent),
        "stored": len(stored),
        "lost": len(sent.keys() - stored.keys()),
        "doubled": len(rows) - len(stored) + len(stored.keys() - sent.keys()),
        "altered": sum(
            any(answers.get(name) != value for name, value in sent[key].answers.items())
            for key, answers in stored.items()
            if key in sent
        ),
        "refused": sorted({reason for tablet in tablets for reason in tablet.refused}),
        "waiting": sum(len(tablet.waiting) for tablet in tablets),
        "integrity": sqlite.integrity(house.database.path, house.database.key),
    }


if __name__ == "__main__":
    main()
