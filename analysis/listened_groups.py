"""Which answers of a questionnaire make a group of reference figures: by name, or by bounds.

« Femmes » is the answer « une femme »; « 15 à 24 ans » is « 15 à 17 ans » and « 18 à 24 ans ».
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from itertools import pairwise

from analysis.codebook import fold
from analysis.listened_csv import Reference

Titles = Mapping[str, tuple[str, Mapping[str, str]]]
"""Profile questions by name: the words of each, and of its answers, in order."""

_ALIASES = {
    "sexe": "genre",
    "ages": "age",
    "tranche d'age": "age",
    "tranches d'age": "age",
    "classe d'age": "age",
}
_ARTICLES = {"un", "une", "des", "le", "la", "les", "l", "de", "du", "en", "a", "au"}
_ENDLESS = 1_000
_LEAST = re.compile(r"moins")
_MOST = re.compile(r"plus|et au dela")


def question_of(indicator: str, titles: Titles) -> str | None:
    """The profile question that asks for this indicator, if one does."""
    wanted = fold(indicator).strip().replace("’", "'")
    wanted = _ALIASES.get(wanted, wanted)
    for name, (title, _) in titles.items():
        if wanted in (fold(name), fold(title).strip()):
            return name
    return None


def answers_of(reference: Reference, choices: Mapping[str, str]) -> tuple[str, ...]:
    """The names of the answers that make this group; none when it cannot be told."""
    if reference.answers:
        found = [_named(answer, choices) for answer in reference.answers]
        return tuple(name for name in found if name) if all(found) else ()
    name = _named(reference.group, choices)
    return (name,) if name else _tiling(reference.group, choices)


def _named(label: str, choices: Mapping[str, str]) -> str:
    wanted = _key(label)
    for name, words in choices.items():
        if wanted in (_key(name), _key(words)):
            return name
    return ""


def _key(label: str) -> tuple[str, ...]:
    """The words that count, without articles nor plurals."""
    words = re.findall(r"[^\W_]+", fold(label))
    return tuple(word.rstrip("s") for word in words if word not in _ARTICLES) or tuple(words)


def _tiling(group: str, choices: Mapping[str, str]) -> tuple[str, ...]:
    """The answers whose bounds, one after another, are exactly those of the group."""
    wanted = bounds(group)
    if wanted is None:
        return ()
    placed = [(bounds(words) or bounds(name), name) for name, words in choices.items()]
    inside = sorted(
        (mine, name)
        for mine, name in placed
        if mine is not None and wanted[0] <= mine[0] and mine[1] <= wanted[1]
    )
    if not inside or (inside[0][0][0], inside[-1][0][1]) != wanted:
        return ()
    touching = all(one[0][1] + 1 == two[0][0] for one, two in pairwise(inside))
    return tuple(name for _, name in inside) if touching else ()


def bounds(label: str) -> tuple[int, int] | None:
    """« moins de 15 ans »: (0, 14); « 15 à 24 »: (15, 24); « 75 ans et plus »: (75, endless)."""
    words = fold(label)
    numbers = [int(number) for number in re.findall(r"[0-9]{1,3}", words)]
    if len(numbers) == 2 and numbers[0] <= numbers[1]:
        return numbers[0], numbers[1]
    if len(numbers) == 1 and _LEAST.search(words):
        return 0, numbers[0] - 1
    if len(numbers) == 1 and _MOST.search(words):
        return numbers[0], _ENDLESS
    return None
