"""The lexicon of a run, as its page shows it: a list of words, narrowed and cut in pages."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from analysis import terms
from analysis.codebook import fold
from survey_app.domain import NotFound
from survey_app.models import Campaign, Run
from survey_app.permissions import Actor
from survey_app.services import part_words, run_parts, word_choices

PAGE = 100
LISTS = {part_words.WORDS: "Mots", part_words.SEQUENCES: "Suites de mots"}
_ENOUGH = 5  # times said: below, saying how a word spreads would say nothing
_FEW_VOICES = 3  # times said by each of those who say it
_EVEN, _UNEVEN = 0.4, 0.75  # Gries's deviation between meetings


@dataclass(frozen=True, slots=True)
class Word:
    """A line of the lexicon. ``spread`` says in words how the term is shared out."""

    lemma: str
    display: str
    kind: str
    count: int
    testimonies: int
    meetings: int
    uneven: float
    uneven_meetings: float
    spread: str
    aside: bool


@dataclass(frozen=True, slots=True)
class Lexicon:
    """A page of the lexicon, with what it was counted on; ``found`` is of all pages."""

    words: tuple[Word, ...]
    found: int
    page: int
    pages: int
    kinds: tuple[tuple[str, str], ...]
    testimonies: int
    meetings: int
    said: int
    lone: int
    outdated: bool


def lexicon(
    session: Session,
    actor: Actor,
    campaign: Campaign,
    run: Run | None,
    listed: str,
    kind: str = "",
    beginning: str = "",
    page: int = 1,
) -> Lexicon | None:
    """The words of this list and kind that begin so; None where the run has no lexicon."""
    if listed not in LISTS:
        raise NotFound()
    part = run_parts.find(session, actor, run, listed)
    if part is None:
        return None
    document = part.document
    rows = _narrowed(document["words"], kind, fold(beginning.strip()))
    pages = max(1, -(-len(rows) // PAGE))
    if not 1 <= page <= pages:
        raise NotFound()
    aside = set(word_choices.current(campaign).added)
    met = {row[2] for row in document["words"]}
    return Lexicon(
        tuple(_word(row, document["meetings"], aside) for row in rows[(page - 1) * PAGE :][:PAGE]),
        len(rows),
        page,
        pages,
        tuple((key, label) for key, label in part_words.KINDS.items() if key in met),
        document["testimonies"],
        document["meetings"],
        document["said"],
        document["lone"],
        word_choices.outdated(campaign, document["selection"]),
    )


def _narrowed(rows: list[Any], kind: str, start: str) -> list[Any]:
    """The words of a kind of which the form or the lemma begins so."""
    return [
        row
        for row in rows
        if (not kind or row[2] == kind)
        and (not start or fold(row[1]).startswith(start) or fold(row[0]).startswith(start))
    ]


def _word(row: list[Any], meetings: int, aside: set[str]) -> Word:
    lemma, display, kind, count, testimonies, met, uneven, between = row
    return Word(
        lemma,
        display,
        part_words.KINDS.get(kind, kind),
        count,
        testimonies,
        met,
        uneven,
        between,
        spread(count, testimonies, between, meetings),
        lemma in aside or terms.plain(display) in aside,
    )


def spread(count: int, testimonies: int, between: float, meetings: int) -> str:
    """How a term is shared out, in words; empty where there is too little to tell."""
    if count < _ENOUGH:
        return ""
    if count >= _FEW_VOICES * testimonies:
        return "concentré dans peu de témoignages"
    if meetings < 2:
        return ""
    if between <= _EVEN:
        return "dit un peu partout"
    return "plus dit dans certaines rencontres" if between <= _UNEVEN else "dit à peu de rencontres"
