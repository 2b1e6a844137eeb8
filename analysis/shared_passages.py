"""The passages that two texts share word for word, capitals, accents and punctuation aside.

Pure Python: light enough for a page that shows one pair of texts beside another.
"""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Sequence
from typing import NamedTuple

from analysis.codebook import fold

LEAST_WORDS = 5  # a shorter run is shared by chance: « dans le quartier », « il n'y a »
_STARTS = 16  # places tried in the other text for one run, the first ones


class Passage(NamedTuple):
    """Half-open code-point offsets of the same words in a first and in a second text."""

    start: int
    end: int
    other_start: int
    other_end: int


class _Word(NamedTuple):
    letters: str
    start: int
    end: int


class _Letters(dict[int, str]):
    """What remains of each sign: its folded letters and digits, nothing, or a space.

    Signs are folded one by one, so that a text and a piece of it are always folded alike. An
    accent written apart and an invisible mark leave nothing; any other sign parts two words.
    """

    def __missing__(self, point: int) -> str:
        sign = chr(point)
        letters = "".join(char for char in fold(sign) if char.isalnum())
        unseen = unicodedata.category(sign) in ("Mn", "Me", "Cf")
        self[point] = letters or ("" if unseen else " ")
        return self[point]


_LETTERS = _Letters()


def plain(text: str) -> str:
    """The text without capitals, accents or punctuation, its words parted by single spaces."""
    return " ".join(text.translate(_LETTERS).split())


def passages(one: str, two: str, least: int = LEAST_WORDS) -> tuple[Passage, ...]:
    """Runs of ``least`` words or more that stand in both texts, in the first one's order.

    A text of fewer words must be there whole. Each word serves once; passages that changed
    places are found too. ``plain`` gives the same for both sides of a passage.
    """
    mine, theirs = _words(one), _words(two)
    size = min(least, len(mine), len(theirs))
    if size < 1:
        return ()
    places: defaultdict[tuple[str, ...], list[int]] = defaultdict(list)
    for start in range(len(theirs) - size + 1):
        places[_run(theirs, start, size)].append(start)
    used = bytearray(len(theirs))
    found: list[Passage] = []
    here = 0
    while here + size <= len(mine):
        free = [start for start in places.get(_run(mine, here, size), ()) if not used[start]]
        shared = [(_length(mine, here, theirs, there, used), -there) for there in free[:_STARTS]]
        length, minus = max(shared, default=(0, 0))
        if length < size:
            here += 1
            continue
        there, last = -minus, here + length - 1
        used[there : there + length] = b"\x01" * length
        span = (mine[here].start, mine[last].end)
        found.append(Passage(*span, theirs[there].start, theirs[there + length - 1].end))
        here += length
    return tuple(found)


def _run(words: Sequence[_Word], start: int, size: int) -> tuple[str, ...]:
    return tuple(word.letters for word in words[start : start + size])


def _length(
    mine: Sequence[_Word], here: int, theirs: Sequence[_Word], there: int, used: bytearray
) -> int:
    """How many words go on alike from these two places, none of them used."""
    most = min(len(mine) - here, len(theirs) - there)
    for step in range(most):
        if used[there + step] or mine[here + step].letters != theirs[there + step].letters:
            return step
    return most


def _words(text: str) -> list[_Word]:
    """The words that ``plain`` keeps, with their offsets; an accent written apart is inside."""
    found: list[_Word] = []
    held, start = "", 0
    for place, letters in enumerate(map(_LETTERS.__getitem__, map(ord, text))):
        if letters == " ":
            if held:
                found.append(_Word(held, start, place))
            held = ""
        elif letters:
            start = start if held else place
            held += letters
    if held:
        found.append(_Word(held, start, len(text)))
    return found
