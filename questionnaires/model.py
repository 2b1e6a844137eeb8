"""The questionnaire as XLSForm sees it: sections of questions with choices, all frozen.

Labels are kept by language (``{"fr": "Oui"}``): names never change, words may.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

Labels = Mapping[str, str]
Facets = Mapping[str, str]
"""What a question bears on: ``axe_evaluation`` and ``critere``, with the codebook's own values."""

TESTIMONY, RECORD, SURVEY = "testimony", "record", "survey"
USAGES = (TESTIMONY, RECORD, SURVEY)
"""What a filled form is: a resident's testimony; a paper of the council's own life; one of the
separate answers to a survey inside the council, read together only."""

SCOPES = ("noter", "citer", "voix", "photo", "recontact")
TEAM = "team"
"""Visibility of what only the team reads: never part of a testimony's text."""


class NonResponse(StrEnum):
    """A person may not know, or may not want to say: counted apart from an empty answer.

    Compare with ``is``: somebody may well type the word « refus » as an answer.
    """

    DONT_KNOW = "ne_sait_pas"
    REFUSED = "refus"


NON_RESPONSE_LABELS: Mapping[NonResponse, Labels] = {
    NonResponse.DONT_KNOW: {"fr": "Je ne sais pas", "ar": "لا أعرف"},
    NonResponse.REFUSED: {"fr": "Je ne veux pas répondre", "ar": "لا أرغب في الإجابة"},
}


def in_language(labels: Labels, language: str, default: str = "fr") -> str:
    """The words in ``language``, else in ``default``, else in any language, else nothing."""
    for wanted in (language, default):
        if labels.get(wanted):
            return labels[wanted]
    return next(iter(labels.values()), "")


@dataclass(frozen=True, slots=True)
class Choice:
    """An option. ``exclusive`` goes with no other (« rien »); ``theme`` is a codebook code."""

    name: str
    label: Labels
    exclusive: bool = False
    theme: str | None = None


@dataclass(frozen=True, slots=True)
class Question:
    """One question, one idea.

    ``relevant`` and ``constraint`` are XLSForm expressions (see ``expressions``); ``probes`` are
    the relances of the person who listens; ``consent`` is the scope that the question asks;
    ``profile`` says that the answer belongs to the declared profile; ``visibility`` is empty or
    ``"team"``; ``choices_from`` names a list that the campaign brings (``"actions"``): its
    entries come before the question's own choices; ``facets`` say what the question bears on.
    """

    name: str
    type: str
    label: Labels
    hint: Labels = field(default_factory=dict)
    probes: tuple[Labels, ...] = ()
    required: bool = False
    relevant: str = ""
    constraint: str = ""
    constraint_message: Labels = field(default_factory=dict)
    choices: tuple[Choice, ...] = ()
    max_choices: int | None = None
    consent: str | None = None
    profile: bool = False
    appearance: str = ""
    visibility: str = ""
    choices_from: str | None = None
    facets: Facets = field(default_factory=dict)

    @property
    def is_note(self) -> bool:
        """A text to read aloud: it takes no answer."""
        return self.type == "note"

    @property
    def is_open(self) -> bool:
        """Answered in the person's own words."""
        return self.type == "text"

    @property
    def offers_non_response(self) -> bool:
        """Whether « Je ne sais pas » and « Je ne veux pas répondre » are offered."""
        return not self.required and not self.is_note

    def choice(self, name: str) -> Choice | None:
        """The choice of that name, or ``None``."""
        return next((choice for choice in self.choices if choice.name == name), None)


@dataclass(frozen=True, slots=True)
class Section:
    """A few questions shown together.

    ``kind`` is ``"consent"``, ``"profile"``, ``"meeting"`` (asked once a meeting, not at each
    testimony) or empty. ``repeat`` is what one entry is called (« Arrêt ») when the questions are
    asked again and again, empty otherwise; ``max_repeats`` limits the entries.
    """

    name: str
    label: Labels
    questions: tuple[Question, ...]
    relevant: str = ""
    kind: str = ""
    repeat: Labels = field(default_factory=dict)
    max_repeats: int | None = None

    @property
    def is_repeat(self) -> bool:
        """Whether its answers are a list of entries."""
        return bool(self.repeat)


@dataclass(frozen=True, slots=True)
class Questionnaire:
    """A questionnaire. ``method`` is a code (``individuel``, ``micro-trottoir``).

    ``usage`` is one of ``USAGES``; ``unproofread`` lists the languages whose translation nobody
    has proofread yet: they are marked as drafts wherever they are offered.
    """

    name: str
    version: str
    title: Labels
    purpose: Labels
    method: str
    audience: Labels
    duration: Labels
    sections: tuple[Section, ...]
    default_language: str = "fr"
    usage: str = TESTIMONY
    unproofread: tuple[str, ...] = ()

    @property
    def questions(self) -> tuple[Question, ...]:
        """All questions, notes included, in the order they are asked."""
        return tuple(question for section in self.sections for question in section.questions)

    @property
    def asked_once(self) -> tuple[Question, ...]:
        """The questions outside repeated sections, in order."""
        once = (section for section in self.sections if not section.is_repeat)
        return tuple(question for section in once for question in section.questions)

    def question(self, name: str) -> Question:
        """The question of that name. Raises ``KeyError`` when there is none."""
        for question in self.questions:
            if question.name == name:
                return question
        raise KeyError(name)

    def section(self, name: str) -> Section:
        """The section of that name. Raises ``KeyError`` when there is none."""
        for section in self.sections:
            if section.name == name:
                return section
        raise KeyError(name)

    @property
    def languages(self) -> tuple[str, ...]:
        """Languages in which something is written, the default one first."""
        found = {language for labels in self.labels() for language in labels}
        others = sorted(found - {self.default_language})
        return (self.default_language, *others)

    def labels(self) -> Iterator[Labels]:
        """Every text that a person may read, keyed by language."""
        yield from (self.title, self.purpose, self.audience, self.duration)
        for section in self.sections:
            yield from (section.label, section.repeat)
            for question in section.questions:
                yield from (question.label, question.hint, question.constraint_message)
                yield from question.probes
                yield from (choice.label for choice in question.choices)
