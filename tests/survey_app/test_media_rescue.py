"""Photos and voices that a rescue file brings to the desk come in with their testimony, once."""

from __future__ import annotations

import base64
import json
import uuid
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

import field_cases
import media_cases as cases
from field_cases import Field
from media_cases import AGREED, made
from survey_app.models import Recording, Testimony
from survey_app.runtime import Runtime
from survey_app.services import rescue


@pytest.fixture
def field(runtime: Runtime) -> Field:
    return field_cases.settle(runtime)


def written(one: cases.Brought) -> dict[str, Any]:
    return one.listed | {
        "sealed": base64.b64encode(one.sealed).decode(),
        "testimony": str(one.testimony),
        "type": "audio/webm",
    }


def rescued(field: Field, folder: Path, *files: cases.Brought, listed: list[Any]) -> list[str]:
    """What the command prints of a file with a testimony and these media."""
    key = files[0].testimony
    plain = field.plain(id=str(key), answers=AGREED, media=[one.listed for one in files])
    path = folder / "secours.json"
    content = {
        "format": "paroles-rescue",
        "version": 1,
        "council": str(field.council),
        "account": str(field.actors["councillor"].account_id),
        "items": [field_cases.wire(field.item(plain))],
        "media": listed,
        "drafts": [],
    }
    path.write_text(json.dumps(content), encoding="utf-8")
    return [line.words for line in rescue.bring_in(field.runtime, rescue.read(path))]


def test_a_voice_of_a_rescue_file_goes_with_its_testimony(
    app: Flask, field: Field, tmp_path: Path
) -> None:
    one = made(field, cases.VOICE * 80)
    assert len(one.sealed) > 2 * 256 * 1024
    # The tablet had begun to send it.
    cases.put(app, field.token, one, 0, one.sealed[:5_000])
    first, second = rescued(field, tmp_path, one, listed=[written(one)])
    assert first.startswith("Voix …")
    assert "enregistré, numéro 1" in second
    with field.runtime.database.reading() as session:
        assert session.scalars(select(Recording.id)).all() == [one.id]
    assert cases.kept(field, one) == one.sealed
    again = rescued(field, tmp_path, one, listed=[written(one)])
    assert again[0].endswith("déjà là.")
    assert cases.on_disk(field) == ["media.age"]


def test_an_altered_voice_stays_in_the_file_and_is_told(field: Field, tmp_path: Path) -> None:
    one = made(field)
    bad = written(one) | {"sealed": base64.b64encode(one.sealed[:-1] + b"!").decode()}
    lines = rescued(field, tmp_path, one, listed=[bad])
    assert "resté dans le fichier" in lines[0]
    assert cases.on_disk(field) == []
    with field.runtime.database.reading() as session:
        assert session.get(Testimony, one.testimony) is None
    assert uuid.UUID(bad["testimony"]) == one.testimony
