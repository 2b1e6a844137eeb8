"""The small French sentences are made of: plurals, lists and dates."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

MONTHS = (
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


def plural(number: int, singular: str, several: str = "") -> str:
    """The right form for a number: French is singular below two, zero included."""
    return singular if abs(number) < 2 else several or f"{singular}s"


def count(number: int, singular: str, several: str = "") -> str:
    """« 0 témoignage », « 1 témoignage », « 2 témoignages »."""
    return f"{number} {plural(number, singular, several)}"


def french_date(day: date | None) -> str:
    """« 1er mars 2024 », or nothing for an unknown day."""
    if day is None:
        return ""
    return f"{'1er' if day.day == 1 else day.day} {MONTHS[day.month - 1]} {day.year}"


def listing(items: Iterable[str], most: int = 8) -> str:
    """« a, b et c »; beyond ``most`` items, the number of those left out is said."""
    known = list(items)
    if len(known) > most:
        known = [*known[: most - 1], f"{len(known) - most + 1} autres"]
    if len(known) < 2:
        return "".join(known)
    return f"{', '.join(known[:-1])} et {known[-1]}"
