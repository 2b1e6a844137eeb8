"""Photos and voices of the tablet: kept at each instant, sent, seen and heard at the desk."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress

import pytest
from flask import Flask
from playwright.sync_api import Browser, Error, Page, expect
from sqlalchemy import select

import photo_files
from every_type import open_walk
from survey_app.models import Attachment, Recording, Testimony
from survey_app.runtime import Runtime
from survey_app.services import media_files, review
from tests.browser.conftest import ARGUMENTS, _chromium
from tests.browser.person import Person, World
from tests.browser.tablet import TERRAIN, begin, furnish, heading, opened, rows, unlock

pytestmark = pytest.mark.browser

MICROPHONE = ("--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream")
STATES = {"verified"}
DRAWN = """(all) => Promise.all(all.map(async (one) => {
  await one.decode();
  return one.naturalWidth;
}))"""
HEARD = """(one) => new Promise((done) => {
  setTimeout(() => done(`${one.error?.message} ${one.readyState}`), 10_000);
  one.ontimeupdate = () => one.currentTime > 0.2 && done(one.readyState);
  one.muted = true;
  one.play();
})"""


@pytest.fixture
def hearing(app: Flask, site: str, browser: Browser) -> Iterator[World]:
    """People whose tablet has a microphone, which always beeps."""
    launched = browser.browser_type.launch(
        executable_path=_chromium(), args=[*ARGUMENTS, *MICROPHONE]
    )
    world = World(app, site, launched)
    yield world
    world.close()
    launched.close()


def killed(person: Person) -> Person:
    """The tab dies without a word, and another one is opened on what the disk holds."""
    with suppress(Error):  # « Page crashed » is how it ends
        person.page.goto("chrome://crash", timeout=5_000)
    person.page.close()
    person.page = person.context.new_page()
    person.go(TERRAIN)
    return unlock(person)


def count(page: Page, store: str) -> int:
    return len(rows(page, store))


def until(page: Page, least: int, most: int | None = None) -> int:
    """How many slices and photos there are, once there are as many as that."""
    for _ in range(60):
        found = count(page, "media")
        if found >= least and (most is None or found <= most):
            return found
        page.wait_for_timeout(250)
    raise AssertionError(f"{found} in the store")


def take_photo(person: Person, question: str, content: bytes) -> None:
    field = person.page.locator(f'[data-question="{question}"] input[type="file"]')
    field.set_input_files({"name": "p.jpg", "mimeType": "image/jpeg", "buffer": content})
    expect(field).to_be_enabled()  # it waits while the photo is being kept
    person.page.locator(f'[data-question="{question}"] .photo__picture').wait_for()


def seen(person: Person, question: str) -> bool:
    """Whether the photo of a question is really drawn."""
    image = person.page.locator(f'[data-question="{question}"] img.photo__picture')
    image.wait_for()
    return bool(
        image.evaluate("async (one) => { await one.decode(); return one.naturalWidth > 0; }")
    )


def sent(person: Person, runtime: Runtime) -> Testimony:
    """Back on the network: everything leaves by itself."""
    person.context.set_offline(False)
    person.page.wait_for_selector("text=vérifié", timeout=30_000)
    assert rows(person.page, "outbox") == []
    assert rows(person.page, "media") == []
    assert {row["state"] for row in rows(person.page, "sent")} == STATES
    with runtime.database.reading() as session:
        return session.scalars(select(Testimony)).one()


def walking(world: World, runtime: Runtime) -> Person:
    """Without network, at the page where a photo is asked."""
    open_walk(runtime)
    amina = opened(world)
    amina.context.set_offline(True)
    begin(amina, "Tous les types")
    for name, said in (("accord_noter", "Oui"), ("age", "Adulte"), ("accord_photo", "Oui")):
        question = amina.page.locator(f'[data-question="{name}"]')
        question.get_by_label(said, exact=True).check()
    amina.press("^Continuer$").press("^Continuer$")
    heading(amina, "Mesures")
    return amina


def test_a_photo_survives_a_crash_and_reaches_the_desk(world: World, runtime: Runtime) -> None:
    amina = walking(world, runtime)
    page = amina.page
    take_photo(amina, "vue", photo_files.jpeg())
    take_photo(amina, "vue", photo_files.jpeg(photo_files.noise(200, 300)))  # a better one
    (kept,) = rows(page, "media")
    assert kept["kind"] == "photo"
    killed(amina).press("^Reprendre$")
    heading(amina, "Mesures")
    assert seen(amina, "vue")
    amina.press("^Continuer$").press("Ajouter : arrêt").write("Où sommes", "Devant l’école")
    take_photo(amina, "photo_arret", photo_files.jpeg())
    amina.press("Retirer la photo")
    expect(amina.page.locator(".photo__picture")).to_have_count(0)
    assert count(amina.page, "media") == 1
    take_photo(amina, "photo_arret", photo_files.jpeg(photo_files.noise(100, 100)))
    amina.look("terrain-photo")
    amina.press("^C’est noté$").press("^Continuer$").press("^Continuer$")
    heading(amina, "Relire avant")
    amina.press("^Terminer$")
    heading(amina, "Témoignage terminé")
    assert count(amina.page, "media") == 0
    kinds = sorted(str(row["kind"]) for row in rows(amina.page, "outbox"))
    assert kinds == ["media", "media", "testimony"]
    amina.press("revenir à l’accueil")
    row = sent(amina, runtime)
    with runtime.database.reading() as session:
        photos = session.scalars(select(Attachment).order_by(Attachment.id)).all()
        assert [photo.testimony_id for photo in photos] == [row.id] * 2
        assert (photos[0].width, photos[0].height) == (200, 300)
        assert row.answers["vue"] == str(photos[0].id) == kept["id"]
        assert row.answers["arrets"][0]["photo_arret"] == str(photos[1].id)
    photos_at_the_desk(world, row)


def photos_at_the_desk(world: World, row: Testimony) -> None:
    desk = world.person("coordinator")
    desk.go(f"/relecture/temoignage/{row.id}")
    assert desk.page.locator(".photos__image").count() == 2
    desk.page.locator(".photos__image").last.scroll_into_view_if_needed()
    assert sorted(desk.page.locator(".photos__image").evaluate_all(DRAWN)) == [100, 200]


def agree(person: Person, voice: str) -> None:
    page = person.page
    given = {"accord_noter": "Oui", "age": "25", "accord_voix": voice}
    for name, said in given.items():
        page.locator(f'[data-question="{name}"]').get_by_label(re.compile(f"^{said}")).first.check()
    for question in page.locator("[data-question]:visible").all():
        choices = question.locator("fieldset:not(.silent) input[type=radio]")
        if choices.count() and not question.locator("input:checked:not(.silent input)").count():
            choices.last.check()


def record(person: Person, words: str, lasting: int) -> None:
    person.press(words)
    expect(person.page.locator(".voice")).to_contain_text("Enregistrement en cours")
    person.page.wait_for_timeout(lasting)


def to_the_end(person: Person) -> None:
    for _ in range(20):
        if person.page.locator("h1").inner_text().startswith("Relire"):
            break
        person.press("^Continuer$")
    heading(person, "Relire avant")
    person.press("^Terminer$")
    heading(person, "Témoignage terminé")
    person.press("revenir à l’accueil")


def test_a_voice_is_recorded_killed_resumed_heard_and_erased(
    hearing: World, runtime: Runtime
) -> None:
    furnish(runtime)
    amina = opened(hearing)
    amina.context.set_offline(True)
    begin(amina, "Entretien individuel")
    expect(amina.page.locator(".voice")).to_be_hidden()
    agree(amina, "Oui")
    record(amina, "Enregistrer la voix", 8_000)
    before = until(amina.page, 2)  # a slice every four seconds
    killed(amina).press("^Reprendre$")
    expect(amina.page.locator(".voice li")).to_have_count(1)
    assert count(amina.page, "media") >= before
    amina.press("^Écouter$")
    assert amina.page.locator(".voice audio").evaluate(HEARD) >= 2
    record(amina, "Enregistrer la suite", 1_500)
    amina.press("^Suspendre$")
    expect(amina.page.locator(".voice")).to_contain_text("Enregistrement suspendu")
    amina.look("terrain-voix")
    amina.press("^Reprendre$")
    amina.press("Arrêter d’enregistrer")
    expect(amina.page.locator(".voice li")).to_have_count(2)
    to_the_end(amina)
    row = sent(amina, runtime)
    with runtime.database.reading() as session:
        voices = session.scalars(select(Recording).order_by(Recording.id)).all()
        assert [one.testimony_id for one in voices] == [row.id] * 2
        assert {one.media_type for one in voices} == {"audio/webm"}
        files = [media_files.voice(runtime, one.sha256) for one in voices]
    assert all(path.read_bytes().startswith(b"age-encryption.org") for path in files)
    at_the_desk(hearing, row)
    assert not any(path.exists() for path in files)
    with runtime.database.reading() as session:
        assert session.scalars(select(Recording)).all() == []


def at_the_desk(world: World, row: Testimony) -> None:
    """Somebody else listens to the voice, then accepts the testimony."""
    desk = world.person("councillor2")
    desk.go("/relecture/essai").press("Relire")
    if not desk.page.locator("audio").count():
        desk.go(f"/relecture/temoignage/{row.id}")
    player = desk.page.locator("audio").first
    assert player.evaluate(HEARD) >= 2
    desk.look("relecture-voix")
    for point in review.CHECKLIST:
        desk.page.locator(f'input[name="{point}"][value="oui"]').check()
    desk.press("Accepter et passer")
    heading(desk, "Masquer")


def test_a_voice_goes_when_the_agreement_is_taken_back(hearing: World, runtime: Runtime) -> None:
    furnish(runtime)
    amina = opened(hearing)
    begin(amina, "Entretien individuel")
    agree(amina, "Oui")
    record(amina, "Enregistrer la voix", 1_000)
    agree(amina, "Non")
    expect(amina.page.locator(".voice")).to_contain_text("n’est plus donné")
    expect(amina.page.locator(".voice button", has_text="Arrêter")).to_have_count(0)
    amina.press("^Continuer$")
    expect(amina.page.locator(".voice")).to_be_hidden()
    assert until(amina.page, 0, 0) == 0


def test_an_erased_interview_leaves_no_voice(hearing: World, runtime: Runtime) -> None:
    furnish(runtime)
    amina = opened(hearing)
    begin(amina, "Entretien individuel")
    agree(amina, "Oui")
    record(amina, "Enregistrer la voix", 1_000)
    amina.press("Arrêter l’entretien").press("Tout effacer")
    heading(amina, "Merci à cette personne")
    assert rows(amina.page, "media") == []
    assert [row for row in rows(amina.page, "outbox") if row["kind"] == "media"] == []
