"""Which sections and questions a person is asked, given what was answered so far."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from questionnaires import expressions
from questionnaires.model import NonResponse, Question, Questionnaire, Section


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
    questionnaire: Questionnaire, answers: Mapping[str, object], today: date | None = None
) -> dict[str, tuple[Question, ...]]:
    """Relevant questions of each relevant section, in order.

    Conditions are read in questionnaire order: an answer to a question that turns out not to be
    asked counts as unanswered for the conditions that follow it.
    """
    values = {name: plain(answer) for name, answer in answers.items()}
    result: dict[str, tuple[Question, ...]] = {}
    for section in questionnaire.sections:
        wanted = holds(section.relevant, values, today=today)
        kept: list[Question] = []
        for question in section.questions:
            if wanted and holds(question.relevant, values, today=today):
                kept.append(question)
            else:
                values.pop(question.name, None)
        if wanted:
            result[section.name] = tuple(kept)
    return result


def relevant_sections(
    questionnaire: Questionnaire, answers: Mapping[str, object], today: date | None = None
) -> tuple[Section, ...]:
    """The sections to go through, given the answers."""
    kept = asked(questionnaire, answers, today)
    return tuple(section for section in questionnaire.sections if section.name in kept)


def relevant_questions(
    questionnaire: Questionnaire,
    section: Section | str,
    answers: Mapping[str, object],
    today: date | None = None,
) -> tuple[Question, ...]:
    """The questions to ask in a section, notes included; none when the section is not relevant."""
    name = section if isinstance(section, str) else section.name
    return asked(questionnaire, answers, today).get(name, ())


def relevant_answers(
    questionnaire: Questionnaire, answers: Mapping[str, object], today: date | None = None
) -> dict[str, object]:
    """Answers, with non-responses read, to the questions that are asked; in their order."""
    return {
        question.name: plain(answers[question.name])
        for questions in asked(questionnaire, answers, today).values()
        for question in questions
        if question.name in answers and not is_empty(answers[question.name])
    }
