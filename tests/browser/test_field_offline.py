"""One visit with the network, then none: everything needed to collect works from the tablet."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

import envelopes
from survey_app.models import Campaign, Testimony
from survey_app.runtime import Runtime
from tests.browser.person import World
from tests.browser.tablet import (
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


def test_first_visit_then_offline_then_reload_then_an_interview(
    runtime: Runtime, world: World
) -> None:
    furnish(runtime)
    person = prepare(world.person("councillor"))
    person.context.set_offline(True)
    person.go("/terrain/")
    heading(person, "La tablette est verrouillée")
    unlock(person)
    assert person.sees("Hors réseau")
    begin(person)
    person.page.reload()
    unlock(person)
    assert person.sees("À reprendre")
    person.press("^Reprendre$")
    person.page.wait_for_selector("[data-question]")
    [draft] = rows(person.page, "drafts")
    assert set(draft) == {"id", "profile", "iv", "data", "updated"}
    person.look("terrain-hors-reseau-entretien")


def test_the_desk_is_never_kept(runtime: Runtime, world: World) -> None:
    """Offline, nothing but the tablet's own page opens; online, the desk is the server's own."""
    furnish(runtime)
    person = opened(world)
    person.go("/collecte/")
    assert person.sees("Recueillir")
    kept = person.page.evaluate(
        """async () => {
          const names = await caches.keys();
          const requests = await (await caches.open(names[0])).keys();
          return [names, requests.map((one) => new URL(one.url).pathname)];
        }"""
    )
    assert len(kept[0]) == 1
    assert re.fullmatch(r"paroles-terrain-[0-9a-f]{16}", kept[0][0])
    assert all(
        path.startswith("/static/") or path in {"/terrain/", "/terrain/manifest.webmanifest"}
        for path in kept[1]
    )
    person.context.set_offline(True)
    for path in ("/collecte/", "/terrain/preparer", "/terrain/appareils"):
        with pytest.raises(Exception, match="ERR_INTERNET_DISCONNECTED"):
            person.go(path)


def test_nothing_is_fetched_once_the_tablet_is_ready_but_its_package(
    runtime: Runtime, world: World
) -> None:
    furnish(runtime)
    person = opened(world)
    asked: list[str] = []
    person.context.on("request", lambda request: asked.append(request.url))
    fetched: list[str] = []
    person.page.on(
        "response",
        lambda answer: None if answer.from_service_worker else fetched.append(answer.url),
    )
    person.page.reload()
    unlock(person)
    begin(person)
    assert asked
    assert {url.removeprefix(person.site) for url in fetched} <= {
        "/terrain/api/bord",
        "/terrain/sw.js",
    }


def test_without_a_passphrase_nothing_opens(runtime: Runtime, world: World) -> None:
    furnish(runtime)
    person = prepare(world.person("councillor"))
    person.go("/terrain/")
    heading(person, "La tablette est verrouillée")
    person.look("terrain-verrou")
    person.page.locator("#phrase").fill("pas la bonne phrase")
    person.press("^Ouvrir$")
    expect(person.page.get_by_role("alert")).to_contain_text("n’ouvre pas ce profil")
    person.look("terrain-verrou-erreur")
    assert not person.sees("Bonjour")


def test_what_is_finished_offline_comes_home_once_and_its_line_says_so(
    runtime: Runtime, world: World
) -> None:
    furnish(runtime)
    person = opened(world)
    person.context.set_offline(True)
    ids = [finish(person, dict(envelopes.ANSWERS)) for _ in range(3)]
    person.page.reload()
    unlock(person)
    lines = person.page.locator("[data-testimony]")
    expect(lines).to_have_count(3)
    for line in lines.all():
        expect(line).to_contain_text("sur la tablette")
    person.context.set_offline(False)
    expect(person.page.locator('[data-state="verified"]')).to_have_count(3, timeout=30_000)
    person.look("terrain-accueil-verifie")
    assert rows(person.page, "outbox") == []
    with runtime.database.reading() as session:
        stored = session.scalars(select(Testimony)).all()
    assert sorted(str(row.id) for row in stored) == sorted(ids)
    assert {row.origin for row in stored} == {"offline"}
    for row in stored:
        line = person.page.locator(f'[data-testimony="{row.id}"]')
        expect(line).to_contain_text(f"n° {row.number}")
        expect(line).to_contain_text("vérifié")


def test_an_interview_stays_on_the_form_it_began_with(runtime: Runtime, world: World) -> None:
    """The campaign changes while an interview is paused: it resumes as it began."""
    furnish(runtime)
    person = begin(opened(world))
    person.press("Mettre en pause")
    heading(person, "Bonjour")
    [before] = rows(person.page, "aboard")
    with runtime.database.writing() as session:
        session.scalars(select(Campaign)).one().controller = "La mairie d’ailleurs"
    person.page.reload()
    unlock(person)
    for _ in range(100):
        [after] = rows(person.page, "aboard")
        if after["etag"] != before["etag"]:
            break
        person.page.wait_for_timeout(100)
    assert len(after["kept"]) == len(before["package"]["forms"])  # type: ignore[arg-type, index]
    heading(person, "Bonjour")
    person.press("^Reprendre$")
    person.page.wait_for_selector("[data-question]")
    assert not person.sees("La mairie d’ailleurs")
    kept = person.page.evaluate(
        """async () => {
          const aboard = await import("/static/field/aboard.js");
          const { database, write } = await import("/static/field/store.js");
          const [row] = await (await database()).getAll("aboard");
          const long = row.kept.map((one) => ({ ...one, since: "2020-01-01T00:00:00Z" }));
          await write(["aboard"], (tx) => tx.store.put({ ...row, kept: long }));
          await aboard.prune(row.profile, new Set([row.kept[0].form.key]));
          return (await aboard.load(row.profile)).kept.length;
        }"""
    )
    assert kept == 1
