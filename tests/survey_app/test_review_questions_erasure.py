"""Question and answer leave with the testimony, and at its masking: nothing stays on the disk."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select

import factories
import results_cases as cases
from conftest import settings_in
from review_cases import YES, collected
from survey_app.models import Campaign, ReviewQuestion, Testimony
from survey_app.permissions import Actor
from survey_app.runtime import Runtime
from survey_app.services import erasure, masking, review, withdrawal
from survey_app.services import review_questions as questions

MARKERS = ("marqueurdelaquestion", "marqueurdelareponse")
Asked = tuple[Runtime, dict[str, Actor], uuid.UUID]


@pytest.fixture
def plain(tmp_path: Path) -> Iterator[Runtime]:
    """An installation without encryption: what it forgets must really be gone from the disk."""
    started = Runtime.start(settings_in(tmp_path / "house", plain_sqlite=True))
    started.database.upgrade()
    yield started
    started.database.close()


@pytest.fixture
def asked(plain: Runtime) -> Asked:
    """A testimony in review with a question, its answer, and one still open."""
    with plain.database.writing() as session:
        council = factories.council(session)
        actors = factories.actors(session, council)
        row = collected(session, factories.campaign(session, council), actors["councillor"])
        review.take(session, actors["councillor2"], row)
        first = questions.ask(session, actors["councillor2"], row, f"Où ? {MARKERS[0]}")
        questions.answer(session, actors["councillor"], first, f"Là. {MARKERS[1]}")
        questions.ask(session, actors["councillor2"], row, f"Qui ? {MARKERS[0]}")
    assert holders(plain, *MARKERS), "the markers were on the disk"
    return plain, actors, row.id


def holders(runtime: Runtime, *words: str) -> list[str]:
    """The files of the installation that hold one of these words."""
    folder = runtime.settings.instance
    return sorted(
        path.name
        for path in folder.rglob("*")
        if path.is_file() and any(word.encode() in path.read_bytes() for word in words)
    )


def rows(runtime: Runtime) -> list[ReviewQuestion]:
    with runtime.database.reading() as session:
        return list(session.scalars(select(ReviewQuestion)))


def test_masking_erases_what_was_asked_and_answered(asked: Asked) -> None:
    runtime, actors, key = asked
    with runtime.database.writing() as session:
        row = session.get_one(Testimony, key)
        review.decide(session, actors["councillor2"], row, "accept", YES)
    assert len(rows(runtime)) == 2, "reading it over is not the end of it"
    with runtime.database.writing() as session:
        masking.confirm(session, actors["councillor2"], session.get_one(Testimony, key))
    assert rows(runtime) == []
    assert holders(runtime, *MARKERS) == []


def test_a_masking_that_fails_erases_nothing(asked: Asked) -> None:
    runtime, actors, key = asked
    with runtime.database.writing() as session:
        row = session.get_one(Testimony, key)
        review.decide(session, actors["councillor2"], row, "accept", YES)
    with runtime.database.writing() as session:
        masking.confirm(session, actors["councillor2"], session.get_one(Testimony, key))
        session.rollback()
    assert len(rows(runtime)) == 2


def test_the_questions_about_other_testimonies_stay(asked: Asked) -> None:
    runtime, actors, key = asked
    with runtime.database.writing() as session:
        campaign = session.scalars(select(Campaign)).one()
        other = collected(session, campaign, actors["councillor"])
        review.take(session, actors["councillor2"], other)
        kept = questions.ask(session, actors["councillor2"], other, "Et ici ?")
        questions.forget(session, session.get_one(Testimony, key))
    assert [row.id for row in rows(runtime)] == [kept.id]


@pytest.mark.parametrize("by", ["coordination", "resident"])
def test_erasing_a_testimony_leaves_no_word_of_them(asked: Asked, by: str) -> None:
    runtime, actors, key = asked
    with runtime.database.writing() as session:
        row = session.get_one(Testimony, key)
        code = cases.with_code(session, runtime, row)
    with runtime.database.writing() as session:
        if by == "coordination":
            erasure.erase(session, actors["coordinator"], runtime, key, "asked")
        else:
            found = withdrawal.find(session, runtime.keys, code, "192.0.2.7")
            withdrawal.erase(session, runtime, found)
    assert rows(runtime) == []
    assert holders(runtime, *MARKERS) == []


def test_the_deleter_is_registered_before_the_rows_that_lead_to_it() -> None:
    order = list(erasure.DELETERS)
    assert order.index("questions") < order.index("rows")
