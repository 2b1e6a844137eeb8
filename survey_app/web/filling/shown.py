"""Answers as people read them: each question with its words, entry after entry."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from questionnaires import library
from questionnaires.adapt import entry_form, entry_title, question_at, title_at
from questionnaires.model import NonResponse, Question, Questionnaire, Section, in_language
from questionnaires.problems import Problem
from questionnaires.relevance import asked, entries, is_empty, plain, settled
from questionnaires.types import TYPES

SUMMARY = 120  # signs of an entry's short line
NOT_IN_WORDS = {"select_one", "scale", "place", "image", "date", "time", "dateTime", "rank"}


@dataclass(frozen=True, slots=True)
class Line:
    """A question and its answer; ``words`` are a person's own; ``photo`` is the id of a photo."""

    label: str
    answer: str
    words: bool = False
    problem: str = ""
    photo: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """The lines of a section, or of its entry of that rank."""

    section: Section
    title: str
    lines: list[Line]
    entry: int | None = None


@dataclass(frozen=True, slots=True)
class Reading:
    """What is needed to put answers in words; ``problems`` are by path (``arrets.2.aime``)."""

    words: Mapping[str, str] = field(default_factory=dict)
    places: Mapping[str, str] = field(default_factory=dict)
    problems: Mapping[str, Problem] = field(default_factory=dict)

    def lines(
        self, questions: Sequence[Question], answers: Mapping[str, Any], before: str = ""
    ) -> list[Line]:
        """These questions with the answers given, notes left out; ``before`` begins their paths."""
        return [
            self.line(question, answers.get(question.name, ""), before + question.name)
            for question in questions
            if not question.is_note
        ]

    def line(self, question: Question, answer: object, path: str, label: str = "") -> Line:
        """One question, under its own label or another."""
        problem = self.problems.get(path)
        is_text = isinstance(plain(answer), str) and not isinstance(plain(answer), NonResponse)
        return Line(
            label=library.fill(label or in_language(question.label, "fr"), self.words),
            answer=self._shown(question, answer),
            words=question.is_open and is_text,
            problem=str(problem) if problem else "",
            photo=str(answer) if question.type == "image" and is_text and answer else "",
        )

    def _shown(self, question: Question, answer: object) -> str:
        """The answer in words; what could not be read is shown as it was typed."""
        value: Any = plain(answer)
        if is_empty(value):
            return ""
        if isinstance(value, NonResponse | list) or question.type in NOT_IN_WORDS:
            try:
                return TYPES[question.type].show(question, value, "fr", self.places)
            except (ValueError, TypeError):
                return str(value)
        return str(value)


def groups(whole: Questionnaire, answers: Mapping[str, Any], reading: Reading) -> list[Group]:
    """What is asked with what was answered, section by section, entry by entry."""
    return [
        group
        for name, questions in asked(whole, answers).items()
        for group in _of_section(whole, whole.section(name), questions, answers, reading)
    ]


def _of_section(
    whole: Questionnaire,
    section: Section,
    questions: Sequence[Question],
    answers: Mapping[str, Any],
    reading: Reading,
) -> Iterator[Group]:
    title = in_language(section.label, "fr")
    if not section.is_repeat:
        if questions:
            yield Group(section, title, reading.lines(questions, answers))
        return
    yield Group(section, title, [])
    form, outer = entry_form(whole, section.name), settled(whole, answers)
    for rank, entry in enumerate(entries(section, answers), 1):
        inside = asked(form, entry, outer=outer).get(section.name, ())
        before = f"{section.name}.{rank}."
        named = entry_title(section, rank)
        yield Group(section, named, reading.lines(inside, entry, before), rank)


def left_out(whole: Questionnaire, dropped: Mapping[str, object], reading: Reading) -> list[Line]:
    """Answers that will not be kept, under the title of their question or section."""
    found: list[Line] = []
    for path, answer in dropped.items():
        if is_empty(answer) or path in reading.problems:
            continue
        section = next((item for item in whole.sections if item.name == path), None)
        if section is not None:
            found += _whole_section(section, answer, reading)
            continue
        try:
            question, label = question_at(whole, path), title_at(whole, path)
        except KeyError:
            continue
        found.append(reading.line(question, answer, path, label))
    return found


def _whole_section(section: Section, answer: object, reading: Reading) -> Iterator[Line]:
    for rank, entry in enumerate(entries(section, {section.name: answer}), 1):
        for line in reading.lines(section.questions, entry):
            if line.answer:
                named = f"{entry_title(section, rank)} : {line.label}"
                yield Line(named, line.answer, line.words, photo=line.photo)


def summary(lines: Sequence[Line]) -> str:
    """The first answers of an entry, in one short line."""
    text = " · ".join(
        " ".join(line.answer.split()) for line in lines if line.answer and not line.photo
    )
    return text if len(text) <= SUMMARY else text[: SUMMARY - 1].rstrip() + "…"
