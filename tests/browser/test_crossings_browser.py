"""Crossings, clouds and search in a real browser, over the demonstration."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask
from playwright.sync_api import Browser

from tests.browser.person import World

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture
def demo(demo_app: Flask, demo_site: str, browser: Browser) -> Iterator[World]:
    opened = World(demo_app, demo_site, browser)
    yield opened
    opened.close()


def test_a_theme_is_crossed_filtered_and_proved(demo: World) -> None:
    chloe = demo.person("chloe").go("/resultats/demo")
    chloe.look("resultats-demo")
    chloe.follow("Croiser les thèmes").look("croisement-quartier")
    chloe.page.get_by_label("Croiser les thèmes avec").select_option(label="Méthode")
    chloe.press("Afficher").look("croisement-methode")
    assert chloe.sees("masqué")
    chloe.page.locator("td a").first.click()
    assert chloe.sees("Extraits")
    chloe.look("croisement-extraits")
    chloe.go("/resultats/demo/nuages").look("nuages")


def test_words_are_searched_without_accents(demo: World) -> None:
    chloe = demo.person("chloe").go("/recherche/").look("recherche")
    chloe.write("Mots à chercher", "securite").press("Rechercher")
    assert chloe.sees("trouvé")
    chloe.look("recherche-trouvee")
    chloe.write("Mots à chercher", "%").press("Rechercher")
    assert chloe.sees("Écrivez au moins un mot")
    chloe.look("recherche-refusee")
