"""Photos and voices from tablets: resumed where they stopped, checked whole, then receipted."""

from __future__ import annotations

import errno
import hashlib
import os
from concurrent.futures import ThreadPoolExecutor

import pytest
from flask import Flask

import field_cases
import media_cases as cases
import photo_files
from field_cases import Field
from media_cases import PIECE, VOICE, asked, bring, made, put
from survey_app.models import Erasure
from survey_app.runtime import Runtime
from survey_app.services import devices, media, media_files, voices


@pytest.fixture
def field(runtime: Runtime) -> Field:
    return field_cases.settle(runtime)


def test_a_file_is_resumed_where_it_stopped(app: Flask, field: Field) -> None:
    one = made(field)
    assert asked(app, field.token, one).json == {"received": 0, "complete": False}
    first = put(app, field.token, one, 0, one.sealed[:PIECE])
    assert first.json == {"received": PIECE, "receipt": None}
    assert asked(app, field.token, one).json == {"received": PIECE, "complete": False}
    last = put(app, field.token, one, PIECE, one.sealed[PIECE:])
    assert last.json["receipt"] == {
        "id": str(one.id), "status": "stored", "digest": one.digest,
        "number": 0, "code": "", "problems": [],
    }  # fmt: skip
    assert asked(app, field.token, one).json == {"received": len(one.sealed), "complete": True}
    # The receipt was lost on its way: an empty piece at the end asks for it again.
    again = put(app, field.token, one, len(one.sealed), b"")
    assert again.json["receipt"]["status"] == "duplicate"
    assert again.json["receipt"]["digest"] == one.digest
    folder = media_files.incoming(field.runtime, field.council, one.testimony)
    assert [path.name for path in folder.iterdir()] == [f"{one.id}.age"]
    assert (folder / f"{one.id}.age").read_bytes() == one.sealed
    assert VOICE not in one.sealed


def test_a_piece_at_the_wrong_place_changes_nothing(app: Flask, field: Field) -> None:
    one = made(field)
    put(app, field.token, one, 0, one.sealed[:PIECE])
    for offset in (0, 1, PIECE - 1, PIECE + 1):
        answer = put(app, field.token, one, offset, b"xxxx")
        assert (answer.status_code, answer.json["received"]) == (409, PIECE)
        assert answer.json["message"]
    assert bring_rest(app, field, one, PIECE)["digest"] == one.digest


def bring_rest(app: Flask, field: Field, one: cases.Brought, offset: int) -> dict[str, object]:
    receipt: dict[str, object] = put(app, field.token, one, offset, one.sealed[offset:]).json[
        "receipt"
    ]
    return receipt


def test_an_altered_byte_is_refused_and_leaves_nothing(app: Flask, field: Field) -> None:
    one = made(field)
    middle = len(one.sealed) // 2
    bad = one.sealed[:middle] + bytes([one.sealed[middle] ^ 1]) + one.sealed[middle + 1 :]
    receipt = put(app, field.token, one, 0, bad).json["receipt"]
    assert (receipt["status"], receipt["code"], receipt["digest"]) == ("rejected", "unreadable", "")
    assert cases.on_disk(field) == []
    other = put(app, field.token, one, 0, one.sealed, **{"X-Digest": "0" * 64}).json["receipt"]
    assert (other["status"], other["code"]) == ("rejected", "unreadable")
    assert cases.on_disk(field) == []
    assert bring(app, field, one)["status"] == "stored"


@pytest.mark.parametrize(
    "changes",
    [
        {"X-Total": "0"},
        {"X-Total": "-4"},
        {"X-Total": str(40 * 1024**2)},
        {"X-Total": "beaucoup"},
        {"X-Total": "2"},
        {"X-Kind": "film"},
        {"X-Kind": "../../keys"},
        {"X-Digest": "../" * 20},
        {"X-Digest": "A" * 64},
        {"X-Testimony": "../../../keys"},
        {"X-Testimony": ""},
    ],
)
def test_what_no_tablet_sends_is_refused(app: Flask, field: Field, changes: dict[str, str]) -> None:
    one = made(field)
    answer = put(app, field.token, one, 0, one.sealed[:PIECE], **changes)
    assert answer.status_code in {400, 422}
    assert answer.json["message"]
    assert answer.json["remedy"]
    assert cases.on_disk(field) == []


def test_a_piece_has_a_size(app: Flask, field: Field) -> None:
    one = made(field, VOICE[:4] + b"o" * (media.CHUNK * 2))
    assert put(app, field.token, one, 0, one.sealed[: media.CHUNK + 1]).status_code == 422
    assert put(app, field.token, one, 0, one.sealed[: media.CHUNK]).status_code == 200


@pytest.mark.parametrize("name", ["..%2F..%2Fkeys", "%2Fetc%2Fpasswd", "x", "1/../../x"])
def test_an_address_is_an_identifier_or_nothing(app: Flask, field: Field, name: str) -> None:
    visitor = app.test_client(use_cookies=False)
    headers = made(field).headers(field.token)
    assert visitor.get(f"/terrain/api/medias/{name}", headers=headers).status_code == 404
    assert visitor.put(f"/terrain/api/medias/{name}/0", headers=headers).status_code in {404, 405}


