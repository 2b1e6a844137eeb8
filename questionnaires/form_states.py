"""Every situation that a form can be in, as far as a few of its questions are concerned.

Answers are tried in the order of the form: a question that is not asked has no answer. Consent
questions take every choice they have, and none; the others the values that conditions compare
them with, one other, and none.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass

from questionnaires import expressions
from questionnaires.adapt import testimony_part
from questionnaires.expressions import Literal
from questionnaires.model import Question, Questionnaire
from questionnaires.relevance import holds
from questionnaires.testimony import AGE, JOINT_AGREEMENT
from questionnaires.types import SEVERAL, WITH_CHOICES
from questionnaires.validation import compared

MAX_STATES = 5_000
"""Situations looked at for one question; beyond, its conditions are said to be too mixed."""

WRITTEN_AGREEMENT = "accord_parent_ecrit"
AGREEMENTS = (AGE, JOINT_AGREEMENT, WRITTEN_AGREEMENT)
"""Questions whose every answer is tried, like those that ask for a consent."""

_OTHER = "autre_reponse"
_FEW = 9


class TooManyStatesError(Exception):
    """The conditions read too many answers to try them all."""


@dataclass(frozen=True, slots=True)
class State:
    """The answers given so far and the names of the questions asked, among those looked at."""

    values: Mapping[str, object]
    asked: Set[str]


class Form:
    """A testimony's form, ready to be put in every situation. Its conditions must be readable."""

    def __init__(self, questionnaire: Questionnaire) -> None:
        part = testimony_part(questionnaire)
        self.steps = [(section, item) for section in part.sections for item in section.questions]
        self.conditions = {
            item.name: [text for text in (section.relevant, item.relevant) if text]
            for section, item in self.steps
        }
        self.reads = {
            name: {ref for text in texts for ref in expressions.references(expressions.parse(text))}
            for name, texts in self.conditions.items()
        }
        self.varied = set(AGREEMENTS).union(*self.reads.values())
        self.mentioned = self._mentioned()

    def closure(self, names: Set[str]) -> set[str]:
        """These questions and all those on which being asked them depends."""
        found, waiting = set[str](), list(names)
        while waiting:
            name = waiting.pop()
            if name in self.reads and name not in found:
                found.add(name)
                waiting += self.reads[name]
        return found

    def states(self, looked_at: Set[str]) -> Iterator[State]:
        """Every situation of these questions and of what they depend on.

        Raises ``TooManyStatesError`` beyond ``MAX_STATES``.
        """
        kept = self.closure(looked_at)
        steps = [item for _, item in self.steps if item.name in kept]
        for count, state in enumerate(self._from(steps, 0, {}, frozenset())):
            if count >= MAX_STATES:
                raise TooManyStatesError
            yield state

    def _from(
        self, steps: list[Question], rank: int, values: Mapping[str, object], asked: frozenset[str]
    ) -> Iterator[State]:
        if rank == len(steps):
            yield State(values, asked)
            return
        question = steps[rank]
        if not all(holds(text, values) for text in self.conditions[question.name]):
            yield from self._from(steps, rank + 1, values, asked)
            return
        for answer in self._answers(question):
            given = {**values, question.name: answer} if answer else values
            yield from self._from(steps, rank + 1, given, asked | {question.name})

    def _answers(self, question: Question) -> list[object]:
        """The answers to try: those of a question that nothing reads make no difference."""
        if question.is_note or not (question.consent or question.name in self.varied):
            return [""]
        mentioned = self.mentioned.get(question.name, [])
        if question.type not in WITH_CHOICES:
            return ["", *mentioned, *self._numbers(question), _OTHER]
        names = [choice.name for choice in question.choices]
        if len(names) > _FEW or question.choices_from:
            others = [name for name in names if name not in mentioned] or [_OTHER]
            names = [*mentioned, others[0]]
        if question.type in SEVERAL:
            return ["", *([name] for name in names), names]
        return ["", *names]

    def _mentioned(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for texts in self.conditions.values():
            for text in texts:
                for name, value in compared(expressions.parse(text)):
                    if value and value not in found.setdefault(name, []):
                        found[name].append(value)
        return found

    def _numbers(self, question: Question) -> list[int]:
        """Whole numbers around those of the conditions, for a question answered by a number."""
        if question.type != "integer":
            return []
        found: set[int] = {0}
        for texts in self.conditions.values():
            for text in texts:
                for part, _ in expressions.walk(expressions.parse(text)):
                    if isinstance(part, Literal) and isinstance(part.value, float):
                        found |= {int(part.value) + step for step in (-1, 0, 1)}
        return sorted(found)
