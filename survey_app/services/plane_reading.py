"""The planes of a run as pages read them."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.orm import Session

from analysis.groups import THEMES
from analysis.lettering import decimal
from analysis.wording import listing
from survey_app.domain import NotFound
from survey_app.models import Run
from survey_app.permissions import Actor
from survey_app.services import run_parts
from survey_app.services.part_plane import KINDS, POINTS


@dataclass(frozen=True, slots=True)
class Place:
    """A word (``key`` is its lemma) or a part on the plane; its five numbers in French."""

    key: str
    label: str
    numbers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class View:
    """A plane: ``shares`` of the inertia of its axes, empty under thirty testimonies."""

    key: str
    kind: str
    people: bool
    shares: tuple[str, ...]
    left_out: str
    parts: tuple[Place, ...]
    words: tuple[Place, ...]


def listed(session: Session, actor: Actor, run: Run | None) -> list[tuple[str, str]]:
    """The planes that a run has: key, and the name of a part in the plural."""
    rows = run_parts.listed(session, actor, run, POINTS)
    return [(key, f"{KINDS[key]}s") for key in (row.name.removeprefix(POINTS) for row in rows)]


def view(session: Session, actor: Actor, run: Run | None, key: str) -> View:
    """A plane of a run; `NotFound` where it has none for this key."""
    part = run_parts.find(session, actor, run, f"{POINTS}{key}")
    if part is None:
        raise NotFound(
            "La dernière analyse n’a pas fait ce plan.",
            "Rien n’est perdu. Revenez à l’analyse, ou choisissez un autre plan.",
        )
    told = part.document
    parts, words = (
        tuple(Place(name, label, tuple(map(decimal, row))) for name, label, *row in told[kind])
        for kind in ("parts", "words")
    )
    return View(
        key,
        KINDS[key],
        key != THEMES,
        tuple(told["shares"]),
        listing(told["left_out"]),
        parts,
        words,
    )
