"""What every change of a questionnaire needs: finding, replacing, naming, and refusing."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from typing import TypeVar

from questionnaires import conditions, expressions
from questionnaires.model import Choice, Labels, Question, Questionnaire, Section, in_language
from questionnaires.problems import Problem, QuestionnaireError
from questionnaires.validation import RESERVED, compared, verify
from questionnaires.values import clean_text

MAX_NAME = 40

MEANINGFUL = frozenset(
    (
        *("accord_noter", "accord_citer", "accord_voix", "accord_photo", "suites"),
        *("accord_parent", "accord_parent_ecrit", "age", "code", "presents"),
        *("phrase_relue", "relecture"),
    )
)
"""Names that mean something to the tool: a new question never takes one by accident."""

_STEPS = ("pas du tout", "plutôt non", "ni oui ni non", "plutôt oui", "tout à fait")
_FIRST_CHOICES = {
    "select_one": ("Oui", "Non"),
    "scale": _STEPS,
}

_T = TypeVar("_T")


def refuse(where: str, message: str, remedy: str) -> QuestionnaireError:
    """The refusal of a change; it says that nothing was lost."""
    return QuestionnaireError(
        Problem("edit-refused", where, message, f"Rien n’a été changé. {remedy}")
    )


def find(questionnaire: Questionnaire, name: str) -> Question:
    """The question of that name. Raises ``QuestionnaireError`` when there is none."""
    try:
        return questionnaire.question(name)
    except KeyError:
        message = f"La question « {name} » n’existe plus dans ce questionnaire."
        raise refuse(name, message, "Rechargez la page.") from None


def find_section(questionnaire: Questionnaire, name: str) -> Section:
    """The section of that name. Raises ``QuestionnaireError`` when there is none."""
    try:
        return questionnaire.section(name)
    except KeyError:
        message = f"La partie « {name} » n’existe plus dans ce questionnaire."
        raise refuse(name, message, "Rechargez la page.") from None


def with_section(questionnaire: Questionnaire, name: str, new: Section | None) -> Questionnaire:
    """The questionnaire with another section in the place of one, or without it."""
    kept = [new if section.name == name else section for section in questionnaire.sections]
    return replace(questionnaire, sections=tuple(item for item in kept if item is not None))


def with_question(questionnaire: Questionnaire, name: str, new: Question | None) -> Questionnaire:
    """The questionnaire with another question in the place of one, or without it."""
    sections = []
    for section in questionnaire.sections:
        kept = [new if item.name == name else item for item in section.questions]
        questions = tuple(item for item in kept if item is not None)
        sections.append(replace(section, questions=questions))
    return replace(questionnaire, sections=tuple(sections))


def shifted(items: Sequence[_T], rank: int, step: int, what: str) -> tuple[_T, ...]:
    """The items once one has moved ``step`` places; refused beyond either end."""
    if not 0 <= rank + step < len(items):
        raise refuse("", f"{what} ne peut pas aller plus loin.", "Gardez cet ordre.")
    order = list(items)
    order.insert(rank + step, order.pop(rank))
    return tuple(order)


def name_from(label: str, taken: Collection[str], fallback: str) -> str:
    """A name made of the words of a label, that nothing has yet: ``vivez_vous_ici_2``."""
    plain = unicodedata.normalize("NFKD", label.lower().replace("œ", "oe"))
    plain = "".join(sign for sign in plain if not unicodedata.combining(sign))
    words = re.sub(r"[^a-z0-9]+", "_", plain).strip("_")
    if words[:1].isdigit():
        words = f"{fallback}_{words}"
    base = name = words[:MAX_NAME].rstrip("_") or fallback
    rank = 2
    while name in taken:
        ending = f"_{rank}"
        name = base[: MAX_NAME - len(ending)].rstrip("_") + ending
        rank += 1
    return name


def taken_names(questionnaire: Questionnaire) -> set[str]:
    """Names that a new section or question must not take."""
    sections = {section.name for section in questionnaire.sections}
    return (
        sections | {question.name for question in questionnaire.questions} | MEANINGFUL | RESERVED
    )


def in_one_language(labels: Labels, language: str, text: str) -> Labels:
    """The labels with another text in one language; an empty one takes it away."""
    text = clean_text(text).strip()
    if text:
        return {**labels, language: text}
    return {code: words for code, words in labels.items() if code != language}


def reworded(old: Sequence[Labels], new: Sequence[str], default: str) -> tuple[Labels, ...]:
    """The probes with other texts in the default language, each keeping its translations.

    The list may grow or shrink: an unchanged text keeps its translations wherever it goes, and
    in a list of the same length a new text rewords the old one there.
    """
    texts = [text.strip() for text in new if text.strip()]
    same = {labels.get(default, ""): labels for labels in old}
    found: list[Labels] = []
    for rank, text in enumerate(texts):
        rewords = len(old) == len(texts) and old[rank].get(default) not in texts
        found.append(same.get(text) or {**(old[rank] if rewords else {}), default: text})
    return tuple(found)


def default_choices(kind: str, words: Sequence[str], language: str) -> tuple[Choice, ...]:
    """Choices for a type, from the words given or, without any, ordinary ones to reword."""
    said = [word.strip() for word in words if word.strip()]
    said = said or list(_FIRST_CHOICES.get(kind, ("Premier choix", "Deuxième choix")))
    choices: list[Choice] = []
    for word in said:
        choices.append(Choice(choice_name(kind, word, choices), {language: word}))
    return tuple(choices)


def choice_name(kind: str, label: str, others: Sequence[Choice]) -> str:
    """A name for a new choice: the next number on a scale, words from the label elsewhere."""
    taken = {choice.name for choice in others}
    if kind == "scale":
        numbers = [int(name) for name in taken if name.isdigit()]
        return str(max(numbers, default=0) + 1)
    return name_from(label, taken, "choix")


def label_of(piece: Section | Question, language: str = "fr") -> str:
    """« La partie … » or « La question … », to begin a sentence."""
    noun = "La partie" if isinstance(piece, Section) else "La question"
    return f"{noun} « {' '.join(in_language(piece.label, language).split())} »"


def checked(old: Questionnaire, new: Questionnaire) -> Questionnaire:
    """``new``, unless it has a fault that ``old`` had not.

    Raises ``QuestionnaireError``: first for the conditions that would no longer find what they
    read, naming who reads what, then for anything that ``verify`` refuses.
    """
    before = {(reader.name, name) for reader, name in _lost(old)}
    for reader, name in _lost(new):
        if (reader.name, name) not in before:
            raise _unread(old, new, reader, name)
    for reader, text in _conditions(new):
        for name, value in _values(text):
            choice = _choice(old, name, value)
            if choice is not None and _choice(new, name, value) is None:
                said = in_language(choice.label, "fr")
                message = f"{label_of(reader)} attend la réponse « {said} », qui serait retirée."
                raise refuse(name, message, "Changez d’abord la condition qui la lit.")
    faults = verify(old)
    for problem in verify(new):
        if problem not in faults:
            raise refuse(problem.where, problem.message, problem.remedy)
    return new


def _conditions(questionnaire: Questionnaire) -> Iterator[tuple[Section | Question, str]]:
    for section in questionnaire.sections:
        yield section, section.relevant
        for question in section.questions:
            yield question, question.relevant
            yield question, question.constraint


def _lost(questionnaire: Questionnaire) -> Iterator[tuple[Section | Question, str]]:
    """Who reads an answer that is not given before, and the name that it reads."""
    for section in questionnaire.sections:
        seen = {item.name for item in conditions.readable(questionnaire, section.name)}
        yield from ((section, name) for name in _references(section.relevant) - seen)
        for item in section.questions:
            yield from ((item, name) for name in _references(item.relevant) - seen)
            seen.add(item.name)
            yield from ((item, name) for name in _references(item.constraint) - seen)


def _references(text: str) -> frozenset[str]:
    try:
        return expressions.references(expressions.parse(text)) if text else frozenset()
    except expressions.ExpressionError:
        return frozenset()


def _values(text: str) -> list[tuple[str, str]]:
    try:
        return list(compared(expressions.parse(text))) if text else []
    except expressions.ExpressionError:
        return []


def _choice(questionnaire: Questionnaire, name: str, value: str) -> Choice | None:
    found = next((item for item in questionnaire.questions if item.name == name), None)
    return found.choice(value) if found else None


def _unread(
    old: Questionnaire, new: Questionnaire, reader: Section | Question, name: str
) -> QuestionnaireError:
    known = {item.name: item for item in (*old.questions, *new.questions)}
    if name not in known:
        return refuse(name, f"La question « {name} » n’existe pas.", "Choisissez-en une autre.")
    read = " ".join(in_language(known[name].label, "fr").split())
    message = f"{label_of(reader)} dépend de la réponse à « {read} »"
    if name not in {item.name for item in new.questions}:
        remedy = "Changez d’abord cette condition, puis retirez la question."
        return refuse(name, f"{message}, qui ne serait plus posée.", remedy)
    remedy = "Gardez cet ordre, ou changez d’abord cette condition."
    return refuse(name, f"{message}, qui ne serait pas donnée avant.", remedy)
