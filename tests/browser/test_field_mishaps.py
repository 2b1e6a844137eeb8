"""What goes wrong on an afternoon: a version in mid-interview, two tabs, no room, two people."""

from __future__ import annotations

import shutil
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import BrowserContext, Request, expect
from sqlalchemy import select

import envelopes
from commands import paroles
from survey_app.models import Account, Draft, Testimony
from survey_app.runtime import Runtime
from tests.browser.field_sending import SENDING
from tests.browser.person import Person, World
from tests.browser.tablet import (
    OTHER_PHRASE,
    begin,
    finish,
    furnish,
    heading,
    opened,
    prepare,
    rows,
    unlock,
)

pytestmark = pytest.mark.browser

WAITING = """async () => {
  const known = await navigator.serviceWorker.getRegistration("/terrain/");
  await known.update();
  const worker = known.installing;
  if (worker) {
    await new Promise((done) => {
      worker.addEventListener("statechange", () => worker.state !== "installing" && done());
    });
  }
  return Boolean(known.waiting);
}"""
SAVED = 2_000  # milliseconds: what is tapped is on the disk well before, on a busy machine too
ROOM = 800_000  # bytes: the page and its questionnaires fit, with a little more
LONG = "Le soir, l’ascenseur est en panne. " * 24_000


def another_version(app: Flask, folder: Path) -> None:
    """The next version of Paroles is served: its home greets with another word."""
    newer = folder / "static"
    shutil.copytree(str(app.static_folder), newer)
    home = newer / "field" / "home.js"
    words = home.read_text(encoding="utf-8")
    assert "Bonjour" in words
    home.write_text(words.replace("Bonjour", "Bonsoir"), encoding="utf-8")
    app.static_folder = str(newer)


def stored(runtime: Runtime) -> list[str]:
    """The ids of the testimonies at the desk."""
    with runtime.database.reading() as session:
        return sorted(str(one) for one in session.scalars(select(Testimony.id)))


def test_a_version_that_comes_in_mid_interview_waits_for_its_end(
    app: Flask, runtime: Runtime, world: World, tmp_path: Path
) -> None:
    furnish(runtime)
    person = begin(opened(world))
    another_version(app, tmp_path)
    assert person.page.evaluate(WAITING)
    first = person.page.locator("[data-question] input[type=radio]").first
    first.check()
    person.page.wait_for_timeout(SAVED)
    person.page.reload()
    unlock(person)  # « Bonjour »: still the version that the interview began with
    person.press("^Reprendre$")
    expect(first).to_be_checked()
    person.press("Mettre en pause")
    heading(person, "Bonjour")
    with person.page.expect_navigation():
        person.press("Mettre à jour")
    person.page.locator("#phrase").fill("quatre mots sans lien")
    person.press("^Ouvrir$")
    heading(person, "Bonsoir")
    person.press("^Reprendre$")
    expect(first).to_be_checked()


def test_two_tabs_hold_two_interviews_and_send_each_once(runtime: Runtime, world: World) -> None:
    furnish(runtime)
    person = opened(world)
    first = person.page
    person.page = person.context.new_page()
    person.go("/terrain/")
    unlock(person)
    second = person.page
    for person.page in (first, second):
        begin(person)
    held = second.evaluate(
        "navigator.locks.query().then(({ held }) => held.map((one) => one.name))"
    )
    assert len([name for name in held if name.startswith("paroles-draft-")]) == 2
    for person.page in (first, second):
        person.press("Mettre en pause")
        heading(person, "Bonjour")
    assert len(rows(first, "drafts")) == 2
    person.context.set_offline(True)
    made = []
    for person.page in (first, second, first, second):
        made.append(finish(person, dict(envelopes.ANSWERS)))
    sent = _sent(person.context)
    person.context.set_offline(False)
    for page in (first, second):
        expect(page.locator('[data-state="verified"]')).to_have_count(4, timeout=30_000)
    assert sent == dict.fromkeys(made, 1)
    assert stored(runtime) == sorted(made)


