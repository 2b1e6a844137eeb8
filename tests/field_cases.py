"""What a tablet would send, for the tests of the synchronisation: sealed as it seals."""

from __future__ import annotations

import base64
import hashlib
import json
import uuid
from dataclasses import dataclass
from typing import Any

import pyrage
from flask import Flask
from flask.testing import FlaskClient

import envelopes
import factories
from survey_app.models import Meeting, uuid7
from survey_app.permissions import Actor
from survey_app.runtime import Runtime
from survey_app.services import arrivals, consents, devices
from survey_app.services.sealed_items import Item

SEND = "/terrain/api/envois"


@dataclass(frozen=True)
class Field:
    """A council with an open meeting of its councillor, and the tablet of that councillor."""

    runtime: Runtime
    actors: dict[str, Actor]
    meeting: Meeting
    token: str
    device_id: uuid.UUID

    @property
    def council(self) -> uuid.UUID:
        return self.meeting.council_id

    def plain(self, **changes: Any) -> dict[str, Any]:
        """A finished interview as the tablet writes it down before it seals it."""
        version = next(q for q in self.meeting.campaign.questionnaires if "Q01" in q.name)
        return {
            "format": "paroles-testimony",
            "version": 1,
            "id": str(uuid7()),
            "council": str(self.council),
            "campaign": str(self.meeting.campaign_id),
            "meeting": str(self.meeting.id),
            "questionnaire": version.fingerprint,
            "language": "fr",
            "answers": dict(envelopes.ANSWERS),
            "withdrawal_code": consents.new_code(),
            "claimed_at": "2026-04-02T18:30:00.000Z",
            "device": str(self.device_id),
            "media": [],
            "salt": uuid.uuid4().hex,
        } | changes

    def count(self, kind: str, **changes: Any) -> dict[str, Any]:
        """A refusal or an interview stopped."""
        return {
            "format": "paroles-count",
            "version": 1,
            "id": str(uuid7()),
            "kind": kind,
            "meeting": str(self.meeting.id),
            "at": "2026-04-02T18:30:00.000Z",
        } | changes

    def contact(self, words: str, **changes: Any) -> dict[str, Any]:
        """A contact left apart."""
        return {
            "format": "paroles-contact",
            "version": 1,
            "id": str(uuid.uuid4()),
            "campaign": str(self.meeting.campaign_id),
            "contact": words,
        } | changes

    def item(self, plain: dict[str, Any], kind: str = "testimony", **changes: Any) -> Item:
        """The same, sealed."""
        content = json.dumps(plain, ensure_ascii=False).encode()
        values = {
            "id": uuid.UUID(plain["id"]),
            "kind": kind,
            "digest": hashlib.sha256(content).hexdigest(),
            "sealed": seal(self.runtime, self.council, content),
        }
        return Item(**(values | changes))

    def receive(self, *items: Item, who: str = "councillor") -> list[arrivals.Arrival]:
        """What becomes of items, through the service that requests call."""
        return arrivals.receive(self.runtime, self.actors[who], items)


def settle(runtime: Runtime, name: str = "", **meeting: Any) -> Field:
    """A council of its own, committed."""
    with runtime.database.writing() as session:
        council = factories.council(session, f"Conseil {name}")
        actors = factories.actors(session, council, suffix=name)
        campaign = factories.campaign(session, council, slug=f"essai{name}")
        place = factories.meeting(session, campaign, actors["councillor"], **meeting)
        device, token = devices.enrol(session, actors["councillor"], "Tablette bleue")
        assert [q.name for q in place.campaign.questionnaires]
        return Field(runtime, actors, place, token, device.id)


def seal(runtime: Runtime, council: uuid.UUID, content: bytes) -> bytes:
    """Seal to every recipient of the council, as tablets do."""
    keys = runtime.keys.recipients(council)
    return pyrage.encrypt(content, [pyrage.x25519.Recipient.from_str(key) for key in keys])


def body(*items: Item) -> dict[str, Any]:
    """The request that brings these items."""
    return {"items": [wire(item) for item in items]}


def wire(item: Item) -> dict[str, str]:
    """An item as requests and rescue files write it."""
    return {
        "id": str(item.id),
        "kind": item.kind,
        "digest": item.digest,
        "sealed": base64.b64encode(item.sealed).decode(),
    }


def post(app: Flask, token: str, sent: Any, path: str = SEND, **options: Any) -> Any:
    """Post as a tablet does: no cookie, a token of its own."""
    visitor: FlaskClient = app.test_client(use_cookies=False)
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    return visitor.post(path, json=sent, headers=headers, **options)
