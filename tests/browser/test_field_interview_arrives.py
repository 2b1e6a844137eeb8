"""What is said to the tablet without network arrives at the desk as if it had been said online."""

from __future__ import annotations

import re
from typing import Any

import pytest
from sqlalchemy import select

from every_type import open_walk
from survey_app.models import Meeting, Testimony
from survey_app.runtime import Runtime
from tests.browser.person import Person, World
from tests.browser.tablet import TERRAIN, heading, opened

pytestmark = pytest.mark.browser

SAID = "Le samedi, l’été 🌞 : « on s’y retrouve ».\nEt le soir ?"


def answer(person: Person, onward: str, add: str, noted: str) -> None:
    """The same answers online and on the tablet; the names of the buttons are theirs."""
    page = person.page
    page.locator('[data-question="accord_noter"]').get_by_label("Oui", exact=True).check()
    page.locator('[data-question="age"]').get_by_label("Adulte", exact=True).check()
    page.locator('[data-question="accord_photo"]').get_by_label("Non", exact=True).check()
    person.press(onward).choose("Le marché").write("Racontez", SAID)
    person.write("Combien de fois", "1 000")
    page.locator(".ranks select").first.select_option("calme")
    page.locator('[data-question="echelle"]').get_by_label("Je ne sais pas", exact=True).check()
    person.press(onward).write("Quel jour", "2026-03-01").choose("Les Halles")
    person.press(onward)
    page.get_by_text(re.compile(add)).first.click()
    person.write("Où sommes", "Devant l’école").choose("^Non$", "va bien")
    person.write("Pourquoi", "Trop de voitures.").press(noted)
    heading(person, "Les arrêts")
    person.press("^Continuer$").press(onward)
    heading(person, "Relire avant")
    person.press("^Terminer$")


def stored(runtime: Runtime) -> list[tuple[Any, ...]]:
    """What the desk holds of each testimony, in the order of arrival."""
    with runtime.database.reading() as session:
        rows = session.scalars(select(Testimony).order_by(Testimony.number))
        return [
            (row.answers, row.texts[0].text, row.texts[0].parts, row.profile, row.state)
            for row in rows
        ]


def test_the_same_words_arrive_the_same(world: World, runtime: Runtime) -> None:
    open_walk(runtime)
    online = world.person("councillor")
    online.go("/collecte/commencer").choose("Tous les types").press("Commencer")
    answer(online, "Enregistrer et continuer", "^Ajouter", "^Enregistrer$")
    heading(online, "Témoignage reçu")
    amina = opened(world)
    amina.context.set_offline(True)
    amina.press("Commencer un témoignage")
    heading(amina, "Commencer un témoignage")
    amina.choose("Tous les types").press("^Commencer$")
    amina.page.wait_for_selector("[data-question]")
    answer(amina, "^Continuer$", "^Ajouter", "^C’est noté$")
    heading(amina, "Témoignage terminé")
    assert len(stored(runtime)) == 1
    amina.press("revenir à l’accueil")
    heading(amina, "Bonjour")
    amina.context.set_offline(False)
    amina.page.wait_for_selector("text=vérifié", timeout=30_000)
    first, second = stored(runtime)
    assert first == second
    assert first[1].startswith(SAID)


def test_a_refusal_on_the_tablet_is_counted_in_the_meeting(world: World, runtime: Runtime) -> None:
    place = open_walk(runtime)
    amina = opened(world)
    amina.press("Commencer un témoignage")
    heading(amina, "Commencer un témoignage")
    amina.choose("Tous les types").press("^Commencer$")
    amina.page.locator('[data-question="accord_noter"]').get_by_label("Non", exact=True).check()
    amina.press("^Continuer$")
    heading(amina, "Merci à cette personne")
    amina.press("Revenir à l’accueil")
    heading(amina, "Bonjour")
    amina.page.wait_for_function(
        """async () => {
          const { counts } = await import("/static/field/outbox.js");
          return (await counts()).total === 0;
        }"""
    )
    with runtime.database.reading() as session:
        assert session.get_one(Meeting, place["meeting"]).refusals == 1
    assert stored(runtime) == []
    assert amina.page.url.endswith(TERRAIN)
