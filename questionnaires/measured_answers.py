"""Answers that are a number, a day, an hour, or a day with its hour."""

from __future__ import annotations

import re
from datetime import date, time

from questionnaires.model import Question
from questionnaires.values import Places, Raw, Value, refuse, single

_INTEGER = re.compile(r"[+-]?[0-9]{1,12}\Z")
_FRENCH_DAY = re.compile(r"([0-9]{1,2})/([0-9]{1,2})/([0-9]{4})\Z")
_ISO_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}\Z")
# 18:30, 18h30, 18 h 30, 18h; a browser may add seconds, which nobody meant to give.
_HOUR = re.compile(r"([0-9]{1,2}) ?[:hH] ?([0-9]{2})?(?::[0-9]{2}(?:\.[0-9]+)?)?\Z")
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


def parse_integer(question: Question, raw: Raw) -> Value:
    text = re.sub(r"[ \u00a0\u202f]", "", single(question, raw))
    if not text:
        return ""
    if not _INTEGER.match(text):
        raise refuse(
            question,
            "not-a-number",
            "Cette réponse n’est pas un nombre entier.",
            "Écrivez un nombre avec des chiffres seulement, par exemple 12.",
        )
    return int(text)


def parse_date(question: Question, raw: Raw) -> str:
    """A day as ``yyyy-mm-dd``; ``31/01/2026`` is read too."""
    text = single(question, raw).strip()
    try:
        return _day(text) if text else ""
    except ValueError:
        raise refuse(
            question,
            "not-a-date",
            "Cette réponse n’est pas une date du calendrier.",
            "Écrivez le jour, le mois et l’année, par exemple 31/01/2026.",
        ) from None


def parse_time(question: Question, raw: Raw) -> str:
    """An hour as ``hh:mm``; ``18h30`` is read too."""
    text = single(question, raw).strip()
    try:
        return _hour(text) if text else ""
    except ValueError:
        raise refuse(
            question,
            "not-a-time",
            "Cette réponse n’est pas une heure.",
            "Écrivez l’heure et les minutes, par exemple 18:30.",
        ) from None


def parse_datetime(question: Question, raw: Raw) -> str:
    """A day and its hour as ``yyyy-mm-ddThh:mm``; ``31/01/2026 18h30`` is read too."""
    text = single(question, raw).strip()
    if not text:
        return ""
    day, _, hour = text.replace("T", " ").partition(" ")
    try:
        return f"{_day(day)}T{_hour(hour.strip().removeprefix('à').strip())}"
    except ValueError:
        raise refuse(
            question,
            "not-a-datetime",
            "Cette réponse n’est pas une date avec son heure.",
            "Écrivez le jour puis l’heure, par exemple 31/01/2026 18:30.",
        ) from None


def _day(text: str) -> str:
    french = _FRENCH_DAY.match(text)
    if french:
        day, month, year = french.groups()
        text = f"{year}-{month:0>2}-{day:0>2}"
    if not _ISO_DAY.match(text):
        raise ValueError(text)
    return date.fromisoformat(text).isoformat()


def _hour(text: str) -> str:
    match = _HOUR.match(text)
    if match is None:
        raise ValueError(text)
    hours, minutes = match.groups()
    return time(int(hours), int(minutes or 0)).strftime("%H:%M")


def show_date(_question: Question, value: Value, language: str, _places: Places | None) -> str:
    return _day_in(str(value), language)


def show_time(_question: Question, value: Value, language: str, _places: Places | None) -> str:
    return _hour_in(str(value), language)


def show_datetime(_question: Question, value: Value, language: str, _places: Places | None) -> str:
    day, _, hour = str(value).partition("T")
    between = " à " if language == "fr" else " "
    return f"{_day_in(day, language)}{between}{_hour_in(hour, language)}"


def _day_in(text: str, language: str) -> str:
    day = date.fromisoformat(text)
    if language != "fr":
        return day.isoformat()
    return f"{'1er' if day.day == 1 else day.day} {_MONTHS[day.month - 1]} {day.year:04d}"


def _hour_in(text: str, language: str) -> str:
    return text.replace(":", " h ") if language == "fr" else text