@pytest.mark.parametrize(
    ("plain", "kind", "code"),
    [
        (b"<html><script>alert(1)</script>", "voice", "not-a-voice"),
        (b"#!/bin/sh\nrm -rf /", "photo", "not-a-photo"),
        (VOICE, "photo", "not-a-photo"),
        (b"", "voice", "not-a-voice"),
        (b"\x00\x00\x00\x18ftyp", "photo", "not-a-photo"),
    ],
)
def test_what_is_no_photo_and_no_voice_is_refused(
    app: Flask, field: Field, plain: bytes, kind: str, code: str
) -> None:
    receipt = bring(app, field, made(field, plain, kind))
    assert (receipt["status"], receipt["code"]) == ("rejected", code)
    assert receipt["problems"]
    assert cases.on_disk(field) == []


@pytest.mark.parametrize(
    ("head", "found"),
    [
        (b"\x1a\x45\xdf\xa3\x00\x00\x00\x00", "audio/webm"),
        (b"OggS\x00\x02\x00\x00\x00", "audio/ogg"),
        (b"\x00\x00\x00\x18ftypisom", "audio/mp4"),
    ],
)
def test_a_voice_is_known_by_its_first_bytes(head: bytes, found: str) -> None:
    assert voices.media_type(head) == found


def test_another_council_sees_nothing_of_it(app: Flask, field: Field) -> None:
    other = field_cases.settle(field.runtime, "voisin")
    one = cases.settled(app, field)
    waiting = made(field)
    bring(app, field, waiting)
    assert asked(app, other.token, waiting).json == {"received": 0, "complete": False}
    answer = put(app, other.token, one, 0, one.sealed[:PIECE])  # its testimony is not theirs
    assert answer.status_code == 404
    # Sealed to the first council, it does not open for the second.
    receipt = put(app, other.token, waiting, 0, waiting.sealed).json["receipt"]
    assert (receipt["status"], receipt["code"]) == ("rejected", "unreadable")


def test_a_revoked_tablet_brings_nothing(app: Flask, field: Field) -> None:
    one = made(field)
    with field.runtime.database.writing() as session:
        devices.revoke(session, field.actors["councillor"], field.device_id)
    for answer in (put(app, field.token, one, 0, one.sealed), asked(app, field.token, one)):
        assert (answer.status_code, answer.json["code"]) == (401, "device_revoked")
    assert cases.on_disk(field) == []


def test_nothing_comes_for_an_erased_testimony(app: Flask, field: Field) -> None:
    one = made(field)
    with field.runtime.database.writing() as session:
        session.add(Erasure(record_id=one.testimony, reason="withdrawn"))
    receipt = put(app, field.token, one, 0, one.sealed).json["receipt"]
    assert (receipt["status"], receipt["code"]) == ("rejected", "erased")
    assert cases.on_disk(field) == []


def test_a_full_disk_keeps_what_came_and_says_507(
    app: Flask, field: Field, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = made(field)
    put(app, field.token, one, 0, one.sealed[:PIECE])
    real = os.write

    def full(descriptor: int, data: bytes) -> int:
        if len(data) < 500:
            raise OSError(errno.ENOSPC, "No space left on device")
        return real(descriptor, data[:100])  # some of it goes, then no more

    with monkeypatch.context() as patched:
        patched.setattr(os, "write", full)
        answer = put(app, field.token, one, PIECE, one.sealed[PIECE : PIECE + 900])
    assert (answer.status_code, answer.json["code"]) == (507, "full")
    assert asked(app, field.token, one).json["received"] == PIECE
    assert bring_rest(app, field, one, PIECE)["status"] == "stored"


def test_a_photo_keeps_its_own_weight_of_pieces(app: Flask, field: Field) -> None:
    photo = made(field, photo_files.jpeg(), "photo")
    receipt = bring(app, field, photo)
    assert receipt["status"] == "stored"
    assert receipt["digest"] == hashlib.sha256(photo.plain).hexdigest()


def test_what_was_begun_for_something_longer_begins_again(app: Flask, field: Field) -> None:
    long = made(field)
    put(app, field.token, long, 0, long.sealed[: PIECE + 1])
    short = cases.Brought(long.id, long.testimony, "voice", VOICE[:900],
                          field_cases.seal(field.runtime, field.council, VOICE[:900]))  # fmt: skip
    assert len(short.sealed) < PIECE
    answer = put(app, field.token, short, PIECE + 1, b"")
    assert answer.status_code == 422
    assert put(app, field.token, short, 0, short.sealed).json["receipt"]["status"] == "stored"


def test_many_at_once_write_one_whole_file(app: Flask, field: Field) -> None:
    one = made(field)

    def tablet(_: int) -> str:
        at, receipt = 0, None
        while receipt is None:
            answer = put(app, field.token, one, at, one.sealed[at : at + 700])
            assert answer.status_code in {200, 409}
            at, receipt = answer.json["received"], answer.json.get("receipt")
        return str(receipt["status"])

    with ThreadPoolExecutor(6) as crowd:
        said = list(crowd.map(tablet, range(6)))
    assert sorted(said) == ["duplicate"] * 5 + ["stored"]
    folder = media_files.incoming(field.runtime, field.council, one.testimony)
    assert (folder / f"{one.id}.age").read_bytes() == one.sealed
