"""A voice goes with its testimony to its reviewer, is listened to, and is then nowhere."""

from __future__ import annotations

import os
import uuid
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

import field_cases
import media_cases as cases
import photo_files
import results_cases
from field_cases import Field
from media_cases import AGREED, VOICE, bring, made, told_of
from pages import client, client_for
from survey_app.locks import held
from survey_app.models import (
    Attachment,
    AuditEvent,
    Erasure,
    Recording,
    Testimony,
    WithdrawalCode,
    uuid7,
)
from survey_app.runtime import Runtime
from survey_app.services import backup, erasure, media_files, recordings, register, review

WITH_PHOTO = {"accord_photo": "oui"}


@pytest.fixture
def field(runtime: Runtime) -> Field:
    return field_cases.settle(runtime)


def rows(field: Field, table: type = Recording) -> list[uuid.UUID]:
    with field.runtime.database.reading() as session:
        return list(session.scalars(select(table.id)))  # type: ignore[attr-defined]  # each has one


def taken(field: Field, one: cases.Brought, who: str = "councillor2") -> None:
    with field.runtime.database.writing() as session:
        review.take(session, field.actors[who], session.get_one(Testimony, one.testimony))


def test_a_voice_arrives_with_its_testimony_still_sealed(app: Flask, field: Field) -> None:
    one = cases.settled(app, field)
    with field.runtime.database.reading() as session:
        row = session.get_one(Recording, one.id)
        assert (row.testimony_id, row.council_id) == (one.testimony, field.council)
        assert (row.media_type, row.size, row.created_by) == ("audio/webm", len(VOICE), None)
        (treatment,) = register.treatments(session, field.actors["dpo"])
        assert treatment.voices == 1
    assert cases.kept(field, one) == one.sealed
    assert cases.on_disk(field) == ["media.age"]
    again = bring(app, field, one)  # by another way: known, and nothing waits
    assert (again["status"], again["digest"]) == ("duplicate", one.digest)
    assert cases.on_disk(field) == ["media.age"]


def test_a_photo_arrives_in_the_base_under_its_own_id(app: Flask, field: Field) -> None:
    key = uuid7()
    photo = made(field, photo_files.jpeg(), "photo", key)
    unused = made(field, photo_files.jpeg(), "photo", key)
    for one in (photo, unused):
        assert bring(app, field, one)["status"] == "stored"
    told = told_of(field, photo, unused, photo_lieu=str(photo.id), **WITH_PHOTO)
    assert told.status == "stored", told.problems
    assert rows(field, Attachment) == [photo.id]
    assert cases.on_disk(field) == []
    with field.runtime.database.reading() as session:
        row = session.get_one(Attachment, photo.id)
        assert row.testimony_id == key
        assert photo_files.MARKER not in row.content
    again = bring(app, field, photo)
    assert (again["status"], again["digest"]) == ("duplicate", photo.digest)


def test_a_testimony_waits_for_what_goes_with_it(app: Flask, field: Field) -> None:
    one, photo = made(field), None
    told = told_of(field, one)
    assert (told.status, told.code) == ("rejected", "media_missing")
    assert told.problems
    photo = made(field, photo_files.jpeg(), "photo", one.testimony)
    bring(app, field, one)
    told = told_of(field, one, photo, photo_lieu=str(photo.id), **WITH_PHOTO)
    assert (told.status, told.code) == ("rejected", "media_missing")
    assert cases.on_disk(field) == ["incoming.age"]
    bring(app, field, photo)
    plain = field.plain(
        id=str(one.testimony),
        answers=AGREED | WITH_PHOTO | {"photo_lieu": str(photo.id)},
        media=[one.listed, photo.listed],
    )
    item = field.item(plain)
    assert [field.receive(item)[0].status for _ in range(2)] == ["stored", "duplicate"]
    assert cases.on_disk(field) == ["media.age"]
    assert len(rows(field)) == 1


def test_a_file_that_is_not_the_one_listed_is_missing(app: Flask, field: Field) -> None:
    one = made(field)
    bring(app, field, one)
    other = cases.Brought(one.id, one.testimony, "voice", VOICE + b"!", one.sealed)
    assert told_of(field, other).code == "media_missing"


