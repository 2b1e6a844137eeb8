"""The four queues: each person sees what waits for them, in order, and nothing else."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy.orm import Session

import factories
from survey_app.domain import Forbidden
from survey_app.models import Campaign, Council
from survey_app.permissions import Actor
from survey_app.services import queue, review
from survey_app.services.queue import Filters

Actors = dict[str, Actor]
STATES = ("deposited", "to_review", "reviewed", "masked", "coded", "filed", "set_aside")


def test_counts_follow_the_states_and_the_roles(
    session: Session, campaign: Campaign, actors: Actors
) -> None:
    held = factories.meeting(session, campaign)
    for state in STATES:
        factories.testimony(session, held, state=state)
    assert queue.counts(session, actors["coordinator"], campaign) == {
        "a-relire": 2, "a-masquer": 1, "a-coder": 1, "pret": 2,
    }  # fmt: skip
    assert queue.counts(session, actors["councillor"], campaign) == {
        "a-relire": 2, "a-masquer": 0, "a-coder": 1, "pret": 2,
    }  # fmt: skip
    assert queue.counts(session, actors["evaluator"], campaign) == {"a-coder": 1, "pret": 2}
    with pytest.raises(Forbidden):
        queue.page(session, actors["evaluator"], campaign, "a-relire")


def test_nobody_is_offered_what_they_collected_or_others_review(
    session: Session, campaign: Campaign, actors: Actors
) -> None:
    me, other = actors["councillor"], actors["councillor2"]
    held = factories.meeting(session, campaign)
    mine = factories.testimony(session, held, collector=me)
    theirs = factories.testimony(session, held, collector=other)
    taken = factories.testimony(session, held)
    review.take(session, other, taken)
    assert queue.page(session, me, campaign, "a-relire").rows == [theirs]
    assert queue.page(session, other, campaign, "a-relire").rows == [mine, taken]
    assert queue.first(session, other, campaign, "a-relire") is taken
    assert queue.page(session, actors["coordinator"], campaign, "a-relire").rows == [
        mine, theirs, taken,
    ]  # fmt: skip
    campaign.single_person_exception = True
    assert queue.page(session, me, campaign, "a-relire").rows == [mine, theirs]


def test_another_councils_testimonies_are_not_there(
    session: Session, campaign: Campaign, other_council: Council
) -> None:
    factories.testimony(session, factories.meeting(session, campaign))
    stranger = factories.actors(session, other_council, "-b")["coordinator"]
    assert queue.page(session, stranger, campaign, "a-relire").rows == []
    assert set(queue.counts(session, stranger, campaign).values()) == {0}
    assert queue.campaigns(session, stranger) == []
    assert queue.meetings(session, stranger, campaign) == []


def test_pages_of_fifty_go_forth_and_back_without_gap(
    session: Session, campaign: Campaign, actors: Actors
) -> None:
    desk = actors["coordinator"]
    held = factories.meeting(session, campaign)
    for _ in range(121):
        factories.testimony(session, held)
    seen, after = [], None
    pages = []
    while True:
        found = queue.page(session, desk, campaign, "a-relire", after=after)
        pages.append(found)
        seen += [row.number for row in found.rows]
        if found.after is None:
            break
        after = found.after
    assert seen == list(range(1, 122))
    assert [len(found.rows) for found in pages] == [50, 50, 21]
    assert pages[0].before is None
    back = queue.page(session, desk, campaign, "a-relire", before=pages[2].before)
    assert back.rows == pages[1].rows
    top = queue.page(session, desk, campaign, "a-relire", before=back.before)
    assert (top.rows, top.before) == (pages[0].rows, None)


def test_filters_narrow_by_place_meeting_method_and_date(
    session: Session, campaign: Campaign, actors: Actors
) -> None:
    desk = actors["coordinator"]
    other = factories.neighbourhood(session, "QP034021", "Les Hauts")
    first = factories.meeting(session, campaign, held_on=date(2026, 4, 2))
    second = factories.meeting(session, campaign, held_on=date(2026, 5, 9), method="micro_trottoir")
    second.neighbourhood_id = other.id
    a, b = factories.testimony(session, first), factories.testimony(session, second)
    for filters, expected in (
        (Filters(), [a, b]),
        (Filters(neighbourhood="QP034021"), [b]),
        (Filters(meeting=first.id), [a]),
        (Filters(method="micro_trottoir"), [b]),
        (Filters(since=date(2026, 4, 3)), [b]),
        (Filters(until=date(2026, 4, 2)), [a]),
        (Filters(neighbourhood="QP000000"), []),
    ):
        found = queue.page(session, desk, campaign, "a-relire", filters)
        assert list(found.rows) == expected
        assert queue.counts(session, desk, campaign, filters)["a-relire"] == len(expected)


def test_neighbours_in_a_queue(session: Session, campaign: Campaign, actors: Actors) -> None:
    desk = actors["coordinator"]
    held = factories.meeting(session, campaign)
    a, b, c = (factories.testimony(session, held, masked="Oui.") for _ in range(3))
    assert queue.neighbours(session, desk, b, "a-coder") == (a, c)
    assert queue.neighbours(session, desk, a, "a-coder") == (None, b)
    assert queue.neighbours(session, desk, c, "a-coder") == (b, None)
    assert queue.first(session, desk, campaign, "a-coder") is a
    assert queue.first(session, desk, campaign, "a-masquer") is None
