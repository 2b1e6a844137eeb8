"""The one way in: whatever a testimony comes from, it is an envelope that `receive` stores once.

Forms, demonstrations, tablets and imported files all pass here, so that each is checked against
the questionnaire version that was recorded, and no testimony is ever lost or doubled.
"""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Sequence

from sqlalchemy import Uuid, bindparam, select, union_all
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from survey_app.keys import KeyRing
from survey_app.models import Campaign, Erasure, Testimony, WithdrawalCode
from survey_app.permissions import Actor
from survey_app.services import attachments, deposit, meetings, numbering
from survey_app.services.envelopes import Envelope, Origin, Receipt, content_hash
from survey_app.services.intake_check import (
    COLLECTIVE,
    WORDS_ARE_SAFE,
    Prepared,
    allow,
    asked_in,
    draft_of,
    meeting_of,
    parsed,
    prepare,
)

_IDS = bindparam("ids", expanding=True, type_=Uuid())
_RECEIVED = union_all(
    select(Testimony.id).where(Testimony.id.in_(_IDS)),
    select(Erasure.record_id).where(Erasure.record_id.in_(_IDS)),
)
"""Built once: each batch asks it."""

RECEIVING = frozenset({"running", "review", "synthesis"})
_CODE_TAKEN = f"Ce code de retrait est déjà celui d’un autre témoignage. {WORDS_ARE_SAFE}"

__all__ = [
    "COLLECTIVE",
    "Envelope",
    "Origin",
    "Prepared",
    "Receipt",
    "asked_in",
    "content_hash",
    "parsed",
    "prepare",
    "receive",
    "receive_all",
]


def receive(session: Session, actor: Actor, keys: KeyRing, envelope: Envelope) -> Receipt:
    """Store an envelope once and give its receipt; sent again, it gets the same receipt.

    Raises `NotFound` for a meeting that the actor does not handle. An envelope that cannot be
    stored is ``rejected`` with the reasons, and leaves no trace at all.
    """
    allow(actor, envelope)
    if _seen(session, [envelope.id]):
        return _again(session, keys, envelope, content_hash(envelope))
    one = prepare(session, actor, keys, envelope)
    return _rejected(session, actor, one) or _stored(session, actor, [one])[envelope.id]


def receive_all(
    session: Session, actor: Actor, keys: KeyRing, sent: Sequence[Prepared]
) -> list[Receipt]:
    """Store what was prepared, each once, and give the receipts in the same order.

    One that cannot be stored does not hurt the others.
    """
    seen = _seen(session, [one.envelope.id for one in sent])
    fresh: dict[uuid.UUID, Prepared] = {}
    given: dict[int, Receipt] = {}
    for rank, one in enumerate(sent):
        if one.envelope.id in seen:
            given[rank] = _again(session, keys, one.envelope, one.digest)
        elif refused := _rejected(session, actor, one):
            given[rank] = refused
        else:
            fresh.setdefault(one.envelope.id, one)
    stored = _store(session, actor, keys, list(fresh.values()))
    for rank, one in enumerate(sent):
        if rank not in given:
            first = fresh[one.envelope.id] is one
            key = one.envelope.id
            given[rank] = stored[key] if first else _again(session, keys, one.envelope, one.digest)
    return [given[rank] for rank in range(len(sent))]


def _store(
    session: Session, actor: Actor, keys: KeyRing, fresh: Sequence[Prepared]
) -> dict[uuid.UUID, Receipt]:
    """Store several at once; where the database refuses one, each by itself."""
    if not fresh:
        return {}
    try:
        with session.begin_nested():
            return _stored(session, actor, fresh)
    except IntegrityError:
        if len(fresh) > 1:
            each = [_store(session, actor, keys, [one]) for one in fresh]
            return {key: receipt for one in each for key, receipt in one.items()}
    (one,) = fresh
    if _seen(session, [one.envelope.id]):  # stored elsewhere at this very moment
        return {one.envelope.id: _again(session, keys, one.envelope, one.digest)}
    refused = Receipt(one.envelope.id, "rejected", one.digest, 0, (_CODE_TAKEN,), "withdrawal_code")
    return {one.envelope.id: refused}


