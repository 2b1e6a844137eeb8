"""What a set of answers amounts to: the words, the consents, the profile, going on or not."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from questionnaires.model import SCOPES, TEAM, NonResponse, Questionnaire
from questionnaires.problems import Problem
from questionnaires.relevance import relevant_answers
from questionnaires.types import clean_text

Decision = Literal["granted", "approved", "refused", "not_asked"]

SEPARATOR = "\n\n"

AGE = "age"
UNDER_15 = "moins_15"
JOINT_AGREEMENT = "accord_parent"

# Anything else than these, a non-response included, is a refusal: consent is never guessed.
_DECISIONS: Mapping[object, Decision] = {
    "oui": "granted",
    "contact": "granted",
    "apres_relecture": "approved",
}


@dataclass(frozen=True, slots=True)
class Part:
    """Where an answer stands in the testimony's text: code points, half-open."""

    question: str
    start: int
    end: int


def open_text(
    questionnaire: Questionnaire, answers: Mapping[str, object]
) -> tuple[str, tuple[Part, ...]]:
    """The testimony's words and where each answer stands in them.

    Non-empty open answers to relevant questions, in questionnaire order, joined by two line
    feeds; NFC, LF. What only the team reads is left out. Every part is exactly one answer.
    """
    text = ""
    parts: list[Part] = []
    for name, answer in relevant_answers(questionnaire, answers).items():
        question = questionnaire.question(name)
        if not question.is_open or question.visibility == TEAM:
            continue
        if isinstance(answer, NonResponse) or not isinstance(answer, str):
            continue
        words = clean_text(answer)
        text += SEPARATOR if parts else ""
        parts.append(Part(name, len(text), len(text) + len(words)))
        text += words
    return text, tuple(parts)


def consents(questionnaire: Questionnaire, answers: Mapping[str, object]) -> dict[str, Decision]:
    """The decision for each scope: noter, citer, voix, photo, recontact.

    ``approved``: only the phrase read back may be quoted. ``refused``: said no, or did not want
    to say. ``not_asked``: never asked, or left without an answer.
    """
    given = relevant_answers(questionnaire, answers)
    decisions: dict[str, Decision] = dict.fromkeys(SCOPES, "not_asked")
    for question in questionnaire.questions:
        if question.consent and question.name in given:
            answer = given[question.name]
            refused = isinstance(answer, NonResponse) or not isinstance(answer, str)
            decision = "refused" if refused else _DECISIONS.get(answer, "refused")
            decisions[question.consent] = decision
    return decisions


def profile(questionnaire: Questionnaire, answers: Mapping[str, object]) -> dict[str, str]:
    """Declared profile: question name to choice (or sector) name; non-responses are left out."""
    return {
        name: answer
        for name, answer in relevant_answers(questionnaire, answers).items()
        if questionnaire.question(name).profile
        and isinstance(answer, str)
        and not isinstance(answer, NonResponse)
    }


def may_continue(questionnaire: Questionnaire, answers: Mapping[str, object]) -> Problem | None:
    """Why the conversation must stop here, or ``None``.

    It stops when the person does not want their words noted, and, under 15, as long as the young
    person and a parent have not both agreed.
    """
    given = relevant_answers(questionnaire, answers)
    noting = next((item for item in questionnaire.questions if item.consent == "noter"), None)
    if noting is not None and consents(questionnaire, answers)["noter"] == "refused":
        return Problem(
            "consent-refused",
            noting.name,
            "La personne ne souhaite pas que ses paroles soient notées.",
            "Arrêtez ici et remerciez-la. Aucune parole n’est gardée.",
        )
    asks_joint = any(item.name == JOINT_AGREEMENT for item in questionnaire.questions)
    if asks_joint and given.get(AGE) == UNDER_15 and given.get(JOINT_AGREEMENT) != "oui":
        return Problem(
            "joint-agreement",
            JOINT_AGREEMENT,
            "Avant 15 ans, il faut l’accord du jeune et celui d’un parent.",
            "Sans ces deux accords, arrêtez ici et remerciez. Aucune parole n’est gardée.",
        )
    return None
