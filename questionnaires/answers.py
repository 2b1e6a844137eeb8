"""Answers against one published questionnaire: read from a form, checked, turned into JSON.

A value is text, a whole number or a list of choice names; a date is ``yyyy-mm-dd`` text; a
non-response is a ``NonResponse``, written ``{"non_response": "refus"}`` in JSON. Under the name of
a repeated section stands the list of its entries, each a mapping of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from questionnaires.checking import NON_RESPONSE_SUFFIX, Checked, check
from questionnaires.model import NonResponse, Question, Questionnaire
from questionnaires.relevance import (
    NOTHING,
    plain,
    relevant_answers,
    relevant_questions,
    relevant_sections,
)
from questionnaires.testimony import (
    Decision,
    Part,
    consents,
    may_continue,
    open_text,
    persons,
    profile,
)
from questionnaires.types import SEVERAL, Places

__all__ = [
    "NON_RESPONSE_SUFFIX",
    "Checked",
    "Decision",
    "Part",
    "check",
    "consents",
    "from_json",
    "may_continue",
    "open_text",
    "parse_form",
    "persons",
    "profile",
    "relevant_answers",
    "relevant_questions",
    "relevant_sections",
    "to_json",
]


def to_json(values: Mapping[str, object]) -> dict[str, object]:
    """Values in their JSON form."""
    return {name: _json(value) for name, value in values.items()}


def _json(value: object) -> object:
    if isinstance(value, NonResponse):
        return {"non_response": value.value}
    if isinstance(value, Mapping):
        return {str(name): _json(item) for name, item in value.items()}
    return [_json(item) for item in value] if isinstance(value, list | tuple) else value


def from_json(data: Mapping[str, object]) -> dict[str, object]:
    """Values from their JSON form; they still need ``check``."""
    return {name: plain(value) for name, value in data.items()}


def parse_form(
    questionnaire: Questionnaire,
    section_name: str,
    getlist: Callable[[str], list[str]],
    known: Mapping[str, object],
    places: Places | None = None,
    outer: Mapping[str, object] = NOTHING,
) -> Checked:
    """Read and check one posted section; ``known`` are the answers of the other sections.

    One entry of a repeated section is read with ``adapt.entry_form`` as the questionnaire, and
    the settled answers around it as ``outer``.

    ``getlist`` gives the values posted under a field name. When words and « Je ne sais pas » are
    both given, the words stay in ``values``, the other in ``dropped`` under its own field name,
    and a problem asks which one stands. Raises ``KeyError`` for an unknown section.
    """
    posted: dict[str, object] = {}
    asked_here = questionnaire.section(section_name).questions
    for question in asked_here:
        given = [item for item in getlist(question.name) if item.strip()]
        said = _non_response(question, getlist(question.name + NON_RESPONSE_SUFFIX))
        if given:
            posted[question.name] = given if question.type in SEVERAL else _one(given)
            posted |= {question.name + NON_RESPONSE_SUFFIX: said} if said is not None else {}
        elif said is not None:
            posted[question.name] = said
    inside = {question.name for question in asked_here}
    others = {
        question.name: known[question.name]
        for question in questionnaire.questions
        if question.name in known and question.name not in inside
    }
    return check(questionnaire, {**others, **posted}, places, None, {section_name}, outer)


def _one(given: list[str]) -> object:
    return given[0] if len(given) == 1 else given


def _non_response(question: Question, given: list[str]) -> NonResponse | None:
    wanted = next((item for item in given if item in set(NonResponse)), None)
    return NonResponse(wanted) if wanted and not question.is_note else None
