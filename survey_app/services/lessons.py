"""What people's codings teach: the coded sentences of a campaign, their words and their codes."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from analysis import french
from analysis.codebook import Codebook
from analysis.sentences import Span, sentences
from survey_app.models import Annotation, Campaign, Coding, Excerpt, Testimony, TextVersion
from survey_app.permissions import Actor
from survey_app.services import scope

TOGETHER = 200
SAMPLE = 500


@dataclass(frozen=True, slots=True)
class Reading:
    """A masked text cut in sentences; ``tokens`` holds the words of each, from its own start.

    Both are in the order of the text. A text whose words no job has read has no token.
    """

    text_version: uuid.UUID
    spans: tuple[Span, ...]
    sentences: tuple[str, ...]
    tokens: tuple[tuple[french.Token, ...], ...]


@dataclass(frozen=True, slots=True)
class Lesson:
    """A sentence, its words, and the codes that people put on it, in the order of the grid."""

    sentence: str
    tokens: tuple[french.Token, ...]
    codes: tuple[str, ...]


def newest(
    session: Session, actor: Actor, campaign: Campaign, states: Collection[str]
) -> list[uuid.UUID]:
    """The newest masked text of each testimony in one of these states, by number."""
    rows = session.execute(
        scope.scoped(actor, Testimony)
        .join(TextVersion, TextVersion.testimony_id == Testimony.id)
        .where(
            Testimony.campaign_id == campaign.id,
            Testimony.state.in_(states),
            TextVersion.kind == "masked",
        )
        .order_by(Testimony.number, TextVersion.sequence)
        .with_only_columns(Testimony.id, TextVersion.id)
    )
    return list(dict(rows.all()).values())


def read(session: Session, keys: Sequence[uuid.UUID]) -> Iterator[Reading]:
    """These masked texts in sentences, with the words that a job kept of them."""
    for first in range(0, len(keys), TOGETHER):
        some = keys[first : first + TOGETHER]
        query = (
            select(TextVersion.id, TextVersion.text, Annotation.document)
            .outerjoin(Annotation, Annotation.text_version_id == TextVersion.id)
            .where(TextVersion.id.in_(some))
        )
        for key, text, entry in session.execute(query).all():
            yield _cut(key, text, french.kept(entry, text) if entry is not None else ())


def taught(
    session: Session, actor: Actor, campaign: Campaign, keys: Sequence[uuid.UUID], book: Codebook
) -> list[Lesson]:
    """The coded sentences of these texts: every code that counts, on every sentence it touches."""
    put = _put(session, actor, campaign, book)
    order = {code.code: rank for rank, code in enumerate(book.all_codes())}
    found = []
    for reading in read(session, [key for key in keys if key in put]):
        here = put[reading.text_version]
        for span, sentence, tokens in zip(
            reading.spans, reading.sentences, reading.tokens, strict=True
        ):
            codes = {code for start, end, code in here if start < span.end and span.start < end}
            if codes:
                ranked = tuple(sorted(codes, key=order.__getitem__))
                found.append(Lesson(sentence, tokens, ranked))
    return found


def untaught(session: Session, keys: Sequence[uuid.UUID], taught: Sequence[Lesson]) -> list[Lesson]:
    """Sentences of these texts that bear no code, from texts spread evenly: how people speak."""
    known = {lesson.sentence for lesson in taught}
    some = [keys[place] for place in range(0, len(keys), max(1, len(keys) // SAMPLE))]
    return [
        Lesson(sentence, tokens, ())
        for reading in read(session, some)
        for sentence, tokens in zip(reading.sentences, reading.tokens, strict=True)
        if sentence not in known
    ]


def counted(actor: Actor, campaign: Campaign) -> Select[Coding]:
    """The codings of a campaign that count, each with its `Excerpt`."""
    return (
        scope.scoped(actor, Coding)
        .join(Excerpt, Excerpt.id == Coding.excerpt_id)
        .where(
            Excerpt.campaign_id == campaign.id,
            Excerpt.state == "active",
            Coding.state == "validated",
        )
    )


def _put(
    session: Session, actor: Actor, campaign: Campaign, book: Codebook
) -> dict[uuid.UUID, list[tuple[int, int, str]]]:
    """The codes that count on each text, with their place; those of another grid teach nothing."""
    columns = (Excerpt.text_version_id, Excerpt.start, Excerpt.end, Coding.code)
    rows = session.execute(counted(actor, campaign).with_only_columns(*columns))
    found: dict[uuid.UUID, list[tuple[int, int, str]]] = defaultdict(list)
    for key, start, end, code in rows:
        if code in book:
            found[key].append((start, end, code))
    return found


def _cut(key: uuid.UUID, text: str, tokens: Sequence[french.Token]) -> Reading:
    spans = sentences(text)
    inside: list[list[french.Token]] = [[] for _ in spans]
    place = 0
    for token in tokens:
        while place < len(spans) and spans[place].end <= token.start:
            place += 1
        if place == len(spans):
            break
        if token.start >= spans[place].start:
            base = spans[place].start
            moved = french.Token(token.start - base, token.end - base, token.lemma, token.pos)
            inside[place].append(moved)
    words = tuple(text[span.start : span.end] for span in spans)
    return Reading(key, spans, words, tuple(tuple(some) for some in inside))
