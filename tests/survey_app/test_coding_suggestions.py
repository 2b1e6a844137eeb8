"""Suggestions in the bench: two taps, and nothing counts before a person accepts."""

from __future__ import annotations

import re
import uuid

import pytest
from flask import Flask
from sqlalchemy import func, select

import factories
import pages
from survey_app.domain import Forbidden
from survey_app.models import Annotation, Coding, Testimony
from survey_app.permissions import Actor
from survey_app.runtime import Runtime
from survey_app.services import coding, excerpts, grids, jobs, suggestions
from survey_app.services.works import WORKS

TEXT = "Le loyer monte et l’ascenseur tombe. On l’a prévenue cent fois. [PRÉNOM 1] est là."


@pytest.fixture
def house(runtime: Runtime) -> tuple[uuid.UUID, dict[str, Actor]]:
    with runtime.database.writing() as session:
        council = factories.council(session)
        actors = factories.actors(session, council)
        factories.account(session, council, "novice", "councillor")
        held = factories.meeting(session, factories.campaign(session, council))
        return factories.testimony(session, held, text=TEXT, masked=TEXT).id, actors


def put(runtime: Runtime) -> list[tuple[str, str, str]]:
    with runtime.database.reading() as session:
        query = select(Coding.code, Coding.origin, Coding.state).order_by(Coding.created_at)
        return [(code, origin, state) for code, origin, state in session.execute(query)]


def test_each_sentence_has_its_suggestions_and_their_words(
    runtime: Runtime, app: Flask, house: tuple[uuid.UUID, dict[str, Actor]]
) -> None:
    page = f"/codage/temoignage/{house[0]}"
    html = pages.client_for(app, "councillor").get(page).text
    first, *rest = html.split('id="phrase-')[1:]
    assert "parce que\u00a0: loyer, ascenseur" in first
    assert "LOG4" in first
    assert 'class="hints"' not in rest[-1].split('id="codes"')[0]
    assert put(runtime) == []
    novice = pages.client_for(app, "novice").get(page).text
    assert 'class="hints"' not in novice


def test_two_taps_code_and_say_where_it_came_from(
    runtime: Runtime, app: Flask, house: tuple[uuid.UUID, dict[str, Actor]]
) -> None:
    coder, page = pages.client_for(app, "councillor"), f"/codage/temoignage/{house[0]}"
    shown = re.search(r'name="version"[^>]*value="([^"]+)"', coder.get(page).text)
    assert shown
    sent = {"version": shown[1], "phrase": "0"}
    assert coder.send(page, sent | {"suggestion": "LOG4"}).status_code == 303
    assert put(runtime) == [("LOG4", "suggestion", "validated")]
    html = coder.get(page).text
    assert re.search(r'id="repeter" name="code" value="LOG4"', html)
    coder.send(f"{page}/annuler", {}, page=page)
    assert 'id="repeter"' not in coder.get(page).text
    coder.send(page, sent | {"code": "LOG4"})
    assert put(runtime) == [("LOG4", "hand", "validated")]
    assert coder.send(page, sent | {"suggestion": "SIG"}).status_code == 422


def test_the_job_reads_lemmas_once_and_they_suggest_more(
    runtime: Runtime, house: tuple[uuid.UUID, dict[str, Actor]]
) -> None:
    key, actors = house
    assert "CIT" not in themes(runtime, house, 1)
    with runtime.database.writing() as session:
        who = actors["evaluator"]
        job = jobs.create(session, who, "words", None, campaign="essai")
    ended = jobs.run(runtime, job.id, WORKS)
    assert (ended.state, ended.result) == ("done", {"texts": 1})
    assert "CIT" in themes(runtime, house, 1)
    with runtime.database.writing() as session:
        again = jobs.create(session, who, "words", None, campaign="essai")
    assert jobs.run(runtime, again.id, WORKS).result == {"texts": 0}
    with runtime.database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Annotation)) == 1
        assert session.get_one(Testimony, key).state == "masked"


def themes(runtime: Runtime, house: tuple[uuid.UUID, dict[str, Actor]], sentence: int) -> set[str]:
    with runtime.database.reading() as session:
        testimony = session.get_one(Testimony, house[0])
        actor = house[1]["councillor"]
        bench = excerpts.bench(session, actor, testimony)
        book = grids.of(session, actor, testimony.campaign)
        return {one.theme for one in suggestions.for_bench(session, bench, book)[sentence]}


def test_the_job_is_refused_to_who_may_not_read(
    runtime: Runtime, house: tuple[uuid.UUID, dict[str, Actor]]
) -> None:
    with pytest.raises(Forbidden):
        suggestions.work(runtime, house[1]["reader"], {"campaign": "essai"}, lambda *_: None)


def test_a_hand_made_coding_says_so(
    runtime: Runtime, house: tuple[uuid.UUID, dict[str, Actor]]
) -> None:
    with runtime.database.writing() as session:
        testimony = session.get_one(Testimony, house[0])
        coding.code_sentences(session, house[1]["councillor"], testimony, [0], ["LOG2"])
    assert put(runtime) == [("LOG2", "hand", "validated")]
