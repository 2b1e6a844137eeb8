"""Pages to fill in the real browser: every type, entries, Arabic, paper; axe finds nothing."""

from __future__ import annotations

import io
import re
from typing import Any

import pytest
from PIL import Image
from sqlalchemy import select

from every_type import open_walk
from survey_app.models import Attachment, Draft, Testimony
from survey_app.runtime import Runtime
from tests.browser.person import Person, World

pytestmark = pytest.mark.browser


@pytest.fixture
def place(runtime: Runtime) -> dict[str, Any]:
    return open_walk(runtime)


def photo(marker: bytes = b"") -> dict[str, Any]:
    """A picture file as a tablet has it, with what the camera wrote in it."""
    data = io.BytesIO()
    exif = Image.Exif()
    exif[0x010E] = marker.decode() or "rien"
    Image.new("RGB", (2400, 1200), "green").save(data, "JPEG", exif=exif)
    return {"name": "photo.jpg", "mimeType": "image/jpeg", "buffer": data.getvalue()}


def begin(person: Person, language: str = "") -> Person:
    person.go("/collecte/commencer").choose("Tous les types")
    if language:
        person.choose(language, "langue")
    return person.press("Commencer")


def agree(person: Person, yes: str = "^Oui$", adult: str = "Adulte") -> Person:
    person.page.locator('[data-question="accord_noter"]').get_by_label(re.compile(yes)).check()
    person.page.locator('[data-question="age"]').get_by_label(re.compile(adult)).check()
    return person.press("Enregistrer et continuer")


def visible(person: Person) -> list[str]:
    found = person.page.eval_on_selector_all(
        ".question:not([hidden])", "all => all.map(one => one.dataset.question)"
    )
    return list(found)


def test_every_type_and_its_entries_look_right(place: dict[str, Any], world: World) -> None:
    person = world.person("councillor")
    begin(person)
    person.look("saisie-01-accord")
    agree(person)
    person.choose("Le marché").write("Racontez", "Le samedi.")
    person.look("saisie-02-choix").press("Enregistrer et continuer")
    person.page.set_input_files('input[type="file"]', photo())
    person.page.locator("img.photo__picture").wait_for()
    person.look("saisie-03-mesures").press("Enregistrer et continuer")
    person.look("saisie-04-liste-vide").follow("Ajouter")
    person.look("saisie-05-arret").press("^Enregistrer$")
    assert person.sees("Rien n’est encore noté ici")
    person.follow("Ajouter")
    person.write("Où sommes", "Devant l’école").choose("^Non$", "va bien")
    person.write("Pourquoi", "Trop de voitures.").press("^Enregistrer$")
    person.look("saisie-06-liste").press("Continuer")
    person.press("Enregistrer et continuer")
    person.look("saisie-07-relecture")


def test_in_arabic_the_page_turns_and_french_stays_below(
    place: dict[str, Any], world: World
) -> None:
    person = world.person("councillor")
    person.go("/collecte/commencer").choose("Tous les types").look("saisie-10-commencer")
    person.choose("Arabe.*relire", "langue").press("Commencer")
    first = person.page.locator('[data-question="accord_noter"]')
    assert first.get_attribute("dir") == "rtl"
    assert first.get_attribute("lang") == "ar"
    assert "Puis-je noter vos paroles" in first.inner_text()
    agree(person.look("saisie-11-accord-arabe"), "نعم", "بالغ")
    person.choose("السوق")
    person.look("saisie-12-choix-arabe").press("Enregistrer et continuer")
    person.look("saisie-13-mesures-arabe")


def test_a_sheet_of_paper_is_copied(place: dict[str, Any], world: World) -> None:
    person = world.person("councillor")
    person.go(f"/collecte/rencontres/{place['meeting']}").look("saisie-20-rencontre")
    person.follow("noté sur papier").look("saisie-21-feuille").press("Commencer la saisie")
    assert person.sees("Recopiez le code de la carte")
    person.look("saisie-22-feuille-incomplete")
