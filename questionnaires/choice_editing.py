"""Changing the choices of a question; their names never change, since answers hold them."""

from __future__ import annotations

from dataclasses import replace

from questionnaires.edit_tools import (
    checked,
    choice_name,
    find,
    in_one_language,
    refuse,
    shifted,
    with_question,
)
from questionnaires.model import Choice, Question, Questionnaire
from questionnaires.types import WITH_CHOICES


def add_choice(
    questionnaire: Questionnaire, question: str, label: str
) -> tuple[Questionnaire, str]:
    """A new choice at the end, and its name."""
    old = find(questionnaire, question)
    if old.type not in WITH_CHOICES:
        message = "Cette question se répond sans choix à cocher."
        raise refuse(question, message, "Changez d’abord le type de la question.")
    name = choice_name(old.type, label, old.choices)
    new = Choice(name, in_one_language({}, questionnaire.default_language, label))
    return _with_choices(questionnaire, old, (*old.choices, new)), name


def change_choice(
    questionnaire: Questionnaire,
    question: str,
    choice: str,
    *,
    label: str | None = None,
    exclusive: bool | None = None,
) -> Questionnaire:
    """Reword a choice, or make it one that goes with no other; ``None`` leaves what there is."""
    old, rank = _found(questionnaire, question, choice)
    new = old.choices[rank]
    if label is not None:
        words = in_one_language(new.label, questionnaire.default_language, label)
        new = replace(new, label=words)
    if exclusive is not None:
        new = replace(new, exclusive=exclusive)
    return _with_choices(questionnaire, old, (*old.choices[:rank], new, *old.choices[rank + 1 :]))


def move_choice(
    questionnaire: Questionnaire, question: str, choice: str, step: int
) -> Questionnaire:
    """Move a choice ``step`` places down, up when negative."""
    old, rank = _found(questionnaire, question, choice)
    return _with_choices(questionnaire, old, shifted(old.choices, rank, step, "Ce choix"))


def remove_choice(questionnaire: Questionnaire, question: str, choice: str) -> Questionnaire:
    """Remove a choice. Refused when a condition waits for it, and when it is the last one."""
    old, rank = _found(questionnaire, question, choice)
    kept = (*old.choices[:rank], *old.choices[rank + 1 :])
    if not kept and not old.choices_from:
        message = "C’est le dernier choix de cette question."
        raise refuse(question, message, "Ajoutez un autre choix avant, ou retirez la question.")
    if old.max_choices is not None and kept and not old.choices_from:
        old = replace(old, max_choices=min(old.max_choices, len(kept)))
    return _with_choices(questionnaire, old, kept)


def _found(questionnaire: Questionnaire, question: str, choice: str) -> tuple[Question, int]:
    old = find(questionnaire, question)
    for rank, item in enumerate(old.choices):
        if item.name == choice:
            return old, rank
    raise refuse(question, f"Le choix « {choice} » n’existe plus.", "Rechargez la page.")


def _with_choices(
    questionnaire: Questionnaire, question: Question, choices: tuple[Choice, ...]
) -> Questionnaire:
    changed = replace(question, choices=choices)
    return checked(questionnaire, with_question(questionnaire, question.name, changed))
