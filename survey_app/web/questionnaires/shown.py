"""A questionnaire as people read it: labels, choices, conditions in sentences, facts in words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from flask import url_for

from questionnaires import agreement, conditions
from questionnaires.languages import LANGUAGES, direction
from questionnaires.model import (
    TEAM,
    Labels,
    Question,
    Questionnaire,
    Section,
    in_language,
)
from survey_app.models import QuestionnaireDraft
from survey_app.web.questionnaires import words


@dataclass(frozen=True, slots=True)
class ShownChoice:
    name: str
    label: str
    exclusive: bool


@dataclass(frozen=True, slots=True)
class ShownQuestion:
    """One question in words; ``number`` counts those that take an answer, 0 for a note."""

    name: str
    number: int
    label: str
    hint: str
    kind: str
    probes: tuple[str, ...]
    choices: tuple[ShownChoice, ...]
    facts: tuple[str, ...]
    condition: str
    rule: str


@dataclass(frozen=True, slots=True)
class ShownSection:
    name: str
    label: str
    facts: tuple[str, ...]
    condition: str
    protected: bool
    questions: tuple[ShownQuestion, ...]


def sections(whole: Questionnaire, language: str = "fr") -> list[ShownSection]:
    """Every section with its questions, in order; a text not translated is said in French."""
    numbers = _numbers(whole)
    return [
        ShownSection(
            name=section.name,
            label=_say(whole, section.label, language),
            facts=tuple(_section_facts(section, language)),
            condition=said_condition(whole, section.relevant, "Cette partie", section.kind),
            protected=section.kind == "consent",
            questions=tuple(
                _question(whole, section, question, numbers[question.name], language)
                for question in section.questions
            ),
        )
        for section in whole.sections
    ]


def _numbers(whole: Questionnaire) -> dict[str, int]:
    found: dict[str, int] = {}
    count = 0
    for question in whole.questions:
        count += not question.is_note
        found[question.name] = 0 if question.is_note else count
    return found


def _question(
    whole: Questionnaire, section: Section, question: Question, number: int, language: str
) -> ShownQuestion:
    rule = ""
    if question.constraint:
        rule = conditions.sentence(question.constraint, whole, "fr", "La réponse", "acceptée")
    return ShownQuestion(
        name=question.name,
        number=number,
        label=_say(whole, question.label, language),
        hint=_say(whole, question.hint, language),
        kind=words.TYPES.get(question.type, (question.type, ""))[0],
        probes=tuple(_say(whole, probe, language) for probe in question.probes),
        choices=tuple(
            ShownChoice(choice.name, _say(whole, choice.label, language), choice.exclusive)
            for choice in question.choices
        ),
        facts=tuple(_facts(question)),
        condition=said_condition(whole, question.relevant, "Cette question", section.kind),
        rule=rule,
    )


def _say(whole: Questionnaire, labels: Labels, language: str) -> str:
    return in_language(labels, language, whole.default_language)


def _facts(question: Question) -> Iterator[str]:
    if question.required:
        yield "réponse obligatoire"
    if question.max_choices:
        yield (
            f"{question.max_choices} réponses au plus" if question.max_choices > 1 else "1 réponse"
        )
    if question.choices_from:
        yield "liste des actions de la campagne"
    if question.visibility == TEAM:
        yield "lue par l’équipe seulement"
    if question.profile:
        yield "décrit la personne"


def _section_facts(section: Section, language: str) -> Iterator[str]:
    if section.kind:
        yield words.SECTION_KINDS.get(section.kind, section.kind)
    if section.is_repeat:
        yield f"se répète : {in_language(section.repeat, language)}"


def said_condition(whole: Questionnaire, text: str, subject: str, kind: str = "") -> str:
    """A condition in a sentence; the agreement that all wait for is said once, on top."""
    own = text if kind == "consent" else agreement.split(whole, text)[1]
    return conditions.sentence(own, whole, subject=subject) if own else ""


@dataclass(frozen=True, slots=True)
class ShownLanguage:
    """A language: its code, its names, its direction; ``draft``: to be proofread."""

    code: str
    french: str
    own: str
    direction: str
    draft: bool


def language(code: str, whole: Questionnaire) -> ShownLanguage:
    known = LANGUAGES.get(code)
    return ShownLanguage(
        code=code,
        french=known.french if known else code,
        own=known.own if known else code,
        direction=direction(code),
        draft=code in whole.unproofread,
    )


def spoken(whole: Questionnaire) -> list[ShownLanguage]:
    """The languages of a questionnaire, its own first."""
    return [language(code, whole) for code in whole.languages]


def place(row: QuestionnaireDraft, whole: Questionnaire, where: str) -> str:
    """The page where what a problem names is put right."""
    name = where.partition("/")[0].rpartition(":")[2]
    if ":" in where or where in {"title", "purpose", "audience", "duration"}:
        return url_for("questionnaires.languages", questionnaire_id=row.id)
    if any(question.name == name for question in whole.questions):
        return url_for("questionnaires.question", questionnaire_id=row.id, name=name)
    if any(section.name == name for section in whole.sections):
        return url_for("questionnaires.section", questionnaire_id=row.id, name=name)
    if where == whole.name:
        return url_for("questionnaires.presentation", questionnaire_id=row.id)
    return url_for("questionnaires.draft", questionnaire_id=row.id)
