"""An afternoon without network, from the first visit to the desk, in two engines."""

from __future__ import annotations

import time
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Browser
from sqlalchemy import select

from bench.field import Server, free_port
from every_type import open_walk
from pages import client_for
from survey_app.models import Attachment, Testimony
from survey_app.runtime import Runtime
from tests.browser import engines
from tests.browser.engines import Engine
from tests.browser.filler import photo
from tests.browser.tablet import PHRASE

pytestmark = [pytest.mark.browser, pytest.mark.slow]

SAID = "Le samedi, l’été : « on s’y retrouve »."
SAVED = 2  # seconds: what is typed is on the disk well before, on a busy machine too
COUNT = """
  const base = await new Promise((done, failed) => {
    const asked = indexedDB.open("paroles-terrain");
    asked.onsuccess = () => done(asked.result);
    asked.onerror = () => failed(asked.error);
  });
  const all = (store) => new Promise((done, failed) => {
    const asked = base.transaction(store).objectStore(store).getAllKeys();
    asked.onsuccess = () => done(asked.result);
    asked.onerror = () => failed(asked.error);
  });
  const found = Object.fromEntries(await Promise.all(
    given.map(async (store) => [store, (await all(store)).length])));
  base.close();
  return found;
"""


@pytest.fixture(params=["chromium", "webkit"])
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    folder = tmp_path / "tablette"
    folder.mkdir()
    if request.param == "webkit":
        with engines.webkit(folder) as opened:
            yield opened
    else:
        browser: Browser = request.getfixturevalue("browser")
        with engines.chromium(browser.browser_type, folder) as opened:
            yield opened


class Tablet:
    """What a councillor does on the screens of the tablet."""

    def __init__(self, engine: Engine, site: str) -> None:
        self.engine, self.site = engine, site

    def press(self, words: str) -> None:
        """Press the button that says exactly this."""
        self.engine.tap(f'//button[normalize-space(.)="{words}"]')

    def title(self, words: str) -> None:
        self.engine.until(f'//h1[contains(., "{words}")]')

    def answer(self, question: str, *choices: str) -> None:
        for choice in choices:
            self.engine.tap(f'{_question(question)}//label[.//input[@value="{choice}"]]')

    def write(self, question: str, words: str) -> None:
        self.engine.write(f'{_question(question)}//*[@name="{question}"]', words)

    def unlock(self) -> None:
        self.engine.go(f"{self.site}/terrain/")
        self.title("La tablette est verrouillée")
        self.engine.write('//*[@id="phrase"]', PHRASE)
        self.press("Ouvrir")
        self.title("Bonjour")

    def ready(self) -> None:
        """« Prête à partir », whatever this engine can tell of its storage and battery."""
        self.engine.tap('//button[contains(., "Prête à partir")]')
        self.title("Prête à partir")
        self.press("Revenir à l’accueil")
        self.title("Bonjour")

    def begin(self, photos: str = "non") -> None:
        """Begin an interview, up to its second part; ``photos``: whether they are agreed to."""
        self.press("Commencer un témoignage")
        self.title("Commencer un témoignage")
        self.engine.tap('//label[contains(., "Tous les types")]')
        self.press("Commencer")
        self.answer("accord_noter", "oui")
        self.answer("age", "adulte")
        self.answer("accord_photo", photos)
        self.press("Continuer")
        self.title("Choix")

    def stop(self, place: str, *, well: bool, seen: Path | None = None) -> None:
        """Note a stop of the walk, from the list of the stops."""
        self.engine.tap('//button[contains(., "Ajouter")]')
        self.write("nom_arret", place)
        self.answer("va_bien", "oui" if well else "non")
        if not well:
            self.write("pourquoi", "Trop de voitures.")
        if seen is not None:
            taken = _question("photo_arret")
            self.engine.attach(f'{taken}//input[@type="file"]', seen)
            self.engine.until(f"{taken}//img[@src]")
        self.press("C’est noté")
        self.title("Les arrêts")

    def end(self) -> None:
        """From the list of the stops to the card, then home."""
        self.press("Continuer")
        self.title("Fin")
        self.press("Continuer")
        self.title("Relire avant")
        self.press("Terminer")
        self.title("Témoignage terminé")
        self.press("Le code est noté, revenir à l’accueil")
        self.title("Bonjour")

    def lines(self, state: str, count: int) -> None:
        """Wait until this many testimonies, and no other, are in this state."""
        all_so = (
            f'count(//*[@data-state="{state}"])={count} and count(//*[@data-testimony])={count}'
        )
        self.engine.until(f"//h1[{all_so}]")

    def rows(self, *stores: str) -> dict[str, int]:
        found: dict[str, int] = self.engine.run(COUNT, list(stores))
        return found


def _question(name: str) -> str:
    return f'//*[@data-question="{name}"]'


