"""Themes together and saturation, as their pages show them, with the excerpts coded so today."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from analysis import tables
from analysis.codebook import Codebook, CodebookError
from analysis.tables import Counts
from survey_app.domain import NotFound
from survey_app.models import Campaign, Excerpt, Run
from survey_app.permissions import Actor
from survey_app.services import behind, passages, results, run_parts
from survey_app.services import corpus as corpora
from survey_app.services.part_themes import PAIRS, PASSAGES, SATURATION

CHANGED = "Rien n’est perdu. Revenez à la page d’avant, ou relancez l’analyse."


@dataclass(frozen=True, slots=True)
class Together:
    """Two themes: the numbers of each, of both, and of those whose excerpts overlap."""

    one: str
    other: str
    labels: tuple[str, str]
    alone: tuple[Counts, Counts]
    both: Counts
    overlap: Counts


@dataclass(frozen=True, slots=True)
class Step:
    """A meeting of the curve; ``themes`` and ``codes`` are those new in it: code and label."""

    rank: int
    meeting: str
    label: str
    place: str
    day: date | None
    themes: tuple[tuple[str, str], ...]
    codes: tuple[tuple[str, str], ...]
    all_themes: int
    all_codes: int
    expected_themes: float
    expected_codes: float


@dataclass(frozen=True, slots=True)
class Curve:
    sentence: str
    silent: int
    steps: tuple[Step, ...]


def together(session: Session, actor: Actor, run: Run | None) -> tuple[Together, ...] | None:
    """The pairs of a run, the most often together first; None where it has none worked out."""
    part = run_parts.find(session, actor, run, PAIRS)
    if part is None:
        return None
    return tuple(
        Together(
            one,
            other,
            (label, label_too),
            (Counts(*alone), Counts(*alone_too)),
            Counts(*both),
            Counts(*overlap),
        )
        for one, other, label, label_too, alone, alone_too, both, overlap in part.document["pairs"]
    )


def pair_excerpts(
    session: Session,
    actor: Actor,
    campaign: Campaign,
    run: Run | None,
    codes: tuple[str, str],
    overlapping: bool = False,
    page: int = 1,
) -> tuple[Together, results.Excerpts]:
    """The excerpts of either theme in the testimonies of both; or only those that overlap."""
    pairs = together(session, actor, run) or ()
    pair = next((item for item in pairs if {item.one, item.other} == set(codes)), None)
    if pair is None:
        raise NotFound("Ces deux thèmes ne sont pas dits ensemble dans l’analyse.", CHANGED)
    under = [_under(session, actor, campaign, code) for code in (pair.one, pair.other)]
    either = behind.spoken(session, actor, campaign, [*under[0], *under[1]])[0]
    ones, others = (
        {row.testimony_id for row in behind.spoken(session, actor, campaign, codes)[0]}
        for codes in under
    )
    rows = [row for row in either if row.testimony_id in ones & others]
    if overlapping:
        kept = _overlapping(session, actor, campaign, run, pair)
        rows = [row for row in rows if row.excerpt_id in kept]
    label = " et ".join(pair.labels)
    return pair, _page(session, actor, campaign, rows, label, page)


def curve(session: Session, actor: Actor, run: Run | None) -> Curve | None:
    """The saturation of a run; None where it has none worked out."""
    part = run_parts.find(session, actor, run, SATURATION)
    if part is None:
        return None
    document = part.document
    labels = document["labels"]
    steps = tuple(
        Step(
            rank,
            meeting,
            label,
            place,
            date.fromisoformat(day) if day else None,
            tuple((code, labels[code]) for code in themes),
            tuple((code, labels[code]) for code in codes),
            *numbers,
        )
        for rank, (meeting, label, place, day, themes, codes, *numbers) in enumerate(
            document["steps"], 1
        )
    )
    return Curve(document["sentence"], document["silent"], steps)


def new_excerpts(
    session: Session, actor: Actor, campaign: Campaign, run: Run | None, rank: int, page: int = 1
) -> tuple[Step, results.Excerpts]:
    """The excerpts of a meeting whose theme or code was heard there for the first time."""
    found = curve(session, actor, run)
    if found is None or not 1 <= rank <= len(found.steps):
        raise NotFound("Cette rencontre n’est pas dans l’analyse.", CHANGED)
    step = found.steps[rank - 1]
    codes = {code for code, _ in (*step.themes, *step.codes)}
    meeting = uuid.UUID(step.meeting)
    rows = behind.spoken(session, actor, campaign, codes, meeting)[0] if codes else []
    return step, _page(session, actor, campaign, rows, step.label, page)


def _under(session: Session, actor: Actor, campaign: Campaign, code: str) -> tuple[str, ...]:
    """The codes of a theme in the grid of today."""
    book: Codebook = results.grid(session, actor, campaign)
    try:
        return tables.codes_under(book, code)
    except CodebookError:
        raise NotFound("Ce thème n’est plus dans la grille.", CHANGED) from None


def _overlapping(
    session: Session, actor: Actor, campaign: Campaign, run: Run | None, pair: Together
) -> Collection[uuid.UUID]:
    """The excerpts that overlapped when the run was made."""
    held = run_parts.get(session, actor, run, PASSAGES).document["excerpts"]
    query = select(Excerpt.id).where(
        Excerpt.council_id == actor.council_id,
        Excerpt.campaign_id == campaign.id,
        Excerpt.number.in_(held.get(f"{pair.one}|{pair.other}", [])),
    )
    return set(session.scalars(query))


def _page(
    session: Session,
    actor: Actor,
    campaign: Campaign,
    rows: Sequence[behind.Spoken],
    label: str,
    page: int,
) -> results.Excerpts:
    """One page of these excerpts, as `results.excerpts` gives those of one theme."""
    here, pages = passages.page_of(rows, page)
    loaded = corpora.load(session, actor, campaign, only={row.testimony_id for row in here})
    shown = [loaded.corpus.excerpt_by_id[str(row.excerpt_id)] for row in here]
    lines = tuple(results.lines_of(loaded.corpus, loaded.codebook, shown))
    return results.Excerpts("", label, behind.counts(rows), len(rows), lines, page, pages)
