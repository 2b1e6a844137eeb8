"""A coordinator makes a variant of the individual interview, tries it, publishes it, uses it."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

import factories
from questionnaires import library, versions
from survey_app.models import QuestionnaireVersion
from survey_app.runtime import Runtime
from tests.browser.person import Person, World

WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
TITLE = "Entretien individuel"


@pytest.fixture
def house(runtime: Runtime) -> Runtime:
    with runtime.database.writing() as session:
        council = factories.council(session)
        actors = factories.actors(session, council)
        campaign = factories.campaign(session, council)
        factories.meeting(session, campaign, actors["coordinator"])
    return runtime


def start(person: Person) -> str:
    """A draft of Q01; its address."""
    person.go("/questionnaires/").look("editeur-01-accueil")
    person.press(f"Partir de ce questionnaire « {TITLE} »")
    assert person.sees("Voici votre brouillon")
    return person.page.url.partition("#")[0]


def add_question(person: Person) -> None:
    person.follow("Ajouter une question à la fin de « Ce qui change »")
    person.write("^Question$", "Y a-t-il assez de bancs pour s’asseoir ?")
    person.choose("Un choix").write("Choix à ajouter", "Oui\nNon")
    person.look("editeur-02-ajouter").press("Ajouter la question")
    assert person.sees("La question est ajoutée")
    person.press("Monter « Y a-t-il assez de bancs")
    assert person.sees("a changé de place")


def reword(person: Person) -> None:
    person.follow("Modifier « Y a-t-il assez de bancs")
    person.write("^Question$", "Y a-t-il assez de bancs ?").write("Choix 2", "Non, pas assez")
    person.look("editeur-03-question").press("Enregistrer la question")
    assert person.sees("Y a-t-il assez de bancs ?")


def set_condition(person: Person) -> None:
    """« Pour qui est-ce le plus dur ? » only when benches are too few."""
    person.follow("Ajouter une question à la fin de « Ce qui change »")
    person.write("^Question$", "À quel endroit manquent-ils ?").press("Ajouter la question")
    person.follow("Condition « À quel endroit")
    rule = person.page.locator("[data-rule]").first
    rule.get_by_label("La réponse à").select_option(label="Y a-t-il assez de bancs ?")
    expect(person.page.get_by_label("Si toutes ces conditions")).to_be_checked()
    rule.get_by_label("Valeur").select_option(label="Non, pas assez")
    person.look("editeur-04-condition").press("Enregistrer la condition")
    assert person.sees("posée si la réponse à « Y a-t-il assez de bancs ? » est « Non, pas assez »")


def answer_agreement(person: Person) -> None:
    person.choose("^Oui$", "que je note vos paroles").choose("40 à 59", "Quel âge")
    person.choose("^Oui$", "pourra-t-elle être citée").press("Enregistrer et continuer")


def try_it(person: Person, draft: str) -> None:
    """The preview shows the new question, whose answer opens the next one live."""
    person.go(f"{draft}/apercu").look("editeur-05-apercu-accord")
    answer_agreement(person)
    person.go(f"{draft}/apercu/changements")
    where = person.page.get_by_label("À quel endroit manquent-ils ?")
    expect(where).to_be_hidden()
    person.choose("^Non, pas assez$", "assez de bancs")
    expect(where).to_be_visible()
    person.look("editeur-06-apercu-vif")
    person.choose("^Oui$", "assez de bancs")
    expect(where).to_be_hidden()


def see_an_error(person: Person, draft: str) -> None:
    person.go(draft).look("editeur-07-brouillon")
    person.press("Retirer « Quelle phrase acceptez-vous")
    assert person.sees("1 point à régler avant de publier")
    person.follow("Voir la liste").look("editeur-08-erreur")
    assert person.sees("elle n’est pas notée à part")
    expect(person.page.get_by_role("button", name="Publier")).to_be_disabled()
    person.go(draft).press("Annuler ce changement")
    assert not person.sees("à régler avant de publier")


def publish(person: Person, draft: str) -> None:
    person.go(f"{draft}/publier").look("editeur-09-publier")
    expect(person.page.get_by_label("Numéro de version")).to_have_value("1.2.0")
    person.press("^Publier$")
    assert person.sees("La version 1.2.0 est publiée")
    person.look("editeur-10-version")


def use_it(person: Person) -> None:
    person.follow("Vivre ici")
    page = person.page
    new = page.locator("label.choice", has_text="version 1.2.0").get_by_role("checkbox")
    new.check()
    old = page.locator("label.choice", has_text="version 1.1.0").filter(has_text=TITLE)
    old.get_by_role("checkbox").first.uncheck()
    person.press("Enregistrer ce choix")
    person.go("/collecte/").follow("Commencer un témoignage")
    person.choose(TITLE, "questionnaire").press("Commencer")
    answer_agreement(person)
    page.goto(page.url.rpartition("/")[0] + "/changements")
    assert person.sees("Y a-t-il assez de bancs ?")


@pytest.mark.browser
@pytest.mark.slow
def test_a_variant_from_the_library_to_an_interview(house: Runtime, world: World) -> None:
    denis = world.person("coordinator")
    draft = start(denis)
    add_question(denis)
    reword(denis)
    set_condition(denis)
    try_it(denis, draft)
    see_an_error(denis, draft)
    publish(denis, draft)
    use_it(denis)
    with house.database.reading() as session:
        rows = session.scalars(select(QuestionnaireVersion)).all()
    found = {(row.name, row.version): row for row in rows}
    made = found["Q01-entretien-individuel", "1.2.0"]
    assert made.fingerprint == versions.fingerprint(versions.from_dict(made.document))
    first = found["Q01-entretien-individuel", "1.1.0"]
    assert versions.from_dict(first.document) == library.load("Q01-entretien-individuel")


@pytest.mark.browser
def test_the_builder_and_the_preview_work_without_javascript(house: Runtime, world: World) -> None:
    denis = world.person("coordinator", javascript=False)
    draft = start_plain(denis)
    denis.follow("Condition « Qu’est-ce qui vous fait dire cela")
    denis.choose("Si l’une au moins")
    rule = denis.page.locator("[data-rule]").first
    rule.get_by_label("La réponse à").select_option(
        label="Ces trois dernières années, le quartier…"
    )
    denis.press("^Continuer$")
    rule.get_by_label("Valeur").select_option(label="se dégrade")
    denis.press("Enregistrer la condition")
    assert denis.sees("est « se dégrade »")
    denis.go(f"{draft}/apercu")
    denis.choose("^Oui$", "que je note vos paroles").press("Enregistrer et continuer")
    denis.choose("40 à 59", "Quel âge").press("Enregistrer et continuer")
    denis.choose("^Oui$", "pourra-t-elle être citée").press("Enregistrer et continuer")
    denis.go(f"{draft}/apercu/changements")
    assert not denis.page.get_by_label("Qu’est-ce qui vous fait dire cela").is_visible()
    denis.choose("se dégrade", "Ces trois").press("Enregistrer et continuer")
    assert denis.page.get_by_label("Qu’est-ce qui vous fait dire cela").is_visible()


def start_plain(person: Person) -> str:
    person.go("/questionnaires/").press(f"Partir de ce questionnaire « {TITLE} »")
    return person.page.url.partition("#")[0]


@pytest.mark.browser
@pytest.mark.slow
def test_the_other_pages_are_clean(house: Runtime, world: World) -> None:
    """Read, translate in both directions, import, rename: no fault on any of them."""
    denis = world.person("coordinator")
    denis.go("/questionnaires/bibliotheque/Q03-micro-trottoir?langue=ar").look("editeur-11-arabe")
    denis.press("Partir de ce questionnaire")
    draft = denis.page.url.partition("#")[0]
    denis.go(f"{draft}/langues").look("editeur-12-langues")
    denis.go(f"{draft}/langues/ar").look("editeur-13-traduire")
    denis.go(f"{draft}/apercu/accord?langue=ar").look("editeur-14-apercu-arabe")
    denis.go(f"{draft}/presentation").look("editeur-15-presentation")
    denis.go("/questionnaires/importer").look("editeur-16-importer")
    with denis.page.expect_download() as book:
        denis.go("/questionnaires/bibliotheque/Q05-marche-exploratoire").follow("Exporter")
    denis.go("/questionnaires/importer")
    sent = {"name": "marche.xlsx", "mimeType": WORKBOOK, "buffer": book.value.path().read_bytes()}
    denis.page.get_by_label("Classeur").set_input_files(sent)
    denis.press("Lire le classeur").look("editeur-17-importe")
    denis.press("Créer un brouillon").look("editeur-18-marche")
    draft = denis.page.url.partition("#")[0]
    denis.go(f"{draft}/apercu/accord")
    denis.choose("tout le monde est d", "que je note vos paroles").choose(
        "sans préciser", "Quel âge"
    )
    denis.choose("^Oui$", "pourra-t-elle être citée").press("Enregistrer et continuer")
    denis.go(f"{draft}/apercu").follow("arrêt").look("editeur-19-apercu-entrees")
