"""Voices that wait for the review of their testimony: listened to by few, then erased for good."""

from __future__ import annotations

import time
import uuid
from collections.abc import Iterable
from datetime import timedelta

from sqlalchemy import event, func, select
from sqlalchemy.orm import Session

from survey_app.domain import Forbidden, NotFound
from survey_app.models import AuditEvent, Campaign, Erasure, Recording, Testimony, now
from survey_app.permissions import Actor
from survey_app.runtime import Runtime
from survey_app.services import attachments, custody, journal, media_files, scope
from survey_app.services.sealing import unseal

ERASED = "voice"
"""Reason of the ledger's lines that stand for an erased voice."""
STRAY = 7 * 24 * 3600  # seconds before a file that no row names is removed
WAITING = ("deposited", "to_review", "set_aside")
MACHINE = "machine"
LISTENED = "listen_voice"
LISTENING = timedelta(hours=1)


def owned(session: Session, testimony: Testimony) -> list[Recording]:
    """The voices of a testimony, in the order they were recorded."""
    query = select(Recording).where(Recording.testimony_id == testimony.id)
    return list(session.scalars(query.order_by(Recording.id)))


def count(session: Session, campaign: Campaign) -> int:
    """How many voices of a campaign wait for a review."""
    query = select(func.count()).select_from(Recording).join(Testimony)
    return session.scalar(query.where(Testimony.campaign_id == campaign.id)) or 0


def listen(
    session: Session, runtime: Runtime, actor: Actor, recording_id: uuid.UUID, *, begins: bool
) -> tuple[Recording, bytes]:
    """The sound of a voice, for who may read the words before masking; `NotFound` for others.

    Each listening leaves a line in the journal; what a player asks for after the beginning
    (``begins`` false) is of the same listening when it comes within the hour.
    """
    actor.require("testimony.review")
    row = scope.get(session, actor, Recording, recording_id)
    testimony = session.get_one(Testimony, row.testimony_id)
    if not custody.may_read_raw(actor, testimony):
        raise NotFound()
    if begins or not _listening(session, actor, testimony):
        journal.record(session, actor, LISTENED, "testimonies", testimony.id)
    try:
        sealed = media_files.voice(runtime, row.sha256).read_bytes()
    except FileNotFoundError:
        raise NotFound(
            "Le fichier de cet enregistrement n’est plus sur cette machine.",
            "Le texte du témoignage est intact. Effacez l’enregistrement, ou prévenez la personne "
            "qui tient la machine.",
        ) from None
    return row, unseal(runtime.keys.sealing(row.council_id), sealed)


def _listening(session: Session, actor: Actor, testimony: Testimony) -> bool:
    """Whether the actor began to listen less than an hour ago."""
    query = select(AuditEvent.id).where(
        AuditEvent.action == LISTENED,
        AuditEvent.record_id == testimony.id,
        AuditEvent.actor_id == actor.account_id,
        AuditEvent.at > now() - LISTENING,
    )
    return session.scalars(query.limit(1)).first() is not None


def erase(
    session: Session,
    runtime: Runtime,
    actor: Actor,
    testimony: Testimony,
    recording_id: uuid.UUID,
) -> None:
    """Erase one voice for good, at the gesture of who reviews or of the coordination."""
    actor.require("testimony.review")
    custody.same_council(actor, testimony)
    if not attachments.may_erase(actor, testimony):
        raise Forbidden(
            "C’est la personne qui relit ce témoignage, ou la coordination, qui efface une voix.",
            "Rien n’a été changé. Prenez-le d’abord dans la file, s’il est libre.",
        )
    row = scope.get(session, actor, Recording, recording_id)
    if row.testimony_id != testimony.id:
        raise NotFound()
    _erase(session, runtime, [row])
    journal.record(session, actor, "erase_voice", "testimonies", testimony.id)


def end(session: Session, runtime: Runtime, actor: Actor, testimony: Testimony) -> None:
    """Erase the voices of a testimony whose review is over; nothing while it may go on."""
    rows = [] if testimony.state in WAITING else owned(session, testimony)
    if rows:
        _erase(session, runtime, rows)
        journal.record(session, actor, "erase_voice", "testimonies", testimony.id, reason="review")


def forget(session: Session, runtime: Runtime, testimony: Testimony) -> None:
    """Erase the voices of a testimony that is erased itself."""
    _erase(session, runtime, owned(session, testimony))


def _erase(session: Session, runtime: Runtime, rows: Iterable[Recording]) -> None:
    """Remove rows, then, once that is committed, the files that nothing names any more."""
    names = set()
    for row in rows:
        names.add(row.sha256)
        session.delete(row)
        if session.get(Erasure, row.id) is None:
            session.add(Erasure(record_id=row.id, reason=ERASED))  # no council: counted nowhere
    session.flush()
    shared = select(Recording.sha256).where(Recording.sha256.in_(names))
    gone = names - set(session.scalars(shared))

    def after_commit(session: Session) -> None:
        for name in gone:
            media_files.voice(runtime, name).unlink(missing_ok=True)

    if gone:
        event.listen(session, "after_commit", after_commit, once=True)


def sweep(runtime: Runtime) -> int:
    """A belt: voices that outlived their review, files that no row names; how many went."""
    with runtime.database.reading() as session:
        over = session.scalars(
            select(Testimony).join(Recording).where(Testimony.state.not_in(WAITING)).distinct()
        ).all()
        known = set(session.scalars(select(Recording.sha256)))
    folder = media_files.voice(runtime, "").parent
    files = sorted(folder.glob("*.age")) if folder.is_dir() else []
    old = time.time() - STRAY
    stray = [path for path in files if path.stem not in known and path.stat().st_ctime < old]
    for path in stray:
        path.unlink(missing_ok=True)
    if over:
        with runtime.database.writing() as session:
            for testimony in over:
                actor = Actor(testimony.council_id, None, MACHINE)
                end(session, runtime, actor, session.merge(testimony, load=False))
    return len(over) + len(stray)
