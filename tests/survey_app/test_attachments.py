"""Photos kept with answers: who may add, see, move and erase them, and what goes with what."""

from __future__ import annotations

import hashlib
import io
import uuid

import pytest
from PIL import Image
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

import factories
import photo_cases
import photo_files as files
from questionnaires import library
from questionnaires.model import NonResponse
from review_cases import lines
from survey_app.domain import Forbidden, Invalid, NotFound
from survey_app.models import (
    Attachment,
    Campaign,
    Council,
    Draft,
    Meeting,
    Record,
)
from survey_app.permissions import Actor
from survey_app.runtime import Runtime
from survey_app.services import attachments, drafts, review
from survey_app.services.intake import parsed

Actors = dict[str, Actor]
PHOTO = files.jpeg()
MINUTES = "Q07-compte-rendu-de-debat"
EVERYBODY = ("councillor", "councillor2", "coordinator", "evaluator", "reader", "admin", "dpo")


@pytest.fixture
def held(session: Session, campaign: Campaign, actors: Actors) -> Meeting:
    return photo_cases.held(session, campaign, actors["councillor"])


@pytest.fixture
def draft(session: Session, held: Meeting, actors: Actors) -> Draft:
    return photo_cases.begun(session, held, actors["councillor"])


@pytest.fixture
def record(session: Session, campaign: Campaign, council: Council) -> Record:
    row = Record(
        council_id=campaign.council_id,
        campaign_id=campaign.id,
        questionnaire_version_id=factories.questionnaire(session, council, MINUTES).id,
    )
    session.add(row)
    session.flush()
    return row


def allowed(session: Session, actors: Actors, row: Attachment) -> set[str]:
    """Who may see a photo; for the others it does not exist."""
    found = set()
    for name in EVERYBODY:
        try:
            attachments.get(session, actors[name], row.id)
        except NotFound:
            continue
        found.add(name)
    return found


def left(session: Session) -> set[uuid.UUID]:
    return set(session.scalars(select(Attachment.id)))


def test_what_is_kept_is_the_pixels_alone(session: Session, draft: Draft, actors: Actors) -> None:
    row = attachments.receive(session, actors["councillor"], draft, PHOTO)
    session.expire_all()
    kept = session.get_one(Attachment, row.id)
    assert files.MARKER not in kept.content
    assert kept.sha256 == hashlib.sha256(kept.content).hexdigest()
    assert (kept.media_type, kept.width, kept.height) == ("image/jpeg", 320, 240)
    assert Image.open(io.BytesIO(kept.content)).format == "JPEG"
    assert (kept.draft_id, kept.testimony_id, kept.record_id) == (draft.id, None, None)
    assert kept.council_id == draft.council_id


def test_only_its_collector_adds_to_an_interview(
    session: Session, draft: Draft, actors: Actors, other_council: Council
) -> None:
    stranger = factories.actors(session, other_council, "-b")["councillor"]
    for who in (actors["councillor2"], actors["coordinator"], stranger):
        with pytest.raises(NotFound):
            attachments.receive(session, who, draft, PHOTO)
    for name in ("evaluator", "reader", "admin", "dpo"):
        with pytest.raises(Forbidden):
            attachments.receive(session, actors[name], draft, PHOTO)
    with pytest.raises(Invalid, match="n’est pas une photo"):
        attachments.receive(session, actors["councillor"], draft, b"<svg/>")
    assert left(session) == set()


def test_a_record_takes_photos_from_the_field_of_its_council(
    session: Session, record: Record, held: Meeting, actors: Actors, other_council: Council
) -> None:
    row = attachments.receive(session, actors["councillor2"], record, PHOTO)
    assert row.record_id == record.id
    assert row.created_by is None
    with pytest.raises(Forbidden):
        attachments.receive(session, actors["reader"], record, PHOTO)
    stranger = factories.actors(session, other_council, "-b")["coordinator"]
    with pytest.raises(NotFound):
        attachments.receive(session, stranger, record, PHOTO)
    record.meeting_id = held.id  # a meeting's sheet is for those who handle the meeting
    with pytest.raises(NotFound):
        attachments.receive(session, actors["councillor2"], record, PHOTO)
    attachments.receive(session, actors["councillor"], record, PHOTO)
    attachments.receive(session, actors["coordinator"], record, PHOTO)
    assert len(attachments.owned(session, record)) == 3


