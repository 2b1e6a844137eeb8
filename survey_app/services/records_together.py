"""Separate answers read together: one distribution a question, nothing crossed with anything.

Pure counts over answers that were opened together. A question with fewer than ``THRESHOLD``
answers shows nothing; open answers come in an order that says nothing of who wrote which.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean, median, pvariance
from typing import Any

from questionnaires.model import NonResponse, Question, Questionnaire, in_language
from questionnaires.relevance import entries, is_empty, plain
from questionnaires.types import TYPES, WITH_CHOICES
from survey_app.services.records_access import MIRROR
from survey_app.services.records_survey import ALL, OURS, THEIRS, THRESHOLD, side

SIDES = {
    ALL: "Toutes les réponses",
    OURS: "Le conseil citoyen",
    THEIRS: "Les institutions et les partenaires",
}
Given = Sequence[Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Bar:
    """One possible answer: how many gave it, out of 100 who answered. ``None``: not shown."""

    label: str
    count: int | None
    share: float = 0.0


@dataclass(frozen=True, slots=True)
class Cell:
    """One question in one column. ``answered`` persons gave an answer, ``silent`` gave none.

    ``mean`` (of a scale, from 1) and ``middle`` (the median of numbers) are ``None`` where they
    mean nothing; a cell whose ``shown`` is false has too few answers to say anything.
    """

    answered: int = 0
    silent: int = 0
    bars: tuple[Bar, ...] = ()
    mean: float | None = None
    middle: float | None = None
    spread: float = 0.0
    words: tuple[str, ...] = ()
    shown: bool = True


@dataclass(frozen=True, slots=True)
class Row:
    """One question and its cell in each column; ``gap`` between the two means of a mirror."""

    label: str
    cells: tuple[Cell, ...]
    gap: float | None = None


@dataclass(frozen=True, slots=True)
class Column:
    """Whose answers these are, how many there are; too few, and nothing of them is shown."""

    label: str
    given: int

    @property
    def shown(self) -> bool:
        return self.given >= THRESHOLD


@dataclass(frozen=True, slots=True)
class Together:
    """All that may be read: scales (what divides first), other counts, words, who answered."""

    columns: tuple[Column, ...]
    scales: tuple[Row, ...]
    counts: tuple[Row, ...]
    words: tuple[Row, ...]
    profile: tuple[Row, ...]

    @property
    def shown(self) -> bool:
        return any(column.shown for column in self.columns)


def read(whole: Questionnaire, given: Given) -> Together:
    """The answers of one round, read together."""
    mirror = any(question.name == MIRROR for question in whole.questions)
    names = (OURS, THEIRS) if mirror else (ALL,)
    sorted_out = {name: [item for item in given if side(item) == name] for name in names}
    columns = tuple(Column(SIDES[name], len(items)) for name, items in sorted_out.items())
    rows: dict[str, list[Row]] = {"scale": [], "count": [], "text": [], "profile": []}
    for question in whole.questions:
        kind = _kind(question)
        if kind == "profile" and question.name != MIRROR and len(given) >= THRESHOLD:
            rows[kind].append(_who(question, given))
        elif kind in {"scale", "count", "text"}:
            cells = [_cell(whole, question, items) for items in sorted_out.values()]
            rows[kind].append(_row(question, cells))
    return Together(
        columns=columns,
        scales=tuple(sorted(rows["scale"], key=_to_debate)),
        counts=tuple(rows["count"]),
        words=tuple(rows["text"]),
        profile=tuple(rows["profile"]),
    )


def _kind(question: Question) -> str:
    if question.profile:
        return "profile"
    if question.type in {"scale", "text"}:
        return question.type
    return "count" if question.type in WITH_CHOICES or question.type == "integer" else ""


def _row(question: Question, cells: Sequence[Cell]) -> Row:
    means = [cell.mean for cell in cells if cell.mean is not None]
    gap = abs(means[0] - means[1]) if len(means) == 2 else None
    return Row(in_language(question.label, "fr"), tuple(cells), gap)


def _to_debate(row: Row) -> tuple[float, float, float]:
    """What divides first: the widest gap of a mirror, else the most spread, then the lowest."""
    first = row.cells[0]
    return (-(row.gap or 0.0), -first.spread, first.mean if first.mean is not None else 9.0)


def _cell(whole: Questionnaire, question: Question, items: Given) -> Cell:
    if len(items) < THRESHOLD:
        return Cell(shown=False)
    by_person = [values for item in items if (values := _values(whole, question, item))]
    if question.is_open:
        texts = [str(value) for values in by_person for value in values]
        return Cell(len(by_person), len(items) - len(by_person), words=_shuffled(question, texts))
    if len(by_person) < THRESHOLD:
        return Cell(shown=False)
    silent = len(items) - len(by_person)
    flat = [value for values in by_person for value in values]
    if question.type == "integer":
        numbers = [value for value in flat if isinstance(value, int)]
        return Cell(len(by_person), silent, middle=median(numbers))
    return _distribution(question, flat, len(by_person), silent)


def _distribution(question: Question, flat: Sequence[Any], answered: int, silent: int) -> Cell:
    chosen = Counter(name for value in flat for name in _names(value))
    bars = tuple(
        Bar(
            TYPES[question.type].show(question, _shape(question, choice.name)),
            chosen[choice.name],
            round(100 * chosen[choice.name] / max(len(flat), 1), 1),
        )
        for choice in question.choices
    )
    if question.type != "scale":
        return Cell(answered, silent, bars)
    places = [choice.name for choice in question.choices]
    ranks = [places.index(value) + 1 for value in flat]
    return Cell(answered, silent, bars, mean=fmean(ranks), spread=pvariance(ranks))


def _values(whole: Questionnaire, question: Question, item: Mapping[str, Any]) -> list[Any]:
    """What one person answered to a question: several values inside a repeated section."""
    home = next(part for part in whole.sections if question in part.questions)
    around = entries(home, item) if home.is_repeat else [item]
    found = (plain(entry.get(question.name)) for entry in around)
    return [value for value in found if not is_empty(value) and not isinstance(value, NonResponse)]


def _names(value: Any) -> Iterable[str]:
    return value if isinstance(value, list) else [str(value)]


def _shape(question: Question, name: str) -> Any:
    return [name] if question.type in {"select_multiple", "rank"} else name


def _shuffled(question: Question, texts: Iterable[str]) -> tuple[str, ...]:
    """Always the same order for the same words, another one for each question."""

    def key(text: str) -> str:
        return hashlib.sha256(f"{question.name}\n{text}".encode()).hexdigest()

    return tuple(sorted(texts, key=key))


def _who(question: Question, given: Given) -> Row:
    """Who answered, by one thing at a time; what could point at somebody is not shown."""
    chosen = Counter(str(item.get(question.name, "")) for item in given)
    known = [choice.name for choice in question.choices]
    counts = {name: chosen[name] for name in known}
    counts[""] = len(given) - sum(counts.values())
    hidden = hide(counts)
    labels = {choice.name: in_language(choice.label, "fr") for choice in question.choices}
    bars = tuple(
        Bar(
            labels.get(name, "sans réponse"),
            None if name in hidden else count,
            0.0 if name in hidden else round(100 * count / len(given), 1),
        )
        for name, count in counts.items()
    )
    return Row(in_language(question.label, "fr"), (Cell(len(given), bars=bars),))


def hide(counts: Mapping[str, int], least: int = THRESHOLD) -> frozenset[str]:
    """The counts not to show: those under ``least``, zeros too, and enough others that nothing
    can be worked out from the total."""
    rising = sorted(counts, key=lambda name: (counts[name], name))
    hidden = [name for name in rising if counts[name] < least]
    for name in rising[len(hidden) :]:
        if not hidden or (len(hidden) > 1 and sum(counts[one] for one in hidden) >= least):
            break
        hidden.append(name)
    return frozenset(hidden)
