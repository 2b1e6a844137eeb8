"""Codings of a code that was divided: a person says which of the new codes each one takes."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from analysis.codebook_moves import COUNTS, MERGED
from survey_app.domain import Conflict, Invalid
from survey_app.models import Campaign, CodebookChange, Coding, Excerpt, Testimony
from survey_app.permissions import Actor
from survey_app.services import grid_moves, journal, scope

NOTHING = "Rien n’a été changé."
ORIGIN = "split"
PAGE = 20


@dataclass(frozen=True, slots=True)
class Waiting:
    """A coding to share out: its excerpt, the code it had, those it may take."""

    coding_id: uuid.UUID
    quote: str
    testimony: int
    before: str
    now: str
    options: tuple[str, ...]


def count(session: Session, change: CodebookChange | None) -> int:
    """How many codings still wait."""
    return len(_lines(session, change)) if change is not None else 0


def waiting(
    session: Session, actor: Actor, change: CodebookChange, most: int = PAGE
) -> list[Waiting]:
    """The first codings that wait, with their words, in the order of the texts."""
    actor.require("codebook.manage")
    lines = dict(list(_lines(session, change).items())[:most])
    rows = session.execute(
        select(Coding.id, Coding.code, Excerpt.quote, Testimony.number)
        .join(Excerpt, Excerpt.id == Coding.excerpt_id)
        .join(Testimony, Testimony.id == Excerpt.testimony_id)
        .where(Coding.council_id == actor.council_id, Coding.id.in_(lines))
        .order_by(Testimony.number, Excerpt.start, Coding.id)
    )
    return [
        Waiting(key, quote, number, lines[key]["before"]["code"], code, tuple(lines[key]["share"]))
        for key, code, quote, number in rows
    ]


def share(
    session: Session,
    actor: Actor,
    campaign: Campaign,
    change: CodebookChange,
    chosen: Mapping[uuid.UUID, Sequence[str]],
) -> int:
    """Give codings the codes that were chosen for them; how many were shared out.

    A coding that was taken off meanwhile is only struck from the list.
    """
    actor.require("codebook.manage")
    standing = _standing(session, actor, campaign, change)
    lines = {line["coding"]: line for line in standing.moves}
    done = 0
    for key, codes in chosen.items():
        line = lines.get(str(key))
        if line is None or not line.get("share") or not codes:
            continue
        if not set(codes) <= set(line["share"]):
            raise Invalid(
                "Un code choisi ne vient pas de cette division.",
                f"{NOTHING} Choisissez parmi les codes proposés.",
            )
        coding = scope.get(session, actor, Coding, key)
        touched = _give(session, actor, coding, list(codes)) if coding.state == COUNTS else {}
        for name, (before, after) in touched.items():
            first = lines.get(name, {"coding": name, "before": before})
            # What a coding was before the change of grid stays; its facets, only if they moved.
            known = {**(before or {}), **first["before"]} if first["before"] else None
            lines[name] = {**first, "before": known, "after": after}
        lines[str(key)] = {**lines[str(key)], "done": True}
        standing.made = [*standing.made, *(n for n, (b, _) in touched.items() if b is None)]
        done += 1
    standing.moves = [line for line in lines.values() if line["before"] is not None]
    session.flush()
    _told(session, actor, campaign, done)
    return done


def leave(session: Session, actor: Actor, campaign: Campaign, change: CodebookChange) -> int:
    """Leave every coding that waits under the first of its new codes."""
    actor.require("codebook.manage")
    standing = _standing(session, actor, campaign, change)
    left = count(session, standing)
    standing.moves = [
        {**line, "done": True} if line.get("share") else line for line in standing.moves
    ]
    session.flush()
    _told(session, actor, campaign, left)
    return left


def _lines(session: Session, change: CodebookChange) -> dict[uuid.UUID, dict[str, Any]]:
    """What waits, in the order of the texts; a coding taken off or erased since does not."""
    wanted = {
        uuid.UUID(line["coding"]): line
        for line in change.moves
        if line.get("share") and not line.get("done")
    }
    if not wanted:
        return {}
    rows = session.scalars(
        select(Coding.id)
        .join(Excerpt, Excerpt.id == Coding.excerpt_id)
        .where(
            Excerpt.campaign_id == change.campaign_id,
            Coding.state == COUNTS,
            Coding.code.in_({line["after"]["code"] for line in wanted.values()}),
        )
    )
    there = set(rows)
    return {key: line for key, line in wanted.items() if key in there}


def _standing(
    session: Session, actor: Actor, campaign: Campaign, change: CodebookChange
) -> CodebookChange:
    found = grid_moves.latest(session, actor, campaign)
    if found is None or found.id != change.id:
        raise Conflict("La grille de cette campagne a changé depuis.", f"{NOTHING} Rechargez.")
    grid_moves.refuse_busy(session, actor, campaign)
    return found


def _told(session: Session, actor: Actor, campaign: Campaign, done: int) -> None:
    if done:
        journal.record(session, actor, "grid_shared", "campaigns", campaign.id, codings=done)


Sides = tuple[dict[str, Any] | None, dict[str, Any]]


def _give(session: Session, actor: Actor, coding: Coding, codes: list[str]) -> dict[str, Sides]:
    """Put exactly these codes where one stood, under its coder's name; what each row became."""
    rivals = {
        row.code: row
        for row in session.scalars(
            scope.scoped(actor, Coding).where(
                Coding.excerpt_id == coding.excerpt_id,
                Coding.coder_id == coding.coder_id,
                Coding.code.in_(codes),
                Coding.id != coding.id,
            )
        )
    }
    touched: dict[str, Sides] = {}
    free = [code for code in codes if code not in rivals]
    for row in rivals.values():
        if row.state != COUNTS:
            before = _side(row, facets=True)
            row.state, row.facets = COUNTS, dict(coding.facets)
            touched[str(row.id)] = (before, _side(row, facets=True))
    before = _side(coding)
    if coding.code in codes:
        free = [code for code in free if code != coding.code]
    elif free:
        coding.code = free.pop(0)
    else:
        coding.state = MERGED
    touched[str(coding.id)] = (before, _side(coding))
    for code in free:
        made = _another(coding, code)
        session.add(made)
        session.flush()
        touched[str(made.id)] = (None, _side(made))
    session.flush()
    return touched


def _side(row: Coding, *, facets: bool = False) -> dict[str, Any]:
    side: dict[str, Any] = {"code": row.code, "state": row.state}
    return side | ({"facets": dict(row.facets)} if facets else {})


def _another(coding: Coding, code: str) -> Coding:
    return Coding(
        council_id=coding.council_id,
        created_by=coding.created_by,
        excerpt_id=coding.excerpt_id,
        codebook_version_id=coding.codebook_version_id,
        code=code,
        facets=dict(coding.facets),
        coder_id=coding.coder_id,
        origin=ORIGIN,
    )
