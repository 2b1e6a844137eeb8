"""The words of a coding grid that speak for a code, in every form people give them.

A keyword stands in its own form, in its usual French inflections, and in the lemma that spaCy
would give it; capitals and accents aside. A word that several themes claim speaks less for each.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from math import sqrt

from analysis.codebook import Code, Codebook, Theme, fold
from analysis.french import stop_words

# What a keyword of each kind is worth when a single theme claims it. Our choice, set by measure.
OWN = 1.0  # a keyword of the grid
THEME = 1.2  # the name of a theme
LABEL = 0.6  # the name of a code
TOOL = 0.4  # a keyword that is also a tool word: « car », « seul »
PAIR = 0.5  # added for each further word of an expression: « boîte aux lettres »

_WORD = re.compile(r"\w+")
_LISTED = re.compile(r"[,;:()]|\bet\b|\bou\b")
_ELSEWHERE = re.compile(r"([^.→]+)→\s*(coder aussi\s+)?([A-Z]{3}[0-9]*)(\s+aussi)?")
_VERB_ENDINGS = ("e", "es", "ent", "ez", "ons", "ait", "ais", "aient", "ant", "ee", "ees")
_EVERYWHERE = 4  # themes whose definitions use a word that then names none of them
_SHORT = 4  # a shorter word is not inflected: « bus », « car »


@dataclass(frozen=True, slots=True)
class Keyword:
    """An expression, folded and cut in words, and what it is worth for each code."""

    words: tuple[str, ...]
    codes: tuple[tuple[str, float], ...]


@dataclass(frozen=True, slots=True)
class Index:
    """Keywords by each form of their first word; ``forms`` are those of every word of one.

    ``elsewhere`` says, for a theme, the groups of words that its definition leaves to another
    code: where all those of a group are said, they say nothing for this theme.
    """

    by_first: dict[str, tuple[Keyword, ...]]
    forms: dict[str, frozenset[str]]
    elsewhere: dict[str, tuple[frozenset[str], ...]]


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
    common = _common(book)
    for code in book.all_codes():
        if not code.theme:
            continue  # a reviewing code is a person's judgement
        for expression, worth in _said_for(code, common):
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


def _common(book: Codebook) -> frozenset[str]:
    """Words that the definitions of several themes use: « quartier », « rue », « habitants »."""
    used: Counter[str] = Counter()
    for theme in book.themes:
        said = [theme.label, theme.definition, *(f"{c.label} {c.definition}" for c in theme.codes)]
        used.update(set(words_of(" ".join(said))))
    return frozenset(word for word, themes in used.items() if themes >= _EVERYWHERE)


def _said_for(code: Code, common: frozenset[str]) -> Iterator[tuple[tuple[str, ...], float]]:
    """The code's keywords, then the names it bears: « Propreté et déchets » are two."""
    for lemma in code.lemmas:
        words = tuple(words_of(lemma))
        if words:
            yield words, (OWN if len(words) > 1 else _worth(words[0])) + PAIR * (len(words) - 1)
    for piece in _pieces(code.label):
        if len(piece) > 1 or piece[0] not in common:
            name = THEME if code.code == code.theme else LABEL
            yield piece, name + PAIR * (len(piece) - 1)


def _worth(word: str) -> float:
    """A word that mostly holds sentences up (« car », « seul ») only comes in support."""
    return TOOL if word in _tools() else OWN


@lru_cache(maxsize=1)
def _tools() -> frozenset[str]:
    return frozenset(fold(word) for word in stop_words())


def _pieces(text: str) -> list[tuple[str, ...]]:
    """The things that a phrase lists, each as its words, without the article before it."""
    found = []
    for piece in _LISTED.split(fold(text)):
        words = _WORD.findall(piece)
        while words and (words[0] in _tools() or len(words[0]) < 3):
            words.pop(0)
        if words:
            found.append(tuple(words))
    return found


def _keyword(book: Codebook, words: tuple[str, ...], codes: dict[str, float]) -> Keyword:
    themes = {book.code(code).theme for code in codes}
    shared = tuple(sorted((code, worth / sqrt(len(themes))) for code, worth in codes.items()))
    return Keyword(words, shared)


def _elsewhere(book: Codebook, theme: Theme) -> Iterator[tuple[tuple[str, ...], str, bool]]:
    """« Les bus et trajets → MOB. »: each piece, the other code, whether it is only « aussi »."""
    for said, also, target, too in _ELSEWHERE.findall(theme.exclude):
        if target in book:
            for piece in _pieces(said.split(" sans ")[0]):
                yield piece, target, bool(also or too)


def _send_elsewhere(
    book: Codebook, claims: dict[tuple[str, ...], dict[str, float]]
) -> dict[str, tuple[frozenset[str], ...]]:
    """Read what each theme leaves to another code; a single word then speaks for that one."""
    found: dict[str, tuple[frozenset[str], ...]] = {}
    for theme in book.themes:
        gone = []
        for piece, target, too in _elsewhere(book, theme):
            telling = frozenset(piece) - _tools()
            if len(piece) == 1 and telling:
                present = claims[piece]
                present[target] = max(present.get(target, 0.0), LABEL)
            if telling and not too:
                gone.append(telling)
        found[theme.code] = tuple(gone)
    return found
