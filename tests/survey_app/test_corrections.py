"""Corrections: a new text each time, and never by whoever collected the words."""

from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from review_cases import YES, collected, lines
from survey_app.domain import Conflict, Forbidden, Invalid
from survey_app.models import Campaign, Testimony
from survey_app.permissions import Actor
from survey_app.services import review

Actors = dict[str, Actor]


@pytest.fixture
def deposited(session: Session, campaign: Campaign, actors: Actors) -> Testimony:
    """A testimony that ``councillor`` collected."""
    return collected(session, campaign, actors["councillor"])


def test_a_correction_is_a_new_text_and_maps_back_to_questions(
    session: Session, actors: Actors, deposited: Testimony
) -> None:
    reader = actors["councillor2"]
    raw = deposited.texts[0]
    raw.text = "Il fait frois.\n\nLe banc est la."
    raw.parts = [
        {"question": "p1", "start": 0, "end": 14},
        {"question": "p2", "start": 16, "end": 31},
    ]
    review.take(session, reader, deposited)
    text = review.correct(
        session, reader, deposited, ["Il fait froid.\r\n", "Le banc est la\u0300 😀."]
    )
    assert text.text == "Il fait froid.\n\nLe banc est là 😀."
    assert [text.text[p["start"] : p["end"]] for p in text.parts] == review.segments(text)
    assert [part["question"] for part in text.parts] == ["p1", "p2"]
    assert (raw.text, text.kind, text.sequence) == (
        "Il fait frois.\n\nLe banc est la.",
        "corrected",
        2,
    )
    assert review.working_text(deposited) is text
    assert review.correct(session, reader, deposited, review.segments(text)) is text
    assert lines(session, "correct") == 1


@pytest.mark.parametrize("answers", [[""], ["a\x00b"]])
def test_a_correction_may_not_empty_the_text(
    session: Session, actors: Actors, deposited: Testimony, answers: list[str]
) -> None:
    review.take(session, actors["councillor2"], deposited)
    with pytest.raises(Invalid):
        review.correct(session, actors["councillor2"], deposited, answers)
    with pytest.raises(Conflict):
        review.correct(session, actors["councillor2"], deposited, ["a", "b"])
    assert [text.kind for text in deposited.texts] == ["raw"]


def test_the_coordinator_does_not_rewrite_their_own_collecting(
    session: Session, actors: Actors, deposited: Testimony
) -> None:
    desk, reader = actors["coordinator"], actors["councillor2"]
    deposited.collector_id = desk.account_id
    review.take(session, reader, deposited)
    with pytest.raises(Forbidden, match="Vous avez recueilli"):
        review.correct(session, desk, deposited, ["Mes mots."])
    review.decide(session, reader, deposited, "accept", YES)
    with pytest.raises(Forbidden, match="Vous avez recueilli"):
        review.correct(session, desk, deposited, ["Mes mots."])
    assert [text.kind for text in deposited.texts] == ["raw"]


def test_the_coordinator_who_corrects_takes_the_review_over(
    session: Session, actors: Actors, deposited: Testimony
) -> None:
    desk, reader = actors["coordinator"], actors["councillor2"]
    review.take(session, reader, deposited)
    review.correct(session, desk, deposited, ["Un texte."])
    assert (deposited.reviewer_id, lines(session, "take_over")) == (desk.account_id, 1)
    with pytest.raises(Forbidden):
        review.decide(session, reader, deposited, "accept", YES)
    done = review.decide(session, desk, deposited, "accept", YES)
    assert done.reviewer_id == desk.account_id


def test_the_exception_taken_back_stops_the_collectors_review(
    session: Session, actors: Actors, deposited: Testimony
) -> None:
    me = actors["councillor"]
    deposited.campaign.single_person_exception = True
    review.take(session, me, deposited)
    deposited.campaign.single_person_exception = False
    for decision in ("accept", "set_aside"):
        with pytest.raises(Forbidden, match="Vous avez recueilli"):
            review.decide(session, me, deposited, decision, YES, reason="doublon")
    with pytest.raises(Forbidden, match="Vous avez recueilli"):
        review.take(session, me, deposited)
    with pytest.raises(Forbidden, match="Vous avez recueilli"):
        review.correct(session, me, deposited, ["Mes mots."])
    review.decide(session, me, deposited, "hand_over", {})
    assert (deposited.state, deposited.reviewer_id) == ("to_review", None)
