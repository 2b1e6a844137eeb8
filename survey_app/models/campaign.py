"""Campaigns of listening, the questionnaires they use, and their meetings."""

from __future__ import annotations

import uuid
from datetime import date, datetime
from typing import Any

from sqlalchemy import Date, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from survey_app.models.base import Base, Identified, Scoped, ShortText, State, now
from survey_app.models.territory import Neighbourhood


class Campaign(Scoped, Base):
    """Campagne de recueil: what is asked, why, on which legal ground, kept until when."""

    __tablename__ = "campaigns"

    slug: Mapped[str] = mapped_column(String(60), unique=True)
    title: Mapped[str] = mapped_column(ShortText)
    question: Mapped[str] = mapped_column(Text, default="")
    axis: Mapped[str] = mapped_column(String(40), default="")
    purpose: Mapped[str] = mapped_column(Text, default="")
    controller: Mapped[str] = mapped_column(ShortText, default="")
    legal_basis: Mapped[str] = mapped_column(ShortText, default="")
    dpo_contact: Mapped[str] = mapped_column(ShortText, default="")
    recipients: Mapped[str] = mapped_column(Text, default="")
    retention_until: Mapped[date | None] = mapped_column(Date)
    safeguarding_contact: Mapped[str] = mapped_column(ShortText, default="")
    methods: Mapped[list[Any]] = mapped_column(default=list)
    targets: Mapped[dict[str, Any]] = mapped_column(default=dict)
    # Actions of the contrat de ville to ask about: name and label, in order.
    actions: Mapped[list[Any]] = mapped_column(default=list)
    # A figure about the neighbourhood, with its year and source, to read out and discuss.
    context_figure: Mapped[str] = mapped_column(Text, default="")
    # What people chose for the analysis: words, periods, figures to set beside.
    analysis: Mapped[dict[str, Any]] = mapped_column(default=dict)
    threshold_inside: Mapped[int] = mapped_column(default=5)
    threshold_outside: Mapped[int] = mapped_column(default=11)
    # One person may review what they collected: journalled, and printed in the synthesis.
    single_person_exception: Mapped[bool] = mapped_column(default=False)
    fictitious: Mapped[bool] = mapped_column(default=False)
    last_testimony: Mapped[int] = mapped_column(default=0)
    last_excerpt: Mapped[int] = mapped_column(default=0)
    state: Mapped[str] = mapped_column(State, default="draft")
    contract_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("city_contracts.id"))
    codebook_version_id: Mapped[uuid.UUID | None] = mapped_column(
        ForeignKey("codebook_versions.id")
    )
    neighbourhoods: Mapped[list[Neighbourhood]] = relationship(
        secondary="campaign_neighbourhoods", order_by="Neighbourhood.code", lazy="selectin"
    )
    questionnaires: Mapped[list[QuestionnaireVersion]] = relationship(
        secondary="campaign_questionnaires", order_by="QuestionnaireVersion.name"
    )


class CampaignNeighbourhood(Base):
    __tablename__ = "campaign_neighbourhoods"

    campaign_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("campaigns.id", ondelete="CASCADE"), primary_key=True
    )
    neighbourhood_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("neighbourhoods.id"), primary_key=True
    )


class CampaignSigner(Identified, Base):
    """Who signs the campaign's synthesis, and for whom (``coordinator`` or ``body``)."""

    __tablename__ = "campaign_signers"
    __table_args__ = (UniqueConstraint("campaign_id", "account_id", "capacity"),)

    campaign_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("campaigns.id", ondelete="CASCADE"))
    account_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("accounts.id", ondelete="CASCADE"))
    capacity: Mapped[str] = mapped_column(String(20))


class QuestionnaireVersion(Scoped, Base):
    """A published questionnaire: its canonical JSON never changes once it has a fingerprint."""

    __tablename__ = "questionnaire_versions"
    __table_args__ = (UniqueConstraint("council_id", "fingerprint"),)

    name: Mapped[str] = mapped_column(String(80))
    version: Mapped[str] = mapped_column(String(20))
    language: Mapped[str] = mapped_column(String(8), default="fr")
    language_level: Mapped[str] = mapped_column(String(20), default="")
    fingerprint: Mapped[str] = mapped_column(String(64))
    document: Mapped[dict[str, Any]]
    state: Mapped[str] = mapped_column(State, default="published")


class QuestionnaireDraft(Scoped, Base):
    """A questionnaire being written. ``trial`` holds the made-up answers of its preview.

    ``base_id`` is the version it started from; ``revision`` guards against lost changes.
    """

    __tablename__ = "questionnaire_drafts"

    name: Mapped[str] = mapped_column(String(80))
    document: Mapped[dict[str, Any]]
    base_id: Mapped[uuid.UUID | None] = mapped_column(
        ForeignKey("questionnaire_versions.id", ondelete="SET NULL")
    )
    trial: Mapped[dict[str, Any]] = mapped_column(default=dict)
    updated_at: Mapped[datetime] = mapped_column(default=now)
    base: Mapped[QuestionnaireVersion | None] = relationship()


class CampaignQuestionnaire(Base):
    __tablename__ = "campaign_questionnaires"

    campaign_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("campaigns.id", ondelete="CASCADE"), primary_key=True
    )
    questionnaire_version_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("questionnaire_versions.id"), primary_key=True
    )


class Meeting(Scoped, Base):
    """Rencontre: one séance of listening, with the counters that make it honest."""

    __tablename__ = "meetings"

    campaign_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("campaigns.id", ondelete="CASCADE"), index=True
    )
    neighbourhood_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("neighbourhoods.id"))
    method: Mapped[str] = mapped_column(String(24))
    sector: Mapped[str] = mapped_column(String(60), default="")
    place: Mapped[str] = mapped_column(ShortText, default="")
    held_on: Mapped[date | None] = mapped_column(Date)
    team: Mapped[str] = mapped_column(ShortText, default="")
    weather: Mapped[str] = mapped_column(String(40), default="")
    approached: Mapped[int | None]
    refusals: Mapped[int | None]
    stopped: Mapped[int | None]
    present_women: Mapped[int | None]
    present_men: Mapped[int | None]
    present_by_age: Mapped[dict[str, Any]] = mapped_column(default=dict)
    state: Mapped[str] = mapped_column(State, default="planned")
    campaign: Mapped[Campaign] = relationship()
    neighbourhood: Mapped[Neighbourhood] = relationship(lazy="joined")
