"""Interviews in progress: saved section by section, nothing typed is lost."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

import factories
from interviews import consent, posted, save
from survey_app.domain import Conflict, Invalid
from survey_app.models import Campaign, Draft, Meeting, QuestionnaireVersion, Testimony
from survey_app.permissions import Actor
from survey_app.runtime import Runtime
from survey_app.services import answering, collection, counters
from survey_app.services.filling import Spot
from survey_app.services.posting import Posted


@pytest.fixture
def meeting(session: Session, campaign: Campaign, actors: dict[str, Actor]) -> Meeting:
    return factories.meeting(session, campaign, actors["councillor"])


@pytest.fixture
def version(campaign: Campaign) -> QuestionnaireVersion:
    return next(q for q in campaign.questionnaires if q.name.startswith("Q01"))


@pytest.fixture
def draft(
    session: Session, meeting: Meeting, version: QuestionnaireVersion, actors: dict[str, Actor]
) -> Draft:
    return collection.start(session, actors["councillor"], meeting, version)


def test_consent_questions_open_one_after_the_other(
    session: Session, draft: Draft, actors: dict[str, Actor]
) -> None:
    me = actors["councillor"]
    first = save(session, me, draft, "accord", accord_noter="oui")
    assert first.problems == ()
    assert first.opened[0] == "age"
    second = save(session, me, draft, "accord", accord_noter="oui", age="15_17")
    assert "accord_parent_ecrit" in second.opened
    assert "accord_voix" not in second.opened
    third = save(
        session,
        me,
        draft,
        "accord",
        accord_noter="oui",
        age="15_17",
        accord_citer="oui",
        accord_parent_ecrit="oui",
    )
    assert set(third.opened) == {"accord_voix", "accord_photo"}


def test_a_required_question_shown_and_left_empty_is_a_problem(
    session: Session, draft: Draft, actors: dict[str, Actor]
) -> None:
    saved = save(session, actors["councillor"], draft, "accord")
    assert [problem.where for problem in saved.problems] == ["accord_noter"]


def test_a_refusal_keeps_nothing_and_suggests_a_count(
    session: Session, runtime: Runtime, draft: Draft, meeting: Meeting, actors: dict[str, Actor]
) -> None:
    me = actors["councillor"]
    saved = save(session, me, draft, "accord", accord_noter="non")
    assert saved.stop is not None
    assert draft.answers == {}
    collection.refuse(session, me, runtime, draft)
    assert meeting.refusals == 1
    assert session.scalar(select(func.count()).select_from(Draft)) == 0
    assert session.scalar(select(func.count()).select_from(Testimony)) == 0
    assert counters.suggested(meeting, 0).refusals == 1


@pytest.mark.parametrize(("answer", "stops"), [("non", True), ("oui", False), ("", False)])
def test_under_15_stops_only_when_somebody_said_no(
    session: Session, draft: Draft, actors: dict[str, Actor], answer: str, stops: bool
) -> None:
    me = actors["councillor"]
    save(session, me, draft, "accord", accord_noter="oui")
    opened = save(session, me, draft, "accord", accord_noter="oui", age="moins_15")
    assert (opened.stop, opened.opened) == (None, ("accord_parent",))
    saved = save(
        session, me, draft, "accord", accord_noter="oui", age="moins_15", accord_parent=answer
    )
    assert (saved.stop is not None) is stops
    assert bool(saved.problems) is (answer == "")


def test_what_does_not_fit_is_kept_as_typed(
    session: Session, draft: Draft, actors: dict[str, Actor]
) -> None:
    me = actors["councillor"]
    consent(session, me, draft)
    saved = save(
        session,
        me,
        draft,
        "quartier",
        recit_quartier="Mots\0cachés",
        aime="Le marché",
        vivre_ici="9",
    )
    assert {problem.where for problem in saved.problems} == {"recit_quartier", "vivre_ici"}
    assert saved.problems[0].offered == "Motscachés"
    assert draft.answers["recit_quartier"] == "Mots\0cachés"
    assert draft.answers["vivre_ici"] == "9"
    assert draft.answers["aime"] == "Le marché"


def test_words_and_no_answer_together_keep_the_words(
    session: Session, draft: Draft, actors: dict[str, Actor]
) -> None:
    me = actors["councillor"]
    consent(session, me, draft)
    saved = save(
        session,
        me,
        draft,
        "quartier",
        aime="Le marché",
        aime__nr="refus",
        complique__nr="ne_sait_pas",
    )
    assert [problem.where for problem in saved.problems] == ["aime"]
    assert draft.answers["aime"] == "Le marché"
    assert draft.answers["complique"] == {"non_response": "ne_sait_pas"}


@pytest.mark.parametrize(
    ("chosen", "stored"),
    [({"aime": "Le marché"}, "Le marché"), ({"aime__nr": "refus"}, {"non_response": "refus"})],
)
def test_words_and_a_refusal_together_are_not_deposited_before_a_choice(
    session: Session,
    runtime: Runtime,
    draft: Draft,
    actors: dict[str, Actor],
    chosen: dict[str, str],
    stored: object,
) -> None:
    me = actors["councillor"]
    consent(session, me, draft)
    save(session, me, draft, "quartier", aime="Le marché", aime__nr="refus")
    save(session, me, draft, "profil", anciennete="1_5")
    assert [problem.where for problem in collection.check(session, draft).problems] == ["aime"]
    with pytest.raises(Invalid, match="1 point"):
        collection.deposit(session, me, runtime.keys, draft.id)
    save(session, me, draft, "quartier", **chosen)
    collection.deposit(session, me, runtime.keys, draft.id)
    kept = session.get_one(Testimony, draft.id).answers
    assert kept["aime"] == stored
    assert "aime__nr" not in kept


def test_an_answer_no_longer_asked_waits_in_the_draft_and_is_not_deposited(
    session: Session, runtime: Runtime, draft: Draft, actors: dict[str, Actor]
) -> None:
    me = actors["councillor"]
    consent(session, me, draft)
    save(session, me, draft, "profil", anciennete="1_5", secteur="halles")
    save(session, me, draft, "profil", anciennete="n_habite_pas", secteur="halles")
    assert draft.answers["secteur"] == "halles"
    assert collection.check(session, draft).dropped == {"secteur": "halles"}
    collection.deposit(session, me, runtime.keys, draft.id)
    assert "secteur" not in session.get_one(Testimony, draft.id).answers


def test_a_page_shown_before_another_save_changes_nothing(
    session: Session, draft: Draft, actors: dict[str, Actor]
) -> None:
    me = actors["councillor"]
    consent(session, me, draft)
    old = collection.stamp(draft)
    save(session, me, draft, "quartier", aime="Le premier onglet")
    sent = Posted(posted(aime="Le second"), old)
    with pytest.raises(Conflict, match="autre onglet"):
        answering.save(session, me, draft, Spot("quartier"), sent)
    assert draft.answers["aime"] == "Le premier onglet"
