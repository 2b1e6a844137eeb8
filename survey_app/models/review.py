"""Review and masking: who read, what was decided, which words were covered."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from survey_app.models.base import Base, Scoped, ShortText, State
from survey_app.models.testimony import TESTIMONY, Testimony


class Review(Scoped, Base):
    """Relecture: the checklist answered by somebody who did not collect the testimony."""

    __tablename__ = "reviews"

    testimony_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey(TESTIMONY, ondelete="CASCADE"), index=True
    )
    reviewer_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("accounts.id"))
    checklist: Mapped[dict[str, Any]] = mapped_column(default=dict)
    decision: Mapped[str] = mapped_column(String(12), default="")
    reason: Mapped[str] = mapped_column(Text, default="")
    done_at: Mapped[datetime | None]
    state: Mapped[str] = mapped_column(State, default="to_do")


class ReviewQuestion(Scoped, Base):
    """Question de relecture: what the reviewer asks of who collected, and what they answer.

    ``question`` is the name of a question of the questionnaire, or empty: the whole testimony.
    An empty ``answer`` with a time says « Je ne sais plus ». Both vanish at masking.
    """

    __tablename__ = "review_questions"

    testimony_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey(TESTIMONY, ondelete="CASCADE"), index=True
    )
    question: Mapped[str] = mapped_column(ShortText, default="")
    text: Mapped[str] = mapped_column(Text)
    answer: Mapped[str] = mapped_column(Text, default="")
    answered_at: Mapped[datetime | None]
    testimony: Mapped[Testimony] = relationship()


class Redaction(Scoped, Base):
    """Masquage: a span of a text version (code points) covered by a typed, numbered placeholder."""

    __tablename__ = "redactions"

    testimony_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey(TESTIMONY, ondelete="CASCADE"), index=True
    )
    text_version_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("text_versions.id", ondelete="CASCADE")
    )
    start: Mapped[int]
    end: Mapped[int]
    category: Mapped[str] = mapped_column(String(20))
    placeholder: Mapped[str] = mapped_column(String(40), default="")
    origin: Mapped[str] = mapped_column(String(12), default="person")
    state: Mapped[str] = mapped_column(State, default="accepted")


class SafeguardingAlert(Scoped, Base):
    """Situation à orienter: that somebody was told, and nothing of what was said."""

    __tablename__ = "safeguarding_alerts"

    campaign_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("campaigns.id", ondelete="CASCADE"))
    nature: Mapped[str] = mapped_column(String(40))
    instruction: Mapped[str] = mapped_column(ShortText, default="")
    contact: Mapped[str] = mapped_column(ShortText, default="")
    forwarded_at: Mapped[datetime | None]
    state: Mapped[str] = mapped_column(State, default="open")
