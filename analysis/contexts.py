"""What stands around a word, cut so that no word, mask or marked letter is broken.

Offsets are code points. Where a single word is longer than the room, it is cut between two
letters as people see them (the grapheme clusters of Unicode Standard Annex 29, taken largely:
a place that only might be inside one is not cut either).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable

from analysis.sentences import PLACEHOLDER, Span

_BREAKS = re.compile("[\t\n\x0b\x0c\r\x1c-\x1f\x85\u2028\u2029]")
_LONGEST_MASK = 60  # code points; longer than any masked passage
_JOINER = "\u200d"
_EXTENDS = re.compile("[\u200c\u200d\u0e33\u0eb3\U0001f3fb-\U0001f3ff\U000e0020-\U000e007f]")
_FLAG = re.compile("[\U0001f1e6-\U0001f1ff]{2}")
_SYLLABLE = re.compile("[\u1100-\u115f\ua960-\ua97f\uac00-\ud7a3][\u1160-\u11ff\ud7b0-\ud7ff]")
_JAMO = re.compile("[\u1100-\u11ff\ua960-\ua97f\ud7b0-\ud7ff][\u1100-\u11ff\uac00-\ud7ff]")
_BINDS = re.compile("[\u0600-\u0605\u06dd\u070f\u0890\u0891\u08e2]")  # Arabic number signs
_VIRAMA = 9


def shown(text: str) -> str:
    """The text in one line, character for character: tabs and line ends become spaces."""
    return _BREAKS.sub(" ", text)


def before(text: str, at: int, width: int) -> int:
    """Where to begin so that at most ``width`` code points stand before ``at``."""
    if at <= width:
        return 0
    masks = _masks(text, at - width, at)
    places = range(at - width, at)
    return _first(places, lambda cut: _opens(text, cut, masks), lambda cut: _safe(text, cut, masks))


def after(text: str, at: int, width: int) -> int:
    """Where to stop so that at most ``width`` code points stand from ``at`` on."""
    if at + width >= len(text):
        return len(text)
    masks = _masks(text, at, at + width)
    places = range(at + width, at, -1)
    return _first(
        places, lambda cut: _closes(text, cut, masks), lambda cut: _safe(text, cut, masks)
    )


def _first(places: range, best: Callable[[int], bool], good: Callable[[int], bool]) -> int:
    """The farthest best place, else the farthest good one, else nothing around the word."""
    for wanted in (best, good):
        for place in places:
            if wanted(place):
                return place
    return places.stop


def _opens(text: str, cut: int, masks: list[Span]) -> bool:
    """Whether a word begins here."""
    return text[cut - 1].isspace() and not text[cut].isspace() and _safe(text, cut, masks)


def _closes(text: str, cut: int, masks: list[Span]) -> bool:
    """Whether a word has just ended."""
    return text[cut].isspace() and not text[cut - 1].isspace() and _safe(text, cut, masks)


def _safe(text: str, cut: int, masks: list[Span]) -> bool:
    inside = any(mask.start < cut < mask.end for mask in masks)
    return not inside and not _joined(text[cut - 1], text[cut])


def _masks(text: str, start: int, end: int) -> list[Span]:
    """The masked passages that touch this stretch."""
    low, high = max(0, start - _LONGEST_MASK), min(len(text), end + _LONGEST_MASK)
    return [Span(*found.span()) for found in PLACEHOLDER.finditer(text, low, high)]


def _joined(left: str, right: str) -> bool:
    """Whether these two characters may belong to one letter as people see it."""
    if left.isascii() and right.isascii():
        return left == "\r" and right == "\n"
    pair = left + right
    return (
        unicodedata.category(right).startswith("M")
        or _EXTENDS.match(right) is not None
        or left == _JOINER
        or unicodedata.combining(left) == _VIRAMA
        or any(shape.match(pair) for shape in (_FLAG, _SYLLABLE, _JAMO, _BINDS))
    )
