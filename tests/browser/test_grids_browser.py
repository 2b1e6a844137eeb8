"""A grid rewritten in a real browser: split, merged, published, given to a campaign, taken back."""

from __future__ import annotations

import pytest
from sqlalchemy import select

import factories
from survey_app.models import Coding
from survey_app.runtime import Runtime
from survey_app.services import coding
from tests.browser.person import Person, World

pytestmark = pytest.mark.browser

TEXT = (
    "L’hiver il y a de la moisissure dans la chambre. Le chauffage est en panne depuis deux mois."
)


@pytest.fixture
def coordinator(world: World, runtime: Runtime) -> Person:
    """The coordinator of a campaign with one testimony, coded LOG1, CAD1 and CAD2."""
    with runtime.database.writing() as session:
        council = factories.council(session)
        actors = factories.actors(session, council)
        campaign = factories.campaign(session, council)
        meeting = factories.meeting(session, campaign, actors["councillor"])
        testimony = factories.testimony(session, meeting, text=TEXT, masked=TEXT)
        coding.code_sentences(session, actors["evaluator"], testimony, [0], ["LOG1"])
        coding.code_sentences(session, actors["evaluator"], testimony, [1], ["CAD1", "CAD2"])
    return world.person("coordinator")


def codes(runtime: Runtime) -> list[str]:
    with runtime.database.reading() as session:
        query = select(Coding.code).where(Coding.state == "validated").order_by(Coding.code)
        return list(session.scalars(query))


def rewrite(me: Person) -> None:
    """Divide LOG1, join CAD2 to CAD1, publish."""
    me.go("/grilles/").look("grilles").follow("Grille thématique")
    me.look("grille-version").press("Préparer la version suivante").look("grille-brouillon")
    me.page.locator("#code-LOG1 summary").click()
    me.look("grille-brouillon-ouvert").follow("Diviser LOG1")
    names = me.page.get_by_label("Sigle")
    assert [names.nth(rank).input_value() for rank in (0, 1)] == ["LOG8", "LOG9"]
    me.look("grille-diviser").press("Diviser LOG1")
    assert me.sees("en deux codes au moins")
    for rank, label in ((0, "Humidité"), (1, "Chauffage")):
        me.page.locator(f"#label-{rank}").fill(label)
        me.page.locator(f"#definition-{rank}").fill(f"{label} dans le logement.")
    me.press("Diviser LOG1")
    assert me.sees("LOG1 est divisé")
    me.page.locator("#code-CAD1 summary").click()
    me.follow("Réunir CAD1").choose("CAD2 ").look("grille-reunir").press("Réunir des codes")
    assert me.sees("2 changements")
    me.follow("Vérifier et publier").look("grille-publier")
    assert me.page.get_by_label("Numéro de version").input_value() == "2.0.0"
    me.write("Pourquoi", "Trop de choses sous LOG1.").press("Publier")
    assert me.sees("La version 2.0.0 est publiée")


def test_a_grid_is_rewritten_given_shared_out_and_taken_back(
    coordinator: Person, runtime: Runtime
) -> None:
    me = coordinator
    rewrite(me)
    me.follow("Comparer").look("grille-comparer")
    assert me.sees("LOG1 « État du logement » est divisé en LOG8 et LOG9")
    assert codes(runtime) == ["CAD1", "CAD2", "LOG1"]

    me.go("/grilles/campagnes/essai").look("grille-campagne").press("Voir ce que cela change")
    assert me.sees("1 doublon réuni")
    assert me.sees("1 à répartir")
    me.look("grille-plan").press("Prendre cette version")
    assert me.sees("La campagne code désormais avec la version 2.0.0")
    assert codes(runtime) == ["CAD1", "LOG8"]

    me.look("grille-apres").follow("^Répartir").look("grille-repartir")
    assert me.sees("L’hiver il y a de la moisissure")
    me.choose("LOG9").press("Enregistrer cette page")
    assert me.sees("1 passage réparti")
    assert codes(runtime) == ["CAD1", "LOG9"]

    me.press("Revenir à la version précédente")
    assert me.sees("revenue à sa grille d’avant")
    assert codes(runtime) == ["CAD1", "CAD2", "LOG1"]


def test_groupings_themes_and_codes_are_written_with_the_keyboard(coordinator: Person) -> None:
    me = coordinator.go("/grilles/").follow("Grille thématique").press("Préparer la version")
    me.follow("Ajouter un thème").look("grille-theme")
    me.write("Sigle", "num").write("Libellé", "Numérique").write("Définition", "Les démarches.")
    me.page.keyboard.press("Tab")
    me.press("Enregistrer")
    assert me.sees("Le thème NUM est ajouté")
    me.follow("Pilier NUM").choose("Cohésion sociale").look("grille-pilier").press("Pilier du")
    me.follow("Ajouter un code NUM").write("Libellé", "Démarches en ligne")
    me.write("Définition", "Tout faire sur internet.").press("Enregistrer")
    assert me.sees("Le code NUM1 est ajouté")
    me.follow("Ajouter un regroupement local").write("Nom du regroupement", "Priorités locales")
    me.write("Groupes", "Urgent\nPlus tard").press("Enregistrer")
    me.page.get_by_role("link", name="Modifier « Priorités locales »").click()
    me.page.locator("#theme-NUM").select_option(label="Urgent")
    me.look("grille-regroupement").press("Enregistrer")
    assert me.page.locator("dd", has_text="NUM").count() >= 2
    me.go("/grilles/importer").look("grille-importer")
