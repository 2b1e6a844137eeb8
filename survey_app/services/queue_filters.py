"""What narrows a queue of the desk: where, when, how it was said; what was coded, and by whom."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from analysis import search
from survey_app.models import (
    Account,
    Campaign,
    Coding,
    Excerpt,
    Meeting,
    Neighbourhood,
    Testimony,
    TextVersion,
)
from survey_app.permissions import Actor


@dataclass(frozen=True, slots=True)
class Filters:
    """What to narrow a queue to; an empty field narrows nothing. Dates are those of meetings.

    ``codes`` are those of a theme: one of them was put, and counts. ``terms`` must all stand in
    the masked text, so that they find nothing among the texts that are not masked yet.
    """

    neighbourhood: str = ""
    meeting: uuid.UUID | None = None
    method: str = ""
    since: date | None = None
    until: date | None = None
    codes: tuple[str, ...] = ()
    coder: uuid.UUID | None = None
    terms: tuple[search.Term, ...] = ()


NO_FILTER = Filters()


def conditions(filters: Filters) -> list[ColumnElement[bool]]:
    """The filters over `Testimony`."""
    found = [] if filters.meeting is None else [Testimony.meeting_id == filters.meeting]
    return found + _held(filters) + _coded(filters) + _said(filters)


def _held(filters: Filters) -> list[ColumnElement[bool]]:
    held: list[ColumnElement[bool]] = []
    if filters.neighbourhood:
        area = select(Neighbourhood.id).where(Neighbourhood.code == filters.neighbourhood)
        held.append(Meeting.neighbourhood_id.in_(area))
    if filters.method:
        held.append(Meeting.method == filters.method)
    if filters.since is not None:
        held.append(Meeting.held_on >= filters.since)
    if filters.until is not None:
        held.append(Meeting.held_on <= filters.until)
    return [Testimony.meeting_id.in_(select(Meeting.id).where(*held))] if held else []


def _coded(filters: Filters) -> list[ColumnElement[bool]]:
    if not filters.codes and filters.coder is None:
        return []
    coded = (
        select(Excerpt.testimony_id)
        .join(Coding, Coding.excerpt_id == Excerpt.id)
        .where(
            Excerpt.state == "active",
            Coding.state == "validated",
            *([Coding.code.in_(filters.codes)] if filters.codes else []),
            *([Coding.coder_id == filters.coder] if filters.coder is not None else []),
        )
    )
    return [Testimony.id.in_(coded)]


def _said(filters: Filters) -> list[ColumnElement[bool]]:
    if not filters.terms:
        return []
    said = select(TextVersion.id).where(
        TextVersion.id == newest_masked(),
        # The terms are letters, digits, spaces and hyphens: nothing there is a joker of LIKE.
        *(TextVersion.words.like(f"%{term.needle}%") for term in filters.terms),
    )
    return [said.exists()]


def newest_masked() -> ColumnElement[uuid.UUID]:
    """The id of the newest masked text of the `Testimony` of the query around."""
    return (
        select(TextVersion.id)
        .where(TextVersion.testimony_id == Testimony.id, TextVersion.kind == "masked")
        .order_by(TextVersion.sequence.desc())
        .limit(1)
        .correlate(Testimony)
        .scalar_subquery()
    )


def passages(
    session: Session, rows: Sequence[Testimony], terms: Sequence[search.Term]
) -> dict[uuid.UUID, tuple[tuple[search.Piece, ...], ...]]:
    """Where the terms stand in the masked texts of a page; nothing when none was asked."""
    if not terms or not rows:
        return {}
    texts = session.execute(
        select(Testimony.id, TextVersion.text)
        .join(TextVersion, TextVersion.id == newest_masked())
        .where(Testimony.id.in_([row.id for row in rows]))
    )
    return {key: search.passages(text, terms) for key, text in texts}


def coders(session: Session, actor: Actor, campaign: Campaign) -> dict[str, str]:
    """Who coded something that counts in a campaign: id to name, by name."""
    coded = (
        select(Coding.coder_id)
        .join(Excerpt, Excerpt.id == Coding.excerpt_id)
        .where(Excerpt.campaign_id == campaign.id, Coding.state == "validated")
    )
    rows = session.execute(
        select(Account.id, Account.display_name)
        .where(Account.council_id == actor.council_id, Account.id.in_(coded))
        .order_by(Account.display_name, Account.id)
    )
    return {str(row.id): row.display_name for row in rows}
