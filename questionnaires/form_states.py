"""Every situation that a form can be in, as far as the agreements and the age are concerned.

Only the answers to those questions are known, and only through ``=``, ``!=`` and ``selected``
with a text. All the rest that a condition may say (another answer, a date, a sum, ``today()``)
could be true or not on the day: both are tried. The situations tried hold all the real ones, so
that what none of them lets happen cannot happen.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass

from questionnaires import expressions
from questionnaires.adapt import testimony_part
from questionnaires.expressions import Binary, Call, Literal, Node, Ref
from questionnaires.model import Question, Questionnaire
from questionnaires.testimony import AGE, JOINT_AGREEMENT

MAX_STATES = 5_000
"""Situations looked at for one rule; beyond, the conditions are said to be too mixed."""

MAX_WORK = 2_000_000
"""Pieces of conditions read for a whole form: some two seconds. The library's take 60,000."""

MAX_TRUTHS = 60
"""Truths held at once in a situation."""

WRITTEN_AGREEMENT = "accord_parent_ecrit"
AGREEMENTS = (AGE, JOINT_AGREEMENT, WRITTEN_AGREEMENT)
"""Questions whose every answer is tried, like those that ask for a consent."""

_FREE = "libre__"  # no question may have two underscores in a row in its name


class TooManyStatesError(Exception):
    """The conditions mix too many truths to try them all."""


@dataclass(frozen=True, slots=True)
class State:
    """The known answers given so far and the names of the questions asked, among those looked at.

    ``values`` also holds what was taken as true or not, under names that no question has.
    """

    values: Mapping[str, object]
    asked: Set[str]


class Form:
    """A testimony's form, ready to be put in every situation. Its conditions must be readable."""

    def __init__(self, questionnaire: Questionnaire) -> None:
        part = testimony_part(questionnaire)
        self.steps = [(section, item) for section in part.sections for item in section.questions]
        self.known = {item.name for _, item in self.steps if _is_known(item)}
        self.left = MAX_WORK
        self._free: dict[Node, Ref] = {}
        self.conditions = {
            item.name: [
                self._plain(expressions.parse(text))
                for text in (section.relevant, item.relevant)
                if text
            ]
            for section, item in self.steps
        }
        """What each question waits for, where what is not known has a name of its own."""
        self._sizes = {
            name: 1 + sum(1 for node in nodes for _ in expressions.walk(node))
            for name, nodes in self.conditions.items()
        }
        self._reads = {
            name: {ref for node in nodes for ref in expressions.references(node)} & self.known
            for name, nodes in self.conditions.items()
        }

    def closure(self, names: Set[str]) -> set[str]:
        """These questions and the known ones on which being asked them depends."""
        found, waiting = set[str](), list(names)
        while waiting:
            name = waiting.pop()
            if name in self._reads and name not in found:
                found.add(name)
                waiting += self._reads[name]
        return found

    def states(self, looked_at: Set[str]) -> Iterator[State]:
        """Every situation of these questions and of what they depend on.

        Raises ``TooManyStatesError`` beyond ``MAX_STATES``, and beyond ``MAX_WORK`` in all.
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
        self.left -= self._sizes[question.name]
        if self.left < 0 or len(values) > MAX_TRUTHS:
            raise TooManyStatesError
        met = _met(self.conditions[question.name], values)
        if isinstance(met, str):
            for truth in (True, False):
                yield from self._from(steps, rank, {**values, met: truth}, asked)
            return
        if not met:
            yield from self._from(steps, rank + 1, values, asked)
            return
        seen = asked | {question.name}
        yield from self._from(steps, rank + 1, values, seen)
        if question.name in self.known:
            for choice in question.choices:
                yield from self._from(steps, rank + 1, {**values, question.name: choice.name}, seen)

    def _plain(self, node: Node) -> Node:
        """The condition with a free truth in the place of each part that is not known."""
        match node:
            case Binary("and" | "or" as op, left, right):
                return Binary(op, self._plain(left), self._plain(right))
            case Call("not", (operand,)):
                return Call("not", (self._plain(operand),))
            case Binary("!=", left, right):
                return Call("not", (self._plain(Binary("=", left, right)),))
            case Binary("=", Literal(str()), Ref()):
                return self._plain(Binary("=", node.right, node.left))
            case Call("true" | "false", ()):
                return node
            case Binary("=", Ref(name), Literal(str())) if name in self.known:
                return node
            case Call("selected", (Ref(name), Literal(str()))) if name in self.known:
                return node
        return self._free.setdefault(node, Ref(f"{_FREE}{len(self._free)}"))


def _is_known(question: Question) -> bool:
    """Whether its answers can all be tried: one of its own choices, or none."""
    counted = question.consent or question.name in AGREEMENTS
    return bool(counted) and question.type == "select_one" and question.choices_from is None


def _met(conditions: list[Node], values: Mapping[str, object]) -> bool | str:
    """Whether all hold; the name of a free truth when that depends on one not settled yet."""
    for node in conditions:
        truth = _truth(node, values)
        if truth is not True:
            return truth
    return True


def _truth(node: Node, values: Mapping[str, object]) -> bool | str:
    match node:
        case Binary("and" | "or" as op, left, right):
            first = _truth(left, values)
            decided = isinstance(first, str) or first is (op == "or")
            return first if decided else _truth(right, values)
        case Call("not", (operand,)):
            truth = _truth(operand, values)
            return truth if isinstance(truth, str) else not truth
        case Ref(name) if name.startswith(_FREE):
            return bool(values[name]) if name in values else name
    return expressions.holds(node, values)
