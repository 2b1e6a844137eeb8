"""One testimony walks the whole way, by the hands of six people, in the real browser."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

import factories
from survey_app.models import Council
from survey_app.permissions import Role, system_actor
from survey_app.runtime import Runtime
from survey_app.services import accounts
from tests.browser.person import Person, World

PASSWORD = "un-mot-de-passe-pour-essayer"
PEOPLE = {
    "amina": (Role.COUNCILLOR,),
    "bruno": (Role.COUNCILLOR,),
    "chloe": (Role.COUNCILLOR,),
    "denis": (Role.COORDINATOR,),
    "fatou": (Role.READER,),
}
GOOD = "Les voisins se parlent, on s’entraide, et Karima garde mes clés depuis dix ans."
BAD = "Le passage derrière l’école est noir dès cinq heures. Il faudrait un vrai lampadaire."
SENTENCE = "Un passage sombre près de l’école inquiète"
MASKED = "Les voisins se parlent, on s’entraide, et [PRÉNOM 1] garde mes clés depuis dix ans."


@pytest.fixture
def house(runtime: Runtime) -> Runtime:
    """A council whose campaign runs, with its people and their passwords."""
    with runtime.database.writing() as session:
        council: Council = factories.council(session, "Conseil citoyen des Halles (inventé)")
        system = system_actor(council.id)
        for login, roles in PEOPLE.items():
            accounts.create(
                session,
                system,
                login,
                login.capitalize(),
                roles,
                PASSWORD,
                mandate=login == "chloe",
                trained=login == "chloe",
            )
        factories.campaign(session, council, fictitious=True)
    return runtime


@pytest.fixture
def working(house: Runtime) -> Iterator[None]:
    """The worker process, as `paroles serve` starts it."""
    environment = os.environ | {
        "SURVEY_INSTANCE": str(house.settings.instance),
        "SURVEY_KEY_DIR": str(house.settings.key_dir),
    }
    root = Path(__file__).resolve().parents[2]
    process = subprocess.Popen(
        [sys.executable, "-m", "survey_app", "worker"], env=environment, cwd=root
    )
    yield
    process.terminate()
    process.wait(timeout=30)


def log_in(world: World, login: str, **options: bool) -> Person:
    person = world.person(**options).go("/compte/connexion")
    person.write("Identifiant", login).write("Mot de passe", PASSWORD).press("Se connecter")
    assert person.sees(login)
    return person


def open_meeting(person: Person) -> None:
    person.go("/collecte/").look("marche-01-accueil-vide").follow("Ouvrir une rencontre")
    if person.sees("Quelle campagne"):
        person.follow("Vivre ici")
    person.choose("Micro-trottoir").write("Lieu", "sortie de l’école")
    person.look("marche-02-rencontre").press("Ouvrir maintenant")


def collect(person: Person, good: str, bad: str, pictures: bool = False) -> str:
    """One street interview, from the big button to the receipt; returns the paper code."""

    def look(name: str) -> None:
        if pictures:
            person.look(name)

    person.go("/collecte/").follow("Commencer un témoignage")
    look("marche-03-choisir")
    person.choose("Micro-trottoir", "questionnaire").press("Commencer")
    look("marche-04-accord")
    person.choose("^Oui$", "que je note vos paroles").press("Enregistrer et continuer")
    person.choose("40 à 59", "Quel âge")
    person.choose("^Oui$", "pourra-t-elle être citée").press("Enregistrer et continuer")
    person.choose("^Oui$", "Vivez-vous").press("Enregistrer et continuer")
    person.write("qu’est-ce qui va bien", good).write("changer en premier", bad)
    look("marche-05-avis")
    person.press("Enregistrer et continuer").press("Enregistrer et continuer")
    person.choose("^Oui$", "Est-ce bien cela").press("Enregistrer et continuer")
    look("marche-06-relecture")
    assert person.sees(good)
    person.press("^Terminer$")
    look("marche-07-carte")
    assert person.sees("reçu")
    return person.page.locator(".paper-code").inner_text().strip()


def close_meeting(person: Person) -> None:
    person.go("/collecte/").follow("sortie de l’école").follow("Fermer la rencontre")
    for label, number in (
        ("abordées", "9"),
        ("refus", "6"),
        ("arrêt", "1"),
        ("femmes", "2"),
        ("hommes", "0"),
    ):
        person.write(label, number)
    person.look("marche-08-fermer").press("Fermer la rencontre")
    assert person.sees("close")


def review_and_mask(person: Person, name: str = "") -> None:
    person.go("/relecture/")
    if not person.page.url.endswith("essai"):
        person.follow("Vivre ici")
    if name:
        person.look("marche-09-file")
    person.press("Relire")
    for answer in person.page.locator(".checklist").get_by_label("Oui", exact=True).all():
        answer.check()
    if name:
        person.look("marche-10-relire")
    person.press("Accepter et passer au masquage")
    if name:
        person.write("Mots", name).press("^Prénom$")
        expect(person.page.get_by_text("[PRÉNOM 1]").first).to_be_visible()
        person.look("marche-11-masquer").press("Confirmer le masquage")
    else:
        person.press("Rien à masquer")
    done = person.page.get_by_text("Il peut être codé")
    hasty = person.page.get_by_role("button", name="Confirmer sans attendre")
    expect(done.or_(hasty)).to_be_visible()
    if hasty.count():  # the worker has not looked for names yet
        person.press("Confirmer sans attendre")
        expect(done).to_be_visible()


def code(person: Person, sentence: str, search: str, theme: str) -> None:
    person.choose(re.escape(sentence[:30]))
    person.write("Chercher un code", search).press(f"^{theme} ")
    expect(person.page.locator(".chip").first).to_be_visible()


def wait_for_job(person: Person) -> None:
    done = person.page.get_by_text("C’est terminé")
    expect(done).to_be_visible(timeout=90_000)
    person.follow("Voir le résultat")


def code_both(chloe: Person) -> None:
    """Sentences, codes, a change of mind, and the next testimony; no name is ever seen."""
    chloe.go("/codage/essai").look("marche-12-a-coder").follow("Commencer par le premier")
    assert chloe.sees(MASKED)
    assert not chloe.sees("Karima")
    code(chloe, "Les voisins", "entraide", "LIE1")
    code(chloe, "Le passage derrière", "éclairage", "CAD3")
    chloe.look("marche-13-codage").press("Annuler")
    expect(chloe.page.locator(".chip")).to_have_count(1)
    chloe.press("Refaire")
    expect(chloe.page.locator(".chip")).to_have_count(2)
    chloe.press("Terminer et passer au suivant")
    code(chloe, "Le marché du samedi", "marché", "ECO2")
    chloe.press("Terminer et passer au suivant")


def analyse(denis: Person) -> None:
    denis.go("/resultats/essai").look("marche-14-avant-analyse").press("Lancer l’analyse")
    wait_for_job(denis)
    denis.look("marche-15-analyse")
    denis.go("/resultats/essai/themes/CAD").look("marche-16-extraits")
    assert denis.sees("Le passage derrière l’école est noir dès cinq heures.")


def write_sign_publish(denis: Person, chloe: Person) -> None:
    """A draft, a sentence rewritten, two voices, and the files."""
    denis.go("/resultats/essai/syntheses").press("Préparer un brouillon")
    denis.look("marche-17-brouillon")
    denis.page.get_by_role("link", name=re.compile("Modifier.*Cadre")).click()
    denis.write("Phrase", f"{SENTENCE} : voix isolée.")
    denis.look("marche-18-constat").press("Enregistrer")
    denis.press("Envoyer à la signature").press("Signer pour la coordination")
    chloe.go("/resultats/essai/syntheses/1/edition").press("Signer pour l’instance")
    denis.go("/resultats/essai/syntheses/1/edition").press("Publier")
    denis.go("/resultats/essai/syntheses/1").press("Écrire les fichiers")
    wait_for_job(denis)


def read(fatou: Person) -> None:
    """What a reader may see: the published synthesis and its files, no bench, no name."""
    fatou.go("/resultats/").look("marche-19-lecture").go("/resultats/essai/syntheses/1")
    fatou.look("marche-20-synthese")
    assert fatou.sees(SENTENCE)
    assert fatou.sees("Le passage derrière l’école est noir dès cinq heures.")
    assert not fatou.sees("BROUILLON")
    assert not fatou.sees("Karima")
    with fatou.page.expect_download() as download:
        fatou.follow("PDF")
    assert Path(download.value.path()).read_bytes().startswith(b"%PDF")
    fatou.go("/codage/")
    assert fatou.sees("Page introuvable")


def withdraw(resident: Person, paper: str) -> None:
    """The paper code, copied carelessly, is enough to read one's words and take them back."""
    resident.go("/retrait").look("marche-21-retrait")
    resident.write("code", paper.lower().replace("-", " ")).press("Voir mes paroles")
    assert resident.sees("Les voisins se parlent")
    resident.look("marche-22-mes-paroles").press("Effacer mes paroles")
    assert resident.look("marche-23-efface").sees("effac")


