"""Codings as the moves of a grid see them: read in columns, written all at once."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from analysis.codebook_moves import Coded, Move
from survey_app.models import Campaign, Coding, Excerpt


def codings(session: Session, campaign: Campaign) -> list[Coded]:
    """Every coding of a campaign, whatever its state."""
    rows = session.execute(
        select(
            Coding.id, Coding.excerpt_id, Coding.coder_id, Coding.code, Coding.state, Coding.facets
        )
        .join(Excerpt, Excerpt.id == Coding.excerpt_id)
        .where(Excerpt.campaign_id == campaign.id)
        .order_by(Excerpt.number, Coding.id)
    )
    return [
        Coded(str(key), f"{excerpt}|{coder}", code, state, facets)
        for key, excerpt, coder, code, state, facets in rows
    ]


def write(session: Session, moves: Sequence[Move]) -> None:
    session.flush()
    rows: list[dict[str, Any]] = [
        {
            "id": uuid.UUID(move.after.id),
            "code": move.after.code,
            "state": move.after.state,
            "facets": dict(move.after.facets or {}),
        }
        for move in moves
    ]
    if rows:
        session.execute(update(Coding), rows)
        session.expire_all()


def told(move: Move) -> dict[str, Any]:
    """A move as it is kept; facets only where they are needed to come back."""
    before: dict[str, Any] = {"code": move.before.code, "state": move.before.state}
    after: dict[str, Any] = {"code": move.after.code, "state": move.after.state}
    if move.before.facets != move.after.facets:
        before |= {"facets": dict(move.before.facets or {})}
        after |= {"facets": dict(move.after.facets or {})}
    line: dict[str, Any] = {"coding": move.before.id, "before": before, "after": after}
    return line | ({"share": list(move.share)} if move.share else {})


def move(line: dict[str, Any]) -> Move:
    """The move that `told` wrote."""
    sides = [
        Coded(line["coding"], "", side["code"], side["state"], side.get("facets"))
        for side in (line["before"], line["after"])
    ]
    return Move(sides[0], sides[1])
