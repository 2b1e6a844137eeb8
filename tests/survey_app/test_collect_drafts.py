"""Interviews in progress: saved section by section, stopped, finished, never lost nor doubled."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

import factories
from survey_app.domain import Conflict, Forbidden, Invalid, NotFound
from survey_app.models import (
    AuditEvent,
    Campaign,
    Council,
    Draft,
    Meeting,
    QuestionnaireVersion,
    RecontactEntry,
    Testimony,
    WithdrawalCode,
)
from survey_app.permissions import Actor, system_actor
from survey_app.runtime import Runtime
from survey_app.services import collection, consents, counters

AGREED = {"accord_noter": "oui", "age": "40_59", "accord_citer": "oui", "suites": "non"}


def posted(**fields: Any) -> Callable[[str], list[str]]:
    """What a browser posts: lists of texts by field name."""

    def getlist(name: str) -> list[str]:
        given = fields.get(name, [])
        return given if isinstance(given, list) else [given]

    return getlist


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


def save(session: Session, actor: Actor, draft: Draft, section: str, **fields: Any) -> Any:
    return collection.save_section(
        session, actor, draft, section, posted(**fields), collection.stamp(draft)
    )


def agree(session: Session, actor: Actor, draft: Draft, **changes: str) -> None:
    """Go through the consent screens, as often as they open new questions."""
    for _ in range(4):
        if not save(session, actor, draft, "accord", **(AGREED | changes)).opened:
            return


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
    session: Session, draft: Draft, meeting: Meeting, actors: dict[str, Actor]
) -> None:
    me = actors["councillor"]
    saved = save(session, me, draft, "accord", accord_noter="non")
    assert saved.stop is not None
    assert draft.answers == {}
    assert collection.refuse(session, me, draft) == 1
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
    agree(session, me, draft)
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
    agree(session, me, draft)
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


def test_an_answer_no_longer_asked_waits_in_the_draft_and_is_not_deposited(
    session: Session, runtime: Runtime, draft: Draft, actors: dict[str, Actor]
) -> None:
    me = actors["councillor"]
    agree(session, me, draft)
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
    agree(session, me, draft)
    old = collection.stamp(draft)
    save(session, me, draft, "quartier", aime="Le premier onglet")
    with pytest.raises(Conflict, match="autre onglet"):
        collection.save_section(session, me, draft, "quartier", posted(aime="Le second"), old)
    assert draft.answers["aime"] == "Le premier onglet"


def test_finishing_twice_gives_one_testimony_and_the_same_receipt(
    session: Session, runtime: Runtime, draft: Draft, actors: dict[str, Actor]
) -> None:
    me = actors["councillor"]
    agree(session, me, draft)
    save(session, me, draft, "quartier", aime="Le marché du samedi")
    code = draft.withdrawal_code
    first = collection.deposit(session, me, runtime.keys, draft.id)
    again = collection.deposit(session, me, runtime.keys, draft.id)
    assert (first.status, again.status) == ("stored", "duplicate")
    assert (first.id, first.number, first.content_hash) == (
        again.id,
        again.number,
        again.content_hash,
    )
    assert session.scalar(select(func.count()).select_from(Testimony)) == 1
    assert session.scalar(select(func.count()).select_from(Draft)) == 0
    kept = session.scalars(select(WithdrawalCode.code_hash)).one()
    assert kept == runtime.keys.keyed_hash("withdrawal", consents.normalise(code))
    assert collection.receipt(session, me, first.id).number == first.number
    with pytest.raises(NotFound):
        collection.receipt(session, actors["councillor2"], first.id)


def test_an_unfinished_draft_is_not_deposited_and_stays(
    session: Session, runtime: Runtime, draft: Draft, actors: dict[str, Actor]
) -> None:
    me = actors["councillor"]
    agree(session, me, draft, accord_citer="apres_relecture")
    with pytest.raises(Invalid, match="1 point"):
        collection.deposit(session, me, runtime.keys, draft.id)
    assert collection.get(session, me, draft.id).answers["accord_citer"] == "apres_relecture"


@pytest.mark.parametrize("keep", [True, False])
def test_stopping_keeps_or_erases_as_the_person_wants(
    session: Session,
    runtime: Runtime,
    draft: Draft,
    meeting: Meeting,
    actors: dict[str, Actor],
    keep: bool,
) -> None:
    me = actors["councillor"]
    agree(session, me, draft)
    save(session, me, draft, "quartier", aime="Le marché")
    receipt = collection.abandon(session, me, runtime.keys, draft, keep=keep)
    assert (receipt is not None) is keep
    assert session.scalar(select(func.count()).select_from(Testimony)) == int(keep)
    assert session.scalar(select(func.count()).select_from(Draft)) == 0
    assert meeting.stopped == 1
    if not keep:
        with pytest.raises(NotFound):
            collection.deposit(session, me, runtime.keys, draft.id)


def test_a_draft_is_read_by_its_collector_alone(
    session: Session, draft: Draft, actors: dict[str, Actor], other_council: Council
) -> None:
    stranger = factories.actors(session, other_council, "-b")["coordinator"]
    for actor in (actors["councillor2"], actors["coordinator"], stranger):
        with pytest.raises(NotFound):
            collection.get(session, actor, draft.id)
        assert collection.listed(session, actor) == []
    with pytest.raises(Forbidden):
        collection.get(session, actors["evaluator"], draft.id)
    assert [item.id for item in collection.listed(session, actors["councillor"])] == [draft.id]


def test_an_interview_begins_only_where_it_may(
    session: Session,
    meeting: Meeting,
    version: QuestionnaireVersion,
    actors: dict[str, Actor],
    council: Council,
) -> None:
    with pytest.raises(NotFound):
        collection.start(session, actors["councillor2"], meeting, version)
    with pytest.raises(Forbidden):
        collection.start(session, system_actor(council.id), meeting, version)
    other = factories.campaign(session, factories.council(session, "Ailleurs"), slug="ailleurs")
    with pytest.raises(Conflict):
        collection.start(session, actors["councillor"], meeting, other.questionnaires[0])
    meeting.state = "planned"
    with pytest.raises(Conflict):
        collection.start(session, actors["councillor"], meeting, version)


def test_a_section_not_to_be_asked_is_not_found(
    session: Session, draft: Draft, actors: dict[str, Actor]
) -> None:
    with pytest.raises(NotFound):
        save(session, actors["councillor"], draft, "quartier", aime="Trop tôt")


def test_a_contact_leads_nowhere(
    session: Session, campaign: Campaign, actors: dict[str, Actor]
) -> None:
    before = session.scalar(select(func.count()).select_from(AuditEvent))
    collection.leave_contact(session, actors["councillor"], campaign, " 06 00 00 00 00 ")
    entry = session.scalars(select(RecontactEntry)).one()
    assert entry.contact == "06 00 00 00 00"
    assert entry.id.version == 4
    assert {column.name for column in RecontactEntry.__table__.columns} == {
        "id",
        "council_id",
        "campaign_id",
        "contact",
        "left_on",
        "state",
    }
    assert session.scalar(select(func.count()).select_from(AuditEvent)) == before
    for wrong in ("", "   ", "x" * 501, "a\0b"):
        with pytest.raises(Invalid):
            collection.leave_contact(session, actors["councillor"], campaign, wrong)
