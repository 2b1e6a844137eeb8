"""The tablet in the hands of the person who answers: one question, and no way to the rest."""

from __future__ import annotations

from typing import Any

import pytest

from every_type import open_walk
from survey_app.runtime import Runtime
from tests.browser.listener import PASSPHRASE, Listener
from tests.browser.person import World
from tests.browser.tablet import heading, opened

pytestmark = pytest.mark.browser


@pytest.fixture
def place(runtime: Runtime) -> dict[str, Any]:
    return open_walk(runtime)


@pytest.fixture
def amina(world: World, runtime: Runtime, place: dict[str, Any]) -> Listener:
    """In front of the section of choices, something secret having been said before."""
    listener = Listener(world, runtime, place)
    listener.begin(aime=["marche"], aime_marche="SECRET-DE-PAROLE")
    listener.agree()
    return listener


def hand_over(amina: Listener, question: str) -> None:
    amina.question(question).get_by_role("button", name="Donner la tablette").click()
    amina.page.get_by_role("heading", name="À vous").wait_for()


def nothing_else(amina: Listener) -> bool:
    """Whether neither another answer, nor a way out, is anywhere in the page."""
    page = amina.page
    ways = page.locator("a:visible, button:visible, summary:visible").all_inner_texts()
    hidden = "SECRET-DE-PAROLE" not in page.content()
    fields = page.eval_on_selector_all("textarea", "all => all.map((one) => one.value)")
    return hidden and "SECRET-DE-PAROLE" not in fields and ways == ["J’ai fini"]


def test_only_the_question_is_there_and_its_answer_is_kept(amina: Listener) -> None:
    hand_over(amina, "classement")
    assert amina.visible() == ["classement"]
    assert nothing_else(amina)
    amina.page.locator(".ranks select").first.select_option("calme")
    amina.person.press("J’ai fini")
    assert amina.person.sees("Rendez la tablette")
    assert amina.page.locator(".question").count() == 0
    assert amina.answers()["classement"] == ["calme"]
    assert amina.answers()["aime_marche"] == "SECRET-DE-PAROLE"


def test_only_the_passphrase_takes_it_back(amina: Listener) -> None:
    hand_over(amina, "echelle")
    amina.person.press("J’ai fini").write("passe", "je ne sais pas du tout")
    amina.person.press("Reprendre")
    amina.page.get_by_role("alert").filter(has_text="n’ouvre pas ce profil").wait_for()
    assert amina.page.locator(".question").count() == 0
    amina.person.write("passe", PASSPHRASE).press("Reprendre")
    amina.page.get_by_role("heading", name="Choix").wait_for()
    focused = "document.activeElement.dataset.question"
    amina.page.wait_for_function(f"() => {focused} === 'echelle'")
    assert amina.page.locator("header").is_visible()
    assert amina.page.evaluate("localStorage.getItem('paroles-handed')") is None


def test_the_back_button_leads_nowhere(amina: Listener) -> None:
    hand_over(amina, "classement")
    for _ in range(3):
        amina.page.go_back()
        assert nothing_else(amina)
    amina.person.press("J’ai fini")
    amina.page.go_back()
    assert amina.page.locator(".question").count() == 0


def test_a_reload_comes_back_locked(amina: Listener) -> None:
    hand_over(amina, "classement")
    amina.page.locator(".ranks select").first.select_option("calme")
    amina.answers()
    amina.page.reload()
    amina.page.get_by_role("heading", level=1).wait_for()
    assert amina.title() == "La tablette est verrouillée"
    assert "SECRET-DE-PAROLE" not in amina.page.content()
    assert amina.page.get_by_role("link", name="Préparer").count() == 0
    amina.person.write("passe", PASSPHRASE).press("^Ouvrir$")
    amina.page.get_by_role("heading", name="La tablette est verrouillée").wait_for(state="detached")
    assert amina.page.evaluate("localStorage.getItem('paroles-handed')") is None


def test_what_is_handed_over_has_no_fault(amina: Listener) -> None:
    hand_over(amina, "classement")
    amina.person.look("terrain-donner")
    amina.person.press("J’ai fini").look("terrain-rendre")
    assert amina.page.locator("[data-question]").count() == 0  # locked until it is taken back


def test_once_locked_the_back_button_shows_nothing(world: World, runtime: Runtime) -> None:
    open_walk(runtime)
    amina = opened(world)
    amina.press("Commencer un témoignage")
    heading(amina, "Commencer un témoignage")
    amina.choose("Tous les types").press("^Commencer$")
    heading(amina, "Accord")
    amina.page.locator('[data-question="accord_noter"]').get_by_label("Oui", exact=True).check()
    amina.page.locator('[data-question="age"]').get_by_label("Adulte", exact=True).check()
    amina.press("^Continuer$")
    heading(amina, "Choix")
    amina.press("^Verrouiller$")
    heading(amina, "La tablette est verrouillée")
    amina.page.go_back()
    amina.page.wait_for_timeout(300)
    assert amina.page.locator(".question").count() == 0
    assert amina.page.get_by_role("heading", level=1).inner_text() == "La tablette est verrouillée"
