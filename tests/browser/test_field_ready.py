"""« Prête à partir ? »: what is said is what is true."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

import factories
from survey_app.models import Campaign, Meeting
from survey_app.runtime import Runtime
from tests.browser.person import Person, World
from tests.browser.tablet import furnish, heading, opened

pytestmark = pytest.mark.browser


def point(person: Person, title: str) -> str:
    card = person.page.locator("li.card", has=person.page.get_by_role("heading", name=title))
    return " ".join(card.inner_text().split())


def test_what_is_aboard_is_told_campaign_by_campaign(runtime: Runtime, world: World) -> None:
    furnish(runtime)
    person = opened(world)
    person.press("Prête à partir")
    heading(person, "Prête à partir")
    said = point(person, "Vivre ici")
    assert "2 questionnaires à bord" in said
    assert "1 rencontre." in said
    assert "prêt" in said
    assert "prêt" in point(person, "Sans réseau")
    assert "Rien n’attend" in point(person, "Envois")
    assert "prêt" in point(person, "Dernier contact")
    assert "sur cette tablette" in point(person, "Place libre")
    person.look("terrain-prete")
    person.press("Revenir à l’accueil")
    heading(person, "Bonjour")


def test_a_meeting_planned_since_comes_aboard_when_asked(runtime: Runtime, world: World) -> None:
    mine = furnish(runtime)
    person = opened(world)
    with runtime.database.writing() as session:
        found = session.get_one(Meeting, mine.id)
        campaign = session.get_one(Campaign, found.campaign_id)
        row = factories.meeting(session, campaign, None, place="au marché", state="planned")
        row.created_by = found.created_by
    person.press("Prête à partir")
    heading(person, "Prête à partir")
    person.press("Vérifier de nouveau")
    expect(person.page.get_by_text("2 rencontres")).to_be_visible()


def test_offline_it_says_that_nothing_could_be_compared(runtime: Runtime, world: World) -> None:
    furnish(runtime)
    person = opened(world)
    person.context.set_offline(True)
    person.press("Prête à partir")
    person.press("Vérifier de nouveau")
    expect(person.page.get_by_text("Le réseau ne répond pas")).to_be_visible()
    assert "2 questionnaires à bord" in point(person, "Vivre ici")
    person.look("terrain-prete-hors-reseau")


def test_a_revoked_tablet_says_so_and_keeps_all(runtime: Runtime, world: World) -> None:
    furnish(runtime)
    person = opened(world)
    desk = world.person("councillor")
    desk.go("/terrain/appareils").press("Révoquer")
    person.press("Prête à partir")
    person.press("Vérifier de nouveau")
    expect(person.page.get_by_text("n’est plus reconnue").first).to_be_visible()
    assert "à voir" in point(person, "Dernier contact")
    assert "2 questionnaires à bord" in point(person, "Vivre ici")
