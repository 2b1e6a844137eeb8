"""Drafts on the tablet: saved as one types, in one tab, closed to whoever has not the key."""

from __future__ import annotations

import base64
import time
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext

from bench.keystrokes import trial
from survey_app.services.consents import is_code
from tests.browser.field_modules import DOOR, Tablet

pytestmark = pytest.mark.browser

WORDS = "Le soir, la place n’est pas éclairée 🌙 : « on a peur », dit ma sœur."
TYPE = """
  const area = document.createElement("textarea");
  area.id = "mots";
  area.autocomplete = "off";
  document.querySelector("main").append(area);
  area.addEventListener("input", () => draft.saveSoon({ answers: { besoin: area.value } }));
  area.focus();
"""


def saved(tablet: Tablet) -> object:
    """The answers of the only draft, as the disk has them."""
    [draft] = tablet.run("return drafts.list(session);")
    return draft["data"]["answers"]


def test_an_interview_is_on_the_disk_as_soon_as_it_begins(tablet: Tablet) -> None:
    profile = tablet.enrol()
    draft = tablet.begin()
    [row] = tablet.rows("drafts")
    assert (row["id"], row["profile"]) == (draft, profile)
    assert set(row) == {"id", "profile", "iv", "data", "updated"}
    [listed] = tablet.run("return drafts.list(session);")
    data = listed["data"]
    assert set(data) == {
        "id", "form", "fingerprint", "meeting", "campaign", "language", "answers", "spot",
        "code", "started_at", "media",
    }  # fmt: skip
    assert is_code(data["code"])
    assert data["answers"] == {}


def test_a_questionnaire_that_is_not_aboard_begins_nothing(tablet: Tablet) -> None:
    tablet.enrol()
    told = tablet.run("""
      return drafts.begin(session, { form: "absent" }).catch((error) => error.message);""")
    assert told.startswith("Ce questionnaire n’est plus à bord")
    assert tablet.rows("drafts") == []


def test_what_is_typed_is_saved_within_half_a_second(tablet: Tablet) -> None:
    tablet.enrol()
    tablet.begin()
    tablet.run(TYPE)
    tablet.page.keyboard.insert_text(WORDS)
    time.sleep(0.5)
    assert saved(tablet) == {"besoin": WORDS}


def test_typing_without_a_pause_is_saved_all_the_same(tablet: Tablet) -> None:
    tablet.enrol()
    tablet.begin()
    longest = tablet.run("""
      let saves = [performance.now()];
      draft.watch(() => saves.push(performance.now()));
      for (let step = 0; step < 100; step += 1) {
        draft.saveSoon({ answers: { besoin: String(step) } });
        await new Promise((done) => setTimeout(done, 20));
      }
      await draft.flush();
      return Math.max(...saves.slice(1).map((time, index) => time - saves[index]));""")
    assert longest < 1000
    assert saved(tablet) == {"besoin": "99"}


@pytest.mark.parametrize("event", ["visibilitychange", "pagehide", "blur"])
def test_a_page_that_goes_away_saves_at_once(tablet: Tablet, event: str) -> None:
    tablet.enrol()
    tablet.begin()
    waited = tablet.run(
        """
        const since = performance.now();
        const held = new Promise((done) => draft.watch(done));
        draft.saveSoon({ answers: { besoin: "vite" } });
        const target = given === "visibilitychange" ? document : window;
        target.dispatchEvent(new Event(given));
        await held;
        return performance.now() - since;""",
        event,
    )
    assert waited < 290
    assert saved(tablet) == {"besoin": "vite"}


def test_a_draft_is_open_in_one_tab(tablet: Tablet, context: BrowserContext, quiet: str) -> None:
    profile = tablet.enrol()
    draft = tablet.begin(besoin="un banc")
    second = Tablet(context.new_page(), quiet)
    second.unlock(profile)
    attempt = "return drafts.open(session, given).then((d) => d.data.answers, (e) => e.name);"
    assert second.run(attempt, draft) == "OpenElsewhere"
    tablet.run("await draft.close();")
    assert second.run(attempt, draft) == {"besoin": "un banc"}
    assert tablet.run(attempt, draft) == "OpenElsewhere"
    second.page.close()
    # The browser gives the lock back a moment after the tab went.
    freed = f"""
      for (let left = 50; left; left -= 1) {{
        const found = await (async () => {{ {attempt} }})();
        if (found !== "OpenElsewhere") return found;
        await new Promise((done) => setTimeout(done, 100));
      }}"""
    assert tablet.run(freed, draft) == {"besoin": "un banc"}


def test_two_profiles_see_only_their_own(tablet: Tablet) -> None:
    amina = tablet.enrol("Amina")
    draft = tablet.begin(besoin="Amina")
    tablet.run("await draft.close();")
    tablet.finish(besoin="encore Amina")
    tablet.enrol("Boris")
    assert tablet.run("return drafts.list(session);") == []
    assert tablet.run("return outbox.list(session.profile.id);") == []
    attempt = "return drafts.open(session, given).catch((error) => error.name);"
    assert tablet.run(attempt, draft) == "NoSuchDraft"
    tablet.unlock(amina)
    assert saved(tablet) == {"besoin": "Amina"}
    [line] = tablet.run("return outbox.list(session.profile.id);")
    assert line["state"] == "waiting"


