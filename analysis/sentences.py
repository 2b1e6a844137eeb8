"""French sentences as code-point spans, in pure Python: light enough for a web request.

Each line is scanned once: at most a fixed number of characters is looked at around each
possible end, so the work grows with the length of the text and no faster.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

# A masked passage: [PRÉNOM 1], [TÉLÉPHONE 12], [courriel masqué].
PLACEHOLDER = re.compile(
    r"\[(?:[A-ZÀ-ÖØ-ÞŒ][A-ZÀ-ÖØ-ÞŒ '’_-]{0,40}(?: \d{1,4})?|[a-zà-öø-ÿœ '’-]{1,40} masquée?s?)\]"
)
_SPACE = "[ \t\u00a0\u2009\u202f]"
# The marks that may end a sentence (« ? ! » may be spaced), then what closes after them.
_END = re.compile(
    rf"(?P<marks>[.!?…]+(?:{_SPACE}{{1,2}}[!?…]+)*)(?P<closing>(?:[)\]}}\"”’']|{_SPACE}{{0,2}}»)*)"
)
_SCAN = re.compile(f"{PLACEHOLDER.pattern}|{_END.pattern}")
_BEFORE = re.compile(r"[\w°.]+\Z")
_LOOK = 12  # longer than any abbreviation, and a bound on the work done at each mark

# Never the end of a sentence: something always follows.
_ALWAYS = re.compile(
    "mm|mmes?|mlles?|drs?|pr|me|mgr|stes?|sts?|av|bd|bld|boul|art|pp?|cf|n°|nos°|réf|tél|fig|chap"
    "|vol|bât|appt|apt|esc|vs|rte|chem|imp|rés"
)
# The end of a sentence only before a capital.
_SOMETIMES = re.compile(
    "etc|ex|env|min|max|hab|km|h|resp|approx|janv|févr?|avr|juil|sept|oct|nov|déc|éd|al"
)


class Span(NamedTuple):
    """Half-open code-point offsets."""

    start: int
    end: int


def sentences(text: str) -> tuple[Span, ...]:
    """The sentences in order: trimmed spans holding every non-space character exactly once.

    A line feed always ends a sentence; a masked passage is never cut; a passage without
    punctuation stays whole, however long.
    """
    found: list[Span] = []
    offset = 0
    for line in text.splitlines(keepends=True):
        found.extend(_of_line(line, offset))
        offset += len(line)
    return tuple(found)


def _of_line(line: str, offset: int) -> Iterator[Span]:
    """The line's sentences; a piece without letter or digit joins the sentence before it."""
    held: Span | None = None
    for start, end in _pieces(line):
        piece = line[start:end]
        bare = piece.strip()
        if not bare:
            continue
        first = start + len(piece) - len(piece.lstrip())
        span = Span(offset + first, offset + first + len(bare))
        if held is not None and not any(char.isalnum() for char in bare):
            held = Span(held.start, span.end)
            continue
        if held is not None:
            yield held
        held = span
    if held is not None:
        yield held


def _pieces(line: str) -> Iterator[tuple[int, int]]:
    start = 0
    for match in _SCAN.finditer(line):
        if match["marks"] is not None and _ends(line, start, match):
            yield start, match.end()
            start = match.end()
    yield start, len(line)


def _ends(line: str, start: int, match: re.Match[str]) -> bool:
    """Whether these marks end the sentence that began at ``start``."""
    marks, closing = match["marks"], match["closing"]
    after = line[match.end() : match.end() + _LOOK]
    if after and not after[0].isspace():
        return _glued(line, match, after)
    following = next((char for char in after if char.isalnum()), "")
    if following.islower() and (closing or marks[-1] == "…" or marks.endswith("..")):
        return False
    return marks != "." or bool(closing) or not _abbreviated(line, start, match.start(), following)


def _glued(line: str, match: re.Match[str], after: str) -> bool:
    """« moche.Il faut »: the missing space after the mark is a slip, not in an address."""
    before = line[max(0, match.start() - 2) : match.start()]
    capital = after[0].isupper() and (len(after) < 2 or not after[1].isupper())
    if "." not in match["marks"]:
        return capital
    return capital and len(before) == 2 and before.islower() and before.isalpha() and before != "ww"


def _abbreviated(line: str, start: int, dot: int, following: str) -> bool:
    """Whether the single full stop belongs to an abbreviation, an initial or a list number."""
    found = _BEFORE.search(line, max(start, dot - _LOOK), dot)
    if found is None:
        return False
    word = found[0].casefold()
    if _leads(line, start, found.start()) and (word.isdecimal() or len(word) == 1):
        return True
    if _ALWAYS.fullmatch(word):
        return True
    letters = word.split(".")
    if all(len(letter) == 1 and letter.isalpha() for letter in letters):
        # J. Dupont, J.P. Martin; but « la S.N.C.F. Il » ends.
        initials = found[0][0].isupper() and len(letters) < 3
        return initials or following.islower()
    return _SOMETIMES.fullmatch(letters[-1]) is not None and not following.isupper()


def _leads(line: str, start: int, position: int) -> bool:
    """Whether nothing but a few dashes or spaces precedes in the sentence: « 1. », « - a. »."""
    return position - start <= _LOOK and not any(c.isalnum() for c in line[start:position])
