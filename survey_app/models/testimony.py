"""Testimonies: drafts, what was deposited, its texts and consents. The most precious tables."""

from __future__ import annotations

import uuid
from datetime import date, datetime
from functools import cached_property
from typing import Any

from sqlalchemy import Date, ForeignKey, Index, LargeBinary, String, Text, UniqueConstraint, Uuid
from sqlalchemy.orm import Mapped, mapped_column, relationship

from analysis.search import searchable
from analysis.sentences import Span, sentences
from survey_app.models.base import Base, Identified, Scoped, ShortText, State
from survey_app.models.campaign import Campaign, Meeting, QuestionnaireVersion

TESTIMONY = "testimonies.id"


class Draft(Scoped, Base):
    """An interview in progress, saved at each section; becomes one envelope, under its own id.

    ``origin`` is ``paper`` for what is copied from a paper form: ``said_on`` is then the day it
    was said, and ``withdrawal_code`` the one of the card that the person was given.
    """

    __tablename__ = "drafts"

    campaign_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("campaigns.id", ondelete="CASCADE"))
    meeting_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("meetings.id", ondelete="CASCADE"))
    questionnaire_version_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("questionnaire_versions.id")
    )
    account_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("accounts.id"), index=True)
    answers: Mapped[dict[str, Any]] = mapped_column(default=dict)
    section: Mapped[str] = mapped_column(String(60), default="")
    withdrawal_code: Mapped[str] = mapped_column(String(20))
    language: Mapped[str] = mapped_column(String(8), default="fr")
    origin: Mapped[str] = mapped_column(String(20), default="form")
    said_on: Mapped[date | None] = mapped_column(Date)
    updated_at: Mapped[datetime]
    meeting: Mapped[Meeting] = relationship()
    questionnaire_version: Mapped[QuestionnaireVersion] = relationship()


class Testimony(Scoped, Base):
    """One form, one panel or one collective meeting. ``number`` counts within the campaign."""

    __tablename__ = "testimonies"
    __table_args__ = (
        UniqueConstraint("campaign_id", "number"),
        # A queue is counted, and its pages found, without opening any row.
        Index("ix_testimonies_queue", "campaign_id", "state", "number", "council_id"),
    )

    campaign_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("campaigns.id", ondelete="CASCADE"))
    meeting_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("meetings.id", ondelete="CASCADE"), index=True
    )
    questionnaire_version_id: Mapped[uuid.UUID | None] = mapped_column(
        ForeignKey("questionnaire_versions.id")
    )
    number: Mapped[int]
    collector_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("accounts.id"))
    reviewer_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("accounts.id"))
    answers: Mapped[dict[str, Any]] = mapped_column(default=dict)
    profile: Mapped[dict[str, Any]] = mapped_column(default=dict)
    language: Mapped[str] = mapped_column(String(8), default="fr")
    persons: Mapped[int] = mapped_column(default=1)
    source_id: Mapped[str] = mapped_column(ShortText, default="")
    origin: Mapped[str] = mapped_column(String(20), default="form")
    device: Mapped[str] = mapped_column(ShortText, default="")
    claimed_at: Mapped[datetime | None]
    said_on: Mapped[date | None] = mapped_column(Date)
    content_hash: Mapped[str] = mapped_column(String(64))
    state: Mapped[str] = mapped_column(State, default="deposited")
    set_aside_reason: Mapped[str] = mapped_column(Text, default="")
    campaign: Mapped[Campaign] = relationship()
    meeting: Mapped[Meeting] = relationship()
    questionnaire_version: Mapped[QuestionnaireVersion | None] = relationship()
    texts: Mapped[list[TextVersion]] = relationship(
        order_by="TextVersion.sequence", back_populates="testimony", passive_deletes=True
    )
    consents: Mapped[list[ConsentRecord]] = relationship(
        order_by="ConsentRecord.created_at, ConsentRecord.id", passive_deletes=True
    )

    def text(self, kind: str) -> TextVersion | None:
        """The newest text of a kind (``raw``, ``masked``, ``corrected``), if there is one."""
        return next((text for text in reversed(self.texts) if text.kind == kind), None)


