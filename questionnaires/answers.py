"""Answers against one published questionnaire: read from a form, checked, turned into JSON.

A value is text, a whole number or a list of choice names; a date is ``yyyy-mm-dd`` text; a
non-response is a ``NonResponse``, written ``{"non_response": "refus"}`` in JSON.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import date

from questionnaires.model import NonResponse, Question, Questionnaire, in_language
from questionnaires.problems import AnswerError, Problem, answer_problem
from questionnaires.relevance import (
    asked,
    holds,
    is_empty,
    plain,
    relevant_answers,
    relevant_questions,
    relevant_sections,
)
from questionnaires.testimony import (
    Decision,
    Part,
    consents,
    may_continue,
    open_text,
    profile,
)
from questionnaires.types import TYPES, Places, Raw, Value

__all__ = [
    "NON_RESPONSE_SUFFIX",
    "Checked",
    "Decision",
    "Part",
    "check",
    "consents",
    "from_json",
    "may_continue",
    "open_text",
    "parse_form",
    "profile",
    "relevant_answers",
    "relevant_questions",
    "relevant_sections",
    "to_json",
]

NON_RESPONSE_SUFFIX = "__nr"
"""Beside the field ``aime``, the field ``aime__nr`` holds ``""``, ``ne_sait_pas`` or ``refus``."""


@dataclass(frozen=True, slots=True)
class Checked:
    """Outcome of a check.

    ``values`` can be stored; ``dropped`` holds, as received, what is not in ``values``: answers
    to unknown or irrelevant questions and answers that could not be read. Nothing disappears.
    """

    values: dict[str, object] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    dropped: dict[str, object] = field(default_factory=dict)

    @property
    def ok(self) -> bool:
        return not self.problems


def to_json(values: Mapping[str, object]) -> dict[str, object]:
    """Values in their JSON form."""
    return {name: _json(value) for name, value in values.items()}


def _json(value: object) -> object:
    if isinstance(value, NonResponse):
        return {"non_response": value.value}
    return list(value) if isinstance(value, list | tuple) else value


def from_json(data: Mapping[str, object]) -> dict[str, object]:
    """Values from their JSON form; they still need ``check``."""
    return {name: plain(value) for name, value in data.items()}


def check(
    questionnaire: Questionnaire,
    answers: Mapping[str, object],
    places: Places | None = None,
    today: date | None = None,
    sections: Collection[str] | None = None,
) -> Checked:
    """Check answers (JSON or plain values) against the questionnaire.

    ``sections`` names the only sections to look at (a conversation stopped early): answers of
    the others are left out of the outcome, though conditions still read them. ``places`` maps
    the campaign's sectors to their labels. Never raises, whatever the answers hold.
    """
    result = Checked()
    known = {question.name for question in questionnaire.questions}
    both = {item.name + NON_RESPONSE_SUFFIX: item for item in _torn(questionnaire, answers)}
    for name in answers:
        if name not in known:
            result.dropped[name] = answers[name]
            result.problems.extend([] if name in both else [_unknown(name)])
    values: dict[str, object] = {}
    for question in questionnaire.questions:
        if question.name in answers and not is_empty(answers[question.name]):
            values[question.name] = _read(question, answers[question.name], places, result)
    _keep_relevant(questionnaire, values, answers, result, sections, today)
    result.problems.extend(_both(item) for item in both.values() if item.name in result.values)
    return result


def parse_form(
    questionnaire: Questionnaire,
    section_name: str,
    getlist: Callable[[str], list[str]],
    known: Mapping[str, object],
    places: Places | None = None,
    today: date | None = None,
) -> Checked:
    """Read and check one posted section; ``known`` are the answers of the other sections.

    ``getlist`` gives the values posted under a field name. When words and « Je ne sais pas » are
    both given, the words stay in ``values``, the other in ``dropped`` under its own field name,
    and a problem asks which one stands. Raises ``KeyError`` for an unknown section.
    """
    posted: dict[str, object] = {}
    for question in questionnaire.section(section_name).questions:
        given = [item for item in getlist(question.name) if item.strip()]
        said = _non_response(question, getlist(question.name + NON_RESPONSE_SUFFIX))
        if given:
            posted[question.name] = given if question.type == "select_multiple" else _one(given)
            posted |= {question.name + NON_RESPONSE_SUFFIX: said} if said is not None else {}
        elif said is not None:
            posted[question.name] = said
    inside = {question.name for question in questionnaire.section(section_name).questions}
    others = {
        question.name: known[question.name]
        for question in questionnaire.questions
        if question.name in known and question.name not in inside
    }
    return check(questionnaire, {**others, **posted}, places, today, {section_name})


def _torn(questionnaire: Questionnaire, answers: Mapping[str, object]) -> list[Question]:
    """The questions both answered and said to be without answer."""
    silent = {name for name, value in answers.items() if isinstance(plain(value), NonResponse)}
    given = [item for item in questionnaire.questions if not is_empty(answers.get(item.name))]
    return [item for item in given if item.name + NON_RESPONSE_SUFFIX in silent]


def _one(given: list[str]) -> object:
    return given[0] if len(given) == 1 else given


def _non_response(question: Question, given: list[str]) -> NonResponse | None:
    wanted = next((item for item in given if item in set(NonResponse)), None)
    return NonResponse(wanted) if wanted and not question.is_note else None


def _read(
    question: Question, answer: object, places: Places | None, result: Checked
) -> Value | NonResponse:
    """The value, or an empty one with its problem when the answer cannot be read."""
    value = plain(answer)
    if isinstance(value, NonResponse):
        if question.offers_non_response:
            return value
        result.problems.append(_required(question))
        result.dropped[question.name] = answer
        return ""
    try:
        parsed = TYPES[question.type].parse(question, _raw(question, value))
        problems = TYPES[question.type].check(question, parsed, places)
    except AnswerError as error:
        problems = [error.problem]
    if problems:
        result.problems.extend(problems)
        result.dropped[question.name] = answer
        return ""
    return parsed


def _raw(question: Question, value: object) -> Raw:
    """A JSON value as a form would post it."""
    if isinstance(value, int) and not isinstance(value, bool) and question.type == "integer":
        if abs(value) >= 10**12:
            raise AnswerError(_shape(question))
        return str(value)
    if isinstance(value, str):
        return value
    if isinstance(value, list | tuple) and all(isinstance(item, str) for item in value):
        return [str(item) for item in value]
    raise AnswerError(_shape(question))


def _keep_relevant(
    questionnaire: Questionnaire,
    values: Mapping[str, object],
    answers: Mapping[str, object],
    result: Checked,
    sections: Collection[str] | None,
    today: date | None,
) -> None:
    """Keep what is asked, set the rest aside, and check what must be there and hold."""
    kept = asked(questionnaire, values, today)
    asked_names = {question.name for questions in kept.values() for question in questions}
    seen = {name: value for name, value in values.items() if name in asked_names}
    refused = {problem.where for problem in result.problems}
    looked_at: set[str] = set()
    for section in questionnaire.sections:
        if sections is not None and section.name not in sections:
            continue
        looked_at |= {question.name for question in section.questions}
        for question in section.questions:
            value = seen.get(question.name, "")
            if question.name not in asked_names:
                if question.name in values:
                    result.dropped[question.name] = answers[question.name]
            elif not is_empty(value):
                result.values[question.name] = value
                result.problems.extend(_broken_constraint(question, value, seen, today))
            elif question.required and not question.is_note and question.name not in refused:
                result.problems.append(_required(question))
    _forget_unasked(questionnaire, result, asked_names, looked_at)


def _forget_unasked(
    questionnaire: Questionnaire, result: Checked, asked_names: set[str], looked_at: set[str]
) -> None:
    """Problems of questions that are not asked, or not looked at, are nobody's concern."""
    known = {question.name for question in questionnaire.questions}
    for name in known - looked_at:
        result.dropped.pop(name, None)
    concern = asked_names & looked_at
    result.problems[:] = [
        problem
        for problem in result.problems
        if problem.where not in known or problem.where in concern
    ]


