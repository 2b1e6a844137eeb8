"""The coding bench over HTTP, in a campaign of 50,000 testimonies: storing codes, opening pages.

``python -m bench.coding`` prints JSON: milliseconds of one client, codings a second of eight.
"""

from __future__ import annotations

import hashlib
import http.client
import json
import re
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from pathlib import Path
from statistics import median, quantiles
from typing import Any
from urllib.parse import urlencode

from sqlalchemy import insert

from analysis.sentences import sentences
from bench import words
from bench.field import HOST, Server, free_port
from survey_app import create_app
from survey_app.models import Account, Campaign, Meeting, Testimony, TextVersion, uuid7
from survey_app.permissions import Role, system_actor
from survey_app.runtime import Runtime
from survey_app.services import accounts, backup, campaigns, councils
from survey_app.settings import Settings

TESTIMONIES = 50_000
CLIENTS, EACH = 8, 60
CODES = ("LOG4", "MOB1", "TRA1", "CAD1", "EDU1", "SAN1")
TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')
VERSION = re.compile(r'name="version"[^>]*value="([^"]+)"')


class Coder:
    """One person's browser: a cookie, one connection kept open."""

    def __init__(self, port: int, cookie: str) -> None:
        self.line = http.client.HTTPConnection(HOST, port, timeout=60)
        self.cookie = f"paroles={cookie}"

    def open(self, path: str) -> tuple[float, str]:
        """Milliseconds to open a page, and the page."""
        began = time.perf_counter()
        self.line.request("GET", path, headers={"Cookie": self.cookie})
        answer = self.line.getresponse()
        page = answer.read().decode()
        spent = 1_000 * (time.perf_counter() - began)
        if answer.headers["Set-Cookie"]:  # the form token's secret, on the first page
            self.cookie = answer.headers["Set-Cookie"].partition(";")[0]
        if answer.status != 200:
            raise SystemExit(f"{path} : {answer.status}")
        return spent, page

    def code(self, path: str, page: str, rank: int, count: int) -> float:
        """Milliseconds to store one code on one sentence, as the page's script sends it."""
        token, version = TOKEN.search(page), VERSION.search(page)
        assert token
        assert version
        sent = {
            "csrf_token": token[1],
            "version": version[1],
            "phrase": rank % count,
            "code": CODES[rank // count % len(CODES)],
        }
        headers = {
            "Cookie": self.cookie,
            "X-Paroles-Part": "banc",
            "Content-Type": "application/x-www-form-urlencoded",
        }
        began = time.perf_counter()
        self.line.request("POST", path, urlencode(sent), headers)
        answer = self.line.getresponse()
        said = answer.read()
        spent = 1_000 * (time.perf_counter() - began)
        if answer.status not in {200, 303}:
            raise SystemExit(f"{answer.status} {said[:300].decode(errors='replace')}")
        return spent


def measure(testimonies: int = TESTIMONIES) -> dict[str, Any]:
    """Every figure, on an installation made for it and thrown away."""
    with tempfile.TemporaryDirectory() as folder:
        house = Runtime.start(Settings(Path(folder) / "instance", Path(folder) / "keys"))
        cookies, texts = prepare(house, testimonies)
        port = free_port()
        house.database.close()
        server = Server(house, port, workers=2)
        server.open()
        try:
            paths = [(f"/codage/temoignage/{key}", count) for key, count in texts]
            coders = [Coder(port, cookie) for cookie in cookies]
            return (
                {"testimonies": testimonies} | _alone(coders[0], paths) | _together(coders, paths)
            )
        finally:
            server.close()


def _alone(coder: Coder, paths: Sequence[tuple[str, int]]) -> dict[str, float]:
    for path, _ in paths[:10]:  # the first of each process also loads what it needs
        coder.open(path)
    opened = [coder.open(path)[0] for path, _ in paths[-60:]]
    path, count = paths[0]
    _, page = coder.open(path)
    for rank in range(5):
        coder.code(path, page, rank, count)
    path, count = paths[1]
    _, page = coder.open(path)
    stored = [coder.code(path, page, rank, count) for rank in range(count * 6)]
    return {
        "open_p50_ms": round(median(opened), 1),
        "open_p95_ms": round(quantiles(opened, n=20)[-1], 1),
        "store_p50_ms": round(median(stored), 1),
        "store_p95_ms": round(quantiles(stored, n=20)[-1], 1),
    }


def _together(coders: Sequence[Coder], paths: Sequence[tuple[str, int]]) -> dict[str, float]:
    spent: list[float] = []
    failures: list[str] = []

    def work(number: int) -> None:
        try:
            path, count = paths[10 + number]
            _, page = coders[number].open(path)
            spent.extend(coders[number].code(path, page, rank, count) for rank in range(EACH))
        except (SystemExit, OSError, http.client.HTTPException) as error:
            failures.append(str(error))

    threads = [threading.Thread(target=work, args=(n,)) for n in range(len(coders))]
    began = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    seconds = time.perf_counter() - began
    return {
        "together_per_second": round(len(spent) / seconds),
        "together_p50_ms": round(median(spent), 1),
        "together_p95_ms": round(quantiles(spent, n=20)[-1], 1),
        "together_failures": len(failures),
    }


def prepare(house: Runtime, testimonies: int) -> tuple[list[str], list[tuple[Any, int]]]:
    """Eight trained coders' cookies, and texts of ten sentences at least, from everywhere."""
    print("  campagne de travail…", file=sys.stderr, flush=True)
    backup.prepare(house)
    with house.database.writing() as session:
        council = councils.create(session, "Conseil du banc d’essai")
        machine = system_actor(council.id)
        campaign: Campaign = campaigns.create(session, machine, "banc", "Banc", ["QP034020"])
        campaign.state = "running"
        people: list[Account] = []
        for number in range(CLIENTS):
            made = accounts.create(session, machine, f"c{number}", f"C{number}", [Role.EVALUATOR])
            people.append(made[0])
        held = Meeting(
            council_id=council.id,
            campaign_id=campaign.id,
            neighbourhood_id=campaign.neighbourhoods[0].id,
            method="individuel",
            state="open",
        )
        session.add(held)
        session.flush()
        rows = _rows(campaign, held, testimonies)
        session.execute(insert(Testimony), [row for row, _ in rows])
        session.execute(insert(TextVersion), [text for _, text in rows])
        campaign.last_testimony = testimonies
        tokens = [person.session_token for person in people]
    long = [
        (row["id"], count)
        for row, text in rows[:: max(1, testimonies // 1_000)]
        if (count := len(sentences(text["text"]))) >= EACH // len(CODES)
    ]
    return [cookie_of(house, token) for token in tokens], long


def _rows(
    campaign: Campaign, held: Meeting, count: int
) -> list[tuple[dict[str, Any], dict[str, Any]]]:
    found = []
    for number in range(1, count + 1):
        key, said = uuid7(), words.text(number)
        found.append(
            (
                {
                    "id": key,
                    "council_id": campaign.council_id,
                    "campaign_id": campaign.id,
                    "meeting_id": held.id,
                    "number": number,
                    "content_hash": hashlib.sha256(said.encode()).hexdigest(),
                    "state": "masked",
                },
                {
                    "council_id": campaign.council_id,
                    "testimony_id": key,
                    "kind": "masked",
                    "text": said,
                },
            )
        )
    return found


def cookie_of(house: Runtime, token: str) -> str:
    visitor = create_app(runtime=house).test_client()
    with visitor.session_transaction() as cookie:
        cookie["_user_id"], cookie["_fresh"] = token, True
    found = visitor.get_cookie("paroles")
    assert found is not None
    return str(found.value)


if __name__ == "__main__":
    count = int(sys.argv[1]) if sys.argv[1:] else TESTIMONIES
    print(json.dumps(measure(count), ensure_ascii=False, indent=1))
