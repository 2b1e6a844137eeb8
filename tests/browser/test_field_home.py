"""The home and the lock of the tablet: what each person sees, what waits, what is safe."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from survey_app.runtime import Runtime
from tests.browser.person import World
from tests.browser.tablet import (
    OTHER_PHRASE,
    begin,
    fill_phrase,
    finish,
    furnish,
    heading,
    opened,
    prepare,
    rows,
    unlock,
)

pytestmark = pytest.mark.browser


def test_home_begins_with_one_gesture(runtime: Runtime, world: World) -> None:
    furnish(runtime)
    person = opened(world)
    person.look("terrain-accueil")
    for absent in ("Envoyer maintenant", "Garder le fichier de secours"):
        expect(person.page.get_by_text(absent)).to_be_hidden()
    person.press("Commencer un témoignage")
    heading(person, "Commencer un témoignage")
    person.look("terrain-commencer")
    person.press("Revenir à l’accueil")
    heading(person, "Bonjour")
    person.press("Prête à partir")
    heading(person, "Prête à partir")
    person.page.go_back()
    heading(person, "Bonjour")


def test_the_questionnaire_of_the_meeting_is_ticked_and_languages_are_offered(
    runtime: Runtime, world: World
) -> None:
    furnish(runtime)
    person = opened(world)
    person.press("Commencer un témoignage")
    chosen = person.page.locator("input[name=questionnaire]:checked")
    expect(chosen).to_have_count(1)  # the meeting is « individuel », and so is Q01
    languages = person.page.locator("input[name=langue]")
    expect(languages).to_have_count(1)
    expect(languages).to_be_checked()
    person.choose("Micro-trottoir", within="Le questionnaire")
    expect(languages).to_have_count(2)
    expect(languages.first).to_be_checked()
    person.page.get_by_label("Arabe").check()
    person.press("^Commencer$")
    person.page.wait_for_selector('[data-question][dir="rtl"]')


def test_a_line_says_where_the_testimony_is(runtime: Runtime, world: World) -> None:
    furnish(runtime)
    person = opened(world)
    person.context.set_offline(True)
    finished = finish(person, {"inconnue": "ce qui n’est pas une question"})
    person.press("Verrouiller")
    heading(person, "La tablette est verrouillée")
    expect(person.page.get_by_text("Verrouiller")).to_be_hidden()
    assert person.sees("1 envoi attend sur cette tablette")
    unlock(person)
    line = person.page.locator(f'[data-testimony="{finished}"]')
    expect(line).to_contain_text("sur la tablette")
    assert person.sees("1 envoi est sur cette tablette")
    with person.page.expect_download() as download:
        person.press("Garder le fichier de secours")
    assert download.value.suggested_filename.startswith("paroles-secours-")
    person.press("Envoyer maintenant")
    expect(person.page.get_by_role("alert")).to_contain_text("Rien n’est perdu")
    person.look("terrain-accueil-hors-reseau")
    person.context.set_offline(False)
    # The answers fit no question: the server refuses them, and the tablet keeps everything.
    expect(line).to_contain_text("à voir", timeout=30_000)
    person.look("terrain-accueil-a-voir")
    assert len(rows(person.page, "outbox")) == 1


def test_another_person_sees_nothing_of_it_and_it_can_still_leave(
    runtime: Runtime, world: World
) -> None:
    furnish(runtime)
    person = opened(world)
    begin(person)
    person.context.set_offline(True)
    finished = finish(person, {"inconnue": "des mots"})
    person.context.set_offline(False)
    second = world.person("councillor2")
    cookies = second.context.cookies()
    person.context.clear_cookies()
    person.context.add_cookies(cookies)
    prepare(person, OTHER_PHRASE)
    person.go("/terrain/")
    heading(person, "Qui prend la tablette")
    person.look("terrain-deux-personnes")
    unlock(person, OTHER_PHRASE, name="Councillor2")
    assert person.sees("Aucun témoignage n’est encore terminé")
    assert not person.sees("À reprendre")
    assert person.page.locator(f'[data-testimony="{finished}"]').count() == 0
    assert person.sees("sur cette tablette")
    person.press("Verrouiller")
    heading(person, "Qui prend la tablette")
    unlock(person, name="Councillor ")
    assert person.sees("À reprendre")
    assert person.page.locator(f'[data-testimony="{finished}"]').count() == 1


def test_ten_minutes_without_a_gesture_lock_the_tablet_and_keep_the_words(
    runtime: Runtime, world: World
) -> None:
    furnish(runtime)
    person = prepare(world.person("councillor"))
    person.page.clock.install()
    person.go("/terrain/")
    unlock(person)
    begin(person, "Micro-trottoir")
    person.page.clock.run_for(5_000)
    person.page.clock.fast_forward(9 * 60_000)
    assert person.page.locator("[data-question]").count() > 0
    person.page.mouse.click(5, 300)
    person.page.clock.fast_forward(9 * 60_000)
    assert person.page.locator("[data-question]").count() > 0
    person.page.clock.fast_forward(61_000)
    person.page.clock.run_for(6_000)
    heading(person, "La tablette est verrouillée")
    assert person.sees("dix minutes sans geste")
    assert person.page.locator("[data-question]").count() == 0
    assert len(rows(person.page, "drafts")) == 1
    held = person.page.evaluate("navigator.locks.query().then(({ held }) => held.length)")
    assert held == 0
    person.page.go_back()
    assert person.page.locator("[data-question]").count() == 0


def test_a_code_that_is_not_copied_yet_outlives_the_idle_lock(
    runtime: Runtime, world: World
) -> None:
    """It is nowhere else once the testimony is sealed: the person could never withdraw."""
    furnish(runtime)
    person = prepare(world.person("councillor"))
    person.page.clock.install()
    person.go("/terrain/")
    unlock(person)
    begin(person, "Micro-trottoir")
    for name, value in (("accord_noter", "oui"), ("age", "25_39"), ("accord_citer", "oui")):
        person.page.locator(f'[data-question="{name}"] input[value="{value}"]').check()
    person.press("Arrêter l’entretien").press("Garder ce qui a été dit")
    heading(person, "Témoignage terminé")
    code = person.page.locator(".paper-code").inner_text()
    person.page.clock.run_for(5_000)
    person.page.clock.fast_forward(11 * 60_000)
    person.page.clock.run_for(6_000)
    assert person.page.locator(".paper-code").inner_text() == code
    assert not person.page.locator("#verrouiller").is_visible()
    person.press("Revenir à l’accueil")
    heading(person, "La tablette est verrouillée")


def test_the_keyboard_does_it_all(runtime: Runtime, world: World) -> None:
    furnish(runtime)
    person = prepare(world.person("councillor"))
    person.go("/terrain/")
    heading(person, "La tablette est verrouillée")
    person.page.locator("#phrase").focus()
    person.page.keyboard.type("quatre mots sans lien")
    person.page.keyboard.press("Enter")
    heading(person, "Bonjour")
    person.page.keyboard.press("Tab")
    person.page.keyboard.press("Enter")
    heading(person, "Commencer un témoignage")
    for _ in range(12):
        person.page.keyboard.press("Tab")
        if person.page.evaluate("document.activeElement.type") == "submit":
            break
    person.page.keyboard.press("Enter")
    person.page.wait_for_selector("[data-question]")
    assert len(rows(person.page, "drafts")) == 1


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_targets_are_big_in_light_and_in_dark(runtime: Runtime, world: World, scheme: str) -> None:
    furnish(runtime)
    person = prepare(world.person("councillor", color_scheme=scheme))
    person.go("/terrain/")
    unlock(person).look(f"terrain-accueil-{scheme}")
    small = """() => [...document.querySelectorAll("button, a.button, .choice")]
      .filter((one) => one.checkVisibility() && one.getBoundingClientRect().height < 48)
      .map((one) => one.outerHTML)"""
    person.page.set_viewport_size({"width": 360, "height": 800})
    assert person.page.evaluate(small) == []
    person.press("Commencer un témoignage")
    assert person.page.evaluate(small) == []
    person.look(f"terrain-commencer-{scheme}")


def test_a_screen_that_comes_too_late_is_never_shown_on_a_locked_tablet(
    runtime: Runtime, world: World
) -> None:
    """Going home and locking in the same instant: nothing of the home is left on the screen."""
    furnish(runtime)
    person = opened(world)
    for _ in range(5):
        person.press("Prête à partir")
        heading(person, "Prête à partir")
        person.page.evaluate(
            """() => {
              [...document.querySelectorAll("main button")].at(-1).click();
              document.querySelector("#verrouiller").click();
            }"""
        )
        heading(person, "La tablette est verrouillée")
        person.page.wait_for_timeout(200)
        heading(person, "La tablette est verrouillée")
        assert person.page.get_by_role("button", name="Prête à partir").count() == 0
        unlock(person)


def test_the_lock_button_saves_what_is_being_typed(runtime: Runtime, world: World) -> None:
    furnish(runtime)
    person = begin(opened(world))
    person.page.locator("[data-question] input[type=radio]").first.check()
    person.press("Verrouiller")
    heading(person, "La tablette est verrouillée")
    unlock(person)
    person.press("^Reprendre$")
    expect(person.page.locator("[data-question] input[type=radio]").first).to_be_checked()


def test_a_draft_open_in_another_tab_is_left_alone(runtime: Runtime, world: World) -> None:
    furnish(runtime)
    person = begin(opened(world))
    first, person.page = person.page, person.context.new_page()
    person.go("/terrain/")
    unlock(person)
    person.press("^Reprendre$")
    expect(person.page.get_by_role("alert")).to_contain_text("déjà ouvert dans un autre onglet")
    heading(person, "Bonjour")
    person.page.close()
    assert first.locator("[data-question]").count() > 0


def test_a_browser_that_cannot_seal_says_so(world: World) -> None:
    person = world.person()
    person.context.add_init_script(
        "Object.defineProperty(navigator, 'locks', { value: undefined })"
    )
    person.go("/terrain/")
    heading(person, "La tablette ne s’ouvre pas")
    assert person.sees("une adresse en https")


def test_a_closed_memory_says_so_and_erases_nothing(world: World) -> None:
    person = world.person()
    person.context.add_init_script(
        "IDBFactory.prototype.open = () => { throw new DOMException('closed', 'SecurityError'); }"
    )
    person.go("/terrain/")
    heading(person, "La tablette ne s’ouvre pas")
    assert person.sees("Rien n’a été effacé")


def test_a_refusal_of_the_server_is_said_on_the_home(runtime: Runtime, world: World) -> None:
    furnish(runtime)
    person = opened(world)
    world.person("councillor").go("/terrain/appareils").press("Révoquer")
    finished = finish(person, {"inconnue": "des mots"})
    expect(person.page.get_by_role("alert")).to_contain_text("n’est plus reconnue")
    line = person.page.locator(f'[data-testimony="{finished}"]')
    expect(line).to_contain_text("sur la tablette")
    person.page.reload()
    unlock(person)
    expect(person.page.get_by_text("rien ne part d’ici")).to_be_visible()
    person.page.get_by_role("link", name="Préparer de nouveau").click()
    person.page.wait_for_selector("#phrase")
    assert person.sees("n’est plus reconnue par Paroles")
    fill_phrase(person, "quatre mots sans lien")
    person.press("Préparer cette tablette")
    heading(person, "La tablette est prête")
    person.go("/terrain/")
    unlock(person)
    expect(line).to_contain_text("à voir", timeout=30_000)
