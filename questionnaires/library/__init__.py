"""The ready questionnaires, one readable file each; shared blocks begin with ``B-``.

In a file, a text without a language is in the file's ``default_language``, and a section may be
``include: B-ACCORD``: the sections of that block take its place. A folder named after a language
holds its catalogues (see ``languages``); those shipped are drafts that nobody has proofread yet.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from importlib import resources
from typing import Any

import yaml

from questionnaires import languages
from questionnaires.model import Questionnaire
from questionnaires.problems import Problem, QuestionnaireError
from questionnaires.versions import from_dict

PLACEHOLDERS: Mapping[str, str] = {
    "quartier": "nom du quartier",
    "responsable": "responsable du traitement des paroles",
    "base_legale": "base légale choisie pour la campagne",
    "destinataires": "personnes et organismes qui reçoivent les paroles masquées",
    "contact_dpo": "contact pour les questions sur les données",
    "date_fin_conservation": "jour où les paroles et les codes de retrait sont détruits",
    "code_retrait": "code remis à la personne",
    "question_de_campagne": "question du jour de la campagne",
    "chiffre_de_contexte": "chiffre du quartier, avec son année et sa source",
}
"""Words in braces that the campaign replaces in the texts, with what each stands for."""

_PLACEHOLDER = re.compile(r"\{(" + "|".join(PLACEHOLDERS) + r")\}")
_TEXTS = frozenset(
    {"title", "purpose", "audience", "duration", "label", "hint", "constraint_message", "repeat"}
)


def fill(text: str, values: Mapping[str, str], direction: str = "ltr") -> str:
    """Replace the placeholders that have a value; every other brace is left untouched.

    One pass: a value that itself contains braces is printed as it is. In a text that is read
    from right to left (``direction`` is ``"rtl"``), each value stands between U+2068 and U+2069,
    so that a name or a number in it keeps its own order.
    """
    around = "\N{FIRST STRONG ISOLATE}{}\N{POP DIRECTIONAL ISOLATE}" if direction == "rtl" else "{}"

    def value(match: re.Match[str]) -> str:
        return around.format(values[match[1]]) if match[1] in values else match[0]

    return _PLACEHOLDER.sub(value, text)


@cache
def names() -> tuple[str, ...]:
    """Names of the questionnaires (blocks excluded), sorted."""
    found = (entry.name for entry in resources.files(__name__).iterdir())
    return tuple(sorted(n.removesuffix(".yaml") for n in found if re.match(r"Q\d.*\.yaml\Z", n)))


@cache
def load(name: str) -> Questionnaire:
    """The questionnaire of that name, verified.

    Raises ``QuestionnaireError``, naming the file, when it is absent or not right.
    """
    if name not in names():
        raise _refuse(name, f"Le questionnaire « {name} » n’est pas dans la bibliothèque.")
    source = _source(name)
    questionnaire = read(f"{name}.yaml", source)
    for language in languages.shipped():
        translated = languages.translate(questionnaire, language, _wording(name, source, language))
        # A block is translated before the questionnaires that include it: all or nothing.
        if not languages.missing(translated, language):
            questionnaire = translated
    return questionnaire


def _wording(name: str, source: str, language: str) -> dict[str, str]:
    """The texts of a questionnaire and of the blocks that it includes, in another language."""
    wording: dict[str, str] = {}
    for section in _fields(name, source)["sections"]:
        if "include" in section:
            wording |= languages.load_catalogue(section["include"], language)
    return wording | languages.load_catalogue(name, language)


def read(file: str, text: str) -> Questionnaire:
    """A questionnaire from the YAML text of a file; ``file`` is only used to name it."""
    data = _fields(file, text)
    language = str(data.get("default_language", "fr"))
    sections: list[object] = []
    listed = data.get("sections")
    if not isinstance(listed, list):
        raise _refuse(file, "Le fichier n’a pas de liste de sections.")
    for section in listed:
        if isinstance(section, dict) and "include" in section:
            sections += _block(file, section)
        else:
            sections.append(section)
    try:
        return from_dict(_in_language({**data, "sections": sections}, language), file)
    except QuestionnaireError as error:
        inner = error.problem
        where = inner.where if inner.where.startswith(file) else f"{file}/{inner.where}"
        raise QuestionnaireError(Problem(inner.code, where, inner.message, inner.remedy)) from error


def _block(file: str, section: dict[str, Any]) -> list[object]:
    name = section["include"]
    if set(section) != {"include"} or not re.match(r"B-[A-Z-]+\Z", str(name)):
        raise _refuse(file, f"L’inclusion de « {name} » n’est pas possible.")
    try:
        source = _source(name)
    except FileNotFoundError as error:
        raise _refuse(file, f"Le bloc « {name} » n’est pas dans la bibliothèque.") from error
    sections = _fields(f"{name}.yaml", source).get("sections")
    if not isinstance(sections, list):
        raise _refuse(f"{name}.yaml", "Le bloc n’a pas de liste de sections.")
    return sections


def _source(name: str) -> str:
    return (resources.files(__name__) / f"{name}.yaml").read_text(encoding="utf-8")


def _fields(file: str, text: str) -> dict[str, Any]:
    try:
        data = yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise _refuse(file, "Le fichier n’est pas du YAML lisible.") from error
    if not isinstance(data, dict):
        raise _refuse(file, "Le fichier ne contient pas une liste de champs.")
    return data


def _refuse(file: str, message: str) -> QuestionnaireError:
    return QuestionnaireError(
        Problem("bad-questionnaire", file, message, "Vérifiez ce fichier et son nom.")
    )


def _in_language(value: object, language: str, key: object = "") -> object:
    """Texts written without a language get one: ``Oui`` becomes ``{"fr": "Oui"}``."""
    if isinstance(value, dict):
        return {name: _in_language(item, language, name) for name, item in value.items()}
    if isinstance(value, list):
        return [_in_language(item, language, key) for item in value]
    if isinstance(value, str) and (key in _TEXTS or key == "probes"):
        return {language: value}
    return value
