"""The sheets ``settings`` and ``choices``: what the form is, and its lists of choices."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import PurePath

from questionnaires.languages import LANGUAGES
from questionnaires.model import TESTIMONY
from questionnaires.xlsform.columns import (
    CHOICES_PLAIN,
    CHOICES_TEXTS,
    OURS,
    SETTINGS_PLAIN,
    SETTINGS_TEXTS,
    language_code,
)
from questionnaires.xlsform.lines import Line, Lines, Report
from questionnaires.xlsform.names import choice_name
from questionnaires.xlsform.sheets import Sheet

METHOD = "individuel"
NAME_IT = "Écrivez un nom court, en minuscules et sans accent."
# A condition may compare such a name as a number: renamed, it would never be equal again.
_NUMBER = re.compile(r"[+-]?[0-9]*[.,]?[0-9]+\Z")
_YES = frozenset(("yes", "true", "true()", "oui", "1"))


def is_yes(cell: str) -> bool:
    """Whether a yes-or-no cell says yes."""
    return cell.strip().lower() in _YES


def settings_line(sheets: Mapping[str, Sheet], report: Report) -> Line:
    """The one line of the settings; an empty line when there is none."""
    sheet = sheets.get("settings")
    if sheet is None or not sheet.rows:
        return Line("feuille settings", {}, {})
    lines = Lines(sheet, SETTINGS_TEXTS, SETTINGS_PLAIN, report)
    found = lines.read("fr")
    if len(found) > 1:
        report.notice(found[1].where, "Seule la première ligne des réglages est reprise.")
    return found[0]


def default_language(settings: Line, named: list[str], report: Report) -> str:
    """The form's own language. ``named``: the languages of its columns, ``""`` for none."""
    said = settings["default_language"]
    code = language_code(said) if said and said != "default" else ""
    if code is None:
        report.refuse(
            settings.where,
            f"La langue « {said} » n’est pas reconnue.",
            "Écrivez par exemple « Français (fr) », ou « Português (pt-BR) ».",
        )
    if code:
        return code
    chosen = "fr" if not named or "" in named or "fr" in named else named[0]
    french = LANGUAGES[chosen].french if chosen in LANGUAGES else chosen
    report.notice(settings.where, f"La langue du questionnaire n’est pas dite : {french}.")
    return chosen


def identity(settings: Line, filename: str, language: str, report: Report) -> dict[str, object]:
    """What the questionnaire is, as its data; what is not said is told."""
    name = settings.exact("form_id") or PurePath(filename).stem or "questionnaire"
    title = settings.exact("form_title") or name
    if not settings["form_title"]:
        report.notice(settings.where, f"Le titre n’est pas dit : « {title} ».")
    if not settings["version"]:
        report.notice(settings.where, "Le numéro de version n’est pas dit : 1.")
    method = settings.exact(f"{OURS}method")
    if not method and f"{OURS}usage" not in settings.plain:
        method = METHOD
        report.notice(settings.where, "La méthode n’est pas dite : entretien individuel.")
    return {
        "name": name,
        "version": settings.exact("version") or "1",
        "title": {language: title, **settings.labels(f"{OURS}title")},
        "purpose": settings.labels(f"{OURS}purpose"),
        "audience": settings.labels(f"{OURS}audience"),
        "duration": settings.labels(f"{OURS}duration"),
        "method": method,
        "default_language": language,
        "usage": settings[f"{OURS}usage"] or TESTIMONY,
        "unproofread": settings[f"{OURS}unproofread"].split(),
    }


@dataclass(frozen=True, slots=True)
class Texts:
    """Which texts a line must have: all the languages of the form, those left out excepted."""

    default: str
    languages: tuple[str, ...]
    report: Report

    def labels(self, line: Line, name: str) -> dict[str, str]:
        """The texts of a field; a language that is missing is refused, as is an inserted answer."""
        found = line.labels(name)
        for code in self.languages:
            if found and code not in found:
                french = LANGUAGES[code].french if code in LANGUAGES else code
                self.report.refuse(
                    line.where,
                    f"Le texte « {name} » manque dans cette langue : {french}.",
                    "Écrivez la traduction dans cette case.",
                    "invalid",
                )
        if any("${" in text for text in line.texts.get(name, {}).values()):
            self.report.refuse(
                line.where,
                f"Le texte « {name} » reprend une réponse (${{…}}) : ce n’est pas pris en charge.",
                "Écrivez la phrase sans reprendre la réponse.",
            )
        return found


@dataclass(frozen=True, slots=True)
class List:
    """A list of choices as data, and what became of their names."""

    choices: tuple[dict[str, object], ...]
    renamed: Mapping[str, str]


def lists(sheet: Sheet | None, texts: Texts) -> dict[str, List]:
    """The lists of choices by name."""
    if sheet is None:
        return {}
    report = texts.report
    lines = Lines(sheet, CHOICES_TEXTS, CHOICES_PLAIN, report).read(texts.default)
    grouped: dict[str, list[Line]] = {}
    for line in lines:
        if line["list_name"] and line["name"]:
            grouped.setdefault(line["list_name"], []).append(line)
        elif line["list_name"] or line["name"]:
            report.refuse(
                line.where, "Un choix n’a pas de liste ou pas de nom.", NAME_IT, "invalid"
            )
        else:
            report.notice(line.where, "Cette ligne ne nomme aucun choix : elle n’est pas reprise.")
    found = {name: _list(name, listed, texts) for name, listed in grouped.items()}
    changed = [
        f"{old} → {new} ({name})"
        for name, chosen in found.items()
        for old, new in chosen.renamed.items()
        if old != new
    ]
    if changed:
        report.notice("feuille choices", f"Noms de choix adaptés : {', '.join(changed)}.")
    return found


def _list(name: str, lines: list[Line], texts: Texts) -> List:
    renamed: dict[str, str] = {}
    choices: list[dict[str, object]] = []
    for line in lines:
        before, after = line["name"], choice_name(line["name"])
        label = texts.labels(line, "label")
        if not label:
            texts.report.refuse(line.where, "Ce choix n’a pas de texte.", "Écrivez-le.", "invalid")
        if not after:
            texts.report.refuse(
                line.where, f"« {before} » n’est pas un nom de choix possible.", NAME_IT
            )
        elif before != after and _NUMBER.match(before):
            texts.report.refuse(
                line.where,
                f"Le choix « {before} » a pour nom un nombre qui n’est pas un entier simple.",
                "Donnez-lui un nom en lettres, ici et dans les conditions.",
            )
        elif before in renamed or after in renamed.values():
            texts.report.refuse(
                line.where,
                f"Le nom de choix « {before} » est déjà pris dans la liste « {name} ».",
                "Renommez l’un des deux.",
                "invalid",
            )
        renamed[before] = after
        choices.append(
            {
                "name": after,
                "label": label,
                "exclusive": is_yes(line[f"{OURS}exclusive"]),
                "theme": line.exact(f"{OURS}theme") or None,
            }
        )
    return List(tuple(choices), renamed)
