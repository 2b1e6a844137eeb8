"""The drawings of an analysis put in a page: named links that a keyboard reaches, no fault."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser

from analysis.canvas import without_links
from analysis.drawings_bars import Series, Signed, grouped_bars, signed_bars
from analysis.drawings_curve import Step, curve
from analysis.drawings_network import Edge, Node, network
from analysis.drawings_plane import COLUMN, Point, plane
from analysis.drawings_tree import Branch, Leaf, dendrogram
from analysis.pictures import Picture, bars

pytestmark = pytest.mark.browser

LONG = "accompagnement socio-professionnel intercommunal"
PAGE = """<!doctype html><html lang="fr"><head><meta charset="utf-8"><title>Images</title></head>
<body><main><h1>Images</h1>{}</main></body></html>"""
OUTSIDE = """() => [...document.querySelectorAll('svg text:not([transform])')].filter(text => {
  const box = text.getBBox(), view = text.ownerSVGElement.viewBox.baseVal;
  return box.x < 0 || box.y < 0 || box.x + box.width > view.width
    || box.y + box.height > view.height;
}).map(text => text.textContent)"""


def drawings() -> list[Picture]:
    words = ["logement", "loyer", "bus", LONG]
    nodes = [
        Node(word, rank % 2, rank // 2, 9 - rank, rank // 2, f"mot?n={rank}")
        for rank, word in enumerate(words)
    ]
    leaf = Leaf("Classe 1", 12, tuple(words), "classe?n=1")
    return [
        network(nodes, [Edge(0, 1, 0.5, "phrases?n=1"), Edge(1, 2, 0.2), Edge(2, 3, 0.4)]),
        dendrogram(Branch(1.0, leaf, Leaf("Classe 2", 7)), 3),
        plane([Point("bus", 1, 1, href="mot?n=2"), Point("Nord", -1, 0.5, COLUMN, 1, "lieu")]),
        curve([Step("Marché", 3, 2.5, "rencontre?n=1"), Step(LONG, 4, 4.0)]),
        signed_bars([Signed("bus", 3.5, "mot?n=2"), Signed(LONG, -2)]),
        grouped_bars(["Santé", LONG], [Series("2025", (4, None), ("a", "b"))]),
        bars([("Logement", 4), (LONG, 2)], 6, hrefs=("theme?n=1", "theme?n=2")),
    ]


def test_drawings_in_a_page_have_no_fault_and_named_links(browser: Browser) -> None:
    page = browser.new_page(viewport={"width": 900, "height": 900})
    page.set_content(PAGE.format("".join(picture.svg for picture in drawings())))
    assert [fault["id"] for fault in Axe().run(page).response["violations"]] == []
    assert page.evaluate(OUTSIDE) == []
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.getAttribute('href')") == "phrases?n=1"
    page.get_by_role("link", name="logement : 9, groupe A").focus()
    assert page.evaluate("document.activeElement.getAttribute('href')") == "mot?n=0"
    assert page.get_by_role("link").count() == page.locator("svg a").count() == 13
    page.close()


def test_a_drawing_kept_apart_is_one_described_image(browser: Browser) -> None:
    page = browser.new_page()
    for picture in drawings():
        page.set_content(PAGE.format(without_links(picture.svg)))
        assert page.get_by_role("link").count() == 0
        assert page.get_by_role("img", name=picture.alt[:40]).count() == 1
        assert [fault["id"] for fault in Axe().run(page).response["violations"]] == []
    page.close()