@pytest.mark.parametrize("said", ["non", None])
def test_no_voice_without_its_agreement(app: Flask, field: Field, said: str | None) -> None:
    one = made(field)
    bring(app, field, one)
    told = told_of(field, one, accord_voix=said)
    assert (told.status, told.code) == ("rejected", "answers")
    assert rows(field) == []
    assert rows(field, Testimony) == []


def test_no_voice_of_a_minor_without_the_parents(app: Flask, field: Field) -> None:
    one = made(field)
    bring(app, field, one)
    told = told_of(field, one, age="15_17")
    assert (told.status, told.code) == ("rejected", "answers")
    agreed = told_of(field, one, age="15_17", accord_parent_ecrit="oui")
    assert agreed.status == "stored", agreed.problems


def test_the_reviewer_listens_and_the_journal_says_so(app: Flask, field: Field) -> None:
    one = cases.settled(app, field)
    address = f"/relecture/voix/{one.id}"
    for login in ("councillor", "councillor2", "evaluator", "reader", "admin", "dpo"):
        assert client_for(app, login).get(address).status_code == 404, login
    taken(field, one)
    reviewer = client_for(app, "councillor2")
    page = reviewer.get(f"/relecture/temoignage/{one.testimony}").get_data(as_text=True)
    assert address in page
    assert "effacée pour toujours" in page
    answer = reviewer.get(address)
    assert (answer.status_code, answer.data, answer.mimetype) == (200, VOICE, "audio/webm")
    assert answer.headers["Cache-Control"] == "no-store"
    later = client_for(app, "coordinator").get(address, headers={"Range": "bytes=1-"})
    assert later.data == VOICE[1:]  # no way to listen without a line
    piece = reviewer.get(address, headers={"Range": "bytes=4-9"})
    assert (piece.status_code, piece.data) == (206, VOICE[4:10])
    with field.runtime.database.reading() as session:
        lines = session.scalars(select(AuditEvent).where(AuditEvent.action == "listen_voice"))
        assert {line.record_id for line in lines} == {one.testimony}
        lines = session.scalars(select(AuditEvent).where(AuditEvent.action == "listen_voice"))
        assert len(lines.all()) == 2  # each listening once, not each piece


def test_another_council_hears_nothing(app: Flask, field: Field) -> None:
    field_cases.settle(field.runtime, "voisin")
    one = cases.settled(app, field)
    for login in ("coordinatorvoisin", "councillorvoisin"):
        assert client_for(app, login).get(f"/relecture/voix/{one.id}").status_code == 404
        gone = f"/relecture/temoignage/{one.testimony}/voix/{one.id}/effacer"
        assert (
            client_for(app, login).send(gone, {}, page="/relecture/essaivoisin").status_code == 404
        )
    assert rows(field) == [one.id]


def test_accepting_erases_the_voice_for_good(app: Flask, field: Field) -> None:
    one = cases.settled(app, field)
    taken(field, one)
    points = dict.fromkeys(review.CHECKLIST, "oui")
    path = f"/relecture/temoignage/{one.testimony}"
    reviewer = client_for(app, "councillor2")
    refused = reviewer.send(path, {"decision": "accept"})
    assert refused.status_code == 422
    assert cases.on_disk(field) == ["media.age"]
    assert reviewer.send(path, points | {"decision": "accept"}).status_code == 303
    assert rows(field) == []
    assert cases.on_disk(field) == []
    assert client_for(app, "coordinator").get(f"/relecture/voix/{one.id}").status_code == 404
    again = bring(app, field, one)  # the tablet may forget it: it came
    assert (again["status"], again["digest"]) == ("duplicate", one.digest)
    assert cases.on_disk(field) == []


def test_setting_aside_keeps_it_for_the_coordination(app: Flask, field: Field) -> None:
    one = cases.settled(app, field)
    taken(field, one)
    said = {"decision": "set_aside", "reason": "hors sujet"}
    reviewer = client_for(app, "councillor2")
    assert reviewer.send(f"/relecture/temoignage/{one.testimony}", said).status_code == 303
    assert rows(field) == [one.id]
    assert reviewer.get(f"/relecture/voix/{one.id}").status_code == 404
    assert client_for(app, "coordinator").get(f"/relecture/voix/{one.id}").status_code == 200