@pytest.mark.browser
@pytest.mark.slow
def test_the_whole_way(house: Runtime, world: World, working: None) -> None:
    amina = log_in(world, "amina")
    open_meeting(amina)
    paper = collect(amina, GOOD, BAD, pictures=True)
    collect(amina, "Le marché du samedi réunit tout le quartier.", "Rien, je suis bien ici.")
    assert re.fullmatch(r"(\w{4}-){2}\w{4}", paper)
    close_meeting(amina)
    amina.go("/relecture/essai")
    assert not amina.page.get_by_role("button", name=re.compile("^Relire")).count()
    bruno = log_in(world, "bruno")
    review_and_mask(bruno, name="Karima")
    review_and_mask(bruno)
    chloe, denis = log_in(world, "chloe"), log_in(world, "denis")
    code_both(chloe)
    analyse(denis)
    write_sign_publish(denis, chloe)
    fatou = log_in(world, "fatou")
    read(fatou)
    withdraw(world.person(), paper)
    fatou.go("/resultats/essai/syntheses/1")
    assert fatou.sees(SENTENCE)
    assert not fatou.sees("noir dès cinq heures")


@pytest.mark.browser
def test_collecting_works_without_javascript(house: Runtime, world: World) -> None:
    amina = log_in(world, "amina", javascript=False)
    amina.go("/collecte/").follow("Ouvrir une rencontre")
    if amina.sees("Quelle campagne"):
        amina.follow("Vivre ici")
    amina.choose("Micro-trottoir").write("Lieu", "au marché").press("Ouvrir maintenant")
    assert len(collect(amina, GOOD, BAD)) == 14
