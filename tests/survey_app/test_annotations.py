"""Words read once in a council, never across councils, and gone with the last who said them."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from sqlalchemy import select

import factories
import results_cases as cases
from analysis import annotation, french
from survey_app.models import Annotation, Campaign, Job, TextVersion
from survey_app.runtime import Runtime
from survey_app.services import analyses, annotations, corpus, erasure, jobs, masking_proposals
from survey_app.services.works import WORKS

SAME = "Le bus passe trop tard."


@pytest.fixture
def house(runtime: Runtime) -> cases.House:
    return cases.house(runtime)


@pytest.fixture
def given(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The texts that go through spaCy."""
    seen: list[str] = []
    real = french.entries

    def spied(texts: dict[str, str]) -> dict[str, str]:
        seen.extend(texts.values())
        return real(texts)

    monkeypatch.setattr(french, "entries", spied)
    return seen


def say(house: cases.House, *texts: str) -> list[uuid.UUID]:
    with house.runtime.database.writing() as session:
        campaign = session.get_one(Campaign, house.campaign.id)
        meeting = factories.meeting(session, campaign)
        return [factories.testimony(session, meeting, masked=text).id for text in texts]


def analyse(house: cases.House) -> None:
    coordinator = house.actors["coordinator"]
    analyses.work(house.runtime, coordinator, {"campaign": "essai"}, lambda *step: None)


def kept(runtime: Runtime, text: str) -> int:
    with runtime.database.reading() as session:
        query = select(Annotation).where(Annotation.text_hash == french.text_hash(text))
        return len(session.scalars(query).all())


def test_equal_texts_are_read_once_and_each_has_its_row(
    house: cases.House, given: list[str]
) -> None:
    say(house, SAME, SAME)
    analyse(house)
    assert given.count(SAME) == 1
    assert kept(house.runtime, SAME) == 2
    say(house, SAME)
    analyse(house)
    assert given.count(SAME) == 1
    assert kept(house.runtime, SAME) == 3
    assert len(given) == len(set(given)) == 6


def test_the_words_are_those_of_the_texts(house: cases.House) -> None:
    say(house, SAME, "Un banc.")
    coordinator = house.actors["coordinator"]
    with house.runtime.database.reading() as session:
        loaded = corpus.load(session, coordinator, house.campaign)
    told: list[tuple[int, int, str]] = []
    for _ in range(2):
        found = annotations.annotated(
            house.runtime, coordinator, loaded, lambda *step: told.append(step)
        )
        texts = {one.id: one.text for one in loaded.corpus.testimonies}
        assert found == french.annotate(texts)
    assert [step[:2] for step in told] == [(0, 14), (7, 14), (7, 14)]


def test_a_reading_goes_when_the_last_who_said_it_withdraws(house: cases.House) -> None:
    first, second = say(house, SAME, SAME)
    analyse(house)
    for gone, left in ((first, 1), (second, 0)):
        with house.runtime.database.writing() as session:
            erasure.erase(session, house.actors["coordinator"], house.runtime, gone, "decision")
        assert kept(house.runtime, SAME) == left


def test_another_council_reads_its_own(house: cases.House, given: list[str]) -> None:
    say(house, SAME)
    analyse(house)
    with house.runtime.database.writing() as session:
        council = factories.council(session, name="Conseil d’à côté")
        actors = factories.actors(session, council, suffix="-cote")
        campaign = factories.campaign(session, council, slug="cote")
        factories.testimony(session, factories.meeting(session, campaign), masked=SAME)
    ask = {"campaign": "cote"}
    analyses.work(house.runtime, actors["coordinator"], ask, lambda *step: None)
    assert given.count(SAME) == 2
    with house.runtime.database.reading() as session:
        councils = session.scalars(
            select(Annotation.council_id).where(Annotation.text_hash == french.text_hash(SAME))
        ).all()
    assert set(councils) == {house.campaign.council_id, council.id}


def test_another_version_of_the_model_reads_again(
    house: cases.House, given: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    analyse(house)
    before = len(given)
    monkeypatch.setattr(french, "pipeline_id", lambda: "fr_core_news_md-9")
    analyse(house)
    assert len(given) == 2 * before
    with house.runtime.database.reading() as session:
        assert set(session.scalars(select(Annotation.pipeline))) == {"fr_core_news_md-9"}


def test_a_reading_of_names_is_no_reading_of_words(house: cases.House, given: list[str]) -> None:
    """The same text, to mask for one testimony and masked for another."""
    with house.runtime.database.writing() as session:
        meeting = factories.meeting(session, session.get_one(Campaign, house.campaign.id))
        row = factories.testimony(session, meeting, text=SAME)
        row.state = "reviewed"
        raw = row.texts[0].id
    masker = house.actors["coordinator"]
    masking_proposals.work(house.runtime, masker, {"campaign": "essai"}, lambda *step: None)
    assert kept(house.runtime, SAME) == 1
    say(house, SAME)
    analyse(house)
    assert given.count(SAME) == 1
    with house.runtime.database.reading() as session:
        assert masking_proposals.reading(session, session.get_one(TextVersion, raw)) == ()
    assert kept(house.runtime, SAME) == 2


def test_a_stopped_analysis_keeps_its_batches_and_resumes(
    house: cases.House, given: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(annotation, "TOGETHER", 2)
    monkeypatch.setattr(jobs, "SECONDS_BETWEEN_WRITES", 0)
    runtime, coordinator = house.runtime, house.actors["coordinator"]

    def asked() -> uuid.UUID:
        with runtime.database.writing() as session:
            return jobs.create(
                session, coordinator, "analyse", house.campaign.id, campaign="essai"
            ).id

    first = asked()

    def stops(done: int, total: int, message: str) -> None:
        if message.startswith("Lecture des mots : 2"):
            with runtime.database.writing() as session:
                jobs.stop(session, coordinator, session.get_one(Job, first))

    ended = jobs.run(runtime, first, WORKS, stops)
    assert (ended.state, ended.message, ended.result) == ("stopped", jobs.STOPPED, {})
    assert ended.finished_at is not None
    assert len(given) == 2
    with runtime.database.reading() as session:
        assert len(session.scalars(select(Annotation)).all()) == 2
        assert analyses.latest(session, coordinator, house.campaign) is None
    done: Any = jobs.run(runtime, asked(), WORKS)
    assert done.state == "done"
    assert len(given) == len(set(given)) == 5


def test_processes_read_the_same_words(house: cases.House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(annotation, "TOGETHER", 1)
    object.__setattr__(house.runtime.settings, "scheduler", "processes")
    analyse(house)
    with house.runtime.database.reading() as session:
        rows = session.execute(
            select(TextVersion.text, Annotation.document).join(
                Annotation, Annotation.text_version_id == TextVersion.id
            )
        ).all()
    assert len(rows) == 5
    assert all(french.kept(entry, text) == french.annotate({"": text})[""] for text, entry in rows)
