"""Rounds where two people code the same texts blind, and what was decided afterwards."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from survey_app.models.base import Base, Identified, Scoped, ShortText, State
from survey_app.models.testimony import TESTIMONY


class AgreementRound(Scoped, Base):
    """Two coders, some texts. ``open`` while they code blind, ``arbitration``, then ``closed``.

    ``figures`` are the counts as they were when it was closed: later they can't be made again.
    """

    __tablename__ = "agreement_rounds"

    campaign_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("campaigns.id", ondelete="CASCADE"), index=True
    )
    title: Mapped[str] = mapped_column(ShortText, default="")
    first_coder_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("accounts.id"))
    second_coder_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("accounts.id"))
    state: Mapped[str] = mapped_column(State, default="open")
    figures: Mapped[dict[str, Any]] = mapped_column(default=dict)
    closed_at: Mapped[datetime | None]
    texts: Mapped[list[AgreementText]] = relationship(
        cascade="all, delete-orphan", passive_deletes=True
    )


class AgreementText(Identified, Base):
    """A text of a round, as it was masked then; who is done with it."""

    __tablename__ = "agreement_texts"
    __table_args__ = (UniqueConstraint("round_id", "testimony_id"),)

    round_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("agreement_rounds.id", ondelete="CASCADE")
    )
    council_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("councils.id", ondelete="CASCADE"))
    testimony_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey(TESTIMONY, ondelete="CASCADE"), index=True
    )
    text_version_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("text_versions.id", ondelete="CASCADE")
    )
    first_done: Mapped[bool] = mapped_column(default=False)
    second_done: Mapped[bool] = mapped_column(default=False)


class Arbitration(Scoped, Base):
    """What was decided of a code on a sentence where the two did not agree."""

    __tablename__ = "arbitrations"
    __table_args__ = (UniqueConstraint("round_id", "text_version_id", "start", "code"),)

    round_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("agreement_rounds.id", ondelete="CASCADE")
    )
    text_version_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("text_versions.id", ondelete="CASCADE")
    )
    start: Mapped[int]
    end: Mapped[int]
    code: Mapped[str] = mapped_column(String(12))
    kept: Mapped[bool]
    reason: Mapped[str] = mapped_column(Text, default="")
