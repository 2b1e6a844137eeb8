"""Proposals and suggestions as people meet them: looked at, judged by axe, done by keyboard."""

from __future__ import annotations

import uuid

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

import factories
from survey_app.models import Coding, Redaction
from survey_app.runtime import Runtime
from tests.browser.person import World

pytestmark = pytest.mark.browser

SAID = (
    "Ma voisine Karima Traoré, du bâtiment B, monte six étages avec ses sacs parce que l’ascenseur"
    " est en panne. On a appelé monsieur diallo au 06 39 98 12 34, il a dit d’écrire à"
    " contact@exemple.invalid. Karima a un diabète, elle s’essouffle. À l’école Jean Jaurès, ça va."
)
MASKED = (
    "Le loyer et les charges augmentent, et l’ascenseur du hall est en panne depuis un mois."
    " Le bus ne passe plus le soir. [PRÉNOM 1] a peur dans le noir. Voilà, c’est tout."
)


@pytest.fixture
def keys(runtime: Runtime) -> tuple[uuid.UUID, uuid.UUID]:
    """A testimony to mask and another to code."""
    with runtime.database.writing() as session:
        council = factories.council(session)
        actors = factories.actors(session, council)
        held = factories.meeting(session, factories.campaign(session, council))
        mine = actors["councillor"].account_id
        first = factories.testimony(session, held, text=SAID, state="reviewed", reviewer_id=mine)
        return first.id, factories.testimony(session, held, text=MASKED, masked=MASKED).id


def test_proposals_are_answered_in_one_tap_each(
    world: World, runtime: Runtime, keys: tuple[uuid.UUID, uuid.UUID]
) -> None:
    reader = world.person("councillor").go(f"/relecture/temoignage/{keys[0]}/masquage")
    assert reader.faults("propositions") == []
    reader.press("^Masquer Karima$")
    expect(reader.page.locator("#texte mark")).to_have_count(2)
    reader.press("^Laisser diabète$")
    reader.press("Rien à masquer|Confirmer le masquage")
    expect(reader.page.get_by_role("heading", level=1)).to_contain_text("restent-ils lisibles")
    assert reader.faults("propositions-demande") == []
    reader.follow("Revenir aux propositions")
    wanted = ("Traoré", "diallo", "06 39 98 12 34", "contact", "bâtiment B")
    for covered, words in enumerate(wanted, start=3):
        reader.press(f"^Masquer {words}")
        expect(reader.page.locator("#texte mark")).to_have_count(covered)
    reader.press("Confirmer le masquage").press("Confirmer sans attendre")
    expect(reader.page.get_by_text("est masqué. Il peut être codé")).to_be_visible()
    with runtime.database.reading() as session:
        rows = session.scalars(select(Redaction).where(Redaction.state == "accepted"))
        assert {SAID[row.start : row.end] for row in rows} == {
            "Karima", "Traoré", "bâtiment B", "diallo", "06 39 98 12 34", "contact@exemple.invalid",
        }  # fmt: skip


def test_words_that_cross_a_proposal_can_be_selected(
    world: World, keys: tuple[uuid.UUID, uuid.UUID]
) -> None:
    reader = world.person("councillor").go(f"/relecture/temoignage/{keys[0]}/masquage")
    reader.page.evaluate("""() => {
      const [first, second] = document.querySelectorAll('#texte [data-start]');
      const range = document.createRange();
      range.setStart(first.firstChild, 3);
      range.setEnd(second.firstChild, 6);
      document.getSelection().removeAllRanges();
      document.getSelection().addRange(range);
    }""")
    expect(reader.page.get_by_label("Mots à masquer")).to_have_value("voisine Karima")
    reader.press("^Autre$")
    expect(reader.page.locator("#texte mark bdi").first).to_have_text("voisine Karima")


def test_suggestions_are_two_taps_and_keys_that_can_be_switched_off(
    world: World, runtime: Runtime, keys: tuple[uuid.UUID, uuid.UUID]
) -> None:
    coder = world.person("councillor").go(f"/codage/temoignage/{keys[1]}")
    page = coder.page
    page.locator("#p0").check()
    assert coder.faults("suggestions") == []
    page.locator("#p0").check()
    page.get_by_role("button", name="parce que : loyer").first.click()
    expect(page.locator(".chip")).to_have_count(1)
    page.locator("#p1").focus()
    page.keyboard.press("ArrowDown")
    expect(page.locator("#p2")).to_be_focused()
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Space")
    page.keyboard.press("1")
    expect(page.locator(".chip")).to_have_count(2)
    page.locator("#p2").check()
    page.keyboard.press("r")
    expect(page.locator(".chip")).to_have_count(3)
    page.locator("#p2").focus()
    page.keyboard.press("z")
    expect(page.locator(".chip")).to_have_count(2)
    page.locator("#touches").uncheck()
    page.locator("#p2").check()
    page.keyboard.press("1")
    page.keyboard.press("/")
    expect(page.locator(".chip")).to_have_count(2)
    expect(page.locator("#words")).not_to_be_focused()
    with runtime.database.reading() as session:
        rows = session.scalars(select(Coding).where(Coding.state == "validated")).all()
        assert [row.origin for row in rows] == ["suggestion", "suggestion"]


def test_sentences_ticked_together_share_their_suggestions(
    world: World, keys: tuple[uuid.UUID, uuid.UUID]
) -> None:
    page = world.person("councillor").go(f"/codage/temoignage/{keys[1]}").page
    page.locator("#p0").check()
    alone = page.locator(".hint:visible").count()
    page.locator("#p1").check()
    both = page.locator(".hint:visible")
    assert 6 >= both.count() > alone
    assert "MOB1" in " ".join(both.all_inner_texts())
    page.locator("#p1").uncheck()
    assert page.locator(".hint:visible").count() == alone
