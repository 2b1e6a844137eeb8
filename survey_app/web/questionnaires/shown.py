"""A questionnaire as people read it: labels, choices, conditions in sentences, facts in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from flask import url_for

from questionnaires import agreement, conditions, library
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


@dataclass(frozen=True, slots=True)
class Say:
    """The words of a questionnaire in one language; ``filled`` takes the place of braces."""

    whole: Questionnaire
    language: str
    filled: Mapping[str, str]

    def __call__(self, labels: Labels) -> str:
        return self.told(in_language(labels, self.language, self.whole.default_language))

    def told(self, text: str) -> str:
        return library.fill(text, self.filled)


def sections(
    whole: Questionnaire, language: str = "fr", filled: Mapping[str, str] | None = None
) -> list[ShownSection]:
    """Every section with its questions, in order; a text not translated is said in French.

    ``filled`` stands for the words in braces; without it they are shown as they are written.
    """
    say = Say(whole, language, filled or {})
    numbers = _numbers(whole)
    return [
        ShownSection(
            name=section.name,
            label=say(section.label),
            facts=tuple(_section_facts(section, language)),
            condition=say.told(
                said_condition(whole, section.relevant, "Cette partie", section.kind)
            ),
            protected=section.kind == "consent",
            questions=tuple(
                _question(say, section, question, numbers[question.name])
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


def _question(say: Say, section: Section, question: Question, number: int) -> ShownQuestion:
    whole, rule = say.whole, ""
    if question.constraint:
        rule = conditions.sentence(question.constraint, whole, "fr", "La réponse", "acceptée")
    return ShownQuestion(
        name=question.name,
        number=number,
        label=say(question.label),
        hint=say(question.hint),
        kind=words.TYPES.get(question.type, (question.type, ""))[0],
        probes=tuple(say(probe) for probe in question.probes),
        choices=tuple(
            ShownChoice(choice.name, say(choice.label), choice.exclusive)
            for choice in question.choices
        ),
        facts=tuple(_facts(question)),
        condition=say.told(
            said_condition(whole, question.relevant, "Cette question", section.kind)
        ),
        rule=say.told(rule),
    )


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
