"""The passphrase, the seal, and what a thief reads of a tablet: nothing."""

from __future__ import annotations

import base64
import hashlib
import json
import unicodedata
from pathlib import Path

import pyrage
import pytest
from playwright.sync_api import Browser

from bench.keystrokes import Machine
from tests.browser.field_modules import PASSPHRASE, Tablet

pytestmark = pytest.mark.browser

OTHER = "une autre phrase de passe"
FAILS = ".then(() => 'ouvert', (error) => error.name)"
HARD = [
    "Été, cœur, œuvre : « ça va »",
    "e\u0301te\u0301 décomposé",
    "👩🏽‍🦽 et 🇫🇷",
    "عندي مشكلة في السكن",
    "a\u200db \ufeff fin",
    "saut\n\u0303de ligne et tilde",
    'guillemet " et barre \\ et \u2028',
    "\u0000\u0001 contrôle",
]


def unlocked(tablet: Tablet, profile: str, passphrase: str) -> object:
    return tablet.run(f"return vault.unlock(given[0], given[1]){FAILS};", [profile, passphrase])


def test_a_profile_keeps_what_the_device_needs_and_no_key_in_clear(tablet: Tablet) -> None:
    enrolment = tablet.enrolment("Amina")
    tablet.run("await vault.enrol(given[0], given[1]);", [enrolment, PASSPHRASE])
    [row] = tablet.rows("profiles")
    assert row["device"] == enrolment["device"]
    assert row["iterations"] == 600_000
    raw = tablet.opened(row["recovery"])
    assert len(raw) == 32
    whole = json.dumps(row)
    assert base64.b64encode(raw).decode() not in whole
    assert PASSPHRASE not in whole
    [named] = tablet.run("return vault.profiles();")
    assert set(named) == {"id", "name", "council", "revoked"}


def test_a_wrong_passphrase_opens_nothing_and_changes_nothing(tablet: Tablet) -> None:
    profile = tablet.enrol()
    before = tablet.rows("profiles")
    for wrong in ("", PASSPHRASE + " ", PASSPHRASE.upper(), OTHER):
        assert unlocked(tablet, profile, wrong) == "WrongPassphrase"
    assert unlocked(tablet, "personne", PASSPHRASE) == "WrongPassphrase"
    assert tablet.rows("profiles") == before
    assert unlocked(tablet, profile, unicodedata.normalize("NFD", PASSPHRASE)) == "ouvert"


def test_a_short_passphrase_is_refused_before_anything_is_kept(tablet: Tablet) -> None:
    given = [tablet.enrolment("Amina"), "onze signes"]
    assert tablet.run(f"return vault.enrol(given[0], given[1]){FAILS};", given) == "WeakPassphrase"
    assert tablet.rows("profiles") == []


def test_the_key_never_leaves_the_page(tablet: Tablet) -> None:
    tablet.enrol()
    told = tablet.run("""
      return [session.key.extractable,
        await crypto.subtle.exportKey("raw", session.key).catch((error) => error.name)];""")
    assert told == [False, "InvalidAccessError"]


def test_another_passphrase_closes_the_same_drafts(tablet: Tablet) -> None:
    profile = tablet.enrol()
    tablet.begin(besoin="un banc")
    change = f"return vault.changePassphrase(given[0], given[1], given[2]){FAILS};"
    assert tablet.run(change, [profile, OTHER, OTHER]) == "WrongPassphrase"
    assert tablet.run(change, [profile, PASSPHRASE, "court"]) == "WeakPassphrase"
    assert unlocked(tablet, profile, PASSPHRASE) == "ouvert"
    assert tablet.run(change, [profile, PASSPHRASE, OTHER]) == "ouvert"
    assert unlocked(tablet, profile, PASSPHRASE) == "WrongPassphrase"
    [draft] = tablet.run("return drafts.list(await vault.unlock(given[0], given[1]));",
                         [profile, OTHER])  # fmt: skip
    assert draft["data"]["answers"] == {"besoin": "un banc"}


def test_a_tablet_prepared_again_keeps_its_words_and_takes_its_new_token(tablet: Tablet) -> None:
    first = tablet.enrolment("Amina")
    tablet.enrol(**first)
    tablet.begin(besoin="un banc")
    tablet.run("await draft.close();")
    again = {**first, "device": {"id": "autre", "token": "neuf"}}
    assert tablet.run(f"return vault.enrol(given[0], given[1]){FAILS};", [again, OTHER]) == (
        "WrongPassphrase"
    )
    assert tablet.rows("profiles")[0]["device"] == first["device"]
    tablet.enrol(**again)
    [row] = tablet.rows("profiles")
    assert row["device"] == again["device"]
    [draft] = tablet.run("return drafts.list(session);")
    assert draft["data"]["answers"] == {"besoin": "un banc"}


def test_a_forgotten_passphrase_leaves_the_queue_whole(tablet: Tablet) -> None:
    first = tablet.enrolment("Amina")
    tablet.enrol(**first)
    tablet.finish(besoin="terminé")
    tablet.begin(besoin="en cours")
    tablet.run("await draft.close();")
    queued = tablet.rows("outbox")
    tablet.run("await vault.enrol(given[0], given[1], { erasing: true });", [first, OTHER])
    assert unlocked(tablet, first["profile"]["id"], PASSPHRASE) == "WrongPassphrase"
    assert unlocked(tablet, first["profile"]["id"], OTHER) == "ouvert"
    assert tablet.rows("drafts") == []
    assert tablet.rows("outbox") == queued


