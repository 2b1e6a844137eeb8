"""XLSForm workbooks (Kobo, ODK, Survey123): read with what is refused and why, and written.

What we do not support is refused by name, row and function, all at once: nothing is dropped in
silence. What is written is read back identical. The columns are described in `columns`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from questionnaires.model import Questionnaire
from questionnaires.problems import Problem, QuestionnaireError
from questionnaires.validation import verify
from questionnaires.versions import from_draft
from questionnaires.xlsform.checks import verdict
from questionnaires.xlsform.choices import (
    List,
    Texts,
    default_language,
    identity,
    lists,
    settings_line,
)
from questionnaires.xlsform.columns import (
    CHOICES_PLAIN,
    CHOICES_TEXTS,
    OURS,
    SURVEY_PLAIN,
    SURVEY_TEXTS,
)
from questionnaires.xlsform.lines import Line, Lines, Report
from questionnaires.xlsform.names import rewritten
from questionnaires.xlsform.read import Asked, Group, Survey, renamings
from questionnaires.xlsform.sheets import KNOWN, Sheet, UnreadableError, sheets
from questionnaires.xlsform.write import workbook

__all__ = ["Imported", "read", "write"]

MAX_LANGUAGES = 30
_NEVER_READ = ("external_choices", "entities", "osm", "cascades")


@dataclass(frozen=True, slots=True)
class Imported:
    """What a workbook gave: a questionnaire, or ``refusals``; ``notices`` in both cases.

    In each problem, ``where`` is a place in the workbook: « feuille survey, ligne 62 ».
    """

    questionnaire: Questionnaire | None
    refusals: tuple[Problem, ...] = ()
    notices: tuple[Problem, ...] = ()


def write(questionnaire: Questionnaire) -> bytes:
    """The questionnaire as an .xlsx workbook, which `read` gives back identical.

    Raises ``QuestionnaireError`` when a text is longer than a cell, or a condition holds a sign
    that a cell cannot keep.
    """
    return workbook(questionnaire)


def read(data: bytes, filename: str) -> Imported:
    """The questionnaire of a workbook (.xlsx, .xls, .csv by its name). Never raises."""
    report = Report()
    try:
        found = sheets(data, filename)
        if not _has_survey(found, report):
            return Imported(None, report.refusals, tuple(report.notices))
        made, groups = _made(found, filename, report)
    except UnreadableError as error:
        return Imported(None, (error.problem,))
    if not report.full:
        places = {problem.where for problem in report.refusals}
        told = [problem for problem in verdict(found) if problem.where not in places]
        report.refused |= dict.fromkeys(told)
    if not report.refused:
        return _built(made, groups, report)
    names = list(found)
    refusals = sorted(report.refusals, key=lambda problem: _order(problem.where, names))
    return Imported(None, tuple(refusals), tuple(report.notices))


def _order(place: str, names: list[str]) -> tuple[int, int]:
    """Where a problem comes when the workbook is read from its beginning."""
    found = re.match(r"feuille (.+?)(?:, ligne ([0-9]+))?\Z", place)
    if found is None or found[1] not in names:
        return (len(names), 0)
    return (names.index(found[1]), int(found[2] or 0))


def _has_survey(found: Mapping[str, Sheet], report: Report) -> bool:
    for name, sheet in found.items():
        if name in _NEVER_READ and sheet.rows:
            report.refuse(
                f"feuille {name}",
                f"La feuille « {name} » n’est pas prise en charge.",
                "Retirez-la, avec les questions qui s’en servent.",
            )
        elif name not in KNOWN and sheet.header:
            report.notice(f"feuille {name}", f"La feuille « {name} » n’est pas reprise.")
    if "survey" not in found or not found["survey"].rows:
        report.refuse(
            "classeur",
            "Il manque la feuille « survey », ou elle est vide.",
            "Nommez ainsi la feuille des questions.",
            "invalid",
        )
        return False
    return True


def _made(
    found: Mapping[str, Sheet], filename: str, report: Report
) -> tuple[dict[str, object], list[Group]]:
    """The questionnaire as plain data, and the groups that it comes from."""
    settings = settings_line(found, report)
    survey = Lines(found["survey"], SURVEY_TEXTS, SURVEY_PLAIN, report)
    named = survey.languages()
    if "choices" in found:
        named += Lines(found["choices"], CHOICES_TEXTS, CHOICES_PLAIN, report).languages()
    default = default_language(settings, named, report)
    excepted = settings[f"{OURS}incomplete"].split()
    spoken = dict.fromkeys([default, *(code for code in named if code)])
    if len(spoken) > MAX_LANGUAGES:
        raise UnreadableError(
            f"Le classeur compte plus de {MAX_LANGUAGES} langues.",
            "Gardez celles qui servent, et retirez les autres colonnes.",
        )
    texts = Texts(default, tuple(code for code in spoken if code not in excepted), report)
    choices = lists(found.get("choices"), texts)
    reader = Survey(choices, texts)
    reader.read(survey.read(default))
    _rename(reader.groups, choices, report)
    data = identity(settings, filename, default, report)
    data["sections"] = [
        {**group.data, "questions": [asked.data for asked in group.asked]}
        for group in reader.groups
    ]
    return data, reader.groups


def _rename(groups: list[Group], choices: Mapping[str, List], report: Report) -> None:
    """Say the names that change, refuse those taken twice, and rewrite the conditions."""
    first: dict[str, Asked] = {}
    changed: list[str] = []
    asked = [question for group in groups for question in group.asked]
    for question in asked:
        name = str(question.data["name"])
        other = first.setdefault(name, question)
        if other is not question:
            report.refuse(
                question.line.where,
                f"Le nom « {question.name} » est déjà pris ({other.line.where}).",
                "Renommez l’une des deux questions, ainsi que les conditions qui la lisent.",
                "invalid",
            )
        elif name != question.name:
            changed.append(f"{question.name} → {name}")
    if changed:
        report.notice("feuille survey", f"Noms adaptés : {', '.join(changed)}.")
    names = renamings(groups, choices)
    pieces: list[tuple[dict[str, object], str]] = [(group.data, "") for group in groups]
    pieces += [(question.data, question.name) for question in asked]
    if not report.refused:
        for data, name in pieces:
            for key in ("relevant", "constraint"):
                if data.get(key):
                    data[key] = rewritten(str(data[key]), name, names)


def _built(data: dict[str, object], groups: list[Group], report: Report) -> Imported:
    """The questionnaire once verified: what would make it misbehave is refused by row."""
    try:
        questionnaire = from_draft(data)
    except QuestionnaireError as error:
        return Imported(None, (error.problem,), tuple(report.notices))
    places = _places(groups)
    refusals = tuple(
        Problem(fault.code, places.get(fault.where, "classeur"), fault.message, fault.remedy)
        for fault in verify(questionnaire)
    )
    return Imported(None if refusals else questionnaire, refusals, tuple(report.notices))


def _places(groups: list[Group]) -> dict[str, str]:
    """Where each question and section stands in the workbook, by its new name."""
    lines: dict[str, Line | None] = {str(group.data.get("name")): group.line for group in groups}
    lines |= {str(asked.data["name"]): asked.line for group in groups for asked in group.asked}
    return {name: line.where for name, line in lines.items() if line is not None}
