"""Forms of the collecting pages; that of a section is made from the questionnaire itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask_wtf import FlaskForm
from wtforms import HiddenField, RadioField, SelectField, StringField
from wtforms.validators import InputRequired, Length

from questionnaires import library
from questionnaires.answers import NON_RESPONSE_SUFFIX
from questionnaires.model import (
    NON_RESPONSE_LABELS,
    NonResponse,
    Question,
    in_language,
)
from questionnaires.problems import Problem
from questionnaires.relevance import plain
from questionnaires.types import OPEN_FIELD_WARNING
from survey_app.services.counters import COUNTER_LABELS
from survey_app.services.meetings import METHODS
from survey_app.web.collect.fields import FIELDS, Day, WholeNumber, offered, radios

# Before the names of the questions, which are anybody's choice: ``data`` or ``errors``, say.
PREFIX = "q_"
CHOOSE = "Choisissez une réponse."
ONE_OF: dict[str, Any] = {"validators": [InputRequired(CHOOSE)], "invalid_choice_message": CHOOSE}


class SectionForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF ships no types
    """What every section's form carries: the draft's stamp when the page was shown."""

    seen = HiddenField()


@dataclass(frozen=True, slots=True)
class Asked:
    """One question as the page shows it; a note has no field, a required question no ``silent``."""

    question: Question
    label: str
    hint: str
    probes: tuple[str, ...]
    warning: str
    field: Any = None
    silent: Any = None


def section_form(
    questions: Sequence[Question],
    words: Mapping[str, str],
    places: Mapping[str, str],
    language: str = "fr",
) -> type[SectionForm]:
    """A form class for the questions of one section; ``words`` fill their placeholders."""
    attributes: dict[str, Any] = {}
    for question in questions:
        if question.is_note:
            continue
        label = library.fill(in_language(question.label, language), words)
        attributes[PREFIX + question.name] = FIELDS[question.type](
            question,
            label,
            language,
            places,
            name=question.name,
            id=f"q-{question.name}",
            description=library.fill(in_language(question.hint, language), words),
        )
        if question.offers_non_response:
            name = question.name + NON_RESPONSE_SUFFIX
            attributes[PREFIX + name] = _silent(label, name, language)
    return type("QuestionsForm", (SectionForm,), attributes)


def _silent(label: str, name: str, language: str) -> Any:
    choices = {"": "Réponse ci-dessus"} | {
        str(key): in_language(text, language) for key, text in NON_RESPONSE_LABELS.items()
    }
    return radios(f"Sans réponse : {label}", choices, default="", name=name, id=f"q-{name}")


def known(answers: Mapping[str, object]) -> dict[str, object]:
    """What a draft holds, as the data of its section's form."""
    data: dict[str, object] = {}
    for name, answer in answers.items():
        value = plain(answer)
        if isinstance(value, NonResponse):
            data[PREFIX + name.removesuffix(NON_RESPONSE_SUFFIX) + NON_RESPONSE_SUFFIX] = str(value)
        else:
            data[PREFIX + name] = value
    return data


def show_problems(form: SectionForm, problems: Sequence[Problem]) -> None:
    """Put each problem under its field; a text that can be mended shows mended."""
    for problem in problems:
        field = form._fields.get(PREFIX + problem.where)
        if field is None:
            form.form_errors = [*form.form_errors, str(problem)]
            continue
        field.errors = [*field.errors, str(problem)]
        if problem.offered is not None:
            field.data = problem.offered


def asked(
    form: SectionForm, questions: Sequence[Question], words: Mapping[str, str], language: str = "fr"
) -> list[Asked]:
    """The questions of a page in order, each with its fields."""

    def say(labels: Mapping[str, str]) -> str:
        return library.fill(in_language(labels, language), words)

    return [
        Asked(
            question=question,
            label=say(question.label),
            hint=say(question.hint),
            probes=tuple(say(probe) for probe in question.probes),
            warning=say(OPEN_FIELD_WARNING) if question.is_open else "",
            field=form._fields.get(PREFIX + question.name),
            silent=form._fields.get(PREFIX + question.name + NON_RESPONSE_SUFFIX),
        )
        for question in questions
    ]


class MeetingForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF ships no types
    """A meeting to plan, or to open at once."""

    neighbourhood = SelectField("Quartier", **ONE_OF)
    method = RadioField(
        "Comment allez-vous écouter ?",
        validators=[InputRequired(CHOOSE)],
        invalid_choice_message=CHOOSE,
    )
    sector = SelectField("Partie du quartier", validate_choice=False)
    place = StringField(
        "Lieu",
        description="Un lieu public : devant l’école, au marché. Jamais l’adresse d’une personne.",
        validators=[Length(max=200, message="Le lieu compte 200 signes au plus.")],
    )
    held_on = Day("Date")
    team = StringField(
        "Qui écoute ?",
        description="Des prénoms suffisent.",
        validators=[Length(max=200, message="L’équipe compte 200 signes au plus.")],
    )
    weather = StringField(
        "Temps qu’il fait",
        validators=[Length(max=40, message="Le temps compte 40 signes au plus.")],
    )

    def offer(self, campaign: Any, sectors: Mapping[str, str]) -> None:
        """The campaign's neighbourhoods, methods and sectors as choices."""
        self.neighbourhood.choices = offered(
            {str(row.id): f"{row.name} ({row.code})" for row in campaign.neighbourhoods}
        )
        allowed = campaign.methods or list(METHODS)
        self.method.choices = offered(
            {name: text for name, text in METHODS.items() if name in allowed}
        )
        self.sector.choices = offered({"": "Sans préciser", **sectors})


class BeginForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF ships no types
    """Where, and with which questionnaire."""

    meeting = RadioField("Dans quelle rencontre ?", **ONE_OF)
    # Left unticked, it is the one that fits the meeting, if there is one only.
    questionnaire = RadioField("Avec quel questionnaire ?", invalid_choice_message=CHOOSE)


def _counter(name: str, description: str) -> Any:
    return WholeNumber(COUNTER_LABELS[name], description=description)


class CountersForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF ships no types
    """The counters that close a meeting."""

    approached = _counter("approached", "Toutes les personnes à qui vous avez parlé.")
    refusals = _counter("refusals", "Celles qui n’ont pas voulu répondre.")
    stopped = _counter("stopped", "Les entretiens commencés puis arrêtés.")
    present_women = _counter("present_women", "Parmi les personnes écoutées. 0 s’il n’y en a pas.")
    present_men = _counter("present_men", "Parmi les personnes écoutées. 0 s’il n’y en a pas.")


class ContactForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF ships no types
    """A contact for the vault, apart from any testimony."""

    contact = StringField(
        "Téléphone ou courriel",
        description="Gardé à part des paroles, effacé après la restitution.",
    )


class ActionForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF ships no types
    """A button and its token."""
