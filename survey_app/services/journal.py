"""The journal: who did what, when. Fingerprints are keyed by record, so erasing mutes them."""

from __future__ import annotations

import hashlib
import hmac
import secrets
import uuid

from sqlalchemy.orm import Session

from survey_app.models import AuditEvent, RecordKey
from survey_app.permissions import Actor


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
    return hmac.new(row.key, content.encode("utf-8"), hashlib.sha256).hexdigest()
