"""« Préparer ma tablette » in the real browser: enrolled once, and never a draft lost by it."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from survey_app.models import Device
from survey_app.runtime import Runtime
from tests.browser.person import World
from tests.browser.tablet import (
    OTHER_PHRASE,
    PHRASE,
    begin,
    fill_phrase,
    furnish,
    heading,
    opened,
    prepare,
    rows,
    unlock,
)

pytestmark = pytest.mark.browser


def test_one_visit_makes_the_tablet_ready(runtime: Runtime, world: World) -> None:
    furnish(runtime)
    person = world.person("councillor")
    person.go("/collecte/").follow("préparer ma tablette")
    person.page.wait_for_selector("#phrase")
    person.look("terrain-preparer")
    prepare(person)
    person.look("terrain-pret")
    [profile] = rows(person.page, "profiles")
    [aboard] = rows(person.page, "aboard")
    assert profile["name"] == "Councillor"
    assert aboard["profile"] == profile["id"]
    with runtime.database.reading() as session:
        device = session.scalars(select(Device)).one()
    assert profile["device"]["id"] == str(device.id)  # type: ignore[index]
    assert str(profile["device"]["token"]) not in device.token_hash  # type: ignore[index]


def test_a_short_or_mistyped_passphrase_enrols_nothing(runtime: Runtime, world: World) -> None:
    furnish(runtime)
    person = world.person("councillor")
    person.go("/terrain/preparer")
    person.page.wait_for_selector("#phrase")
    fill_phrase(person, "trop court")
    person.press("Préparer cette tablette")
    expect(person.page.get_by_role("alert")).to_contain_text("trop courte")
    fill_phrase(person, PHRASE)
    person.page.locator("#encore").fill(PHRASE + "s")
    person.press("Préparer cette tablette")
    expect(person.page.get_by_role("alert")).to_contain_text("pas les mêmes")
    person.look("terrain-preparer-erreur")
    assert rows(person.page, "profiles") == []
    with runtime.database.reading() as session:
        assert session.scalars(select(Device)).all() == []


def test_without_a_network_it_says_so_and_changes_nothing(runtime: Runtime, world: World) -> None:
    furnish(runtime)
    person = world.person("councillor")
    person.go("/terrain/preparer")
    person.page.wait_for_selector("#phrase")
    fill_phrase(person, PHRASE)
    person.context.set_offline(True)
    person.press("Préparer cette tablette")
    expect(person.page.get_by_role("alert")).to_contain_text("Le réseau ne répond pas")
    assert rows(person.page, "profiles") == []


def test_prepared_again_the_same_passphrase_keeps_the_drafts(
    runtime: Runtime, world: World
) -> None:
    furnish(runtime)
    person = begin(opened(world))
    before = rows(person.page, "drafts")
    assert len(before) == 1
    person.go("/terrain/preparer")
    expect(person.page.get_by_text("déjà prête pour Councillor")).to_be_visible()
    fill_phrase(person, OTHER_PHRASE)
    person.press("Préparer cette tablette")
    expect(person.page.get_by_role("alert")).to_contain_text("n’ouvre pas ce profil")
    with runtime.database.reading() as session:
        assert len(session.scalars(select(Device)).all()) == 1
    fill_phrase(person, PHRASE)
    person.press("Préparer cette tablette")
    heading(person, "La tablette est prête")
    person.go("/terrain/")
    unlock(person)
    assert person.sees("À reprendre")
    person.press("^Reprendre$")
    person.page.wait_for_selector("[data-question]")


def test_a_forgotten_passphrase_asks_for_the_rescue_file_first(
    runtime: Runtime, world: World
) -> None:
    furnish(runtime)
    person = begin(opened(world))
    person.go("/terrain/preparer")
    person.press("oublié ma phrase")
    person.page.wait_for_selector("#encore")
    person.look("terrain-phrase-oubliee")
    fill_phrase(person, OTHER_PHRASE)
    person.press("Préparer cette tablette")
    expect(person.page.get_by_role("alert")).to_contain_text("secours")
    assert len(rows(person.page, "drafts")) == 1
    with person.page.expect_download() as download:
        person.press("Garder le fichier de secours")
    assert download.value.suggested_filename.startswith("paroles-secours-")
    person.press("Préparer cette tablette")
    heading(person, "La tablette est prête")
    assert rows(person.page, "drafts") == []
    person.go("/terrain/")
    unlock(person, OTHER_PHRASE)
