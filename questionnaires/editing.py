"""Changing a questionnaire: pure operations, each gives a new one and leaves the old as it was.

Names are made once, from the first wording, and never change afterwards: answers stay attached to
their question. An operation that would break the questionnaire raises ``QuestionnaireError``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, TypedDict, Unpack

from questionnaires import agreement, expressions
from questionnaires.choice_editing import add_choice, change_choice, move_choice, remove_choice
from questionnaires.edit_tools import (
    checked,
    default_choices,
    find,
    find_section,
    in_one_language,
    name_from,
    refuse,
    reworded,
    shifted,
    taken_names,
    with_question,
    with_section,
)
from questionnaires.expressions import ExpressionError
from questionnaires.model import Question, Questionnaire, Section
from questionnaires.types import SEVERAL, WITH_CHOICES

__all__ = [
    "Changes",
    "Texts",
    "add_choice",
    "add_question",
    "add_section",
    "change_choice",
    "change_question",
    "change_questionnaire",
    "move_choice",
    "move_question",
    "move_section",
    "remove_choice",
    "remove_question",
    "remove_section",
    "rename_section",
    "set_condition",
    "set_section_condition",
]


class Texts(TypedDict, total=False):
    """The texts about a questionnaire itself, in its default language."""

    title: str
    purpose: str
    audience: str
    duration: str


class Changes(TypedDict, total=False):
    """What may change of a question; texts in the default language, ``""`` takes one away."""

    label: str
    hint: str
    probes: Sequence[str]
    type: str
    required: bool
    max_choices: int | None
    visibility: str
    profile: bool
    choices_from: str | None


_TEXTS = ("label", "hint")


def change_questionnaire(questionnaire: Questionnaire, **texts: Unpack[Texts]) -> Questionnaire:
    """Reword what is said about the questionnaire, in its default language."""
    fields: dict[str, Any] = {
        field: in_one_language(
            getattr(questionnaire, field), questionnaire.default_language, str(text)
        )
        for field, text in texts.items()
    }
    return checked(questionnaire, replace(questionnaire, **fields))


def add_section(
    questionnaire: Questionnaire,
    label: str,
    *,
    kind: str = "",
    repeat: str = "",
    after: str | None = None,
) -> tuple[Questionnaire, str]:
    """A new section, at the end or after another, and its name.

    It waits for the agreement like the others. ``repeat`` is what one entry is called.
    """
    code = questionnaire.default_language
    name = name_from(label, taken_names(questionnaire), "partie")
    waits = "" if kind in {"meeting", "consent"} else agreement.going_on(questionnaire)
    section = Section(
        name, {code: label.strip()}, (), waits, kind, {code: repeat.strip()} if repeat else {}
    )
    sections = list(questionnaire.sections)
    where = len(sections)
    if after is not None:
        where = sections.index(find_section(questionnaire, after)) + 1
    sections.insert(where, section)
    return checked(questionnaire, replace(questionnaire, sections=tuple(sections))), name


def rename_section(
    questionnaire: Questionnaire,
    name: str,
    label: str,
    *,
    repeat: str | None = None,
) -> Questionnaire:
    """Reword a section's title, and what one entry is called; its name stays."""
    code = questionnaire.default_language
    old = find_section(questionnaire, name)
    new = replace(old, label=in_one_language(old.label, code, label))
    if repeat is not None:
        new = replace(new, repeat=in_one_language(old.repeat, code, repeat))
    return checked(questionnaire, with_section(questionnaire, name, new))


def move_section(questionnaire: Questionnaire, name: str, step: int) -> Questionnaire:
    """Move a section ``step`` places down, up when negative."""
    rank = questionnaire.sections.index(find_section(questionnaire, name))
    moved = shifted(questionnaire.sections, rank, step, "Cette partie")
    return checked(questionnaire, replace(questionnaire, sections=moved))


def remove_section(questionnaire: Questionnaire, name: str) -> Questionnaire:
    """Remove a section with its questions. Refused when a condition elsewhere reads one."""
    find_section(questionnaire, name)
    return checked(questionnaire, with_section(questionnaire, name, None))


def add_question(
    questionnaire: Questionnaire,
    section: str,
    kind: str,
    label: str,
    *,
    after: str | None = None,
    choices: Sequence[str] = (),
) -> tuple[Questionnaire, str]:
    """A new question at the end of a section or after another, and its name.

    ``choices`` are the words of the choices; a type that needs some gets ordinary ones.
    """
    code = questionnaire.default_language
    where = find_section(questionnaire, section)
    name = name_from(label, taken_names(questionnaire), "question")
    offered = default_choices(kind, choices, code) if kind in WITH_CHOICES else ()
    questions = list(where.questions)
    rank = len(questions)
    if after is not None:
        rank = 1 + next((i for i, item in enumerate(questions) if item.name == after), rank - 1)
    questions.insert(rank, Question(name, kind, {code: label.strip()}, choices=offered))
    grown = replace(where, questions=tuple(questions))
    return checked(questionnaire, with_section(questionnaire, section, grown)), name


