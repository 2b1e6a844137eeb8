"""The pages of testimonies that are nearly copies: the groups, then one group side by side."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from analysis.corpus import Corpus, Testimony, quote_hash
from survey_app.domain import NotFound
from survey_app.models import Campaign, Run, RunPart
from survey_app.permissions import Actor
from survey_app.services import corpus as corpora
from survey_app.services import part_doubles, run_parts
from survey_app.services.passages import page_of

PAGE = 20  # groups on a page
PAIRS = 5  # pairs on a page
Piece = tuple[str, bool]


@dataclass(frozen=True, slots=True)
class Group:
    """Testimonies that are near one another, by their numbers; ``number`` is the group's own."""

    number: int
    counts: tuple[int, int, int]
    likeness: str
    members: tuple[int, ...]
    others: int


@dataclass(frozen=True, slots=True)
class Overview:
    """A page of groups; ``together`` of ``whole`` testimonies are in ``found`` groups."""

    groups: tuple[Group, ...]
    found: int
    together: int
    whole: int
    page: int
    pages: int


@dataclass(frozen=True, slots=True)
class Text:
    """A whole testimony, its shared passages marked."""

    number: int
    meeting: str
    place: str
    citable: bool
    pieces: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class Pair:
    """Two testimonies side by side."""

    likeness: str
    one: Text
    two: Text


@dataclass(frozen=True, slots=True)
class Compared:
    """A group and a page of its pairs; ``changed`` are those of which a text changed since."""

    group: Group
    pairs: tuple[Pair, ...]
    changed: int
    page: int
    pages: int


def overview(session: Session, actor: Actor, run: Run | None, page: int) -> Overview | None:
    """A page of the groups of a run; None where it looked for none."""
    part = run_parts.find(session, actor, run, part_doubles.NAME)
    if part is None:
        return None
    document = part.document
    ranks, pages = page_of(range(len(document["groups"])), page, PAGE)
    return Overview(
        tuple(_group(part, rank) for rank in ranks),
        document["found"],
        document["together"],
        document["whole"],
        page,
        pages,
    )


def compared(
    session: Session, actor: Actor, campaign: Campaign, run: Run | None, number: int, page: int
) -> Compared:
    """A group with some of its pairs side by side; `NotFound` where there is none."""
    part = run_parts.get(session, actor, run, part_doubles.NAME)
    if not 1 <= number <= len(part.document["groups"]):
        raise NotFound()
    pairs, pages = page_of(part.document["groups"][number - 1]["pairs"], page, PAIRS)
    known = part.document["testimonies"]
    only = {uuid.UUID(known[rank][0]) for one, two, *_ in pairs for rank in (one, two)}
    corpus = corpora.load(session, actor, campaign, only=only).corpus
    found = []
    for one, two, similarity, shared in pairs:
        here, there = (_unchanged(corpus, known[rank]) for rank in (one, two))
        if here is not None and there is not None:
            mine = [(start, end) for start, end, *_ in shared]
            theirs = [(start, end) for *_, start, end in shared]
            texts = _text(corpus, here, mine), _text(corpus, there, theirs)
            found.append(Pair(likeness(similarity), *texts))
    group = _group(part, number - 1)
    return Compared(group, tuple(found), len(pairs) - len(found), page, pages)


def likeness(similarity: float) -> str:
    """A similarity (0 to 1) in words; a group's is that of its weakest link."""
    if similarity >= 1:
        return "le même texte, aux majuscules et à la ponctuation près"
    if similarity >= 0.95:
        return "presque le même texte"
    if similarity >= 0.9:
        return "des textes très proches, à quelques mots près"
    return "des textes proches, avec des phrases entières en commun"


def _group(part: RunPart, rank: int) -> Group:
    found, known = part.document["groups"][rank], part.document["testimonies"]
    testimonies, meetings, people = found["counts"]
    members = tuple(sorted(known[member][2] for member in found["members"]))
    return Group(
        rank + 1,
        (testimonies, meetings, people),
        likeness(found["lowest"]),
        members,
        testimonies - len(members),
    )


def _unchanged(corpus: Corpus, known: Sequence[str]) -> Testimony | None:
    """The testimony, unless its text is no longer the one that was compared."""
    testimony = corpus.testimony_by_id.get(known[0])
    if testimony is None or not quote_hash(testimony.text).startswith(known[1]):
        return None
    return testimony


def _text(corpus: Corpus, testimony: Testimony, spans: Sequence[tuple[int, int]]) -> Text:
    meeting = corpus.meeting_by_id[testimony.meeting]
    return Text(
        testimony.number,
        meeting.label,
        meeting.place,
        testimony.may_quote(testimony.text),
        tuple(_pieces(testimony.text, spans)),
    )


def _pieces(text: str, spans: Sequence[tuple[int, int]]) -> Iterator[Piece]:
    """The whole text cut where what is shared begins and ends."""
    at = 0
    for start, end in sorted(spans):
        if at < start:
            yield text[at:start], False
        yield text[max(at, start) : end], True
        at = max(at, end)
    if at < len(text):
        yield text[at:], False
