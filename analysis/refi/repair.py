"""Where passages really lie, whatever the other program counted: checked against their names.

Some count the byte order mark, two characters a line end, or UTF-16 units; the name of a
selection is its words, so the way of counting under which most names fit is the right one.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate, product

BYTE_MARK = "\ufeff"
MOST_SEARCHES = 2_000  # names looked for in one text; a hostile file must not keep us busy
LONGEST_NAME = 2_000
SHORTEST_NAME = 8  # a shorter name found elsewhere proves nothing
SURELY_CUT = 30  # names of this length are often cut without saying so
MUCH_LONGER = 20  # characters by which a passage must exceed its name for the name to be cut
Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Passage:
    """Offsets as the file gives them, and the name that should be the words there."""

    start: int
    end: int
    name: str = ""


@dataclass(frozen=True, slots=True)
class Settled:
    """The text without mark nor returns; for each passage where it lies, or None; what was mended.

    ``doubtful``: the ranks of those left out because nothing tells where they lie.
    """

    text: str
    spans: tuple[Span | None, ...]
    mended: tuple[str, ...] = ()
    moved: int = 0
    doubtful: frozenset[int] = frozenset()


def plain(text: str) -> str:
    """The text without byte order mark, its line ends as line feeds."""
    return text.lstrip(BYTE_MARK).replace("\r\n", "\n").replace("\r", "\n")


def carried(text: str, positions: Sequence[int]) -> list[int]:
    """Code-point positions in a text, as positions in ``plain(text)``."""
    if not (BYTE_MARK in text[:1] or "\r" in text):
        return list(positions)
    marks = len(text) - len(text.lstrip(BYTE_MARK))
    clean = plain(text)
    starts = _starts(clean, _returns(text), units=False)
    return [_index(starts, position - marks) for position in positions]


def settle(text: str, passages: Sequence[Passage]) -> Settled:
    """Find the way of counting that was used, then the few passages that still do not fit."""
    clean = plain(text)
    ways = product((0, 1, -1), (False, True), (False, True))
    returns = _returns(text) or frozenset(n for n, char in enumerate(clean) if char == "\n")
    best, chosen = None, (0, False, False)
    for way in ways:
        if best is not None and best[0] == 2 * len(passages):
            break
        if (way[1] and not returns) or (way[2] and clean.isascii()):
            continue
        spans = _counted(clean, passages, returns, way)
        # Without names, only a text that was visibly changed lets us prefer another way.
        inside = sum(span is not None for span in spans) if clean != text else 0
        score = (_fit(clean, passages, spans), inside)
        if best is None or score > best:
            best, chosen = score, way
    spans = _counted(clean, passages, returns, chosen)
    mended = [
        word
        for word, used in zip(("byte_mark", "returns", "units"), map(bool, chosen), strict=True)
        if used
    ]
    if not mended and clean != text and passages and not (best or (0, 0))[0]:
        mended.append("unchecked")
    return _looked_for(clean, passages, spans, tuple(mended))


def agrees(quote: str, name: str) -> bool:
    """Whether a name is these words, spaces aside; it may be cut at its end."""
    said, shown = _flat(quote), _flat(name)
    cut = re.sub(r"(?:…|\.\.\.)$", "", shown).rstrip()
    if cut != shown or len(shown) >= SURELY_CUT:
        return bool(cut) and said.startswith(cut)
    return said == shown


def _looked_for(
    clean: str, passages: Sequence[Passage], spans: Sequence[Span | None], mended: tuple[str, ...]
) -> Settled:
    found, moved, doubtful, searches = list(spans), 0, set(), 0
    for rank, (passage, span) in enumerate(zip(passages, spans, strict=True)):
        name = passage.name
        if not name or (span is not None and agrees(clean[slice(*span)], name)):
            continue
        if not SHORTEST_NAME <= len(name) <= LONGEST_NAME or searches >= MOST_SEARCHES:
            continue
        searches += 1
        places = _places(clean, name)
        if len(places) == 1:
            found[rank], moved = _whole(clean, passage, *places[0]), moved + 1
        elif places:
            found[rank] = None
            doubtful.add(rank)
    return Settled(clean, tuple(found), mended, moved, frozenset(doubtful))


def _whole(clean: str, passage: Passage, start: int, end: int) -> Span:
    """A name cut without saying so tells where the passage begins; its length tells the end."""
    length = passage.end - passage.start
    cut = len(passage.name) >= SURELY_CUT and length > len(passage.name) + MUCH_LONGER
    return start, min(start + length, len(clean)) if cut else end


def _places(clean: str, name: str) -> list[Span]:
    """Where the words of a name are found, twice at most: a cut name proves no end."""
    words = name.split()
    if not words or name.endswith(("…", "...")):
        return []
    pattern = re.compile(r"\s+".join(map(re.escape, words)))
    places = []
    for found in pattern.finditer(clean):
        places.append(found.span())
        if len(places) > 1:
            break
    return places


def _counted(
    clean: str, passages: Sequence[Passage], returns: frozenset[int], way: tuple[int, bool, bool]
) -> list[Span | None]:
    """Each passage under a way of counting: shift, two characters a line end, UTF-16 units."""
    shift, doubled, units = way
    starts = _starts(clean, returns if doubled else frozenset(), units=units)
    spans: list[Span | None] = []
    for passage in passages:
        start, end = passage.start - shift, passage.end - shift
        inside = 0 <= start < end <= starts[-1]
        spans.append((_index(starts, start), _index(starts, end)) if inside else None)
    return [span if span and span[0] < span[1] else None for span in spans]


def _fit(clean: str, passages: Sequence[Passage], spans: Sequence[Span | None]) -> int:
    """How well names fit: two for the very words, one for nearly."""
    fit = 0
    for passage, span in zip(passages, spans, strict=True):
        if span is not None and passage.name:
            quote = clean[slice(*span)]
            fit += 2 if quote == passage.name else agrees(quote, passage.name)
    return fit


def _starts(clean: str, returns: frozenset[int], *, units: bool) -> Sequence[int]:
    """Where each character begins as the other program counts; the whole length at the end."""
    if not returns and not units:
        return range(len(clean) + 1)
    widths = (
        1 + (rank in returns) + (units and char > "\uffff") for rank, char in enumerate(clean)
    )
    return list(accumulate(widths, initial=0))


def _returns(text: str) -> frozenset[int]:
    """Which characters of the plain text were two: carriage return and line feed."""
    text = text.lstrip(BYTE_MARK)
    found = (match.start() for match in re.finditer("\r\n", text))
    return frozenset(place - rank for rank, place in enumerate(found))


def _index(starts: Sequence[int], position: int) -> int:
    return min(bisect_left(starts, max(position, 0)), len(starts) - 1)


def _flat(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", text).split())
