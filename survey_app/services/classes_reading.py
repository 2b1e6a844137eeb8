"""The classes of words of a run as pages read them, and the passages of each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from analysis.lettering import decimal
from survey_app.domain import NotFound
from survey_app.models import Campaign, Run
from survey_app.permissions import Actor
from survey_app.services import passages, run_parts
from survey_app.services.part_classes import CLASSES, MODES, SIMPLE
from survey_app.services.passages import Spot


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a class: passages with it in the class and in all, testimonies, link for ranking.

    ``lemma`` is what the concordance opens.
    """

    lemma: str
    display: str
    inside: int
    overall: int
    testimonies: int
    link: str

    @property
    def pair(self) -> tuple[str, str]:
        return self.lemma, self.display


@dataclass(frozen=True, slots=True)
class One:
    """A class; ``share`` in French, empty where too few testimonies allow one.

    ``leaning``: for each way to cut the campaign, the parts heard there more than elsewhere.
    """

    number: int
    size: int
    testimonies: int
    share: str
    words: tuple[Word, ...]
    avoided: tuple[tuple[str, str], ...]
    leaning: tuple[tuple[str, tuple[str, ...]], ...]


@dataclass(frozen=True, slots=True)
class View:
    """The classes of a mode; ``notice`` says what could not be done, in French."""

    mode: str
    passages: int
    unclassified: int
    unclassified_share: str
    notice: str
    classes: tuple[One, ...]

    def one(self, number: int) -> One | None:
        """The class of this number; None for the passages of no class. `NotFound` elsewhere."""
        if number == 0 and self.unclassified and self.classes:
            return None
        for found in self.classes:
            if found.number == number:
                return found
        raise NotFound(
            "Cette classe n’existe pas dans la dernière analyse.",
            "Rien n’est perdu. Les classes changent à chaque analyse : revenez à leur liste.",
        )


@dataclass(frozen=True, slots=True)
class Passages:
    """A page of the passages of a class; on the first page, those that show it best."""

    best: passages.Lines
    shown: passages.Lines
    total: int
    page: int
    pages: int


def view(session: Session, actor: Actor, run: Run | None, mode: str) -> View | None:
    """The classes of a mode; None where the run has none."""
    part = run_parts.find(session, actor, run, f"{CLASSES}{mode if mode in MODES else SIMPLE}")
    if part is None:
        return None
    told = part.document
    return View(
        mode if mode in MODES else SIMPLE,
        told["passages"],
        told["unclassified"],
        told["unclassified_share"],
        told["notice"],
        tuple(_one(row) for row in told["classes"]),
    )


def _one(row: Mapping[str, Any]) -> One:
    return One(
        row["number"],
        row["size"],
        row["testimonies"],
        row["share"],
        tuple(_word(row) for row in row["words"]),
        tuple((lemma, display) for lemma, display in row["avoided"]),
        tuple((title, tuple(parts)) for title, parts in row["leaning"]),
    )


def passages_of(
    session: Session,
    actor: Actor,
    campaign: Campaign,
    run: Run | None,
    mode: str,
    number: int,
    page: int = 1,
) -> Passages:
    """The passages of a class (0: of none); `NotFound` where there is no such class or page."""
    told = run_parts.get(session, actor, run, f"{CLASSES}{mode}-{number}").document
    rows, pages = passages.page_of(told["passages"], page)
    best, shown = (
        passages.shown(session, actor, campaign, run, [Spot(*row) for row in found])
        for found in (told["best"] if page == 1 else (), rows)
    )
    return Passages(best, shown, len(told["passages"]), page, pages)


def _word(row: list[Any]) -> Word:
    lemma, display, inside, overall, testimonies, chi2 = row
    return Word(lemma, display, inside, overall, testimonies, decimal(chi2, 1))
