"""From the question types of a questionnaire to the fields of a page: one line each in FIELDS."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
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


class RankField(SelectMultipleField):  # type: ignore[misc]  # WTForms ships no types
    """Answers in order: one list a rank, all under the same name; the template draws them."""

    def __init__(self, label: str, choices: Mapping[str, str], ranks: int, **options: Any) -> None:
        super().__init__(label, choices=offered(choices), validate_choice=False, **options)
        self.ranks = ranks

    def process_formdata(self, valuelist: list[str]) -> None:
        self.data: list[str] = [name for name in valuelist if name.strip()]

    def chosen(self, rank: int) -> str:
        """The name of the choice at that rank, counted from 1; empty when there is none."""
        given = self.data or []
        return str(given[rank - 1]) if rank <= len(given) else ""


class PhotoField(StringField):  # type: ignore[misc]  # WTForms ships no types
    """The id of a photo already received. The bytes travel beside it, never in it.

    ``photos`` gives the addresses of the photos by id, or ``None`` where none can be received.
    """

    def __init__(self, label: str, photos: Mapping[str, str] | None, **options: Any) -> None:
        super().__init__(label, **options)
        self.receives = photos is not None
        self._photos = photos or {}

    @property
    def address(self) -> str:
        """Where the photo is seen; empty when there is none."""
        return self._photos.get(str(self.data or ""), "")


@dataclass(frozen=True, slots=True)
class Around:
    """What a field needs to know beside its question."""

    language: str = "fr"
    places: Places = field(default_factory=dict)
    photos: Mapping[str, str] | None = None

    def choices(self, question: Question) -> dict[str, str]:
        """Names and words of the choices of a question, in the language of the page."""
        return {item.name: in_language(item.label, self.language) for item in question.choices}


def _text(_question: Question, label: str, _around: Around, **options: Any) -> Any:
    return TextArea(label, **options)


def _line(_question: Question, label: str, _around: Around, **options: Any) -> Any:
    return StringField(label, **options)


def _one(question: Question, label: str, around: Around, **options: Any) -> Any:
    return radios(label, around.choices(question), **options)


def _several(question: Question, label: str, around: Around, **options: Any) -> Any:
    return MultiCheckboxField(label, around.choices(question), **options)


def _ranks(question: Question, label: str, around: Around, **options: Any) -> Any:
    ranks = question.max_choices or len(question.choices)
    return RankField(label, around.choices(question), ranks, **options)


def _place(_question: Question, label: str, around: Around, **options: Any) -> Any:
    return (
        radios(label, around.places, **options) if around.places else StringField(label, **options)
    )


def _photo(_question: Question, label: str, around: Around, **options: Any) -> Any:
    return PhotoField(label, around.photos, **options)


# Question type -> field. Notes are read aloud: they have none. What was typed in a number or a
# date stays text, so that it is shown again when it is wrong; the questionnaire judges it.
FIELDS: dict[str, Callable[..., Any]] = {
    "text": _text,
    "select_one": _one,
    "scale": _one,
    "select_multiple": _several,
    "rank": _ranks,
    "integer": _line,
    "date": _line,
    "time": _line,
    "dateTime": _line,
    "place": _place,
    "image": _photo,
}
