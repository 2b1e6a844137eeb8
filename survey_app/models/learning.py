"""What was suggested to coders, what they made of it, and how far it may be trusted."""

from __future__ import annotations

import uuid
from typing import Any

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from survey_app.models.base import Base, Identified, Scoped
from survey_app.models.testimony import TESTIMONY

CAMPAIGN = "campaigns.id"


class SuggestionSheet(Identified, Base):
    """What a job suggests for each sentence of one masked text.

    ``sentences`` is a list of ``{start, end, unsure, offers: [{code, score, words}]}`` (code
    points; ``unsure`` from 0 to 1); ``unsure`` is the highest of them. ``model`` says what
    suggested: the grid alone, or a model and what it learned from.
    """

    __tablename__ = "suggestion_sheets"
    __table_args__ = (Index("ix_suggestion_sheets_unsure", "campaign_id", "unsure"),)

    text_version_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("text_versions.id", ondelete="CASCADE"), unique=True
    )
    council_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("councils.id", ondelete="CASCADE"))
    campaign_id: Mapped[uuid.UUID] = mapped_column(ForeignKey(CAMPAIGN, ondelete="CASCADE"))
    model: Mapped[str] = mapped_column(String(80))
    unsure: Mapped[float] = mapped_column(default=0.0)
    sentences: Mapped[list[Any]] = mapped_column(default=list)


class SuggestionOutcome(Scoped, Base):
    """A code that was shown for a stretch of text, and whether the coder put it."""

    __tablename__ = "suggestion_outcomes"
    __table_args__ = (Index("ix_suggestion_outcomes_campaign_id_code", "campaign_id", "code"),)

    campaign_id: Mapped[uuid.UUID] = mapped_column(ForeignKey(CAMPAIGN, ondelete="CASCADE"))
    testimony_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey(TESTIMONY, ondelete="CASCADE"), index=True
    )
    start: Mapped[int]
    end: Mapped[int]
    code: Mapped[str] = mapped_column(String(12))
    rank: Mapped[int]
    score: Mapped[float]
    accepted: Mapped[bool]
    coder_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("accounts.id"))
    model: Mapped[str] = mapped_column(String(80))


class SuggestionReport(Scoped, Base):
    """How the last model of a campaign did on codings it had not seen."""

    __tablename__ = "suggestion_reports"

    campaign_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey(CAMPAIGN, ondelete="CASCADE"), index=True
    )
    model: Mapped[str] = mapped_column(String(80))
    figures: Mapped[dict[str, Any]] = mapped_column(default=dict)
