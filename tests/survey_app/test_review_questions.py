"""A question of the review: who asks, who answers, what each sees, what the journal says."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

import factories
from review_cases import YES, collected, lines
from survey_app.domain import Conflict, DomainError, Forbidden, Invalid, NotFound
from survey_app.models import Account, AuditEvent, Campaign, Council, ReviewQuestion, Testimony
from survey_app.permissions import Actor
from survey_app.services import corrections, masking, queue, review
from survey_app.services import review_questions as questions

Actors = dict[str, Actor]
ASKED = "Le banc est-il devant l’école ou devant la mairie ?"


@pytest.fixture
def taken(session: Session, campaign: Campaign, actors: Actors) -> Testimony:
    """Collected by one councillor with Q01, in review by the other."""
    row = collected(session, campaign, actors["councillor"])
    row.questionnaire_version = campaign.questionnaires[0]
    review.take(session, actors["councillor2"], row)
    return row


def test_asked_seen_answered_then_corrected(
    session: Session, taken: Testimony, actors: Actors
) -> None:
    collector, reviewer = actors["councillor"], actors["councillor2"]
    name, words = next(iter(next(iter(questions.topics(taken).values())).items()))
    row = questions.ask(session, reviewer, taken, f"  {ASKED}\r\nMerci. ", name)
    assert (row.text, row.question) == (f"{ASKED}\nMerci.", name)
    (listed,) = questions.listed_for_collector(session, collector)
    assert (listed.row.id, listed.about) == (row.id, words)
    assert questions.standing(session, reviewer, [taken]) == {taken.id: questions.WAITING}

    questions.answer(session, collector, row, "Devant la mairie.")
    assert questions.listed_for_collector(session, collector) == []
    (seen,) = questions.of_testimony(session, reviewer, taken).asked
    assert (seen.row.answer, seen.row.answered_at is None) == ("Devant la mairie.", False)
    assert questions.standing(session, reviewer, [taken]) == {taken.id: questions.ANSWERED}
    text = corrections.correct(session, reviewer, taken, ["Un banc devant la mairie."])
    assert text.text == "Un banc devant la mairie."


def test_i_do_not_know_any_more_is_an_answer(
    session: Session, taken: Testimony, actors: Actors
) -> None:
    row = questions.ask(session, actors["councillor2"], taken, ASKED)
    with pytest.raises(Invalid, match="Je ne sais plus"):
        questions.answer(session, actors["councillor"], row, "Peut-être", unknown=True)
    assert row.answered_at is None
    questions.answer(session, actors["councillor"], row, " \n", unknown=True)
    assert row.answer == ""
    assert row.answered_at is not None
    questions.answer(session, actors["councillor"], row, unknown=True)
    assert lines(session, "answer_reviewer") == 1


def test_an_answer_is_given_once(session: Session, taken: Testimony, actors: Actors) -> None:
    row = questions.ask(session, actors["councillor2"], taken, ASKED)
    questions.answer(session, actors["councillor"], row, "Devant la mairie.")
    questions.answer(session, actors["councillor"], row, "Devant la mairie. ")
    with pytest.raises(Conflict, match="déjà partie"):
        questions.answer(session, actors["councillor"], row, "Devant l’école.")
    assert row.answer == "Devant la mairie."
    assert lines(session, "answer_reviewer") == 1


def test_the_same_question_is_not_asked_twice_while_it_waits(
    session: Session, taken: Testimony, actors: Actors
) -> None:
    first = questions.ask(session, actors["councillor2"], taken, ASKED)
    assert questions.ask(session, actors["councillor2"], taken, f"{ASKED} ") is first
    other = questions.ask(session, actors["councillor2"], taken, "Qui était là ?")
    questions.answer(session, actors["councillor"], first, "La mairie.")
    assert questions.standing(session, actors["councillor2"], [taken]) == {
        taken.id: questions.WAITING
    }
    again = questions.ask(session, actors["councillor2"], taken, ASKED)
    assert len({first.id, other.id, again.id}) == 3
    shown = questions.of_testimony(session, actors["councillor2"], taken).asked
    assert [item.row.id for item in shown] == [first.id, other.id, again.id]
    assert lines(session, "ask_collector") == 3


@pytest.mark.parametrize(
    ("words", "about"),
    [("", ""), (" \n\t", ""), ("a\x00b", ""), ("é" * 1001, ""), ("Où ?", "inconnue")],
)
def test_words_that_do_not_fit_are_refused(
    session: Session, taken: Testimony, actors: Actors, words: str, about: str
) -> None:
    with pytest.raises(Invalid):
        questions.ask(session, actors["councillor2"], taken, words, about)
    assert session.scalars(select(ReviewQuestion)).all() == []


@given(st.text(max_size=60), st.integers(0, 60))
def test_kept_words_are_those_that_were_written(text: str, most: int) -> None:
    """Kept words are never longer than allowed, and keeping them again changes nothing."""
    try:
        kept = questions._words(text, most, "Votre question")
    except Invalid:
        return
    assert 0 < len(kept) <= most
    assert questions._words(kept, most, "Votre question") == kept
    assert "\r" not in kept


def test_long_words_at_the_limit_are_kept(
    session: Session, taken: Testimony, actors: Actors
) -> None:
    row = questions.ask(session, actors["councillor2"], taken, "é" * questions.MAX_TEXT)
    questions.answer(session, actors["councillor"], row, "à" * questions.MAX_ANSWER)
    assert (len(row.text), len(row.answer)) == (1000, 4000)


def test_only_the_reviewer_asks(
    session: Session, taken: Testimony, actors: Actors, other_council: Council
) -> None:
    stranger = factories.actors(session, other_council, "-b")["coordinator"]
    for name, refusal in (
        ("councillor", Forbidden), ("coordinator", Forbidden), ("evaluator", Forbidden),
        ("reader", Forbidden), ("admin", Forbidden), ("dpo", Forbidden),
    ):  # fmt: skip
        with pytest.raises(refusal):
            questions.ask(session, actors[name], taken, ASKED)
    with pytest.raises(NotFound):
        questions.ask(session, stranger, taken, ASKED)
    assert questions.of_testimony(session, actors["councillor2"], taken).may_ask
    assert not questions.of_testimony(session, actors["coordinator"], taken).may_ask
    for name in ("councillor", "evaluator", "reader", "admin", "dpo"):
        with pytest.raises(Forbidden):
            questions.of_testimony(session, actors[name], taken)


def test_only_who_collected_is_shown_and_answers(
    session: Session, taken: Testimony, actors: Actors, other_council: Council
) -> None:
    row = questions.ask(session, actors["councillor2"], taken, ASKED)
    away = factories.actors(session, other_council, "-b")
    for actor in (actors["councillor2"], actors["coordinator"], *away.values()):
        if actor.can("testimony.collect"):
            assert questions.listed_for_collector(session, actor) == []
            with pytest.raises(NotFound):
                questions.for_collector(session, actor, row.id)
        with pytest.raises(DomainError):
            questions.answer(session, actor, row, "Rien.")
    assert row.answered_at is None
    assert questions.for_collector(session, actors["councillor"], row.id).row is row


@pytest.mark.parametrize("why", ["imported", "closed", "unable", "oneself"])
def test_nobody_is_asked_who_cannot_answer(
    session: Session, taken: Testimony, actors: Actors, why: str
) -> None:
    reviewer = actors["councillor2"]
    account = session.get_one(Account, actors["councillor"].account_id)
    if why == "imported":
        taken.collector_id = None
    elif why == "closed":
        account.active = False
    elif why == "unable":
        account.roles[0].role = "evaluator"
    else:
        taken.collector_id, taken.campaign.single_person_exception = reviewer.account_id, True
    session.flush()
    assert not questions.of_testimony(session, reviewer, taken).may_ask
    with pytest.raises(Conflict, match="Personne ne peut répondre"):
        questions.ask(session, reviewer, taken, ASKED)


def test_a_question_left_open_blocks_nothing(
    session: Session, taken: Testimony, actors: Actors
) -> None:
    reviewer, campaign = actors["councillor2"], taken.campaign
    row = questions.ask(session, reviewer, taken, ASKED)
    assert [found.id for found in queue.page(session, reviewer, campaign, "a-relire").rows] == [
        taken.id
    ]
    review.decide(session, reviewer, taken, "accept", YES)
    assert [asked.row for asked in questions.listed_for_collector(session, actors["councillor"])]
    questions.answer(session, actors["councillor"], row, "La mairie.")
    assert questions.of_testimony(session, reviewer, taken).asked[0].row.answer == "La mairie."
    masking.confirm(session, reviewer, taken)
    assert taken.state == "masked"


def test_what_is_set_aside_is_asked_no_more_until_it_comes_back(
    session: Session, taken: Testimony, actors: Actors
) -> None:
    row = questions.ask(session, actors["councillor2"], taken, ASKED)
    review.decide(session, actors["councillor2"], taken, "set_aside", {}, reason="doublon")
    assert questions.listed_for_collector(session, actors["councillor"]) == []
    with pytest.raises(NotFound):
        questions.answer(session, actors["councillor"], row, "La mairie.")
    with pytest.raises(Forbidden):
        questions.ask(session, actors["councillor2"], taken, "Qui ?")
    review.restore(session, actors["coordinator"], taken)
    assert len(questions.listed_for_collector(session, actors["councillor"])) == 1


def test_the_journal_says_that_it_was_asked_and_no_word_of_it(
    session: Session, taken: Testimony, actors: Actors
) -> None:
    row = questions.ask(session, actors["councillor2"], taken, ASKED)
    questions.answer(session, actors["councillor"], row, "La mairie.")
    session.flush()
    told = session.scalars(
        select(AuditEvent).where(AuditEvent.action.in_(("ask_collector", "answer_reviewer")))
    ).all()
    assert {(line.actor_id, line.action) for line in told} == {
        (actors["councillor2"].account_id, "ask_collector"),
        (actors["councillor"].account_id, "answer_reviewer"),
    }
    for line in told:
        assert (line.kind, line.record_id, line.details) == ("testimonies", taken.id, {})
        assert (line.before, line.after) == ("", "")


def test_topics_are_the_questions_of_the_form_and_not_its_notes(
    session: Session, taken: Testimony
) -> None:
    offered = questions.topics(taken)
    assert len(offered) > 2
    assert all(words for group in offered.values() for words in group.values())
    assert not any("{quartier}" in words for group in offered.values() for words in group.values())
    document = taken.questionnaire_version.document
    notes = {
        question["name"]
        for section in document["sections"]
        for question in section["questions"]
        if question["type"] == "note"
    }
    assert notes
    assert not notes & {name for group in offered.values() for name in group}
    taken.questionnaire_version = None
    assert questions.topics(taken) == {}
