"""What a tablet sends: sealed items, and what each says once opened. Nothing here is stored yet."""

from __future__ import annotations

import base64
import hashlib
import json
import re
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pyrage

from survey_app.domain import DomainError, Invalid
from survey_app.services.envelopes import Envelope, Medium
from survey_app.services.sealing import unseal

MAX_ITEMS = 10
MAX_BYTES = 2 * 1024 * 1024
"""Of one request, base64 included."""
FORMATS = {
    "testimony": "paroles-testimony",
    "refusal": "paroles-count",
    "stopped": "paroles-count",
    "contact": "paroles-contact",
}
MAX_MEDIA = 100
"""Photos and voices of one testimony."""
MEDIA = frozenset({"photo", "voice"})
DIGEST = re.compile(r"[0-9a-f]{64}")
STILL_THERE = "Rien n’a été enregistré, et rien n’est effacé de la tablette."


class TooMuch(DomainError):  # noqa: N818  # a refusal that people read, as those of domain
    """More than one request may bring."""

    status = 413
    code = "too-much"

    def __init__(self) -> None:
        super().__init__(
            f"Cet envoi dépasse {MAX_ITEMS} témoignages ou {MAX_BYTES // 1024**2} Mo.",
            f"{STILL_THERE} Envoyez-en moins à la fois.",
        )


@dataclass(frozen=True, slots=True)
class Item:
    """One sealed item; ``digest`` is what the tablet says of its plaintext (SHA-256, hex)."""

    id: uuid.UUID
    kind: str
    digest: str
    sealed: bytes


@dataclass(frozen=True, slots=True)
class Opened:
    """An item opened: ``digest`` is computed here, from the very bytes that were sealed."""

    item: Item
    digest: str
    content: Mapping[str, Any]

    def key(self, name: str) -> uuid.UUID:
        """The identifier that the content holds under a name; `Invalid` where it is none."""
        return _uuid(self.content.get(name))

    def text(self, name: str) -> str:
        """The text under a name, empty where there is none; `Invalid` for anything else."""
        value = self.content.get(name, "")
        if not isinstance(value, str):
            raise unreadable()
        return value


def unreadable() -> Invalid:
    """The refusal of what was sealed to us and makes no sense."""
    return Invalid(
        "Cet envoi n’a pas la forme attendue.",
        f"{STILL_THERE} Mettez la tablette à jour, ou faites un fichier de secours pour la "
        "coordination.",
        code="unreadable",
    )


def batch(body: object) -> list[Item]:
    """The items of a request. Raises `Invalid` (400) for another shape, `TooMuch` (413)."""
    listed = body.get("items") if isinstance(body, dict) else None
    if not isinstance(listed, list):
        raise not_understood()
    if len(listed) > MAX_ITEMS:
        raise TooMuch()
    return [item(entry) for entry in listed]


def item(entry: object) -> Item:
    """One item as requests and rescue files write it. Raises `Invalid` (400)."""
    if not isinstance(entry, dict):
        raise not_understood()
    try:
        sealed = base64.b64decode(entry.get("sealed", ""), validate=True)
        return Item(
            _uuid(entry.get("id")), str(entry.get("kind")), str(entry.get("digest")), sealed
        )
    except (ValueError, TypeError, DomainError):
        raise not_understood() from None


def not_understood() -> DomainError:
    """The refusal of a whole request that is cut short or has another shape."""
    return DomainError(
        "Cet envoi n’a pas été compris : il est incomplet, ou n’a pas la forme attendue.",
        f"{STILL_THERE} L’envoi peut être recommencé.",
        code="bad-request",
    )


def open_item(identity: pyrage.x25519.Identity, sent: Item) -> Opened:
    """Open an item. Raises `Invalid`, code ``unreadable``, for what is not what it says."""
    if sent.kind not in FORMATS:
        raise unreadable()
    plain = unseal(identity, sent.sealed)
    digest = hashlib.sha256(plain).hexdigest()
    content = parse(plain)
    same = digest == sent.digest and content.get("id") == str(sent.id)
    if not same or (content.get("format"), content.get("version")) != (FORMATS[sent.kind], 1):
        raise unreadable()
    if sent.kind in {"refusal", "stopped"} and content.get("kind") != sent.kind:
        raise unreadable()
    return Opened(sent, digest, content)


def parse(plain: bytes) -> dict[str, Any]:
    """The JSON object of a plaintext (UTF-8). Raises `Invalid`, code ``unreadable``."""
    try:
        content = json.loads(plain)
        json.dumps(content, ensure_ascii=False, allow_nan=False).encode()  # no half characters
    except (ValueError, RecursionError):
        raise unreadable() from None
    if not isinstance(content, dict):
        raise unreadable()
    return content


def envelope(opened: Opened) -> Envelope:
    """The testimony that an opened item is. Raises `Invalid`, code ``unreadable``."""
    answers = opened.content.get("answers")
    if not isinstance(answers, dict):
        raise unreadable()
    return Envelope(
        id=opened.item.id,
        council_id=opened.key("council"),
        campaign_id=opened.key("campaign"),
        meeting_id=opened.key("meeting"),
        questionnaire=opened.text("questionnaire"),
        answers=answers,
        withdrawal_code=opened.text("withdrawal_code"),
        device=opened.text("device"),
        claimed_at=moment(opened.text("claimed_at")),
        language=opened.text("language"),
        origin="offline",
        media=_media(opened.content.get("media", [])),
    )


def _media(listed: object) -> tuple[Medium, ...]:
    """What goes with a testimony, as it says. Raises `Invalid`, code ``unreadable``."""
    if not isinstance(listed, list) or len(listed) > MAX_MEDIA:
        raise unreadable()
    found: dict[uuid.UUID, Medium] = {}
    for entry in listed:
        told = entry if isinstance(entry, dict) else {}
        kind, digest = str(told.get("kind")), str(told.get("digest"))
        if kind not in MEDIA or not DIGEST.fullmatch(digest):
            raise unreadable()
        one = Medium(_uuid(told.get("id")), kind, digest)
        found[one.id] = one
    return tuple(found.values())


def moment(text: str) -> datetime:
    """A time with its zone, however wrong the tablet's clock is. Raises `Invalid`."""
    try:
        found = datetime.fromisoformat(text)
        if found.tzinfo is None or not 1970 < found.year < 9000:
            raise unreadable()
    except ValueError:
        raise unreadable() from None
    return found


def _uuid(value: object) -> uuid.UUID:
    if not isinstance(value, str):
        raise unreadable()
    try:
        return uuid.UUID(value)
    except ValueError:
        raise unreadable() from None
