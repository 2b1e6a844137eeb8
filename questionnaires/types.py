"""Question types: how an answer is read from a form, checked, and shown. One line each in TYPES."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from questionnaires import choice_answers, measured_answers
from questionnaires.model import (
    NON_RESPONSE_LABELS,
    Labels,
    NonResponse,
    Question,
    in_language,
)
from questionnaires.problems import Problem, answer_problem
from questionnaires.values import (
    MAX_TEXT,
    Places,
    Raw,
    Value,
    clean_text,
    fine,
    parse_text,
    refuse,
    show_plain,
    single,
    too_long,
)

__all__ = [
    "MAX_PLACE",
    "MAX_TEXT",
    "OPEN_FIELD_WARNING",
    "SEVERAL",
    "TYPES",
    "WITH_CHOICES",
    "Places",
    "QuestionType",
    "Raw",
    "Value",
    "clean_text",
]

MAX_PLACE = 200
"""Code points of a place typed freely."""

OPEN_FIELD_WARNING: Labels = {
    "fr": "Notez les mots de la personne. N’écrivez aucun nom, aucune adresse, "
    "aucun détail de santé.",
    "ar": "اكتبوا كلمات الشخص نفسها. لا تكتبوا أي اسم ولا أي عنوان ولا أي تفصيل عن الصحة.",
}
"""What stands above every open field."""

_ATTACHMENT = re.compile(r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}\Z")


@dataclass(frozen=True, slots=True)
class QuestionType:
    """What a type knows how to do.

    ``parse`` turns what a form posted (text, or a list of texts) into a value and raises
    ``AnswerError``; nothing answered gives an empty value (``""`` or ``[]``). ``check`` takes
    the campaign's places (name to label). ``show`` gives the words that a person reads.
    """

    parse: Callable[[Question, Raw], Value]
    check: Callable[[Question, Value, Places | None], list[Problem]]
    display: Callable[[Question, Value, str, Places | None], str]

    def show(
        self,
        question: Question,
        value: Value | NonResponse,
        language: str = "fr",
        places: Places | None = None,
    ) -> str:
        """The answer as a person reads it, non-responses included."""
        if isinstance(value, NonResponse):
            return in_language(NON_RESPONSE_LABELS[value], language)
        return self.display(question, value, language, places)


def _check_length(limit: int) -> Callable[[Question, Value, Places | None], list[Problem]]:
    def check(question: Question, value: Value, _places: Places | None) -> list[Problem]:
        length = len(str(value))
        return [too_long(question, length, limit)] if length > limit else []

    return check


def _check_place(question: Question, value: Value, places: Places | None) -> list[Problem]:
    """With sectors, only a sector: a free place could be somebody's address."""
    if places and value not in places:
        return [
            answer_problem(
                "unknown-place",
                question.name,
                "Ce lieu ne fait pas partie des secteurs de la campagne.",
                "Choisissez un secteur de la liste, jamais une adresse.",
            )
        ]
    return _check_length(MAX_PLACE)(question, value, places)


def _show_place(_question: Question, value: Value, _language: str, places: Places | None) -> str:
    return (places or {}).get(str(value), str(value))


def _parse_image(question: Question, raw: Raw) -> str:
    """The id of a photo already received: its bytes never travel in the answers."""
    text = single(question, raw).strip()
    if text and not _ATTACHMENT.match(text):
        raise refuse(
            question,
            "not-a-photo",
            "Cette photo n’est pas arrivée.",
            "Choisissez-la de nouveau.",
        )
    return text


def _show_image(_question: Question, _value: Value, language: str, _places: Places | None) -> str:
    return "صورة" if language == "ar" else "Une photo"


def _parse_note(question: Question, raw: Raw) -> str:
    if any(raw):
        raise refuse(
            question,
            "note-answered",
            "Ce texte est à lire, il ne reçoit pas de réponse.",
            "Écrivez la réponse sous la question concernée.",
        )
    return ""


_choice = choice_answers
_measured = measured_answers

TYPES: dict[str, QuestionType] = {
    "text": QuestionType(parse_text, _check_length(MAX_TEXT), show_plain),
    "select_one": QuestionType(_choice.parse_name, _choice.check_names, _choice.show_names),
    "select_multiple": QuestionType(_choice.parse_names, _choice.check_names, _choice.show_names),
    "scale": QuestionType(_choice.parse_name, _choice.check_names, _choice.show_names),
    "rank": QuestionType(_choice.parse_ranks, _choice.check_ranks, _choice.show_ranks),
    "integer": QuestionType(_measured.parse_integer, fine, show_plain),
    "date": QuestionType(_measured.parse_date, fine, _measured.show_date),
    "time": QuestionType(_measured.parse_time, fine, _measured.show_time),
    "dateTime": QuestionType(_measured.parse_datetime, fine, _measured.show_datetime),
    "place": QuestionType(parse_text, _check_place, _show_place),
    "image": QuestionType(_parse_image, fine, _show_image),
    "note": QuestionType(_parse_note, fine, show_plain),
}

WITH_CHOICES = frozenset({"select_one", "select_multiple", "scale", "rank"})
"""Types whose answers are names of the question's own choices."""

SEVERAL = frozenset({"select_multiple", "rank"})
"""Types whose answer is a list of names."""
