"""A questionnaire as one form asks it: its testimony or its meeting part, one entry, real lists."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from questionnaires.model import Choice, Question, Questionnaire, Section, in_language

MEETING = "meeting"
LISTS = ("actions",)
"""Lists that a campaign brings: the actions of the contrat de ville that it asks about."""


def testimony_part(questionnaire: Questionnaire) -> Questionnaire:
    """What is asked at each testimony: everything but the meeting's own sheet."""
    return _keeping(questionnaire, meeting=False)


def meeting_part(questionnaire: Questionnaire) -> Questionnaire | None:
    """What is asked once a meeting, or ``None`` when the questionnaire has no such sheet."""
    kept = _keeping(questionnaire, meeting=True)
    return kept if kept.sections else None


def _keeping(questionnaire: Questionnaire, *, meeting: bool) -> Questionnaire:
    kept = tuple(s for s in questionnaire.sections if (s.kind == MEETING) is meeting)
    if len(kept) == len(questionnaire.sections):
        return questionnaire
    return replace(questionnaire, sections=kept)


def entry_form(questionnaire: Questionnaire, section: str) -> Questionnaire:
    """One entry of a repeated section as a questionnaire of its own.

    Its conditions read the answers around it through ``outer``. Raises ``KeyError`` for an
    unknown section and ``ValueError`` for one that is not repeated.
    """
    found = questionnaire.section(section)
    if not found.is_repeat:
        raise ValueError(f"section {section} is not repeated")
    return replace(
        questionnaire, sections=(replace(found, relevant="", repeat={}, max_repeats=None),)
    )


def with_lists(
    questionnaire: Questionnaire, lists: Mapping[str, Mapping[str, str]]
) -> Questionnaire:
    """The questionnaire once the campaign's lists (name to label) are among its choices.

    They come before the question's own choices; one of the same name as an own choice is left out.
    """
    if not any(question.choices_from for question in questionnaire.questions):
        return questionnaire
    sections = tuple(
        replace(section, questions=tuple(_filled(item, lists) for item in section.questions))
        for section in questionnaire.sections
    )
    return replace(questionnaire, sections=sections)


def _filled(question: Question, lists: Mapping[str, Mapping[str, str]]) -> Question:
    if question.choices_from is None:
        return question
    own = {choice.name for choice in question.choices}
    brought = tuple(
        Choice(name, {"fr": label})
        for name, label in lists.get(question.choices_from, {}).items()
        if name not in own
    )
    return replace(question, choices=(*brought, *question.choices), choices_from=None)


def question_at(questionnaire: Questionnaire, path: str) -> Question:
    """The question that a path names: ``aime``, or ``arrets.2.aime`` in a repeated section.

    Raises ``KeyError`` when there is none.
    """
    return questionnaire.question(path.rpartition(".")[2])


def title_at(questionnaire: Questionnaire, path: str, language: str = "fr") -> str:
    """What a person calls the question at a path: « Arrêt 2 : Ce qui va bien ici »."""
    question = question_at(questionnaire, path)
    label = in_language(question.label, language, questionnaire.default_language)
    section, _, rest = path.partition(".")
    if not rest:
        return label
    entry = entry_title(questionnaire.section(section), int(rest.partition(".")[0]), language)
    return f"{entry} : {label}"


def entry_title(section: Section, rank: int, language: str = "fr") -> str:
    """What one entry of a repeated section is called: « Arrêt 2 »."""
    return f"{in_language(section.repeat, language)} {rank}"
