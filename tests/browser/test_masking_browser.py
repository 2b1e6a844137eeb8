"""The masking bench in a real browser: with a finger, with the keyboard, without any script."""

from __future__ import annotations

import uuid

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

import factories
from survey_app.models import Job, Redaction, Testimony
from survey_app.runtime import Runtime
from survey_app.services import jobs
from survey_app.services.works import WORKS
from tests.browser.person import CAPTURES, Person, World

pytestmark = pytest.mark.browser

SAID = (
    "Ma voisine Karima Traoré monte six étages avec ses sacs. Karima a un diabète. On a appelé"
    " monsieur Diallo au 06 39 98 12 34 ; le petit chien roux de la cour a aboyé."
)
LONG = (SAID + " ") * 18
HOSTILE = (
    "<script>document.title='pris'</script> Karima \"><img src=x onerror=alert(1)> "
    + "é" * 400
    + " \u202eRose\u202c מרים 👩🏽\u200d🏫 {{ 7*7 }} https://exemple.invalid/"
    + "a" * 300
)


def kept(runtime: Runtime, text: str, **fields: object) -> uuid.UUID:
    """A testimony to mask, whose profile is alone of its kind."""
    with runtime.database.writing() as session:
        council = factories.council(session)
        actors = factories.actors(session, council)
        held = factories.meeting(session, factories.campaign(session, council))
        mine = actors["councillor"].account_id
        version = held.campaign.questionnaires[0].id
        row = factories.testimony(
            session, held, text=text, state="reviewed", reviewer_id=mine,
            questionnaire_version_id=version, **fields,
        )  # fmt: skip
        return row.id


def bench(key: uuid.UUID) -> str:
    return f"/relecture/temoignage/{key}/masquage"


def accepted(runtime: Runtime, text: str) -> list[tuple[str, str]]:
    with runtime.database.reading() as session:
        rows = session.scalars(
            select(Redaction).where(Redaction.state == "accepted").order_by(Redaction.start)
        )
        return [(text[row.start : row.end], row.placeholder) for row in rows]


def tap_word(person: Person, words: str) -> None:
    """Tap the middle of a word of the plain text, as a finger does."""
    spot = person.page.evaluate(
        """(words) => {
          for (const span of document.querySelectorAll('#texte span[data-start]')) {
            const at = span.textContent.indexOf(words);
            if (at < 0) continue;
            const range = document.createRange();
            range.setStart(span.firstChild, at);
            range.setEnd(span.firstChild, at + words.length);
            span.scrollIntoView({ block: 'center' });
            const box = range.getBoundingClientRect();
            return { x: box.left + box.width / 2, y: box.top + box.height / 2 };
          }
        }""",
        words,
    )
    person.page.touchscreen.tap(spot["x"], spot["y"])


def test_with_a_finger_marks_are_answered_where_they_stand(world: World, runtime: Runtime) -> None:
    key = kept(runtime, SAID, profile={"genre": "femme", "situation": "retraite"})
    reader = world.person("councillor", has_touch=True).go(bench(key))
    page = reader.page
    page.set_viewport_size({"width": 360, "height": 740})
    assert reader.sees("C’est le seul témoignage du quartier Centre Ville")
    page.locator("#texte .proposed", has_text="Karima").first.tap()
    bar = page.locator("#repondre")
    expect(bar).to_be_visible()
    expect(bar).to_contain_text("Karima")
    expect(bar).to_contain_text("2 passages")
    page.screenshot(path=str(CAPTURES / "masquage-doigt-mot-360.png"))
    bar.get_by_role("button", name="Masquer", exact=True).tap()
    expect(page.locator("#texte mark")).to_have_count(2)
    expect(page.locator("#masque")).to_contain_text("[PRÉNOM 1] a un diabète")
    tap_word(reader, "petit")
    expect(page.get_by_label("Mots à masquer")).to_have_value("petit")
    tap_word(reader, "chien")
    expect(page.get_by_label("Mots à masquer")).to_have_value("petit chien")
    page.screenshot(path=str(CAPTURES / "masquage-doigt-choix-360.png"))
    page.get_by_role("button", name="Autre", exact=True).tap()
    expect(page.locator("#masque")).to_contain_text("[AUTRE 1] roux de la cour")
    page.get_by_role("button", name="Annuler").tap()
    expect(page.locator("#masque")).to_contain_text("le petit chien roux de la cour")
    page.get_by_role("button", name="Rétablir").tap()
    expect(page.locator("#masque")).to_contain_text("[AUTRE 1] roux de la cour")
    assert [words for words, _ in accepted(runtime, SAID)] == ["Karima", "Karima", "petit chien"]
    assert reader.complaints == []


