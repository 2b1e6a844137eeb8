"""What the pages of the tablet weigh and how Lighthouse judges them, on a mobile it imitates.

Lighthouse is a program of its own (``npm install --global lighthouse``); where it is absent, only
the weights are measured, and the figures say so.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import tempfile
from collections import Counter
from pathlib import Path
from typing import Any

from sqlalchemy import select

from bench.field import HOST, Server, installation
from survey_app import create_app
from survey_app.models import Account
from survey_app.runtime import Runtime
from survey_app.web.field import assets

TOOL = "lighthouse"
PAGES = ("/terrain/", "/terrain/preparer", "/collecte/")
JUDGED = ("performance", "accessibility")
PATIENCE = 180  # seconds for one page
TRIES = 3  # on a busy machine its Chromium sometimes misses the load of the page
CHROMIUM = "--chrome-flags=--headless=new --no-sandbox --disable-gpu"
ABSENT = "pas mesuré : le programme lighthouse n’est pas sur cette machine"


def measure() -> dict[str, Any]:
    """Kilobytes that the tablet keeps (compressed, as they travel), and a score out of 100."""
    with tempfile.TemporaryDirectory() as folder:
        house, places = installation(Path(folder))
        cookie, figures = _visit(house)
        tool = shutil.which(TOOL)
        if tool is None:
            return figures | {"lighthouse": ABSENT}
        server = Server(house, places[0].port, workers=1)
        server.open()
        site = f"http://{HOST}:{places[0].port}"
        try:
            judged = {path: _judge(tool, site + path, cookie, Path(folder)) for path in PAGES}
        finally:
            server.close()
        return figures | {"lighthouse": judged}


def _visit(house: Runtime) -> tuple[str, dict[str, Any]]:
    """A councillor's cookie, and the weight of all that the worker fetches on the first visit."""
    with house.database.reading() as session:
        token = session.scalars(select(Account.session_token).where(Account.login == "c0")).one()
    app = create_app(runtime=house)
    visitor = app.test_client()
    with visitor.session_transaction() as session_cookie:
        session_cookie["_user_id"], session_cookie["_fresh"] = token, True
    found = visitor.get_cookie("paroles")
    assert found is not None
    with app.test_request_context():
        kept = assets.addresses()
    weights = Counter[str]()
    for path in kept:
        answer = visitor.get(path, headers={"Accept-Encoding": "gzip"})
        weights["field_icons_kb" if path.endswith(".png") else "field_first_visit_kb"] += len(
            answer.data
        )
    return f"paroles={found.value}", {name: round(n / 1_000, 1) for name, n in weights.items()}


def _judge(tool: str, address: str, cookie: str, folder: Path) -> dict[str, Any]:
    """The scores of a page out of 100, and the kilobytes that its first load fetched."""
    report = folder / "lighthouse.json"
    asked = [
        "--quiet",
        "--output=json",
        f"--output-path={report}",
        f"--only-categories={','.join(JUDGED)}",
        f"--extra-headers={json.dumps({'Cookie': cookie})}",
        CHROMIUM,
    ]
    for _ in range(TRIES):
        ended = subprocess.run(  # noqa: S603  # a tool of this machine, over our own page
            [tool, address, *asked], check=False, timeout=PATIENCE, capture_output=True, text=True
        )
        if ended.returncode == 0:
            break
    else:
        raise SystemExit(f"{address} : {ended.stderr.strip()}")
    found = json.loads(report.read_text(encoding="utf-8"))
    scores = {name: round(100 * found["categories"][name]["score"]) for name in JUDGED}
    weight = found["audits"]["total-byte-weight"]["numericValue"]
    return scores | {"first_load_kb": round(weight / 1_000, 1)}


if __name__ == "__main__":
    print(json.dumps(measure(), ensure_ascii=False, indent=1))
