"""The manners of the worker: whole or not at all, and never in the middle of an interview."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import expect

from survey_app.runtime import Runtime
from survey_app.web.field import assets
from tests.browser.person import Person, World
from tests.browser.tablet import begin, furnish, heading, opened, unlock

pytestmark = pytest.mark.browser

CACHES = "caches.keys().then((names) => names.filter((one) => one.startsWith('paroles-terrain-')))"
UPDATE = """async () => {
  const known = await navigator.serviceWorker.getRegistration("/terrain/");
  try {
    await known.update();
  } catch (error) {
    return `refused ${error.name}`;
  }
  const worker = known.installing;
  if (worker) {
    await new Promise((done) => {
      worker.addEventListener("statechange", () => worker.state !== "installing" && done());
    });
  }
  return known.waiting ? "waiting" : "none";
}"""


def names(person: Person) -> list[str]:
    found: list[str] = person.page.evaluate(CACHES)
    return found


def asked_from_another_tab(person: Person) -> object:
    """Somebody opens a second tab and asks for the update; what the worker itself answers."""
    other = person.context.new_page()
    other.goto(person.site + "/terrain/")
    other.locator("#phrase").fill("quatre mots sans lien")
    other.get_by_role("button", name="Ouvrir").click()
    other.get_by_role("button", name="Mettre à jour").click()
    expect(other.get_by_role("alert")).to_contain_text("Un entretien est ouvert")
    answer: object = other.evaluate(
        """async () => {
          const { waiting } = await navigator.serviceWorker.getRegistration("/terrain/");
          const channel = new MessageChannel();
          const told = new Promise((done) => { channel.port1.onmessage = (e) => done(e.data); });
          waiting.postMessage("take-over", [channel.port2]);
          return told;
        }"""
    )
    other.close()
    return answer


def test_an_update_waits_while_an_interview_is_open(
    runtime: Runtime, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    furnish(runtime)
    person = opened(world)
    before = names(person)
    begin(person)
    known = assets.version
    monkeypatch.setattr(assets, "version", lambda *pages: known(*pages, b"newer"))
    assert person.page.evaluate(UPDATE) == "waiting"
    assert len(names(person)) == 2
    assert asked_from_another_tab(person) == {"busy": True}
    assert person.page.evaluate(UPDATE) == "waiting"
    assert person.page.locator("[data-question]").count() > 0
    person.press("Mettre en pause")
    heading(person, "Bonjour")
    assert person.sees("Une nouvelle version est sur la tablette")
    person.look("terrain-mise-a-jour")
    with person.page.expect_navigation():
        person.press("Mettre à jour")
    unlock(person)
    assert person.sees("À reprendre")
    after = names(person)
    assert len(after) == 1
    assert set(after).isdisjoint(before)


def test_a_version_that_lacks_one_file_does_not_exist(
    runtime: Runtime, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    furnish(runtime)
    person = opened(world)
    before = names(person)
    known = assets.addresses
    monkeypatch.setattr(assets, "version", lambda *pages: "f" * 16)
    monkeypatch.setattr(assets, "addresses", lambda: [*known(), "/static/field/absent.js"])
    assert person.page.evaluate(UPDATE) != "waiting"
    assert names(person) == before
    person.context.set_offline(True)
    person.page.reload()
    unlock(person)


def test_a_first_visit_that_fails_keeps_nothing(
    runtime: Runtime, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    furnish(runtime)
    known = assets.addresses
    monkeypatch.setattr(assets, "addresses", lambda: [*known(), "/static/field/absent.js"])
    person = world.person()
    person.go("/terrain/")
    heading(person, "pas encore prête")
    state = person.page.evaluate(
        """async () => {
          const { installing } = await navigator.serviceWorker.register("/terrain/sw.js", {
            scope: "/terrain/",
          });
          await new Promise((done) => {
            const look = () => installing.state === "redundant" && done();
            installing?.addEventListener("statechange", look);
            if (!installing || installing.state === "redundant") done();
          });
          return installing?.state ?? "none";
        }"""
    )
    assert state in {"redundant", "none"}
    assert names(person) == []


def test_it_never_touches_what_is_not_its_own(runtime: Runtime, world: World) -> None:
    """Another cache of the same site survives an update; posts and other pages go their way."""
    furnish(runtime)
    person = opened(world)
    person.page.evaluate("caches.open('autre-chose')")
    answers: list[tuple[str, bool]] = []
    person.page.on("response", lambda one: answers.append((one.url, one.from_service_worker)))
    person.page.evaluate(
        """async () => {
          await fetch("/static/paroles.css", { method: "HEAD" });
          await fetch("/terrain/api/envois", { method: "POST", body: "{}" });
          await fetch("/static/js/coding.js");
          await fetch("/static/paroles.css");
        }"""
    )
    by_worker = [served for url, served in answers if re.search("paroles|envois|coding", url)]
    assert by_worker == [False, False, False, True]
    assert "autre-chose" in person.page.evaluate("caches.keys()")


def test_every_kept_answer_is_the_servers_own(app: Flask, runtime: Runtime, world: World) -> None:
    furnish(runtime)
    person = opened(world)
    [name] = names(person)
    static = Path(app.static_folder or "")
    kept = person.page.evaluate(
        """async (name) => {
          const cache = await caches.open(name);
          const found = {};
          for (const request of await cache.keys()) {
            const answer = await cache.match(request);
            found[new URL(request.url).pathname] = [answer.status, (await answer.text()).length];
          }
          return found;
        }""",
        name,
    )
    with app.test_request_context():
        assert set(kept) == set(assets.addresses())
    assert {status for status, _ in kept.values()} == {200}
    style = (static / "paroles.css").read_text(encoding="utf-8")
    assert kept["/static/paroles.css"][1] == len(style)