def test_the_reviewer_erases_it_at_once(app: Flask, field: Field) -> None:
    one = cases.settled(app, field)
    gone = f"/relecture/temoignage/{one.testimony}/voix/{one.id}/effacer"
    reviewer = client_for(app, "councillor2")
    assert reviewer.send(gone, {}, page="/relecture/essai").status_code == 403
    taken(field, one)
    other = gone.replace(str(one.id), str(uuid7()))
    assert reviewer.send(other, {}, page="/relecture/essai").status_code == 404
    assert reviewer.send(gone, {}, page="/relecture/essai").status_code == 303
    assert rows(field) == []
    assert cases.on_disk(field) == []


def erase(field: Field, one: cases.Brought) -> None:
    with field.runtime.database.writing() as session:
        found = session.get_one(Testimony, one.testimony)
        erasure.by_resident(session, field.runtime, found)


def test_a_withdrawn_testimony_leaves_no_file(app: Flask, field: Field) -> None:
    one = cases.settled(app, field)
    # A copy that came back by another way, and never finished.
    waiting = media_files.incoming(field.runtime, field.council, one.testimony)
    waiting.mkdir(parents=True, exist_ok=True)
    with held(waiting):
        media_files.append(waiting / f"{uuid7()}.part", one.sealed[:100])
    neighbour = cases.settled(app, field)
    erase(field, one)
    assert cases.on_disk(field) == ["media.age"]
    assert cases.kept(field, neighbour) == neighbour.sealed
    assert not waiting.exists()
    assert cases.put(app, field.token, one, 0, one.sealed).json["receipt"]["code"] == "erased"


def test_an_old_backup_brings_no_voice_back(app: Flask, field: Field, tmp_path: Path) -> None:
    withdrawn, heard = cases.settled(app, field), cases.settled(app, field)
    saved = backup.backup(field.runtime, tmp_path / "sauvegarde.db")
    erase(field, withdrawn)
    with field.runtime.database.writing() as session:
        testimony = session.get_one(Testimony, heard.testimony)
        recordings.erase(session, field.runtime, field.actors["coordinator"], testimony, heard.id)
    assert backup.restore(field.runtime, saved).erased == 1
    assert rows(field) == []
    assert cases.on_disk(field) == []
    assert rows(field, Testimony) == [heard.testimony]


def test_a_lost_file_is_said_and_the_text_stays(app: Flask, field: Field) -> None:
    one = cases.settled(app, field)
    for path in (field.runtime.settings.instance / "media").iterdir():
        path.unlink()
    page = client_for(app, "coordinator").get(f"/relecture/voix/{one.id}")
    assert page.status_code == 404
    assert "intact" in page.get_data(as_text=True)


def test_the_sweep_takes_what_outlived_its_review(app: Flask, field: Field) -> None:
    one, other = cases.settled(app, field), cases.settled(app, field)
    with field.runtime.database.writing() as session:
        session.get_one(Testimony, one.testimony).state = "reviewed"
    stray = media_files.voice(field.runtime, "f" * 64)
    stray.write_bytes(b"of nobody")
    assert recordings.sweep(field.runtime) == 1
    assert rows(field) == [other.id]
    assert stray.exists()
    old = recordings.STRAY
    recordings.STRAY = -1
    try:
        assert recordings.sweep(field.runtime) == 1
    finally:
        recordings.STRAY = old
    assert not stray.exists()
    assert cases.kept(field, other) == other.sealed


def test_a_commit_that_fails_keeps_what_waited(
    app: Flask, field: Field, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = made(field)
    bring(app, field, one)

    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(os, "link", full)
        with pytest.raises(OSError, match="No space"):
            told_of(field, one)
    assert rows(field, Testimony) == []
    assert cases.on_disk(field) == ["incoming.age"]
    assert told_of(field, one).status == "stored"


def test_the_paper_code_says_that_there_is_a_voice(app: Flask, field: Field) -> None:
    one = cases.settled(app, field)
    with field.runtime.database.writing() as session:
        session.query(WithdrawalCode).delete()
        row = session.get_one(Testimony, one.testimony)
        code = results_cases.with_code(session, field.runtime, row)
        assert session.get(Erasure, row.id) is None
    page = client(app).send("/retrait", {"code": code})
    assert "Votre voix enregistrée" in page.get_data(as_text=True)
