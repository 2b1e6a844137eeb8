"""Agreement rounds: who may open one, which texts enter it, who sees what, when it ends."""

from __future__ import annotations

from contextlib import suppress
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import delete
from sqlalchemy.orm import Session

import factories
from review_cases import lines
from round_cases import both_done, counted, put, tour
from survey_app.domain import Conflict, Forbidden, Invalid, NotFound
from survey_app.models import Campaign, Council, Testimony
from survey_app.permissions import Actor
from survey_app.services import coding, excerpts, round_opening, round_reading, rounds
from survey_app.services.round_opening import numbers

Actors = dict[str, Actor]


def pair(*people: Actor) -> tuple:
    return tuple(person.account_id for person in people)


def test_a_text_is_blind_for_its_two_coders_only_and_while_the_round_is_open(
    session: Session, campaign: Campaign, actors: Actors
) -> None:
    found = tour(session, campaign, actors)
    other = factories.testimony(session, found.texts[0].meeting, masked="Autre texte.")
    for person in (found.one, found.two):
        assert rounds.blind_round(session, person, found.texts[0]) is found.round
        assert rounds.blind_round(session, person, other) is None
    for role in ("coordinator", "evaluator"):
        assert rounds.blind_round(session, actors[role], found.texts[0]) is None
    rounds.end(session, found.coordinator, found.round)
    assert rounds.blind_round(session, found.one, found.texts[0]) is None


def test_the_round_passes_to_arbitration_when_both_are_done_with_everything(
    session: Session, campaign: Campaign, actors: Actors
) -> None:
    found = tour(session, campaign, actors, 2)
    first, second = found.texts
    assert rounds.next_text(session, found.one, found.round) is first
    for text in found.texts:
        rounds.done(session, found.one, text)
    assert rounds.next_text(session, found.one, found.round) is None
    rounds.done(session, found.two, first)
    assert rounds.progress(session, found.round) == rounds.Progress(2, first=2, second=1)
    assert rounds.next_text(session, found.two, found.round) is second
    assert rounds.next_text(session, found.coordinator, found.round) is None
    with pytest.raises(Conflict, match="codent encore"):
        round_reading.read(session, found.coordinator, found.round)
    rounds.done(session, found.two, second)
    assert found.round.state == "arbitration"
    assert (lines(session, "round_text_done"), lines(session, "round_coded")) == (4, 1)
    with pytest.raises(Conflict):
        rounds.done(session, found.two, second)
    assert {text.state for text in found.texts} == {"masked"}


def test_only_what_neither_has_coded_and_no_other_round_holds_can_enter(
    session: Session, campaign: Campaign, actors: Actors
) -> None:
    found = tour(session, campaign, actors)
    held = found.texts[0].meeting
    fresh, coded, foreign, raw = (
        factories.testimony(session, held, masked=words)
        for words in ("Un texte.", "Le bus passe.", "Le hall est sale.", "Brut.")
    )
    raw.state = "reviewed"
    code = "MOB"
    session.flush()
    for person, text in ((found.one, coded), (actors["evaluator"], foreign)):
        coding.code(session, person, text, 0, 7, [code])
    free = session.scalars(round_opening.free(found.one, campaign, pair(found.one, found.two)))
    assert [row.number for row in free] == [fresh.number, foreign.number]
    both_done(session, found)
    arbitration_free = round_opening.free(found.one, campaign, pair(found.one, found.two))
    assert found.texts[0] not in session.scalars(arbitration_free).all()


def test_texts_are_drawn_by_lot_or_named(
    session: Session, campaign: Campaign, actors: Actors
) -> None:
    held = factories.meeting(session, campaign)
    rows = [factories.testimony(session, held, masked="Un texte.") for _ in range(6)]
    one, two, desk = actors["councillor"], actors["councillor2"], actors["coordinator"]
    given_pair = pair(one, two)

    def draw(seed: int, count: int) -> list[int]:
        chance = Random(seed)
        found = round_opening.at_random(session, desk, campaign, given_pair, count, chance)
        return [row.number for row in found]

    assert len({tuple(draw(seed, 3)) for seed in range(20)}) > 5
    assert all(len(set(draw(seed, 3))) == 3 for seed in range(5))
    assert draw(1, 50) == [row.number for row in rows]
    assert round_opening.by_number(session, desk, campaign, given_pair, [2, 4]) == [
        rows[1],
        rows[3],
    ]
    with pytest.raises(Invalid, match="9, 12"):
        round_opening.by_number(session, desk, campaign, given_pair, [2, 9, 12])
    with pytest.raises(Invalid):
        round_opening.at_random(session, desk, campaign, given_pair, 0)


