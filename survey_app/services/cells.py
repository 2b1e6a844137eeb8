"""What a cell of a spreadsheet becomes, whatever the format of its file."""

from __future__ import annotations

from datetime import date, datetime


class Uncomputed(str):
    """An empty cell that is in truth a formula whose result the file does not hold."""

    __slots__ = ()


def number(value: float) -> str:
    """« 7 » for 7.0, as people see it."""
    return str(int(value)) if value.is_integer() else str(value)


def text(value: object) -> str:
    """A value that openpyxl read: dates in ISO, whole numbers without a point."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float):
        return number(value)
    return str(value)
