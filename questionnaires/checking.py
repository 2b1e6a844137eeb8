"""The check of answers against a questionnaire: what stands, what is wrong, what is left out."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from questionnaires.adapt import entry_form
from questionnaires.model import NonResponse, Question, Questionnaire, Section, in_language
from questionnaires.problems import AnswerError, Problem, answer_problem
from questionnaires.relevance import NOTHING, asked, holds, is_empty, plain, settled
from questionnaires.types import TYPES, Places, Raw, Value
from questionnaires.validation import MAX_ENTRIES

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


@dataclass(frozen=True, slots=True)
class _Run:
    """What ``check`` was asked."""

    questionnaire: Questionnaire
    answers: Mapping[str, object]
    places: Places | None
    today: date | None
    sections: Collection[str] | None
    outer: Mapping[str, object]

    def parts(self, *, repeated: bool) -> list[Section]:
        """The sections to look at, asked once or again and again."""
        return [
            section
            for section in self.questionnaire.sections
            if section.is_repeat is repeated
            and (self.sections is None or section.name in self.sections)
        ]


def check(
    questionnaire: Questionnaire,
    answers: Mapping[str, object],
    places: Places | None = None,
    today: date | None = None,
    sections: Collection[str] | None = None,
    outer: Mapping[str, object] = NOTHING,
) -> Checked:
    """Check answers (JSON or plain values) against the questionnaire.

    ``sections`` names the only sections to look at (a conversation stopped early): answers of
    the others are left out of the outcome, though conditions still read them. ``places`` maps
    the campaign's sectors to their labels; ``outer`` are the settled answers around one entry.
    A problem inside a repeated section is ``where`` its path is (``arrets.2.aime``). Never
    raises, whatever the answers hold.
    """
    run = _Run(questionnaire, answers, places, today, sections, outer)
    result = Checked()
    known = {question.name for question in questionnaire.asked_once}
    known |= {section.name for section in questionnaire.sections if section.is_repeat}
    both = {item.name + NON_RESPONSE_SUFFIX: item for item in _torn(questionnaire, answers)}
    for name in answers:
        if name not in known:
            result.dropped[name] = answers[name]
            result.problems.extend([] if name in both else [_unknown(name)])
    values: dict[str, object] = {}
    for question in questionnaire.asked_once:
        if question.name in answers and not is_empty(answers[question.name]):
            values[question.name] = _read(question, answers[question.name], places, result)
    _keep_relevant(run, values, result)
    _check_repeats(run, values, result)
    result.problems.extend(_both(item) for item in both.values() if item.name in result.values)
    return result


def _torn(questionnaire: Questionnaire, answers: Mapping[str, object]) -> list[Question]:
    """The questions both answered and said to be without answer."""
    silent = {name for name, value in answers.items() if isinstance(plain(value), NonResponse)}
    given = [item for item in questionnaire.asked_once if not is_empty(answers.get(item.name))]
    return [item for item in given if item.name + NON_RESPONSE_SUFFIX in silent]


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


def _keep_relevant(run: _Run, values: Mapping[str, object], result: Checked) -> None:
    """Keep what is asked, set the rest aside, and check what must be there and hold."""
    kept = asked(run.questionnaire, values, run.today, run.outer)
    asked_names = {question.name for questions in kept.values() for question in questions}
    seen = {**run.outer, **{name: value for name, value in values.items() if name in asked_names}}
    refused = {problem.where for problem in result.problems}
    looked_at = [item for section in run.parts(repeated=False) for item in section.questions]
    for question in looked_at:
        value = values.get(question.name, "")
        if question.name not in asked_names:
            if question.name in values:
                result.dropped[question.name] = run.answers[question.name]
        elif not is_empty(value):
            result.values[question.name] = value
            result.problems.extend(_broken_constraint(question, value, seen, run.today))
        elif question.required and not question.is_note and question.name not in refused:
            result.problems.append(_required(question))
    _forget_unasked(run.questionnaire, result, asked_names, {item.name for item in looked_at})


def _forget_unasked(
    questionnaire: Questionnaire, result: Checked, asked_names: set[str], looked_at: set[str]
) -> None:
    """Problems of questions that are not asked, or not looked at, are nobody's concern."""
    known = {question.name for question in questionnaire.asked_once}
    for name in known - looked_at:
        result.dropped.pop(name, None)
    concern = asked_names & looked_at
    result.problems[:] = [
        problem
        for problem in result.problems
        if problem.where not in known or problem.where in concern
    ]


def _check_repeats(run: _Run, values: Mapping[str, object], result: Checked) -> None:
    """Check each entry of each repeated section, its conditions reading the answers around it."""
    parts = run.parts(repeated=True)
    given = [part for part in parts if not is_empty(run.answers.get(part.name))]
    if not given:
        return
    kept = asked(run.questionnaire, values, run.today)
    outer = settled(run.questionnaire, values, run.today)
    for section in given:
        listed = run.answers[section.name]
        problem = _bad_entries(section, listed) if section.name in kept else None
        if section.name not in kept or problem or not isinstance(listed, list | tuple):
            result.problems.extend([problem] if problem else [])
            result.dropped[section.name] = listed
            continue
        form = entry_form(run.questionnaire, section.name)
        for rank, entry in enumerate(listed, 1):
            inside = check(form, entry, run.places, run.today, outer=outer)
            _add_entry(section.name, rank, inside, result)


def _add_entry(section: str, rank: int, inside: Checked, result: Checked) -> None:
    here = f"{section}.{rank}."
    if inside.values:
        listed = result.values.setdefault(section, [])
        if isinstance(listed, list):
            listed.append(inside.values)
    result.problems.extend(replace(item, where=here + item.where) for item in inside.problems)
    result.dropped.update({here + name: value for name, value in inside.dropped.items()})


def _bad_entries(section: Section, given: object) -> Problem | None:
    """Why this is not a list of entries, or has too many of them."""
    if not isinstance(given, list | tuple) or not all(isinstance(item, Mapping) for item in given):
        return answer_problem(
            "unreadable",
            section.name,
            "Ces réponses n’ont pas la forme attendue par le questionnaire.",
            "Répondez de nouveau à cette partie.",
        )
    limit = section.max_repeats or MAX_ENTRIES
    if len(given) <= limit:
        return None
    label = in_language(section.label, "fr")
    return answer_problem(
        "too-many-entries",
        section.name,
        f"« {label} » compte {len(given)} réponses. Le maximum est de {limit}.",
        "Retirez-en.",
    )


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
