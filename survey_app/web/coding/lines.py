"""The masked text as lines of the bench: each sentence with the codes that cover it."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from analysis.sentences import sentences
from survey_app.models import Coding, Excerpt, Testimony
from survey_app.services.excerpts import Bench
from survey_app.web.review.reading import answers


@dataclass(frozen=True, slots=True)
class Chip:
    """A code on an excerpt, shown under the excerpt's last sentence.

    ``sentences`` counts those that it touches; ``part`` says that it is not whole sentences;
    ``first`` that no chip of the same excerpt stands before it.
    """

    coding: Coding
    excerpt: Excerpt
    sentences: int
    part: bool
    first: bool


@dataclass(frozen=True, slots=True)
class Marks:
    """What is coded: the chips to show under sentences, and which sentences are coded."""

    chips: dict[int, tuple[Chip, ...]]
    coded: frozenset[int]


@dataclass(frozen=True, slots=True)
class Line:
    """A sentence, where it starts (code points), the question it begins to answer."""

    index: int
    start: int
    text: str
    question: str


@dataclass(frozen=True, slots=True)
class Lost:
    """An excerpt to relocate: what people call it, and the masked words now near its place."""

    excerpt: Excerpt
    label: str
    near: str


def lost(testimony: Testimony, bench: Bench) -> list[Lost]:
    """The excerpts to relocate. Their old words may since be masked: ``near`` has none of them."""
    olds = {text.id: text.text for text in testimony.texts} if bench.to_relocate else {}
    found = []
    for row in bench.to_relocate:
        old = sentences(olds.get(row.text_version_id, ""))
        inside = [i for i, span in enumerate(old) if span.start < row.end and row.start < span.end]
        here = [span for i, span in enumerate(bench.sentences) if i in inside]
        near = bench.text.text[here[0].start : here[-1].end] if here else ""
        found.append(Lost(row, f"É-{row.number:04d}", near))
    return found


def marks(bench: Bench) -> Marks:
    """Every chip of the bench, by the sentence it stands under."""
    cut = bench.sentences
    chips: dict[int, list[Chip]] = defaultdict(list)
    coded: set[int] = set()
    for row in bench.excerpts:
        inside = [i for i, span in enumerate(cut) if span.start < row.end and row.start < span.end]
        if not inside:
            continue
        coded.update(inside)
        part = (cut[inside[0]].start, cut[inside[-1]].end) != (row.start, row.end)
        chips[inside[-1]] += [
            Chip(coding, row, len(inside), part, rank == 0)
            for rank, coding in enumerate(bench.codings(row))
        ]
    return Marks({index: tuple(found) for index, found in chips.items()}, frozenset(coded))


def lines(testimony: Testimony, bench: Bench) -> list[Line]:
    """Every sentence of the bench, in order."""
    questions = _questions(testimony, bench)
    return [
        Line(index, span.start, bench.text.text[span.start : span.end], questions.get(index, ""))
        for index, span in enumerate(bench.sentences)
    ]


def _questions(testimony: Testimony, bench: Bench) -> dict[int, str]:
    """For the first sentence of each answer, the question's words."""
    found: dict[int, str] = {}
    if not bench.text.parts:
        return found
    shown = answers(testimony, bench.text)
    for part, answer in zip(bench.text.parts, shown, strict=False):
        inside = (i for i, span in enumerate(bench.sentences) if span.start >= part["start"])
        first = next(inside, None)
        if first is not None and answer.text.strip():
            found[first] = answer.question
    return found
