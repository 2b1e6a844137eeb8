"""Councils (participation bodies), accounts and their roles."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from survey_app.models.base import Base, Identified, Scoped, ShortText, Stamped, State


class Council(Stamped, Base):
    """Instance d'habitants: the scope of every word and every person."""

    __tablename__ = "councils"

    name: Mapped[str] = mapped_column(ShortText)
    kind: Mapped[str] = mapped_column(ShortText, default="conseil citoyen")
    composition: Mapped[dict[str, Any]] = mapped_column(default=dict)
    mandate: Mapped[str] = mapped_column(Text, default="")
    state: Mapped[str] = mapped_column(State, default="in_place")
    territory_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("territories.id"))


class Account(Scoped, Base):
    """Somebody who may log in. ``mandate``: may sign in the name of the residents' body."""

    __tablename__ = "accounts"

    login: Mapped[str] = mapped_column(String(80), unique=True)
    display_name: Mapped[str] = mapped_column(ShortText)
    password_hash: Mapped[str] = mapped_column(ShortText)
    active: Mapped[bool] = mapped_column(default=True)
    mandate: Mapped[bool] = mapped_column(default=False)
    trained: Mapped[bool] = mapped_column(default=False)
    # A change of password or of rights renews it: every open session of the account ends.
    session_token: Mapped[str] = mapped_column(String(64))
    roles: Mapped[list[AccountRole]] = relationship(
        cascade="all, delete-orphan", lazy="selectin", order_by="AccountRole.role"
    )

    @property
    def role_names(self) -> frozenset[str]:
        return frozenset(row.role for row in self.roles)


class AccountRole(Identified, Base):
    __tablename__ = "account_roles"
    __table_args__ = (UniqueConstraint("account_id", "role"),)

    account_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("accounts.id", ondelete="CASCADE"))
    role: Mapped[str] = mapped_column(String(20))


class Attempt(Identified, Base):
    """A failed try (login, withdrawal code) behind a keyed hash of who tried, to slow guessing."""

    __tablename__ = "attempts"

    purpose: Mapped[str] = mapped_column(String(20))
    subject_hash: Mapped[str] = mapped_column(String(64), index=True)
    at: Mapped[datetime] = mapped_column(index=True)
    count: Mapped[int] = mapped_column(Integer, default=1)
