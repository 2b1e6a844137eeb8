"""Question types: how an answer is read from a form, checked, and shown. One line each in TYPES."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from questionnaires.model import (
    NON_RESPONSE_LABELS,
    Labels,
    NonResponse,
    Question,
    in_language,
)
from questionnaires.problems import AnswerError, Problem, answer_problem

MAX_TEXT = 100_000
"""Code points of one open answer, once normalised."""

MAX_PLACE = 200
"""Code points of a place typed freely."""

OPEN_FIELD_WARNING: Labels = {
    "fr": "Notez les mots de la personne. N’écrivez aucun nom, aucune adresse, "
    "aucun détail de santé."
}
"""What stands above every open field."""

Raw = str | Sequence[str]
Value = str | int | list[str]
Places = Mapping[str, str]

# C0 controls except tab and line feed; halves of surrogate pairs and the two code points that
# no XML document (so neither Word nor LibreOffice) can hold.
_FORBIDDEN = re.compile("[\x00-\x08\x0b-\x1f\ud800-\udfff\ufffe\uffff]")
_INTEGER = re.compile(r"[+-]?[0-9]{1,12}\Z")
_FRENCH_DAY = re.compile(r"([0-9]{1,2})/([0-9]{1,2})/([0-9]{4})\Z")
_ISO_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}\Z")
_MONTHS = (
    "janvier",
    "février",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "août",
    "septembre",
    "octobre",
    "novembre",
    "décembre",
)


@dataclass(frozen=True, slots=True)
class QuestionType:
    """What a type knows how to do.

    ``parse`` turns what a form posted (text, or a list of texts) into a value and raises
    ``AnswerError``; nothing answered gives an empty value (``""`` or ``[]``). ``check`` takes
    the campaign's places (name to label). ``show`` gives the words that a person reads.
    """

    widget: str
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


def clean_text(raw: str) -> str:
    """NFC with line feeds only; everything else is kept as it was typed."""
    return unicodedata.normalize("NFC", raw.replace("\r\n", "\n").replace("\r", "\n"))


def _refuse(question: Question, code: str, message: str, remedy: str) -> AnswerError:
    return AnswerError(answer_problem(code, question.name, message, remedy))


def _single(question: Question, raw: Raw) -> str:
    """The one text of the answer, however the form posted it."""
    if isinstance(raw, str):
        return raw
    given = list(dict.fromkeys(item for item in raw if item))
    if len(given) > 1:
        raise _refuse(
            question,
            "several-answers",
            "Cette question reçoit plusieurs réponses à la fois.",
            "Gardez une seule réponse.",
        )
    return given[0] if given else ""


def _parse_text(question: Question, raw: Raw) -> str:
    text = _single(question, raw)
    if len(text) > 2 * MAX_TEXT:
        raise AnswerError(_too_long(question, len(text), MAX_TEXT))
    text = clean_text(text)
    if _FORBIDDEN.search(text):
        # Removing a control may bring a letter and its accent together: normalise once more.
        offered = unicodedata.normalize("NFC", _FORBIDDEN.sub("", text))
        problem = answer_problem(
            "control-characters",
            question.name,
            "Cette réponse contient des signes invisibles qui ne peuvent pas être enregistrés.",
            "Reprenez le texte proposé, sans ces signes.",
            offered,
        )
        raise AnswerError(problem)
    return text if text.strip() else ""


def _too_long(question: Question, length: int, limit: int) -> Problem:
    return answer_problem(
        "too-long",
        question.name,
        f"Cette réponse compte {length} signes. La limite est de {limit} signes.",
        "Coupez la réponse, et mettez la suite dans une autre question.",
    )


def _check_length(limit: int) -> Callable[[Question, Value, Places | None], list[Problem]]:
    def check(question: Question, value: Value, _places: Places | None) -> list[Problem]:
        length = len(str(value))
        return [_too_long(question, length, limit)] if length > limit else []

    return check


def _parse_name(question: Question, raw: Raw) -> str:
    return _single(question, raw).strip()


def _parse_names(_question: Question, raw: Raw) -> list[str]:
    given = [raw] if isinstance(raw, str) else raw
    return list(dict.fromkeys(item.strip() for item in given if item.strip()))


def _check_names(question: Question, value: Value, _places: Places | None) -> list[Problem]:
    names = value if isinstance(value, list) else [str(value)] if value else []
    chosen = [choice for name in names if (choice := question.choice(name))]
    problems: list[Problem] = []
    if len(chosen) < len(names):
        problems.append(
            answer_problem(
                "unknown-choice",
                question.name,
                "Cette réponse ne fait pas partie des choix proposés.",
                "Choisissez une réponse de la liste.",
            )
        )
    if question.max_choices is not None and len(names) > question.max_choices:
        problems.append(
            answer_problem(
                "too-many-choices",
                question.name,
                f"{len(names)} réponses sont cochées. Le maximum est de {question.max_choices}.",
                "Décochez les réponses en trop.",
            )
        )
    alone = next((choice for choice in chosen if choice.exclusive), None)
    if alone is not None and len(names) > 1:
        problems.append(
            answer_problem(
                "exclusive-choice",
                question.name,
                f"« {in_language(alone.label, 'fr')} » ne va avec aucune autre réponse.",
                "Gardez cette réponse seule, ou décochez-la.",
            )
        )
    return problems


def _show_names(question: Question, value: Value, language: str, _places: Places | None) -> str:
    names = value if isinstance(value, list) else [str(value)]
    found = ((name, question.choice(name)) for name in names)
    return ", ".join(
        in_language(choice.label, language) if choice else name for name, choice in found
    )


def _parse_integer(question: Question, raw: Raw) -> Value:
    text = re.sub(r"[ \u00a0\u202f]", "", _single(question, raw))
    if not text:
        return ""
    if not _INTEGER.match(text):
        raise _refuse(
            question,
            "not-a-number",
            "Cette réponse n’est pas un nombre entier.",
            "Écrivez un nombre avec des chiffres seulement, par exemple 12.",
        )
    return int(text)


def _parse_date(question: Question, raw: Raw) -> str:
    text = _single(question, raw).strip()
    french = _FRENCH_DAY.match(text)
    if french:
        day, month, year = french.groups()
        iso = f"{year}-{month:0>2}-{day:0>2}"
    else:
        iso = text
    if not iso:
        return ""
    try:
        if not _ISO_DAY.match(iso):
            raise ValueError(iso)
        return date.fromisoformat(iso).isoformat()
    except ValueError:
        raise _refuse(
            question,
            "not-a-date",
            "Cette réponse n’est pas une date du calendrier.",
            "Écrivez le jour, le mois et l’année, par exemple 31/01/2026.",
        ) from None


def _show_date(_question: Question, value: Value, language: str, _places: Places | None) -> str:
    day = date.fromisoformat(str(value))
    if language != "fr":
        return day.isoformat()
    return f"{'1er' if day.day == 1 else day.day} {_MONTHS[day.month - 1]} {day.year:04d}"


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


def _parse_note(question: Question, raw: Raw) -> str:
    if any(raw):
        raise _refuse(
            question,
            "note-answered",
            "Ce texte est à lire, il ne reçoit pas de réponse.",
            "Écrivez la réponse sous la question concernée.",
        )
    return ""


def _fine(_question: Question, _value: Value, _places: Places | None) -> list[Problem]:
    return []


def _show_plain(_question: Question, value: Value, _language: str, _places: Places | None) -> str:
    return str(value)


TYPES: dict[str, QuestionType] = {
    "text": QuestionType("textarea", _parse_text, _check_length(MAX_TEXT), _show_plain),
    "select_one": QuestionType("radio", _parse_name, _check_names, _show_names),
    "select_multiple": QuestionType("checkboxes", _parse_names, _check_names, _show_names),
    "scale": QuestionType("scale", _parse_name, _check_names, _show_names),
    "integer": QuestionType("number", _parse_integer, _fine, _show_plain),
    "date": QuestionType("date", _parse_date, _fine, _show_date),
    "place": QuestionType("place", _parse_text, _check_place, _show_place),
    "note": QuestionType("note", _parse_note, _fine, _show_plain),
}

WITH_CHOICES = frozenset({"select_one", "select_multiple", "scale"})
"""Types whose answers are names of the question's own choices."""
