"""Photos of places that go with answers: received, shown to few, moved and erased with them.

A photo belongs to an interview in progress, then to its testimony; or to a record. An answer
names it by its id: nothing else leads to it.
"""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from sqlalchemy import event, func, select
from sqlalchemy.orm import Session

from questionnaires.model import NonResponse, Questionnaire, Section
from questionnaires.relevance import entries, plain
from survey_app import sqlite
from survey_app.domain import Forbidden, Invalid, NotFound
from survey_app.models import Attachment, Draft, Meeting, Record, Testimony
from survey_app.permissions import Actor
from survey_app.runtime import Runtime
from survey_app.services import custody, journal, meetings, photographs, records_access, scope

MAX_PHOTOS = 60
IMAGE = "image"

Owner = Draft | Record
Owned = Draft | Record | Testimony


def receive(session: Session, actor: Actor, owner: Owner, data: bytes) -> Attachment:
    """Keep a photo for this interview or record: the answer holds ``str(attachment.id)``.

    Raises `Invalid`, in French, on anything that is not a photo, and `NotFound` for whoever
    may not write there.
    """
    _require_writing(session, actor, owner)
    photograph = photographs.reencode(data)
    kept = select(func.count()).select_from(Attachment).where(_of(owner))
    if (session.scalar(kept) or 0) >= MAX_PHOTOS:
        raise Invalid(
            f"Il y a déjà {MAX_PHOTOS} photos ici, c’est le plus que l’outil garde.",
            photographs.NOTHING_LOST + "Retirez une photo pour en ajouter une autre.",
        )
    row = Attachment(
        council_id=owner.council_id,
        created_by=actor.account_id if isinstance(owner, Draft) else None,
        media_type=photographs.MEDIA_TYPE,
        sha256=hashlib.sha256(photograph.content).hexdigest(),
        width=photograph.width,
        height=photograph.height,
        content=photograph.content,
        **{_key(owner): owner.id},
    )
    session.add(row)
    session.flush()
    return row


def get(session: Session, actor: Actor, attachment_id: uuid.UUID | str) -> Attachment:
    """A photo, for who may see it; `NotFound` for everybody else.

    That of an interview in progress is its collector's; that of a testimony is as its unmasked
    words, and seeing it leaves a line in the journal; that of a record is its readers'.
    """
    row = scope.get(session, actor, Attachment, attachment_id)
    if row.draft_id is not None:
        draft = session.get_one(Draft, row.draft_id)
        allowed = actor.can("testimony.collect") and _is_collector(actor, draft)
    elif row.testimony_id is not None:
        allowed = custody.may_read_raw(actor, session.get_one(Testimony, row.testimony_id))
    else:
        allowed = records_access.readable(actor, session.get_one(Record, row.record_id))
    if not allowed:
        raise NotFound()
    if row.testimony_id is not None:
        journal.record(session, actor, "read_photo", "testimonies", row.testimony_id)
    return row


def owned(session: Session, owner: Owned) -> list[Attachment]:
    """The photos of an interview, a testimony or a record, oldest first, without their bytes."""
    query = select(Attachment).where(_of(owner))
    return list(session.scalars(query.order_by(Attachment.created_at, Attachment.id)))


def answered(questionnaire: Questionnaire, answers: Mapping[str, Any]) -> dict[str, str]:
    """The photo id that each image question holds, by path (``arrets.2.photo``)."""
    return dict(_held(questionnaire, answers))


def foreign(
    session: Session, owner: Owned, questionnaire: Questionnaire, answers: Mapping[str, Any]
) -> list[str]:
    """Paths of the image answers that name no photo of this owner: to be refused."""
    mine = {str(row.id) for row in owned(session, owner)}
    return [path for path, name in _held(questionnaire, answers) if name not in mine]


def move(session: Session, draft: Draft, testimony: Testimony) -> None:
    """Hand the interview's photos over to its testimony; those that no answer names are erased.

    To be called once the testimony is flushed, before the draft is deleted.
    """
    named = set(_texts(testimony.answers))
    for row in owned(session, draft):
        if str(row.id) in named:
            row.draft_id, row.testimony_id = None, testimony.id
            row.created_by = None
        else:
            session.delete(row)
    session.flush()