@pytest.mark.parametrize("words", HARD)
def test_what_is_sealed_opens_at_the_council_as_it_was_said(tablet: Tablet, words: str) -> None:
    profile = tablet.enrol()
    finished = tablet.finish(besoin=words, notes=[{"n": words}, 3, {"non_response": "refus"}])
    [row] = tablet.rows("outbox")
    plain = tablet.opened(row["sealed"])
    assert hashlib.sha256(plain).hexdigest() == row["digest"] == finished["digest"]
    told = json.loads(plain.decode("utf-8"))
    said = unicodedata.normalize("NFC", words)
    assert told["answers"] == {
        "besoin": said, "notes": [{"n": said}, 3, {"non_response": "refus"}],
    }  # fmt: skip
    assert set(told) == {
        "format", "version", "id", "council", "campaign", "meeting", "questionnaire", "language",
        "answers", "withdrawal_code", "claimed_at", "device", "media", "salt",
    }  # fmt: skip
    assert told["id"] == row["id"]
    assert row["profile"] == profile
    assert len(bytes.fromhex(told["salt"])) == 16


def test_a_sign_that_cannot_be_written_is_replaced(tablet: Tablet) -> None:
    text = tablet.run('return Array.from(seal.encode({ a: "x\\ud83dy" }));')
    assert json.loads(bytes(text)) == {"a": "x\ufffdy"}


def test_the_same_words_sealed_twice_look_different(tablet: Tablet) -> None:
    tablet.enrol()
    tablet.finish(besoin="pareil")
    tablet.finish(besoin="pareil")
    one, other = tablet.rows("outbox")
    assert one["digest"] != other["digest"]
    assert one["sealed"][-40:] != other["sealed"][-40:]


def test_every_recipient_opens_and_nobody_else(tablet: Tablet) -> None:
    spare, stranger = (pyrage.x25519.Identity.generate() for _ in range(2))
    keys = [str(tablet.keys.to_public()), str(spare.to_public())]
    tablet.enrol(recipients=keys)
    tablet.finish(besoin="pour deux")
    sealed = base64.b64decode(tablet.rows("outbox")[0]["sealed"])
    assert pyrage.decrypt(sealed, [spare]) == pyrage.decrypt(sealed, [tablet.keys])
    with pytest.raises(pyrage.DecryptError):
        pyrage.decrypt(sealed, [stranger])


def test_nothing_is_queued_without_a_key(tablet: Tablet) -> None:
    tablet.enrol()
    tablet.begin(besoin="à garder")
    told = tablet.run("""
      const profile = { ...session.profile, recipients: [] };
      await store.write(["profiles"], (tx) => tx.store.put(profile));
      return outbox.finish(session, draft).catch((error) => error.message);""")
    assert "pas la clé du conseil" in told
    assert tablet.rows("outbox") == []
    assert len(tablet.rows("drafts")) == 1


def test_a_contact_leads_back_to_nothing(tablet: Tablet) -> None:
    tablet.enrol()
    tablet.run("""
      await outbox.queueEvent(session, "contact", { campaign: "c", contact: "06 00 00 00 00" });
      await outbox.queueEvent(session, "refusal", { meeting: "m" });""")
    rows = {row["kind"]: row for row in tablet.rows("outbox")}
    contact = json.loads(tablet.opened(rows["contact"]["sealed"]))
    assert contact.pop("id")[14] == "4"
    assert contact == {
        "format": "paroles-contact", "version": 1, "campaign": "c", "contact": "06 00 00 00 00",
    }  # fmt: skip
    count = json.loads(tablet.opened(rows["refusal"]["sealed"]))
    assert set(count) == {"format", "version", "id", "kind", "meeting", "at"}
    assert (count["format"], count["kind"], count["meeting"]) == ("paroles-count", "refusal", "m")


def found(folder: Path, words: str) -> list[str]:
    """The files of a folder that hold these words, plain or in base64 whatever their place."""
    forms = set()
    for encoding in ("utf-8", "utf-16-le", "utf-16-be"):
        plain = words.encode(encoding)
        forms.add(plain)
        for shift in range(3):
            # The first and last signs depend on what stands beside.
            forms.add(base64.b64encode(b"\0" * shift + plain)[4 if shift else 0 : -4])
    return [
        path.name
        for path in folder.rglob("*")
        if path.is_file() and not path.is_symlink()
        for content in [path.read_bytes()]
        if any(form in content for form in forms)
    ]


def test_a_stolen_tablet_tells_nothing(browser: Browser, quiet: str, tmp_path: Path) -> None:
    marker, visible = "MARQUEUR-du-puits-volé-7391", "Amina-la-visible"
    machine = Machine(browser.browser_type, tmp_path / "profil")
    tablet = Tablet(machine.context.new_page(), quiet)
    tablet.enrol(visible)
    tablet.finish(besoin=f"terminé {marker}")
    tablet.run(
        'await outbox.queueEvent(session, "contact", { campaign: "c", contact: given });', marker
    )
    tablet.begin(besoin=f"en cours {marker}")
    tablet.run(
        """
        const area = document.createElement("textarea");
        area.autocomplete = "off";
        document.querySelector("main").append(area);
        area.addEventListener("input", () => draft.saveSoon({ answers: { autre: area.value } }));
        area.focus();
        """
    )
    tablet.page.keyboard.insert_text(f"tapé {marker}")
    tablet.run("await draft.flush();")
    tablet.page.wait_for_timeout(1500)
    machine.close()
    # The search finds what is there in clear: the profile's name.
    assert found(tmp_path / "profil", visible) != []
    assert found(tmp_path / "profil", marker) == []
    assert found(tmp_path / "profil", PASSPHRASE) == []
