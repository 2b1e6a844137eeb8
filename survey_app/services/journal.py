"""The journal: who did what, when. Fingerprints are keyed by record, so erasing mutes them."""

from __future__ import annotations

import hashlib
import hmac
import secrets
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from survey_app.models import AuditEvent, RecordKey
from survey_app.permissions import Actor


@dataclass(frozen=True, slots=True)
class Line:
    """One line of those that `record_all` adds; see `record`."""

    action: str
    kind: str
    record_id: uuid.UUID
    after: str = ""
    details: Mapping[str, str | int | bool] = field(default_factory=dict)


def record(
    session: Session,
    actor: Actor,
    action: str,
    kind: str,
    record_id: uuid.UUID | None = None,
    *,
    before: str = "",
    after: str = "",
    **details: str | int | bool,
) -> None:
    """Add a line. ``before`` and ``after`` are contents: only their keyed hash is kept.

    ``details`` must hold no word of a testimony and no name: states, counts, codes.
    """
    session.add(
        AuditEvent(
            council_id=actor.council_id,
            actor_id=actor.account_id,
            action=action,
            kind=kind,
            record_id=record_id,
            before=_fingerprint(session, record_id, before),
            after=_fingerprint(session, record_id, after),
            details=details,
        )
    )


def record_all(session: Session, actor: Actor, lines: Sequence[Line]) -> None:
    """Add many lines at once: a batch of deposits must not wait for each in turn."""
    connection = session.connection()
    wanted = {line.record_id for line in lines if line.after}
    found = connection.execute(
        select(RecordKey.record_id, RecordKey.key).where(RecordKey.record_id.in_(wanted))
    )
    keys = {row[0]: row[1] for row in found}
    made = {key: secrets.token_bytes(32) for key in wanted - set(keys)}
    if made:
        rows = [{"record_id": record_id, "key": key} for record_id, key in made.items()]
        connection.execute(insert(RecordKey), rows)
    keys |= made
    events = [
        {
            "council_id": actor.council_id,
            "actor_id": actor.account_id,
            "action": line.action,
            "kind": line.kind,
            "record_id": line.record_id,
            "after": _keyed(keys[line.record_id], line.after) if line.after else "",
            "details": dict(line.details),
        }
        for line in lines
    ]
    connection.execute(insert(AuditEvent), events)


def forget(session: Session, record_id: uuid.UUID) -> None:
    """Destroy the key of a record: its fingerprints in the journal can't be matched any more."""
    key = session.get(RecordKey, record_id)
    if key is not None:
        session.delete(key)


def _fingerprint(session: Session, record_id: uuid.UUID | None, content: str) -> str:
    if not content or record_id is None:
        return ""
    row = session.get(RecordKey, record_id)
    if row is None:
        row = RecordKey(record_id=record_id, key=secrets.token_bytes(32))
        session.add(row)
    return _keyed(row.key, content)


def _keyed(key: bytes, content: str) -> str:
    return hmac.new(key, content.encode("utf-8"), hashlib.sha256).hexdigest()
