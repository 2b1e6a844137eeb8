"""Arbitration: the figures, the sentences to discuss, decisions, and what closing leaves."""

from __future__ import annotations

from uuid import uuid4

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

import factories
from analysis.agreement import CodeAgreement, Comparison
from review_cases import lines
from round_cases import (
    BUS,
    TEXT,
    Tour,
    both_done,
    decide,
    differing,
    figures,
    put,
    seen,
    tour,
)
from survey_app.domain import Conflict, Forbidden, Invalid, NotFound
from survey_app.models import Arbitration, Campaign, Council
from survey_app.permissions import Actor
from survey_app.services import (
    arbitration,
    round_closing,
)

Actors = dict[str, Actor]


@pytest.fixture
def found(session: Session, campaign: Campaign, actors: Actors) -> Tour:
    return differing(session, campaign, actors)


def test_figures_and_sentences_to_discuss(session: Session, found: Tour) -> None:
    assert figures(session, found) == Comparison(
        sentences=3,
        same=2,
        uncoded=1,
        codes=(
            CodeAgreement("CAD", both=1, first=0, second=1, neither=1),
            CodeAgreement("LOG4", both=1, first=0, second=0, neither=2),
            CodeAgreement("MOB", both=0, first=1, second=0, neither=2),
        ),
    )
    (only,) = seen(session, found)
    assert (only.words, only.shared, only.index) == (BUS, (), 1)
    assert [(row.code, row.by) for row in only.differences] == [("CAD", 1), ("MOB", 0)]


def test_codes_agreed_on_are_shown_beside_those_to_discuss(
    session: Session, campaign: Campaign, actors: Actors
) -> None:
    made = tour(session, campaign, actors)
    for person in (made.one, made.two):
        put(session, person, made.texts[0], [0], "LOG4")
    put(session, made.two, made.texts[0], [0], "SAN")
    both_done(session, made)
    (row,) = seen(session, made)
    assert (row.shared, row.differences[0].code) == (("LOG4",), "SAN")


def test_decisions_are_recorded_changed_and_journaled(session: Session, found: Tour) -> None:
    decide(session, found, 0, "MOB", True, " Le bus compte ici. ")
    decide(session, found, 0, "MOB", False, "Pas de mobilité.")
    row = session.scalars(select(Arbitration)).one()
    assert (row.code, row.kept, row.reason) == ("MOB", False, "Pas de mobilité.")
    assert TEXT[row.start : row.end] == BUS
    assert lines(session, "arbitrated") == 2
    assert round_closing.undecided(seen(session, found)) == 1


def test_only_what_differs_can_be_decided_and_by_the_coordination(
    session: Session, found: Tour, other_council: Council, actors: Actors
) -> None:
    row = seen(session, found)[0]
    where = (row.read.version_id, row.span.start, "MOB")
    for wrong in ((where[0], 0, "LOG4"), (uuid4(), 18, "MOB"), (where[0], 18, "SAN")):
        with pytest.raises(Conflict, match="plus à discuter"):
            arbitration.decide(session, found.coordinator, found.round, wrong, True)
    with pytest.raises(Invalid, match="500"):
        arbitration.decide(session, found.coordinator, found.round, where, True, "x" * 501)
    for person in (found.one, actors["evaluator"]):
        with pytest.raises(Forbidden):
            arbitration.decide(session, person, found.round, where, True)
        with pytest.raises(Forbidden):
            round_closing.close(session, person, found.round, True)
    stranger = factories.actors(session, other_council, "-b")["coordinator"]
    with pytest.raises(NotFound):
        arbitration.decide(session, stranger, found.round, where, True)
    assert session.scalar(select(func.count()).select_from(Arbitration)) == 0


def test_nothing_is_decided_or_closed_while_they_code(
    session: Session, campaign: Campaign, actors: Actors
) -> None:
    made = tour(session, campaign, actors)
    for attempt in (
        lambda: arbitration.decide(
            session, made.coordinator, made.round, (uuid4(), 0, "LOG"), True
        ),
        lambda: round_closing.close(session, made.coordinator, made.round, True),
    ):
        with pytest.raises(Conflict, match="codent encore"):
            attempt()
