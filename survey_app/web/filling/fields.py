"""From the question types of a questionnaire to the fields of a page: one line each in FIELDS."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from wtforms import DateField, IntegerField, RadioField, SelectMultipleField, StringField
from wtforms import TextAreaField as TextArea
from wtforms.fields.choices import SelectChoice
from wtforms.widgets import CheckboxInput, ListWidget

from questionnaires.model import Question, in_language

Places = Mapping[str, str]


def offered(choices: Mapping[str, str]) -> list[Any]:
    """Choices, name to label, as WTForms wants them."""
    return [SelectChoice(name, label) for name, label in choices.items()]


def radios(label: str, choices: Mapping[str, str], **options: Any) -> Any:
    """One answer among several. The questionnaire itself judges what is posted."""
    return RadioField(label, choices=offered(choices), validate_choice=False, **options)


class MultiCheckboxField(SelectMultipleField):  # type: ignore[misc]  # WTForms ships no types
    """Several answers among several, as boxes that a finger can tick."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()

    def __init__(self, label: str, choices: Places, **options: Any) -> None:
        super().__init__(label, choices=offered(choices), validate_choice=False, **options)


class WholeNumber(IntegerField):  # type: ignore[misc]  # WTForms ships no types
    """A whole number; what was typed is shown again when it is not one."""

    def process_formdata(self, valuelist: list[str]) -> None:
        typed = valuelist[0].strip() if valuelist else ""
        self.data: int | None = None
        if typed:
            if not (typed.isascii() and typed.isdigit() and len(typed) < 10):
                raise ValueError("Écrivez un nombre entier, avec des chiffres seulement.")
            self.data = int(typed)


class Day(DateField):  # type: ignore[misc]  # WTForms ships no types
    """A day of the calendar."""

    def process_formdata(self, valuelist: list[str]) -> None:
        typed = valuelist[0].strip() if valuelist else ""
        self.data: date | None = None
        if typed:
            try:
                self.data = date.fromisoformat(typed)
            except ValueError:
                raise ValueError("Écrivez une date, par exemple 2026-04-02.") from None


def _named(question: Question, language: str) -> dict[str, str]:
    return {choice.name: in_language(choice.label, language) for choice in question.choices}


def _text(_question: Question, label: str, _language: str, _places: Places, **options: Any) -> Any:
    return TextArea(label, **options)


def _line(_question: Question, label: str, _language: str, _places: Places, **options: Any) -> Any:
    return StringField(label, **options)


def _one(question: Question, label: str, language: str, _places: Places, **options: Any) -> Any:
    return radios(label, _named(question, language), **options)


def _several(question: Question, label: str, language: str, _places: Places, **options: Any) -> Any:
    return MultiCheckboxField(label, _named(question, language), **options)


def _place(_question: Question, label: str, _language: str, places: Places, **options: Any) -> Any:
    return radios(label, places, **options) if places else StringField(label, **options)


# Question type -> field. Notes are read aloud: they have none.
FIELDS: dict[str, Callable[..., Any]] = {
    "text": _text,
    "select_one": _one,
    "scale": _one,
    "select_multiple": _several,
    "integer": _line,
    "date": _line,
    "place": _place,
}
