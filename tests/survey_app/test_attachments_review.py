"""At review: whoever reads the words looks at the photos, and erases those with somebody on."""

from __future__ import annotations

import uuid

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

import factories
import photo_cases
import photo_files as files
from survey_app.domain import Forbidden, Invalid, NotFound
from survey_app.models import Attachment, AuditEvent, Campaign, Council, Draft
from survey_app.permissions import Actor
from survey_app.runtime import Runtime
from survey_app.services import attachments, review

Actors = dict[str, Actor]
PHOTO = files.jpeg()


@pytest.fixture
def draft(session: Session, campaign: Campaign, actors: Actors) -> Draft:
    held = photo_cases.held(session, campaign, actors["councillor"])
    return photo_cases.begun(session, held, actors["councillor"])


def left(session: Session) -> set[uuid.UUID]:
    return set(session.scalars(select(Attachment.id)))


def test_who_reviews_erases_a_photo_and_its_name_in_the_answers(
    session: Session, runtime: Runtime, draft: Draft, actors: Actors
) -> None:
    first, second = (
        attachments.receive(session, actors["councillor"], draft, PHOTO) for _ in range(2)
    )
    row = photo_cases.deposited(session, draft, first, second)
    reviewer = actors["councillor2"]
    review.take(session, reviewer, row)
    for name in ("councillor", "evaluator", "reader", "admin", "dpo"):
        with pytest.raises(Forbidden):
            attachments.erase(session, actors[name], runtime, row, first.id)
    other = photo_cases.begun(session, row.meeting, actors["councillor"])
    theirs = attachments.receive(session, actors["councillor"], other, PHOTO)
    with pytest.raises(NotFound):
        attachments.erase(session, reviewer, runtime, row, theirs.id)

    attachments.erase(session, reviewer, runtime, row, first.id)
    session.flush()
    session.expire_all()
    assert left(session) == {second.id, theirs.id}
    assert row.answers == {
        "accord_photo": "oui",
        "arrets": [
            {"va_bien": "le banc"},
            {"va_bien": "le banc", "photo": str(second.id)},
            {"va_bien": "rien"},
        ],
    }
    line = session.scalars(select(AuditEvent).where(AuditEvent.action == "erase_photo")).one()
    assert (line.actor_id, line.record_id) == (reviewer.account_id, row.id)
    assert line.details == {}


def test_after_review_only_the_coordination_erases_a_photo(
    session: Session, runtime: Runtime, draft: Draft, actors: Actors, other_council: Council
) -> None:
    photo = attachments.receive(session, actors["councillor"], draft, PHOTO)
    row = photo_cases.deposited(session, draft, photo)
    row.state, row.reviewer_id = "reviewed", actors["councillor2"].account_id
    with pytest.raises(Forbidden):
        attachments.erase(session, actors["councillor2"], runtime, row, photo.id)
    stranger = factories.actors(session, other_council, "-b")["coordinator"]
    with pytest.raises(NotFound):
        attachments.erase(session, stranger, runtime, row, photo.id)
    attachments.erase(session, actors["coordinator"], runtime, row, photo.id)
    assert left(session) == set()


def test_acceptance_asks_about_the_faces_where_there_are_photos(
    session: Session, runtime: Runtime, draft: Draft, actors: Actors
) -> None:
    photo = attachments.receive(session, actors["councillor"], draft, PHOTO)
    row = photo_cases.deposited(session, draft, photo)
    reviewer, yes = actors["councillor2"], dict.fromkeys(review.CHECKLIST, True)
    review.take(session, reviewer, row)
    assert list(review.checklist(session, row)) == [*review.CHECKLIST, "no_face"]
    with pytest.raises(Invalid, match="manque des réponses"):
        review.decide(session, reviewer, row, "accept", yes)
    with pytest.raises(Invalid, match="effacez-la d’abord"):
        review.decide(session, reviewer, row, "accept", yes | {"no_face": False})
    assert row.state == "to_review"
    done = review.decide(session, reviewer, row, "accept", yes | {"no_face": True})
    assert row.state == "reviewed"
    assert done.checklist["no_face"] is True


def test_once_the_photo_is_erased_nothing_is_asked_about_faces(
    session: Session, runtime: Runtime, draft: Draft, actors: Actors
) -> None:
    photo = attachments.receive(session, actors["councillor"], draft, PHOTO)
    row = photo_cases.deposited(session, draft, photo)
    review.take(session, actors["councillor2"], row)
    attachments.erase(session, actors["councillor2"], runtime, row, photo.id)
    given = dict.fromkeys(review.CHECKLIST, True) | {"no_face": False}
    done = review.decide(session, actors["councillor2"], row, "accept", given)
    assert (row.state, set(done.checklist)) == ("reviewed", set(review.CHECKLIST))
