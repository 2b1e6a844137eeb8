"""Codebooks, excerpts and codings."""

from __future__ import annotations

import uuid
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from survey_app.models.base import Base, Identified, Scoped, ShortText, State
from survey_app.models.testimony import TESTIMONY


class CodebookVersion(Scoped, Base):
    """Grille: a published version is one immutable document (themes, codes, facets)."""

    __tablename__ = "codebook_versions"
    __table_args__ = (UniqueConstraint("council_id", "name", "version"),)

    name: Mapped[str] = mapped_column(String(80))
    version: Mapped[str] = mapped_column(String(20))
    title: Mapped[str] = mapped_column(ShortText)
    fingerprint: Mapped[str] = mapped_column(String(64))
    document: Mapped[dict[str, Any]]
    migrations: Mapped[list[Any]] = mapped_column(default=list)
    state: Mapped[str] = mapped_column(State, default="published")


class Excerpt(Scoped, Base):
    """Extrait: half-open code-point offsets into one masked text version, quote and SHA-256."""

    __tablename__ = "excerpts"
    __table_args__ = (
        UniqueConstraint("campaign_id", "number"),
        UniqueConstraint("text_version_id", "start", "end"),
    )

    campaign_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("campaigns.id", ondelete="CASCADE"))
    number: Mapped[int]
    testimony_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey(TESTIMONY, ondelete="CASCADE"), index=True
    )
    text_version_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("text_versions.id", ondelete="CASCADE")
    )
    start: Mapped[int]
    end: Mapped[int]
    quote: Mapped[str] = mapped_column(Text)
    quote_sha256: Mapped[str] = mapped_column(String(64))
    memo: Mapped[str] = mapped_column(Text, default="")
    state: Mapped[str] = mapped_column(State, default="active")
    codings: Mapped[list[Coding]] = relationship(back_populates="excerpt", passive_deletes=True)


class Coding(Scoped, Base):
    """Codage: a code put on an excerpt by a person; ``undone`` rows stay, so redo is possible."""

    __tablename__ = "codings"
    __table_args__ = (
        UniqueConstraint("excerpt_id", "code", "coder_id"),
        Index("ix_codings_council_id_code", "council_id", "code"),
    )

    excerpt_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("excerpts.id", ondelete="CASCADE"), index=True
    )
    codebook_version_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("codebook_versions.id"))
    code: Mapped[str] = mapped_column(String(12))
    facets: Mapped[dict[str, Any]] = mapped_column(default=dict)
    coder_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("accounts.id"))
    origin: Mapped[str] = mapped_column(String(12), default="hand")
    state: Mapped[str] = mapped_column(State, default="validated")
    excerpt: Mapped[Excerpt] = relationship(back_populates="codings")


class CodingStep(Scoped, Base):
    """One gesture on a text, coding or masking: what undo takes back and redo puts again.

    A gesture of masking (``mask``) holds places in the text, never words, until it is confirmed.
    """

    __tablename__ = "coding_steps"

    testimony_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey(TESTIMONY, ondelete="CASCADE"), index=True
    )
    coder_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("accounts.id"))
    action: Mapped[str] = mapped_column(String(12))
    coding_ids: Mapped[list[Any]] = mapped_column(default=list)
    undone: Mapped[bool] = mapped_column(default=False)


class CodebookChange(Scoped, Base):
    """A campaign that passed from a version of its grid to another: what became of each coding.

    ``moves`` is a list of ``{coding, before, after}`` where each side is ``{code, state}``, and
    ``made`` the codings that the change added: what undoing takes back.
    """

    __tablename__ = "codebook_changes"

    campaign_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("campaigns.id", ondelete="CASCADE"), index=True
    )
    from_version_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("codebook_versions.id"))
    to_version_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("codebook_versions.id"))
    moves: Mapped[list[Any]] = mapped_column(default=list)
    made: Mapped[list[Any]] = mapped_column(default=list)
    undone: Mapped[bool] = mapped_column(default=False)


class ExchangeGuid(Identified, Base):
    """The random name under which a thing leaves in REFI-QDA files, the same at each export."""

    __tablename__ = "exchange_guids"
    __table_args__ = (
        UniqueConstraint("campaign_id", "kind", "key"),
        UniqueConstraint("campaign_id", "guid"),
    )

    council_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("councils.id", ondelete="CASCADE"))
    campaign_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("campaigns.id", ondelete="CASCADE"))
    kind: Mapped[str] = mapped_column(String(16))
    key: Mapped[str] = mapped_column(String(120))
    guid: Mapped[uuid.UUID]
