"""Each screen of the interview on the tablet, looked at and judged: small, large, right to left."""

from __future__ import annotations

from typing import Any

import pytest

from every_type import open_walk
from survey_app.runtime import Runtime
from tests.browser.listener import Listener
from tests.browser.person import World

pytestmark = pytest.mark.browser


@pytest.fixture
def place(runtime: Runtime) -> dict[str, Any]:
    return open_walk(runtime)


@pytest.fixture
def amina(world: World, runtime: Runtime, place: dict[str, Any]) -> Listener:
    return Listener(world, runtime, place)


def test_every_screen_looks_right(amina: Listener) -> None:
    amina.begin()
    amina.person.look("terrain-01-accord")
    amina.agree()
    amina.person.choose("Le marché").write("Racontez", "Le samedi.")
    amina.person.write("Combien de fois", "beaucoup").press("^Continuer$")
    amina.person.look("terrain-02-a-revoir")
    amina.person.write("Combien de fois", "4").press("^Continuer$")
    amina.person.look("terrain-03-mesures").press("^Continuer$")
    amina.person.look("terrain-04-liste-vide").press("Ajouter : arrêt")
    amina.person.write("Où sommes", "Devant l’école").look("terrain-05-arret")
    amina.person.press("^C’est noté$").look("terrain-06-liste")
    amina.person.press("^Retirer").look("terrain-07-retirer").press("^Garder$")
    amina.person.press("^Continuer$").press("^Continuer$").look("terrain-08-relire")
    amina.person.press("Arrêter l’entretien").look("terrain-09-arreter")
    amina.person.press("Continuer l’entretien")
    amina.page.get_by_role("heading", name="Relire avant").wait_for()
    amina.person.press("^Terminer$")
    amina.page.get_by_role("heading", name="Témoignage terminé").wait_for()
    amina.person.look("terrain-10-carte")
    assert amina.page.locator(".paper-code").count() == 1


def test_in_arabic_the_screen_turns_and_french_stays_below(amina: Listener) -> None:
    amina.begin(language="ar")
    first = amina.question("accord_noter")
    assert (first.get_attribute("dir"), first.get_attribute("lang")) == ("rtl", "ar")
    heading = amina.page.get_by_role("heading", level=1)
    assert (heading.get_attribute("dir"), heading.get_attribute("lang")) == ("rtl", "ar")
    assert "Accord" in amina.title()
    amina.person.look("terrain-20-accord-arabe")
    amina.question("accord_noter").get_by_label("نعم").check()
    amina.question("age").get_by_label("بالغ").check()
    amina.person.press("^Continuer$").choose("السوق")
    amina.person.look("terrain-21-choix-arabe")
    amina.question("classement").get_by_role("button", name="Donner la tablette").click()
    amina.page.get_by_role("heading", name="دوركم").wait_for()
    amina.person.look("terrain-22-donner-arabe")


def test_in_the_dark_too(world: World, runtime: Runtime, place: dict[str, Any]) -> None:
    amina = Listener(world, runtime, place)
    amina.page.emulate_media(color_scheme="dark")
    amina.begin(accord_noter="oui", age="adulte", aime_marche="Le samedi.", presents="trois")
    amina.person.look("terrain-30-accord-nuit")
    amina.page.evaluate("talk.go({ name: 'review' })")
    amina.person.look("terrain-31-relire-nuit")
    ground = "getComputedStyle(document.body).backgroundColor"
    night = amina.page.evaluate(ground)
    amina.page.emulate_media(color_scheme="light")
    assert amina.page.evaluate(ground) != night
