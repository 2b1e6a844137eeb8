"""Double coding as people live it: two on the same text, blind, then together, then closed."""

from __future__ import annotations

import uuid

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

import factories
from round_cases import TEXT, counted
from survey_app.models import AgreementRound
from survey_app.runtime import Runtime
from tests.browser.person import Person, World

pytestmark = pytest.mark.browser


@pytest.fixture
def key(runtime: Runtime) -> uuid.UUID:
    """A campaign with one masked text and two trained coders."""
    with runtime.database.writing() as session:
        council = factories.council(session)
        factories.actors(session, council)
        held = factories.meeting(session, factories.campaign(session, council))
        return factories.testimony(session, held, masked=TEXT).id


def put(coder: Person, sentence: str, code: str) -> None:
    """Two taps: the sentence, then the code."""
    before = coder.page.locator(".chip").count()
    coder.page.get_by_label(sentence).check()
    coder.press(f"^{code} ")
    expect(coder.page.locator(".chip")).to_have_count(before + 1)


def coded(world: World, login: str, choices: list[tuple[str, str]]) -> Person:
    """Somebody comes to their round, codes its text and says so."""
    person = world.person(login).go("/accord/essai").follow("^Ouvrir")
    person.follow("Coder le témoignage")
    assert person.page.locator(".chip").count() == 0
    assert not person.sees("Suggestions, à vous de choisir")
    for sentence, code in choices:
        put(person, sentence, code)
    person.press("^Terminer")
    person.page.wait_for_load_state()
    return person


def opened(world: World) -> Person:
    """The coordination opens a round for two people, after one mistake."""
    desk = world.person("coordinator").go("/accord/essai").look("accord-vide")
    desk.follow("Ouvrir un double codage").look("accord-ouvrir")
    desk.page.get_by_label("Première personne").select_option(label="Councillor")
    desk.page.get_by_label("Seconde personne").select_option(label="Councillor")
    desk.press("Ouvrir le double codage")
    assert desk.sees("Choisissez deux personnes différentes")
    desk.look("accord-refus")
    desk.page.get_by_label("Seconde personne").select_option(label="Councillor2")
    desk.press("Ouvrir le double codage").look("accord-ouvert")
    return desk


def test_two_people_code_blind_then_talk_then_close(
    world: World, runtime: Runtime, key: uuid.UUID
) -> None:
    desk = opened(world)
    one = coded(world, "councillor", [("Le hall est sale.", "LOG"), ("Le bus passe.", "MOB")])
    one.go("/accord/essai").look("accord-liste").follow("^Ouvrir")
    assert one.sees("Vous avez terminé votre part")
    one.look("accord-attente")
    coded(world, "councillor2", [("Le hall est sale.", "LOG"), ("Un banc est arrivé.", "CAD")])
    with runtime.database.reading() as session:
        assert session.scalars(select(AgreementRound.state)).one() == "arbitration"
        assert counted(session) == []

    one.page.reload()
    assert one.sees("Mêmes codes exactement : 1 sur 3 phrases")
    one.look("accord-nombres")
    one.follow("Les phrases à discuter").look("accord-phrases-lecture")
    assert one.sees("posé par Councillor, pas par Councillor2")
    desk.page.reload()
    desk.follow("Les phrases à discuter").look("accord-phrases")
    desk.write("Pourquoi", "Le bus est bien un déplacement.").press("^Garder MOB")
    expect(desk.page.get_by_text("gardé", exact=True)).to_be_visible()
    desk.press("^Retirer CAD")
    expect(desk.page.get_by_text("retiré", exact=True)).to_be_visible()
    desk.look("accord-phrases-decidees").follow("Revenir aux nombres").look("accord-a-clore")
    desk.press("Clore le double codage")
    assert desk.sees("Le double codage est clos")
    desk.look("accord-clos").follow("Ce qui a été décidé").look("accord-decisions")
    assert desk.sees("Un banc est arrivé.")
    assert desk.sees("Le bus est bien un déplacement.")
    with runtime.database.reading() as session:
        assert [(quote, code) for quote, code, _ in counted(session)] == [
            ("Le hall est sale.", "LOG"),
            ("Le hall est sale.", "LOG"),
            ("Le bus passe.", "MOB"),
        ]


def test_the_whole_way_without_javascript(world: World, runtime: Runtime, key: uuid.UUID) -> None:
    desk = world.person("coordinator", javascript=False).go("/accord/essai/nouveau")
    desk.page.get_by_label("Première personne").select_option(label="Councillor")
    desk.page.get_by_label("Seconde personne").select_option(label="Councillor2")
    desk.choose("Choisis par leur numéro").write("Numéros des témoignages", "1")
    desk.press("Ouvrir le double codage").press("Arrêter le codage")
    assert desk.sees("Il n’y a rien à comparer.")
    desk.press("Clore le double codage")
    assert desk.sees("clos")
    with runtime.database.reading() as session:
        assert session.scalars(select(AgreementRound.state)).one() == "closed"