def test_one_passage_is_shown_again_and_a_double_tap_answers_once(
    world: World, runtime: Runtime
) -> None:
    key = kept(runtime, SAID)
    reader = world.person("councillor", has_touch=True).go(bench(key))
    page = reader.page
    page.locator("#texte .proposed", has_text="Karima").first.tap()
    page.locator("#repondre").get_by_role("button", name="Masquer", exact=True).dblclick()
    expect(page.locator("#texte mark")).to_have_count(2)
    assert page.url.endswith("/masquage")
    page.locator("#texte .covered").last.tap()
    alone = page.get_by_role("button", name="Démasquer ce passage seul")
    page.locator("#texte .proposed").first.tap()
    expect(alone).to_be_hidden()
    page.locator("#texte .covered").last.tap()
    alone.tap()
    expect(page.locator("#texte mark")).to_have_count(1)
    assert accepted(runtime, SAID) == [("Karima", "[PRÉNOM 1]")]
    assert reader.complaints == []


def test_with_the_keyboard_alone_every_mark_gets_its_answer(world: World, runtime: Runtime) -> None:
    key = kept(runtime, SAID)
    reader = world.person("councillor").go(bench(key))
    page = reader.page
    press = page.keyboard.press
    press("ArrowRight")
    expect(page.locator("[data-mark][aria-current]")).to_have_text("Karima")
    press("ArrowRight")
    expect(page.locator("[data-mark][aria-current]")).to_have_text("Traoré")
    press("ArrowLeft")
    press("a")
    expect(page.locator("#texte mark")).to_have_count(2)
    focused = page.locator(":focus")
    expect(focused).to_have_text("Traoré")
    press("c")
    expect(page.locator("#repondre-categorie")).to_be_focused()
    page.locator("#repondre-categorie").select_option("AUTRE")
    press("Enter")
    expect(page.locator("#masque")).to_contain_text("[PRÉNOM 1] [AUTRE 1] monte")
    expect(focused).to_have_text("diabète")
    assert [name for _, name in accepted(runtime, SAID)] == [
        "[PRÉNOM 1]", "[AUTRE 1]", "[PRÉNOM 1]",
    ]  # fmt: skip


def test_keys_leave_unmask_and_undo_and_can_be_switched_off(world: World, runtime: Runtime) -> None:
    key = kept(runtime, SAID)
    page = world.person("councillor").go(bench(key)).page
    press, focused = page.keyboard.press, page.locator(":focus")
    page.locator("#texte .proposed", has_text="Traoré").focus()
    press("A")
    expect(focused).to_have_text("Karima")
    press("ArrowDown")
    expect(focused).to_have_text("diabète")
    press("r")
    expect(focused).to_have_text("Diallo")
    press("ArrowUp")
    press("ArrowUp")
    press("r")
    expect(page.locator("#texte mark")).to_have_count(0)
    expect(focused).to_have_text("Karima")
    press("z")
    expect(page.locator("#texte mark")).to_have_count(1)
    page.locator("#raccourcis summary").click()
    page.locator("#touches").uncheck()
    page.locator("#texte .proposed").first.focus()
    press("a")
    press("ArrowRight")
    expect(page.locator("#texte mark")).to_have_count(1)
    page.reload()
    expect(page.locator("#touches")).not_to_be_checked()
    assert accepted(runtime, SAID) == [("Traoré", "[NOM 1]")]


