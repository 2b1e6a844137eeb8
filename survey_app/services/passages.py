"""Passages that a run points at, shown from the masked texts as they are today.

A run keeps offsets only. A text that changed since then is never cut at those offsets: its passage
is left out, and counted.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple, TypeVar

from sqlalchemy.orm import Session

from analysis.corpus import Corpus, Testimony, quote_hash
from survey_app.domain import NotFound
from survey_app.models import Campaign, Run
from survey_app.permissions import Actor
from survey_app.services import corpus as corpora
from survey_app.services import part_words, run_parts

Item = TypeVar("Item")
PAGE = 50
AROUND = 80  # code points of context on each side


class Spot(NamedTuple):
    """A passage of the testimony of this rank in the run, and the words to mark inside it."""

    rank: int
    start: int
    end: int
    marks: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Line:
    """A passage in its context; each piece says whether it is marked. ``citable``: by consent."""

    before: str
    pieces: tuple[tuple[str, bool], ...]
    after: str
    testimony: int
    meeting: str
    day: date | None
    place: str
    citable: bool


@dataclass(frozen=True, slots=True)
class Lines:
    """The passages of a page; ``changed`` are those whose text is no longer what was read."""

    lines: tuple[Line, ...]
    changed: int = 0


def page_of(items: Sequence[Item], page: int, size: int = PAGE) -> tuple[Sequence[Item], int]:
    """The items of a page, from 1, and how many pages there are; `NotFound` outside them."""
    pages = max(1, -(-len(items) // size))
    if not 1 <= page <= pages:
        raise NotFound()
    return items[(page - 1) * size : page * size], pages


def shown(
    session: Session, actor: Actor, campaign: Campaign, run: Run | None, spots: Sequence[Spot]
) -> Lines:
    """The passages at these spots, in the same order; only their testimonies are loaded."""
    actor.require("analysis.read")
    if not spots:
        return Lines(())
    known = run_parts.get(session, actor, run, part_words.PLACES).document["testimonies"]
    ids = {spot.rank: known[spot.rank] for spot in spots}
    only = {uuid.UUID(key) for key, _ in ids.values()}
    corpus = corpora.load(session, actor, campaign, only=only).corpus
    lines = []
    for spot in spots:
        key, read = ids[spot.rank]
        testimony = corpus.testimony_by_id.get(key)
        if testimony is not None and quote_hash(testimony.text).startswith(read):
            lines.append(_line(corpus, testimony, spot))
    return Lines(tuple(lines), len(spots) - len(lines))


def _line(corpus: Corpus, testimony: Testimony, spot: Spot) -> Line:
    text, meeting = testimony.text, corpus.meeting_by_id[testimony.meeting]
    start, end = max(0, spot.start - AROUND), spot.end + AROUND
    return Line(
        before=("…" if start else "") + text[start : spot.start],
        pieces=tuple(_pieces(text, spot)),
        after=text[spot.end : end] + ("…" if end < len(text) else ""),
        testimony=testimony.number,
        meeting=meeting.label,
        day=testimony.date,
        place=meeting.place,
        citable=testimony.may_quote(text[spot.start : spot.end]),
    )


def _pieces(text: str, spot: Spot) -> Iterator[tuple[str, bool]]:
    """The passage cut where its marked words begin and end; nothing is said twice."""
    at = spot.start
    for start, end in sorted(spot.marks):
        low, high = max(start, at), min(end, spot.end)
        if low >= high:
            continue
        if at < low:
            yield text[at:low], False
        yield text[low:high], True
        at = high
    if at < spot.end:
        yield text[at : spot.end], False
