"""Photos and voices as a tablet brings them: sealed, in pieces, before their testimony."""

from __future__ import annotations

import hashlib
import uuid
from dataclasses import dataclass
from typing import Any

from flask import Flask

import envelopes
import field_cases
from field_cases import Field
from survey_app.models import uuid7
from survey_app.services import arrivals, media_files

VOICE = b"\x1a\x45\xdf\xa3" + b"ZORGLUBINE-la-voix " * 400
AGREED = envelopes.ANSWERS | {"accord_voix": "oui"}
PIECE = 4_000


@dataclass(frozen=True)
class Brought:
    """A file as the tablet holds it: sealed once and for all."""

    id: uuid.UUID
    testimony: uuid.UUID
    kind: str
    plain: bytes
    sealed: bytes

    @property
    def digest(self) -> str:
        return hashlib.sha256(self.plain).hexdigest()

    @property
    def listed(self) -> dict[str, Any]:
        return {"id": str(self.id), "kind": self.kind, "digest": self.digest}

    def headers(self, token: str, **changes: str) -> dict[str, str]:
        return {
            "Authorization": f"Bearer {token}",
            "X-Total": str(len(self.sealed)),
            "X-Digest": self.digest,
            "X-Kind": self.kind,
            "X-Testimony": str(self.testimony),
        } | changes


def made(
    field: Field, plain: bytes = VOICE, kind: str = "voice", testimony: uuid.UUID | None = None
) -> Brought:
    """A file sealed to the council."""
    sealed = field_cases.seal(field.runtime, field.council, plain)
    return Brought(uuid7(), testimony or uuid7(), kind, plain, sealed)


def address(one: Brought, offset: int | None = None) -> str:
    end = "" if offset is None else f"/{offset}"
    return f"/terrain/api/medias/{one.id}{end}"


def put(app: Flask, token: str, one: Brought, offset: int, data: bytes, **changes: str) -> Any:
    """One piece, as a tablet sends it: no cookie."""
    visitor = app.test_client(use_cookies=False)
    return visitor.put(address(one, offset), data=data, headers=one.headers(token, **changes))


def asked(app: Flask, token: str, one: Brought) -> Any:
    visitor = app.test_client(use_cookies=False)
    return visitor.get(address(one), headers={"Authorization": f"Bearer {token}"})


def bring(app: Flask, field: Field, one: Brought) -> dict[str, Any]:
    """Bring the whole file, piece by piece; the receipt of the last one."""
    answer: Any = None
    for at in range(0, len(one.sealed), PIECE):
        answer = put(app, field.token, one, at, one.sealed[at : at + PIECE])
        assert answer.status_code == 200, answer.get_data(as_text=True)
    receipt: dict[str, Any] = answer.json["receipt"]
    return receipt


def told_of(field: Field, *files: Brought, **answers: Any) -> arrivals.Arrival:
    """The testimony that these files go with, sent after them."""
    plain = field.plain(answers=AGREED | answers, media=[one.listed for one in files])
    plain["id"] = str(files[0].testimony)
    (arrival,) = field.receive(field.item(plain))
    return arrival


def settled(app: Flask, field: Field) -> Brought:
    """A voice that has arrived with its testimony."""
    one = made(field)
    assert bring(app, field, one)["status"] == "stored"
    assert told_of(field, one).status == "stored"
    return one


def on_disk(field: Field) -> list[str]:
    """The files of media under the instance folder, by the end of their names."""
    instance = field.runtime.settings.instance
    found = [path for name in ("incoming", "media") for path in (instance / name).rglob("*.*")]
    return sorted(f"{path.relative_to(instance).parts[0]}{path.suffix}" for path in found)


def kept(field: Field, one: Brought) -> bytes:
    """The bytes of a voice as the disk has them."""
    name = hashlib.sha256(one.sealed).hexdigest()
    return media_files.voice(field.runtime, name).read_bytes()
