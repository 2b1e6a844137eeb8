"""The coding bench in a real browser: by touch, by keyboard, word by word, without script."""

from __future__ import annotations

import json
import uuid

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

import factories
from survey_app.models import AgreementRound, AgreementText, Coding, Excerpt
from survey_app.permissions import Actor
from survey_app.runtime import Runtime
from tests.browser.person import Person, World

pytestmark = pytest.mark.browser

TEXT = (
    "Le loyer augmente 😀👩🏽\u200d🏫 et l’ascenseur du hall est en panne."
    " Le bus ne passe plus le soir. [PRÉNOM 1] a peur dans le noir. Voilà, c’est tout."
)
Found = list[tuple[str, str]]


@pytest.fixture
def house(runtime: Runtime) -> tuple[uuid.UUID, dict[str, Actor]]:
    """A masked text to code, and the council's people."""
    with runtime.database.writing() as session:
        council = factories.council(session)
        actors = factories.actors(session, council)
        held = factories.meeting(session, factories.campaign(session, council))
        return factories.testimony(session, held, text=TEXT, masked=TEXT).id, actors


def put(runtime: Runtime, state: str = "validated") -> Found:
    """What is coded: words and code."""
    with runtime.database.reading() as session:
        query = select(Excerpt.quote, Coding.code).join(Coding).where(Coding.state == state)
        return [(quote, code) for quote, code in session.execute(query.order_by(Excerpt.number))]


def facets(runtime: Runtime) -> list[str]:
    with runtime.database.reading() as session:
        rows = session.scalars(select(Coding.facets))
        return [json.dumps(row, ensure_ascii=False) for row in rows]


def memos(runtime: Runtime) -> list[str]:
    with runtime.database.reading() as session:
        return list(session.scalars(select(Excerpt.memo)))


def seated(world: World, key: uuid.UUID, **options: object) -> Person:
    """Somebody at the bench whose page must never be loaded again."""
    coder = world.person("councillor", **options).go(f"/codage/temoignage/{key}")
    if options.get("javascript", True):
        coder.page.evaluate("window.still = true")
    return coder


def chips(page: Page, count: int) -> None:
    expect(page.locator(".chip")).to_have_count(count)


def test_two_taps_by_touch_and_neighbours_extend(
    world: World, runtime: Runtime, house: tuple[uuid.UUID, dict[str, Actor]]
) -> None:
    coder = seated(world, house[0], has_touch=True, is_mobile=True)
    page = coder.page
    page.locator("label[for=p0]").tap()
    page.locator(".is-here .hint").first.tap()
    chips(page, 1)
    page.locator(".is-here .hint").nth(1).tap()
    chips(page, 2)
    page.locator("label[for=p1]").tap()
    page.locator("label[for=p2]").tap()
    expect(page.locator("#p0")).not_to_be_checked()
    page.get_by_role("button", name="parce que : bus").tap()
    chips(page, 3)
    done = put(runtime)
    assert [words for words, _ in done] == [
        TEXT[: TEXT.index(" Le bus")], TEXT[: TEXT.index(" Le bus")],
        "Le bus ne passe plus le soir. [PRÉNOM 1] a peur dans le noir.",
    ]  # fmt: skip
    assert {"MOB1"} < {code for _, code in done}
    assert page.evaluate("window.still")
    assert coder.complaints == []


def test_codes_and_facets_by_keyboard_alone(
    world: World, runtime: Runtime, house: tuple[uuid.UUID, dict[str, Actor]]
) -> None:
    coder = seated(world, house[0])
    page, key = coder.page, coder.page.keyboard
    page.locator("#p0").focus()
    for pressed, count in (("1", 1), ("ArrowDown", 1), ("Shift+ArrowDown", 1), ("r", 2)):
        key.press(pressed)
        chips(page, count)
    for pressed, count in (("z", 1), ("y", 2)):
        key.press(pressed)
        chips(page, count)
    last = page.locator(".chip").nth(1)
    for pressed, told in (("t", "positive"), ("t", "négative"), ("n", "constat")):
        key.press(pressed)
        expect(last).to_contain_text(told)
    key.press("z")
    expect(last).not_to_contain_text("constat")
    done = put(runtime)
    assert done[0][1] == done[1][1]
    assert done[1][0] == "Le bus ne passe plus le soir. [PRÉNOM 1] a peur dans le noir."
    assert '{"tonalite": "négative"}' in facets(runtime)
    assert page.evaluate("window.still")
    assert coder.complaints == []


