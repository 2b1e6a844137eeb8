"""Every shipped questionnaire can be filled: each of its pages opens, and it is deposited."""

from __future__ import annotations

import re
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from every_type import open_walk, publish
from interviews import begin, draft_id, step
from pages import client_for
from questionnaires import library
from questionnaires.model import TESTIMONY, Question, Questionnaire
from questionnaires.relevance import asked
from survey_app.models import Campaign, Draft, Meeting, Testimony
from survey_app.runtime import Runtime
from survey_app.services import collection, starting

NAMES = [name for name in library.names() if library.load(name).usage == TESTIMONY]
ACTIONS = [{"name": "jardin", "label": "Le jardin partagé"}]
SAID = {
    "relecture": "oui",
    "accord_noter": "oui",
    "age": "25_39",
    "accord_citer": "oui",
    "presents": 4,
}


def an_answer(question: Question, rank: int) -> Any:
    """A good answer: the first or the last choice, a few words, a number, a day."""
    if question.type in {"select_multiple", "rank"}:
        return [question.choices[rank].name]
    if question.choices:
        return question.choices[rank].name
    plain = {"integer": 1, "date": "2026-03-01", "time": "10:00", "dateTime": "2026-03-01T10:00"}
    return plain.get(question.type, {"place": "halles", "image": None}.get(question.type, "Ici."))


def fill(whole: Questionnaire, rank: int) -> dict[str, Any]:
    """Answers to everything that is asked, section after section, one entry where it repeats."""
    given: dict[str, Any] = {}
    for section in whole.sections:
        entry: dict[str, Any] = {}
        for question in section.questions:
            now = [item.name for item in asked(whole, given).get(section.name, ())]
            if question.is_note or (question.name not in now and not section.is_repeat):
                continue
            value = SAID.get(question.name, an_answer(question, rank))
            (entry if section.is_repeat else given)[question.name] = value
        if section.is_repeat:
            given[section.name] = [{k: v for k, v in entry.items() if v is not None}]
    return {name: value for name, value in given.items() if value is not None}


@pytest.mark.parametrize("rank", [0, -1])
@pytest.mark.parametrize("name", NAMES)
def test_each_page_opens_and_the_whole_is_stored(
    app: Flask, runtime: Runtime, name: str, rank: int
) -> None:
    place = open_walk(runtime, library.load(name), actions=ACTIONS, context_figure="12 % (2023)")
    me = client_for(app, "councillor")
    path = begin(me, place, "QX")
    with runtime.database.writing() as session:
        draft = session.get_one(Draft, draft_id(path))
        draft.answers = fill(collection.questionnaire(draft), rank)
        sections = collection.sections(draft)
    assert len(sections) > 1
    for section in sections:
        address = step(path, section.name)
        page = me.get(address)
        assert page.status_code == 200, section.name
        assert "{" not in re.sub(r"<[^>]+>", "", page.get_data(as_text=True)), section.name
        if section.is_repeat:
            assert me.get(f"{address}/1").status_code == 200
            assert me.get(f"{address}/2").status_code in {200, 404}
    review = path.split("/etape/")[0] + "/relire"
    assert me.get(review).status_code == 200
    done = me.send(review, {})
    assert done.status_code == 303, done.get_data(as_text=True)[:3000]
    with runtime.database.reading() as session:
        assert session.scalars(select(Testimony)).one().state == "to_review"


def test_the_actions_of_the_campaign_are_among_the_choices(app: Flask, runtime: Runtime) -> None:
    place = open_walk(runtime, library.load("Q06-evaluation-contrat-de-ville"), actions=ACTIONS)
    path = begin(client_for(app, "councillor"), place, "QX")
    with runtime.database.reading() as session:
        draft = session.get_one(Draft, draft_id(path))
        offered = [
            question.choice("jardin") is not None
            for question in collection.questionnaire(draft).questions
            if question.choices
        ]
    assert any(offered)


def test_only_what_collects_testimonies_is_offered_and_a_sheet_is_found(
    runtime: Runtime,
) -> None:
    place = open_walk(runtime, library.load("Q04-porteur-de-paroles"))
    with runtime.database.writing() as session:
        campaign = session.get_one(Campaign, place["campaign"])
        publish(session, campaign, library.load("Q07-compte-rendu-de-debat"))
        meeting = session.get_one(Meeting, place["meeting"])
        assert "Q07-compte-rendu-de-debat" not in {v.name for v in starting.offered(meeting)}
        assert starting.meeting_sheets(meeting) == []
        meeting.method = "porteur_de_paroles"
        assert [v.name for v in starting.meeting_sheets(meeting)] == ["Q04-porteur-de-paroles"]
