"""Covering words with typed, numbered placeholders. Offsets are code points, half-open."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from survey_app.domain import Invalid

# What the placeholder says, and how the button names it.
CATEGORIES: dict[str, str] = {
    "PRÉNOM": "Prénom",
    "NOM": "Nom",
    "TÉLÉPHONE": "Téléphone",
    "COURRIEL": "Courriel",
    "ADRESSE": "Adresse",
    "LIEU": "Lieu",
    "SANTÉ": "Santé",
    "RÔLE": "Rôle",
    "AUTRE": "Autre",
}
PLACEHOLDER = re.compile(rf"\[({'|'.join(CATEGORIES)}) ([0-9]+)\]")
NOTHING_DONE = "Rien n’a été changé."
# Signs typed or printed for an apostrophe, and the dashes that Unicode does not call so.
_APOSTROPHES = frozenset(
    "'`\u00b4\u02b9\u02bb\u02bc\u02bd\u02c8\u0384\u1fbd\u1fbf\u1fef\u1ffd"
    "\u2018\u2019\u201b\u2032\ua78c\uff07\uff40"
)
_DASHES = frozenset("\u2212\u2043\u02d7")
_JOINERS = "\u200d\ufe0e\ufe0f"


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """Words to cover: a stretch of the text and the category of what it says."""

    start: int
    end: int
    category: str

    def overlaps(self, start: int, end: int) -> bool:
        return self.start < end and start < self.end


@dataclass(frozen=True, slots=True)
class Placed:
    """A span with the placeholder that stands for it in the masked text."""

    span: Span
    words: str
    placeholder: str


def fold(words: str) -> str:
    """Words as they are compared: no case, accent or invisible mark; a dash is a single space."""
    return " ".join("".join(_fold_char(char) for char in words).replace("-", " ").split())


def snap(text: str, start: int, end: int) -> tuple[int, int]:
    """The span without spaces around it, grown so that no letter loses its accent or emoji."""
    if not 0 <= start < end <= len(text):
        raise Invalid(
            "La sélection sort du texte.", f"{NOTHING_DONE} Sélectionnez les mots à nouveau."
        )
    while start < end and text[start].isspace():
        start += 1
    while start < end and text[end - 1].isspace():
        end -= 1
    if start == end:
        raise Invalid(
            "La sélection ne contient aucun mot.", f"{NOTHING_DONE} Sélectionnez au moins un mot."
        )
    while start > 0 and (_clings(text[start]) or text[start - 1] == "\u200d"):
        start -= 1
    while end < len(text) and (_clings(text[end]) or text[end - 1] == "\u200d"):
        end += 1
    return start, end


def everywhere(text: str, words: str, category: str) -> tuple[Span, ...]:
    """Every whole-word occurrence, whatever its case and accents; placeholders are left alone."""
    wanted = fold(words)
    if not wanted:
        raise Invalid("Aucun mot n’est indiqué.", f"{NOTHING_DONE} Écrivez les mots à masquer.")
    folded, origin = _folded(text)
    found: list[Span] = []
    for first, last in _occurrences(folded, wanted):
        start, end = snap(text, origin[first], origin[last - 1] + 1)
        if not (found and found[-1].end > start):
            found.append(Span(start, end, category))
    return tuple(outside(found, [match.span() for match in PLACEHOLDER.finditer(text)]))


def outside(spans: Iterable[Span], taken: Iterable[tuple[int, int]]) -> list[Span]:
    """The spans that overlap none of the stretches taken, which do not overlap each other."""
    stretches = sorted(taken)
    starts = [start for start, _ in stretches]
    free = []
    for span in spans:
        before = bisect_left(starts, span.end) - 1
        if before < 0 or stretches[before][1] <= span.start:
            free.append(span)
    return free


def place(text: str, spans: Iterable[Span]) -> tuple[Placed, ...]:
    """Number the spans in order of appearance: same words, same number in each category.

    Raises `Invalid` where spans overlap, leave the text, or bear an unknown category.
    """
    highest: dict[str, int] = dict.fromkeys(CATEGORIES, 0)
    for category, number in PLACEHOLDER.findall(text):
        highest[category] = max(highest[category], int(number))
    numbers: dict[tuple[str, str], int] = {}
    placed: list[Placed] = []
    for span in sorted(spans):
        _check(text, span, placed[-1].span if placed else None)
        words = text[span.start : span.end]
        key = (span.category, fold(words) or words)
        if key not in numbers:
            highest[span.category] += 1
            numbers[key] = highest[span.category]
        placed.append(Placed(span, words, f"[{span.category} {numbers[key]}]"))
    return tuple(placed)


def preview(text: str, spans: Iterable[Span]) -> tuple[str, tuple[Placed, ...]]:
    """The masked text, and which words each placeholder stands for."""
    placed = place(text, spans)
    pieces: list[str] = []
    at = 0
    for item in placed:
        pieces += [text[at : item.span.start], item.placeholder]
        at = item.span.end
    return "".join([*pieces, text[at:]]), placed


def shift(parts: Sequence[Mapping[str, Any]], placed: Sequence[Placed]) -> list[dict[str, Any]]:
    """The parts of the text (question, start, end) as they lie in the masked text."""

    def moved(position: int) -> int:
        return position + sum(
            len(item.placeholder) - len(item.words) for item in placed if item.span.end <= position
        )

    return [
        {**part, "start": moved(int(part["start"])), "end": moved(int(part["end"]))}
        for part in parts
    ]


def check_category(category: str) -> None:
    """Raise `Invalid` for what is not a category of masking."""
    if category not in CATEGORIES:
        raise Invalid(
            f"« {category[:40]} » n’est pas une catégorie de masquage.",
            f"{NOTHING_DONE} Choisissez-en une dans la liste.",
        )


def _check(text: str, span: Span, before: Span | None) -> None:
    check_category(span.category)
    if not 0 <= span.start < span.end <= len(text):
        raise Invalid(
            "La sélection sort du texte.", f"{NOTHING_DONE} Sélectionnez les mots à nouveau."
        )
    if before is not None and before.end > span.start:
        raise Invalid(
            "Une partie de ces mots est déjà masquée.",
            f"{NOTHING_DONE} Démasquez-les d’abord, puis sélectionnez l’ensemble.",
        )


def _fold_char(char: str) -> str:
    if char in _APOSTROPHES:
        return "'"
    bare = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", char).casefold())
    kept = (
        "-" if letter in _DASHES or unicodedata.category(letter) == "Pd" else letter
        for letter in bare
        if not unicodedata.combining(letter) and unicodedata.category(letter) != "Cf"
    )
    return "".join(kept).replace("œ", "oe").replace("æ", "ae")


def _folded(text: str) -> tuple[str, list[int]]:
    """The folded text, and for each of its characters the position it comes from."""
    letters: list[str] = []
    origin: list[int] = []
    for position, char in enumerate(text):
        for letter in _fold_char(char):
            letters.append(letter)
            origin.append(position)
    return "".join(letters), origin


def _occurrences(folded: str, wanted: str) -> Iterator[tuple[int, int]]:
    """Where the words stand whole; a dash, a single line feed or both may part two of them."""
    gap = r"(?:[^\S\n]*-(?:[^\S\n]*\n)?[^\S\n]*|[^\S\n]*\n[^\S\n]*|[^\S\n]+)"
    pattern = re.compile(gap.join(re.escape(part) for part in wanted.split(" ")))
    match = pattern.search(folded)
    while match is not None:
        whole = _whole(folded, *match.span())
        if whole:
            yield match.span()
        match = pattern.search(folded, match.end() if whole else match.start() + 1)


def _whole(folded: str, start: int, end: int) -> bool:
    """Whether the match is not a piece of a longer word."""
    before = start > 0 and _of_word(folded[start - 1]) and _of_word(folded[start])
    after = end < len(folded) and _of_word(folded[end]) and _of_word(folded[end - 1])
    return not before and not after


def _of_word(char: str) -> bool:
    return char.isalnum() or unicodedata.category(char).startswith("M")


def _clings(char: str) -> bool:
    """Whether the character belongs to the one before it (accent, joiner, skin tone)."""
    return (
        unicodedata.category(char).startswith("M")
        or char in _JOINERS
        or "\U0001f3fb" <= char <= "\U0001f3ff"
    )
