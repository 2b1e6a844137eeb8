"""A testimony on its way in, its receipt, and the fingerprint of what was sent."""

from __future__ import annotations

import hashlib
import json
import unicodedata
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Literal

Origin = Literal["form", "paper", "import", "demo", "offline"]
Status = Literal["stored", "duplicate", "conflict", "rejected"]


@dataclass(frozen=True, slots=True)
class Medium:
    """A photo or a voice (``kind``) that goes with a testimony; ``digest`` is of its plaintext.

    The rest is known once it is here: ``sha256`` of what is kept, ``content`` of a photo.
    """

    id: uuid.UUID
    kind: str
    digest: str
    sha256: str = ""
    media_type: str = ""
    size: int = 0
    width: int = 0
    height: int = 0
    content: bytes = b""

    @property
    def here(self) -> bool:
        return bool(self.sha256)


@dataclass(frozen=True, slots=True)
class Envelope:
    """A finished testimony on its way in. ``id`` was made by the sender, once and for all.

    ``questionnaire`` is the fingerprint of the version that was asked. ``consents`` may repeat,
    scope by scope, ``decision``, ``mode`` and ``phrase``: they must say what the answers say.
    ``persons`` is one, or those present at a collective meeting. Photos that the answers name
    belong to the interview in progress of the same id, or are in ``media`` with the voices.
    """

    id: uuid.UUID
    council_id: uuid.UUID
    meeting_id: uuid.UUID
    questionnaire: str
    answers: Mapping[str, Any]
    consents: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    withdrawal_code: str = ""
    campaign_id: uuid.UUID | None = None
    device: str = ""
    claimed_at: datetime | None = None
    language: str = "fr"
    persons: int = 1
    origin: Origin = "form"
    source_id: str = ""
    said_on: date | None = None
    media: tuple[Medium, ...] = ()


@dataclass(frozen=True, slots=True)
class Receipt:
    """What became of an envelope. Only ``stored`` and ``duplicate`` mean that it is kept.

    ``content_hash`` is that of the envelope received, ``number`` counts within the campaign
    (0 when nothing was stored), ``problems`` are plain French sentences. ``code`` tells machines
    why it was rejected: ``answers``, ``closed``, ``version``, ``media_missing``, ``erased``…
    """

    id: uuid.UUID
    status: Status
    content_hash: str
    number: int = 0
    problems: tuple[str, ...] = ()
    code: str = ""

    @property
    def kept(self) -> bool:
        return self.status in {"stored", "duplicate"}


def content_hash(envelope: Envelope) -> str:
    """SHA-256 of the envelope's canonical JSON (NFC, sorted keys), in hexadecimal.

    The paper code is left out: a stored hash must help nobody to guess it.
    """
    content = {
        "id": str(envelope.id),
        "council": str(envelope.council_id),
        "meeting": str(envelope.meeting_id),
        "questionnaire": envelope.questionnaire,
        "answers": envelope.answers,
        "consents": envelope.consents,
        "device": envelope.device,
        "claimed_at": envelope.claimed_at.isoformat() if envelope.claimed_at else "",
        "language": envelope.language,
        "persons": envelope.persons,
        "origin": envelope.origin,
        "source_id": envelope.source_id,
        "said_on": envelope.said_on.isoformat() if envelope.said_on else "",
    }
    text = json.dumps(_plain(content), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    # Halves of surrogate pairs are refused later, with a sentence; here they must not crash.
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _plain(value: object) -> object:
    """The same JSON value with every text in NFC, keys included."""
    if isinstance(value, str):
        return unicodedata.normalize("NFC", value)
    if isinstance(value, Mapping):
        return {str(_plain(str(key))): _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return value
