"""Searching words in texts without regard to accents or capitals; words are whole words.

A compound written with hyphens is one word: « sécurité » does not find « sécurité-sociale ».
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from analysis.codebook import fold
from analysis.sentences import PLACEHOLDER

LONGEST = 200
MOST_TERMS = 8
SHORTEST_PREFIX = 2
_LETTER = "[^\\W_][\u0300-\u036f]*"
_WORD = re.compile(f"(?:{_LETTER})+(?:[-\u2010\u2011](?:{_LETTER})+)*")
_TERM = re.compile('"([^"]*)"?|«([^»]*)»?|“([^”]*)”?|([^\\s"«“]+)')
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")


class QueryError(ValueError):
    """What was asked cannot be searched; the message says why, in French."""


@dataclass(frozen=True, slots=True)
class Term:
    """Words that must follow each other; ``prefix``: the last one is only a beginning."""

    words: tuple[str, ...]
    prefix: bool = False

    @property
    def needle(self) -> str:
        """What stands in a `searchable` text when the term does."""
        return f" {' '.join(self.words)}{'' if self.prefix else ' '}"


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a text, and whether it is one of the words looked for."""

    text: str
    found: bool = False


def searchable(text: str) -> str:
    """The folded words of a text, a space before and after each; placeholders hold no word."""
    return f" {' '.join(word for word, _, _ in _words(text))} "


def parse(query: str) -> tuple[Term, ...]:
    """The terms of a query: words, « phrases », beginnings ending with ``*``.

    Raises ``QueryError`` when nothing, too much, or too short a beginning is asked.
    """
    if len(query) > LONGEST:
        raise QueryError(f"La recherche dépasse {LONGEST} caractères. Raccourcissez-la.")
    terms = []
    for match in _TERM.finditer(_INVISIBLE.sub("", query)):
        bare = match[4] or ""
        words = tuple(word for word, _, _ in _words(bare or match[1] or match[2] or match[3] or ""))
        if words:
            terms.append(Term(words, bare.endswith("*")))
    if not terms:
        raise QueryError("Écrivez au moins un mot à chercher.")
    if len(terms) > MOST_TERMS:
        raise QueryError(f"Cherchez au plus {MOST_TERMS} mots ou expressions à la fois.")
    if any(term.prefix and len(term.words[-1]) < SHORTEST_PREFIX for term in terms):
        raise QueryError(f"Écrivez au moins {SHORTEST_PREFIX} lettres avant l'astérisque.")
    return tuple(dict.fromkeys(terms))


def found_in(text: str, terms: Sequence[Term]) -> list[tuple[int, int]]:
    """Where the terms stand in the text, in code points, half-open, in order, not overlapping."""
    words = _words(text)
    spans = set()
    for term in terms:
        size = len(term.words)
        for first in range(len(words) - size + 1):
            run = words[first : first + size]
            if _same(tuple(word for word, _, _ in run), term):
                spans.add((run[0][1], run[-1][2]))
    kept: list[tuple[int, int]] = []
    for start, end in sorted(spans, key=lambda span: (span[0], -span[1])):
        if not kept or start >= kept[-1][1]:
            kept.append((start, end))
    return kept


def passages(
    text: str, terms: Sequence[Term], around: int = 90, most: int = 3
) -> tuple[tuple[Piece, ...], ...]:
    """The first passages of a text where the terms stand, with what surrounds them."""
    windows: list[tuple[int, int, list[tuple[int, int]]]] = []
    for start, end in found_in(text, terms):
        left, right = max(0, start - around), min(len(text), end + around)
        if windows and left <= windows[-1][1]:
            windows[-1][2].append((start, end))
            windows[-1] = (windows[-1][0], right, windows[-1][2])
        elif len(windows) < most:
            windows.append((left, right, [(start, end)]))
        else:
            break
    return tuple(_pieces(text, *window) for window in windows)


def _pieces(text: str, left: int, right: int, spans: list[tuple[int, int]]) -> tuple[Piece, ...]:
    pieces, at = [Piece("…")] if left else [], left
    for start, end in spans:
        pieces += [Piece(text[at:start]), Piece(text[start:end], found=True)]
        at = end
    pieces += [Piece(text[at:right]), *([Piece("…")] if right < len(text) else [])]
    return tuple(piece for piece in pieces if piece.text)


def _same(run: tuple[str, ...], term: Term) -> bool:
    if not term.prefix:
        return run == term.words
    return run[:-1] == term.words[:-1] and run[-1].startswith(term.words[-1])


def _words(text: str) -> list[tuple[str, int, int]]:
    """Each word folded, with where it stands; words inside placeholders are none."""
    taken = [match.span() for match in PLACEHOLDER.finditer(text)]
    found = [
        (_letters(match[0]), *match.span())
        for match in _WORD.finditer(text)
        if not any(start <= match.start() < end for start, end in taken)
    ]
    return [word for word in found if word[0]]


def _letters(word: str) -> str:
    """The word folded; « ¼ » and the like unfold into signs, which are dropped."""
    folded = fold(word).replace("\u2010", "-").replace("\u2011", "-")
    return "".join(char for char in folded if char.isalnum() or char == "-").strip("-")
