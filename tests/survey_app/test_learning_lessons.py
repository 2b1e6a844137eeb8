"""What codings teach: the right sentences with the right codes, and nothing of what was undone."""

from __future__ import annotations

import itertools
import uuid

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select, update
from sqlalchemy.orm import Session

import factories
import learning_cases as cases
import results_cases
from analysis.codebook import load
from analysis.french import Token
from survey_app.models import Campaign, Coding, Excerpt, Job, Testimony, now
from survey_app.permissions import Actor
from survey_app.runtime import Runtime
from survey_app.services import coding, jobs, learning, lessons, suggestions
from survey_app.services.excerpts import CODABLE, READABLE

TEXT = "Le bus est loin. L’ascenseur tombe. On n’en peut plus."
FIRST, SECOND, THIRD = "Le bus est loin.", "L’ascenseur tombe.", "On n’en peut plus."
words = st.text("abé’ .!?\n🙂[]", min_size=1, max_size=60)


@given(words, st.lists(st.integers(0, 60), max_size=12, unique=True))
def test_each_word_goes_with_its_own_sentence(text: str, cuts: list[int]) -> None:
    ends = sorted(cut for cut in cuts if cut <= len(text))
    tokens = [Token(a, b, text[a:b], "X") for a, b in itertools.pairwise(ends)]
    reading = lessons._cut(uuid.uuid4(), text, tokens)
    assert len(reading.spans) == len(reading.sentences) == len(reading.tokens)
    placed = 0
    for span, sentence, inside in zip(
        reading.spans, reading.sentences, reading.tokens, strict=True
    ):
        assert text[span.start : span.end] == sentence
        for token in inside:
            assert sentence[token.start : token.start + 1] == token.lemma[:1]
            placed += 1
    assert placed == sum(any(s.start <= t.start < s.end for s in reading.spans) for t in tokens)


@pytest.fixture
def spoken(session: Session, campaign: Campaign) -> Testimony:
    held = factories.meeting(session, campaign)
    return factories.testimony(session, held, text=TEXT, masked=TEXT)


def learned(session: Session, actor: Actor, spoken: Testimony) -> dict[str, tuple[str, ...]]:
    keys = lessons.newest(session, actor, spoken.campaign, READABLE)
    taught = lessons.taught(session, actor, spoken.campaign, keys, load())
    return {lesson.sentence: lesson.codes for lesson in taught}


def test_every_sentence_that_a_code_touches_has_it(
    session: Session, spoken: Testimony, actors: dict[str, Actor]
) -> None:
    one, two = actors["coordinator"], actors["councillor"]
    results_cases.coded(session, spoken, "MOB1", one, FIRST)
    results_cases.coded(session, spoken, "LOG4", one, "ascenseur tombe. On")
    results_cases.coded(session, spoken, "LOG4", two, SECOND)
    results_cases.coded(session, spoken, "INC", two, SECOND)
    assert learned(session, one, spoken) == {
        FIRST: ("MOB1",),
        SECOND: ("LOG4", "INC"),
        THIRD: ("LOG4",),
    }


@pytest.mark.parametrize("state", ["undone", "blind"])
def test_what_does_not_count_teaches_nothing(
    session: Session, spoken: Testimony, actors: dict[str, Actor], state: str
) -> None:
    results_cases.coded(session, spoken, "MOB1", actors["coordinator"], FIRST)
    session.execute(update(Coding).values(state=state))
    assert learned(session, actors["coordinator"], spoken) == {}
    assert learning.fresh(session, actors["coordinator"], spoken.campaign) == 0


def test_nor_does_an_excerpt_to_relocate_or_a_code_of_another_grid(
    session: Session, spoken: Testimony, actors: dict[str, Actor]
) -> None:
    coder = actors["coordinator"]
    results_cases.coded(session, spoken, "MOB1", coder, FIRST)
    session.execute(update(Excerpt).values(state="to_relocate"))
    results_cases.coded(session, spoken, "PARTI1", coder, SECOND)
    assert learned(session, coder, spoken) == {}


def test_another_council_learns_nothing_here(
    session: Session, spoken: Testimony, actors: dict[str, Actor], other_council: object
) -> None:
    results_cases.coded(session, spoken, "MOB1", actors["coordinator"], FIRST)
    stranger = Actor(other_council.id)
    assert lessons.newest(session, stranger, spoken.campaign, READABLE) == []
    assert lessons.taught(session, stranger, spoken.campaign, [], load()) == []


def test_only_the_newest_masked_text_is_read(
    session: Session, spoken: Testimony, actors: dict[str, Actor]
) -> None:
    old = spoken.text("masked")
    assert old is not None
    again = cases.masked_again(session, spoken, "Une autre phrase.")
    assert lessons.newest(session, actors["coordinator"], spoken.campaign, CODABLE) == [again]
    assert [r.sentences for r in lessons.read(session, [again])] == [("Une autre phrase.",)]


def test_twenty_new_codings_are_learned_from_once(runtime: Runtime) -> None:
    house = cases.house(runtime, times=10)
    (made,) = learning.enqueue_due(runtime)
    assert learning.enqueue_due(runtime) == []
    with runtime.database.writing() as session:
        job = session.get_one(Job, made)
        assert (job.kind, job.parameters) == ("suggestions", {"campaign": "essai"})
        assert (job.council_id, job.created_by) == (house.campaign.council_id, None)
        job.state, job.finished_at = "failed", now()
    assert learning.enqueue_due(runtime) == []
    with runtime.database.writing() as session:
        for key in house.coded[:19]:
            row = session.get_one(Testimony, key)
            results_cases.coded(session, row, "CAD1", house.actors["councillor"])
    assert learning.enqueue_due(runtime) == []
    with runtime.database.writing() as session:
        row = session.get_one(Testimony, house.waiting[0])
        coding.code_sentences(session, house.actors["councillor"], row, [0], ["CAD1"])
    assert len(learning.enqueue_due(runtime)) == 1
    with runtime.database.reading() as session:
        assert jobs.pending(session, house.actors["reader"], "suggestions", house.campaign.id)


def test_fewer_than_twenty_codings_start_nothing(runtime: Runtime) -> None:
    cases.house(runtime, times=9)
    assert learning.enqueue_due(runtime) == []
    with runtime.database.reading() as session:
        assert session.scalars(select(Job)).all() == []


def test_words_are_read_for_finished_texts_too_when_asked(runtime: Runtime) -> None:
    house = cases.house(runtime, times=1)
    with runtime.database.reading() as session:
        actor, campaign = house.actors["coordinator"], house.campaign
        assert len(suggestions.unread(session, actor, campaign, READABLE)) == 5
        assert len(suggestions.unread(session, actor, campaign, ("masked",))) == 3
