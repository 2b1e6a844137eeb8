"""The council's papers in a real browser: conditions open as they are answered, pages are clean."""

from __future__ import annotations

import pytest

import factories
from survey_app.runtime import Runtime
from tests.browser.person import World

pytestmark = pytest.mark.browser


def test_minutes_are_written_and_read(world: World, runtime: Runtime) -> None:
    with runtime.database.writing() as session:
        factories.actors(session, factories.council(session))
    me = world.person("councillor").go("/fiches/").look("fiches")
    me.press("Commencer « Fiche 1").write("sujet du débat", "Le banc cassé").press("continuer")
    me.follow("Ajouter").look("fiches-entree")
    opinions = me.page.get_by_label("Quels sont les deux avis")
    assert not opinions.is_visible()
    me.write("Quelle est l’idée", "Un banc neuf").choose("^partagé", "Le groupe est")
    assert opinions.is_visible()
    opinions.fill("Neuf, ou réparé.")
    me.page.get_by_role("button", name="Enregistrer", exact=True).click()
    assert me.sees("Idée échangée 1")
    me.look("fiches-entrees").press("^Continuer$").press("continuer").press("^Continuer$")
    me.choose("tout le quartier", "Qui peut lire").press("continuer")
    me.look("fiches-relire").press("Terminer")
    assert me.sees("Neuf, ou réparé.")
    me.look("fiches-lire")
    reader = world.person("reader").go("/fiches/").follow("Le banc cassé")
    assert reader.sees("Un banc neuf")
    reader.look("fiches-lecture")


def test_a_survey_is_answered_and_dropped_in_the_urn(world: World, runtime: Runtime) -> None:
    with runtime.database.writing() as session:
        factories.actors(session, factories.council(session))
    me = world.person("reader").go("/fiches/").press("Répondre")
    me.choose("^les élus", "Vous répondez pour").look("fiches-repondre").press("continuer")
    me.press("continuer").press("continuer").press("^Continuer$").press("continuer")
    me.look("fiches-avant-l-urne").press("Terminer")
    assert me.sees("Votre réponse est dans l’urne")
    assert me.sees("Rien ne se lit encore")
    me.look("fiches-urne")
