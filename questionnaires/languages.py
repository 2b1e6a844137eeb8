"""A questionnaire in several languages: flat catalogues of texts, what is missing, directions.

A catalogue maps a stable path (``question:age/hint``) to a text. Paths follow names, which never
change, so that a catalogue survives moves and rephrasings.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from importlib import resources

import yaml

from questionnaires.model import Choice, Labels, Question, Questionnaire, Section
from questionnaires.problems import Problem, QuestionnaireError
from questionnaires.values import clean_text, label_fault

Catalogue = Mapping[str, str]
_Change = Callable[[str, Labels], Labels]

_CODE = re.compile(r"[a-z]{2,3}(?:-[A-Za-z]{2,4})?\Z")
_FILE = re.compile(r"[A-Z][A-Za-z0-9-]*\Z")
_BRACES = re.compile(r"\{\w+\}")


@dataclass(frozen=True, slots=True)
class Language:
    """A language as French speakers and its own speakers call it; ``direction`` is ltr or rtl."""

    french: str
    own: str
    direction: str = "ltr"


LANGUAGES: Mapping[str, Language] = {
    "fr": Language("français", "français"),
    "ar": Language("arabe", "العربية", "rtl"),
    "en": Language("anglais", "English"),
    "es": Language("espagnol", "español"),
    "fa": Language("dari ou persan", "دری / فارسی", "rtl"),
    "pt": Language("portugais", "português"),
    "ps": Language("pachto", "پښتو", "rtl"),
    "ro": Language("roumain", "română"),
    "ru": Language("russe", "русский"),
    "so": Language("somali", "Soomaali"),
    "sq": Language("albanais", "shqip"),
    "ta": Language("tamoul", "தமிழ்"),
    "tr": Language("turc", "Türkçe"),
    "uk": Language("ukrainien", "українська"),
    "zh": Language("chinois", "中文"),
}
"""Languages often spoken in the neighbourhoods, by ISO 639-1 code."""


def is_code(code: str) -> bool:
    """Whether it can name a language: « ar », « pt-BR »; at most eight signs."""
    return bool(_CODE.match(code))


def not_a_code(code: str, where: str) -> Problem:
    """The refusal of a language, wherever it comes from; it says what to write."""
    message = f"« {code} » n’est pas un code de langue."
    remedy = "Écrivez deux ou trois lettres, comme « ar », ou précisez le pays, comme « pt-BR »."
    return Problem("bad-language", where, message, remedy)


def direction(code: str) -> str:
    """``"rtl"`` or ``"ltr"``, the value of HTML's ``dir``; unknown languages are ``"ltr"``."""
    return LANGUAGES[code].direction if code in LANGUAGES else "ltr"


def catalogue(questionnaire: Questionnaire, language: str) -> dict[str, str]:
    """Every text written in that language, by path, in the order of the questionnaire."""
    return {path: labels[language] for path, labels in texts(questionnaire) if labels.get(language)}


def texts(questionnaire: Questionnaire) -> list[tuple[str, Labels]]:
    """Every text that a person may read, by path, in order; empty ones included."""
    found: list[tuple[str, Labels]] = []

    def note(path: str, labels: Labels) -> Labels:
        found.append((path, labels))
        return labels

    _rewrite(questionnaire, note)
    return found


def translate(
    questionnaire: Questionnaire, language: str, wording: Catalogue, *, proofread: bool = False
) -> Questionnaire:
    """The questionnaire with those texts in that language; the other languages are untouched.

    An empty text takes the translation away. Raises ``QuestionnaireError`` for a path that the
    questionnaire does not have, and for a language code that cannot be one.
    """
    if not is_code(language):
        raise QuestionnaireError(not_a_code(language, language))
    known = {path for path, _ in texts(questionnaire)}
    for path, said in wording.items():
        if path not in known:
            raise _refuse(path, "Ce texte n’existe pas dans le questionnaire.", "Retirez-le.")
        fault = label_fault(said, path.partition(":")[2].partition("/")[0] or questionnaire.name)
        if fault:
            raise _refuse(path, *fault)

    def change(path: str, labels: Labels) -> Labels:
        others = {code: text for code, text in labels.items() if code != language}
        text = clean_text(wording.get(path, labels.get(language, "")))
        return {**others, language: text} if text.strip() else others

    translated = _rewrite(questionnaire, change)
    drafts = set(questionnaire.unproofread) - {language} | (set() if proofread else {language})
    drafts &= set(translated.languages) - {translated.default_language}
    return replace(translated, unproofread=tuple(sorted(drafts)))