def _words(context: Any) -> str:
    values = context.get_current_parameters()
    return searchable(values["text"]) if values["kind"] == "masked" else ""


class TextVersion(Scoped, Base):
    """An immutable text: raw, masked or corrected. ``parts`` maps offsets back to questions.

    ``words`` holds those of a masked text as the search compares them; nothing of the others.
    """

    __tablename__ = "text_versions"
    __table_args__ = (
        UniqueConstraint("testimony_id", "sequence"),
        # Which text is the newest of its kind is told without opening any text.
        Index("ix_text_versions_newest", "testimony_id", "kind", "sequence", "id"),
    )

    testimony_id: Mapped[uuid.UUID] = mapped_column(ForeignKey(TESTIMONY, ondelete="CASCADE"))
    sequence: Mapped[int] = mapped_column(default=1)
    kind: Mapped[str] = mapped_column(String(12))
    text: Mapped[str] = mapped_column(Text)
    parts: Mapped[list[Any]] = mapped_column(default=list)
    words: Mapped[str] = mapped_column(Text, default=_words, deferred=True)
    source_id: Mapped[uuid.UUID | None] = mapped_column(
        ForeignKey("text_versions.id", ondelete="SET NULL")
    )
    testimony: Mapped[Testimony] = relationship(back_populates="texts")

    @cached_property
    def sentences(self) -> tuple[Span, ...]:
        """The sentences of the text, which never changes: cut once for whoever holds the row."""
        return sentences(self.text)


class ConsentRecord(Scoped, Base):
    """What the person accepted, scope by scope. Append only: a change of mind is a new row."""

    __tablename__ = "consent_records"

    testimony_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey(TESTIMONY, ondelete="CASCADE"), index=True
    )
    scope: Mapped[str] = mapped_column(String(12))
    decision: Mapped[str] = mapped_column(String(12))
    mode: Mapped[str] = mapped_column(String(12), default="oral")
    notice_fingerprint: Mapped[str] = mapped_column(String(64), default="")
    approved_phrase: Mapped[str] = mapped_column(Text, default="")


class Attachment(Scoped, Base):
    """A photo of a place, re-encoded without what the camera wrote in it.

    It belongs to exactly one of: an interview in progress, a testimony, a record.
    """

    __tablename__ = "attachments"

    draft_id: Mapped[uuid.UUID | None] = mapped_column(
        ForeignKey("drafts.id", ondelete="CASCADE"), index=True
    )
    testimony_id: Mapped[uuid.UUID | None] = mapped_column(
        ForeignKey(TESTIMONY, ondelete="CASCADE"), index=True
    )
    record_id: Mapped[uuid.UUID | None] = mapped_column(
        ForeignKey("records.id", ondelete="CASCADE"), index=True
    )
    media_type: Mapped[str] = mapped_column(String(40))
    sha256: Mapped[str] = mapped_column(String(64))
    width: Mapped[int]
    height: Mapped[int]
    content: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)


class WithdrawalCode(Identified, Base):
    """Keyed hash of the paper code; destroyed at purge, and withdrawal ends with it."""

    __tablename__ = "withdrawal_codes"

    testimony_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey(TESTIMONY, ondelete="CASCADE"), unique=True
    )
    code_hash: Mapped[str] = mapped_column(String(64), unique=True)


class RecontactEntry(Base):
    """A contact left apart: random id, day only, no author, no way back to the testimony."""

    __tablename__ = "recontact_entries"

    id: Mapped[uuid.UUID] = mapped_column(Uuid(), primary_key=True, default=uuid.uuid4)
    council_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("councils.id", ondelete="CASCADE"))
    campaign_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("campaigns.id", ondelete="CASCADE"))
    contact: Mapped[str] = mapped_column(Text)
    left_on: Mapped[date] = mapped_column(Date)
    state: Mapped[str] = mapped_column(State, default="active")
