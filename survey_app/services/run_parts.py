"""What a run keeps besides its counts: words, classes, themes… each made by a module of its own.

A part is worked out by the analysis job and only read by the pages: no page computes anything. It
leaves with its run, which is deleted as soon as a testimony of the campaign is withdrawn.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from importlib import import_module
from typing import TYPE_CHECKING, Any

from sqlalchemy import select
from sqlalchemy.orm import Session, defer

from analysis import terms
from analysis.codebook import Codebook
from analysis.corpus import Corpus
from analysis.french import Token
from survey_app.domain import NotFound
from survey_app.models import Run, RunPart
from survey_app.permissions import Actor

if TYPE_CHECKING:
    from analysis.pictures import Picture

MODULES: tuple[str, ...] = (
    "part_words",
    "part_groups",
    "part_network",
    "part_classes",
    "part_plane",
    "part_findings",
    "part_doubles",
    "part_themes",
    "part_listened",
)
"""Each has ``made(given)``, its parts and pictures, and ``TOLD``, what it does, in French."""


@dataclass(frozen=True, slots=True)
class Given:
    """What every part is made from.

    ``annotated`` holds the words of each testimony, ``said`` the terms that the campaign's own
    choices keep of them. ``choices`` are those of `Campaign.analysis`; ``labels`` name the
    profile questions and their answers (`crossings.labels`).
    """

    corpus: Corpus
    codebook: Codebook
    annotated: Mapping[str, Sequence[Token]]
    said: Mapping[str, Sequence[Token]]
    threshold: int
    labels: Mapping[str, tuple[str, dict[str, str]]]
    choices: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Part:
    """A named result: ``document`` is what its page reads (JSON), ``head`` and ``rows`` its table.

    The table may leave the house: small counts are already hidden in it. It is empty where there
    is nothing to export.
    """

    name: str
    title: str
    document: Mapping[str, Any]
    head: tuple[str, ...] = ()
    rows: tuple[tuple[str | int | float, ...], ...] = ()


def selection(choices: Mapping[str, Any]) -> terms.Selection:
    """The words that a campaign chose to count."""
    return terms.Selection.from_dict(choices.get("words", {}))


def made(given: Given, told: Callable[[int, str], None]) -> Iterator[Part | Picture]:
    """Every part and picture, module after module; ``told`` hears of each."""
    for rank, name in enumerate(MODULES):
        module = import_module(f"survey_app.services.{name}")
        told(rank, module.TOLD)
        yield from module.made(given)


def keep(session: Session, run: Run, parts: Sequence[Part]) -> None:
    """Store the parts of a run."""
    session.add_all(
        RunPart(
            run_id=run.id,
            council_id=run.council_id,
            position=position,
            name=part.name,
            title=part.title,
            document=dict(part.document),
            head=list(part.head),
            rows=[list(row) for row in part.rows],
        )
        for position, part in enumerate(parts)
    )


def find(session: Session, actor: Actor, run: Run | None, name: str) -> RunPart | None:
    """A part of a run with its document; None where the run has none of that name."""
    actor.require("analysis.read")
    if run is None:
        return None
    query = select(RunPart).where(
        RunPart.run_id == run.id, RunPart.council_id == actor.council_id, RunPart.name == name
    )
    return session.scalars(query).one_or_none()


def get(session: Session, actor: Actor, run: Run | None, name: str) -> RunPart:
    """As `find`; `NotFound` where there is none."""
    row = find(session, actor, run, name)
    if row is None:
        raise NotFound()
    return row


def listed(session: Session, actor: Actor, run: Run | None, prefix: str = "") -> list[RunPart]:
    """The parts whose name begins so, in order, without their documents and rows."""
    actor.require("analysis.read")
    if run is None:
        return []
    query = (
        select(RunPart)
        .where(RunPart.run_id == run.id, RunPart.council_id == actor.council_id)
        .options(defer(RunPart.document), defer(RunPart.rows))
        .order_by(RunPart.position)
    )
    return [row for row in session.scalars(query) if row.name.startswith(prefix)]
