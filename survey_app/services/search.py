"""Searching the masked texts of one's own council: words, phrases, beginnings of words."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session, aliased

from analysis import search
from survey_app.domain import Invalid, NotFound
from survey_app.models import Campaign, Meeting, Testimony, TextVersion
from survey_app.permissions import Actor
from survey_app.services import scope
from survey_app.services.excerpts import READABLE
from survey_app.services.states import QUEUES

PAGE = 20
FILES = ("a-coder", "pret")


@dataclass(frozen=True, slots=True)
class Hit:
    """A testimony where the words stand, and its first passages."""

    testimony_id: uuid.UUID
    number: int
    state: str
    campaign: str
    day: date | None
    place: str
    passages: tuple[tuple[search.Piece, ...], ...]


@dataclass(frozen=True, slots=True)
class Results:
    """A page of hits; ``total`` counts the testimonies of all pages."""

    hits: tuple[Hit, ...]
    total: int
    page: int
    pages: int


def look_for(
    session: Session,
    actor: Actor,
    query: str,
    *,
    campaign: Campaign | None = None,
    file: str = "",
    page: int = 1,
) -> Results:
    """The testimonies whose newest masked text holds every term, by campaign and number.

    Raises `Invalid` when nothing can be searched, `NotFound` beyond the last page.
    """
    actor.require("testimony.read_masked")
    try:
        terms = search.parse(query)
    except search.QueryError as error:
        raise Invalid(str(error)) from None
    conditions = _conditions(actor, terms, campaign, file)
    wanted = (
        select(TextVersion.id)
        .join(Testimony, Testimony.id == TextVersion.testimony_id)
        .where(*conditions)
    )
    total = session.scalar(select(func.count()).select_from(wanted.subquery())) or 0
    pages = max(1, -(-total // PAGE))
    if not 1 <= page <= pages:
        raise NotFound()
    return Results(_hits(session, conditions, terms, page), total, page, pages)


def campaigns(session: Session, actor: Actor) -> Sequence[Campaign]:
    """The campaigns that may be searched, newest first."""
    actor.require("testimony.read_masked")
    query = scope.scoped(actor, Campaign).order_by(Campaign.created_at.desc(), Campaign.id)
    return session.scalars(query).all()


def _conditions(
    actor: Actor, terms: Sequence[search.Term], campaign: Campaign | None, file: str
) -> list[ColumnElement[bool]]:
    newer = aliased(TextVersion)
    newest = (
        select(func.max(newer.sequence))
        .where(newer.testimony_id == TextVersion.testimony_id, newer.kind == "masked")
        .scalar_subquery()
    )
    states = QUEUES[file] if file in FILES else READABLE
    return [
        TextVersion.council_id == actor.council_id,
        TextVersion.kind == "masked",
        # The terms are letters, digits, spaces and hyphens: nothing there is a joker of LIKE.
        *(TextVersion.words.like(f"%{term.needle}%") for term in terms),
        Testimony.council_id == actor.council_id,
        Testimony.state.in_(states),
        *([Testimony.campaign_id == campaign.id] if campaign is not None else []),
        TextVersion.sequence == newest,
    ]


def _hits(
    session: Session,
    conditions: Sequence[ColumnElement[bool]],
    terms: Sequence[search.Term],
    page: int,
) -> tuple[Hit, ...]:
    rows = session.execute(
        select(Testimony, TextVersion.text, Campaign.title, Meeting.held_on, Meeting.place)
        .join(TextVersion, TextVersion.testimony_id == Testimony.id)
        .join(Campaign, Campaign.id == Testimony.campaign_id)
        .join(Meeting, Meeting.id == Testimony.meeting_id)
        .where(*conditions)
        .order_by(Campaign.created_at.desc(), Campaign.id, Testimony.number)
        .limit(PAGE)
        .offset((page - 1) * PAGE)
    )
    return tuple(
        Hit(
            row.Testimony.id,
            row.Testimony.number,
            row.Testimony.state,
            row.title,
            row.Testimony.said_on or row.held_on,
            row.place,
            search.passages(row.text, terms),
        )
        for row in rows
    )
