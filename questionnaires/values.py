"""What the question types share: limits, clean text, the one answer of a form's field."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence

from questionnaires.model import Question
from questionnaires.problems import AnswerError, Problem, answer_problem

MAX_TEXT = 100_000
"""Code points of one open answer, once normalised."""

Raw = str | Sequence[str]
Value = str | int | list[str]
Places = Mapping[str, str]

# C0 controls except tab and line feed; halves of surrogate pairs and the two code points that
# no XML document (so neither Word nor LibreOffice) can hold.
FORBIDDEN = re.compile("[\x00-\x08\x0b-\x1f\ud800-\udfff\ufffe\uffff]")
"""Signs that no text may hold, once `clean_text` has read its line ends."""

MAX_LABEL = 3_000
"""Signs of one text of a questionnaire; the longest of the library has 841."""


def clean_text(raw: str) -> str:
    """NFC with line feeds only; everything else is kept as it was typed."""
    return unicodedata.normalize("NFC", raw.replace("\r\n", "\n").replace("\r", "\n"))


def label_fault(text: str, where: str) -> tuple[str, str] | None:
    """Why a questionnaire cannot say this text, and what to do; ``where`` names what it is of."""
    clean = clean_text(text)
    if len(clean) > MAX_LABEL:
        message = f"Un texte de « {where} » compte {len(clean)} signes."
        return message, f"Raccourcissez-le : {MAX_LABEL} signes au plus."
    if FORBIDDEN.search(clean):
        message = f"Un texte de « {where} » contient des signes invisibles."
        return message, "Effacez ce texte, puis tapez-le de nouveau."
    return None


def refuse(question: Question, code: str, message: str, remedy: str) -> AnswerError:
    """The error that says why an answer cannot be read."""
    return AnswerError(answer_problem(code, question.name, message, remedy))


def single(question: Question, raw: Raw) -> str:
    """The one text of the answer, however the form posted it."""
    if isinstance(raw, str):
        return raw
    given = list(dict.fromkeys(item for item in raw if item))
    if len(given) > 1:
        raise refuse(
            question,
            "several-answers",
            "Cette question reçoit plusieurs réponses à la fois.",
            "Gardez une seule réponse.",
        )
    return given[0] if given else ""


def parse_text(question: Question, raw: Raw) -> str:
    """Clean text; empty when it holds nothing but spaces."""
    text = single(question, raw)
    if len(text) > 2 * MAX_TEXT:
        raise AnswerError(too_long(question, len(text), MAX_TEXT))
    text = clean_text(text)
    if FORBIDDEN.search(text):
        # Removing a control may bring a letter and its accent together: normalise once more.
        offered = unicodedata.normalize("NFC", FORBIDDEN.sub("", text))
        problem = answer_problem(
            "control-characters",
            question.name,
            "Cette réponse contient des signes invisibles qui ne peuvent pas être enregistrés.",
            "Reprenez le texte proposé, sans ces signes.",
            offered,
        )
        raise AnswerError(problem)
    return text if text.strip() else ""


def too_long(question: Question, length: int, limit: int) -> Problem:
    return answer_problem(
        "too-long",
        question.name,
        f"Cette réponse compte {length} signes. La limite est de {limit} signes.",
        "Coupez la réponse, et mettez la suite dans une autre question.",
    )


def fine(_question: Question, _value: Value, _places: Places | None) -> list[Problem]:
    """Nothing more to check."""
    return []


def show_plain(_question: Question, value: Value, _language: str, _places: Places | None) -> str:
    return str(value)
