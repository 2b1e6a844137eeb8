"""A question of the review as people meet it: every page looked at, the keyboard, no JavaScript."""

from __future__ import annotations

import uuid

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

import factories
from survey_app.models import ReviewQuestion
from survey_app.runtime import Runtime
from survey_app.services import review
from tests.browser.person import World

pytestmark = pytest.mark.browser

WORDS = "Le banc est-il devant l’école ? " * 12
HOSTILE = f"<img src=x onerror=alert(1)> \u202eאבג {'x' * 80} 😀"


@pytest.fixture
def key(runtime: Runtime) -> uuid.UUID:
    """A testimony with Q01, in review."""
    with runtime.database.writing() as session:
        council = factories.council(session)
        actors = factories.actors(session, council)
        campaign = factories.campaign(session, council)
        row = factories.testimony(
            session,
            factories.meeting(session, campaign, actors["councillor"]),
            collector=actors["councillor"],
            questionnaire_version_id=campaign.questionnaires[0].id,
        )
        review.take(session, actors["councillor2"], row)
        return row.id


@pytest.mark.parametrize("javascript", [True, False])
def test_asked_answered_and_read(
    world: World, runtime: Runtime, key: uuid.UUID, javascript: bool
) -> None:
    reviewer = world.person("councillor2", javascript=javascript)
    reviewer.go(f"/relecture/temoignage/{key}").follow("Poser une question")
    if javascript:
        reviewer.look("question-poser")
    reviewer.page.get_by_label("À propos de quelle question").select_option(index=3)
    reviewer.write("Votre question", WORDS).press("Envoyer la question")
    expect(reviewer.page.get_by_text("Votre question est posée")).to_be_visible()
    assert reviewer.sees("en attente d’une réponse")
    if javascript:
        reviewer.look("question-posee")
        reviewer.go("/relecture/essai").look("question-file")

    collector = world.person("councillor", javascript=javascript).go("/collecte/")
    assert collector.sees("La relecture vous demande")
    assert not collector.sees("Karima")
    if javascript:
        collector.look("question-recueillir")
    collector.follow("^Répondre")
    assert not collector.sees("Karima")
    if javascript:
        collector.look("question-repondre")
    collector.write("Votre réponse", HOSTILE).press("Envoyer la réponse")
    expect(collector.page.get_by_text("C’est transmis")).to_be_visible()
    assert not collector.sees("La relecture vous demande")

    reviewer.go(f"/relecture/temoignage/{key}")
    expect(reviewer.page.get_by_text(HOSTILE)).to_be_visible()
    if javascript:
        reviewer.look("question-reponse")
        reviewer.follow("Corriger une faute").look("question-corriger")
    with runtime.database.reading() as session:
        assert session.scalars(select(ReviewQuestion.answer)).one() == HOSTILE


def test_i_do_not_know_any_more_by_keyboard(world: World, runtime: Runtime, key: uuid.UUID) -> None:
    reviewer = world.person("councillor2").go(f"/relecture/temoignage/{key}/question")
    reviewer.write("Votre question", "Où ?").press("Envoyer la question")
    collector = world.person("councillor").go("/collecte/").follow("^Répondre")
    button = collector.page.get_by_role("button", name="Je ne sais plus")
    collector.page.get_by_label("Votre réponse").focus()
    collector.page.keyboard.press("Tab")
    collector.page.keyboard.press("Tab")
    expect(button).to_be_focused()
    collector.page.keyboard.press("Enter")
    expect(collector.page.get_by_text("C’est transmis")).to_be_visible()
    assert reviewer.go(f"/relecture/temoignage/{key}").sees("« Je ne sais plus »")
