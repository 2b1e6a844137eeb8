"""Which sections and questions a person is asked, given what was answered so far."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from types import MappingProxyType

from questionnaires import expressions
from questionnaires.model import NonResponse, Question, Questionnaire, Section

NOTHING: Mapping[str, object] = MappingProxyType({})

Asked = dict[str, tuple[Question, ...]]


def plain(answer: object) -> object:
    """An answer from its JSON form: only non-responses change, they become ``NonResponse``."""
    match answer:
        case {"non_response": str(name), **rest} if not rest and name in set(NonResponse):
            return NonResponse(name)
    return answer


def is_empty(answer: object) -> bool:
    """Whether nothing was answered: a non-response is an answer."""
    if isinstance(answer, NonResponse):
        return False
    if isinstance(answer, str):
        return not answer.strip()
    return answer is None or answer == [] or answer == ()


def holds(
    condition: str, values: Mapping[str, object], current: object = None, today: date | None = None
) -> bool:
    """Whether a condition is true; no condition always is."""
    if not condition:
        return True
    return expressions.holds(expressions.parse(condition), values, current, today)


def asked(
    questionnaire: Questionnaire,
    answers: Mapping[str, object],
    today: date | None = None,
    outer: Mapping[str, object] = NOTHING,
) -> Asked:
    """Relevant questions of each relevant section, in order; none for a repeated section.

    Conditions are read in questionnaire order: an answer to a question that turns out not to be
    asked counts as unanswered for the conditions that follow it. ``outer`` are the settled
    answers around one entry of a repeated section (see ``adapt.entry_form``).
    """
    return _settle(questionnaire, answers, today, outer)[0]


def settled(
    questionnaire: Questionnaire, answers: Mapping[str, object], today: date | None = None
) -> dict[str, object]:
    """The answers that conditions may read: those of the questions that are asked."""
    return _settle(questionnaire, answers, today, NOTHING)[1]


def _settle(
    questionnaire: Questionnaire,
    answers: Mapping[str, object],
    today: date | None,
    outer: Mapping[str, object],
) -> tuple[Asked, dict[str, object]]:
    values = {**outer, **{name: plain(answer) for name, answer in answers.items()}}
    result: Asked = {}
    for section in questionnaire.sections:
        wanted = holds(section.relevant, values, today=today)
        open_here = wanted and not section.is_repeat
        kept: list[Question] = []
        for question in section.questions:
            # Most questions have no condition, and there is no call for those.
            if open_here and (
                not question.relevant or holds(question.relevant, values, today=today)
            ):
                kept.append(question)
            else:
                values.pop(question.name, None)
        if wanted:
            result[section.name] = tuple(kept)
    return result, values


def relevant_sections(
    questionnaire: Questionnaire, answers: Mapping[str, object]
) -> tuple[Section, ...]:
    """The sections to go through, given the answers."""
    kept = asked(questionnaire, answers)
    return tuple(section for section in questionnaire.sections if section.name in kept)


def relevant_questions(
    questionnaire: Questionnaire,
    section: Section | str,
    answers: Mapping[str, object],
    outer: Mapping[str, object] = NOTHING,
) -> tuple[Question, ...]:
    """The questions to ask in a section, notes included; none when the section is not relevant."""
    name = section if isinstance(section, str) else section.name
    return asked(questionnaire, answers, outer=outer).get(name, ())


def relevant_answers(
    questionnaire: Questionnaire,
    answers: Mapping[str, object],
    outer: Mapping[str, object] = NOTHING,
) -> dict[str, object]:
    """Answers, with non-responses read, to the questions that are asked; in their order.

    Repeated sections are left out: see ``entries``.
    """
    return {
        question.name: plain(answers[question.name])
        for questions in asked(questionnaire, answers, outer=outer).values()
        for question in questions
        if question.name in answers and not is_empty(answers[question.name])
    }


def entries(section: Section, answers: Mapping[str, object]) -> Sequence[Mapping[str, object]]:
    """The entries given to a repeated section; what is not an entry is left out."""
    given = answers.get(section.name)
    if not isinstance(given, list | tuple):
        return ()
    return [entry for entry in given if isinstance(entry, Mapping)]
