"""A questionnaire's identity: plain data, canonical form, fingerprint, difference of two versions.

Fields at their default value are left out, so that a field added later changes no fingerprint.
"""

from __future__ import annotations

import hashlib
import json
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import MISSING, Field, dataclass, fields
from typing import Any, Literal, TypeVar

from questionnaires.model import Choice, Question, Questionnaire, Section, in_language
from questionnaires.problems import Problem, QuestionnaireError
from questionnaires.validation import verify

Piece = Questionnaire | Section | Question | Choice
_P = TypeVar("_P", Questionnaire, Section, Question, Choice)


def to_dict(piece: Piece) -> dict[str, object]:
    """Plain data (JSON types only), texts in NFC, without the fields at their default."""
    data: dict[str, object] = {}
    for item in fields(piece):
        value = getattr(piece, item.name)
        if value != _default(item):
            data[item.name] = _plain(value)
    return data


def _default(item: Field[Any]) -> object:
    if item.default_factory is not MISSING:
        return item.default_factory()
    return item.default


def _plain(value: object) -> object:
    if isinstance(value, Questionnaire | Section | Question | Choice):
        return to_dict(value)
    if isinstance(value, str):
        return unicodedata.normalize("NFC", value)
    if isinstance(value, Mapping):
        return {_plain(key): _plain(item) for key, item in value.items()}
    return [_plain(item) for item in value] if isinstance(value, tuple) else value


def from_dict(data: object, where: str = "questionnaire") -> Questionnaire:
    """Back from ``to_dict``. Strict: raises ``QuestionnaireError`` on an unknown or missing key,
    a value of another kind, and anything that ``validation.verify`` refuses."""
    questionnaire = from_draft(data, where)
    problems = verify(questionnaire)
    if problems:
        raise QuestionnaireError(problems[0])
    return questionnaire


def from_draft(data: object, where: str = "questionnaire") -> Questionnaire:
    """Back from ``to_dict`` without ``verify``: a questionnaire that somebody is still writing."""
    return _piece(Questionnaire, data, where)


def _refuse(where: str, message: str, remedy: str) -> QuestionnaireError:
    return QuestionnaireError(Problem("bad-questionnaire", where, message, remedy))


def _piece(kind: type[_P], data: object, where: str) -> _P:
    if not isinstance(data, Mapping):
        raise _refuse(where, "On attend ici une liste de champs.", "Vérifiez le fichier.")
    here = f"{where}/{data['name']}" if isinstance(data.get("name"), str) else where
    known = {item.name: item for item in fields(kind)}
    for key in data:
        if key not in known:
            raise _refuse(here, f"Le champ « {key} » n’existe pas.", "Retirez-le.")
    values: dict[str, Any] = {}
    for name, item in known.items():
        if name in data:
            values[name] = _READERS[str(item.type)](data[name], f"{here}/{name}")
        elif item.default is MISSING and item.default_factory is MISSING:
            raise _refuse(here, f"Le champ « {name} » manque.", "Ajoutez-le.")
    return kind(**values)


def _as(kind: type, optional: bool = False) -> Callable[[object, str], object]:
    def read(value: object, where: str) -> object:
        # type() and not isinstance(): True must not pass for the number 1.
        if type(value) is kind or (optional and value is None):
            return unicodedata.normalize("NFC", value) if isinstance(value, str) else value
        raise _refuse(where, "Cette valeur n’est pas de la bonne sorte.", "Corrigez-la.")

    return read


def _labels(value: object, where: str) -> dict[str, str]:
    if not isinstance(value, Mapping):
        raise _refuse(where, "On attend un texte par langue.", "Écrivez par exemple fr: Oui.")
    read = _as(str)
    return {str(read(key, where)): str(read(text, where)) for key, text in value.items()}


def _list(read: Callable[[object, str], object]) -> Callable[[object, str], tuple[object, ...]]:
    def read_all(value: object, where: str) -> tuple[object, ...]:
        if not isinstance(value, list | tuple):
            raise _refuse(where, "On attend une liste.", "Vérifiez le fichier.")
        return tuple(read(item, f"{where}[{rank}]") for rank, item in enumerate(value, 1))

    return read_all


# Keyed by the annotation of the field, as written in model.py.
_READERS: Mapping[str, Callable[[object, str], object]] = {
    "str": _as(str),
    "bool": _as(bool),
    "str | None": _as(str, optional=True),
    "int | None": _as(int, optional=True),
    "Labels": _labels,
    "Facets": _labels,
    "tuple[str, ...]": _list(_as(str)),
    "tuple[Labels, ...]": _list(_labels),
    "tuple[Choice, ...]": _list(lambda value, where: _piece(Choice, value, where)),
    "tuple[Question, ...]": _list(lambda value, where: _piece(Question, value, where)),
    "tuple[Section, ...]": _list(lambda value, where: _piece(Section, value, where)),
}


def canonical(questionnaire: Questionnaire) -> str:
    """The one JSON text of a questionnaire: sorted keys, no spaces, NFC."""
    return json.dumps(
        to_dict(questionnaire), ensure_ascii=False, sort_keys=True, separators=(",", ":")
    )


