"""What becomes of words sent to a page that is no longer there: the error page gives them back."""

from __future__ import annotations

from collections.abc import Mapping

from flask import g

from questionnaires import library
from questionnaires.answers import NON_RESPONSE_SUFFIX
from questionnaires.model import NON_RESPONSE_LABELS, Question, Questionnaire, in_language
from survey_app.domain import Conflict
from survey_app.web.account.resume import Typed

FRENCH = "fr"


def explain(whole: Questionnaire, words: Mapping[str, str]) -> None:
    """Tell the error page of this request what the fields ask; ``words`` fill the labels."""
    questions = {question.name: question for question in whole.questions}

    def in_words(name: str, value: str) -> Typed | None:
        question = questions.get(name.removesuffix(NON_RESPONSE_SUFFIX))
        if question is None or question.type == "image":
            return None
        label = library.fill(in_language(question.label, FRENCH), words)
        silent = name.endswith(NON_RESPONSE_SUFFIX)
        return Typed(label, _silent(value) if silent else _said(question, value))

    g.in_words = in_words


def gone() -> Conflict:
    """The page that was sent is no longer to be filled: it says so and gives the words back."""
    return Conflict(
        "Cette page n’est plus à remplir : quelque chose a changé entre-temps, "
        "sans doute dans un autre onglet.",
        "Ce qui était déjà enregistré est intact. Reprenez là où vous en étiez depuis l’accueil.",
    )


def _said(question: Question, value: str) -> str:
    choice = question.choice(value)
    return in_language(choice.label, FRENCH) if choice else value


def _silent(value: str) -> str:
    named = {str(key): in_language(text, FRENCH) for key, text in NON_RESPONSE_LABELS.items()}
    return named.get(value, value)
