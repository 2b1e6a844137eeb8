"""Geography: territories, city contracts, priority neighbourhoods of both generations, sectors."""

from __future__ import annotations

import uuid

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from survey_app.models.base import Base, Identified, Scoped, ShortText, Stamped, State


class Territory(Stamped, Base):
    """Commune or EPCI, with its INSEE or SIREN code."""

    __tablename__ = "territories"

    name: Mapped[str] = mapped_column(ShortText)
    kind: Mapped[str] = mapped_column(String(20), default="commune")
    code: Mapped[str] = mapped_column(String(14), unique=True)
    state: Mapped[str] = mapped_column(State, default="active")


class CityContract(Scoped, Base):
    """Contrat de ville, with its period and signatories."""

    __tablename__ = "city_contracts"

    label: Mapped[str] = mapped_column(ShortText)
    period: Mapped[str] = mapped_column(String(20))
    signatories: Mapped[str] = mapped_column(Text, default="")
    grouping_id: Mapped[str] = mapped_column(String(40), default="piliers_2015")
    territory_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("territories.id"))
    state: Mapped[str] = mapped_column(State, default="signed")


class Neighbourhood(Stamped, Base):
    """QPV: ``QP……`` (2015) or ``QN……`` (2024). Pure geography, so shared by the councils."""

    __tablename__ = "neighbourhoods"

    code: Mapped[str] = mapped_column(String(8), unique=True)
    generation: Mapped[str] = mapped_column(String(4))
    name: Mapped[str] = mapped_column(ShortText)
    municipality: Mapped[str] = mapped_column(ShortText, default="")
    insee_code: Mapped[str] = mapped_column(String(5), default="")
    outline: Mapped[str] = mapped_column(Text, default="")
    state: Mapped[str] = mapped_column(State, default="in_force")


class NeighbourhoodSuccession(Identified, Base):
    """From a 2015 neighbourhood to a 2024 one: splits and mergers are many-to-many."""

    __tablename__ = "neighbourhood_successions"
    __table_args__ = (UniqueConstraint("predecessor_id", "successor_id"),)

    predecessor_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("neighbourhoods.id"))
    successor_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("neighbourhoods.id"))
    kind: Mapped[str] = mapped_column(String(20), default="modified")


class Sector(Scoped, Base):
    """A part of a neighbourhood, as the council names it: never an address."""

    __tablename__ = "sectors"
    __table_args__ = (UniqueConstraint("council_id", "neighbourhood_id", "name"),)

    neighbourhood_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("neighbourhoods.id"))
    name: Mapped[str] = mapped_column(String(60))
    label: Mapped[str] = mapped_column(ShortText)