@pytest.fixture
def server(runtime: Runtime) -> Iterator[Server]:
    """`paroles serve` in a process of its own: it can really be stopped."""
    opened = Server(runtime, free_port(), workers=1)
    opened.open()
    yield opened
    opened.close()


def first_visit(tablet: Tablet, app: Flask) -> None:
    cookie = client_for(app, "councillor").get_cookie("paroles")
    assert cookie is not None
    tablet.engine.log_in(tablet.site, cookie.value)
    tablet.engine.go(f"{tablet.site}/terrain/preparer")
    tablet.engine.write('//*[@id="phrase"]', PHRASE)
    tablet.engine.write('//*[@id="encore"]', PHRASE)
    tablet.press("Préparer cette tablette")
    tablet.title("La tablette est prête")


def two_and_a_half(tablet: Tablet, taken: Path) -> None:
    """Two testimonies with their own conditions and stops, and a third under way."""
    tablet.begin(photos="oui")
    tablet.answer("aime", "marche", "parc")
    tablet.write("aime_marche", SAID)
    tablet.write("marche_detail", "4")
    tablet.press("Continuer")
    tablet.title("Mesures")
    tablet.write("presents", "12")
    tablet.press("Continuer")
    tablet.stop("Devant l’école", well=False, seen=taken)
    tablet.stop("La place", well=True)
    tablet.end()
    tablet.begin()
    tablet.answer("aime", "marche", "rien")
    tablet.press("Continuer")
    tablet.press("Continuer")
    tablet.stop("Le pont", well=True)
    tablet.end()
    tablet.begin()
    tablet.answer("aime", "marche")
    tablet.write("aime_marche", SAID)
    time.sleep(SAVED)


def rest_of_the_third(tablet: Tablet) -> None:
    tablet.press("Reprendre")
    tablet.title("Choix")
    tablet.write("marche_detail", "2")
    tablet.press("Continuer")
    tablet.press("Continuer")
    tablet.stop("La halle", well=False)
    tablet.end()


def stored(runtime: Runtime, meeting: uuid.UUID) -> list[dict[str, Any]]:
    """The answers at the desk, in the order of the interviews."""
    with runtime.database.reading() as session:
        rows = session.scalars(select(Testimony).order_by(Testimony.id)).all()
        assert {row.meeting_id for row in rows} <= {meeting}
        assert {row.origin for row in rows} <= {"offline"}
        return [row.answers for row in rows]


def photos(runtime: Runtime) -> dict[str, tuple[int, int]]:
    """The width and height of each photo at the desk."""
    with runtime.database.reading() as session:
        rows = session.scalars(select(Attachment)).all()
        return {str(row.id): (row.width, row.height) for row in rows}


AGREED = {"accord_noter": "oui", "age": "adulte", "accord_photo": "non"}
BAD = {"va_bien": "non", "pourquoi": "Trop de voitures."}
GOOD = {"va_bien": "oui"}


def expected(kept: str) -> list[dict[str, Any]]:
    """The three testimonies as they were said; ``kept`` is the id of the photo."""
    walk = [{"nom_arret": "Devant l’école", "photo_arret": kept} | BAD, {"nom_arret": "La place"}]
    return [
        AGREED
        | {"accord_photo": "oui", "aime": ["marche", "parc"], "aime_marche": SAID}
        | {"marche_detail": 4, "presents": 12, "arrets": [walk[0], walk[1] | GOOD]},
        AGREED | {"aime": ["rien"], "arrets": [{"nom_arret": "Le pont"} | GOOD]},
        AGREED
        | {"aime": ["marche"], "aime_marche": SAID, "marche_detail": 2}
        | {"arrets": [{"nom_arret": "La halle"} | BAD]},
    ]


def test_an_afternoon(
    engine: Engine, app: Flask, runtime: Runtime, server: Server, tmp_path: Path
) -> None:
    meeting = open_walk(runtime)["meeting"]
    taken = tmp_path / "lieu.jpg"
    taken.write_bytes(photo())
    tablet = Tablet(engine, f"http://127.0.0.1:{server.port}")
    engine.open()
    first_visit(tablet, app)

    server.kill()
    engine.network(there=False)
    tablet.unlock()
    tablet.ready()
    two_and_a_half(tablet, taken)

    engine.kill()
    engine.open()
    engine.network(there=False)
    tablet.unlock()
    tablet.lines("waiting", 2)
    rest_of_the_third(tablet)
    tablet.lines("waiting", 3)
    assert tablet.rows("outbox", "drafts", "media") == {"outbox": 4, "drafts": 0, "media": 0}
    assert stored(runtime, meeting) == []

    server.open()
    engine.network(there=True)
    tablet.press("Envoyer maintenant")
    tablet.lines("verified", 3)
    assert tablet.rows("outbox", "drafts") == {"outbox": 0, "drafts": 0}
    [(kept, size)] = photos(runtime).items()
    assert size == (640, 400)
    assert stored(runtime, meeting) == expected(kept)
