"""Tablets in the field: the devices that may deposit, and what already came from them."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from survey_app.models.base import Base, Scoped, ShortText
from survey_app.models.people import Account
from survey_app.models.testimony import TESTIMONY


class Device(Scoped, Base):
    """A tablet's profile of one account. Its token is known to the tablet alone: here, a hash."""

    __tablename__ = "devices"

    account_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("accounts.id", ondelete="CASCADE"), index=True
    )
    label: Mapped[str] = mapped_column(ShortText)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    contact_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]
    account: Mapped[Account] = relationship()


class Delivery(Scoped, Base):
    """A sealed item that became no testimony: a count, or an interview to finish at the desk.

    ``id`` is that of the item, and ``digest`` the SHA-256 of its plaintext, salted by the tablet:
    the same item sent again is known without anything of it being done twice.
    """

    __tablename__ = "deliveries"

    kind: Mapped[str] = mapped_column(String(12))
    digest: Mapped[str] = mapped_column(String(64))


class Recording(Scoped, Base):
    """A voice that waits for the review of its testimony, and is erased once that is done.

    Its file stays as the tablet sealed it, named after ``sha256``, the SHA-256 of the sealed
    bytes (see `services.media_files`). ``size``: bytes of the sound itself.
    """

    __tablename__ = "recordings"

    testimony_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey(TESTIMONY, ondelete="CASCADE"), index=True
    )
    media_type: Mapped[str] = mapped_column(String(40))
    sha256: Mapped[str] = mapped_column(String(64))
    size: Mapped[int]