def test_the_last_answer_leads_to_the_button_that_confirms(world: World, runtime: Runtime) -> None:
    key = kept(runtime, "Karima attend.")
    reader = world.person("councillor").go(bench(key))
    page = reader.page
    page.keyboard.press("ArrowRight")
    page.keyboard.press("a")
    expect(page.locator("#confirmer button")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("La recherche des noms continue")
    assert reader.faults("masquage-recherche") == []
    reader.press("^Confirmer sans attendre$")
    expect(page.get_by_text("est masqué. Il peut être codé")).to_be_visible()
    with runtime.database.reading() as session:
        masked = session.get_one(Testimony, key).text("masked")
        assert masked is not None
        assert masked.text == "[PRÉNOM 1] attend."


def test_without_a_script_the_same_is_done_in_the_list(world: World, runtime: Runtime) -> None:
    key = kept(runtime, SAID)
    reader = world.person("councillor", javascript=False).go(bench(key))
    page = reader.page
    expect(page.locator("#repondre")).to_be_hidden()
    expect(page.locator("#raccourcis")).to_be_hidden()
    page.get_by_label("Catégorie de Traoré").select_option("AUTRE")
    reader.press("^Masquer Traoré$")
    reader.press("^Masquer Karima$")
    reader.write("Mots à masquer", "chien").press("^Rôle$")
    page.get_by_label("Catégorie de Traoré").select_option("NOM")
    reader.press("^Changer la catégorie de Traoré$")
    reader.press("^Tout laisser lisible$")
    assert accepted(runtime, SAID) == [
        ("Karima", "[PRÉNOM 1]"), ("Traoré", "[NOM 1]"), ("Karima", "[PRÉNOM 1]"),
        ("chien", "[RÔLE 1]"),
    ]  # fmt: skip
    reader.press("^Annuler").press("^Démasquer Karima$")
    expect(page.locator("#masque")).to_contain_text("Ma voisine Karima [NOM 1]")
    expect(page.locator("#propositions")).to_contain_text("diabète")


def test_nothing_to_mask_is_one_tap_once_names_were_looked_for(
    world: World, runtime: Runtime
) -> None:
    key = kept(runtime, "Le banc devant la mairie est cassé.")
    reader = world.person("councillor", has_touch=True).go(bench(key))
    with runtime.database.reading() as session:
        search = session.scalars(select(Job.id)).one()
    assert jobs.run(runtime, search, WORKS).state == "done"
    expect(reader.page.locator("#propositions .proposals")).to_have_count(0)
    reader.page.get_by_role("button", name="Rien à masquer").first.tap()
    expect(reader.page.get_by_text("est masqué. Il peut être codé")).to_be_visible()


@pytest.mark.parametrize(
    ("name", "text"), [("longue", LONG), ("hostile", HOSTILE), ("vide", "Le banc est cassé.")]
)
def test_the_bench_is_looked_at(world: World, runtime: Runtime, name: str, text: str) -> None:
    key = kept(runtime, text, profile={"genre": "femme", "situation": "retraite"})
    reader = world.person("councillor").go(bench(key))
    assert reader.faults(f"masquage-{name}") == []
    assert reader.page.title().startswith("Masquer le témoignage")
    if name == "vide":
        return
    reader.page.locator("#texte .proposed").first.focus()
    assert reader.faults(f"masquage-{name}-mot") == []
    reader.press("^Masquer$")
    expect(reader.page.locator("#texte mark").first).to_be_visible()
    assert reader.faults(f"masquage-{name}-masque") == []


def test_short_words_are_confirmed_together_in_two_taps(world: World, runtime: Runtime) -> None:
    key = kept(runtime, "Le banc devant la mairie est cassé.")
    with runtime.database.writing() as session:
        session.get_one(Testimony, key).meeting.method = "micro_trottoir"
    reader = world.person("councillor").go("/relecture/essai/rien-a-masquer")
    reader.choose("Rien à masquer dans le témoignage").press("Confirmer ceux que j’ai cochés")
    assert reader.sees("1 témoignage coché n’est pas confirmé. Rien n’est perdu")
    assert reader.faults("rien-a-masquer-recherche") == []
    reader.press("Confirmer sans attendre la recherche")
    assert reader.sees("Rien à masquer, confirmé pour 1.")
