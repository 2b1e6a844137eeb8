"""Exactly once: whatever is sent, lost, sent again, altered or reordered, even all at once."""

from __future__ import annotations

import json
import shutil
import threading
import urllib.request
import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

import pytest
import waitress
from flask import Flask
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import event, func, select
from sqlalchemy.orm import Session

import field_cases
from conftest import settings_in
from field_cases import SEND, body
from survey_app.models import AuditEvent, Meeting, Testimony
from survey_app.runtime import Runtime
from survey_app.services import erasure

COPIES = 50
RECEIVED = {"stored", "duplicate"}


@pytest.fixture
def address(app: Flask) -> Iterator[str]:
    """The application behind the real server, as `paroles serve` opens it."""
    server = waitress.create_server(app, host="127.0.0.1", port=0, threads=8, ident=None)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.effective_port}"
    server.close()
    server.task_dispatcher.shutdown()
    thread.join(timeout=10)


def test_fifty_copies_at_once_are_one_row(runtime: Runtime, address: str) -> None:
    field = field_cases.settle(runtime)
    sent = json.dumps(body(field.item(field.plain()))).encode()

    def post(_: int) -> str:
        headers = {"Content-Type": "application/json", "Authorization": f"Bearer {field.token}"}
        asked = urllib.request.Request(address + SEND, data=sent, headers=headers)
        with urllib.request.urlopen(asked, timeout=60) as answer:
            return str(json.load(answer)["receipts"][0]["status"])

    with ThreadPoolExecutor(COPIES) as pool:
        statuses = list(pool.map(post, range(COPIES)))
    assert sorted(statuses) == ["duplicate"] * (COPIES - 1) + ["stored"]
    with runtime.database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Testimony)) == 1
        deposits = select(func.count()).where(AuditEvent.action == "deposit")
        assert session.scalar(deposits) == 1


class KilledError(RuntimeError):
    """The server dies in the middle of its transaction."""


class Tablets(RuleBasedStateMachine):
    """Tablets that send, lose answers and send again, beside a model that is only a set."""

    migrated: Path
    checked = 0  # testimonies that an invariant found where they must be

    @initialize()
    def settle(self) -> None:
        self.folder = Path(mkdtemp())
        shutil.copytree(self.migrated, self.folder / "house")
        self.runtime = Runtime.start(settings_in(self.folder / "house"))
        self.field = field_cases.settle(self.runtime)
        self.made: list[tuple[dict[str, Any], str]] = []
        self.stored: dict[str, Any] = {}
        self.erased: set[str] = set()
        self.refusals: set[str] = set()

    def teardown(self) -> None:
        self.runtime.database.close()
        shutil.rmtree(self.folder)

    @rule(words=st.text(min_size=1, max_size=20))
    def finish(self, words: str) -> None:
        plain = self.field.plain()
        plain["answers"] = plain["answers"] | {"complique": words}
        self.made.append((plain, "testimony"))

    @rule()
    def refuse(self) -> None:
        self.made.append((self.field.count("refusal"), "refusal"))

    @precondition(lambda self: self.made)
    @rule(data=st.data(), killed=st.booleans())
    def send(self, data: st.DataObject, killed: bool) -> None:
        """A batch in any order, with repeats; its answer may well be lost: it is sent again."""
        batch = data.draw(st.lists(st.sampled_from(range(len(self.made))), min_size=1, max_size=6))
        items = [self.field.item(*self.made[rank]) for rank in batch]
        if killed and self._new(batch):
            event.listen(Session, "before_commit", self._die)
            try:
                with pytest.raises(KilledError):
                    self.field.receive(*items)
            finally:
                event.remove(Session, "before_commit", self._die)
            return
        for rank, receipt in zip(batch, self.field.receive(*items), strict=True):
            self._expect(*self.made[rank], receipt)

    @precondition(lambda self: self.stored)
    @rule(data=st.data())
    def alter(self, data: st.DataObject) -> None:
        key = data.draw(st.sampled_from(sorted(self.stored)))
        plain = next(plain for plain, _ in self.made if plain["id"] == key)
        other = plain | {"answers": plain["answers"] | {"complique": "Tout autre chose."}}
        (receipt,) = self.field.receive(self.field.item(other))
        assert receipt.status == ("rejected" if key in self.erased else "conflict")

    @precondition(lambda self: set(self.stored) - self.erased)
    @rule(data=st.data())
    def withdraw(self, data: st.DataObject) -> None:
        key = data.draw(st.sampled_from(sorted(set(self.stored) - self.erased)))
        with self.runtime.database.writing() as session:
            me = self.field.actors["coordinator"]
            erasure.erase(session, me, self.runtime, uuid.UUID(key), "asked")
        self.erased.add(key)

    @invariant()
    def the_rows_are_the_model(self) -> None:
        with self.runtime.database.reading() as session:
            rows = {str(row.id): row.number for row in session.scalars(select(Testimony))}
            assert set(rows) == set(self.stored) - self.erased
            Tablets.checked += len(rows)
            assert all(self.stored[key] == number for key, number in rows.items())
            meeting = session.get_one(Meeting, self.field.meeting.id)
            assert (meeting.refusals or 0) == len(self.refusals)

    def _new(self, batch: list[int]) -> bool:
        ids = {self.made[rank][0]["id"] for rank in batch}
        return bool(ids - set(self.stored) - self.refusals)

    def _expect(self, plain: dict[str, Any], kind: str, receipt: Any) -> None:
        key = plain["id"]
        if key in self.erased:
            assert (receipt.status, receipt.code) == ("rejected", "erased")
        elif kind == "refusal":
            assert receipt.status == ("duplicate" if key in self.refusals else "stored")
            self.refusals.add(key)
        elif key in self.stored:
            assert (receipt.status, receipt.number) == ("duplicate", self.stored[key])
        elif receipt.status == "stored":
            assert receipt.number not in self.stored.values()
            self.stored[key] = receipt.number
        else:
            assert (receipt.status, receipt.code) == ("rejected", "answers"), receipt

    @staticmethod
    def _die(_session: Session) -> None:
        raise KilledError


def test_any_sequence_stores_what_was_sent_once(migrated: Path) -> None:
    Tablets.migrated = migrated
    limits = settings(max_examples=12, stateful_step_count=12, deadline=None)
    Tablets.checked = 0
    run_state_machine_as_test(Tablets, settings=limits)
    assert Tablets.checked > 0  # its invariants looked at something
