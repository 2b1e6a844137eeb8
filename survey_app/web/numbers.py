"""Whole numbers between two others, as forms ask for them."""

from __future__ import annotations

from typing import Any

from wtforms import IntegerField
from wtforms.validators import ValidationError


class Between:
    """A whole number from ``low`` to ``high``, both included.

    Compared as whole numbers: WTForms' own range fails on one that no float can hold.
    """

    def __init__(self, low: int, high: int, message: str = "") -> None:
        self.low, self.high = low, high
        self.message = message or f"Un nombre entre {low} et {high}."
        self.field_flags = {"min": low, "max": high}

    def __call__(self, _form: Any, field: IntegerField) -> None:
        if field.data is None or not self.low <= field.data <= self.high:
            raise ValidationError(self.message)
