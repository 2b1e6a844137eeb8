"""Ways to change a questionnaire, to see what becomes of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from questionnaires.model import Question, Questionnaire

Mutation = Callable[[Questionnaire], Questionnaire]


def edited(name: str, **fields: object) -> Mutation:
    def edit(questionnaire: Questionnaire) -> Questionnaire:
        return changed(questionnaire, name, lambda item: (replace(item, **fields),))

    return edit


def changed(
    questionnaire: Questionnaire, name: str, edit: Callable[[Question], tuple[Question, ...]]
) -> Questionnaire:
    """The questionnaire with other questions in the place of one."""
    return replace(
        questionnaire,
        sections=tuple(
            replace(
                section,
                questions=tuple(
                    new
                    for item in section.questions
                    for new in (edit(item) if item.name == name else (item,))
                ),
            )
            for section in questionnaire.sections
        ),
    )


def sectioned(name: str, **fields: object) -> Mutation:
    return lambda questionnaire: replace(
        questionnaire,
        sections=tuple(
            replace(item, **fields) if item.name == name else item
            for item in questionnaire.sections
        ),
    )


def removed(name: str) -> Mutation:
    return lambda questionnaire: changed(questionnaire, name, lambda _item: ())


def before(name: str, *new: Question) -> Mutation:
    return lambda questionnaire: changed(questionnaire, name, lambda item: (*new, item))


def after(name: str, *new: Question) -> Mutation:
    return lambda questionnaire: changed(questionnaire, name, lambda item: (item, *new))


def without_choice(name: str, choice: str) -> Mutation:
    def edit(questionnaire: Questionnaire) -> Questionnaire:
        kept = tuple(c for c in questionnaire.question(name).choices if c.name != choice)
        return edited(name, choices=kept)(questionnaire)

    return edit


def both(*edits: Mutation) -> Mutation:
    def edit(questionnaire: Questionnaire) -> Questionnaire:
        for one in edits:
            questionnaire = one(questionnaire)
        return questionnaire

    return edit


def condition(name: str, text: str) -> Mutation:
    return edited(name, relevant=text)
