"""Closing a round: what counts afterwards, what is taken off, and that it is for good."""

from __future__ import annotations

from random import Random
from uuid import uuid4

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

import factories
from analysis.agreement import Coded, Comparison, project
from analysis.sentences import sentences
from round_cases import (
    BENCH,
    BUS,
    HALL,
    TEXT,
    Tour,
    both_done,
    counted,
    decide,
    differing,
    figures,
    put,
    seen,
    tour,
)
from survey_app.domain import Conflict, Forbidden, NotFound
from survey_app.models import Arbitration, Campaign, Coding, Council, Excerpt, TextVersion
from survey_app.permissions import Actor
from survey_app.services import (
    arbitration,
    coding,
    round_closing,
    round_reading,
    rounds,
)

Actors = dict[str, Actor]


@pytest.fixture
def found(session: Session, campaign: Campaign, actors: Actors) -> Tour:
    return differing(session, campaign, actors)


def test_closing_waits_for_every_decision_or_takes_one_for_the_rest(
    session: Session, found: Tour
) -> None:
    decide(session, found, 0, "MOB", True)
    with pytest.raises(Conflict, match="Il reste un désaccord"):
        round_closing.close(session, found.coordinator, found.round)
    assert counted(session) == []
    before = figures(session, found)
    round_closing.close(session, found.coordinator, found.round, rest=False)
    one, two = str(found.one.account_id), str(found.two.account_id)
    assert counted(session) == [
        (HALL, "LOG4", one),
        ("hall", "LOG4", two),
        (BUS, "MOB", one),
        (BENCH, "CAD", one),
        (BENCH, "CAD", two),
    ]
    assert (found.round.state, found.texts[0].state) == ("closed", "coded")
    assert found.round.closed_at is not None
    assert figures(session, found) == before
    decisions = session.execute(select(Arbitration.code, Arbitration.kept)).all()
    assert sorted(map(tuple, decisions)) == [("CAD", False), ("MOB", True)]
    states = session.scalars(select(Coding.state)).all()
    assert set(states) == {"validated", "undone"}


def test_decisions_are_told_after_the_closing_but_never_words_masked_since(
    session: Session, found: Tour, actors: Actors, other_council: Council
) -> None:
    decide(session, found, 0, "MOB", True, "Oui.")
    round_closing.close(session, found.coordinator, found.round, rest=False)
    told = arbitration.decisions(session, found.one, found.round)
    assert [(row.words, row.row.code, row.row.kept, row.row.reason) for row in told] == [
        (BUS, "CAD", False, ""),
        (BUS, "MOB", True, "Oui."),
    ]
    common = {"council_id": found.campaign.council_id, "testimony_id": found.texts[0].id}
    session.add(TextVersion(**common, sequence=3, kind="masked", text="Autre."))
    session.flush()
    session.expire_all()
    told = arbitration.decisions(session, found.one, found.round)
    assert [row.words for row in told] == ["", ""]
    with pytest.raises(Forbidden):
        arbitration.decisions(session, actors["reader"], found.round)
    stranger = factories.actors(session, other_council, "-b")["coordinator"]
    with pytest.raises(NotFound):
        arbitration.decisions(session, stranger, found.round)


def test_a_closed_round_changes_no_more_and_no_gesture_brings_blind_codes_back(
    session: Session, found: Tour
) -> None:
    round_closing.close(session, found.coordinator, found.round, rest=True)
    after = counted(session)
    for person in (found.one, found.two):
        for gesture in (coding.undo, coding.redo):
            with pytest.raises(Conflict):
                gesture(session, person, found.texts[0])
    with pytest.raises(Conflict, match="clos"):
        round_closing.close(session, found.coordinator, found.round, rest=False)
    with pytest.raises(Conflict, match="clos"):
        arbitration.decide(session, found.coordinator, found.round, (uuid4(), 0, ""), True)
    assert counted(session) == after
    assert len(after) == 5


def test_a_code_taken_back_while_blind_stays_taken_back(
    session: Session, campaign: Campaign, actors: Actors
) -> None:
    """Undoing « retirer » after the closing would bring back a blind code that nothing counts."""
    made = tour(session, campaign, actors)
    (text,) = made.texts
    put(session, made.one, text, [0], "LOG4")
    put(session, made.two, text, [0], "LOG4")
    put(session, made.one, text, [1], "MOB")
    mob = session.scalars(select(Coding).where(Coding.code == "MOB")).one()
    coding.remove(session, made.one, text, mob)
    both_done(session, made)
    assert seen(session, made) == []
    round_closing.close(session, made.coordinator, made.round)
    with pytest.raises(Conflict):
        coding.undo(session, made.one, text)
    assert mob.state == "undone"


