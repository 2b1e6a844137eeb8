"""Five thousand excerpts written to every format, while somebody else turns pages.

``python -m bench.exports`` prints JSON: seconds of each format, and how long a page waits
meanwhile, in milliseconds. The server, its pages and its background work are the real ones.
"""

from __future__ import annotations

import json
import tempfile
import threading
import time
from pathlib import Path
from statistics import median
from typing import Any

from analysis.export import WRITERS, write
from bench import coded, words
from bench.__main__ import SLUG, bring, draft, prepare
from bench.coding import Coder, cookie_of
from bench.field import Server, free_port
from survey_app.models import Campaign, Job, Synthesis
from survey_app.permissions import system_actor
from survey_app.runtime import Runtime
from survey_app.services import jobs, syntheses, worker
from survey_app.settings import Settings

TESTIMONIES = 2_230  # about five thousand excerpts
PAGES = (f"/resultats/{SLUG}", f"/codage/{SLUG}", f"/relecture/{SLUG}")


def measure() -> dict[str, Any]:
    """Every figure, on an installation made for it and thrown away."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        house = Runtime.start(Settings(folder / "instance", folder / "keys"))
        token = prepare(house)
        bring(house, words.write(folder / "a.csv", 0, TESTIMONIES), "texte")
        figures: dict[str, Any] = {"excerpts": coded.code_all(house)}
        key = draft(house)
        figures["alone_s"] = _alone(house, folder)
        cookie, port = cookie_of(house, token), free_port()
        house.database.close()
        server = Server(house, port, workers=1)
        server.open()
        try:
            figures["page_alone_ms"] = _waits(port, cookie, lambda: time.sleep(3))
            figures["page_meanwhile_ms"] = {
                kind: _waits(port, cookie, lambda kind=kind: _written(house, folder, key, kind))
                for kind in WRITERS
            }
        finally:
            server.close()
        return figures


def _alone(house: Runtime, folder: Path) -> dict[str, float]:
    """Seconds of each writer; the first writing, that loads its library, is not counted."""
    with house.database.reading() as session:
        document = syntheses.document(session.query(Synthesis).one())
    spent = {}
    for kind in WRITERS:
        path = folder / f"seule.{kind}"
        write(document, kind, path)
        began = time.perf_counter()
        write(document, kind, path)
        spent[kind] = round(time.perf_counter() - began, 2)
    return spent


def _written(house: Runtime, folder: Path, synthesis: str, kind: str) -> None:
    """Ask the server's background work for a file, and wait until it is there."""
    with house.database.writing() as session:
        campaign = session.query(Campaign).one()
        actor = system_actor(campaign.council_id)
        asked = {"synthesis": synthesis, "formats": [kind], "folder": str(folder / kind)}
        key = jobs.create(session, actor, "export", campaign.id, **asked).id
    worker.enqueue(house, key)
    state = ""
    while state not in {"done", "failed"}:
        time.sleep(0.05)
        with house.database.reading() as session:
            state = session.get_one(Job, key).state
    if state == "failed":
        raise SystemExit(f"{kind} : échec")


def _waits(port: int, cookie: str, action: Any) -> dict[str, float]:
    """Milliseconds of pages turned one after the other while an action runs."""
    reader, spent = Coder(port, cookie), []
    for page in PAGES:
        reader.open(page)
    working = threading.Thread(target=action)
    working.start()
    while working.is_alive():
        spent += [reader.open(page)[0] for page in PAGES]
    return {"p50": round(median(spent), 1), "most": round(max(spent), 1), "pages": len(spent)}


if __name__ == "__main__":
    print(json.dumps(measure(), ensure_ascii=False, indent=1))
