"""What follows a synthesis, and the council's own life. Screens come with later campaigns."""

from __future__ import annotations

import uuid
from datetime import date, datetime
from typing import Any

from sqlalchemy import Date, ForeignKey, Numeric, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from survey_app.models.base import Base, Scoped, ShortText, State, now
from survey_app.models.campaign import Meeting, QuestionnaireVersion


class Restitution(Scoped, Base):
    """A return to a public: which one, in which form, when, and what came back."""

    __tablename__ = "restitutions"

    campaign_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("campaigns.id", ondelete="CASCADE"))
    public: Mapped[str] = mapped_column(ShortText)
    format: Mapped[str] = mapped_column(String(40))
    held_on: Mapped[date | None] = mapped_column(Date)
    place: Mapped[str] = mapped_column(ShortText, default="")
    feedback: Mapped[str] = mapped_column(Text, default="")
    state: Mapped[str] = mapped_column(State, default="planned")


class FollowUp(Scoped, Base):
    """Suite donnée: a proposal, to whom it was made, the answer and its date."""

    __tablename__ = "follow_ups"

    synthesis_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("syntheses.id", ondelete="CASCADE"))
    proposal: Mapped[str] = mapped_column(Text)
    addressee: Mapped[str] = mapped_column(ShortText, default="")
    answer: Mapped[str] = mapped_column(Text, default="")
    answered_on: Mapped[date | None] = mapped_column(Date)
    state: Mapped[str] = mapped_column(State, default="unanswered")


class Action(Scoped, Base):
    """An action of the contrat de ville."""

    __tablename__ = "actions"

    contract_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("city_contracts.id"))
    name: Mapped[str] = mapped_column(ShortText)
    axis: Mapped[str] = mapped_column(String(40), default="")
    criteria: Mapped[list[Any]] = mapped_column(default=list)
    owner: Mapped[str] = mapped_column(ShortText, default="")
    cost_euros: Mapped[int | None]
    public: Mapped[str] = mapped_column(ShortText, default="")
    state: Mapped[str] = mapped_column(State, default="project")


class Practice(Scoped, Base):
    """Bonne pratique, by chapter of the guide."""

    __tablename__ = "practices"

    title: Mapped[str] = mapped_column(ShortText)
    chapter: Mapped[str] = mapped_column(String(40), default="")
    problem: Mapped[str] = mapped_column(Text, default="")
    steps: Mapped[str] = mapped_column(Text, default="")
    means: Mapped[str] = mapped_column(Text, default="")
    cautions: Mapped[str] = mapped_column(Text, default="")
    place: Mapped[str] = mapped_column(ShortText, default="")
    state: Mapped[str] = mapped_column(State, default="draft")


class ContextIndicator(Scoped, Base):
    """A figure about a neighbourhood, never without its source, year and perimeter."""

    __tablename__ = "context_indicators"

    neighbourhood_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("neighbourhoods.id"))
    code: Mapped[str] = mapped_column(String(40))
    label: Mapped[str] = mapped_column(ShortText)
    value: Mapped[float | None] = mapped_column(Numeric(18, 4, asdecimal=False))
    unit: Mapped[str] = mapped_column(String(20), default="")
    year: Mapped[int]
    source: Mapped[str] = mapped_column(ShortText)
    perimeter: Mapped[str] = mapped_column(String(40))
    secret: Mapped[bool] = mapped_column(default=False)
    caution: Mapped[str] = mapped_column(Text, default="")
    state: Mapped[str] = mapped_column(State, default="imported")


class LearningSupport(Scoped, Base):
    """A film, booklet or sheet, cut in sequences with their questions."""

    __tablename__ = "learning_supports"

    title: Mapped[str] = mapped_column(ShortText)
    kind: Mapped[str] = mapped_column(String(20))
    sequences: Mapped[list[Any]] = mapped_column(default=list)
    state: Mapped[str] = mapped_column(State, default="published")


class Record(Scoped, Base):
    """A filled sheet that is no testimony: the council's own life, or a meeting's sheet.

    One separate answer to a survey inside the council, once given, keeps neither author nor hour.
    """

    __tablename__ = "records"

    questionnaire_version_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("questionnaire_versions.id")
    )
    campaign_id: Mapped[uuid.UUID | None] = mapped_column(
        ForeignKey("campaigns.id", ondelete="CASCADE")
    )
    meeting_id: Mapped[uuid.UUID | None] = mapped_column(
        ForeignKey("meetings.id", ondelete="CASCADE"), index=True
    )
    title: Mapped[str] = mapped_column(ShortText, default="")
    held_on: Mapped[date | None] = mapped_column(Date)
    answers: Mapped[dict[str, Any]] = mapped_column(default=dict)
    section: Mapped[str] = mapped_column(String(60), default="")
    state: Mapped[str] = mapped_column(State, default="draft")
    updated_at: Mapped[datetime] = mapped_column(default=now)
    questionnaire_version: Mapped[QuestionnaireVersion] = relationship()
    meeting: Mapped[Meeting | None] = relationship()
