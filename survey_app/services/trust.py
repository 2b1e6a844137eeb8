"""How far the suggestions of a campaign may be trusted, code by code, in counts and plain words."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func
from sqlalchemy.orm import Session

from survey_app.models import Campaign, Coding
from survey_app.permissions import Actor
from survey_app.services import grids, learning, lessons, outcomes
from survey_app.services.outcomes import Shown

FEW = 30
NEVER_SHOWN = Shown(0, 0, 0, 0)


@dataclass(frozen=True, slots=True)
class Measure:
    """How often something was right, out of how many times."""

    good: int
    of: int

    def __str__(self) -> str:
        """« 3 fois sur 4 »; from thirty cases on, brought back to ten."""
        if not self.of:
            return "pas encore"
        if self.of < FEW:
            return f"{self.good} fois sur {self.of}"
        tenths = round(10 * self.good / self.of)
        if tenths == 0 and self.good:
            return "moins d’1 fois sur 10"
        if tenths == 10 and self.good < self.of:
            return "plus de 9 fois sur 10"
        return f"{tenths} fois sur 10"

    @property
    def share(self) -> float:
        """From 0 to 1, for sorting; what was never measured comes last."""
        return self.good / self.of if self.of else -1.0


NOTHING = Measure(0, 0)


@dataclass(frozen=True, slots=True)
class Row:
    """A code: what people made of it, what the machine did with it on codings set apart.

    ``kept``: when it was suggested, it was put; ``leading``: when it was suggested first.
    ``right``: when the machine, not having seen the coding, put it first, people had put it.
    ``found``: when people had put it, the machine put it first. ``codings``: those that count
    today. ``learned``: whether there were enough of them to learn it, the last time.
    """

    code: str
    label: str
    theme: bool
    kept: Measure
    leading: Measure
    right: Measure
    found: Measure
    codings: int
    learned: bool


@dataclass(frozen=True, slots=True)
class Trust:
    """What the page shows. ``first``: how often the first suggestion was right, set apart.

    ``silent`` counts the codes of the grid that were never put nor suggested.
    """

    rows: tuple[Row, ...]
    silent: int
    learned_at: datetime | None
    sentences: int
    learned: int
    first: Measure


def trust(session: Session, actor: Actor, campaign: Campaign) -> Trust:
    """All of it, in the order of the grid; a campaign where nothing happened yet has no row."""
    actor.require("testimony.code")
    book = grids.of(session, actor, campaign)
    report = learning.latest(session, actor, campaign)
    figures: Mapping[str, Any] = report.figures if report is not None else {}
    shown = outcomes.per_code(session, actor, campaign)
    put = _codings(session, actor, campaign)
    tried: Mapping[str, Any] = figures.get("codes", {})
    rows = []
    for code in book.all_codes():
        seen, did = shown.get(code.code, NEVER_SHOWN), tried.get(code.code, {})
        if not (seen.offered or did or code.code in put):
            continue
        rows.append(
            Row(
                code.code,
                code.label,
                code.code == code.theme,
                Measure(seen.kept, seen.offered),
                Measure(seen.first_kept, seen.first),
                Measure(*did.get("right", (0, 0))),
                Measure(*did.get("found", (0, 0))),
                put.get(code.code, 0),
                bool(did.get("learned")),
            )
        )
    return Trust(
        tuple(rows),
        len(book.all_codes()) - len(rows),
        report.created_at if report is not None else None,
        figures.get("sentences", 0),
        sum(row.learned for row in rows),
        Measure(*figures.get("first", (0, 0))),
    )


ORDERS: dict[str, tuple[str, Callable[[Row], float] | None]] = {
    "grille": ("l’ordre de la grille", None),
    "proposes": ("les plus proposés", lambda row: -row.kept.of),
    "gardes": ("les plus gardés", lambda row: -row.kept.share),
    "justes": ("les plus justes à l’essai", lambda row: -row.right.share),
    "codages": ("les plus codés", lambda row: -row.codings),
}
"""How the rows may be sorted: what people read, and the key."""


def sorted_by(rows: Sequence[Row], order: str) -> list[Row]:
    """The rows in one of the `ORDERS`; an order that does not exist is that of the grid."""
    _, key = ORDERS.get(order, ("", None))
    return sorted(rows, key=key) if key is not None else list(rows)


def _codings(session: Session, actor: Actor, campaign: Campaign) -> dict[str, int]:
    """How many codings of each code count today."""
    rows = session.execute(
        lessons.counted(actor, campaign)
        .with_only_columns(Coding.code, func.count())
        .group_by(Coding.code)
    )
    return dict(rows.all())
