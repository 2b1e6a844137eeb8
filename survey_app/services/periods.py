"""The periods that a campaign is cut into: named by people, by their first and last days."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from analysis import corpus as pure
from analysis import waves
from analysis.cuts import UNSAID
from analysis.waves import Period, WavesError
from survey_app.domain import Conflict, Invalid
from survey_app.models import Campaign, Testimony
from survey_app.permissions import Actor
from survey_app.services import journal

WAVES = "waves"
MOST, LONGEST = 6, 60


def held(choices: Mapping[str, Any]) -> list[list[str]]:
    """As they are kept: label, first day, last day; an open end is empty."""
    return [list(row) for row in choices.get(WAVES, [])]


def current(campaign: Campaign) -> tuple[Period, ...]:
    """The periods of a campaign; none where nobody chose any."""
    return tuple(
        Period(label, _day(first), _day(last)) for label, first, last in held(campaign.analysis)
    )


def stamp(campaign: Campaign) -> str:
    """The periods in short: a form sends it back to say what it was shown."""
    return hashlib.sha256(repr(held(campaign.analysis)).encode()).hexdigest()[:16]


def save(
    session: Session, actor: Actor, campaign: Campaign, chosen: Sequence[Period], seen: str
) -> None:
    """Keep these periods, in order of day, for the next run; none of them removes the cut.

    ``seen`` is the `stamp` of what was shown: `Conflict` if somebody chose meanwhile.
    """
    actor.require("analysis.run")
    if seen != stamp(campaign):
        raise Conflict(
            "Une autre personne a changé ces périodes pendant que vous écriviez.",
            "Les vôtres sont toujours dans le formulaire. Comparez, puis enregistrez à nouveau.",
        )
    if chosen:
        _check(chosen)
    ordered = sorted(chosen, key=lambda period: period.first or date.min)
    rows = [[period.label, _iso(period.first), _iso(period.last)] for period in ordered]
    if rows == held(campaign.analysis):
        return
    campaign.analysis = {**campaign.analysis, WAVES: rows}
    journal.record(session, actor, "periods_chosen", "campaigns", campaign.id, count=len(rows))


def placed(
    session: Session, actor: Actor, campaign: Campaign, meetings: Sequence[pure.Meeting]
) -> tuple[pure.Meeting, ...]:
    """The meetings, each with its period; one without a day takes that of its testimonies."""
    chosen = current(campaign)
    if not chosen:
        return tuple(meetings)
    undated = {item.id for item in meetings if item.date is None}
    told = _days_told(session, actor, campaign) if undated else ()
    stubs = tuple(
        pure.Testimony(str(rank), rank, meeting, "", "", date=day)
        for rank, (meeting, day) in enumerate(told)
        if meeting in undated
    )
    corpus = pure.Corpus(pure.Campaign(campaign.slug, campaign.title), tuple(meetings), stubs)
    return waves.dated(corpus, chosen).meetings


def _days_told(session: Session, actor: Actor, campaign: Campaign) -> list[tuple[str, date | None]]:
    query = (
        select(Testimony.meeting_id, Testimony.said_on)
        .where(Testimony.council_id == actor.council_id, Testimony.campaign_id == campaign.id)
        .distinct()
        .order_by(Testimony.meeting_id, Testimony.said_on)
    )
    return [(str(meeting), day) for meeting, day in session.execute(query)]


def _check(chosen: Sequence[Period]) -> None:
    advice = "Rien n’a été changé : corrigez, puis enregistrez."
    if len(chosen) > MOST:
        raise Invalid(f"Vous pouvez comparer au plus {MOST} périodes.", advice)
    for period in chosen:
        if len(period.label) > LONGEST or period.label == UNSAID:
            raise Invalid(f"Le nom « {period.label[:LONGEST]} » ne peut pas servir.", advice)
    try:
        waves.dated(pure.Corpus(pure.Campaign("", "")), chosen)
    except WavesError as error:
        raise Invalid(str(error), advice) from None


def _day(kept: str) -> date | None:
    return date.fromisoformat(kept) if kept else None


def _iso(day: date | None) -> str:
    return day.isoformat() if day else ""
