"""Meetings: planned, opened, counted, closed, by those who hold them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.orm import Session

import factories
from survey_app.domain import Conflict, Forbidden, Invalid, NotFound
from survey_app.models import Campaign, Council, Meeting
from survey_app.permissions import Actor
from survey_app.services import collection, counters, meetings
from survey_app.services.counters import Counters

COUNTED = Counters(approached=12, refusals=3, stopped=1, present_women=0, present_men=0)


def wanted(campaign: Campaign, **changes: Any) -> meetings.Plan:
    plan = meetings.Plan(
        neighbourhood_id=campaign.neighbourhoods[0].id,
        method="individuel",
        held_on=date(2026, 4, 2),
        place="devant l’école",
        sector="halles",
    )
    return replace(plan, **changes)


def test_a_meeting_lives_from_plan_to_close(
    session: Session, campaign: Campaign, actors: dict[str, Actor]
) -> None:
    me = actors["councillor"]
    meeting = meetings.plan(session, me, campaign, wanted(campaign, held_on=None))
    assert (meeting.state, meeting.created_by) == ("planned", me.account_id)
    meetings.start(session, me, meeting)
    assert meeting.held_on == meetings.today()
    assert meetings.mine(session, me) == [meeting]
    meetings.close(session, me, meeting, COUNTED)
    assert (meeting.state, meeting.approached, meeting.present_men) == ("closed", 12, 0)
    with pytest.raises(Forbidden):
        meetings.reopen(session, me, meeting)
    meetings.reopen(session, actors["coordinator"], meeting)
    assert meeting.state == "open"


@pytest.mark.parametrize(
    "changes",
    [{"method": "sondage"}, {"method": "collectif"}, {"sector": "lune"}],
)
def test_a_plan_outside_the_campaign_is_refused(
    session: Session, campaign: Campaign, actors: dict[str, Actor], changes: dict[str, Any]
) -> None:
    with pytest.raises(Invalid):
        meetings.plan(session, actors["councillor"], campaign, wanted(campaign, **changes))
    elsewhere = factories.neighbourhood(session, "QP034021", "Ailleurs")
    with pytest.raises(Invalid):
        meetings.plan(
            session, actors["councillor"], campaign, wanted(campaign, neighbourhood_id=elsewhere.id)
        )
    assert meetings.listed(session, actors["coordinator"]) == []


@pytest.mark.parametrize(
    ("state", "plans", "opens"),
    [("draft", False, False), ("ready", True, False), ("running", True, True)],
)
def test_the_campaign_says_when(
    session: Session,
    campaign: Campaign,
    actors: dict[str, Actor],
    state: str,
    plans: bool,
    opens: bool,
) -> None:
    campaign.state = state
    session.flush()
    me = actors["councillor"]
    assert (campaign in meetings.campaigns(session, me)) is plans
    if not plans:
        with pytest.raises(Conflict):
            meetings.plan(session, me, campaign, wanted(campaign))
        return
    meeting = meetings.plan(session, me, campaign, wanted(campaign))
    if opens:
        meetings.start(session, me, meeting)
        assert meeting.state == "open"
    else:
        with pytest.raises(Conflict):
            meetings.start(session, me, meeting)
        assert meeting.state == "planned"


@pytest.mark.parametrize("name", list(counters.COUNTER_LABELS))
@pytest.mark.parametrize("value", [None, -1, 100_001])
def test_every_counter_is_entered_before_closing(
    session: Session, campaign: Campaign, actors: dict[str, Actor], name: str, value: int | None
) -> None:
    meeting = factories.meeting(session, campaign, actors["councillor"])
    with pytest.raises(Invalid, match=counters.COUNTER_LABELS[name]):
        meetings.close(session, actors["councillor"], meeting, replace(COUNTED, **{name: value}))
    assert meeting.state == "open"
    assert meeting.approached is None


@given(*(st.integers(0, 50) for _ in range(3)))
def test_refusals_and_stops_are_among_those_approached(
    approached: int, refusals: int, stopped: int
) -> None:
    given_counters = Counters(approached, refusals, stopped, 0, 0)
    assert (counters.check(given_counters) == []) == (refusals + stopped <= approached)


@given(*(st.integers(0, 50) for _ in range(3)))
def test_the_suggested_counters_can_always_be_closed_with(
    testimonies: int, refusals: int, stopped: int
) -> None:
    meeting = Meeting(refusals=refusals, stopped=stopped)
    suggestion = replace(counters.suggested(meeting, testimonies), present_women=0, present_men=0)
    assert counters.check(suggestion) == []
    assert suggestion.approached == testimonies + refusals + stopped


def test_a_meeting_does_not_close_over_an_interview_in_progress(
    session: Session, campaign: Campaign, actors: dict[str, Actor]
) -> None:
    me = actors["councillor"]
    meeting = factories.meeting(session, campaign, me)
    collection.start(session, me, meeting, campaign.questionnaires[0])
    with pytest.raises(Conflict, match="1 témoignage"):
        meetings.close(session, me, meeting, COUNTED)
    assert meeting.state == "open"


def test_a_councillor_sees_their_meetings_the_coordination_all(
    session: Session, campaign: Campaign, actors: dict[str, Actor], other_council: Council
) -> None:
    mine = factories.meeting(session, campaign, actors["councillor"])
    factories.testimony(session, mine)
    assert meetings.listed(session, actors["councillor2"]) == []
    assert meetings.listed(session, actors["coordinator"], campaign) == [mine]
    assert meetings.mine(session, actors["coordinator"]) == []
    counts = meetings.testimony_counts(session, actors["councillor"], [mine])
    assert counts == {mine.id: 1}
    stranger = factories.actors(session, other_council, "-b")["coordinator"]
    for actor in (actors["councillor2"], stranger):
        with pytest.raises(NotFound):
            meetings.get(session, actor, mine.id)
    assert meetings.listed(session, stranger) == []
    for role in ("evaluator", "reader", "admin", "dpo"):
        with pytest.raises(Forbidden):
            meetings.get(session, actors[role], mine.id)


def test_refusals_at_the_door_add_up(
    session: Session, campaign: Campaign, actors: dict[str, Actor]
) -> None:
    me = actors["councillor"]
    meeting = factories.meeting(session, campaign, me)
    assert [meetings.add_refusal(session, me, meeting) for _ in range(3)] == [1, 2, 3]
    meetings.close(session, me, meeting, COUNTED)
    with pytest.raises(Conflict):
        meetings.add_refusal(session, me, meeting)
