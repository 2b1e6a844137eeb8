"""What coders made of the suggestions shown to them: the record that says how far to trust them."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import bindparam, case, delete, func, insert, select, update
from sqlalchemy.orm import Session

from analysis.suggestions import Suggestion
from survey_app.models import (
    Campaign,
    Coding,
    CodingStep,
    Excerpt,
    SuggestionOutcome,
    SuggestionSheet,
    Testimony,
    TextVersion,
)
from survey_app.permissions import Actor
from survey_app.services import scope

GRID = "grille"
"""What suggests where no job has learned yet: the words of the grid."""


# Built once: every code put where something was suggested asks for these.
_SAID_BEFORE = (
    delete(SuggestionOutcome)
    .where(
        SuggestionOutcome.testimony_id == bindparam("testimony"),
        SuggestionOutcome.coder_id == bindparam("coder"),
        SuggestionOutcome.start == bindparam("first"),
        SuggestionOutcome.end == bindparam("last"),
        SuggestionOutcome.code.in_(bindparam("codes", expanding=True)),
    )
    .execution_options(synchronize_session=False)
)
# What suggests on the text being coded: the model of its sheet, or the grid alone.
_MODEL = (
    select(SuggestionSheet.model)
    .join(TextVersion, TextVersion.id == SuggestionSheet.text_version_id)
    .where(TextVersion.testimony_id == bindparam("coded_testimony"), TextVersion.kind == "masked")
    .order_by(TextVersion.sequence.desc())
    .limit(1)
)
# What became of the suggestions whose codes a gesture put, took off or put again.
_SETTLED = (
    update(SuggestionOutcome)
    .where(
        SuggestionOutcome.testimony_id == bindparam("testimony"),
        SuggestionOutcome.coder_id == Coding.coder_id,
        SuggestionOutcome.code == Coding.code,
        SuggestionOutcome.start == Excerpt.start,
        SuggestionOutcome.end == Excerpt.end,
        Excerpt.id == Coding.excerpt_id,
        Coding.id.in_(bindparam("codings", expanding=True)),
    )
    .values(accepted=Coding.state != "undone")
    .execution_options(synchronize_session=False)
)
_SAID_NOW = insert(SuggestionOutcome).values(model=func.coalesce(_MODEL.scalar_subquery(), GRID))


@dataclass(frozen=True, slots=True)
class Shown:
    """How often a code was shown and kept: wherever it stood, and when it stood first."""

    offered: int
    kept: int
    first: int
    first_kept: int


def note(
    session: Session,
    actor: Actor,
    testimony: Testimony,
    start: int,
    end: int,
    offered: Sequence[Suggestion],
    chosen: Collection[str],
) -> None:
    """Keep, for a coded stretch (code points), which of the codes shown were put.

    ``offered`` are the suggestions shown, best first. The same person saying again what they
    make of a code on the same stretch replaces what they said. Writes nothing when nothing was
    shown, or when nobody is behind the gesture.
    """
    if not offered or actor.account_id is None:
        return
    said = {
        "testimony": testimony.id,
        "coder": actor.account_id,
        "first": start,
        "last": end,
        "codes": [one.code for one in offered],
    }
    session.execute(_SAID_BEFORE, said)
    shared = {
        "council_id": testimony.council_id,
        "created_by": actor.account_id,
        "campaign_id": testimony.campaign_id,
        "testimony_id": testimony.id,
        "start": start,
        "end": end,
        "coder_id": actor.account_id,
        "coded_testimony": testimony.id,
    }
    lines = [shared | line for line in _lines(offered, chosen)]
    session.connection().execute(_SAID_NOW, lines)


def settle(session: Session, testimony: Testimony, step: CodingStep) -> None:
    """A code taken off is no longer a suggestion kept; one that came back is one again.

    ``step`` is a gesture on codes, just made, taken back or put again.
    """
    moved = [
        uuid.UUID(change["coding"])
        for change in step.coding_ids
        if "coding" in change and change["before"]["state"] != change["after"]["state"]
    ]
    if moved:
        session.execute(_SETTLED, {"testimony": testimony.id, "codings": moved})


def _lines(offered: Sequence[Suggestion], chosen: Collection[str]) -> list[dict[str, Any]]:
    return [
        {"code": one.code, "rank": rank, "score": one.score, "accepted": one.code in chosen}
        for rank, one in enumerate(offered, 1)
    ]


def per_code(session: Session, actor: Actor, campaign: Campaign) -> dict[str, Shown]:
    """For each code ever suggested in a campaign, how often it was shown and kept."""
    kept = case((SuggestionOutcome.accepted, 1), else_=0)
    first = case((SuggestionOutcome.rank == 1, 1), else_=0)
    query = (
        scope.scoped(actor, SuggestionOutcome)
        .where(SuggestionOutcome.campaign_id == campaign.id)
        .with_only_columns(
            SuggestionOutcome.code,
            func.count(),
            func.sum(kept),
            func.sum(first),
            func.sum(first * kept),
        )
        .group_by(SuggestionOutcome.code)
    )
    return {code: Shown(*figures) for code, *figures in session.execute(query)}