def change_question(
    questionnaire: Questionnaire, name: str, **changes: Unpack[Changes]
) -> Questionnaire:
    """Change some fields of a question; its name never changes.

    Texts change in the default language only: see ``languages`` for the others. With another
    type, choices stay when the new type has some, and what the new type cannot have goes away.
    """
    code = questionnaire.default_language
    old = find(questionnaire, name)
    fields: dict[str, Any] = dict(changes)
    for field in _TEXTS:
        if field in fields:
            fields[field] = in_one_language(getattr(old, field), code, str(fields[field]))
    if "probes" in changes:
        fields["probes"] = reworded(old.probes, changes["probes"], code)
    new = replace(old, **fields)
    if new.type != old.type:
        new = _as_type(new, code)
    return checked(questionnaire, with_question(questionnaire, name, new))


def _as_type(question: Question, language: str) -> Question:
    """The question without what its type cannot have."""
    kind = question.type
    choices = question.choices
    if kind not in WITH_CHOICES:
        choices = ()
    elif not choices and not question.choices_from:
        choices = default_choices(kind, (), language)
    if kind != "select_multiple":
        choices = tuple(replace(choice, exclusive=False) for choice in choices)
    return replace(
        question,
        choices=choices,
        choices_from=question.choices_from if kind in WITH_CHOICES else None,
        max_choices=question.max_choices if kind in SEVERAL else None,
        required=question.required and kind != "note",
        profile=question.profile and kind != "note",
    )


def move_question(questionnaire: Questionnaire, name: str, step: int) -> Questionnaire:
    """Move a question ``step`` places down, up when negative, across the sections' borders."""
    find(questionnaire, name)
    new = questionnaire
    for _ in range(abs(step)):
        new = _one_step(new, name, 1 if step > 0 else -1)
    return checked(questionnaire, new)


def _one_step(questionnaire: Questionnaire, name: str, way: int) -> Questionnaire:
    sections = list(questionnaire.sections)
    here = next(i for i, s in enumerate(sections) if any(q.name == name for q in s.questions))
    questions = list(sections[here].questions)
    rank = next(i for i, item in enumerate(questions) if item.name == name)
    if 0 <= rank + way < len(questions):
        order = shifted(sections[here].questions, rank, way, "Cette question")
        sections[here] = replace(sections[here], questions=order)
        return replace(questionnaire, sections=tuple(sections))
    there = here + way
    if not 0 <= there < len(sections):
        end = "la dernière" if way > 0 else "la première"
        raise refuse(name, f"Cette question est déjà {end}.", "Laissez-la à sa place.")
    moved = questions.pop(rank)
    beside = sections[there].questions
    sections[here] = replace(sections[here], questions=tuple(questions))
    sections[there] = replace(
        sections[there], questions=(moved, *beside) if way > 0 else (*beside, moved)
    )
    return replace(questionnaire, sections=tuple(sections))


def remove_question(questionnaire: Questionnaire, name: str) -> Questionnaire:
    """Remove a question. Refused when a condition reads its answer."""
    find(questionnaire, name)
    return checked(questionnaire, with_question(questionnaire, name, None))


def set_condition(questionnaire: Questionnaire, name: str, expression: str) -> Questionnaire:
    """Give a question its whole condition, as an expression; empty: always asked.

    Use ``agreement.with_own`` first to keep the agreement in it.
    """
    new = replace(find(questionnaire, name), relevant=_readable(name, expression))
    return checked(questionnaire, with_question(questionnaire, name, new))


def set_section_condition(
    questionnaire: Questionnaire, name: str, expression: str
) -> Questionnaire:
    """Give a section its whole condition, as an expression; empty: always shown."""
    new = replace(find_section(questionnaire, name), relevant=_readable(name, expression))
    return checked(questionnaire, with_section(questionnaire, name, new))


def _readable(name: str, expression: str) -> str:
    text = expression.strip()
    try:
        return expressions.to_text(expressions.parse(text)) if text else ""
    except ExpressionError as error:
        message = f"La condition n’est pas lisible au signe {error.position + 1}. {error.message}"
        raise refuse(name, message, "Corrigez-la, puis recommencez.") from error