def _sent(context: BrowserContext) -> Counter[str]:
    """How often each item leaves, from now on."""
    sent: Counter[str] = Counter()

    def note(request: Request) -> None:
        if request.url.endswith("/terrain/api/envois"):
            body: dict[str, Any] = request.post_data_json
            sent.update(item["id"] for item in body["items"])

    context.on("request", note)
    return sent


def test_a_full_tablet_says_not_saved_and_its_rescue_file_comes_in(
    runtime: Runtime, world: World, tmp_path: Path
) -> None:
    furnish(runtime)
    person = world.person("councillor")
    page = person.page
    # Before the first write: the browser keeps its measure of the room for half a minute. And the
    # limit lasts as long as the page that set it.
    room = page.context.new_cdp_session(page.context.new_page())
    room.send("Storage.overrideQuotaForOrigin", {"origin": person.site, "quotaSize": ROOM})
    prepare(person).go("/terrain/")
    area = _first_words(begin(unlock(person)))
    area.fill(LONG)
    alert = page.get_by_role("alert").filter(has_text="Non enregistré")
    expect(alert).to_contain_text("il n’y a plus de place")
    with page.expect_download() as download:
        person.press("Garder le fichier de secours")
    file = tmp_path / download.value.suggested_filename
    download.value.save_as(file)
    answer = paroles(runtime, "import-rescue", file)
    assert answer.status == 0, answer.err
    with runtime.database.reading() as session:
        [draft] = session.scalars(select(Draft))
        assert LONG.strip() in {str(words).strip() for words in draft.answers.values()}
    room.send("Storage.overrideQuotaForOrigin", {"origin": person.site})
    person.press("Mettre en pause")
    heading(person, "Bonjour")
    person.press("^Reprendre$")
    expect(page.locator("textarea").first).to_have_value(LONG)


def _first_words(person: Person) -> Any:
    """Go on to the first question that is answered in one's own words."""
    page = person.page
    for _ in range(6):
        areas = page.locator("textarea >> visible=true")
        if areas.count():
            return areas.first
        for box in page.locator("[data-question]:visible").all():
            radios = box.locator("input[type=radio]:visible")
            if radios.count() and not box.locator("input[type=radio]:checked").count():
                radios.first.check()
        person.press("^Continuer$")
    raise AssertionError("no question in one’s own words")


def test_one_person_logs_out_and_another_logs_in(runtime: Runtime, world: World) -> None:
    furnish(runtime)
    person = opened(world)
    page, context = person.page, person.context
    context.route(SENDING, lambda route: route.abort())
    begin(person).press("Mettre en pause")
    heading(person, "Bonjour")
    made = [finish(person, dict(envelopes.ANSWERS)) for _ in range(2)]
    person.go("/").press("Se déconnecter")
    assert person.sees("Votre session est fermée")
    assert {row["id"] for row in rows(page, "outbox")} == set(made)
    assert len(rows(page, "drafts")) == 1
    context.clear_cookies()
    context.add_cookies(world.person("councillor2").context.cookies())
    prepare(person, OTHER_PHRASE)
    person.go("/terrain/")
    unlock(person, OTHER_PHRASE, name="Councillor2")
    expect(page.locator("[data-testimony]")).to_have_count(0)
    assert not person.sees("À reprendre")
    assert person.sees("2 envois sont sur cette tablette")
    context.unroute(SENDING)
    person.press("Envoyer maintenant")
    expect(page.get_by_text("sous scellé")).to_have_count(0, timeout=30_000)
    expect(page.locator("[data-testimony]")).to_have_count(0)
    assert stored(runtime) == sorted(made)
    with runtime.database.reading() as session:
        first = session.scalars(select(Account.id).where(Account.login == "councillor")).one()
        assert set(session.scalars(select(Testimony.collector_id))) == {first}
    person.press("Verrouiller")
    unlock(person, name="Councillor ")
    expect(page.locator('[data-state="verified"]')).to_have_count(2)
    assert person.sees("À reprendre")