def test_an_excerpt_given_up_is_not_compared(session: Session, found: Tour) -> None:
    for row in session.scalars(select(Excerpt).where(Excerpt.quote == HALL)):
        row.state = "invalidated"
    session.flush()
    log4 = next(row for row in figures(session, found).codes if row.code == "LOG4")
    assert (log4.both, log4.second) == (0, 1)


def test_figures_of_a_closed_round_outlive_what_is_coded_later(
    session: Session, found: Tour
) -> None:
    before = figures(session, found)
    round_closing.close(session, found.coordinator, found.round, rest=False)
    coding.code_sentences(session, found.one, found.texts[0], [3], ["SAN"])
    assert figures(session, found) == before


def test_texts_that_one_did_not_finish_are_not_compared_and_keep_their_codes(
    session: Session, campaign: Campaign, actors: Actors
) -> None:
    made = tour(session, campaign, actors, 2)
    whole, half = made.texts
    for text in made.texts:
        put(session, made.one, text, [0], "LOG4")
        rounds.done(session, made.one, text)
    put(session, made.two, half, [1], "MOB")
    put(session, made.two, whole, [0], "LOG4")
    rounds.done(session, made.two, whole)
    rounds.end(session, made.coordinator, made.round)
    assert figures(session, made).sentences == 1
    assert seen(session, made) == []
    round_closing.close(session, made.coordinator, made.round)
    assert (whole.state, half.state) == ("coded", "masked")
    assert [code for _, code, _ in counted(session)] == ["LOG4", "LOG4", "LOG4", "MOB"]


def test_a_text_masked_anew_meanwhile_is_left_out(session: Session, found: Tour) -> None:
    text = found.texts[0]
    common = {"council_id": text.council_id, "testimony_id": text.id}
    session.add(TextVersion(**common, sequence=3, kind="masked", text=TEXT.replace("bus", "car")))
    for row in session.scalars(select(Excerpt)):
        row.state = "to_relocate"
    session.flush()
    session.expire(text)
    assert figures(session, found) == Comparison(0, 0, 0, ())
    round_closing.close(session, found.coordinator, found.round)
    assert set(session.scalars(select(Coding.state))) == {"validated"}
    assert counted(session) == []


@pytest.mark.parametrize("seed", range(4))
def test_after_closing_sentences_bear_what_was_agreed_or_kept_and_nothing_else(
    session: Session, campaign: Campaign, actors: Actors, seed: int
) -> None:
    """Whatever was selected and decided, free selections and overlaps included."""
    chance = Random(seed)
    made = tour(session, campaign, actors, 5)
    cut = sentences(TEXT)
    for text in made.texts:
        for person in (made.one, made.two):
            for _ in range(chance.randint(1, 4)):
                start, end = sorted(chance.sample(range(len(TEXT)), 2))
                if TEXT[start:end].strip():
                    name = chance.choice(["LOG", "MOB", "SAN"])
                    coding.code(session, person, text, start, end, [name])
    both_done(session, made)
    read = round_reading.read(session, made.coordinator, made.round)
    wanted = {
        text.testimony.id: [set(a & b) for a, b in zip(text.first, text.second, strict=True)]
        for text in read
    }
    for sentence in seen(session, made):
        for row in sentence.differences:
            kept = chance.random() < 0.5
            where = (sentence.read.version_id, sentence.span.start, row.code)
            arbitration.decide(session, made.coordinator, made.round, where, kept)
            if kept:
                wanted[sentence.read.testimony.id][sentence.index].add(row.code)
    round_closing.close(session, made.coordinator, made.round)
    for text in read:
        rows = round_reading.codings(session, [text.testimony.id], rounds.pair(made.round))
        assert {row.state for row in rows} <= {"validated"}
        coded = [Coded(row.excerpt.start, row.excerpt.end, row.code) for row in rows]
        assert [set(codes) for codes in project(cut, coded)] == wanted[text.testimony.id]
