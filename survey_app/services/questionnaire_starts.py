"""What a questionnaire begins with: a blank page, and the part where residents agree."""

from __future__ import annotations

import unicodedata
from dataclasses import replace

from questionnaires import agreement, library
from questionnaires.adapt import MEETING
from questionnaires.edit_tools import checked
from questionnaires.model import (
    RECORD,
    SURVEY,
    TESTIMONY,
    Question,
    Questionnaire,
    Section,
    in_language,
)
from questionnaires.problems import Problem, QuestionnaireError
from questionnaires.safeguards import READ_BACK

_FULL = "Q01-entretien-individuel"
"""Whose agreement is the complete one, age before voice and photo, phrase read back at the end."""

_METHODS = {TESTIMONY: "individuel", RECORD: "fiche", SURVEY: "questionnaire"}


def blank(name: str, title: str, usage: str = TESTIMONY) -> Questionnaire:
    """A questionnaire with one part to fill; a testimony also has its agreement."""
    told = usage == TESTIMONY
    first = Question("question", "text", {"fr": "Première question, à reformuler"})
    made = Questionnaire(
        name=name,
        version="0.1.0",
        title={"fr": title},
        purpose={},
        method=_METHODS[usage],
        audience={},
        duration={},
        sections=(Section("questions", {"fr": "Questions"}, () if told else (first,)),),
        usage=usage,
    )
    return with_agreement(made) if told else made


def with_agreement(questionnaire: Questionnaire) -> Questionnaire:
    """The questionnaire with the library's agreement, in the place of its own if it has one.

    Each part waits for it, and the phrase to quote is read back at the end. Raises
    ``QuestionnaireError`` when another question already has a name that the agreement needs.
    """
    full = library.load(_FULL)
    consent = tuple(section for section in full.sections if section.kind == "consent")
    others = [section for section in questionnaire.sections if section.kind != "consent"]
    asked = {question.name for section in others for question in section.questions}
    closing = [] if READ_BACK in asked else [_closing(full, others)]
    _refuse_twice(consent, others)
    whole = replace(questionnaire, sections=(*consent, *others))
    waits = agreement.going_on(replace(questionnaire, sections=consent))
    waiting = [
        section
        if section.kind == MEETING
        else replace(section, relevant=_waiting(questionnaire, whole, waits, section.relevant))
        for section in others
    ]
    return checked(questionnaire, replace(whole, sections=(*consent, *waiting, *closing)))


def _waiting(old: Questionnaire, new: Questionnaire, waits: str, text: str) -> str:
    """The agreement, and what the part had of its own."""
    return agreement.with_own(new, waits, agreement.split(old, text)[1])


def _closing(full: Questionnaire, others: list[Section]) -> Section:
    taken = {section.name for section in others} | {q.name for s in others for q in s.questions}
    found = full.section("relecture")
    questions = tuple(item for item in found.questions if item.name not in taken)
    name = found.name if found.name not in {section.name for section in others} else "fin_relecture"
    return replace(found, name=name, questions=questions)


def _refuse_twice(consent: tuple[Section, ...], others: list[Section]) -> None:
    needed = {question.name for section in consent for question in section.questions}
    needed |= {section.name for section in consent}
    named = [(section.name, section.label) for section in others]
    named += [(item.name, item.label) for section in others for item in section.questions]
    for name, label in named:
        if name in needed:
            message = (
                f"« {in_language(label, 'fr')} » porte le nom « {name} », qui sert à l’accord."
            )
            remedy = "Rien n’a été changé. Retirez-la d’abord, puis recommencez."
            raise QuestionnaireError(Problem("edit-refused", name, message, remedy))


def bare(text: str) -> str:
    """The text without accents."""
    flat = unicodedata.normalize("NFKD", text.replace("œ", "oe").replace("æ", "ae"))
    return "".join(char for char in flat if not unicodedata.combining(char))
