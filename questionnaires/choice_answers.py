"""Answers made of choices: one name, several names, or names in order of preference."""

from __future__ import annotations

from questionnaires.model import Choice, Question, in_language
from questionnaires.problems import Problem, answer_problem
from questionnaires.values import Places, Raw, Value, single


def parse_name(question: Question, raw: Raw) -> str:
    return single(question, raw).strip()


def parse_names(_question: Question, raw: Raw) -> list[str]:
    return list(dict.fromkeys(_given(raw)))


def parse_ranks(_question: Question, raw: Raw) -> list[str]:
    """Names in order; one given twice stays twice, so that ``check_ranks`` says it."""
    return _given(raw)


def _given(raw: Raw) -> list[str]:
    given = [raw] if isinstance(raw, str) else raw
    return [item.strip() for item in given if item.strip()]


def check_names(question: Question, value: Value, _places: Places | None) -> list[Problem]:
    """Known choices, not too many, and an exclusive one alone."""
    names = _names(value)
    chosen = [choice for name in names if (choice := question.choice(name))]
    problems = _unknown(question, len(chosen) < len(names)) + _too_many(question, len(names))
    alone = next((choice for choice in chosen if choice.exclusive), None)
    if alone is not None and len(names) > 1:
        problems.append(_not_alone(question, alone))
    return problems


def check_ranks(question: Question, value: Value, places: Places | None) -> list[Problem]:
    """As ``check_names``, and nothing ranked twice."""
    names = _names(value)
    if len(set(names)) == len(names):
        return check_names(question, value, places)
    return [
        answer_problem(
            "ranked-twice",
            question.name,
            "La même réponse est classée deux fois.",
            "Gardez-la à un seul rang.",
        )
    ]


def show_names(question: Question, value: Value, language: str, _places: Places | None) -> str:
    return ", ".join(_label(question, name, language) for name in _names(value))


def show_ranks(question: Question, value: Value, language: str, _places: Places | None) -> str:
    ranked = enumerate(_names(value), 1)
    return ", ".join(f"{rank}. {_label(question, name, language)}" for rank, name in ranked)


def _names(value: Value) -> list[str]:
    if isinstance(value, list):
        return value
    return [str(value)] if value else []


def _label(question: Question, name: str, language: str) -> str:
    choice = question.choice(name)
    return in_language(choice.label, language) if choice else name


def _unknown(question: Question, wrong: bool) -> list[Problem]:
    if not wrong:
        return []
    return [
        answer_problem(
            "unknown-choice",
            question.name,
            "Cette réponse ne fait pas partie des choix proposés.",
            "Choisissez une réponse de la liste.",
        )
    ]


def _too_many(question: Question, count: int) -> list[Problem]:
    if question.max_choices is None or count <= question.max_choices:
        return []
    return [
        answer_problem(
            "too-many-choices",
            question.name,
            f"{count} réponses sont cochées. Le maximum est de {question.max_choices}.",
            "Décochez les réponses en trop.",
        )
    ]


def _not_alone(question: Question, alone: Choice) -> Problem:
    return answer_problem(
        "exclusive-choice",
        question.name,
        f"« {in_language(alone.label, 'fr')} » ne va avec aucune autre réponse.",
        "Gardez cette réponse seule, ou décochez-la.",
    )
