"""The journal (append only), the keys of its fingerprints, and the ledger of erasures."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, LargeBinary, String, event
from sqlalchemy.orm import Mapped, Mapper, mapped_column

from survey_app.models.base import Base, Identified, now
from survey_app.models.testimony import ConsentRecord


class AuditEvent(Identified, Base):
    """Who did what, when, to which record. Fingerprints are keyed; no content is ever kept."""

    __tablename__ = "audit_events"

    council_id: Mapped[uuid.UUID | None] = mapped_column(
        ForeignKey("councils.id", ondelete="CASCADE"), index=True
    )
    at: Mapped[datetime] = mapped_column(default=now, index=True)
    actor_id: Mapped[uuid.UUID | None]
    action: Mapped[str] = mapped_column(String(40))
    kind: Mapped[str] = mapped_column(String(24))
    record_id: Mapped[uuid.UUID | None] = mapped_column(index=True)
    before: Mapped[str] = mapped_column(String(64), default="")
    after: Mapped[str] = mapped_column(String(64), default="")
    details: Mapped[dict[str, Any]] = mapped_column(default=dict)


class RecordKey(Base):
    """The key of one record's fingerprints; destroyed with the record, they say nothing more."""

    __tablename__ = "record_keys"

    record_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    key: Mapped[bytes] = mapped_column(LargeBinary)


class Erasure(Base):
    """Ledger of what was erased: ids alone, replayed whenever an older backup is restored.

    ``council_id`` is unknown for an id that the restored backup had never seen.
    """

    __tablename__ = "erasures"

    record_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    council_id: Mapped[uuid.UUID | None]
    reason: Mapped[str] = mapped_column(String(20))
    at: Mapped[datetime] = mapped_column(default=now)


class AppendOnlyError(RuntimeError):
    """Somebody tried to rewrite the journal, the ledger or a consent."""


def _refuse(mapper: Mapper[Any], connection: object, target: object) -> None:
    raise AppendOnlyError(f"{type(target).__name__} is append only")


event.listen(AuditEvent, "before_update", _refuse)
event.listen(AuditEvent, "before_delete", _refuse)
event.listen(Erasure, "before_update", _refuse)
event.listen(ConsentRecord, "before_update", _refuse)
