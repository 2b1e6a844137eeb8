"""Pages to fill in the real browser: every type, entries, Arabic, paper; axe finds nothing."""

from __future__ import annotations

import io
import re
from typing import Any

import pytest
from PIL import Image
from sqlalchemy import select

from every_type import open_walk
from questionnaires import library
from survey_app.models import Attachment, Draft, Testimony
from survey_app.runtime import Runtime
from survey_app.services import answering, collection
from survey_app.services.filling import Spot
from tests.browser.person import Person, World
from tests.survey_app.test_filling_library import ACTIONS, fill

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
    photo = person.page.locator('[data-question="accord_photo"] input[value="oui"]')
    if photo.is_visible():
        photo.check()
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
    person.page.wait_for_url("**/arrets")
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


@pytest.fixture
def person(place: dict[str, Any], world: World) -> Person:
    """A councillor in front of the section of choices."""
    return agree(begin(world.person("councillor")))


def kept(runtime: Runtime) -> dict[str, Any]:
    with runtime.database.reading() as session:
        return session.scalars(select(Draft)).one().answers


def test_questions_open_and_close_as_one_answers(person: Person, runtime: Runtime) -> None:
    assert visible(person) == ["aime", "classement", "echelle"]
    person.choose("Le marché")
    assert visible(person) == ["aime", "aime_marche", "classement", "echelle"]
    person.write("Racontez", "Le samedi.")
    assert "marche_detail" in visible(person)
    person.write("Combien de fois", "3")
    # Not asked any more: neither it nor what depended on it, though the words stay in the page.
    person.page.get_by_role("checkbox", name="Le marché").uncheck()
    assert visible(person) == ["aime", "classement", "echelle"]
    person.choose("Le parc").press("Enregistrer et continuer")
    assert person.page.url.endswith("/mesures")
    assert kept(runtime)["aime"] == ["parc"]
    assert kept(runtime)["aime_marche"] == "Le samedi."
    person.press("Revenir en arrière")
    assert visible(person) == ["aime", "classement", "echelle"]
    person.choose("Le marché")
    assert person.page.get_by_label(re.compile("Racontez")).input_value() == "Le samedi."
    person.press("Enregistrer et continuer")
    assert person.page.url.endswith("/mesures")
    assert kept(runtime)["marche_detail"] == 3


def test_a_whole_agreement_takes_one_page_with_a_script(
    place: dict[str, Any], world: World
) -> None:
    person = begin(world.person("councillor"))
    assert visible(person) == ["information", "accord_noter"]
    agree(person)
    assert person.page.url.endswith("/choix")


def test_exclusive_choices_maximum_and_ranks(person: Person, runtime: Runtime) -> None:
    boxes = person.page.locator("#q-aime")
    person.choose("Le parc").choose("L’école")
    assert boxes.get_by_label("Le marché").is_disabled()
    person.choose("Rien de tout cela")
    assert boxes.locator("input:checked").count() == 1
    person.choose("Le marché")
    assert not boxes.get_by_label("Rien de tout cela").is_checked()
    lists = person.page.locator(".ranks select")
    lists.nth(0).select_option("voisins")
    assert lists.nth(1).locator('option[value="voisins"]').is_disabled()
    lists.nth(1).select_option("calme")
    person.press("Enregistrer et continuer")
    assert (kept(runtime)["aime"], kept(runtime)["classement"]) == (
        ["marche"],
        ["voisins", "calme"],
    )


def test_the_photo_leaves_the_tablet_small_and_without_what_the_camera_wrote(
    person: Person, runtime: Runtime
) -> None:
    person.press("Enregistrer et continuer")
    original = photo(b"MARQUEUR-GPS")
    assert b"MARQUEUR-GPS" in original["buffer"]
    person.page.set_input_files('input[type="file"]', original)
    person.page.locator("img.photo__picture").wait_for()
    leaving = bytes(
        person.page.eval_on_selector(
            'input[type="file"]',
            "async (input) => [...new Uint8Array(await input.files[0].arrayBuffer())]",
        )
    )
    assert leaving.startswith(b"\xff\xd8\xff")
    assert b"MARQUEUR-GPS" not in leaving
    assert Image.open(io.BytesIO(leaving)).size == (1600, 800)
    person.press("Enregistrer et continuer")
    person.page.wait_for_url("**/arrets")
    with runtime.database.reading() as session:
        row = session.scalars(select(Attachment)).one()
        assert (row.width, row.height) == (1600, 800)
        assert kept(runtime)["vue"] == str(row.id)


def test_everything_works_without_a_script(
    place: dict[str, Any], world: World, runtime: Runtime
) -> None:
    person = begin(world.person("councillor", javascript=False))
    person.page.locator('[data-question="accord_noter"]').get_by_label("Oui").check()
    agree(person.press("Enregistrer et continuer"))
    person.choose("Le marché").press("Enregistrer et continuer")
    person.write("Racontez", "Le samedi.").press("Enregistrer et continuer")
    person.write("Combien de fois", "3").press("Enregistrer et continuer")
    person.page.set_input_files('input[type="file"]', photo())
    person.press("Enregistrer et continuer").follow("Ajouter")
    person.write("Où sommes", "Devant l’école").press("^Enregistrer$")
    person.press("^Continuer$").press("Enregistrer et continuer").press("^Terminer$")
    assert person.sees("reçu")
    with runtime.database.reading() as session:
        stored = session.scalars(select(Testimony)).one()
        assert stored.texts[0].text == "Le samedi.\n\nDevant l’école"
        assert session.scalars(select(Attachment)).one().testimony_id == stored.id


@pytest.mark.parametrize("rank", [0, -1])
@pytest.mark.parametrize("name", ["Q01-entretien-individuel", "Q05-marche-exploratoire"])
def test_the_script_shows_what_the_server_asks(
    world: World, runtime: Runtime, name: str, rank: int
) -> None:
    place = open_walk(runtime, library.load(name), actions=ACTIONS, context_figure="12 %")
    person = world.person("councillor").go("/collecte/commencer")
    person.page.locator(f'input[value="{place["QX"]}"]').check()
    person.press("Commencer")
    with runtime.database.writing() as session:
        draft = session.scalars(select(Draft)).one()
        whole = collection.questionnaire(draft)
        draft.answers = fill(whole, rank)
        spots = [
            Spot(section.name, 1 if section.is_repeat else None)
            for section in collection.sections(draft)
        ]
        wanted = {spot: [q.name for q in answering.page(draft, spot).questions] for spot in spots}
    base = person.page.url.rsplit("/", 1)[0]
    for spot, names in wanted.items():
        person.go(f"{base}/{spot.section}" + (f"/{spot.entry}" if spot.entry else ""))
        assert visible(person) == names, spot
        assert person.page.locator("#shown").input_value().split() == names