def fingerprint(questionnaire: Questionnaire) -> str:
    """SHA-256 of the canonical form's UTF-8 bytes, in hexadecimal."""
    return hashlib.sha256(canonical(questionnaire).encode("utf-8")).hexdigest()


@dataclass(frozen=True, slots=True)
class Change:
    """One difference; ``where`` is the path of names, ``message`` a plain French sentence."""

    kind: Literal["added", "removed", "moved", "changed"]
    where: str
    message: str


_FIELD_NAMES: Mapping[str, str] = {
    "name": "le nom",
    "version": "le numéro de version",
    "title": "le titre",
    "purpose": "le but",
    "method": "la méthode",
    "audience": "le public",
    "duration": "la durée",
    "default_language": "la langue",
    "label": "le texte",
    "hint": "l’aide",
    "probes": "les relances",
    "type": "le type de réponse",
    "required": "l’obligation de répondre",
    "relevant": "la condition pour poser la question",
    "constraint": "la règle à respecter",
    "constraint_message": "le message de la règle",
    "max_choices": "le nombre de choix possibles",
    "consent": "l’accord demandé",
    "profile": "la place dans le profil",
    "appearance": "la présentation",
    "visibility": "qui peut lire la réponse",
    "kind": "la sorte de section",
    "exclusive": "le fait d’aller seul",
    "theme": "le thème",
    "choices_from": "la liste apportée par la campagne",
    "facets": "l’axe ou le critère",
    "repeat": "la répétition",
    "max_repeats": "le nombre de répétitions possibles",
    "usage": "l’usage du questionnaire",
    "unproofread": "les traductions à faire relire",
}

_PARTS = ("sections", "questions", "choices")


def difference(old: Questionnaire, new: Questionnaire) -> list[Change]:
    """What changed from ``old`` to ``new``; empty exactly when the fingerprints are equal.

    Sections, questions and choices are matched by name, a question also across sections.
    """
    changes = _changed_fields("Le questionnaire", "questionnaire", old, new)
    changes += _compare("section", old.sections, new.sections, "")
    changes += _compare("question", old.questions, new.questions, "")
    home = _homes(old)
    for name, section in _homes(new).items():
        already = any(item.kind == "moved" and item.where == name for item in changes)
        if home.get(name, section) != section and not already:
            changes.append(Change("moved", name, _moved("question", new.question(name))))
    return changes


def _homes(questionnaire: Questionnaire) -> dict[str, str]:
    """Section of each question."""
    return {
        question.name: section.name
        for section in questionnaire.sections
        for question in section.questions
    }


def _called(noun: str, piece: Section | Question | Choice) -> str:
    article = "Le" if noun == "choix" else "La"
    return f"{article} {noun} « {in_language(piece.label, 'fr') or piece.name} »"


def _moved(noun: str, piece: Section | Question | Choice) -> str:
    return f"{_called(noun, piece)} a changé de place."


def _compare(
    noun: str,
    old: tuple[Section, ...] | tuple[Question, ...] | tuple[Choice, ...],
    new: tuple[Section, ...] | tuple[Question, ...] | tuple[Choice, ...],
    path: str,
) -> list[Change]:
    before = {piece.name: piece for piece in old}
    after = {piece.name: piece for piece in new}
    changes: list[Change] = []
    for name, piece in before.items():
        if name not in after:
            verb = "est retiré." if noun == "choix" else "est retirée."
            changes.append(Change("removed", path + name, f"{_called(noun, piece)} {verb}"))
    moved = _out_of_order([n for n in before if n in after], [n for n in after if n in before])
    for name, piece in after.items():
        if name not in before:
            verb = "est ajouté." if noun == "choix" else "est ajoutée."
            changes.append(Change("added", path + name, f"{_called(noun, piece)} {verb}"))
            continue
        if name in moved:
            changes.append(Change("moved", path + name, _moved(noun, piece)))
        changes += _changed_fields(_called(noun, piece), path + name, before[name], piece)
        was = before[name]
        if isinstance(was, Question) and isinstance(piece, Question):
            changes += _compare("choix", was.choices, piece.choices, f"{name}/")
    return changes


def _out_of_order(old: list[str], new: list[str]) -> set[str]:
    """The fewest names to move so that ``old`` reads like ``new`` (longest rising run kept)."""
    rank = {name: index for index, name in enumerate(old)}
    runs: list[list[str]] = []
    for name in new:
        longest: list[str] = []
        for run in runs:
            if rank[run[-1]] < rank[name] and len(run) > len(longest):
                longest = run
        runs.append([*longest, name])
    longest = max(runs, key=lambda run: len(run), default=[])
    return set(new) - set(longest)


def _changed_fields(subject: str, where: str, old: Piece, new: Piece) -> list[Change]:
    changes: list[Change] = []
    for item in fields(new):
        if item.name in _PARTS:
            continue
        if _plain(getattr(old, item.name)) != _plain(getattr(new, item.name)):
            what = _FIELD_NAMES[item.name]
            changes.append(Change("changed", where, f"{subject} : {what} a changé."))
    return changes
