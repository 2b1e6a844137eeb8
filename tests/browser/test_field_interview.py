"""An interview on the tablet, from its first question to the card that is given."""

from __future__ import annotations

import re
from typing import Any

import pytest

from every_type import open_walk
from questionnaires import adapt, library
from survey_app.runtime import Runtime
from tests.browser.listener import Listener
from tests.browser.person import World
from tests.survey_app.test_filling_library import fill

pytestmark = pytest.mark.browser


@pytest.fixture
def place(runtime: Runtime) -> dict[str, Any]:
    return open_walk(runtime)


@pytest.fixture
def amina(world: World, runtime: Runtime, place: dict[str, Any]) -> Listener:
    return Listener(world, runtime, place)


def test_a_whole_interview_is_sealed_with_what_was_said(amina: Listener) -> None:
    amina.begin()
    assert amina.title() == "Accord"
    assert amina.visible() == ["information", "accord_noter"]
    amina.agree()
    amina.person.choose("Le marché").write("Racontez", "Le samedi.")
    assert "marche_detail" in amina.visible()
    amina.person.write("Combien de fois", "1 000").press("^Continuer$").press("^Continuer$")
    assert amina.title() == "Les arrêts"
    amina.person.press("Ajouter : arrêt").write("Où sommes", "Devant l’école")
    amina.person.press("^C’est noté$")
    assert amina.person.sees("Devant l’école")
    amina.person.press("^Continuer$").press("^Continuer$")
    assert amina.title() == "Relire avant de terminer"
    code = amina.draft()["code"]
    assert amina.person.sees(code)
    amina.person.press("^Terminer$")
    amina.page.get_by_role("heading", name="Témoignage terminé").wait_for()
    assert amina.person.sees(code)
    assert amina.tablet.rows("drafts") == []
    [told] = amina.sent("testimony")
    assert told["answers"] == {
        "accord_noter": "oui",
        "age": "adulte",
        "aime": ["marche"],
        "aime_marche": "Le samedi.",
        "marche_detail": 1000,
        "arrets": [{"nom_arret": "Devant l’école"}],
    }
    assert told["withdrawal_code"] == code
    assert told["meeting"] == amina.meeting
    amina.person.press("revenir à l’accueil")
    assert amina.page.evaluate("ended") == "finished"


def test_every_tap_is_kept_and_the_interview_goes_on_where_it_was(amina: Listener) -> None:
    amina.begin()
    amina.agree()
    amina.person.choose("Le marché").write("Racontez", "Le samedi.")
    amina.question("echelle").get_by_label("Je ne sais pas", exact=True).check()
    kept = amina.answers()
    assert (kept["aime"], kept["aime_marche"]) == (["marche"], "Le samedi.")
    assert kept["echelle"] == {"non_response": "ne_sait_pas"}
    amina.reopen()
    assert amina.title() == "Choix"
    assert amina.page.get_by_label(re.compile("Racontez")).input_value() == "Le samedi."
    assert amina.question("echelle").get_by_label("Je ne sais pas", exact=True).is_checked()
    # Not asked any more, though the words stay until the last reading says so.
    amina.page.get_by_role("checkbox", name="Le marché").uncheck()
    assert "aime_marche" not in amina.visible()
    assert amina.answers()["aime_marche"] == "Le samedi."
    amina.person.press("Mettre en pause")
    amina.page.wait_for_function("() => ended === 'paused'")


def test_the_back_button_goes_one_screen_back_and_loses_nothing(amina: Listener) -> None:
    amina.begin()
    amina.agree()
    amina.person.choose("Le parc").press("^Continuer$")
    assert amina.title() == "Mesures"
    amina.page.go_back()
    amina.page.get_by_role("heading", name="Choix").wait_for()
    assert amina.page.get_by_role("checkbox", name="Le parc").is_checked()
    assert amina.page.evaluate("document.activeElement.tagName") == "H1"
    amina.page.go_back()
    amina.page.get_by_role("heading", name="Accord").wait_for()
    amina.page.go_back()
    amina.page.wait_for_function("() => ended === 'paused'")
    [kept] = amina.tablet.run("return drafts.list(session);")
    assert kept["data"]["answers"]["aime"] == ["parc"]


def test_a_refusal_leaves_a_number_and_no_word(amina: Listener) -> None:
    amina.begin()
    amina.question("accord_noter").get_by_label("Non", exact=True).check()
    amina.person.press("^Continuer$")
    amina.page.get_by_role("heading", name="Merci à cette personne").wait_for()
    assert amina.tablet.rows("drafts") == []
    [counted] = amina.sent("refusal")
    assert counted["meeting"] == amina.meeting
    assert amina.sent("testimony") == []


