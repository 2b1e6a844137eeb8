"""Conditions as rules that a person picks from lists, and as sentences that they read.

An editor shows and changes a question's own condition only, never the agreement that it waits
for (see ``agreement``).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from typing import Literal as OneOf

from questionnaires import agreement, condition_words, expressions
from questionnaires.adapt import MEETING
from questionnaires.condition_words import chain
from questionnaires.expressions import (
    Binary,
    Call,
    ExpressionError,
    Literal,
    Negate,
    Node,
    Ref,
)
from questionnaires.model import Question, Questionnaire
from questionnaires.problems import Problem, QuestionnaireError
from questionnaires.types import SEVERAL, WITH_CHOICES

Join = OneOf["and", "or"]

TESTS: Mapping[str, str] = {
    "is": "est",
    "is_not": "n’est pas",
    "contains": "contient",
    "contains_not": "ne contient pas",
    "answered": "est donnée",
    "not_answered": "n’est pas donnée",
    "at_least": "est au moins",
    "at_most": "est au plus",
}
"""What can be asked of an answer, as it follows « la réponse »."""

_COMPARED = {"is": "=", "is_not": "!=", "at_least": ">=", "at_most": "<="}
_OPERATORS = {operator: test for test, operator in _COMPARED.items()}
_WHOLE = re.compile(r"-?[0-9]{1,12}\Z")


@dataclass(frozen=True, slots=True)
class Rule:
    """One test of one answer; ``value`` is a choice's name, a number in digits, an ISO day or a
    text, and is empty for ``answered`` and ``not_answered``."""

    question: str
    test: str
    value: str = ""


def fitting_tests(question: Question) -> tuple[str, ...]:
    """The tests that make sense for a question, the usual one first; none for a note."""
    answered = ("answered", "not_answered")
    if question.is_note:
        return ()
    if question.type in SEVERAL:
        return ("contains", "contains_not", *answered)
    if question.type in {"integer", "date", "scale"}:
        return ("is", "is_not", "at_least", "at_most", *answered)
    return ("is", "is_not", *answered) if question.type != "image" else answered


def readable(
    questionnaire: Questionnaire, section: str, question: str | None = None
) -> tuple[Question, ...]:
    """The questions that the condition of a section, or of a question in it, may read.

    Those asked before, notes left out; those of another entry or of another sheet never.
    """
    found: list[Question] = []
    own = questionnaire.section(section)
    for earlier in questionnaire.sections:
        if earlier.name == section:
            break
        if not earlier.is_repeat and (earlier.kind == MEETING) is (own.kind == MEETING):
            found += earlier.questions
    for item in own.questions if question is not None else ():
        if item.name == question:
            break
        found.append(item)
    return tuple(item for item in found if not item.is_note)


def to_expression(questionnaire: Questionnaire, rules: Sequence[Rule], join: Join = "and") -> str:
    """The XLSForm expression of the rules; empty without rules.

    Raises ``QuestionnaireError`` for an unknown question, a test that does not suit it, or a
    value that it cannot have.
    """
    nodes = [_node(questionnaire, rule) for rule in rules]
    return expressions.to_text(reduce(lambda a, b: Binary(join, a, b), nodes)) if nodes else ""


def from_expression(text: str) -> tuple[tuple[Rule, ...], Join] | None:
    """The rules of an expression and how they are joined, or ``None`` when rules cannot say it."""
    if not text:
        return (), "and"
    try:
        node = expressions.parse(text)
    except ExpressionError:
        return None
    join: Join = "or" if isinstance(node, Binary) and node.op == "or" else "and"
    rules = tuple(rule for part in chain(node, join) if (rule := _rule(part)) is not None)
    return (rules, join) if len(rules) == len(chain(node, join)) else None


def sentence(
    text: str,
    questionnaire: Questionnaire,
    language: str = "fr",
    subject: str = "Cette question",
    participle: str = "posée",
) -> str:
    """Any condition in a plain French sentence, with labels in ``language``.

    For a constraint, say « La réponse » and « acceptée ».
    """
    try:
        agreed, own = agreement.split(questionnaire, text)
        node = expressions.parse(own) if own else None
    except ExpressionError:
        return f"{subject} a une condition qui n’est pas lisible."
    asking = agreement.noting(questionnaire)
    who = "le groupe" if asking and asking.choice("partie") else "la personne"
    first = f"{who} a donné son accord" if agreed else ""
    if not first and node is None:
        return f"{subject} est toujours {participle}."
    said = condition_words.Words(questionnaire, language).reasons(node, first)
    return f"{subject} est {participle} {said}."


def _node(questionnaire: Questionnaire, rule: Rule) -> Node:
    try:
        question = questionnaire.question(rule.question)
    except KeyError:
        raise _refuse(rule.question, f"La question « {rule.question} » n’existe pas.") from None
    if rule.test not in fitting_tests(question):
        raise _refuse(rule.question, "Cette comparaison ne convient pas à cette question.")
    answer = Ref(rule.question)
    if rule.test in {"answered", "not_answered"}:
        return Binary("!=" if rule.test == "answered" else "=", answer, Literal(""))
    value = _value(question, rule)
    if rule.test in _COMPARED:
        return Binary(_COMPARED[rule.test], answer, value)
    selected = Call("selected", (answer, value))
    return selected if rule.test == "contains" else Call("not", (selected,))


def _value(question: Question, rule: Rule) -> Node:
    known = question.choice(rule.value) or question.choices_from
    if question.type in WITH_CHOICES and not (rule.value and known):
        raise _refuse(question.name, "Cette réponse ne fait pas partie des choix de la question.")
    if question.type == "integer":
        if not _WHOLE.match(rule.value):
            raise _refuse(question.name, f"« {rule.value} » n’est pas un nombre entier.")
        number = Literal(float(rule.value.lstrip("-")))
        return Negate(number) if rule.value.startswith("-") else number
    if not rule.value:
        raise _refuse(question.name, "Il manque la réponse à comparer.")
    try:
        return Literal(rule.value)
    except ExpressionError as error:
        raise _refuse(question.name, error.message) from error


def _rule(node: Node) -> Rule | None:
    match node:
        case Binary("=" | "!=" as operator, Ref(name), Literal("")):
            return Rule(name, "answered" if operator == "!=" else "not_answered")
        case Binary("=" | "!=" | ">=" | "<=" as operator, Ref(name), value):
            told = _told(value)
            return Rule(name, _OPERATORS[operator], told) if told else None
        case Call("selected", (Ref(name), Literal(str(value)))):
            return Rule(name, "contains", value) if value else None
        case Call("not", (Call("selected", (Ref(name), Literal(str(value)))),)):
            return Rule(name, "contains_not", value) if value else None
    return None


def _told(value: Node) -> str:
    match value:
        case Literal(str(text)):
            return text
        case Literal(float(number)) if number.is_integer():
            return str(int(number))
        case Negate(Literal(float(number))) if number.is_integer() and number:
            return f"-{int(number)}"
    return ""


def _refuse(where: str, message: str) -> QuestionnaireError:
    remedy = "Rien n’a été changé. Corrigez cette condition, puis recommencez."
    return QuestionnaireError(Problem("bad-condition", where, message, remedy))