def drop(session: Session, owner: Owner, keep_ids: Iterable[uuid.UUID | str]) -> int:
    """Erase the photos of an interview or record but those to keep; returns how many went.

    Once committed, the write-ahead log is emptied: what was taken away left nothing there.
    """
    kept = {str(key) for key in keep_ids}
    gone = [row for row in owned(session, owner) if str(row.id) not in kept]
    for row in gone:
        session.delete(row)
    session.flush()
    if gone:
        event.listen(session, "after_commit", _forget, once=True)
    return len(gone)


def _forget(session: Session) -> None:
    engine = session.get_bind().engine
    if engine.dialect.name == "sqlite":
        sqlite.empty_wal(engine)


def erase(
    session: Session,
    actor: Actor,
    runtime: Runtime,
    testimony: Testimony,
    attachment_id: uuid.UUID,
) -> None:
    """Erase a testimony's photo for good, and its id from the answers."""
    actor.require("testimony.review")
    custody.same_council(actor, testimony)
    if not may_erase(actor, testimony):
        raise Forbidden(
            "C’est la personne qui relit ce témoignage, ou la coordination, qui efface une photo.",
            "Rien n’a été changé. Prenez-le d’abord dans la file, s’il est libre.",
        )
    row = scope.get(session, actor, Attachment, attachment_id)
    if row.testimony_id != testimony.id:
        raise NotFound()
    testimony.answers = _without(testimony.answers, str(row.id))
    session.delete(row)
    journal.record(session, actor, "erase_photo", "testimonies", testimony.id)
    session.flush()

    def after_commit(session: Session) -> None:
        runtime.database.forget_erased()

    event.listen(session, "after_commit", after_commit, once=True)


def may_erase(actor: Actor, testimony: Testimony) -> bool:
    """Whether the actor may erase its photos: its reviewer, and the coordination at any moment."""
    reviews = testimony.state == "to_review" or custody.is_coordinator(actor)
    return reviews and custody.may_read_raw(actor, testimony)


def _require_writing(session: Session, actor: Actor, owner: Owner) -> None:
    actor.require("testimony.collect" if isinstance(owner, Draft) else "record.write")
    mine = owner.council_id == actor.council_id
    if isinstance(owner, Draft):
        mine = mine and _is_collector(actor, owner)
    elif owner.meeting_id is not None:
        mine = mine and meetings.handles(actor, session.get_one(Meeting, owner.meeting_id))
    if not mine:
        raise NotFound()


def _is_collector(actor: Actor, draft: Draft) -> bool:
    return actor.account_id is not None and draft.account_id == actor.account_id


def _key(owner: Owned) -> str:
    if isinstance(owner, Draft):
        return "draft_id"
    return "testimony_id" if isinstance(owner, Testimony) else "record_id"


def _of(owner: Owned) -> Any:
    return getattr(Attachment, _key(owner)) == owner.id


def _held(whole: Questionnaire, answers: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for section in whole.sections:
        if not section.is_repeat:
            yield from _images(section, answers, "")
            continue
        for rank, entry in enumerate(entries(section, answers), 1):
            yield from _images(section, entry, f"{section.name}.{rank}.")


def _images(section: Section, answers: Mapping[str, Any], before: str) -> Iterator[tuple[str, str]]:
    for question in section.questions:
        if question.type != IMAGE:
            continue
        value = plain(answers.get(question.name))
        # « Je ne sais pas » is a text too, but the id of no photo.
        if value and isinstance(value, str) and not isinstance(value, NonResponse):
            yield before + question.name, value


def _texts(value: Any) -> Iterator[str]:
    """Every text in a JSON value."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for item in value.values() if isinstance(value, dict) else value:
            yield from _texts(item)


def _without(value: Any, gone: str) -> Any:
    """A JSON value without the keys that hold a text; entries keep their rank, even empty."""
    if isinstance(value, dict):
        return {key: _without(item, gone) for key, item in value.items() if item != gone}
    return [_without(item, gone) for item in value] if isinstance(value, list) else value
