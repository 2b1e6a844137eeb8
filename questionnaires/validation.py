"""Whether a questionnaire stands on its feet: names, types, choices, conditions that reach."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator

from questionnaires import expressions
from questionnaires.adapt import LISTS, MEETING
from questionnaires.expressions import Binary, Call, ExpressionError, Literal, Node, Ref
from questionnaires.languages import is_code, not_a_code
from questionnaires.model import SCOPES, TEAM, USAGES, Labels, Question, Questionnaire, Section
from questionnaires.problems import Problem
from questionnaires.types import SEVERAL, TYPES, WITH_CHOICES
from questionnaires.values import label_fault

_NAME = re.compile(r"[a-z][a-z0-9_]{0,62}\Z")
_CHOICE_NAME = re.compile(r"[a-z0-9][a-z0-9_]{0,62}\Z")
_KINDS = ("", "consent", "profile", MEETING)

RESERVED = frozenset({"seen", "shown", "go", "csrf_token"}) | {
    f"{which}password" for which in ("", "current_", "new_", "repeated_")
}
"""Names that a page of answers keeps for its own fields, and those that are never shown again."""

MAX_ENTRIES = 200
"""Entries of a repeated section, when it sets no lower limit itself."""


def verify(questionnaire: Questionnaire) -> list[Problem]:
    """Everything that would make the questionnaire misbehave; empty when it can be published."""
    problems = [*_names(questionnaire), *_languages(questionnaire), *_texts(questionnaire)]
    if questionnaire.usage not in USAGES:
        problems.append(
            _problem(questionnaire.name, f"L’usage « {questionnaire.usage} » n’existe pas.")
        )
    # What a meeting's own sheet answers is not there when a testimony is taken, and conversely.
    before: dict[bool, set[str]] = {True: set(), False: set()}
    reachable = {question.name: question for question in questionnaire.questions}
    for section in questionnaire.sections:
        names = before[section.kind == MEETING]
        problems += _section(section)
        problems += _condition(section.name, section.relevant, names, reachable)
        inside = set(names)
        for question in section.questions:
            problems += _question(question)
            problems += _condition(question.name, question.relevant, inside, reachable)
            inside.add(question.name)
            problems += _condition(question.name, question.constraint, inside, reachable)
        if not section.is_repeat:
            names |= inside
    return problems


def _section(section: Section) -> Iterator[Problem]:
    where = section.name
    if section.kind not in _KINDS:
        yield _problem(where, f"La sorte « {section.kind} » n’existe pas.")
    if section.max_repeats is not None and (
        not section.is_repeat or not 1 <= section.max_repeats <= MAX_ENTRIES
    ):
        yield _problem(where, "Le nombre de répétitions ne convient pas.")
    if not section.is_repeat:
        return
    if section.kind in {"consent", "profile"}:
        yield _problem(where, "L’accord et le profil ne se répètent pas.")
    for question in section.questions:
        if question.consent or question.profile:
            yield _problem(question.name, "L’accord et le profil ne se répètent pas.")


def _problem(where: str, message: str, remedy: str = "Corrigez le questionnaire.") -> Problem:
    return Problem("bad-questionnaire", where, message, remedy)


def _twice(names: Iterable[str]) -> list[str]:
    return [name for name, count in Counter(names).items() if count > 1]


def _names(questionnaire: Questionnaire) -> Iterator[Problem]:
    sections = [section.name for section in questionnaire.sections]
    questions = [question.name for question in questionnaire.questions]
    for name in _twice(sections):
        yield _problem(name, f"Deux sections portent le nom « {name} ».", "Renommez-en une.")
    for name in _twice(questions):
        yield _problem(name, f"Deux questions portent le nom « {name} ».", "Renommez-en une.")
    repeated = {section.name for section in questionnaire.sections if section.is_repeat}
    for name in sorted(repeated & set(questions)):
        yield _problem(name, f"Une section répétée et une question se nomment « {name} ».")
    for name in [*sections, *questions]:
        # Two underscores in a row are kept for the companion fields of a form.
        if not _NAME.match(name) or "__" in name or name in RESERVED:
            yield _problem(
                name,
                f"« {name} » n’est pas un nom possible.",
                "Utilisez des minuscules sans accent, des chiffres et des soulignés isolés.",
            )
    if not questions:
        yield _problem(questionnaire.name, "Le questionnaire n’a aucune question.")


def _languages(questionnaire: Questionnaire) -> Iterator[Problem]:
    default = questionnaire.default_language
    labelled: list[tuple[str, object]] = [(questionnaire.name, questionnaire.title.get(default))]
    for section in questionnaire.sections:
        labelled.append((section.name, section.label.get(default)))
        if section.is_repeat:
            labelled.append((section.name, section.repeat.get(default)))
        for question in section.questions:
            labelled.append((question.name, question.label.get(default)))
            labelled += [(question.name, choice.label.get(default)) for choice in question.choices]
    for where, label in labelled:
        if not label:
            yield _problem(where, f"Il manque un texte dans la langue « {default} ».")
    for language in questionnaire.languages:
        if not is_code(language):
            yield not_a_code(language, questionnaire.name)
    for language in questionnaire.unproofread:
        if language == default or language not in questionnaire.languages:
            yield _problem(questionnaire.name, f"Aucune traduction « {language} » n’est à relire.")


def _texts(questionnaire: Questionnaire) -> Iterator[Problem]:
    """A text that is endless, or that no file can hold, in whatever language."""
    for where, labels in _said(questionnaire):
        for text in labels.values():
            fault = label_fault(text, where)
            if fault:
                yield _problem(where, *fault)


def _said(questionnaire: Questionnaire) -> Iterator[tuple[str, Labels]]:
    for labels in (questionnaire.title, questionnaire.purpose):
        yield questionnaire.name, labels
    for labels in (questionnaire.audience, questionnaire.duration):
        yield questionnaire.name, labels
    for section in questionnaire.sections:
        yield section.name, section.label
        yield section.name, section.repeat
        for question in section.questions:
            said = (question.label, question.hint, question.constraint_message, *question.probes)
            for labels in (*said, *(choice.label for choice in question.choices)):
                yield question.name, labels


def _question(question: Question) -> Iterator[Problem]:
    where = question.name
    if question.type not in TYPES:
        yield _problem(where, f"Le type de question « {question.type} » n’existe pas.")
    if question.choices_from is not None and question.choices_from not in LISTS:
        yield _problem(where, f"La liste « {question.choices_from} » n’existe pas.")
    offered = bool(question.choices or question.choices_from)
    if (question.type in WITH_CHOICES) != offered:
        yield _problem(where, "Les choix et le type de question ne vont pas ensemble.")
    for name in _twice(choice.name for choice in question.choices):
        yield _problem(where, f"Deux choix portent le nom « {name} ».")
    for choice in question.choices:
        if not _CHOICE_NAME.match(choice.name):
            yield _problem(where, f"« {choice.name} » n’est pas un nom de choix possible.")
    if question.max_choices is not None and (
        question.type not in SEVERAL
        or question.max_choices < 1
        or (question.choices_from is None and question.max_choices > len(question.choices))
    ):
        yield _problem(where, "Le nombre de choix possibles ne convient pas.")
    if question.consent is not None and question.consent not in SCOPES:
        yield _problem(where, f"L’accord « {question.consent} » n’existe pas.")
    if question.visibility not in ("", TEAM):
        yield _problem(where, f"La visibilité « {question.visibility} » n’existe pas.")


def _condition(
    where: str, text: str, names: set[str], questions: dict[str, Question]
) -> Iterator[Problem]:
    """A condition reads only earlier questions, and compares them with choices they have."""
    if not text:
        return
    try:
        node = expressions.parse(text)
    except ExpressionError as error:
        message = f"Condition illisible au signe {error.position + 1} : {error.message}"
        yield _problem(where, message)
        return
    for name in sorted(expressions.references(node) - names):
        yield _problem(where, f"La condition lit « {name} », qui n’est pas posée avant.")
    for name, value in compared(node):
        question = questions.get(name)
        if question is None or question.choices_from is not None:
            continue
        if question.choices and value and not question.choice(value):
            yield _problem(where, f"La condition attend « {value} », absent des choix de {name}.")


def compared(node: Node) -> Iterator[tuple[str, str]]:
    """Each (question, text) pair that the expression compares or looks up."""
    for part, _ in expressions.walk(node):
        match part:
            case (
                Binary("=" | "!=", Ref(name), Literal(str(value)))
                | Binary("=" | "!=", Literal(str(value)), Ref(name))
                | Call("selected", (Ref(name), Literal(str(value))))
            ):
                yield name, value