def test_a_draft_that_was_altered_is_told_and_kept(tablet: Tablet) -> None:
    tablet.enrol()
    draft = tablet.begin(besoin="un banc")
    tablet.run("await draft.close();")
    told = tablet.run(
        """
        const db = await store.database();
        const row = await db.get("drafts", given);
        row.data[3] ^= 1;
        await store.write(["drafts"], (tx) => tx.store.put(row));
        const [listed] = await drafts.list(session);
        const name = await drafts.open(session, given).catch((error) => error.name);
        return [listed.data, name, await drafts.open(session, given).catch(({ name }) => name)];""",
        draft,
    )
    assert told == [None, "Unreadable", "Unreadable"]  # and its lock is free again
    assert len(tablet.rows("drafts")) == 1


def test_erasing_leaves_nothing_and_nothing_comes_back(tablet: Tablet) -> None:
    tablet.enrol()
    tablet.begin(besoin="à oublier")
    tablet.run("""
      await store.write(["media"], (tx) => tx.store.put({ id: "p", rank: 0, draft: draft.id,
        profile: session.profile.id, kind: "photo", type: "image/jpeg" }));
      draft.saveSoon({ answers: { besoin: "trop tard" } });
      await draft.erase();
      draft.saveSoon({ answers: { besoin: "bien trop tard" } });
      await new Promise((done) => setTimeout(done, 400));""")
    assert tablet.rows("drafts") == []
    assert tablet.rows("media") == []


def test_a_full_tablet_says_not_saved_and_keeps_what_it_had(tablet: Tablet) -> None:
    session = tablet.page.context.new_cdp_session(tablet.page)
    # Before the first write: the browser keeps its measure of the room for half a minute.
    room = {"origin": tablet.site, "quotaSize": 200_000}
    session.send("Storage.overrideQuotaForOrigin", room)
    tablet.enrol()
    draft = tablet.begin(besoin="déjà là")
    tablet.run("await draft.close();")
    told = tablet.run(
        """
        window.draft = await drafts.open(session, given);
        const watched = [];
        draft.watch((error) => watched.push(error?.name ?? null));
        const error = await draft.save({ answers: { besoin: "x".repeat(400000) } })
          .catch((found) => found);
        return { name: error.name, message: error.message, remedy: error.remedy,
          ours: error instanceof drafts.NotSaved, unsaved: draft.unsaved, watched };""",
        draft,
    )
    assert told["name"] == "NotSaved"
    assert told["ours"]
    assert told["unsaved"]
    assert told["message"].startswith("Non enregistré")
    assert "secours" in told["remedy"]
    assert told["watched"] == ["NotSaved"]
    assert saved(tablet) == {"besoin": "déjà là"}
    # What is on the screen is in the rescue file all the same.
    size = tablet.run("return (await rescue.rescueFile(session.profile.id, draft)).blob.size;")
    assert size > 400_000
    session.send("Storage.overrideQuotaForOrigin", {"origin": tablet.site})
    tablet.run("await draft.flush();")
    assert len(saved(tablet)["besoin"]) == 400_000  # type: ignore[index]  # a mapping, as above


def test_finishing_is_one_transaction(tablet: Tablet) -> None:
    """Whatever fails in it, the draft is as it was and nothing is queued."""
    tablet.enrol()
    draft = tablet.begin(besoin="tout ou rien")
    told = tablet.run("""
      const add = IDBObjectStore.prototype.delete;
      IDBObjectStore.prototype.delete = function refused() {
        throw new DOMException("plein", "QuotaExceededError"); };
      const error = await outbox.finish(session, draft).catch((found) => found.name);
      IDBObjectStore.prototype.delete = add;
      return error;""")
    assert told == "NotSaved"
    assert tablet.rows("outbox") == []
    assert saved(tablet) == {"besoin": "tout ou rien"}
    tablet.run("draft.saveSoon({ answers: { besoin: 'encore ouvert' } }); await draft.flush();")
    assert saved(tablet) == {"besoin": "encore ouvert"}
    finished = tablet.run("return outbox.finish(session, draft);")
    assert tablet.rows("drafts") == []
    assert [row["id"] for row in tablet.rows("outbox")] == [draft] == [finished["id"]]


def test_media_of_a_draft_are_sealed_with_it(tablet: Tablet) -> None:
    tablet.enrol()
    tablet.begin()
    sound = base64.b64encode(bytes(range(256)) * 40).decode()
    tablet.run(
        """
        const bytes = Uint8Array.from(atob(given), (sign) => sign.charCodeAt(0));
        for (const [rank, start] of [[1, 4000], [0, 0]]) {
          const chunk = bytes.slice(start, start ? undefined : 4000);
          const box = await vault.encrypt(session.key, chunk);
          await store.write(["media"], (tx) => tx.store.put({ id: "voix", rank, draft: draft.id,
            profile: session.profile.id, kind: "voice", type: "audio/webm", ...box }));
        }
        await draft.save({ media: [{ id: "voix", question: "recit", kind: "voice",
          type: "audio/webm" }] });
        await outbox.finish(session, draft);""",
        sound,
    )
    rows = {row["kind"]: row for row in tablet.rows("outbox")}
    assert set(rows) == {"testimony", "media"}
    assert tablet.rows("media") == []
    assert tablet.opened(rows["media"]["sealed"]) == base64.b64decode(sound)
    assert rows["testimony"]["media"] == ["voix"]
    assert rows["media"]["testimony"] == rows["testimony"]["id"]


def test_a_browser_killed_while_typing_loses_less_than_a_second(
    browser: Browser, quiet: str, tmp_path: Path
) -> None:
    kept, lost = trial(browser.browser_type, quiet + DOOR, tmp_path / "profil")
    assert kept > 0
    assert lost <= 1.0
