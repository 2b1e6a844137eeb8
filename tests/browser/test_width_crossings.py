"""Crossings and clouds walked over the demonstration: filters, denominators, proofs, and back."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from flask import Flask
from playwright.sync_api import Browser

from tests.browser.person import Person, World

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture
def denis(demo_app: Flask, demo_site: str, browser: Browser) -> Iterator[Person]:
    opened = World(demo_app, demo_site, browser)
    yield opened.person("denis")
    opened.close()


def cells(person: Person) -> list[str]:
    return person.page.locator("table.crossing tbody td").all_inner_texts()


def test_a_crossing_is_filtered_and_each_cell_opens_what_it_counts(denis: Person) -> None:
    denis.go("/resultats/demo").follow("Croiser les thèmes")
    whole = cells(denis)
    denis.page.get_by_label("Ne garder que").select_option(index=1)
    denis.press("Afficher")
    assert "filtre=" in denis.page.url
    assert cells(denis) != whole
    denis.look("largeur-croisement-1-filtre")
    link = denis.page.locator("table.crossing td a").first
    three = [int(number) for number in re.findall(r"\d+", link.inner_text())]
    assert len(three) == 3
    crossing = urlsplit(denis.page.url)
    link.click()
    assert denis.sees(f"{three[0]} témoignages · {three[1]} rencontres · {three[2]} personnes")
    denis.look("largeur-croisement-2-extraits")
    denis.follow("Croisements")
    assert urlsplit(denis.page.url).query == crossing.query


def test_every_cut_is_offered_and_says_what_it_hides(denis: Person) -> None:
    denis.go("/resultats/demo/croisements")
    cuts = denis.page.get_by_label("Croiser les thèmes avec").locator("option").all_inner_texts()
    assert {"Méthode", "Quartier"} <= {cut.strip() for cut in cuts}
    assert len(cuts) >= 4
    for rank, cut in enumerate(cuts):
        denis.page.get_by_label("Croiser les thèmes avec").select_option(index=rank)
        denis.press("Afficher").look(f"largeur-croisement-coupe-{rank}")
        assert denis.sees(f"Thèmes et {cut.strip()}")
        assert denis.sees("Zéro est masqué aussi")


def test_clouds_have_their_words_in_a_table(denis: Person) -> None:
    denis.go("/resultats/demo").follow("Voir les nuages").look("largeur-nuages")
    pictures = denis.page.locator("main img")
    assert pictures.count() >= 2
    for rank in range(pictures.count()):
        assert pictures.nth(rank).get_attribute("alt")
    assert denis.page.locator("main table").count() >= pictures.count()
