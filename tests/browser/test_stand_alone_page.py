"""The HTML file of a synthesis, opened from a folder by a browser that has no network."""

from __future__ import annotations

from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, expect

from analysis.codebook import load
from analysis.export import write
from analysis.pictures import word_cloud
from analysis.synthesis import draft
from tests.analysis.synthesis_cases import HOSTILE, said_by, words
from tests.browser.person import CAPTURES, HEIGHT, WIDTHS

SPOKEN = words(*[(f"mot{rank}", 40 - rank, 30 - rank) for rank in range(12)])
SAID = ((0, "LOG1", "positive", "ressource"), (1, "LOG1", "négative", "proposition"))
RULES = ["wcag2a", "wcag2aa", "wcag2aaa", "wcag21aa", "wcag22aa", "best-practice"]


@pytest.fixture
def address(tmp_path: Path) -> str:
    corpus = said_by(*SAID, texts=(HOSTILE, "Un banc, de l'ombre."), fictitious=True)
    path = tmp_path / "synthese.html"
    write(draft(corpus, load(), words=SPOKEN, cloud=word_cloud(SPOKEN)), "html", path)
    return path.as_uri()


@pytest.mark.browser
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_opens_without_a_network_and_without_a_fault(
    browser: Browser, address: str, scheme: str
) -> None:
    CAPTURES.mkdir(exist_ok=True)
    context = browser.new_context(offline=True, color_scheme=scheme, java_script_enabled=True)
    page = context.new_page()
    asked: list[str] = []
    said: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: said.append(message.text))
    page.goto(address)
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": HEIGHT})
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        name = f"fichier-synthese-{scheme}-{width}.png"
        page.screenshot(path=str(CAPTURES / name), full_page=True)
    assert [url for url in asked if not url.startswith(("file:", "data:"))] == []
    assert said == []
    drawn = "images => images.every(image => image.complete && image.naturalWidth > 100)"
    assert page.eval_on_selector_all("img", drawn)
    found = Axe().run(page, options={"runOnly": RULES}).response["violations"]
    assert [(item["id"], node["html"]) for item in found for node in item["nodes"]] == []
    context.close()


@pytest.mark.browser
def test_a_sentence_opens_its_proof_in_two_gestures_without_a_script(
    browser: Browser, address: str
) -> None:
    context = browser.new_context(offline=True, java_script_enabled=False)
    page = context.new_page()
    page.goto(address)
    page.get_by_role("link", name="sur 4, dans 2 rencontres").first.click()
    assert page.url.endswith("#constat-1")
    opened = page.locator("details")
    expect(opened.get_by_text("Un banc, de l'ombre.")).to_be_hidden()
    opened.locator("summary").click()
    expect(opened.get_by_text("Un banc, de l'ombre.")).to_be_visible()
    context.close()