def _broken_constraint(
    question: Question, value: object, values: Mapping[str, object], today: date | None
) -> list[Problem]:
    if isinstance(value, NonResponse) or holds(question.constraint, values, value, today):
        return []
    message = in_language(question.constraint_message, "fr")
    return [
        answer_problem(
            "constraint",
            question.name,
            message or "Cette réponse ne respecte pas la règle de la question.",
            "Corrigez cette réponse.",
        )
    ]


def _unknown(name: str) -> Problem:
    return answer_problem(
        "unknown-question",
        name,
        f"La question « {name[:80]} » n’existe pas dans cette version du questionnaire.",
        "Ouvrez le questionnaire à jour et reportez la réponse.",
    )


def _required(question: Question) -> Problem:
    label = in_language(question.label, "fr")
    return answer_problem(
        "required",
        question.name,
        f"Il manque la réponse à : « {label} ».",
        "Répondez à cette question pour continuer.",
    )


def _both(question: Question) -> Problem:
    return answer_problem(
        "both-answers",
        question.name,
        "Une réponse est donnée, et l’absence de réponse est aussi cochée.",
        "Gardez l’une des deux.",
    )


def _shape(question: Question) -> Problem:
    return answer_problem(
        "unreadable",
        question.name,
        "Cette réponse n’a pas la forme attendue par la question.",
        "Répondez de nouveau à cette question.",
    )
