"""Interviews finished or stopped: once, and only by those who hold them."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

import factories
from interviews import consent, save
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
from survey_app.services import collection, consents


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


def test_finishing_twice_gives_one_testimony_and_the_same_receipt(
    session: Session, runtime: Runtime, draft: Draft, actors: dict[str, Actor]
) -> None:
    me = actors["councillor"]
    consent(session, me, draft)
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
    consent(session, me, draft, accord_citer="apres_relecture")
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
    consent(session, me, draft)
    save(session, me, draft, "quartier", aime="Le marché")
    receipt = collection.abandon(session, me, runtime, draft, keep=keep)
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


@pytest.mark.parametrize("how", ["finish", "keep"])
def test_what_the_person_wants_erased_is_not_deposited(
    session: Session, runtime: Runtime, draft: Draft, actors: dict[str, Actor], how: str
) -> None:
    me = actors["councillor"]
    consent(session, me, draft)
    save(session, me, draft, "quartier", aime="Le marché")
    save(session, me, draft, "relecture", relecture="effacer")
    finish = {
        "finish": lambda: collection.deposit(session, me, runtime.keys, draft.id),
        "keep": lambda: collection.abandon(session, me, runtime, draft, keep=True),
    }
    with pytest.raises(Invalid, match="effacer"):
        finish[how]()
    assert session.scalar(select(func.count()).select_from(Testimony)) == 0
    assert collection.get(session, me, draft.id).answers["aime"] == "Le marché"
    save(session, me, draft, "relecture", relecture="correction")
    assert collection.deposit(session, me, runtime.keys, draft.id).status == "stored"


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
