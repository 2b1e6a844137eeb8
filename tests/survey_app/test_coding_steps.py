"""Undo and redo: each coder's gestures on a testimony, taken back and put again."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

import factories
from survey_app.domain import Conflict, Forbidden
from survey_app.models import Campaign, Coding, CodingStep, Testimony
from survey_app.permissions import Actor
from survey_app.services import coding, excerpts

TEXT = "Le soir, 😀 l’ascenseur tombe en panne. [PRÉNOM 1] monte à pied.\n\nUn banc est arrivé."
Actors = dict[str, Actor]


@pytest.fixture
def masked(session: Session, campaign: Campaign) -> Testimony:
    return factories.testimony(session, factories.meeting(session, campaign), masked=TEXT)


def alive(session: Session, row: Testimony) -> set[tuple[str, str, str]]:
    """What is coded: words, code, facets."""
    return {
        (excerpt.quote, coded.code, json.dumps(coded.facets, sort_keys=True))
        for excerpt in excerpts.everything(session, row)
        for coded in excerpts.live(excerpt)
        if excerpt.state == "active"
    }


def test_remove_is_for_ones_own_codes(session: Session, actors: Actors, masked: Testimony) -> None:
    coding.code_sentences(session, actors["councillor"], masked, [0], ["LOG"])
    row = session.scalars(select(Coding)).one()
    with pytest.raises(Forbidden, match="autre personne"):
        coding.remove(session, actors["coordinator"], masked, row)
    coding.remove(session, actors["councillor"], masked, row)
    assert alive(session, masked) == set()
    with pytest.raises(Conflict):
        coding.remove(session, actors["councillor"], masked, row)
    coding.undo(session, actors["councillor"], masked)
    assert len(alive(session, masked)) == 1


def test_undo_is_each_persons_own(session: Session, actors: Actors, masked: Testimony) -> None:
    coding.code_sentences(session, actors["councillor"], masked, [0], ["LOG"])
    with pytest.raises(Conflict, match="rien à annuler"):
        coding.undo(session, actors["evaluator"], masked)
    with pytest.raises(Conflict, match="rien à refaire"):
        coding.redo(session, actors["councillor"], masked)
    coding.undo(session, actors["councillor"], masked)
    shown = excerpts.bench(session, actors["councillor"], masked)
    assert (shown.undoable, shown.excerpts) == (None, ())
    assert shown.redoable is not None
    coding.code_sentences(session, actors["councillor"], masked, [1], ["CAD"])
    with pytest.raises(Conflict, match="rien à refaire"):
        coding.redo(session, actors["councillor"], masked)


GESTURES = st.lists(
    st.tuples(
        st.sampled_from(["code", "remove", "undo", "redo"]),
        st.sets(st.integers(0, 2), min_size=1),
        st.sampled_from(["LOG", "CAD3", "MOB"]),
        st.sampled_from([None, {"tonalite": "neutre"}, {"kind": "besoin"}]),
    ),
    max_size=12,
)


@given(gestures=GESTURES)
@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_undo_all_then_redo_all_comes_back_to_the_same(
    session: Session, actors: Actors, masked: Testimony, gestures: list[Any]
) -> None:
    who = actors["councillor"]
    row = factories.testimony(session, masked.meeting, masked=TEXT)
    for verb, chosen, name, facets in gestures:
        mine = [c for e in excerpts.everything(session, row) for c in excerpts.live(e)]
        if verb == "code":
            coding.code_sentences(session, who, row, chosen, [name], facets)
        elif verb == "remove" and mine:
            coding.remove(session, who, row, mine[0])
        elif verb in ("undo", "redo"):
            attempt(partial(getattr(coding, verb), session, who, row))
    while attempt(partial(coding.redo, session, who, row)):
        pass
    before = alive(session, row)
    while attempt(partial(coding.undo, session, who, row)):
        pass
    assert alive(session, row) == set()
    while attempt(partial(coding.redo, session, who, row)):
        pass
    assert alive(session, row) == before


def attempt(gesture: Callable[[], None]) -> bool:
    """Whether there was anything to take back or put again."""
    try:
        gesture()
    except Conflict:
        return False
    return True


def test_a_step_names_codings_and_no_word(
    session: Session, actors: Actors, masked: Testimony
) -> None:
    coding.code_sentences(session, actors["councillor"], masked, [0], ["LOG"])
    step = session.scalars(select(CodingStep)).one()
    assert [set(change) for change in step.coding_ids] == [{"coding", "before", "after"}]
    assert "ascenseur" not in json.dumps(step.coding_ids)
