"""Periods side by side, and who was heard, as the pages show them: only read, never counted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from analysis.listened_csv import Reference
from analysis.tables import Counts
from survey_app.models import Campaign, Run
from survey_app.permissions import Actor
from survey_app.services import periods, reference_figures, run_parts
from survey_app.services.part_listened import HEARD, PERIODS
from survey_app.services.part_themes import counted


@dataclass(frozen=True, slots=True)
class Wave:
    """A period; ``total`` is None where it is masked."""

    label: str
    total: Counts | None
    methods: tuple[str, ...]
    places: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Row:
    """A theme in each period: numbers, None where masked, and percent where there are enough."""

    code: str
    label: str
    cells: tuple[tuple[Counts | None, int | None], ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """``waves`` is empty where nothing can be shown; ``outdated``: other periods were chosen."""

    waves: tuple[Wave, ...]
    rows: tuple[Row, ...]
    remarks: tuple[str, ...]
    outdated: bool


@dataclass(frozen=True, slots=True)
class Figure:
    """What a source says of a group: percent, or None where it does not tell it."""

    share: float | None
    count: int | None
    source: str
    year: int


@dataclass(frozen=True, slots=True)
class Door:
    """The crossing that opens a group; ``answer`` is empty where its excerpts stay closed."""

    name: str
    key: str
    answer: str


@dataclass(frozen=True, slots=True)
class Group:
    label: str
    heard: Counts | None
    share: int | None
    figure: Figure | None
    words: str
    door: Door | None

    @property
    def nobody(self) -> bool:
        return self.heard is not None and not self.heard.testimonies


@dataclass(frozen=True, slots=True)
class Profile:
    """A profile question, in a place or (``""``) in the whole campaign."""

    title: str
    place: str
    total: Counts | None
    unsaid: Counts | None
    sentence: str
    groups: tuple[Group, ...]

    @property
    def compared(self) -> bool:
        """Whether a figure stands beside one of its groups."""
        return any(group.figure for group in self.groups)


@dataclass(frozen=True, slots=True)
class Heard:
    """``outdated``: other figures were brought since the run.

    ``not_compared``: line of the table, indicator, place, group and the reason.
    """

    profiles: tuple[Profile, ...]
    not_compared: tuple[tuple[int, str, str, str, str], ...]
    outdated: bool

    @property
    def sentences(self) -> tuple[str, ...]:
        """Who was not heard at all, question by question."""
        return tuple(profile.sentence for profile in self.profiles if profile.sentence)


def comparison(
    session: Session, actor: Actor, campaign: Campaign, run: Run | None
) -> Comparison | None:
    """The periods of a run; None where it was made without any."""
    part = run_parts.find(session, actor, run, PERIODS)
    if part is None:
        return None
    document = part.document
    return Comparison(
        tuple(
            Wave(label, counted(total), tuple(methods), tuple(places))
            for label, total, methods, places in document["waves"]
        ),
        tuple(
            Row(code, label, tuple(zip(map(counted, cells), shares, strict=True)))
            for code, label, cells, shares in document["rows"]
        ),
        tuple(document["remarks"]),
        document["periods"] != periods.held(campaign.analysis),
    )


def heard(session: Session, actor: Actor, campaign: Campaign, run: Run | None) -> Heard | None:
    """Who was heard, as a run found it; None where no profile was ever given."""
    part = run_parts.find(session, actor, run, HEARD)
    if part is None:
        return None
    document = part.document
    return Heard(
        tuple(_profile(item) for item in document["profiles"]),
        tuple((*row,) for row in document["not_compared"]),
        document["reference"] != reference_figures.held(campaign.analysis),
    )


def figures(campaign: Campaign) -> Sequence[Reference]:
    """The figures that people brought, for the page that lists them."""
    return reference_figures.current(campaign.analysis)


def _profile(item: dict[str, Any]) -> Profile:
    return Profile(
        item["title"],
        item["place"],
        counted(item["total"]),
        counted(item["unsaid"]),
        item["sentence"],
        tuple(_group(group) for group in item["groups"]),
    )


def _group(item: dict[str, Any]) -> Group:
    return Group(
        item["label"],
        counted(item["heard"]),
        item["share"],
        Figure(*item["figure"]) if item["figure"] else None,
        item["words"],
        Door(*item["door"]) if item["door"] else None,
    )
