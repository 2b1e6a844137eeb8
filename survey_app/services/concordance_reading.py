"""A word each time it is said, as its page shows it: the texts of one page are loaded, no more."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from analysis import concordance as pure
from analysis import terms
from analysis.codebook import fold
from analysis.concordance import Postings
from analysis.corpus import Corpus, quote_hash
from analysis.sentences import sentences
from survey_app.domain import Conflict, NotFound
from survey_app.models import Campaign, Run
from survey_app.permissions import Actor
from survey_app.services import corpus as corpora
from survey_app.services import groups_reading, run_parts
from survey_app.services.part_words import HASH, PLACES, part_of

PAGE = 50
ORDERS: dict[str, tuple[pure.Order, str]] = {
    "lecture": ("reading", "dans l’ordre de lecture"),
    "droite": ("right", "par les mots qui suivent"),
    "gauche": ("left", "par les mots qui précèdent"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """A word between its contexts, and its whole sentence (``before`` + ``said`` + ``after``)."""

    left: str
    key: str
    right: str
    before: str
    said: str
    after: str
    testimony: int
    meeting: str
    day: date | None
    place: str
    citable: bool


@dataclass(frozen=True, slots=True)
class Concordance:
    """A page of a word. ``others``: words that share the form asked for.

    ``changed``: lines of this page left out, for their text is no more the one that was read.
    """

    lemma: str
    others: tuple[str, ...]
    total: int
    said_by: int
    lines: tuple[Line, ...]
    changed: int
    page: int
    pages: int


def concordance(
    session: Session,
    actor: Actor,
    campaign: Campaign,
    run: Run | None,
    word: str,
    order: str = "lecture",
    page: int = 1,
    part: groups_reading.Opened | None = None,
) -> Concordance | None:
    """The places of a word, in a part only where one is given; None where nobody says it."""
    if order not in ORDERS:
        raise NotFound()
    shared = run_parts.find(session, actor, run, PLACES)
    found = _lemmas(session, actor, run, word) if shared else ()
    if shared is None or not found:
        return None
    texts = dict(shared.document["testimonies"])
    postings = _postings(session, actor, run, found[0], tuple(texts))
    if part is not None:
        postings = _inside(postings, part)
    pages = max(1, -(-len(postings) // PAGE))
    if not 1 <= page <= pages:
        raise NotFound()
    if not len(postings):
        return Concordance(found[0], found[1:], 0, 0, (), 0, 1, 1)
    placed = ORDERS[order][0], (page - 1) * PAGE, PAGE
    told = {uuid.UUID(place.testimony) for place in postings.places(*placed)}
    corpus = corpora.load(session, actor, campaign, only=told).corpus
    lines = _lines(postings, corpus, texts, placed)
    changed = len(postings.places(*placed)) - len(lines)
    said_by = postings.said_by
    return Concordance(
        found[0], found[1:], len(postings), said_by, tuple(lines), changed, page, pages
    )


def _lemmas(session: Session, actor: Actor, run: Run | None, word: str) -> tuple[str, ...]:
    """The words that this one may be: itself, else those of which it is a form."""
    asked = terms.plain(word)
    for exact in dict.fromkeys((word, asked)):
        shard = run_parts.find(session, actor, run, part_of(exact))
        if shard is not None and exact in shard.document["terms"]:
            return (exact,)
    shard = run_parts.find(session, actor, run, part_of(fold(asked)))
    return tuple(shard.document["names"].get(fold(asked), ())) if shard is not None else ()


def _postings(
    session: Session, actor: Actor, run: Run | None, lemma: str, testimonies: tuple[str, ...]
) -> Postings:
    packed = run_parts.get(session, actor, run, part_of(lemma)).document["terms"][lemma]
    try:
        return Postings.unpack(packed, testimonies)
    except pure.PostingsError as error:
        raise Conflict(str(error)) from None


def _inside(postings: Postings, part: groups_reading.Opened) -> Postings:
    """The places that lie in a part, in the same orders."""
    kept = [
        at
        for at, (rank, start) in enumerate(zip(postings.ranks, postings.starts, strict=True))
        if part.holds(rank, start)
    ]
    new = {at: place for place, at in enumerate(kept)}

    def only(column: Sequence[int]) -> list[int]:
        return [column[at] for at in kept]

    def order(column: Sequence[int]) -> list[int]:
        return [new[at] for at in column if at in new]

    return Postings(
        postings.lemma,
        postings.testimonies,
        only(postings.ranks),
        only(postings.starts),
        only(postings.ends),
        order(postings.right),
        order(postings.left),
    )


def _lines(
    postings: Postings,
    corpus: Corpus,
    texts: dict[str, str],
    placed: tuple[pure.Order, int, int],
) -> list[Line]:
    """The lines of a page whose text is still the one that was read."""
    same = {
        one.id: one.text
        for one in corpus.testimonies
        if quote_hash(one.text)[:HASH] == texts[one.id]
    }
    return [_line(corpus, line) for line in _still(postings, same, placed)]


def _still(
    postings: Postings, same: dict[str, str], placed: tuple[pure.Order, int, int]
) -> list[pure.Line]:
    order, start, size = placed
    every = range(start, min(start + size, len(postings)))
    kept = [at for at in every if postings.places(order, at, 1)[0].testimony in same]
    return [pure.lines(postings, same, order, at, 1)[0] for at in kept]


def _line(corpus: Corpus, line: pure.Line) -> Line:
    testimony = corpus.testimony_by_id[line.testimony]
    meeting = corpus.meeting_by_id[testimony.meeting]
    text = testimony.text
    start, end = around(text, line.start, line.end)
    return Line(
        line.left,
        line.key,
        line.right,
        text[start : line.start],
        text[line.start : line.end],
        text[line.end : end],
        testimony.number,
        meeting.label,
        testimony.date,
        meeting.place,
        testimony.may_quote(text[start:end]),
    )


def around(text: str, start: int, end: int) -> tuple[int, int]:
    """The sentence (or sentences) that hold this passage."""
    held = [span for span in sentences(text) if span.start < end and start < span.end]
    return min([start, *(span.start for span in held)]), max([end, *(span.end for span in held)])
