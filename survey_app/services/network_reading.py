"""The network of words of a run as pages read it, and the sentences of two of its words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from analysis.lettering import decimal
from survey_app.domain import NotFound
from survey_app.models import Campaign, Run
from survey_app.permissions import Actor
from survey_app.services import passages, run_parts
from survey_app.services.part_network import PLACES, WORDS
from survey_app.services.passages import Spot


@dataclass(frozen=True, slots=True)
class Word:
    """A word of the network; ``group`` is the letter that its group bears on the picture."""

    rank: int
    lemma: str
    display: str
    count: int
    testimonies: int
    group: str


@dataclass(frozen=True, slots=True)
class Together:
    """Two words, the sentences that hold both, the testimonies, and the index in French."""

    a: Word
    b: Word
    sentences: int
    testimonies: int
    index: str


@dataclass(frozen=True, slots=True)
class View:
    """A page of pairs, the strongest first, and the words of each group."""

    sentences: int
    groups: tuple[tuple[str, tuple[Word, ...]], ...]
    pairs: tuple[Together, ...]
    page: int
    pages: int


@dataclass(frozen=True, slots=True)
class Sentences:
    """A page of the sentences that hold two words; ``total`` and ``testimonies``: of them all."""

    a: Word
    b: Word
    total: int
    testimonies: int
    shown: passages.Lines
    page: int
    pages: int


def view(session: Session, actor: Actor, run: Run | None, page: int = 1) -> View | None:
    """The network of a run; None where the run has none."""
    part = run_parts.find(session, actor, run, WORDS)
    if part is None:
        return None
    words = _read(part.document)
    rows, pages = passages.page_of(part.document["pairs"], page)
    groups: dict[str, list[Word]] = {}
    for word in words:
        groups.setdefault(word.group, []).append(word)
    return View(
        part.document["sentences"],
        tuple((letter, tuple(groups[letter])) for letter in sorted(groups, key=_order)),
        tuple(
            Together(words[a], words[b], said, told, decimal(index))
            for a, b, said, told, index in rows
        ),
        page,
        pages,
    )


def together(
    session: Session,
    actor: Actor,
    campaign: Campaign,
    run: Run | None,
    pair: tuple[str, str],
    page: int = 1,
) -> Sentences:
    """The sentences that hold both lemmas; `NotFound` for a word that the network does not show."""
    words = {word.lemma: word for word in _read(run_parts.get(session, actor, run, WORDS).document)}
    if not set(pair) <= words.keys() or pair[0] == pair[1]:
        raise NotFound(
            "Ces deux mots ne sont pas dans le réseau de la dernière analyse.",
            "Rien n’est perdu. Revenez au réseau et choisissez une paire de mots.",
        )
    a, b = words[pair[0]], words[pair[1]]
    held = [
        run_parts.get(session, actor, run, f"{PLACES}{word.rank}").document["places"]
        for word in (a, b)
    ]
    spots = both(*held)
    rows, pages = passages.page_of(spots, page)
    told = len({spot.rank for spot in spots})
    lines = passages.shown(session, actor, campaign, run, rows)
    return Sentences(a, b, len(spots), told, lines, page, pages)


def both(one: Sequence[Sequence[int]], two: Sequence[Sequence[int]]) -> list[Spot]:
    """The sentences that hold two words, in order of reading, both of them marked."""
    first, second = _by_sentence(one), _by_sentence(two)
    return [
        Spot(*where, tuple(sorted(first[where] + second[where])))
        for where in sorted(first.keys() & second.keys())
    ]


def _by_sentence(
    places: Sequence[Sequence[int]],
) -> dict[tuple[int, int, int], list[tuple[int, int]]]:
    found: dict[tuple[int, int, int], list[tuple[int, int]]] = {}
    for text, low, high, start, end in places:
        found.setdefault((text, low, high), []).append((start, end))
    return found


def _read(document: Mapping[str, Any]) -> list[Word]:
    return [Word(rank, *row) for rank, row in enumerate(document["words"])]


def _order(letter: str) -> tuple[int, str]:
    return len(letter), letter
