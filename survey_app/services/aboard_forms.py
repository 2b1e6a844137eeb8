"""A questionnaire as the tablet carries it: what it asks, its conditions, and its sentences."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from questionnaires import library
from questionnaires.expressions import parse, to_json
from questionnaires.languages import direction
from questionnaires.model import (
    TEAM,
    Labels,
    Question,
    Questionnaire,
    Section,
    in_language,
)
from questionnaires.types import MAX_PLACE, MAX_TEXT
from survey_app.services import filling
from survey_app.services.aboard_sentences import DEFAULT_RULE, sentences

FRENCH = "fr"

Json = dict[str, Any]
Words = Mapping[str, str]


def described(whole: Questionnaire, language: str, words: Words, places: Words) -> Json:
    """What the tablet needs to ask ``whole`` and to check its answers, but the pages themselves.

    ``words`` fill the placeholders of its texts; one without value stays in braces. The words
    of questions and choices are in French, as the person who listens reads problems and answers;
    titles are in ``language`` and in French.
    """
    return {
        "language": language,
        "direction": direction(language),
        "places": dict(places),
        "sections": [_section(item, language, words) for item in whole.sections],
        "sentences": sentences(),
        "limits": {"text": MAX_TEXT, "place": MAX_PLACE},
    }


def _section(section: Section, language: str, words: Words) -> Json:
    return {
        "name": section.name,
        "title": _say(section.label, language, words),
        "french_title": _say(section.label, FRENCH, words),
        "kind": section.kind,
        "relevant": _tree(section.relevant),
        "repeat": in_language(section.repeat, language) or None,
        "french_repeat": in_language(section.repeat, FRENCH) or None,
        "max_entries": filling.limit(section) if section.is_repeat else None,
        "questions": [_question(item, words) for item in section.questions],
    }


def _question(question: Question, words: Words) -> Json:
    message = in_language(question.constraint_message, FRENCH)
    return {
        "name": question.name,
        "type": question.type,
        "label": _say(question.label, FRENCH, words),
        "relevant": _tree(question.relevant),
        "constraint": _tree(question.constraint),
        "constraint_message": message or DEFAULT_RULE,
        "required": question.required,
        "max_choices": question.max_choices,
        "choices": [
            {
                "name": choice.name,
                "label": _say(choice.label, FRENCH, words),
                "exclusive": choice.exclusive,
            }
            for choice in question.choices
        ],
        "consent": question.consent,
        "offers_non_response": question.offers_non_response,
        "team": question.visibility == TEAM,
    }


def _say(labels: Labels, language: str, words: Words) -> str:
    return library.fill(in_language(labels, language), words, direction(language))


def _tree(condition: str) -> Json | None:
    return to_json(parse(condition)) if condition else None
