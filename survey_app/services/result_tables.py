"""Every table of a run, as files: those of its parts, and those beside its pictures.

Small counts are already hidden in them (`run_parts.Part`, `analysis.pictures`): they may leave.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import String, cast, func, select
from sqlalchemy.orm import Session, defer

from analysis.export import tables as files
from analysis.wording import french_date
from survey_app.domain import NotFound
from survey_app.models import Campaign, Picture, Run, RunPart
from survey_app.permissions import Actor
from survey_app.services import run_parts

FORMATS = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
BESIDE = "image-"
"""Begins the name of a table that stands beside a picture: a part may bear the picture's name."""
_EMPTY = "[]"


@dataclass(frozen=True, slots=True)
class Entry:
    """A table of the list; its name is that of its file."""

    name: str
    title: str


@dataclass(frozen=True, slots=True)
class Table:
    """A whole table."""

    name: str
    title: str
    head: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]


def listed(session: Session, actor: Actor, run: Run | None) -> list[Entry]:
    """The tables of a run that have rows, those of parts first."""
    actor.require("analysis.read")
    if run is None:
        return []
    # The rows may be thousands: only whether there are some is asked.
    some = func.length(cast(RunPart.rows, String)) > len(_EMPTY)
    parts = session.execute(
        select(RunPart.name, RunPart.title)
        .where(RunPart.run_id == run.id, RunPart.council_id == actor.council_id, some)
        .order_by(RunPart.position)
    )
    some = func.length(cast(Picture.rows, String)) > len(_EMPTY)
    drawn = session.execute(
        select(Picture.name, Picture.title)
        .where(Picture.run_id == run.id, Picture.council_id == actor.council_id, some)
        .order_by(Picture.title, Picture.name)
    )
    found = [Entry(name, title) for name, title in parts]
    known = {entry.title for entry in found}
    for name, title in drawn:
        found.append(Entry(f"{BESIDE}{name}", f"{title} (image)" if title in known else title))
    return found


def one(session: Session, actor: Actor, run: Run | None, name: str) -> Table:
    """A table of a run; `NotFound` where there is none of that name, or it has no row."""
    actor.require("analysis.read")
    found: RunPart | Picture | None = None
    if run is not None and name.startswith(BESIDE):
        query = (
            select(Picture)
            .where(Picture.run_id == run.id, Picture.council_id == actor.council_id)
            .options(defer(Picture.svg), defer(Picture.png))
        )
        found = session.scalars(query.where(Picture.name == name[len(BESIDE) :])).one_or_none()
    if found is None:
        found = run_parts.find(session, actor, run, name)
    if found is None or not found.rows:
        raise NotFound(
            "Ce tableau n’existe pas, ou plus.",
            "L’analyse a peut-être été refaite depuis : revenez à la liste des tableaux.",
        )
    return Table(name, found.title, tuple(found.head), tuple(tuple(row) for row in found.rows))


def written(table: Table, kind: str, campaign: Campaign, run: Run) -> bytes:
    """A table in one of `FORMATS`."""
    if kind == "csv":
        return files.as_csv(table.head, table.rows)
    about = [
        ("Campagne", campaign.title),
        ("Analyse du", french_date(run.created_at.date())),
        (
            "Ce que valent les nombres",
            "Ils parlent des personnes rencontrées, pas de tous les habitants.",
        ),
        ("Nombres masqués", "Un nombre trop petit est masqué : on pourrait reconnaître quelqu'un."),
    ]
    if campaign.fictitious:
        about.insert(1, ("Avertissement", "Démonstration : témoignages inventés."))
    return files.as_xlsx(table.title, table.head, table.rows, about, run.created_at)


def every(session: Session, actor: Actor, run: Run) -> Iterator[Table]:
    """All the tables of a run, one after the other."""
    for entry in listed(session, actor, run):
        yield one(session, actor, run, entry.name)