def test_who_may_open_and_be_asked(
    session: Session, campaign: Campaign, council: Council, actors: Actors
) -> None:
    row = factories.testimony(session, factories.meeting(session, campaign), masked="Un texte.")
    novice = factories.actor(factories.account(session, council, "novice", "councillor"))
    desk, one, two = actors["coordinator"], actors["councillor"], actors["councillor2"]
    able = {account.login for account in round_opening.coders(session, desk)}
    assert able == {"councillor", "councillor2", "coordinator", "evaluator"}
    for wrong in (pair(one, one), pair(one, novice), pair(one, actors["reader"])):
        with pytest.raises(Invalid, match="deux personnes"):
            round_opening.open_round(session, desk, campaign, wrong, [row])
    with pytest.raises(Invalid, match="Aucun texte"):
        round_opening.open_round(session, desk, campaign, pair(one, two), [])
    for role in ("councillor", "evaluator", "reader", "admin", "dpo"):
        with pytest.raises(Forbidden):
            round_opening.open_round(session, actors[role], campaign, pair(one, two), [row])


def test_who_sees_a_round(
    session: Session, campaign: Campaign, other_council: Council, actors: Actors
) -> None:
    found = tour(session, campaign, actors)
    for role in ("councillor", "councillor2", "coordinator"):
        assert rounds.get(session, actors[role], found.round.id) is found.round
        assert rounds.listed(session, actors[role], campaign) == [found.round]
    assert rounds.listed(session, actors["evaluator"], campaign) == []
    stranger = factories.actors(session, other_council, "-b")["coordinator"]
    for person in (actors["evaluator"], stranger):
        with pytest.raises(NotFound):
            rounds.get(session, person, found.round.id)
    for attempt in (rounds.end, round_reading.read):
        with pytest.raises(NotFound):
            attempt(session, stranger, found.round)
    with pytest.raises(Forbidden):
        rounds.end(session, found.one, found.round)
    with pytest.raises(Forbidden):
        rounds.get(session, actors["reader"], found.round.id)


def test_each_codes_without_seeing_the_other_and_terminer_tells_the_round(
    session: Session, campaign: Campaign, actors: Actors
) -> None:
    found = tour(session, campaign, actors)
    (text,) = found.texts
    put(session, found.one, text, [0], "LOG4")
    put(session, found.two, text, [0], "LOG4")
    put(session, found.two, text, [1], "MOB")

    def shown(actor: Actor) -> list[str]:
        bench = excerpts.bench(session, actor, text)
        return [row.code for excerpt in bench.excerpts for row in bench.codings(excerpt)]

    assert (shown(found.one), shown(found.two)) == (["LOG4"], ["LOG4", "MOB"])
    assert shown(found.coordinator) == shown(actors["evaluator"]) == []
    assert counted(session) == []
    for person in (found.one, found.two):
        coding.finish(session, person, text)
    assert (found.round.state, text.state) == ("arbitration", "masked")
    assert shown(found.one) == shown(found.two) == []


@given(st.lists(st.integers(1, 500), min_size=1, max_size=30))
def test_numbers_are_read_back_however_they_are_written(asked: list[int]) -> None:
    assert numbers(", ".join(map(str, asked))) == sorted(set(asked))
    low = min(asked)
    assert numbers(f" {low} - {low + 3} ;\n{low}") == [low, low + 1, low + 2, low + 3]


@given(st.text(max_size=40))
def test_whatever_is_written_is_read_or_refused(written: str) -> None:
    found: list[int] | None = None
    with suppress(Invalid):
        found = numbers(written)
    assert found is None or 1 <= len(found) <= round_opening.MOST


@pytest.mark.parametrize("written", ["", "douze", "3-", "9-2", "1-9000", "٣", "1" * 30, "3 4"])
def test_what_is_no_number_is_refused(written: str) -> None:
    with pytest.raises(Invalid):
        numbers(written)


def test_a_withdrawn_text_leaves_its_round(
    session: Session, campaign: Campaign, actors: Actors
) -> None:
    found = tour(session, campaign, actors, 2)
    session.execute(delete(Testimony).where(Testimony.id == found.texts[0].id))
    assert rounds.progress(session, found.round).texts == 1
