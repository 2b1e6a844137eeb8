"""A thief takes the tablet: an interview through its real screens, then every file is read."""

from __future__ import annotations

import base64
import random
import string
import time
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser

from bench.keystrokes import Machine
from pages import client_for
from survey_app.runtime import Runtime
from tests.browser.person import Person
from tests.browser.tablet import TERRAIN, begin, furnish, heading, prepare, unlock

pytestmark = pytest.mark.browser

# Without a common part, and put down at once: the browser's files are compressed, and what comes
# back in them is not written twice.
CONTROL, FINISHED, PAUSED, ON_SCREEN, PHRASE = (
    "".join(random.choices(string.ascii_letters, k=24)) for _ in range(5)
)
FINISH = """
  async (phrase) => {
    const names = ["vault", "drafts", "outbox"];
    const [vault, drafts, outbox] = await Promise.all(
      names.map((name) => import(`/static/field/${name}.js`)));
    const [profile] = await vault.profiles();
    const session = await vault.unlock(profile.id, phrase);
    const [{ data }] = await drafts.list(session);
    if (!data.answers.va_bien) throw new Error("not saved");
    // The screen has the draft itself open.
    await outbox.finish(session, await drafts.begin(session, data));
  }
"""
LEAVE = """
  async (words) => {
    const { write } = await import("/static/field/store.js");
    const filling = Array.from({ length: 5000 }, (_, step) => step).join(" ");
    const rows = [{ id: "a", data: words }, { id: "b", data: `${filling} ${words} ${filling}` }];
    await write(["sent"], async (tx) => { for (const row of rows) await tx.store.put(row); });
  }
"""
COUNT = """
  async () => {
    const { database } = await import("/static/field/store.js");
    const db = await database();
    return { outbox: await db.count("outbox"), drafts: await db.count("drafts") };
  }
"""


def forms(words: str) -> set[bytes]:
    """The bytes that these words make in a file: plain, or in base64 whatever stands before."""
    plain = [words.encode(encoding) for encoding in ("utf-8", "utf-16-le", "utf-16-be")]
    coded = {
        base64.b64encode(b"\0" * shift + text)[4 if shift else 0 : -4]
        for text in plain
        for shift in range(3)
    }
    return coded | set(plain)


def found(folder: Path, words: str) -> list[str]:
    """The files of a folder that hold these words."""
    wanted = forms(words)
    files = [path for path in folder.rglob("*") if path.is_file() and not path.is_symlink()]
    assert files
    return [
        path.relative_to(folder).as_posix()
        for path in files
        if any(form in content for content in [path.read_bytes()] for form in wanted)
    ]


def say(person: Person, words: str) -> None:
    """Answer a micro-trottoir until its first open question, and these words to it."""
    begin(person)
    for name, value in (("accord_noter", "oui"), ("age", "25_39"), ("accord_citer", "oui")):
        person.page.locator(f'[data-question="{name}"] input[value="{value}"]').check()
    field = person.page.locator('[data-question="va_bien"] textarea')
    for _ in range(2):
        person.press("^Continuer$")
        person.page.wait_for_timeout(300)
    field.focus()
    person.page.keyboard.insert_text(words)


def test_no_file_of_the_browser_holds_a_word_of_an_interview(
    app: Flask, runtime: Runtime, site: str, browser: Browser, tmp_path: Path
) -> None:
    furnish(runtime)
    folder = tmp_path / "profil"
    machine = Machine(browser.browser_type, folder)
    cookie = client_for(app, "councillor").get_cookie("paroles")
    assert cookie is not None
    machine.context.add_cookies([{"name": "paroles", "value": cookie.value, "url": site}])
    person = Person(machine.context, site, "councillor")
    prepare(person, PHRASE)
    unlock(person.go(TERRAIN), PHRASE)
    machine.context.set_offline(True)  # what is finished stays on the tablet
    say(person, FINISHED)
    person.page.wait_for_timeout(600)
    person.page.evaluate(FINISH, PHRASE)
    person.page.reload()
    unlock(person, PHRASE)
    say(person, PAUSED)
    person.press("Mettre en pause")
    heading(person, "Bonjour")
    say(person, ON_SCREEN)
    person.page.evaluate(LEAVE, CONTROL)
    assert person.page.evaluate(COUNT) == {"outbox": 1, "drafts": 3}
    time.sleep(3)  # what the browser notes about its windows, it notes a little later
    machine.close()
    assert found(folder, CONTROL)  # what lies in clear, the search does find
    for words in (FINISHED, PAUSED, ON_SCREEN, PHRASE):
        assert found(folder, words) == []
