"""The page of trust and the useful texts in a real browser: looked at, and gone through."""

from __future__ import annotations

import pytest

import learning_cases as cases
from analysis.suggestions import Suggestion
from survey_app.models import Testimony
from survey_app.runtime import Runtime
from survey_app.services import outcomes
from tests.browser.person import World

pytestmark = pytest.mark.browser


def test_trust_is_read_and_leads_to_the_sentence_in_doubt(world: World, runtime: Runtime) -> None:
    house = cases.house(runtime, times=3)
    with runtime.database.writing() as session:
        cases.reported(session, house)
        cases.suggested(session, house, {house.waiting[0]: 0.4, house.waiting[1]: 0.8})
        spoken = session.get_one(Testimony, house.waiting[0])
        for place, (code, theme) in enumerate([("LOG4", "LOG"), ("MOB1", "MOB"), ("HOR", "")]):
            shown = [Suggestion(code, theme, 0.8, ("bus",))]
            coder = house.actors["councillor"]
            outcomes.note(session, coder, spoken, place, place + 9, shown, {"LOG4"})
    coder = world.person("councillor").go("/codage/essai/confiance")
    assert coder.faults("confiance") == []
    assert coder.sees("Bus et transports collectifs")
    assert coder.sees("9 fois sur 10")
    coder.page.get_by_label("Ranger par").select_option("proposes")
    coder.press("^Ranger$")
    assert "tri=proposes" in coder.page.url
    coder.page.get_by_text("Comment lire ce tableau").click()
    assert coder.faults("confiance-lire") == []
    coder.follow("les plus utiles à coder")
    assert coder.faults("utiles") == []
    coder.page.get_by_role("listitem").get_by_role("link", name="Témoignage").first.click()
    assert coder.page.url.endswith(f"{house.waiting[1]}#phrase-0")


def test_an_empty_campaign_says_what_to_do(world: World, runtime: Runtime) -> None:
    cases.house(runtime, times=0)
    coder = world.person("coordinator").go("/codage/essai/confiance")
    assert coder.faults("confiance-vide") == []
    coder.press("Apprendre des codages")
    assert coder.sees("En attente")
    assert coder.faults("apprentissage") == []
    coder.follow("Revenir en arrière")
    assert coder.sees("Un apprentissage est en cours")
    coder.go("/codage/essai/utiles")
    assert coder.faults("utiles-vide") == []
