"""The queues, narrowed in the browser: a theme, a word, and on to the text."""

from __future__ import annotations

import re

import pytest

import results_cases as cases
from survey_app.runtime import Runtime
from tests.browser.person import World

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("javascript", [True, False], ids=["script", "plain"])
def test_words_and_a_theme_narrow_the_queue_and_open_the_text(
    runtime: Runtime, world: World, javascript: bool
) -> None:
    cases.house(runtime)
    person = world.person("coordinator", javascript=javascript).go("/codage/essai")
    person.page.get_by_text("Choisir un quartier").click()
    person.write("^Mots du texte", "ascenseur*")
    person.page.get_by_label("Thème codé").select_option("LOG")
    person.press("^Afficher$")
    cards = person.page.locator("li.card")
    marks = person.page.locator("li.card mark")
    assert cards.count() >= 2
    assert {mark.lower() for mark in marks.all_inner_texts()} == {"ascenseur"}
    assert person.page.get_by_label("Thème codé").input_value() == "LOG"
    if javascript:
        person.look("file-mots")
    person.write("^Mots du texte", "zèbre").press("^Afficher$")
    assert cards.count() == 0
    assert person.sees("Aucun témoignage ne répond à ces choix.")
    person.write("^Mots du texte", "*").press("^Afficher$")
    assert person.sees("Écrivez au moins un mot à chercher.")
    if javascript:
        person.look("file-mots-refus")
    person.follow("^Tout montrer$")
    cards.get_by_role("link", name=re.compile("^(Coder|Ouvrir)")).first.click()
    assert "/codage/temoignage/" in person.page.url
    assert person.complaints == []
