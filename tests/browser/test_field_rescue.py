"""The rescue file: everything of one profile, sealed, that the council alone opens."""

from __future__ import annotations

import base64
import hashlib
import json
import re
import uuid
from typing import Any

import pyrage
import pytest

from tests.browser.field_modules import Tablet

pytestmark = pytest.mark.browser

RESCUE = """
  const { blob, name, count } = await rescue.rescueFile(given);
  return { text: await blob.text(), type: blob.type, name, count };
"""
OPEN = """
  const bytes = (text) => Uint8Array.from(atob(text), (sign) => sign.charCodeAt(0));
  const key = await crypto.subtle.importKey("raw", bytes(given.key), "AES-GCM", false, ["decrypt"]);
  const open = async ({ iv, data }) => new Uint8Array(await crypto.subtle.decrypt(
    { name: "AES-GCM", iv: bytes(iv) }, key, bytes(data)));
  return Promise.all(given.boxes.map(async (box) => seal.base64(await open(box))));
"""


def rescued(tablet: Tablet, profile: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """The file as it is saved, and what it holds."""
    file = tablet.run(RESCUE, profile)
    return file, json.loads(file["text"])


def boxes(tablet: Tablet, file: dict[str, Any], which: str) -> list[bytes]:
    """What these boxes hold, opened with the key that the file carries for the council."""
    key = tablet.opened(file["draft_key"])
    given = {"key": base64.b64encode(key).decode(), "boxes": file[which]}
    return [base64.b64decode(text) for text in tablet.run(OPEN, given)]


def test_it_holds_all_that_the_tablet_has_and_the_council_opens_all(tablet: Tablet) -> None:
    enrolment = tablet.enrolment("Amina")
    profile = tablet.enrol(**enrolment)
    finished = [tablet.finish(besoin=f"terminé {rank} é😮") for rank in range(3)]
    tablet.run('await outbox.queueEvent(session, "refusal", { meeting: "m" });')
    begun = tablet.begin(besoin="en cours 🌙")
    tablet.run("""
      const box = await vault.encrypt(session.key, new Uint8Array([7, 8, 9]));
      await store.write(["media"], (tx) => tx.store.put({ id: "photo", rank: 0, draft: draft.id,
        profile: session.profile.id, kind: "photo", type: "image/jpeg", ...box }));""")
    file, told = rescued(tablet, profile)
    assert re.fullmatch(r"paroles-secours-\d{4}-\d\d-\d\d-5\.json", file["name"])
    assert (file["count"], file["type"]) == (5, "application/json")
    assert (told["format"], told["version"]) == ("paroles-rescue", 1)
    assert told["council"] == enrolment["council"]["id"]
    assert (told["account"], told["device"]) == (profile, enrolment["device"]["id"])
    for item in told["items"]:
        assert set(item) == {"id", "kind", "digest", "sealed"}
        assert hashlib.sha256(tablet.opened(item["sealed"])).hexdigest() == item["digest"]
    words = [one for one in told["items"] if one["kind"] == "testimony"]
    assert {(one["id"], one["digest"]) for one in words} == {
        (one["id"], one["digest"]) for one in finished
    }
    assert [set(draft) for draft in told["drafts"]] == [{"id", "iv", "data", "updated"}]
    [draft] = boxes(tablet, told, "drafts")
    opened = json.loads(draft)
    assert (opened["id"], opened["answers"]) == (begun, {"besoin": "en cours 🌙"})
    assert boxes(tablet, told, "draft_media") == [bytes([7, 8, 9])]


def test_a_sealed_photo_is_a_medium_and_names_its_testimony(tablet: Tablet) -> None:
    profile = tablet.enrol()
    begun = tablet.begin(besoin="avec photo")
    tablet.run("""
      const box = await vault.encrypt(session.key, new Uint8Array([1, 2, 3]));
      await store.write(["media"], (tx) => tx.store.put({ id: "p", rank: 0, draft: draft.id,
        profile: session.profile.id, kind: "photo", type: "image/jpeg", ...box }));
      await draft.save({ answers: { q: "p" },
        media: [{ id: "p", question: "q", kind: "photo", type: "image/jpeg" }] });
      await outbox.finish(session, draft);""")
    _, told = rescued(tablet, profile)
    assert [item["kind"] for item in told["items"]] == ["testimony"]
    [medium] = told["media"]
    assert tablet.opened(medium["sealed"]) == bytes([1, 2, 3])
    assert (medium["kind"], medium["type"], medium["testimony"]) == ("photo", "image/jpeg", begun)


def test_it_says_nothing_to_whoever_finds_it(tablet: Tablet) -> None:
    profile = tablet.enrol()
    tablet.finish(besoin="secret terminé")
    tablet.begin(besoin="secret en cours")
    file, told = rescued(tablet, profile)
    assert "secret" not in file["text"]
    stranger = pyrage.x25519.Identity.generate()
    for sealed in [told["draft_key"], *(item["sealed"] for item in told["items"])]:
        with pytest.raises(pyrage.DecryptError):
            pyrage.decrypt(base64.b64decode(sealed), [stranger])
    assert all(b"secret" not in base64.b64decode(draft["data"]) for draft in told["drafts"])


def test_it_is_of_one_profile_and_changes_nothing(tablet: Tablet) -> None:
    amina = tablet.enrol("Amina")
    tablet.finish(besoin="d’Amina")
    boris = tablet.enrol("Boris")
    tablet.begin(besoin="de Boris")
    before = [tablet.rows(store) for store in ("outbox", "drafts", "profiles")]
    _, of_amina = rescued(tablet, amina)
    _, of_boris = rescued(tablet, boris)
    assert (len(of_amina["items"]), of_amina["drafts"]) == (1, [])
    assert (of_boris["items"], len(of_boris["drafts"])) == ([], 1)
    assert [tablet.rows(store) for store in ("outbox", "drafts", "profiles")] == before


def test_an_open_interview_is_taken_as_it_is_on_the_screen(tablet: Tablet) -> None:
    profile = tablet.enrol()
    tablet.begin(besoin="au début")
    tablet.begin(besoin="sur le disque")
    file = tablet.run(
        """
        draft.data.answers = { besoin: "à l’écran" };
        const { blob, count } = await rescue.rescueFile(given, draft);
        return { ...JSON.parse(await blob.text()), count };""",
        profile,
    )
    assert file["count"] == 2
    answers = [json.loads(box)["answers"] for box in boxes(tablet, file, "drafts")]
    assert answers == [{"besoin": "au début"}, {"besoin": "à l’écran"}]
    assert all(uuid.UUID(draft["id"]).version == 7 for draft in file["drafts"])