def test_a_refusal_after_words_asks_before_erasing(amina: Listener) -> None:
    amina.begin()
    amina.agree()
    amina.person.choose("Le parc").press("Revenir en arrière")
    amina.question("accord_noter").get_by_label("Non", exact=True).check()
    amina.person.press("^Continuer$")
    assert amina.title() == "Arrêter l’entretien"
    assert amina.page.get_by_role("button", name=re.compile("Garder")).count() == 0
    amina.person.press("Continuer l’entretien")
    amina.page.get_by_role("heading", name="Accord").wait_for()
    amina.person.press("^Continuer$").press("Tout effacer")
    amina.page.get_by_role("heading", name="Merci à cette personne").wait_for()
    assert amina.tablet.rows("drafts") == []
    assert len(amina.sent("stopped")) == 1


def test_stopped_early_what_was_said_may_be_kept(amina: Listener) -> None:
    amina.begin()
    amina.agree()
    amina.person.choose("Le parc").press("Arrêter l’entretien")
    assert amina.person.sees(amina.draft()["code"])
    amina.person.press("Garder ce qui a été dit")
    amina.page.get_by_role("heading", name="Témoignage terminé").wait_for()
    assert [told["answers"]["aime"] for told in amina.sent("testimony")] == [["parc"]]
    assert len(amina.sent("stopped")) == 1


def test_what_is_wrong_is_said_under_its_question_and_in_the_last_reading(amina: Listener) -> None:
    amina.begin()
    amina.agree()
    amina.person.choose("Le marché").write("Racontez", "Oui.").write("Combien de fois", "trois")
    amina.person.press("^Continuer$")
    assert amina.title() == "Choix"
    field = amina.page.get_by_label(re.compile("Combien de fois"))
    assert field.get_attribute("aria-invalid") == "true"
    about = field.get_attribute("aria-describedby").split()
    said = amina.page.locator(f"#{about[-1]}").inner_text()
    assert "n’est pas un nombre entier" in said
    assert amina.page.get_by_role("alert").filter(has_text="Quelques points").count() == 1
    amina.person.write("Combien de fois", "3").press("^Continuer$")
    assert amina.title() == "Mesures"
    assert amina.answers()["marche_detail"] == 3


def test_words_no_longer_asked_are_told_before_they_are_left_out(amina: Listener) -> None:
    amina.begin(
        accord_noter="oui", age="adulte", aime=["parc"], aime_marche="Le samedi.", presents="trois"
    )
    amina.page.evaluate("talk.go({ name: 'review' })")
    assert amina.person.sees("Ce qui ne sera pas gardé")
    assert amina.person.sees("Le samedi.")
    amina.person.press("^Terminer$")
    assert amina.person.sees("Le témoignage n’est pas encore terminé")
    amina.page.get_by_role("button", name=re.compile("Corriger.*Mesures")).click()
    amina.person.write("Combien de personnes", "3")
    amina.page.evaluate("talk.go({ name: 'review' })")
    amina.person.press("^Terminer$")
    amina.page.get_by_role("heading", name="Témoignage terminé").wait_for()
    [told] = amina.sent("testimony")
    assert told["answers"]["presents"] == 3
    assert "aime_marche" not in told["answers"]


def test_entries_are_added_taken_out_and_limited(amina: Listener) -> None:
    amina.begin(accord_noter="oui", age="adulte")
    amina.page.evaluate("talk.go({ name: 'entries', spot: { section: 'arrets', entry: null } })")
    amina.person.press("Ajouter : arrêt").press("Revenir à la liste")
    assert amina.person.sees("Rien n’est encore noté ici")
    amina.person.press("Ajouter : arrêt").press("C’est noté, en ajouter")
    assert amina.title() == "Arrêt 1", "an entry left empty is not added"
    amina.person.write("Où sommes", "Un").press("en ajouter")
    amina.person.write("Où sommes", "Deux").press("en ajouter")
    amina.person.write("Où sommes", "Trois").press("en ajouter")
    assert amina.title() == "Les arrêts"
    assert amina.person.sees("Le maximum est atteint : 3")
    amina.page.get_by_role("button", name=re.compile("Retirer.*Arrêt 2")).click()
    assert amina.person.sees("Deux")
    amina.person.press("^Retirer$")
    assert [entry["nom_arret"] for entry in amina.answers()["arrets"]] == ["Un", "Trois"]
    amina.page.get_by_role("button", name=re.compile("Modifier.*Arrêt 2")).click()
    amina.question("va_bien").get_by_label("Non", exact=True).check()
    assert amina.visible() == ["nom_arret", "va_bien", "pourquoi", "photo_arret"]
    amina.person.write("Où sommes", "").press("^C’est noté$")
    assert amina.title() == "Arrêt 2"
    assert amina.person.sees("Il manque la réponse à")


