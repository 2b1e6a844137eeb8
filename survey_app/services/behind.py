"""What is behind a number, without opening the texts: thousands of excerpts counted in a click."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import CTE, ColumnElement, Select, func, select, true
from sqlalchemy.orm import Session

import analysis.corpus as pure
from analysis import crossings
from analysis.cuts import Readings, Variable
from analysis.findings import facet_values
from analysis.tables import Counts
from survey_app.models import Campaign, Coding, Excerpt, Testimony, TextVersion
from survey_app.permissions import Actor
from survey_app.services import corpus as corpora


@dataclass(frozen=True, slots=True)
class Spoken:
    """An excerpt, and what of its testimony is counted or crossed."""

    excerpt_id: uuid.UUID
    testimony_id: uuid.UUID
    number: int
    meeting_id: uuid.UUID
    persons: int
    profile: dict[str, Any]


def spoken(
    session: Session,
    actor: Actor,
    campaign: Campaign,
    codes: Collection[str],
    meeting: uuid.UUID | None = None,
) -> tuple[list[Spoken], Readings]:
    """The excerpts coded so (any code when ``codes`` is empty), in reading order.

    With them, the facet values of these codings, as the line ``""`` of `Readings`. ``meeting``:
    those of one meeting only.
    """
    query = _query(actor, campaign, codes)
    if meeting is not None:
        query = query.where(Testimony.meeting_id == meeting)
    rows = session.execute(query)
    found: dict[uuid.UUID, Spoken] = {}
    facets: dict[tuple[str, str], dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for *spoken_row, said in rows:
        found.setdefault(spoken_row[0], Spoken(*spoken_row))
        for name in said:
            facets["", str(spoken_row[1])][name].update(facet_values(said, name))
    frozen = {
        key: {name: frozenset(values) for name, values in line.items()}
        for key, line in facets.items()
    }
    return list(found.values()), Readings({}, frozen)


@dataclass(frozen=True, slots=True)
class Heard:
    """One page of excerpts, each with its testimony, and the numbers of them all."""

    counts: Counts
    excerpts: int
    shown: list[tuple[uuid.UUID, uuid.UUID]]


def heard(
    session: Session,
    actor: Actor,
    campaign: Campaign,
    codes: Collection[str],
    first: int,
    most: int,
) -> Heard:
    """The excerpts coded so, counted by the database: ``most`` of them from rank ``first``.

    One statement looks for them once; the counts are there even when the page is empty.
    """
    every = _found(actor, campaign, codes)
    told = select(every.c.testimony_id, every.c.meeting_id, every.c.persons).distinct().subquery()
    numbers = select(
        func.count().label("testimonies"),
        func.count(told.c.meeting_id.distinct()).label("meetings"),
        func.coalesce(func.sum(told.c.persons), 0).label("persons"),
        select(func.count()).select_from(every).scalar_subquery().label("excerpts"),
    ).subquery()
    order = (every.c.number, every.c.start, every.c.rank)
    here = select(every).order_by(*order).offset(first).limit(most).subquery()
    rows = session.execute(
        select(numbers, here.c.id, here.c.testimony_id)
        .select_from(numbers)
        .outerjoin(here, true())
        .order_by(here.c.number, here.c.start, here.c.rank)
    ).all()
    testimonies, meetings, persons, total = rows[0][:4]
    shown = [(row.id, row.testimony_id) for row in rows if row.id is not None]
    return Heard(Counts(testimonies, meetings, persons), total, shown)


def _found(actor: Actor, campaign: Campaign, codes: Collection[str]) -> CTE:
    """Each excerpt coded so once, with what its testimony counts for."""
    return (
        select(
            Excerpt.id,
            Excerpt.testimony_id,
            Excerpt.start,
            Excerpt.number.label("rank"),
            Testimony.number,
            Testimony.meeting_id,
            Testimony.persons,
        )
        .join(Testimony, Testimony.id == Excerpt.testimony_id)
        .where(
            *_counted(actor, campaign),
            Excerpt.id.in_(select(Coding.excerpt_id).where(*_validated(actor, codes))),
        )
        .cte("every")
        .prefix_with("MATERIALIZED")  # else the database looks for them once for each figure
    )


def _query(actor: Actor, campaign: Campaign, codes: Collection[str]) -> Select[Any]:
    """Columns only, of what counts, in reading order; an excerpt comes once for each coding."""
    return (
        select(
            Excerpt.id,
            Excerpt.testimony_id,
            Testimony.number,
            Testimony.meeting_id,
            Testimony.persons,
            Testimony.profile,
            Coding.facets,
        )
        .join(Coding, Coding.excerpt_id == Excerpt.id)
        .join(Testimony, Testimony.id == Excerpt.testimony_id)
        .where(*_counted(actor, campaign), *_validated(actor, codes))
        .order_by(Testimony.number, Excerpt.start, Excerpt.number)
    )


def _counted(actor: Actor, campaign: Campaign) -> list[ColumnElement[bool]]:
    """Which excerpts count: those of the newest masked text of a testimony that counts."""
    newest = (
        select(TextVersion.id)
        .where(TextVersion.testimony_id == Excerpt.testimony_id, TextVersion.kind == "masked")
        .order_by(TextVersion.sequence.desc())
        .limit(1)
        .correlate(Excerpt)
        .scalar_subquery()
    )
    return [
        Excerpt.council_id == actor.council_id,
        Excerpt.campaign_id == campaign.id,
        Excerpt.state == "active",
        Excerpt.text_version_id == newest,
        Testimony.state.in_(corpora.COUNTED),
    ]


def _validated(actor: Actor, codes: Collection[str]) -> list[ColumnElement[bool]]:
    """Which codings count: the validated ones, of these codes or of any."""
    return [
        Coding.council_id == actor.council_id,
        Coding.state == "validated",
        *([Coding.code.in_(codes)] if codes else []),
    ]


def in_cell(
    session: Session,
    actor: Actor,
    campaign: Campaign,
    codes: Collection[str],
    variable: Variable,
    value: str,
    key: str,
) -> list[Spoken]:
    """Those of `spoken` that lie in a column of a crossing, under a filter."""
    rows, said = spoken(session, actor, campaign, codes)
    meetings = corpora.meetings_of(session, actor, campaign)
    places = {meeting.id: meeting.neighbourhood for meeting in meetings}
    told = {row.testimony_id: row for row in rows}
    corpus = pure.Corpus(
        pure.Campaign(campaign.slug, campaign.title),
        meetings,
        tuple(
            pure.Testimony(
                str(name),
                row.number,
                str(row.meeting_id),
                places[str(row.meeting_id)],
                "",
                profile={question: str(answer) for question, answer in row.profile.items()},
            )
            for name, row in told.items()
        ),
    )
    kept = {
        name
        for name in told
        if crossings.lies_in(corpus, said, str(name), "", variable, value, key)
    }
    return [row for row in rows if row.testimony_id in kept]


def counts(rows: Sequence[Spoken]) -> Counts:
    """The three numbers of these excerpts; a testimony heard twice counts once."""
    told = {row.testimony_id: row for row in rows}.values()
    meetings = {row.meeting_id for row in told}
    return Counts(len(told), len(meetings), sum(row.persons for row in told))
