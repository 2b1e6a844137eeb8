"""What a set of answers amounts to: the words, the consents, the profile, going on or not."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from questionnaires.adapt import entry_form
from questionnaires.model import SCOPES, TEAM, NonResponse, Questionnaire
from questionnaires.problems import Problem
from questionnaires.relevance import NOTHING, entries, relevant_answers, relevant_sections, settled
from questionnaires.types import clean_text

Decision = Literal["granted", "approved", "refused", "not_asked"]

SEPARATOR = "\n\n"

AGE = "age"
UNDER_15 = "moins_15"
JOINT_AGREEMENT = "accord_parent"
PRESENT = "presents"
"""Name of the question that counts the persons present at a collective meeting."""

# Anything else than these, a non-response included, is a refusal: consent is never guessed.
_DECISIONS: Mapping[object, Decision] = {
    "oui": "granted",
    # A group of which some only agree: the others' words are not noted.
    "partie": "granted",
    "contact": "granted",
    "apres_relecture": "approved",
}


@dataclass(frozen=True, slots=True)
class Part:
    """Where an answer stands in the testimony's text: code points, half-open.

    ``question`` is its path: ``aime``, or ``arrets.2.aime`` in a repeated section.
    """

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
    for path, words in _open_answers(questionnaire, answers):
        text += SEPARATOR if parts else ""
        parts.append(Part(path, len(text), len(text) + len(words)))
        text += words
    return text, tuple(parts)


def _open_answers(
    questionnaire: Questionnaire,
    answers: Mapping[str, object],
    outer: Mapping[str, object] = NOTHING,
) -> Iterator[tuple[str, str]]:
    """Path and words of each open answer that is heard, in questionnaire order."""
    given = relevant_answers(questionnaire, answers, outer=outer)
    around: dict[str, object] | None = None
    for section in relevant_sections(questionnaire, answers):
        for rank, entry in enumerate(entries(section, answers) if section.is_repeat else (), 1):
            around = settled(questionnaire, answers) if around is None else around
            inside = _open_answers(entry_form(questionnaire, section.name), entry, around)
            yield from ((f"{section.name}.{rank}.{path}", words) for path, words in inside)
        for question in () if section.is_repeat else section.questions:
            answer = given.get(question.name)
            if not question.is_open or question.visibility == TEAM:
                continue
            if isinstance(answer, str) and not isinstance(answer, NonResponse):
                yield question.name, clean_text(answer)


def persons(questionnaire: Questionnaire, answers: Mapping[str, object]) -> int:
    """How many persons speak in these answers: those present at a collective meeting, else one."""
    present = relevant_answers(questionnaire, answers).get(PRESENT)
    counted = isinstance(present, int) and not isinstance(present, bool)
    return max(present, 1) if counted and isinstance(present, int) else 1


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
