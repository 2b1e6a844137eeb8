"""The words of a coding grid that speak for a code, in every form people give them.

A keyword stands in its own form, in its usual French inflections, and in the lemma that spaCy
would give it; capitals and accents aside. A word that several themes claim speaks less for each.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from analysis.codebook import Code, Codebook, Theme, fold
from analysis.french import stop_words

# What a keyword of each kind is worth when a single theme claims it. Our choice, set by measure.
OWN = 1.0  # a keyword of the grid
LABEL = 0.6  # a word of the code's or theme's name
PAIR = 0.5  # added for each further word of an expression: « boîte aux lettres »

_WORD = re.compile(r"\w+")
_ELSEWHERE = re.compile(r"([^.→]+)→\s*(coder aussi\s+)?([A-Z]{3}[0-9]*)(\s+aussi)?")
_VERB_ENDINGS = ("e", "es", "ent", "ez", "ons", "ait", "ais", "aient", "ant", "ee", "ees")
_SHORT = 4  # a shorter word is not inflected: « bus », « car »


@dataclass(frozen=True, slots=True)
class Keyword:
    """An expression, folded and cut in words, and what it is worth for each code."""

    words: tuple[str, ...]
    codes: tuple[tuple[str, float], ...]


@dataclass(frozen=True, slots=True)
class Index:
    """Keywords by each form of their first word; ``forms`` are those of every word of one.

    ``elsewhere`` says, for a theme, which words its definition sends to another code.
    """

    by_first: dict[str, tuple[Keyword, ...]]
    forms: dict[str, frozenset[str]]
    elsewhere: dict[str, frozenset[str]]


def words_of(text: str) -> list[str]:
    """The folded words of an expression, cut at apostrophes and hyphens."""
    return _WORD.findall(fold(text))


def inflections(word: str) -> frozenset[str]:
    """The folded forms that a folded French word commonly takes: plural, feminine, verb endings."""
    if len(word) < _SHORT:
        return frozenset((word, word + "s"))
    base = word[:-1] if word.endswith(("s", "x")) and not word.endswith("ss") else word
    found = {word, base, base + "s", base + "e", base + "es", base + "x"}
    if base.endswith("al"):
        found.add(base[:-2] + "aux")
    if base.endswith("if"):
        found |= {base[:-1] + "ve", base[:-1] + "ves"}
    if word.endswith("er") and len(word) > _SHORT:
        found |= {word[:-2] + ending for ending in _VERB_ENDINGS}
        found.add(word[:-1])
    if word.endswith("ir") and len(word) > _SHORT:
        found |= {word[:-1] + end for end in ("", "e", "s", "t", "ssent", "ssait", "es", "ee")}
    return frozenset(found)


@lru_cache(maxsize=8)
def index(book: Codebook) -> Index:
    """The keywords of a grid, made once for each version of it."""
    claims: dict[tuple[str, ...], dict[str, float]] = defaultdict(dict)
    for code in book.all_codes():
        if not code.theme:
            continue  # a reviewing code is a person's judgement
        for expression, worth in _said_for(code):
            present = claims[expression]
            present[code.code] = max(present.get(code.code, 0.0), worth)
    elsewhere = _send_elsewhere(book, claims)
    keywords = [_keyword(book, words, codes) for words, codes in claims.items()]
    forms = {word: inflections(word) for keyword in keywords for word in keyword.words}
    by_first: dict[str, list[Keyword]] = defaultdict(list)
    for keyword in keywords:
        for form in forms[keyword.words[0]]:
            by_first[form].append(keyword)
    return Index({form: tuple(found) for form, found in by_first.items()}, forms, elsewhere)


def _said_for(code: Code) -> Iterator[tuple[tuple[str, ...], float]]:
    for lemma in code.lemmas:
        words = tuple(words_of(lemma))
        if words:
            yield words, OWN + PAIR * (len(words) - 1)
    for word in _telling(code.label):
        yield (word,), LABEL


def _telling(text: str) -> list[str]:
    """The words of a label that say what it is about."""
    tools = {fold(word) for word in stop_words()}
    return [word for word in words_of(text) if len(word) > 3 and word not in tools]


def _keyword(book: Codebook, words: tuple[str, ...], codes: dict[str, float]) -> Keyword:
    themes = {book.code(code).theme for code in codes}
    shared = tuple(sorted((code, worth / len(themes)) for code, worth in codes.items()))
    return Keyword(words, shared)


def _send_elsewhere(
    book: Codebook, claims: dict[tuple[str, ...], dict[str, float]]
) -> dict[str, frozenset[str]]:
    """Read « Les bus et trajets → MOB. »: those words speak for MOB, and not for this theme.

    A keyword that the theme itself lists stays its own, and « coder aussi » takes nothing away.
    """
    found: dict[str, frozenset[str]] = {}
    for theme in book.themes:
        gone: set[str] = set()
        for said, also, target, too in _ELSEWHERE.findall(theme.exclude):
            if target not in book:
                continue
            words = _telling(said.split(" sans ")[0])
            for word in words:
                present = claims[(word,)]
                present[target] = max(present.get(target, 0.0), LABEL)
            gone |= set() if also or too else set(words)
        found[theme.code] = frozenset(gone - _own_words(theme))
    return found


def _own_words(theme: Theme) -> set[str]:
    own = {words_of(lemma)[0] for code in theme.codes for lemma in code.lemmas if words_of(lemma)}
    return own | set(_telling(theme.label))
