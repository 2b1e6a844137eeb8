"""The desk in a real browser: words selected with the finger or mouse, and coding in two taps."""

from __future__ import annotations

import pytest
from sqlalchemy import select

import factories
from survey_app.models import Coding, Excerpt, Redaction, Testimony
from survey_app.runtime import Runtime
from tests.browser.person import World

pytestmark = pytest.mark.browser

SELECT = """(words) => {
  for (const span of document.querySelectorAll('#texte [data-start]')) {
    const at = span.textContent.indexOf(words);
    if (at < 0) continue;
    const range = document.createRange();
    range.setStart(span.firstChild, at);
    range.setEnd(span.firstChild, at + words.length);
    document.getSelection().removeAllRanges();
    document.getSelection().addRange(range);
    return;
  }
}"""


def test_selected_words_are_masked_exactly_whatever_comes_before(
    world: World, runtime: Runtime
) -> None:
    """Emoji count two in JavaScript and one here: the offsets must still fall on the words."""
    text = "😀👩🏽\u200d🏫 e\u0301té אבג : Karima 🎉 et Paul. Karima rit."
    with runtime.database.writing() as session:
        council = factories.council(session)
        actors = factories.actors(session, council)
        held = factories.meeting(session, factories.campaign(session, council))
        row = factories.testimony(
            session, held, text=text, state="reviewed",
            reviewer_id=actors["councillor"].account_id,
        )  # fmt: skip
        key = row.id
    reader = world.person("councillor").go(f"/relecture/temoignage/{key}/masquage")
    for words, everywhere in (("Paul", False), ("Karima", True)):
        reader.page.evaluate(SELECT, words)
        reader.page.wait_for_function(
            "(words) => document.getElementById('words').value === words", arg=words
        )
        reader.page.get_by_label("Partout où ces mots apparaissent").set_checked(everywhere)
        with reader.page.expect_navigation():
            reader.press("^Prénom$")
    with runtime.database.reading() as session:
        covered = select(Redaction).where(Redaction.state == "accepted")
        rows = session.scalars(covered.order_by(Redaction.start)).all()
        assert [text[row.start : row.end] for row in rows] == ["Karima", "Paul", "Karima"]
    reader.press("Confirmer le masquage").press("Confirmer sans attendre")
    with runtime.database.reading() as session:
        masked = session.get_one(Testimony, key).text("masked")
        assert masked is not None
        assert masked.text == (
            "😀👩🏽\u200d🏫 e\u0301té אבג : [PRÉNOM 1] 🎉 et [PRÉNOM 2]. [PRÉNOM 1] rit."
        )
    assert reader.complaints == []


@pytest.mark.parametrize("javascript", [True, False])
def test_a_sentence_is_coded_in_two_taps(world: World, runtime: Runtime, javascript: bool) -> None:
    with runtime.database.writing() as session:
        council = factories.council(session)
        factories.actors(session, council)
        held = factories.meeting(session, factories.campaign(session, council))
        key = factories.testimony(session, held, masked="Le hall est sale. Le bus passe.").id
    coder = world.person("councillor", javascript=javascript).go(f"/codage/temoignage/{key}")
    coder.page.get_by_label("Le bus passe.").check()
    coder.press("^MOB ")
    coder.page.wait_for_selector(".chip")
    coder.page.get_by_label("Le hall est sale.").check()
    coder.write("Chercher un code", "escalier")
    if not javascript:
        coder.press("^Chercher$")
    coder.press("^LOG4 ")
    coder.page.wait_for_selector(".chip >> nth=1")
    with runtime.database.reading() as session:
        query = select(Excerpt.quote, Coding.code).join(Coding).order_by(Excerpt.number)
        assert [tuple(row) for row in session.execute(query)] == [
            ("Le bus passe.", "MOB"),
            ("Le hall est sale.", "LOG4"),
        ]
    assert coder.complaints == []
