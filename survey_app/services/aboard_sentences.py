"""The French sentences of problems as the tablet says them, read from the checks themselves.

Each check is given an answer that it refuses, on a question made for that; the numbers and
labels of its sentence then become slots (``{count}``, ``{label}``). Nothing is written twice.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from functools import cache
from typing import Any

from questionnaires import answers
from questionnaires.model import (
    NON_RESPONSE_LABELS,
    Choice,
    Question,
    Questionnaire,
    Section,
    in_language,
)
from questionnaires.problems import Problem
from questionnaires.types import MAX_TEXT, TYPES
from survey_app.services import deposit
from survey_app.services.envelopes import Envelope

ASKED = "q"
_REFUSED = {"non_response": "refus"}
_CHOICES = tuple(Choice(name, {"fr": "{choice}"}) for name in "abc")
_ALONE = (*_CHOICES, Choice("seul", {"fr": "{choice}"}, exclusive=True))


def _questionnaire(*questions: Question, **options: Any) -> Questionnaire:
    section = Section("s", {"fr": "{label}"}, questions, **options)
    return Questionnaire("x", "1", {}, {}, "", {}, {}, (section,))


def _one(kind: str, answer: object, **options: Any) -> tuple[Questionnaire, Mapping[str, object]]:
    question = Question(ASKED, kind, {"fr": "{label}"}, **options)
    return _questionnaire(question), {ASKED: answer}


# Code of a problem -> a questionnaire of one question and an answer that it refuses so.
_WRONG: dict[str, tuple[Questionnaire, Mapping[str, object]]] = {
    "required": _one("text", None, required=True),
    "constraint": _one("text", "a", constraint="false()", constraint_message={"fr": "{message}"}),
    "unknown-question": (_questionnaire(), {"{name}": "a"}),
    "both-answers": (_one("text", "")[0], {ASKED: "a", f"{ASKED}__nr": _REFUSED}),
    "unreadable": _one("text", {}),
    "too-long": _one("text", "a" * (MAX_TEXT + 1)),
    "control-characters": _one("text", "a\x00"),
    "several-answers": _one("text", ["a", "b"]),
    "unknown-choice": _one("select_one", "z", choices=_CHOICES),
    "too-many-choices": _one("select_multiple", list("abc"), choices=_CHOICES, max_choices=2),
    "exclusive-choice": _one("select_multiple", ["a", "seul"], choices=_ALONE),
    "ranked-twice": _one("rank", ["a", "a"], choices=_CHOICES),
    "not-a-number": _one("integer", "a"),
    "not-a-date": _one("date", "a"),
    "not-a-time": _one("time", "a"),
    "not-a-datetime": _one("dateTime", "a"),
    "unknown-place": _one("place", "a"),
    "not-a-photo": _one("image", "a"),
    "note-answered": _one("note", "a"),
}
_SLOTS: Mapping[str, Mapping[str, str]] = {
    "too-long": {str(MAX_TEXT + 1): "{count}", str(MAX_TEXT): "{limit}"},
    "too-many-choices": {"3": "{count}", "2": "{limit}"},
    "too-many-entries": {"2": "{count}", "1": "{limit}"},
    "minor": {deposit.RECORDED["voix"]: "{what}"},
}


def _found(whole: Questionnaire, given: Mapping[str, object], code: str) -> Problem:
    problems = answers.check(whole, given, {"halles": "Les Halles"}).problems
    return next(problem for problem in problems if problem.code == code)


DEFAULT_RULE = _found(*_one("text", "a", constraint="false()"), "constraint").message
"""What is said of a rule of which the questionnaire says nothing."""


@cache
def sentences() -> dict[str, str]:
    """Code of a problem to its French sentence; ``{slots}`` stand for numbers and labels."""
    told = {code: str(_found(whole, given, code)) for code, (whole, given) in _WRONG.items()}
    told |= _of_entries() | _of_consents() | _of_answers()
    for code, slots in _SLOTS.items():
        for words, slot in slots.items():
            told[code] = told[code].replace(words, slot)
    return told


def _of_entries() -> dict[str, str]:
    """Of a section asked again and again."""
    asked = Question(ASKED, "text", {"fr": "{label}"})
    whole = _questionnaire(asked, repeat={"fr": "Arrêt"}, max_repeats=1)
    return {
        "unreadable-entries": str(_found(whole, {"s": "a"}, "unreadable")),
        "too-many-entries": str(_found(whole, {"s": [{}, {}]}, "too-many-entries")),
    }


def _of_answers() -> dict[str, str]:
    """Of answers that are no words: a silence, a photo."""
    photo = Question(ASKED, "image", {})
    silent = {str(name): in_language(said, "fr") for name, said in NON_RESPONSE_LABELS.items()}
    return silent | {"a-photo": TYPES["image"].show(photo, "x")}


def _of_consents() -> dict[str, str]:
    """Why answers may not be kept, though each of them is right."""
    agreed = {"noter": "oui"}
    cases: dict[str, dict[str, str]] = {
        "consent-refused": {"noter": "non"},
        "joint-agreement": {**agreed, "age": "moins_15"},
        "not-asked": {},
        "erase": {**agreed, deposit.READ_BACK: deposit.TO_ERASE},
        "minor": {**agreed, "age": "15_17", "voix": "oui"},
        "photo-consent": {**agreed, "photo_prise": str(uuid.UUID(int=0))},
    }
    return {code: _refusal(given) for code, given in cases.items()} | deposit.RECORDED


def _refusal(given: Mapping[str, object]) -> str:
    """The first reason why these answers are not stored."""
    names = ("noter", "voix", "age", deposit.READ_BACK, "accord_parent")
    scopes = {"noter", "voix"}
    asked = [Question(name, "text", {}, consent=name if name in scopes else None) for name in names]
    whole = _questionnaire(*asked, Question("photo_prise", "image", {}))
    nobody = uuid.UUID(int=0)
    envelope = Envelope(nobody, nobody, nobody, "", given)
    return deposit.consent_problems(deposit.Content(whole, given, ""), envelope)[0]
