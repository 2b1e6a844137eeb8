"""The texts to code where a person's answer teaches the machine most: where it hesitates most."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from itertools import count
from typing import Any

from sqlalchemy import Select, Subquery, func, select
from sqlalchemy.orm import Session, aliased, joinedload

from survey_app.models import Campaign, SuggestionSheet, Testimony, TextVersion
from survey_app.permissions import Actor
from survey_app.services.states import QUEUES

TO_CODE = QUEUES["a-coder"]
SHOWN = 20
_TOGETHER = 500


@dataclass(frozen=True, slots=True)
class Doubt:
    """A text to code, and its sentence (place in the text, masked words) least clear to us."""

    testimony: Testimony
    place: int
    sentence: str


def useful(session: Session, actor: Actor, campaign: Campaign, limit: int = SHOWN) -> list[Doubt]:
    """The texts to code of a campaign, the most useful first; none before a job has read them."""
    actor.require("testimony.code")
    keys: list[uuid.UUID] = []
    for first in count(0, _TOGETHER):
        asked = _sheets(actor, campaign).limit(_TOGETHER).offset(first).subquery()
        read = session.scalars(_to_code(actor, asked))
        keys += read
        if len(keys) >= limit or not session.scalar(select(func.count()).select_from(asked)):
            break
    rows = session.execute(
        select(TextVersion, Testimony, SuggestionSheet.sentences)
        .join(Testimony, Testimony.id == TextVersion.testimony_id)
        .join(SuggestionSheet, SuggestionSheet.text_version_id == TextVersion.id)
        .where(TextVersion.id.in_(keys[:limit]))
        .options(joinedload(Testimony.meeting))
    )
    found = {text.id: _doubt(testimony, text.text, lines) for text, testimony, lines in rows}
    return [found[key] for key in keys[:limit]]


def _sheets(actor: Actor, campaign: Campaign) -> Select[uuid.UUID, float]:
    """The texts that a job read, the least clear first: told by the index alone."""
    return (
        select(SuggestionSheet.text_version_id, SuggestionSheet.unsure)
        .where(
            SuggestionSheet.council_id == actor.council_id,
            SuggestionSheet.campaign_id == campaign.id,
        )
        .order_by(SuggestionSheet.unsure.desc())
    )


def _to_code(actor: Actor, asked: Subquery) -> Select[uuid.UUID]:
    """Those of these texts that are still to code and are the newest of their testimony."""
    later = aliased(TextVersion)
    newest = (
        select(func.max(later.sequence))
        .where(later.testimony_id == TextVersion.testimony_id, later.kind == "masked")
        .scalar_subquery()
    )
    return (
        select(TextVersion.id)
        .join(asked, asked.c.text_version_id == TextVersion.id)
        .join(Testimony, Testimony.id == TextVersion.testimony_id)
        .where(
            Testimony.council_id == actor.council_id,
            Testimony.state.in_(TO_CODE),
            TextVersion.sequence == newest,
        )
        .order_by(asked.c.unsure.desc())
    )


def _doubt(testimony: Testimony, text: str, lines: list[Any]) -> Doubt:
    place = max(range(len(lines)), key=lambda rank: lines[rank]["unsure"], default=0)
    words = text[lines[place]["start"] : lines[place]["end"]] if lines else text
    return Doubt(testimony, place, words)
