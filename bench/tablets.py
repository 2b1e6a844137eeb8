"""Simulated tablets: each holds sealed testimonies, and sends them until all have a receipt."""

from __future__ import annotations

import base64
import contextlib
import hashlib
import http.client
import json
import random
import threading
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pyrage

from bench import words
from survey_app.models import uuid7
from survey_app.services import consents

PATH = "/terrain/api/envois"
TIMEOUT = 20  # seconds without an answer
CODE_POINTS = 3_300
"""Of a testimony's words: about 3.6 kB once written as JSON."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where tablets send: the server, the tablet's token, and what its testimonies belong to."""

    host: str
    port: int
    token: str
    recipients: tuple[str, ...]
    council: str
    campaign: str
    meeting: str
    questionnaire: str


@dataclass(frozen=True, slots=True)
class Item:
    """A sealed testimony, with what must be found again in the database."""

    id: uuid.UUID
    sealed: str
    digest: str
    answers: dict[str, Any]
    size: int


@dataclass(frozen=True, slots=True)
class Weather:
    """The share of answers lost, of requests cut short, of items sent again for nothing."""

    lost: float = 0.0
    truncated: float = 0.0
    stale: float = 0.0
    pause: float = 0.0


def testimony(place: Place, number: int, pick: random.Random) -> Item:
    """An invented interview as a tablet seals it, whose clock is up to two days wrong."""
    said = ""
    while len(said) < CODE_POINTS:
        said += words.text(pick.randrange(10**6)) + " "
    answers = {
        "accord_noter": "oui",
        "age": "25_39",
        "accord_citer": "oui",
        "accord_voix": "non",
        "suites": "contact",
        "recit_quartier": f"Témoignage {number}. {said[:CODE_POINTS].strip()}",
    }
    key = uuid7()
    skew = timedelta(seconds=pick.uniform(-172_800, 172_800))
    content = {
        "format": "paroles-testimony",
        "version": 1,
        "id": str(key),
        "council": place.council,
        "campaign": place.campaign,
        "meeting": place.meeting,
        "questionnaire": place.questionnaire,
        "language": "fr",
        "answers": answers,
        "withdrawal_code": consents.new_code(),
        "claimed_at": (datetime.now(UTC) + skew).isoformat(),
        "device": "",
        "media": [],
        "salt": uuid.uuid4().hex,
    }
    plain = json.dumps(content, ensure_ascii=False).encode()
    recipients = [pyrage.x25519.Recipient.from_str(name) for name in place.recipients]
    sealed = base64.b64encode(pyrage.encrypt(plain, recipients)).decode()
    return Item(key, sealed, hashlib.sha256(plain).hexdigest(), answers, len(plain))


@dataclass
class Tablet:
    """One tablet. ``waiting`` empties as receipts come; ``refused`` must stay empty."""

    place: Place
    items: list[Item]
    weather: Weather = field(default_factory=Weather)
    seed: int = 0
    refused: list[str] = field(default_factory=list)
    spent: list[float] = field(default_factory=list)
    """Seconds that each answered request took."""

    def __post_init__(self) -> None:
        self.waiting = {item.id: item for item in self.items}
        self.pick = random.Random(self.seed)  # noqa: S311  # repeatable, not secret
        self._line: http.client.HTTPConnection | None = None

    def run(self, stop: Callable[[], bool] = lambda: False) -> None:
        """Send everything, in any order, through any weather."""
        while self.waiting and not stop():
            try:
                self._send(self._batch())
            except (OSError, http.client.HTTPException):
                self._hang_up()
                time.sleep(self.pick.uniform(0.05, 0.3))
            time.sleep(self.pick.uniform(0, self.weather.pause))
        self._hang_up()

    def _batch(self) -> list[Item]:
        size = self.pick.randint(1, 10) if self.weather.lost else 10
        chosen = self.pick.sample(list(self.waiting.values()), min(size, len(self.waiting)))
        if self.pick.random() < self.weather.stale:
            chosen = [*chosen[:9], self.pick.choice(self.items)]
        return list({item.id: item for item in chosen}.values())

    def _send(self, batch: list[Item]) -> None:
        sent = [
            {"id": str(i.id), "kind": "testimony", "digest": i.digest, "sealed": i.sealed}
            for i in batch
        ]
        body = json.dumps({"items": sent}).encode()
        line = self._connected()
        began = time.perf_counter()
        line.putrequest("POST", PATH)
        line.putheader("Authorization", f"Bearer {self.place.token}")
        line.putheader("Content-Type", "application/json")
        line.putheader("Content-Length", str(len(body)))
        line.endheaders()
        if self.pick.random() < self.weather.truncated:
            line.send(body[: self.pick.randrange(len(body))])
            self._hang_up()
            return
        line.send(body)
        if self.pick.random() < self.weather.lost:
            # Half of them are answered before the line is cut, the others not even that.
            if self.pick.random() < 0.5:
                line.getresponse().read()
            self._hang_up()
            return
        answer = line.getresponse()
        said = answer.read()
        self.spent.append(time.perf_counter() - began)
        if answer.status == 200:
            self._verify(json.loads(said)["receipts"])
        elif answer.status < 500:
            self.refused.append(f"{answer.status} {said[:200].decode(errors='replace')}")

    def _verify(self, receipts: list[dict[str, Any]]) -> None:
        for receipt in receipts:
            item = self.waiting.get(uuid.UUID(receipt["id"]))
            if item is None:
                continue
            if receipt["status"] in {"stored", "duplicate"} and receipt["digest"] == item.digest:
                del self.waiting[item.id]
            else:
                self.refused.append(f"{receipt['status']} {receipt.get('problems')}")
                del self.waiting[item.id]

    def _connected(self) -> http.client.HTTPConnection:
        if self._line is None:
            self._line = http.client.HTTPConnection(
                self.place.host, self.place.port, timeout=TIMEOUT
            )
        return self._line

    def _hang_up(self) -> None:
        if self._line is not None:
            with contextlib.suppress(OSError):
                self._line.close()
        self._line = None


def all_at_once(tablets: list[Tablet], stop: Callable[[], bool] = lambda: False) -> float:
    """Let every tablet send at the same time; returns the seconds it took."""
    threads = [threading.Thread(target=tablet.run, args=(stop,)) for tablet in tablets]
    began = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return time.perf_counter() - began
