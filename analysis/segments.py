"""Testimonies cut in passages of a few dozen words, and which terms each passage holds."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from analysis.french import Token
from analysis.sentences import PLACEHOLDER, Span, sentences

TARGET = 40  # words, as in Reinert's segments (« unités de contexte élémentaires »)
FEWEST = 3  # segments that must hold a term for it to count
MOST = 3_000  # terms kept, the most widespread
_HEARD = 2  # testimonies: the word of a single one says nothing of what is shared, and shows whose
_WORD = re.compile(r"\w+")
_CHUNK = re.compile(rf"{PLACEHOLDER.pattern}|\S+?(?=\s|\Z|{PLACEHOLDER.pattern})")
_PAUSE = ",;:…)»"


@dataclass(frozen=True, slots=True)
class Segment:
    """A passage: half-open code-point offsets in the text of its testimony, and its words."""

    testimony: str
    start: int
    end: int
    words: int


@dataclass(frozen=True, slots=True, eq=False)
class Incidence:
    """Which segment (row) holds which term (column): a binary scipy csr matrix of floats.

    ``terms`` are in alphabetical order; a segment may hold none.
    """

    matrix: Any
    terms: tuple[str, ...]
    segments: tuple[Segment, ...]


def segments(texts: Mapping[str, str], target: int = TARGET) -> tuple[Segment, ...]:
    """Each text in passages of about ``target`` words, in order, none shared by two texts.

    They end where sentences end; a sentence over one and a half times the target is cut between
    words (at a comma if there is one near). Passages without a word are left out.
    """
    if target < 1:
        raise ValueError("Un passage compte au moins un mot.")
    return tuple(
        Segment(key, span.start, span.end, words)
        for key, text in texts.items()
        for span, words in _joined(list(_pieces(text, target)), target)
        if words
    )


def _pieces(text: str, target: int) -> Iterator[tuple[Span, int]]:
    """Sentences, the long ones in pieces, each with its number of words."""
    for span in sentences(text):
        words = _words(text, span)
        if 2 * words <= 3 * target:
            yield span, words
        else:
            yield from _parts(text, span, words / max(2, round(words / target)))


def _words(text: str, span: Span) -> int:
    return sum(1 for _ in _WORD.finditer(text, span.start, span.end))


def _parts(text: str, span: Span, quota: float) -> Iterator[tuple[Span, int]]:
    """The pieces of a long sentence; a masked passage is never cut."""
    start, end, words = span.start, span.start, 0
    for chunk in _CHUNK.finditer(text, span.start, span.end):
        apart = chunk.start() > end > start
        ripe = words >= quota or (words >= 0.75 * quota and text[end - 1] in _PAUSE)
        if apart and ripe:
            yield Span(start, end), words
            start, words = chunk.start(), 0
        end = chunk.end()
        words += _words(text, Span(*chunk.span()))
    yield Span(start, span.end), words


def _joined(pieces: Sequence[tuple[Span, int]], target: int) -> list[tuple[Span, int]]:
    """Short pieces put together, as near the target as they can be; a short rest joins the last."""
    made: list[tuple[Span, int]] = []
    for span, words in pieces:
        if made and abs(made[-1][1] + words - target) <= abs(made[-1][1] - target):
            made[-1] = (Span(made[-1][0].start, span.end), made[-1][1] + words)
        else:
            made.append((span, words))
    if len(made) > 1 and 2 * made[-1][1] < target:
        rest, words = made.pop()
        made[-1] = (Span(made[-1][0].start, rest.end), made[-1][1] + words)
    return made


def incidence(
    said: Mapping[str, Sequence[Token]],
    found: Sequence[Segment],
    fewest: int = FEWEST,
    most: int = MOST,
) -> Incidence:
    """The terms of each segment, each counted once.

    Kept: terms held by ``fewest`` segments and two testimonies at least; the ``most`` widespread.
    A term belongs to the segment where it begins.
    """
    held = _held(said, found)
    spread = Counter(term for terms in held for term in terms)
    heard: Counter[str] = Counter()
    for tokens in said.values():
        heard.update({token.lemma for token in tokens})
    usual = [term for term in spread if spread[term] >= fewest and heard[term] >= _HEARD]
    usual.sort(key=lambda term: (-spread[term], term))
    terms = tuple(sorted(usual[:most]))
    return Incidence(_matrix(held, terms), terms, tuple(found))


def _held(said: Mapping[str, Sequence[Token]], found: Sequence[Segment]) -> list[set[str]]:
    starts: dict[str, list[int]] = {}
    ranks: dict[str, list[int]] = {}
    for rank, segment in enumerate(found):
        starts.setdefault(segment.testimony, []).append(segment.start)
        ranks.setdefault(segment.testimony, []).append(rank)
    held: list[set[str]] = [set() for _ in found]
    for testimony, tokens in said.items():
        for token in tokens:
            place = bisect_right(starts.get(testimony, ()), token.start) - 1
            if place >= 0 and token.start < found[ranks[testimony][place]].end:
                held[ranks[testimony][place]].add(token.lemma)
    return held


def _matrix(held: Sequence[set[str]], terms: Sequence[str]) -> Any:
    import numpy as np
    from scipy.sparse import csr_matrix

    column = {term: rank for rank, term in enumerate(terms)}
    rows = [sorted(column[term] for term in one if term in column) for one in held]
    ends = np.cumsum([0, *map(len, rows)])
    columns = np.fromiter((place for row in rows for place in row), np.int32, int(ends[-1]))
    shape = (len(held), len(terms))
    return csr_matrix((np.ones(len(columns)), columns, ends.astype(np.int32)), shape=shape)
