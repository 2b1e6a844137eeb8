"""The masked text as lines of the bench: each sentence with the codes that cover it."""

from __future__ import annotations

from dataclasses import dataclass

from analysis.sentences import sentences
from survey_app.models import Coding, Excerpt, Testimony
from survey_app.services.excerpts import Bench, live
from survey_app.web.review.reading import answers


@dataclass(frozen=True, slots=True)
class Chip:
    """A code on an excerpt, shown under the excerpt's last sentence."""

    coding: Coding
    excerpt: Excerpt
    sentences: int


@dataclass(frozen=True, slots=True)
class Line:
    """A sentence, the question it begins to answer, whether it is coded, the chips under it."""

    index: int
    text: str
    question: str
    coded: bool
    chips: tuple[Chip, ...]


@dataclass(frozen=True, slots=True)
class Lost:
    """An excerpt to relocate: what people call it, and the masked words now near its place."""

    excerpt: Excerpt
    label: str
    near: str


def lost(testimony: Testimony, bench: Bench) -> list[Lost]:
    """The excerpts to relocate. Their old words may since be masked: ``near`` has none of them."""
    olds = {text.id: text.text for text in testimony.texts}
    found = []
    for row in bench.to_relocate:
        old = sentences(olds.get(row.text_version_id, ""))
        inside = [i for i, span in enumerate(old) if span.start < row.end and row.start < span.end]
        here = [span for i, span in enumerate(bench.sentences) if i in inside]
        near = bench.text.text[here[0].start : here[-1].end] if here else ""
        found.append(Lost(row, f"É-{row.number:04d}", near))
    return found


def lines(testimony: Testimony, bench: Bench) -> list[Line]:
    """Every sentence of the bench, in order."""
    cut, text = bench.sentences, bench.text
    covered = [
        [i for i, span in enumerate(cut) if span.start < row.end and row.start < span.end]
        for row in bench.excerpts
    ]
    coded = {index for indexes in covered for index in indexes}
    found = []
    questions = _questions(testimony, bench)
    for index, span in enumerate(cut):
        chips = tuple(
            Chip(coding, row, len(indexes))
            for row, indexes in zip(bench.excerpts, covered, strict=True)
            if indexes and indexes[-1] == index
            for coding in live(row)
        )
        words = text.text[span.start : span.end]
        found.append(Line(index, words, questions.get(index, ""), index in coded, chips))
    return found


def _questions(testimony: Testimony, bench: Bench) -> dict[int, str]:
    """For the first sentence of each answer, the question's words."""
    found: dict[int, str] = {}
    shown = answers(testimony, bench.text)
    for part, answer in zip(bench.text.parts, shown, strict=False):
        inside = (i for i, span in enumerate(bench.sentences) if span.start >= part["start"])
        first = next(inside, None)
        if first is not None and answer.text.strip():
            found[first] = answer.question
    return found
