"""Facets, memos and blind rounds: each can be undone, and nothing of others is ever overwritten."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

import factories
from survey_app.domain import Conflict, Forbidden, Invalid
from survey_app.models import (
    AgreementRound,
    AgreementText,
    Campaign,
    Coding,
    CodingStep,
    Excerpt,
    Testimony,
)
from survey_app.permissions import Actor
from survey_app.services import coding, details, excerpts, rounds

TEXT = "Le soir, 😀 l’ascenseur tombe en panne. [PRÉNOM 1] monte à pied.\n\nUn banc est arrivé."
Actors = dict[str, Actor]


@pytest.fixture
def masked(session: Session, campaign: Campaign) -> Testimony:
    return factories.testimony(session, factories.meeting(session, campaign), masked=TEXT)


def one(session: Session, actor: Actor, row: Testimony, code: str = "LOG4") -> Coding:
    """A code that the actor puts on the first sentence."""
    coding.code_sentences(session, actor, row, [0], [code])
    query = select(Coding).where(Coding.code == code, Coding.coder_id == actor.account_id)
    return session.scalars(query).one()


def blind(session: Session, row: Testimony, first: Actor, second: Actor) -> AgreementRound:
    """An open round of double coding over this text."""
    masked = row.text("masked")
    assert masked is not None
    made = AgreementRound(
        council_id=row.council_id,
        campaign_id=row.campaign_id,
        first_coder_id=first.account_id,
        second_coder_id=second.account_id,
    )
    text = AgreementText(council_id=row.council_id, testimony_id=row.id, text_version_id=masked.id)
    made.texts = [text]
    session.add(made)
    session.flush()
    return made


def shown(session: Session, actor: Actor, row: Testimony) -> set[tuple[str, str]]:
    bench = excerpts.bench(session, actor, row)
    return {(x.quote, c.code) for x in bench.excerpts for c in bench.codings(x)}


def test_facets_and_memo_are_one_gesture(
    session: Session, actors: Actors, masked: Testimony
) -> None:
    who = actors["councillor"]
    row = one(session, who, masked)
    assert details.specify(session, who, masked, row, {"tonalite": "négative"}, " Vu. \r\nBis ")
    excerpt = session.get_one(Excerpt, row.excerpt_id)
    assert (row.facets, excerpt.memo) == ({"tonalite": "négative"}, "Vu. \nBis")
    coding.undo(session, who, masked)
    assert (row.facets, excerpt.memo, row.state) == ({}, "", "validated")
    coding.redo(session, who, masked)
    assert (row.facets, excerpt.memo) == ({"tonalite": "négative"}, "Vu. \nBis")
    assert not details.specify(session, who, masked, row, {"tonalite": "négative"})
    assert len(session.scalars(select(CodingStep)).all()) == 2


def test_one_key_goes_through_the_values_and_back_to_none(
    session: Session, actors: Actors, masked: Testimony
) -> None:
    who = actors["councillor"]
    row = one(session, who, masked)
    seen = [details.next_value(session, who, masked, row, "tonalite") for _ in range(6)]
    assert seen == ["positive", "négative", "partagée", "neutre", "", "positive"]
    details.next_value(session, who, masked, row, "transversal")
    assert row.facets == {"tonalite": "positive", "transversal": ["égalité femmes-hommes"]}
    with pytest.raises(Invalid):
        details.next_value(session, who, masked, row, "humeur")
    with pytest.raises(Invalid, match="évaluation"):
        details.next_value(session, who, masked, row, "critere")


def test_a_criterion_set_by_the_evaluation_outlives_who_may_not_set_it(
    session: Session, actors: Actors, masked: Testimony
) -> None:
    who = actors["councillor"]
    row = one(session, who, masked)
    row.facets = {"critere": "impact"}
    details.specify(session, who, masked, row, {"tonalite": "neutre"})
    assert row.facets == {"critere": "impact", "tonalite": "neutre"}


def test_what_is_wrong_is_refused(session: Session, actors: Actors, masked: Testimony) -> None:
    who, row = actors["councillor"], one(session, actors["councillor"], masked)
    with pytest.raises(Invalid, match="2000"):
        details.specify(session, who, masked, row, {}, "x" * 2_001)
    session.refresh(row)
    with pytest.raises(Invalid):
        details.specify(session, who, masked, row, {"tonalite": "bof"})
    with pytest.raises(Forbidden, match="autre personne"):
        details.specify(session, actors["councillor2"], masked, row, {})
    coding.remove(session, who, masked, row)
    with pytest.raises(Conflict):
        details.specify(session, who, masked, row, {})


def test_undo_never_overwrites_what_somebody_wrote_since(
    session: Session, actors: Actors, masked: Testimony
) -> None:
    first, second = actors["councillor"], actors["councillor2"]
    mine, theirs = one(session, first, masked), one(session, second, masked)
    details.specify(session, first, masked, mine, {}, "De la première personne.")
    details.specify(session, second, masked, theirs, {}, "De la seconde.")
    with pytest.raises(Conflict, match="a changé depuis"):
        coding.undo(session, first, masked)
    assert session.get_one(Excerpt, mine.excerpt_id).memo == "De la seconde."


@pytest.mark.parametrize("verb", ["undo", "redo"])
def test_a_code_that_left_the_grid_does_not_come_back(
    session: Session, actors: Actors, masked: Testimony, verb: str
) -> None:
    who = actors["councillor"]
    row = one(session, who, masked)
    if verb == "undo":
        coding.remove(session, who, masked, row)
    else:
        coding.undo(session, who, masked)
    row.code = "PARTI"
    with pytest.raises(Conflict, match="n’est plus dans la grille"):
        getattr(coding, verb)(session, who, masked)
    assert row.state == "undone"


def test_blind_codings_count_nowhere_and_are_their_coders_alone(
    session: Session, actors: Actors, masked: Testimony
) -> None:
    first, second, other = (actors[name] for name in ("councillor", "councillor2", "evaluator"))
    one(session, other, masked, "MOB1")
    before = one(session, first, masked, "CAD1")
    blind(session, masked, first, second)
    row = one(session, first, masked)
    assert row.state == "blind"
    sentence = row.excerpt.quote
    assert shown(session, first, masked) == {(sentence, "CAD1"), (sentence, "LOG4")}
    assert shown(session, second, masked) == set()
    assert shown(session, other, masked) == {(sentence, "MOB1"), (sentence, "CAD1")}
    assert excerpts.count(session, masked) == 2
    coding.undo(session, first, masked)
    assert (row.state, before.state) == ("undone", "validated")
    with pytest.raises(Conflict, match="rien à annuler"):
        coding.undo(session, first, masked)
    coding.redo(session, first, masked)
    assert row.state == "blind"
    with pytest.raises(Conflict, match="notes"):
        details.specify(session, first, masked, row, {}, "Une note.")


def test_finishing_a_blind_text_changes_nothing_but_ones_part(
    session: Session, actors: Actors, masked: Testimony
) -> None:
    first, second = actors["councillor"], actors["councillor2"]
    held = blind(session, masked, first, second)
    with pytest.raises(Invalid, match="Aucune phrase"):
        coding.finish(session, first, masked)
    one(session, first, masked)
    coding.finish(session, first, masked)
    assert (held.texts[0].first_done, held.texts[0].second_done) == (True, False)
    assert (masked.state, held.state) == ("masked", "open")
    coding.nothing_to_code(session, second, masked)
    assert rounds.blind_round(session, first, masked) is None
    assert masked.state == "masked"
    assert {row.state for row in session.scalars(select(Coding))} == {"blind"}


def test_once_the_round_is_over_its_gestures_stay_as_decided(
    session: Session, actors: Actors, masked: Testimony
) -> None:
    first = actors["councillor"]
    held = blind(session, masked, first, actors["councillor2"])
    row = one(session, first, masked)
    held.state, row.state = "closed", "validated"
    session.flush()
    with pytest.raises(Conflict, match="a changé depuis"):
        coding.undo(session, first, masked)
    assert row.state == "validated"


GESTURES = st.lists(
    st.tuples(
        st.sampled_from(["code", "next", "memo", "remove", "undo", "redo"]),
        st.integers(0, 2),
        st.sampled_from(["LOG", "CAD3"]),
        st.text("ab é😀\n", max_size=6),
    ),
    max_size=14,
)


@given(gestures=GESTURES)
@settings(
    max_examples=20,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_everything_undone_then_done_again_comes_back_to_the_same(
    session: Session, actors: Actors, masked: Testimony, gestures: list[Any]
) -> None:
    who = actors["councillor"]
    row = factories.testimony(session, masked.meeting, masked=TEXT)
    for gesture in gestures:
        play(session, who, row, *gesture)
    exhaust(coding.redo, session, who, row)
    before = everything(session, row)
    exhaust(coding.undo, session, who, row)
    assert everything(session, row) <= {("", None, "{}")}
    exhaust(coding.redo, session, who, row)
    assert everything(session, row) == before


def play(
    session: Session, who: Actor, row: Testimony, verb: str, at: int, name: str, memo: str
) -> None:
    mine = [c for e in excerpts.everything(session, row) for c in excerpts.live(e)]
    if verb == "code":
        coding.code_sentences(session, who, row, [at], [name])
    elif verb in ("undo", "redo"):
        attempt(getattr(coding, verb), session, who, row)
    elif mine and verb == "next":
        details.next_value(session, who, row, mine[-1], "tonalite")
    elif mine and verb == "memo":
        details.specify(session, who, row, mine[0], mine[0].facets, memo)
    elif mine:
        coding.remove(session, who, row, mine[0])


def attempt(gesture: Any, *given: Any) -> bool:
    try:
        gesture(*given)
    except Conflict as error:
        if "rien à" not in str(error):
            raise
        return False
    return True


def exhaust(gesture: Any, *given: Any) -> None:
    while attempt(gesture, *given):
        pass


def everything(session: Session, row: Testimony) -> set[tuple[str, str | None, str]]:
    """Memos, and live codes with their facets."""
    rows = excerpts.everything(session, row)
    coded = {(x.quote, c.code, str(c.facets)) for x in rows for c in excerpts.live(x)}
    return coded | {(x.memo, None, "{}") for x in rows}
