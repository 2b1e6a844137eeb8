"""Jobs, cached annotations, analysis runs, syntheses and their signatures."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from survey_app.models.base import Base, Identified, Scoped, State


class Job(Scoped, Base):
    """Long work: durable, resumable, told step by step. Parameters hold ids, never words."""

    __tablename__ = "jobs"

    kind: Mapped[str] = mapped_column(String(24))
    campaign_id: Mapped[uuid.UUID | None] = mapped_column(
        ForeignKey("campaigns.id", ondelete="CASCADE"), index=True
    )
    parameters: Mapped[dict[str, Any]] = mapped_column(default=dict)
    result: Mapped[dict[str, Any]] = mapped_column(default=dict)
    state: Mapped[str] = mapped_column(State, default="queued", index=True)
    done: Mapped[int] = mapped_column(default=0)
    total: Mapped[int] = mapped_column(default=0)
    message: Mapped[str] = mapped_column(Text, default="")
    attempts: Mapped[int] = mapped_column(default=0)
    heartbeat_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]


class Annotation(Identified, Base):
    """spaCy's reading of a text, found by the text's hash and the version of the model.

    Equal texts of a council are read once, yet each has its own row, which goes with it: once
    the last of them is withdrawn, nothing of it is left.
    """

    __tablename__ = "annotations"
    __table_args__ = (
        Index("ix_annotations_reading", "council_id", "pipeline", "text_hash", "text_version_id"),
    )

    text_version_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("text_versions.id", ondelete="CASCADE"), unique=True
    )
    council_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("councils.id", ondelete="CASCADE"))
    text_hash: Mapped[str] = mapped_column(String(64))
    pipeline: Mapped[str] = mapped_column(String(80))
    document: Mapped[str] = mapped_column(Text)


class Run(Scoped, Base):
    """One finished analysis: its parameters, versions, figures and pictures."""

    __tablename__ = "runs"

    campaign_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("campaigns.id", ondelete="CASCADE"), index=True
    )
    parameters: Mapped[dict[str, Any]] = mapped_column(default=dict)
    figures: Mapped[dict[str, Any]] = mapped_column(default=dict)
    pictures: Mapped[list[Picture]] = relationship(
        cascade="all, delete-orphan", passive_deletes=True, order_by="Picture.name"
    )


class Picture(Identified, Base):
    """A picture of a run: vector, pixels, its words for who cannot see it, its table."""

    __tablename__ = "pictures"
    __table_args__ = (UniqueConstraint("run_id", "name"),)

    run_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("runs.id", ondelete="CASCADE"))
    council_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("councils.id", ondelete="CASCADE"))
    name: Mapped[str] = mapped_column(String(40))
    title: Mapped[str] = mapped_column(Text, default="")
    svg: Mapped[str] = mapped_column(Text)
    png: Mapped[bytes] = mapped_column(LargeBinary)
    alt: Mapped[str] = mapped_column(Text)
    head: Mapped[list[Any]] = mapped_column(default=list)
    rows: Mapped[list[Any]] = mapped_column(default=list)


class Crossing(Identified, Base):
    """Themes crossed with one variable in a run, for each filter; small counts are not in it."""

    __tablename__ = "crossings"
    __table_args__ = (UniqueConstraint("run_id", "name"),)

    run_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("runs.id", ondelete="CASCADE"))
    council_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("councils.id", ondelete="CASCADE"))
    position: Mapped[int]
    name: Mapped[str] = mapped_column(String(80))
    label: Mapped[str] = mapped_column(Text)
    document: Mapped[dict[str, Any]]


class RunPart(Identified, Base):
    """A result of a run that pages read and files copy; small counts are not in its rows."""

    __tablename__ = "run_parts"
    __table_args__ = (UniqueConstraint("run_id", "name"),)

    run_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("runs.id", ondelete="CASCADE"))
    council_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("councils.id", ondelete="CASCADE"))
    position: Mapped[int]
    name: Mapped[str] = mapped_column(String(80))
    title: Mapped[str] = mapped_column(Text)
    document: Mapped[dict[str, Any]]
    head: Mapped[list[Any]] = mapped_column(default=list)
    rows: Mapped[list[Any]] = mapped_column(default=list)


class Synthesis(Scoped, Base):
    """Synthèse: the drafted document, what people rewrote in it, its state and its proof.

    ``trace`` holds the rows of the document's annex: one for every excerpt, read when printed.
    """

    __tablename__ = "syntheses"
    __table_args__ = (UniqueConstraint("campaign_id", "version"),)

    campaign_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("campaigns.id", ondelete="CASCADE"), index=True
    )
    version: Mapped[int] = mapped_column(default=1)
    document: Mapped[dict[str, Any]]
    trace: Mapped[list[Any]] = mapped_column(default=list, deferred=True)
    fingerprint: Mapped[str] = mapped_column(String(64), default="")
    correction_reason: Mapped[str] = mapped_column(Text, default="")
    published_at: Mapped[datetime | None]
    state: Mapped[str] = mapped_column(State, default="draft")
    findings: Mapped[list[Finding]] = relationship(
        cascade="all, delete-orphan", passive_deletes=True, order_by="Finding.position"
    )
    signatures: Mapped[list[Signature]] = relationship(
        cascade="all, delete-orphan", passive_deletes=True, order_by="Signature.created_at"
    )


class Finding(Scoped, Base):
    """Constat: what a person wrote over the drafted sentence of a theme.

    ``quotes`` lists the labels of the quotations to print; None keeps those that were drafted.
    """

    __tablename__ = "findings"
    __table_args__ = (UniqueConstraint("synthesis_id", "theme", "position"),)

    synthesis_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("syntheses.id", ondelete="CASCADE"))
    position: Mapped[int]
    theme: Mapped[str] = mapped_column(String(12))
    nature: Mapped[str] = mapped_column(String(24))
    sentence: Mapped[str] = mapped_column(Text)
    nuance: Mapped[str] = mapped_column(Text, default="")
    limit: Mapped[str] = mapped_column(Text, default="")
    quotes: Mapped[list[Any] | None] = mapped_column(default=None)
    kept: Mapped[bool] = mapped_column(default=True)
    state: Mapped[str] = mapped_column(State, default="draft")


class Signature(Scoped, Base):
    """One of the two voices that validate a synthesis: ``coordinator`` or ``body``."""

    __tablename__ = "signatures"
    __table_args__ = (
        UniqueConstraint("synthesis_id", "capacity"),
        UniqueConstraint("synthesis_id", "account_id"),
    )

    synthesis_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("syntheses.id", ondelete="CASCADE"))
    account_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("accounts.id"))
    capacity: Mapped[str] = mapped_column(String(20))
    fingerprint: Mapped[str] = mapped_column(String(64))