def test_notes_and_search_by_keyboard_alone(
    world: World, runtime: Runtime, house: tuple[uuid.UUID, dict[str, Actor]]
) -> None:
    coder = seated(world, house[0])
    page, key = coder.page, coder.page.keyboard
    page.locator("#p0").focus()
    key.press("1")
    chips(page, 1)
    key.press("m")
    expect(page.locator("#memo")).to_be_focused()
    key.type("À revoir ensemble.")
    page.get_by_role("button", name="Enregistrer").focus()
    key.press("Enter")
    expect(page.locator(".memo")).to_contain_text("À revoir ensemble.")
    expect(page.locator("#preciser-panneau")).to_have_count(0)
    page.locator("#p3").focus()
    key.press("Space")
    key.press("/")
    expect(page.locator("#words")).to_be_focused()
    key.type("autre thème")
    key.press("Enter")
    expect(page.locator("#resultats button").first).to_be_focused()
    page.locator("#resultats").get_by_role("button", name="AUT").focus()
    key.press("Enter")
    chips(page, 2)
    expect(page.locator("#words")).to_have_value("")
    expect(page.locator("#p3")).to_be_focused()
    assert put(runtime)[1] == ("Voilà, c’est tout.", "AUT")
    assert memos(runtime)[0] == "À revoir ensemble."
    assert page.evaluate("window.still")
    assert coder.complaints == []


def test_memo_and_facets_are_undone_and_done_again(
    world: World, runtime: Runtime, house: tuple[uuid.UUID, dict[str, Actor]]
) -> None:
    coder = seated(world, house[0])
    page = coder.page
    page.locator("#p1").check()
    page.locator(".is-here .hint").first.click()
    chips(page, 1)
    page.locator(".chip__more").click()
    page.locator("#q-tonalite").select_option("négative")
    page.locator("#memo").fill("Dit deux fois.")
    assert coder.faults("banc-preciser") == []
    coder.press("^Enregistrer$")
    expect(page.locator(".memo")).to_contain_text("Dit deux fois.")
    expect(page.locator(".chip")).to_contain_text("négative")
    coder.press("^Annuler$")
    expect(page.locator(".memo")).to_have_count(0)
    expect(page.locator(".chip")).not_to_contain_text("négative")
    assert (memos(runtime), facets(runtime)) == ([""], ["{}"])
    coder.press("^Refaire$")
    expect(page.locator(".memo")).to_contain_text("Dit deux fois.")
    assert (memos(runtime), facets(runtime)) == (["Dit deux fois."], ['{"tonalite": "négative"}'])
    assert page.evaluate("window.still")


def test_words_selected_after_emoji_are_coded_exactly(
    world: World, runtime: Runtime, house: tuple[uuid.UUID, dict[str, Actor]]
) -> None:
    coder = seated(world, house[0])
    page = coder.page
    page.evaluate("""() => {
      const node = document.querySelector('#phrase-0 [data-start]').firstChild;
      const at = node.data.indexOf('ascenseur');
      document.getSelection().setBaseAndExtent(node, at, node, at + 'ascenseur du hall'.length);
    }""")
    expect(page.get_by_label("Seulement ces mots")).to_have_value("ascenseur du hall")
    page.get_by_role("button", name="LOG4").first.click()
    chips(page, 1)
    expect(page.locator(".chip q")).to_have_text("ascenseur du hall")
    assert coder.faults("banc-mots") == []
    page.locator("#p1").check()
    page.keyboard.press("s")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Shift+ArrowRight")
    page.keyboard.press("1")
    chips(page, 2)
    assert [words for words, _ in put(runtime)] == ["ascenseur du hall", "bus ne"]
    assert coder.complaints == []