def _stored(session: Session, actor: Actor, fresh: Sequence[Prepared]) -> dict[uuid.UUID, Receipt]:
    made = [one.rows for one in fresh if one.rows is not None]
    held = {
        key: meeting_of(session, actor, key) for key in {one.envelope.meeting_id for one in fresh}
    }
    for meeting in held.values():
        if meeting.state == "planned":
            meetings.start(session, actor, meeting)
    _number(session, made)
    for rows in made:
        row = rows.testimony
        if row["origin"] != "import":
            row["said_on"] = row["said_on"] or held[row["meeting_id"]].held_on
    deposit.store(session, actor, made)
    for one in fresh:
        draft = draft_of(session, actor, one.envelope) if one.photos else None
        if draft is not None:
            attachments.move(session, draft, session.get_one(Testimony, one.envelope.id))
    return {
        row["id"]: Receipt(row["id"], "stored", row["content_hash"], row["number"])
        for row in (rows.testimony for rows in made)
    }


def _number(session: Session, made: Sequence[deposit.Rows]) -> None:
    """Give each its number in its campaign, in the order they came."""
    wanted = Counter(rows.testimony["campaign_id"] for rows in made)
    free = {
        key: numbering.following(session, key, Campaign.last_testimony, count) - count + 1
        for key, count in wanted.items()
    }
    for rows in made:
        key = rows.testimony["campaign_id"]
        rows.testimony["number"] = free[key]
        free[key] += 1


def _rejected(session: Session, actor: Actor, one: Prepared) -> Receipt | None:
    problems = one.problems or _closed(session, actor, one.envelope)
    if not problems:
        return None
    code = one.code or "closed"
    return Receipt(one.envelope.id, "rejected", one.digest, 0, problems, code)


def _closed(session: Session, actor: Actor, envelope: Envelope) -> tuple[str, ...]:
    """Why nothing is received here any more, or not yet; looked at in the transaction that stores.

    A planned meeting is opened by the first testimony that a tablet brings back from it.
    """
    if envelope.origin == "import":
        return ()
    meeting = meeting_of(session, actor, envelope.meeting_id)
    state = meeting.campaign.state
    opens = envelope.origin == "offline" and state == "running"
    if state in RECEIVING and (meeting.state != "planned" or opens):
        return ()
    return (f"La campagne ou la rencontre ne reçoit pas de témoignage. {WORDS_ARE_SAFE}",)


def _seen(session: Session, keys: Sequence[uuid.UUID]) -> set[uuid.UUID]:
    """Those ids that were ever received here, erased since or not."""
    return {row[0] for row in session.execute(_RECEIVED, {"ids": list(keys)})}


def _again(session: Session, keys: KeyRing, envelope: Envelope, digest: str) -> Receipt:
    """The same receipt for the same content; anything else is refused and changes nothing."""
    known = session.get(Testimony, envelope.id)
    if known is None:
        gone = "Ce témoignage a été retiré. Il ne peut pas être enregistré de nouveau."
        return Receipt(envelope.id, "rejected", digest, 0, (gone,), "erased")
    code = session.scalar(
        select(WithdrawalCode.code_hash).where(WithdrawalCode.testimony_id == known.id)
    )
    same_code = code is None or code == deposit.code_hash(keys, envelope.withdrawal_code)
    same_council = known.council_id == envelope.council_id
    if same_council and same_code and known.content_hash == digest:
        return Receipt(envelope.id, "duplicate", digest, known.number)
    other = (
        "Un autre témoignage est déjà arrivé sous le même identifiant. "
        "Il n’a pas été changé, et le vôtre n’est pas effacé. Prévenez la coordination."
    )
    return Receipt(envelope.id, "conflict", digest, 0, (other,), "conflict")
