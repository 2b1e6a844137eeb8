"""The form of one page of a questionnaire, made from its questions, and how it is shown."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from flask_wtf import FlaskForm
from wtforms import HiddenField

from questionnaires import library
from questionnaires.answers import NON_RESPONSE_SUFFIX
from questionnaires.expressions import parse, to_json
from questionnaires.languages import direction
from questionnaires.model import (
    NON_RESPONSE_LABELS,
    RECORD,
    Labels,
    NonResponse,
    Question,
    in_language,
)
from questionnaires.problems import Problem
from questionnaires.relevance import plain
from questionnaires.types import OPEN_FIELD_WARNING
from survey_app.services.filling import Page
from survey_app.web.filling.fields import FIELDS, Around, radios

# Before the names of the questions, which are anybody's choice: ``data`` or ``errors``, say.
PREFIX = "q_"
ABOVE: Labels = {"fr": "Réponse ci-dessus", "ar": "الجواب أعلاه"}
FRENCH = "fr"


class Shown(HiddenField):  # type: ignore[misc]  # WTForms ships no types
    """Names of the questions that a script displays; each page begins with none."""

    def _value(self) -> str:
        return ""

    @property
    def names(self) -> list[str] | None:
        """The names that came back, or ``None`` when no script wrote them."""
        return (self.data or "").split() or None


class SectionForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF ships no types
    """What every page of answers carries: the stamp of what is kept when it was shown."""

    seen = HiddenField()
    shown = Shown()


@dataclass(frozen=True, slots=True)
class Wording:
    """All that a person reads of one question, in one language."""

    language: str
    label: str
    hint: str = ""
    probes: tuple[str, ...] = ()
    warning: str = ""
    choices: Mapping[str, str] = field(default_factory=dict)
    silent: Mapping[str, str] = field(default_factory=dict)

    @property
    def direction(self) -> str:
        return direction(self.language)


@dataclass(frozen=True, slots=True)
class Asked:
    """One question as the page shows it; a note has no field, a required question no ``silent``.

    ``french`` repeats in French what is asked in another language. ``relevant`` is the JSON tree
    of its condition, and ``hidden`` says that it is not asked now.
    """

    question: Question
    said: Wording
    french: Wording | None = None
    field: Any = None
    silent: Any = None
    relevant: str = ""
    hidden: bool = False

    @property
    def label(self) -> str:
        return self.said.label


def section_form(
    questions: Sequence[Question],
    words: Mapping[str, str],
    places: Mapping[str, str],
    language: str = FRENCH,
    photos: Mapping[str, str] | None = None,
) -> type[SectionForm]:
    """A form class for the questions of one page; ``words`` fill their placeholders.

    The labels of its fields are in French, for the person who listens reads the errors; those
    of its choices are in ``language``. ``photos`` gives the addresses of the photos received,
    by id; ``None`` where none can be received.
    """
    around = Around(language, places, photos)
    attributes: dict[str, Any] = {}
    for question in questions:
        if question.is_note:
            continue
        label = library.fill(in_language(question.label, FRENCH), words)
        options = {"name": question.name, "id": f"q-{question.name}"}
        attributes[PREFIX + question.name] = FIELDS[question.type](
            question, label, around, **options
        )
        if question.offers_non_response:
            name = question.name + NON_RESPONSE_SUFFIX
            attributes[PREFIX + name] = radios(
                f"Sans réponse : {label}", _silent(language), default="", name=name, id=f"q-{name}"
            )
    return type("QuestionsForm", (SectionForm,), attributes)


def _silent(language: str) -> dict[str, str]:
    named = {str(key): in_language(text, language) for key, text in NON_RESPONSE_LABELS.items()}
    return {"": in_language(ABOVE, language), **named}


def known(answers: Mapping[str, object]) -> dict[str, object]:
    """Answers that are kept, as the data of their page's form."""
    data: dict[str, object] = {}
    for name, answer in answers.items():
        value = plain(answer)
        if isinstance(value, NonResponse):
            suffix = "" if name.endswith(NON_RESPONSE_SUFFIX) else NON_RESPONSE_SUFFIX
            data[PREFIX + name + suffix] = value.value
        else:
            data[PREFIX + name] = value
    return data


def show_problems(form: SectionForm, problems: Sequence[Problem]) -> None:
    """Put each problem under its field; a text that can be mended shows mended."""
    for problem in problems:
        found = form._fields.get(PREFIX + problem.where.rpartition(".")[2])
        if found is None:
            form.form_errors = [*form.form_errors, str(problem)]
            continue
        found.errors = [*found.errors, str(problem)]
        if problem.offered is not None:
            found.data = problem.offered


def asked(
    form: SectionForm,
    questions: Sequence[Question],
    words: Mapping[str, str],
    language: str = FRENCH,
    page: Page | None = None,
) -> list[Asked]:
    """The questions of a page in order, each with its fields.

    With ``page``, those that are not asked now are there too, hidden, with their conditions;
    the photos are those that its answers name, whatever was posted; and a paper of the council
    offers no « sans réponse ».
    """
    for question in questions:
        if page is not None and question.type == "image":
            form._fields[PREFIX + question.name].data = page.answers.get(question.name, "")
    now = {question.name for question in (page.questions if page else questions)}
    return [
        Asked(
            question=question,
            said=wording(question, words, language),
            french=wording(question, words, FRENCH) if language != FRENCH else None,
            field=form._fields.get(PREFIX + question.name),
            silent=_silent_field(form, question, page),
            relevant=json.dumps(to_json(parse(question.relevant))) if question.relevant else "",
            hidden=question.name not in now,
        )
        for question in questions
    ]


def _silent_field(form: SectionForm, question: Question, page: Page | None) -> Any:
    """« Sans réponse », which nobody says of a paper; one that was chosen stays to be seen."""
    field = form._fields.get(PREFIX + question.name + NON_RESPONSE_SUFFIX)
    paper = page is not None and page.form.usage == RECORD
    return None if paper and field is not None and not field.data else field


def wording(question: Question, words: Mapping[str, str], language: str) -> Wording:
    """What is read of a question in that language, placeholders filled."""

    def say(labels: Labels) -> str:
        return library.fill(in_language(labels, language), words, direction(language))

    return Wording(
        language=language,
        label=say(question.label),
        hint=say(question.hint),
        probes=tuple(say(probe) for probe in question.probes),
        warning=say(OPEN_FIELD_WARNING) if question.is_open else "",
        choices={choice.name: say(choice.label) for choice in question.choices},
        silent=_silent(language),
    )