def test_words_dragged_with_the_mouse_leave_the_sentence_chosen(
    world: World, house: tuple[uuid.UUID, dict[str, Actor]]
) -> None:
    page = seated(world, house[0]).page
    box = page.locator("#phrase-1 [data-start]").bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 2, box["y"] + box["height"] / 2)
    page.mouse.down()
    page.mouse.move(box["x"] + 120, box["y"] + box["height"] / 2, steps=5)
    page.mouse.up()
    expect(page.locator("#p1")).to_be_checked()
    dragged = page.get_by_label("Seulement ces mots").input_value()
    assert dragged
    assert "Le bus ne passe plus le soir.".startswith(dragged)
    page.locator("label[for=p2]").click()
    expect(page.get_by_label("Seulement ces mots")).to_have_value("")


def test_without_script_everything_is_a_form(
    world: World, runtime: Runtime, house: tuple[uuid.UUID, dict[str, Actor]]
) -> None:
    coder = seated(world, house[0], javascript=False)
    page = coder.page
    page.locator("#p0").check()
    page.locator("summary", has_text="Seulement quelques mots").click()
    coder.write("Seulement ces mots", "ascenseur du hall")
    page.locator("#phrase-0 .hint").first.click()
    chips(page, 1)
    page.locator(".chip__more").click()
    page.locator("#q-tonalite").select_option("négative")
    page.locator("#memo").fill("Sans script.")
    coder.press("^Enregistrer$")
    expect(page.locator(".memo")).to_contain_text("Sans script.")
    coder.press("^Annuler$")
    expect(page.locator(".memo")).to_have_count(0)
    coder.press("^Refaire$")
    expect(page.locator(".chip")).to_contain_text("négative")
    assert [words for words, _ in put(runtime)] == ["ascenseur du hall"]


def test_a_refusal_is_told_where_one_is_and_keeps_the_choice(
    world: World, runtime: Runtime, house: tuple[uuid.UUID, dict[str, Actor]]
) -> None:
    coder = seated(world, house[0])
    page = coder.page
    page.locator("#p1").check()
    page.evaluate("document.querySelector('[name=version]').value = 'ancienne'")
    page.locator(".is-here .hint").first.click()
    expect(page.locator("#refus")).not_to_be_empty()
    expect(page.locator("#p1")).to_be_checked()
    page.route("**/codage/temoignage/*", lambda route: route.abort())
    page.locator(".is-here .hint").first.click()
    expect(page.locator("#refus")).to_contain_text("Le serveur n’a pas répondu")
    assert put(runtime) == []


def test_a_blind_round_shows_ones_own_codes_alone(
    world: World, runtime: Runtime, house: tuple[uuid.UUID, dict[str, Actor]]
) -> None:
    key, people = house
    with runtime.database.writing() as session:
        found = session.get_one(factories.Testimony, key)
        masked = found.text("masked")
        assert masked is not None
        held = AgreementRound(
            council_id=found.council_id, campaign_id=found.campaign_id,
            first_coder_id=people["councillor"].account_id,
            second_coder_id=people["councillor2"].account_id,
        )  # fmt: skip
        held.texts = [
            AgreementText(council_id=found.council_id, testimony_id=key, text_version_id=masked.id)
        ]
        session.add(held)
    coder = seated(world, key)
    expect(coder.page.locator(".hint")).to_have_count(0)
    coder.page.locator("#p1").check()
    coder.press("^MOB ")
    chips(coder.page, 1)
    assert coder.faults("banc-double") == []
    other = world.person("councillor2").go(f"/codage/temoignage/{key}")
    chips(other.page, 0)
    outside = world.person("coordinator").go(f"/codage/temoignage/{key}")
    chips(outside.page, 0)
    assert (put(runtime), put(runtime, "blind")) == ([], [("Le bus ne passe plus le soir.", "MOB")])
    coder.press("^Terminer ma part$")
    expect(coder.page.get_by_text("Votre part du double codage est enregistrée")).to_be_visible()


def test_the_bench_looks_right(world: World, house: tuple[uuid.UUID, dict[str, Actor]]) -> None:
    coder = seated(world, house[0])
    page = coder.page
    page.locator("#p0").check()
    page.locator(".is-here .hint").first.click()
    page.locator("#p1").check()
    page.locator(".is-here summary", has_text="Définitions").click()
    page.locator("summary", has_text="Voir ces touches").click()
    coder.look("banc")
    named = page.locator("main button, main summary, main .sentence, .chip a")
    boxes = [one.bounding_box() for one in named.all()]
    assert [box for box in boxes if box and box["height"] < 44] == []
