"""Every gesture of a masking can be taken back and put again, in any order that people choose."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select
from sqlalchemy.orm import Session

import factories
from survey_app.domain import Conflict, Forbidden, Invalid
from survey_app.models import Campaign, CodingStep, Redaction, Run, Testimony
from survey_app.permissions import Actor
from survey_app.services import masking, masking_proposals, masking_steps, results, review

Actors = dict[str, Actor]
TEXT = "Karima voit Fatou. KARIMA appelle le gardien au 06 39 98 12 34."


@pytest.fixture
def row(session: Session, campaign: Campaign, actors: Actors) -> Testimony:
    held = factories.meeting(session, campaign, actors["councillor"])
    mine = actors["councillor2"].account_id
    made = factories.testimony(session, held, text=TEXT, state="reviewed", reviewer_id=mine)
    masking_proposals.refresh(session, made)
    return made


def marks(session: Session, row: Testimony) -> list[tuple[str, str, str, str]]:
    """Everything that the page shows of the masking: words, category, state, placeholder."""
    here = Redaction.text_version_id == review.working_text(row).id
    rows = session.scalars(
        select(Redaction).where(here).order_by(Redaction.start, Redaction.origin)
    )
    return [(TEXT[one.start : one.end], one.category, one.state, one.placeholder) for one in rows]


def covered(session: Session, row: Testimony) -> list[tuple[str, str]]:
    return [(TEXT[one.start : one.end], one.placeholder) for one in masking.chosen(session, row)]


def act(session: Session, who: Actor, row: Testimony, choice: int, which: int) -> None:
    """One of the things that a person may do on the page; some change nothing or are refused."""
    pending = masking_proposals.pending(session, row)
    chosen = masking.chosen(session, row)
    try:
        if choice == 0 and pending:
            masking_proposals.accept(session, who, row, [pending[which % len(pending)]])
        elif choice == 1 and pending:
            masking_proposals.accept(session, who, row, [pending[which % len(pending)]], "AUTRE")
        elif choice == 2 and pending:
            masking_proposals.refuse(session, who, row, [pending[which % len(pending)]])
        elif choice == 3 and chosen:
            masking.change_category(session, who, row, chosen[which % len(chosen)], "RÔLE")
        elif choice == 4 and chosen:
            masking.remove(session, who, row, chosen[which % len(chosen)], alike=which % 2 == 0)
        elif choice == 5:
            masking.add_words(session, who, row, ("gardien", "Karima")[which % 2], "RÔLE")
        elif choice == 6:
            masking.add(session, who, row, which, which + 9, "PRÉNOM")
    except Invalid:
        pass


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.integers(0, 6), st.integers(0, 40)), min_size=1, max_size=7))
def test_undoing_all_then_redoing_all_gives_each_moment_again(
    session: Session, actors: Actors, row: Testimony, gestures: list[tuple[int, int]]
) -> None:
    who = actors["councillor2"]
    with session.begin_nested() as moment:
        seen = [marks(session, row)]
        for choice, which in gestures:
            act(session, who, row, choice, which)
            if marks(session, row) != seen[-1]:
                seen.append(marks(session, row))
        for before in reversed(seen[:-1]):
            masking.undo(session, who, row)
            assert marks(session, row) == before
        assert masking_steps.last(session, who, row) is None
        for after in seen[1:]:
            masking.redo(session, who, row)
            assert marks(session, row) == after
        assert masking_steps.following(session, who, row) is None
        moment.rollback()
    session.expire_all()


def test_a_category_is_corrected_while_accepting_and_after(
    session: Session, actors: Actors, row: Testimony
) -> None:
    who = actors["councillor2"]
    first = masking_proposals.pending(session, row)[0]
    assert masking_proposals.accept(session, who, row, [first], "NOM") == 2
    assert covered(session, row) == [("Karima", "[NOM 1]"), ("KARIMA", "[NOM 1]")]
    masking.add_words(session, who, row, "gardien", "NOM")
    assert masking.change_category(session, who, row, masking.chosen(session, row)[2], "RÔLE") == 1
    assert masking.change_category(session, who, row, first, "PRÉNOM") == 2
    assert covered(session, row) == [
        ("Karima", "[PRÉNOM 1]"), ("KARIMA", "[PRÉNOM 1]"), ("gardien", "[RÔLE 1]"),
    ]  # fmt: skip
    for refused in (
        lambda: masking.change_category(session, who, row, first, "RELIGION"),
        lambda: masking_proposals.accept(
            session, who, row, masking_proposals.pending(session, row), "X" * 500
        ),
    ):
        with pytest.raises(Invalid, match="catégorie"):
            refused()
    assert masking.change_category(session, who, row, first, "PRÉNOM") == 0
    step = masking_steps.last(session, who, row)
    assert step is not None
    told = masking_steps.told(row, step)
    assert (told.verb, told.words, told.others) == ("changer la catégorie de", "Karima", 1)


def test_a_new_gesture_ends_what_could_be_redone(
    session: Session, actors: Actors, row: Testimony
) -> None:
    who = actors["councillor2"]
    masking.add_words(session, who, row, "Karima", "PRÉNOM")
    masking.undo(session, who, row)
    masking.add_words(session, who, row, "gardien", "RÔLE")
    with pytest.raises(Conflict, match="aucun geste"):
        masking.redo(session, who, row)
    assert covered(session, row) == [("gardien", "[RÔLE 1]")]


def test_what_was_done_before_a_correction_or_the_masking_is_not_undone(
    session: Session, actors: Actors, row: Testimony
) -> None:
    who = actors["councillor2"]
    masking.add_words(session, who, row, "Karima", "PRÉNOM")
    review.correct(session, who, row, [TEXT.replace("voit", "a vu")])
    assert masking_steps.last(session, who, row) is None
    with pytest.raises(Conflict, match="aucun geste"):
        masking.undo(session, who, row)
    masking.confirm(session, who, row)
    assert session.scalar(select(func.count()).select_from(CodingStep)) == 0
    with pytest.raises(Conflict, match="pas à masquer"):
        masking.undo(session, who, row)


def test_the_coordinator_who_takes_over_may_undo_and_others_may_not(
    session: Session, actors: Actors, row: Testimony
) -> None:
    masking.add_words(session, actors["councillor2"], row, "Karima", "PRÉNOM")
    for name in ("councillor", "evaluator", "reader"):
        with pytest.raises(Forbidden):
            masking.undo(session, actors[name], row)
    masking.undo(session, actors["coordinator"], row)
    assert covered(session, row) == []


def test_a_masking_under_way_makes_no_result_old(
    session: Session, campaign: Campaign, actors: Actors, row: Testimony
) -> None:
    figures = {"totals": {"testimonies": 0}, "codings": 0}
    run = Run(created_at=datetime(2020, 1, 1, tzinfo=UTC), figures=figures)
    masking.add_words(session, actors["councillor2"], row, "Karima", "PRÉNOM")
    step = masking_steps.last(session, actors["councillor2"], row)
    assert step is not None
    assert not results.outdated(session, campaign, run, results.Basis(0, 0, 0))
    step.action = "code"
    session.flush()
    assert results.outdated(session, campaign, run, results.Basis(0, 0, 0))
