"""The rescue file: all that a tablet holds comes in once, by whichever way it comes first."""

from __future__ import annotations

import base64
import json
import secrets
import uuid
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

import field_cases
from commands import paroles, refused
from field_cases import Field, wire
from survey_app.domain import DomainError, Invalid, NotFound
from survey_app.models import Account, AuditEvent, Delivery, Draft, Meeting, Testimony
from survey_app.runtime import Runtime
from survey_app.services import aesgcm, answering, collection, devices, drafts, erasure, rescue
from survey_app.services.filling import Spot
from survey_app.services.posting import Posted
from survey_app.services.sealed_items import Item

KEY = bytes(range(32))


@pytest.fixture
def field(runtime: Runtime) -> Field:
    return field_cases.settle(runtime)


def closed(words: bytes) -> tuple[bytes, bytes]:
    """A box as browsers make them: counter mode is its own inverse, then the tag."""
    iv, keys = secrets.token_bytes(12), aesgcm._expanded(KEY)
    blocks = range(2, 2 + -(-len(words) // 16))
    stream = b"".join(aesgcm._block(keys, iv + n.to_bytes(4, "big")) for n in blocks)
    cipher = aesgcm._xor(words, stream)
    secret = int.from_bytes(aesgcm._block(keys, bytes(16)), "big")
    mask = aesgcm._block(keys, iv + (1).to_bytes(4, "big"))
    return iv, cipher + aesgcm._xor(aesgcm._ghash(secret, cipher), mask)


def begun(field: Field, **changes: Any) -> dict[str, Any]:
    """An interview in progress as the tablet holds it."""
    plain = field.plain()
    return {
        "id": plain["id"],
        "form": "une-clé",
        "fingerprint": plain["questionnaire"],
        "meeting": plain["meeting"],
        "campaign": plain["campaign"],
        "language": "fr",
        "answers": {"accord_noter": "oui", "recit_quartier": "Pas fini de parler."},
        "spot": {"section": "quartier", "entry": None},
        "code": plain["withdrawal_code"],
        "started_at": "2026-04-02T18:00:00.000Z",
        "media": [],
    } | changes


def written(field: Field, tmp_path: Path, items: list[Item], *begun: Any, **changes: Any) -> Path:
    """The file that the tablet of the councillor makes."""
    boxes = []
    for draft in begun:
        iv, data = closed(json.dumps(draft).encode())
        box = {"iv": base64.b64encode(iv).decode(), "data": base64.b64encode(data).decode()}
        boxes.append({"id": draft["id"], "updated": "2026-04-02T18:20:00.000Z"} | box)
    key = field_cases.seal(field.runtime, field.council, KEY)
    content = {
        "format": "paroles-rescue",
        "version": 1,
        "council": str(field.council),
        "account": str(field.actors["councillor"].account_id),
        "device": str(field.device_id),
        "created_at": "2026-04-03T08:00:00.000Z",
        "items": [wire(item) for item in items],
        "media": [],
        "drafts": boxes,
        "draft_media": [],
        "draft_key": base64.b64encode(key).decode(),
    } | changes
    path = tmp_path / "paroles-secours-2026-04-03-1.json"
    path.write_text(json.dumps(content), encoding="utf-8")
    return path


def brought(field: Field, path: Path) -> list[str]:
    return [line.outcome for line in rescue.bring_in(field.runtime, rescue.read(path))]


def counted(field: Field, model: type[Any]) -> int:
    with field.runtime.database.reading() as session:
        return session.scalar(select(func.count()).select_from(model)) or 0


def test_everything_comes_in_once_by_both_ways_in_any_order(field: Field, tmp_path: Path) -> None:
    sent = [field.item(field.plain()) for _ in range(12)]
    refusal = field.item(field.count("refusal"), "refusal")
    contact = field.item(field.contact("amina@exemple.invalid"), "contact")
    assert all(one.kept for one in field.receive(*sent[:4], refusal))
    path = written(field, tmp_path, [*sent, refusal, contact])
    assert brought(field, path) == ["known"] * 4 + ["stored"] * 8 + ["known", "stored"]
    assert set(brought(field, path)) == {"known"}
    again = [field.receive(*sent[i : i + 6])[0].status for i in (0, 6)]
    assert again == ["duplicate", "duplicate"]
    assert counted(field, Testimony) == 12
    with field.runtime.database.reading() as session:
        assert session.get_one(Meeting, field.meeting.id).refusals == 1
        kept = session.get_one(Testimony, sent[7].id)
        assert kept.collector_id == field.actors["councillor"].account_id
        journal = select(AuditEvent.details).where(AuditEvent.action == "rescue")
        assert session.scalars(journal).first() == {"stored": 9, "drafts": 0}


def test_a_revoked_tablet_and_a_closed_account_are_brought_in_all_the_same(
    field: Field, tmp_path: Path
) -> None:
    path = written(field, tmp_path, [field.item(field.plain())], begun(field))
    with field.runtime.database.writing() as session:
        devices.revoke(session, field.actors["councillor"], field.device_id)
        me = session.get_one(Account, field.actors["councillor"].account_id)
        me.active, me.roles = False, []
    assert brought(field, path) == ["stored", "drafts"]
    with field.runtime.database.reading() as session:
        assert len(drafts.left(session, field.actors["coordinator"])) == 1


def test_an_interview_in_progress_goes_back_to_its_collector(field: Field, tmp_path: Path) -> None:
    mine = begun(field)
    path = written(field, tmp_path, [], mine)
    assert brought(field, path) == ["drafts"]
    assert brought(field, path) == ["known"]
    with field.runtime.database.reading() as session:
        draft = collection.get(session, field.actors["councillor"], uuid.UUID(mine["id"]))
        assert draft.answers == mine["answers"]
        assert draft.withdrawal_code == mine["code"]
        asked = collection.questionnaire(draft).sections
        assert draft.section in {section.name for section in asked}


def test_finished_on_the_tablet_afterwards_it_is_one_testimony(
    field: Field, tmp_path: Path
) -> None:
    plain = field.plain()
    assert brought(field, written(field, tmp_path, [], begun(field, id=plain["id"]))) == ["drafts"]
    assert field.receive(field.item(plain))[0].status == "stored"
    assert (counted(field, Draft), counted(field, Testimony)) == (0, 1)


def test_taken_up_at_the_desk_it_is_not_overwritten(field: Field, tmp_path: Path) -> None:
    plain, me = field.plain(), field.actors["councillor"]
    brought(field, written(field, tmp_path, [], begun(field, id=plain["id"])))
    with field.runtime.database.writing() as session:
        draft = collection.get(session, me, uuid.UUID(plain["id"]))
        sent = Posted(lambda name: ["40_59"] if name == "age" else [], collection.stamp(draft))
        answering.save(session, me, draft, Spot("accord"), sent)
    (receipt,) = field.receive(field.item(plain))
    assert (receipt.status, receipt.code) == ("rejected", "draft")
    assert (counted(field, Draft), counted(field, Testimony)) == (1, 0)


def wrong(field: Field) -> dict[str, Any]:
    plain = field.plain()
    return plain | {"answers": plain["answers"] | {"age": "toujours"}}


def test_what_is_refused_for_its_answers_is_finished_at_the_desk_once(
    field: Field, tmp_path: Path
) -> None:
    plain = wrong(field)
    item = field.item(plain)
    assert field.receive(item)[0].status == "rejected"
    path = written(field, tmp_path, [item])
    (line,) = rescue.bring_in(field.runtime, rescue.read(path))
    assert line.outcome == "drafts"
    assert "Recueillir" in line.words
    assert brought(field, path) == ["known"]
    # The tablet may let go of it: what it held is at the desk, word for word.
    assert field.receive(item)[0].status == "duplicate"
    with field.runtime.database.writing() as session:
        draft = session.get_one(Draft, item.id)
        assert draft.answers == plain["answers"]
        draft.answers = draft.answers | {"age": "40_59"}
        me = field.actors["councillor"]
        assert collection.deposit(session, me, field.runtime.keys, item.id).status == "stored"
    assert field.receive(item)[0].status == "duplicate"
    assert brought(field, path) == ["known"]
    with field.runtime.database.writing() as session:
        erasure.erase(session, field.actors["coordinator"], field.runtime, item.id, "asked")
    assert counted(field, Delivery) == 0
    assert field.receive(item)[0].code == "erased"
    (line,) = rescue.bring_in(field.runtime, rescue.read(path))
    assert line.outcome == "known", "erased, it does not come back as a draft either"
    assert "retiré depuis" in line.words
    assert counted(field, Draft) == counted(field, Testimony) == 0


def test_what_cannot_be_helped_here_stays_in_the_file(field: Field, tmp_path: Path) -> None:
    other = field_cases.settle(field.runtime, "voisin")
    lost = field.plain(meeting=str(other.meeting.id))
    damaged = field.item(field.plain(), sealed=b"abc")
    unknown = field.plain(questionnaire="0" * 64)
    codeless = wrong(field) | {"withdrawal_code": "?"}
    items = [field.item(lost), damaged, field.item(unknown), field.item(codeless)]
    strangers = begun(field, meeting=str(other.meeting.id))
    path = written(field, tmp_path, items, strangers, begun(field, answers=None))
    assert brought(field, path) == ["left"] * 6
    path = written(field, tmp_path, [], begun(field), draft_key=base64.b64encode(b"x").decode())
    assert brought(field, path) == ["left"]
    assert counted(field, Draft) == counted(field, Testimony) == 0


def test_a_box_that_lies_or_does_not_open_stays_in_the_file(field: Field, tmp_path: Path) -> None:
    path = written(field, tmp_path, [], begun(field), begun(field))
    content = json.loads(path.read_text())
    content["drafts"][0]["id"] = content["drafts"][1]["id"]
    content["drafts"][1]["iv"] = base64.b64encode(bytes(12)).decode()
    content["drafts"].append({})
    path.write_text(json.dumps(content))
    assert brought(field, path) == ["left"] * 3


def test_another_councils_file_is_refused_with_a_sentence(field: Field, tmp_path: Path) -> None:
    other = field_cases.settle(field.runtime, "voisin")
    item = field.item(field.plain())
    for changes in (
        {"council": str(uuid.uuid4())},
        {"account": str(uuid.uuid4())},
        {"council": str(other.council)},
    ):
        path = written(field, tmp_path, [item], **changes)
        with pytest.raises(NotFound, match="n’est pas ici"):
            brought(field, path)
    assert counted(field, Testimony) == 0


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"[]",
        b'{"format": "autre"}',
        b'{"format": "paroles-rescue", "version": 1}',
        b'{"format": "paroles-rescue", "version": 2}',
        b'{"format": "paroles-rescue", "version": 1, "council": 3, "account": []}',
        b'{"a":' * 5000,
        b"\xff\xfe\x00",
    ],
)
def test_a_damaged_file_is_told_in_french(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "secours.json"
    path.write_bytes(content)
    with pytest.raises(Invalid, match="Rien n’a été enregistré"):
        rescue.read(path)


def test_a_file_cut_short_anywhere_is_told(field: Field, tmp_path: Path) -> None:
    whole = written(field, tmp_path, [field.item(field.plain())], begun(field)).read_bytes()
    path = tmp_path / "coupé.json"
    for length in range(0, len(whole), 97):
        path.write_bytes(whole[:length])
        with pytest.raises(DomainError, match="Rien n’a été enregistré"):
            rescue.read(path)


def test_too_many_entries_or_too_many_bytes_are_refused(
    field: Field, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = written(field, tmp_path, [field.item(field.plain())] * 3)
    monkeypatch.setattr(rescue, "MAX_ENTRIES", 2)
    with pytest.raises(Invalid, match="abîmé"):
        rescue.read(path)
    monkeypatch.setattr(rescue, "MAX_BYTES", 100)
    with pytest.raises(Invalid, match="dépasse"):
        rescue.read(path)
    with pytest.raises(Invalid, match="ne peut pas être lu"):
        rescue.read(tmp_path / "absent.json")


def test_the_command_says_a_line_each_and_the_totals(field: Field, tmp_path: Path) -> None:
    path = written(field, tmp_path, [field.item(field.plain())], begun(field))
    said = paroles(field.runtime, "import-rescue", path).out
    assert "Témoignage" in said
    assert "enregistré, numéro 1" in said
    assert "Entretien en cours" in said
    assert "Enregistrés : 1. Déjà là : 0. À finir dans « Recueillir » : 1." in said
    assert "effacer ce fichier" in said
    lost = written(
        field, tmp_path, [field.item(field.plain(), sealed=b"abc")], draft_media=[{"id": "photo"}]
    )
    answer = paroles(field.runtime, "import-rescue", lost)
    assert "Restés dans le fichier : 1" in answer.out
    assert "Photos et voix d’entretiens en cours : 1" in answer.out
    assert "Gardez ce fichier" in answer.err
    lost.write_text("{}")
    assert "Rien n’a été enregistré" in refused(field.runtime, "import-rescue", lost)
