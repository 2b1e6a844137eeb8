"""Themes that the words of a sentence point at, with the words that speak. Nothing is learned.

A suggestion is never a coding: a person accepts it, or not. Works on what was said alone; the
lemmas that a job computed, when they are there, find more.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from analysis.codebook import Codebook, fold
from analysis.french import Token
from analysis.keywords import Index, Keyword, index, inflections
from analysis.sentences import PLACEHOLDER

MOST = 6
FLOOR = 0.5  # below it nothing is suggested: half a keyword that one theme alone claims
AGAIN = 0.5  # each further keyword of a theme, in other words of the sentence, counts for this
_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A code of one theme, how strongly words speak for it, and those words as they were said."""

    code: str
    theme: str
    score: float
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Word:
    start: int
    end: int
    forms: frozenset[str]


@dataclass(frozen=True, slots=True)
class _Hit:
    """A keyword found: from which word to which."""

    keyword: Keyword
    first: int
    last: int


def suggest(
    text: str,
    book: Codebook,
    tokens: Sequence[Token] = (),
    *,
    start: int = 0,
    end: int | None = None,
    most: int = MOST,
) -> tuple[Suggestion, ...]:
    """At most ``most`` themes for ``text[start:end]``, strongest first, one code for each.

    The code is the one of the theme that the words point at, or the theme itself when several
    are as likely. ``tokens`` are those of the whole text. The same words always give the same
    answer; masked passages say nothing.
    """
    grid = index(book)
    words = _words(text, tokens, start, len(text) if end is None else end)
    silent = _silent(words, grid)
    found: dict[str, list[tuple[float, str, _Hit]]] = defaultdict(list)
    for hit in _hits(words, grid):
        for code, worth in hit.keyword.codes:
            theme = book.code(code).theme
            if not silent[theme].issuperset(hit.keyword.words):
                found[theme].append((worth, code, hit))
    order = {theme.code: rank for rank, theme in enumerate(book.themes)}
    ranked = [_of_theme(text, words, theme, hits) for theme, hits in found.items()]
    kept = [suggestion for suggestion in ranked if suggestion.score >= FLOOR]
    return tuple(sorted(kept, key=lambda one: (-one.score, order[one.theme]))[:most])


def _words(text: str, tokens: Sequence[Token], start: int, end: int) -> list[_Word]:
    first = bisect_left(tokens, start, key=_begins)
    last = bisect_left(tokens, end, lo=first, key=_begins)
    lemmas = {token.start: token.lemma for token in tokens[first:last]}
    said = PLACEHOLDER.sub(lambda masked: " " * len(masked[0]), text[start:end])
    found = []
    for match in _WORD.finditer(said):
        at = start + match.start()
        forms = _forms(match[0], lemmas.get(at, ""))
        found.append(_Word(at, start + match.end(), forms))
    return found


def _begins(token: Token) -> int:
    return token.start


def _forms(said: str, lemma: str) -> frozenset[str]:
    return frozenset(form for form in (fold(said), fold(lemma)) if form)


def _hits(words: Sequence[_Word], grid: Index) -> list[_Hit]:
    """The keywords in the text; inside a longer expression, a shorter one says nothing more."""
    found = []
    for first, word in enumerate(words):
        candidates = {
            keyword.words: keyword for form in word.forms for keyword in grid.by_first.get(form, ())
        }
        for keyword in candidates.values():
            last = first + len(keyword.words)
            rest = zip(words[first:last], keyword.words, strict=False)
            if last <= len(words) and all(said.forms & grid.forms[key] for said, key in rest):
                found.append(_Hit(keyword, first, last))
    longest = max((len(hit.keyword.words) for hit in found), default=0)
    return [
        hit
        for rank, hit in enumerate(found)
        if not any(_inside(hit, other) for other in _around(found, rank, longest))
    ]


def _around(hits: Sequence[_Hit], rank: int, reach: int) -> Iterator[_Hit]:
    """The hits, in order of their first words, that begin less than ``reach`` words apart."""
    for ahead in (range(rank, -1, -1), range(rank + 1, len(hits))):
        for place in ahead:
            if abs(hits[place].first - hits[rank].first) >= reach:
                break
            yield hits[place]


def _silent(words: Sequence[_Word], grid: Index) -> dict[str, set[str]]:
    """For each theme, the words that it leaves to another code in this very sentence."""
    said = {form for word in words for form in word.forms}
    return {
        theme: {
            form
            for group in groups
            if all(said & inflections(word) for word in group)
            for word in group
            for form in inflections(word)
        }
        for theme, groups in grid.elsewhere.items()
    }


def _inside(hit: _Hit, other: _Hit) -> bool:
    longer = other.last - other.first > hit.last - hit.first
    return longer and other.first <= hit.first and hit.last <= other.last


def _of_theme(
    text: str, words: Sequence[_Word], theme: str, hits: Sequence[tuple[float, str, _Hit]]
) -> Suggestion:
    """The theme's score: its best keyword, and a part of each other one said in other words."""
    per_code: dict[str, float] = defaultdict(float)
    per_keyword: dict[tuple[str, ...], float] = {}
    for worth, _, hit in hits:
        per_keyword[hit.keyword.words] = max(worth, per_keyword.get(hit.keyword.words, 0.0))
    for code, _, worth in sorted({(c, h.keyword.words, w) for w, c, h in hits}):
        per_code[code] += worth
    best, *others = sorted(per_keyword.values(), reverse=True)
    top = max(per_code.values())
    leading = [code for code, score in per_code.items() if score == top]
    spans = sorted({(words[h.first].start, words[h.last - 1].end) for _, _, h in hits})
    said = dict.fromkeys(text[first:last].lower() for first, last in spans)
    score = round(best + AGAIN * sum(others), 6)
    return Suggestion(leading[0] if len(leading) == 1 else theme, theme, score, tuple(said))
