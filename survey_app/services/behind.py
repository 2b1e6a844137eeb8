"""What is behind a number, without opening the texts: thousands of excerpts counted in a click."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, aliased

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
    session: Session, actor: Actor, campaign: Campaign, codes: Collection[str]
) -> tuple[list[Spoken], Readings]:
    """The excerpts coded so (any code when ``codes`` is empty), in reading order.

    With them, the facet values of these codings, as the line ``""`` of `Readings`.
    """
    rows = session.execute(_query(actor, campaign, codes))
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
    """The excerpts coded so, counted by the database: ``most`` of them from rank ``first``."""
    every = _coded(actor, campaign, codes, Excerpt.id, Excerpt.testimony_id).distinct().subquery()
    told = (
        select(Testimony.id, Testimony.meeting_id, Testimony.persons)
        .where(Testimony.id.in_(select(every.c.testimony_id)))
        .subquery()
    )
    numbers = session.execute(
        select(
            func.count(), func.count(told.c.meeting_id.distinct()), func.sum(told.c.persons)
        ).select_from(told)
    ).one()
    shown = session.execute(
        select(Excerpt.id, Excerpt.testimony_id)
        .join(Testimony, Testimony.id == Excerpt.testimony_id)
        .where(Excerpt.id.in_(select(every.c.id)))
        .order_by(Testimony.number, Excerpt.start, Excerpt.number)
        .offset(first)
        .limit(most)
    )
    total = session.scalar(select(func.count()).select_from(every)) or 0
    return Heard(
        Counts(numbers[0], numbers[1], numbers[2] or 0), total, [(row[0], row[1]) for row in shown]
    )


def _query(actor: Actor, campaign: Campaign, codes: Collection[str]) -> Select[Any]:
    """Columns only, of what counts, in reading order."""
    return _coded(
        actor,
        campaign,
        codes,
        Excerpt.id,
        Excerpt.testimony_id,
        Testimony.number,
        Testimony.meeting_id,
        Testimony.persons,
        Testimony.profile,
        Coding.facets,
    ).order_by(Testimony.number, Excerpt.start, Excerpt.number)


def _coded(actor: Actor, campaign: Campaign, codes: Collection[str], *columns: Any) -> Select[Any]:
    """What counts: validated codings of the newest masked texts."""
    newer = aliased(TextVersion)
    return (
        select(*columns)
        .select_from(Excerpt)
        .join(Coding, Coding.excerpt_id == Excerpt.id)
        .join(Testimony, Testimony.id == Excerpt.testimony_id)
        .join(TextVersion, TextVersion.id == Excerpt.text_version_id)
        .where(
            Excerpt.council_id == actor.council_id,
            Excerpt.campaign_id == campaign.id,
            Excerpt.state == "active",
            Coding.state == "validated",
            Testimony.state.in_(corpora.COUNTED),
            *([Coding.code.in_(codes)] if codes else []),
            ~select(newer.id)
            .where(
                newer.testimony_id == TextVersion.testimony_id,
                newer.kind == "masked",
                newer.sequence > TextVersion.sequence,
            )
            .exists(),
        )
    )


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