def test_a_contact_is_left_apart_and_leads_nowhere(world: World, runtime: Runtime) -> None:
    name = "Q01-entretien-individuel"
    listener = Listener(world, runtime, open_walk(runtime, library.load(name)))
    whole = library.load(name)
    listener.begin(
        whole.title["fr"], **{**fill(adapt.testimony_part(whole), 0), "suites": "contact"}
    )
    listener.page.evaluate("talk.go({ name: 'review' })")
    listener.person.press("^Terminer$").press("La personne laisse un contact")
    listener.person.press("Garder ce contact")
    assert listener.person.sees("Il n’y a rien à garder")
    listener.person.write("Téléphone ou courriel", "06 00 00 00 00").press("Garder ce contact")
    listener.page.wait_for_function("() => ended === 'finished'")
    [contact] = listener.sent("contact")
    [told] = listener.sent("testimony")
    assert contact["contact"] == "06 00 00 00 00"
    assert contact["id"] != told["id"]
    assert set(contact) == {"format", "version", "id", "campaign", "contact"}


def test_a_tablet_that_is_full_says_so_and_loses_nothing(amina: Listener) -> None:
    amina.begin()
    amina.page.evaluate(
        """() => { const put = IDBObjectStore.prototype.put;
        IDBObjectStore.prototype.put = function () {
          throw new DOMException("plein", "QuotaExceededError"); };
        window.mend = () => { IDBObjectStore.prototype.put = put; }; }"""
    )
    amina.question("accord_noter").get_by_label("Oui", exact=True).check()
    amina.page.get_by_role("alert").filter(has_text="Non enregistré").wait_for()
    amina.page.evaluate("mend()")
    amina.question("age").get_by_label("Adulte", exact=True).check()
    amina.page.get_by_role("alert").filter(has_text="Non enregistré").wait_for(state="detached")
    assert amina.answers() == {"accord_noter": "oui", "age": "adulte"}


def test_the_code_of_the_card_is_said_where_the_questionnaire_says_it(
    world: World, runtime: Runtime
) -> None:
    whole = library.load("Q03-micro-trottoir")
    listener = Listener(world, runtime, open_walk(runtime, whole))
    listener.begin(whole.title["fr"], accord_noter="oui")
    section = next(
        section.name
        for section in whole.sections
        for question in section.questions
        if "{code_retrait}" in question.label["fr"]
    )
    listener.page.evaluate(
        "(section) => talk.go({ name: 'section', spot: { section, entry: null } })", section
    )
    code = listener.draft()["code"]
    assert f"votre code : {code}".replace(" ", "") in listener.page.inner_text("main").replace(
        "\u00a0", ""
    ).replace(" ", "")
    assert "{" not in listener.page.inner_text("main")


def test_no_network_is_needed_from_the_first_question_to_the_card(amina: Listener) -> None:
    amina.tablet.open()
    amina.tablet.unlock(amina.profile)
    amina.page.context.set_offline(True)
    amina.begin()
    amina.agree()
    amina.person.choose("Le parc")
    amina.page.evaluate("talk.go({ name: 'review' })")
    amina.person.press("^Terminer$")
    amina.page.get_by_role("heading", name="Témoignage terminé").wait_for()
    assert [told["answers"]["aime"] for told in amina.sent("testimony")] == [["parc"]]


def test_a_form_that_asks_nothing_more_goes_to_the_last_reading(amina: Listener) -> None:
    """Nobody was asked for an agreement, and sections are no longer asked: no way is closed."""
    amina.begin()
    assert amina.page.evaluate("talk.neighbour('fin', 1).name") == "review"
    assert amina.page.evaluate("talk.neighbour('accord', -1).spot.section") == "accord"
    amina.page.evaluate(
        """() => { for (const one of talk.form.sections) if (one.name !== 'accord') {
          one.relevant = { type: "call", name: "false", args: [] }; } }"""
    )
    assert amina.page.evaluate("talk.neighbour('accord', 1).name") == "review"
    amina.page.evaluate("talk.go({ name: 'section', spot: { section: 'fin', entry: null } })")
    assert amina.title() == "Accord"