def missing(questionnaire: Questionnaire, language: str) -> list[tuple[str, str]]:
    """Path and text, in the default language, of what is not yet said in that language."""
    default = questionnaire.default_language
    return [
        (path, labels[default])
        for path, labels in texts(questionnaire)
        if labels.get(default) and not labels.get(language, "").strip()
    ]


def verify_languages(questionnaire: Questionnaire) -> list[Problem]:
    """What keeps a language from being offered: texts not translated, words in braces lost."""
    problems: list[Problem] = []
    default, *others = questionnaire.languages
    for language in others:
        for path, text in missing(questionnaire, language):
            problems.append(
                Problem(
                    "missing-translation",
                    path,
                    f"Il manque la traduction en {_called(language)} de : « {text} »",
                    "Traduisez ce texte, ou retirez cette langue du questionnaire.",
                )
            )
        for path, labels in texts(questionnaire):
            wanted, given = (
                set(_BRACES.findall(labels.get(code, ""))) for code in (default, language)
            )
            if labels.get(default) and labels.get(language) and wanted != given:
                problems.append(_braces(path, language, sorted(wanted ^ given)))
    return problems


def load_catalogue(name: str, language: str) -> dict[str, str]:
    """The catalogue that the library ships for a questionnaire or a block; empty when none.

    Raises ``QuestionnaireError``, naming the file, when it is not a flat list of texts.
    """
    if not is_code(language) or not _FILE.match(name):
        return {}
    file = resources.files("questionnaires.library") / language / f"{name}.yaml"
    if not file.is_file():
        return {}
    try:
        data = yaml.safe_load(file.read_text(encoding="utf-8"))
    except yaml.YAMLError:
        data = None
    flat = isinstance(data, dict) and all(
        isinstance(text, str) for item in data.items() for text in item
    )
    if not flat:
        where = f"{language}/{name}.yaml"
        raise _refuse(where, "Le fichier n’est pas une liste de textes.", "Corrigez ce fichier.")
    return {str(path): str(text) for path, text in data.items()}


def shipped() -> tuple[str, ...]:
    """Codes of the languages for which the library has catalogues, sorted."""
    folders = resources.files("questionnaires.library").iterdir()
    return tuple(sorted(item.name for item in folders if item.name in LANGUAGES and item.is_dir()))


def _called(language: str) -> str:
    return LANGUAGES[language].french if language in LANGUAGES else f"« {language} »"


def _refuse(where: str, message: str, remedy: str) -> QuestionnaireError:
    return QuestionnaireError(Problem("bad-translation", where, message, remedy))


def _braces(path: str, language: str, names: list[str]) -> Problem:
    return Problem(
        "bad-translation",
        path,
        f"La traduction en {_called(language)} ne garde pas les mêmes mots entre accolades : "
        f"{', '.join(names)}.",
        "Recopiez ces mots tels quels dans la traduction : la campagne les remplace.",
    )


def _rewrite(questionnaire: Questionnaire, change: _Change) -> Questionnaire:
    return replace(
        questionnaire,
        title=change("title", questionnaire.title),
        purpose=change("purpose", questionnaire.purpose),
        audience=change("audience", questionnaire.audience),
        duration=change("duration", questionnaire.duration),
        sections=tuple(_section(section, change) for section in questionnaire.sections),
    )


def _section(section: Section, change: _Change) -> Section:
    path = f"section:{section.name}"
    return replace(
        section,
        label=change(path, section.label),
        repeat=change(f"{path}/repeat", section.repeat),
        questions=tuple(_question(question, change) for question in section.questions),
    )


def _question(question: Question, change: _Change) -> Question:
    path = f"question:{question.name}"
    return replace(
        question,
        label=change(path, question.label),
        hint=change(f"{path}/hint", question.hint),
        probes=tuple(
            change(f"{path}/probes/{rank}", probe) for rank, probe in enumerate(question.probes, 1)
        ),
        constraint_message=change(f"{path}/constraint", question.constraint_message),
        choices=tuple(_choice(question.name, choice, change) for choice in question.choices),
    )


def _choice(question: str, choice: Choice, change: _Change) -> Choice:
    return replace(choice, label=change(f"choice:{question}/{choice.name}", choice.label))
