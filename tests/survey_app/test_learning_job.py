"""The job that learns, for real: texts get suggestions, the trial is counted, nothing lingers."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

import factories
import learning_cases as cases
import pages
from survey_app.domain import Forbidden, Invalid
from survey_app.models import SuggestionReport, SuggestionSheet, Testimony
from survey_app.runtime import Runtime
from survey_app.services import (
    doubts,
    erasure,
    excerpts,
    grids,
    jobs,
    learning,
    suggestions,
    trust,
)
from survey_app.services.works import WORKS

ASK = {"campaign": "essai"}
Told = list[tuple[int, int, str]]


def learn(house: cases.House, told: Told | None = None) -> dict[str, Any]:
    said = [] if told is None else told
    who = house.actors["councillor"]
    return learning.work(house.runtime, who, ASK, lambda *step: said.append(step))


def sheets(runtime: Runtime) -> dict[str, SuggestionSheet]:
    with runtime.database.reading() as session:
        rows = session.scalars(select(SuggestionSheet))
        return {str(row.text_version_id): row for row in rows}


def test_every_text_to_code_gets_its_suggestions_and_the_trial_is_counted(
    runtime: Runtime, app: Flask
) -> None:
    house, told = cases.house(runtime), Told()
    done = learn(house, told)
    assert done == {"texts": 51, "sentences": 48, "learned": 2}
    shares = [step / total for step, total, _ in told]
    assert shares == sorted(shares)
    assert shares[-1] == 1
    with runtime.database.reading() as session:
        actor = house.actors["councillor"]
        row = session.get_one(Testimony, house.waiting[1])
        bench, book = excerpts.bench(session, actor, row), grids.of(session, actor, row.campaign)
        ((best, *_),) = suggestions.for_bench(session, bench, book)
        assert best.code == "LOG4"
        assert 0 < best.score <= 1
        assert best.words
        assert all(word in cases.ELSEWHERE.lower() for word in best.words)
        shown = trust.trust(session, actor, row.campaign)
        useful = doubts.useful(session, actor, row.campaign)
    assert {row.code for row in shown.rows if row.learned} == {"LOG4", "MOB1"}
    assert shown.sentences == 48
    assert shown.first.of > 0
    assert shown.first.share > 0.8
    assert all(row.right.of and row.found.of for row in shown.rows if row.learned)
    assert len(useful) == 3
    assert useful[0].testimony.id == house.waiting[0]
    assert {sheet.model for sheet in sheets(runtime).values()} == {"48 phrases codées"}
    html = pages.client_for(app, "councillor").get("/codage/essai/confiance").text
    assert "48 phrases codées. 2 codes appris." in " ".join(html.split())


def test_without_enough_codings_the_grid_speaks_and_it_says_so(
    runtime: Runtime, app: Flask
) -> None:
    house = cases.house(runtime, times=1)
    assert learn(house) == {"texts": 5, "sentences": 2, "learned": 0}
    assert {sheet.model for sheet in sheets(runtime).values()} == {"2 phrases codées"}
    html = " ".join(pages.client_for(app, "councillor").get("/codage/essai/confiance").text.split())
    assert "Aucun code n’a encore 20 codages" in html
    assert html.count("pas encore appris") == 2


def test_without_any_coding_the_grid_alone_suggests(runtime: Runtime) -> None:
    house = cases.house(runtime, times=0)
    assert learn(house) == {"texts": 3, "sentences": 0, "learned": 0}
    assert {sheet.model for sheet in sheets(runtime).values()} == {"grille"}
    with runtime.database.reading() as session:
        row = session.get_one(Testimony, house.waiting[1])
        actor = house.actors["councillor"]
        bench, book = excerpts.bench(session, actor, row), grids.of(session, actor, row.campaign)
        (offers,) = suggestions.for_bench(session, bench, book)
    assert "LOG" in {one.theme for one in offers}


def test_learning_again_replaces_and_follows_the_newest_text(runtime: Runtime) -> None:
    house = cases.house(runtime, times=1)
    learn(house)
    before = sheets(runtime)
    with runtime.database.writing() as session:
        row = session.get_one(Testimony, house.waiting[0])
        old = row.text("masked")
        assert old is not None
        again = cases.masked_again(session, row, "Le bus ne passe plus. Tant pis.")
        session.get_one(Testimony, house.waiting[2]).state = "set_aside"
    learn(house)
    after = sheets(runtime)
    assert str(old.id) in before
    assert str(old.id) not in after
    assert len(after[str(again)].sentences) == 2
    assert len(after) == len(before) - 1
    with runtime.database.reading() as session:
        assert len(session.scalars(select(SuggestionReport)).all()) == 1


def test_a_testimony_withdrawn_meanwhile_leaves_nothing(runtime: Runtime) -> None:
    house = cases.house(runtime, times=1)
    gone = house.waiting[0]

    def withdrawn(done: int, total: int, message: str) -> None:
        if message.startswith("Suggestions :"):
            with runtime.database.writing() as session:
                erasure.erase(session, house.actors["coordinator"], runtime, gone, "decision")

    learning.work(runtime, house.actors["coordinator"], ASK, withdrawn)
    with runtime.database.reading() as session:
        rows = session.scalars(select(SuggestionSheet)).all()
        said = "".join(str(row.sentences) for row in rows)
    assert len(rows) == 4
    assert "porte" not in said
    assert "repeint" not in said


def test_a_campaign_without_masked_text_is_refused_in_words(runtime: Runtime) -> None:
    with runtime.database.writing() as session:
        council = factories.council(session)
        actors = factories.actors(session, council)
        job = jobs.create(session, actors["councillor"], learning.KIND, None, campaign="essai")
        factories.campaign(session, council)
    with pytest.raises(Invalid):
        learning.work(runtime, actors["coordinator"], ASK, lambda *_: None)
    ended = jobs.run(runtime, job.id, WORKS)
    assert (ended.state, ended.message) == (
        "failed",
        "Cette campagne n’a encore aucun témoignage masqué. "
        "Relisez et masquez au moins un témoignage, puis recommencez.",
    )


def test_a_reader_is_refused(runtime: Runtime) -> None:
    house = cases.house(runtime, times=1)
    for login in ("reader", "admin", "dpo"):
        with pytest.raises(Forbidden):
            learning.work(runtime, house.actors[login], ASK, lambda *_: None)
    assert sheets(runtime) == {}