def test_who_sees_which_photo(
    session: Session, draft: Draft, record: Record, actors: Actors, other_council: Council
) -> None:
    mine = attachments.receive(session, actors["councillor"], draft, PHOTO)
    sheet = attachments.receive(session, actors["councillor"], record, PHOTO)
    assert allowed(session, actors, mine) == {"councillor"}
    inside = {"councillor", "councillor2", "coordinator", "evaluator"}
    assert allowed(session, actors, sheet) == inside
    record.state, record.answers = "done", {"lecture": "quartier"}
    assert allowed(session, actors, sheet) == inside | {"reader"}
    assert lines(session, "read_photo") == 0

    row = photo_cases.deposited(session, draft, mine)
    assert allowed(session, actors, mine) == {"coordinator"}
    review.take(session, actors["councillor2"], row)
    assert allowed(session, actors, mine) == {"coordinator", "councillor2"}
    row.state = "masked"
    assert allowed(session, actors, mine) == {"coordinator"}
    assert lines(session, "read_photo") == 4

    strangers = factories.actors(session, other_council, "-b")
    assert allowed(session, strangers, mine) == allowed(session, strangers, sheet) == set()
    with pytest.raises(NotFound):
        attachments.get(session, actors["coordinator"], uuid.uuid4())


def test_answers_name_their_photos_by_path(session: Session, draft: Draft, actors: Actors) -> None:
    whole = parsed(draft.questionnaire_version)
    mine = attachments.receive(session, actors["councillor"], draft, PHOTO)
    else_where = photo_cases.begun(session, draft.meeting, actors["councillor"])
    theirs = attachments.receive(session, actors["councillor"], else_where, PHOTO)
    answers = {
        "accord_photo": str(mine.id),  # no image question: it names nothing
        "arrets": [{"photo": str(mine.id)}, {"photo": ""}, {"photo": str(theirs.id)}, {}],
    }
    assert attachments.answered(whole, answers) == {
        "arrets.1.photo": str(mine.id),
        "arrets.3.photo": str(theirs.id),
    }
    assert attachments.foreign(session, draft, whole, answers) == ["arrets.3.photo"]
    assert attachments.answered(whole, {"arrets": "rien"}) == {}


def test_deposit_moves_what_answers_name_and_erases_the_rest(
    session: Session, draft: Draft, actors: Actors
) -> None:
    first, second, unused = (
        attachments.receive(session, actors["councillor"], draft, PHOTO) for _ in range(3)
    )
    row = photo_cases.deposited(session, draft, first, second)
    session.expire_all()
    assert [item.id for item in attachments.owned(session, row)] == [first.id, second.id]
    assert left(session) == {first.id, second.id}
    assert {item.created_by for item in attachments.owned(session, row)} == {None}
    assert unused.id not in left(session)


def test_drop_keeps_what_is_asked_of_this_owner_only(
    session: Session, draft: Draft, record: Record, actors: Actors
) -> None:
    kept, gone = (
        attachments.receive(session, actors["councillor"], draft, PHOTO) for _ in range(2)
    )
    other = attachments.receive(session, actors["councillor"], record, PHOTO)
    assert attachments.drop(session, draft, [str(kept.id)]) == 1
    assert left(session) == {kept.id, other.id}
    assert gone.id not in left(session)
    assert attachments.drop(session, record, []) == 1
    assert left(session) == {kept.id}


def test_there_is_a_limit_to_photos(
    session: Session, draft: Draft, actors: Actors, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(attachments, "MAX_PHOTOS", 2)
    for _ in range(2):
        attachments.receive(session, actors["councillor"], draft, PHOTO)
    with pytest.raises(Invalid, match="déjà 2 photos"):
        attachments.receive(session, actors["councillor"], draft, PHOTO)


def test_photos_go_with_what_they_belong_to(
    session: Session, runtime: Runtime, draft: Draft, record: Record, actors: Actors
) -> None:
    attachments.receive(session, actors["councillor"], draft, PHOTO)
    sheet = attachments.receive(session, actors["councillor"], record, PHOTO)
    drafts.wipe(session, actors["councillor"], runtime, draft)
    assert left(session) == {sheet.id}
    session.execute(delete(Record).where(Record.id == record.id))
    assert left(session) == set()


def test_not_knowing_is_the_id_of_no_photo() -> None:
    """« Je ne sais pas » is kept as a text too: it must not read as a photo that was lost."""
    whole = library.load("Q04-porteur-de-paroles")
    for silent in (NonResponse.DONT_KNOW, {"non_response": "refus"}):
        assert attachments.answered(whole, {"photo_panneaux": silent}) == {}
    assert attachments.answered(whole, {"photo_panneaux": "abc"}) == {"photo_panneaux": "abc"}
