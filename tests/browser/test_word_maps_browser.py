"""Network, classes and plane in a real browser, over the demonstration."""

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


def test_a_word_of_the_network_opens_its_sentences_from_the_keyboard(demo: World) -> None:
    chloe = demo.person("chloe").go("/resultats/demo/reseau").look("reseau")
    word = chloe.page.locator(".picture__whole svg a").first
    word.focus()
    chloe.page.keyboard.press("Enter")
    chloe.page.wait_for_url("**/concordance?mot=*")
    assert chloe.sees("dans ses phrases")
    chloe.go("/resultats/demo/reseau")
    chloe.page.locator("td a").first.click()
    chloe.page.wait_for_url("**/reseau/phrases?*")
    assert chloe.page.locator(".testimony mark").count() >= 2
    chloe.look("reseau-phrases")


def test_a_class_of_the_tree_opens_its_passages(demo: World) -> None:
    chloe = demo.person("chloe").go("/resultats/demo/classes").look("classes")
    chloe.page.locator(".picture__whole svg a").first.click()
    chloe.page.wait_for_url("**/classes/*")
    assert chloe.sees("Les passages qui la montrent le mieux")
    chloe.look("classe")
    chloe.go("/resultats/demo/classes?mode=double").look("classes-double")
    chloe.follow("hors des classes").look("hors-des-classes")


def test_a_theme_of_the_plane_opens_its_excerpts(demo: World) -> None:
    chloe = demo.person("chloe").go("/resultats/demo/plan").look("plan")
    chloe.page.locator(".picture__whole svg a[href^='themes/']").first.focus()
    chloe.page.keyboard.press("Enter")
    chloe.page.wait_for_url("**/themes/*")
    assert chloe.sees("Extraits")
