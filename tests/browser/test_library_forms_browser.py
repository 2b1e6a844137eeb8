"""Every testimony questionnaire of the library, filled in the browser, with a script or not."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Any

import pytest
from sqlalchemy import select

import factories
from questionnaires import adapt, answers, library
from questionnaires.model import TESTIMONY, Questionnaire
from questionnaires.relevance import plain
from survey_app.models import Attachment, Testimony
from survey_app.runtime import Runtime
from survey_app.services import campaign_fields, campaigns, publishing
from tests.browser.filler import Filler, leading, plan
from tests.browser.person import Person, World

NAMES = [name for name in library.names() if library.load(name).usage == TESTIMONY]
ACTIONS = campaign_fields.actions_from("Atelier vélo\nJardin partagé")
PLACES = {"halles": "Les Halles"}  # the sector that the factory draws

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@dataclass(frozen=True)
class Place:
    """Where one questionnaire is asked: its meeting, and the version to choose."""

    meeting: uuid.UUID
    version: uuid.UUID
    asked: Questionnaire


def settle(runtime: Runtime, name: str) -> Place:
    """A running campaign that asks this questionnaire, and an open meeting of its method."""
    with runtime.database.writing() as session:
        council = factories.council(session)
        actors = factories.actors(session, council)
        campaign = factories.campaign(session, council)
        campaign.actions = ACTIONS
        campaign.context_figure = "Un habitant sur quatre a moins de 15 ans (chiffre inventé)."
        version = publishing.questionnaires(session, actors["coordinator"], [name])[0]
        campaign.questionnaires = [version]
        whole = library.load(name)
        meeting = factories.meeting(session, campaign, actors["councillor"])
        meeting.method = whole.method.replace("-", "_")
        asked = adapt.with_lists(whole, campaigns.lists(campaign))
        return Place(meeting.id, version.id, asked)


def begin(person: Person, place: Place) -> None:
    person.go(f"/collecte/commencer?rencontre={place.meeting}")
    person.page.locator(f'[name="questionnaire"][value="{place.version}"]').check()
    person.press("^Commencer$")


def same(kept: Any, said: Any) -> bool:
    """Whether what is stored is what was answered; a photo is kept under an id of its own."""
    if said == "photo":
        return isinstance(kept, str) and uuid.UUID(kept).version is not None
    if isinstance(said, list) and said and isinstance(said[0], dict):
        return len(kept) == len(said) and not any(map(differences, kept, said))
    return bool(kept == said)


def differences(kept: dict[str, Any], said: dict[str, Any]) -> dict[str, tuple[Any, Any]]:
    """What is stored and what was answered, for each question where they differ."""
    both = {name: (kept.get(name), said.get(name)) for name in kept | said}
    return {name: pair for name, pair in both.items() if not same(*pair)}


@pytest.mark.parametrize("javascript", [True, False], ids=["script", "plain"])
@pytest.mark.parametrize("name", NAMES)
def test_every_testimony_form_is_filled_and_kept(
    runtime: Runtime, world: World, name: str, javascript: bool
) -> None:
    place = settle(runtime, name)
    person = world.person("councillor", javascript=javascript)
    begin(person, place)
    whole = adapt.testimony_part(place.asked)
    filler = Filler(person, whole, PLACES, last=javascript)
    filler.go_through(look=javascript)
    assert "/relire" in person.page.url
    if javascript:
        person.look(f"q-{name[:3]}-relire")
    person.press("^Terminer$")
    assert "/recu/" in person.page.url, person.page.inner_text("main")[:600]
    with runtime.database.reading() as session:
        stored = session.scalars(select(Testimony)).one()
        assert differences(stored.answers, filler.kept) == {}
        words, _ = answers.open_text(whole, answers.from_json(stored.answers))
        assert stored.text("raw").text == words
        assert stored.persons == max(1, filler.kept.get("presents", 1))
        photos = session.scalars(select(Attachment.testimony_id)).all()
        assert set(photos) <= {stored.id}
    assert person.complaints == []


def test_the_two_ways_between_them_ask_every_question() -> None:
    """First choices and last choices together open every branch of every questionnaire."""
    unasked: dict[str, set[str]] = {}
    for name in NAMES:
        asked = adapt.with_lists(library.load(name), {"actions": {"velo": "Vélo"}})
        whole = adapt.testimony_part(asked)
        seen: set[str] = set()
        for last in (False, True):
            given: dict[str, Any] = {}
            for question in whole.asked_once:
                speaks = question.name in leading(whole)
                given[question.name] = plan(question, 1, speaks, last=last)
            relevant = answers.relevant_answers(whole, given)
            seen |= {question for question in relevant if plain(relevant[question]) is not None}
        once = {question.name for question in whole.asked_once if not question.is_note}
        if once - seen:
            unasked[name] = once - seen
    allowed = {"accord_parent", "accord_parent_ecrit", "seize_ans", "trop_jeune"}
    assert {name: left - allowed for name, left in unasked.items() if left - allowed} == {}
