"""The part of a condition that says « the person agreed »: found by its values, not its words.

Every section of a testimony waits for the same agreement; whoever edits a questionnaire never
has to read it, and cannot take it away by changing a question's own condition.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from functools import reduce

from questionnaires import expressions
from questionnaires.adapt import MEETING
from questionnaires.condition_words import chain
from questionnaires.expressions import Binary, ExpressionError, Node
from questionnaires.model import Question, Questionnaire
from questionnaires.problems import Problem, QuestionnaireError
from questionnaires.testimony import AGE, JOINT_AGREEMENT, UNDER_15, consents


def noting(questionnaire: Questionnaire) -> Question | None:
    """The question that asks whether words may be noted, or ``None``."""
    return next((item for item in questionnaire.questions if item.consent == "noter"), None)


def granted(questionnaire: Questionnaire) -> tuple[str, ...]:
    """The answers by which words may be noted: « oui », and « partie » for a group."""
    asking = noting(questionnaire)
    names = [choice.name for choice in asking.choices] if asking else []
    return tuple(
        name
        for name in names
        if asking and consents(questionnaire, {asking.name: name})["noter"] == "granted"
    )


def split(questionnaire: Questionnaire, text: str) -> tuple[str, str]:
    """The agreement part of a condition and its own part, as expressions; either may be empty."""
    try:
        parts = chain(expressions.parse(text), "and") if text else []
    except ExpressionError:
        return "", text
    names = _names(questionnaire)
    shared = [part for part in parts if expressions.references(part) & names]
    shared = [part for part in shared if expressions.references(part) <= names]
    if not shared or not _is_agreement(questionnaire, _all(shared)):
        return "", text
    own = [part for part in parts if part not in shared]
    return expressions.to_text(_all(shared)), expressions.to_text(_all(own)) if own else ""


def with_own(questionnaire: Questionnaire, text: str, own: str) -> str:
    """The condition ``text`` with another own part; its agreement part stays.

    Raises ``QuestionnaireError`` when ``own`` cannot be read.
    """
    shared, own = split(questionnaire, text)[0], own.strip()
    try:
        parts = [expressions.parse(part) for part in (shared, own) if part]
    except ExpressionError as error:
        remedy = "Rien n’a été changé. Corrigez cette condition, puis recommencez."
        message = f"Cette condition n’est pas lisible. {error.message}"
        raise QuestionnaireError(Problem("bad-condition", own, message, remedy)) from error
    return expressions.to_text(_all(parts)) if parts else ""


def going_on(questionnaire: Questionnaire) -> str:
    """What a new section waits for: the agreement, or the condition that most sections share.

    Empty when the questionnaire asks for no agreement.
    """
    asking = noting(questionnaire)
    if asking is None:
        return ""
    later = [s for s in questionnaire.sections if s.kind not in {MEETING, "consent"}]
    shared = Counter(section.relevant for section in later if asking.name in section.relevant)
    for text, count in shared.most_common():
        if count > 1 or split(questionnaire, text) == (text, ""):
            return text
    agreed = " or ".join(f"${{{asking.name}}} = '{name}'" for name in granted(questionnaire))
    if agreed and {AGE, JOINT_AGREEMENT} <= _names(questionnaire):
        agreed = f"({agreed}) and (${{{AGE}}} != '{UNDER_15}' or ${{{JOINT_AGREEMENT}}} = 'oui')"
    return expressions.to_text(expressions.parse(agreed)) if agreed else ""


def _names(questionnaire: Questionnaire) -> set[str]:
    asking = noting(questionnaire)
    asked = {question.name for question in questionnaire.asked_once}
    return {asking.name} | ({AGE, JOINT_AGREEMENT} & asked) if asking else set()


def _is_agreement(questionnaire: Questionnaire, node: Node) -> bool:
    """Whether the condition is true exactly when the conversation may go on, however written.

    Read from its values: every answer to the two or three questions.
    """
    asking, names = noting(questionnaire), _names(questionnaire)
    if asking is None or asking.name not in expressions.references(node):
        return False
    yes = granted(questionnaire)
    ages = [choice.name for choice in questionnaire.question(AGE).choices] if AGE in names else []
    for said in ["", *(choice.name for choice in asking.choices)]:
        for age in ages if said in yes and ages else [""]:
            under = age == UNDER_15
            for joint in ["", "non", "oui"] if under and JOINT_AGREEMENT in names else [""]:
                values = {asking.name: said, AGE: age, JOINT_AGREEMENT: joint}
                wanted = said in yes and (not under or joint == "oui")
                if expressions.holds(node, values) is not wanted:
                    return False
    return True


def _all(nodes: Sequence[Node]) -> Node:
    return reduce(lambda left, right: Binary("and", left, right), nodes)
