"""A questionnaire as an XLSForm workbook: three sheets of plain text cells."""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping, Sequence
from itertools import count
from typing import Any

from questionnaires.model import Choice, Labels, Question, Questionnaire, Section
from questionnaires.problems import Problem, QuestionnaireError
from questionnaires.types import WITH_CHOICES
from questionnaires.values import FORBIDDEN
from questionnaires.xlsform.columns import (
    FACET,
    OURS,
    YES,
    column,
    enforced,
    language_name,
    to_cell,
    to_lines,
    with_enforced,
)
from questionnaires.xlsform.sheets import MAX_CELL
from questionnaires.xlsform.types import LIKERT, PLAIN, read_type

Record = Mapping[str, str]
# Names that the form's own XML uses: a repeat must not be called as the whole form is.
_RESERVED = frozenset(("data", "meta"))
_WIDTHS = {"type": 22, "name": 24, "list_name": 24, "relevant": 40, "constraint": 40}
_TEXT_WIDTH, _PLAIN_WIDTH = 60, 16
_SURVEY = ("type", "name")
_CHOICES = ("list_name", "name")


def workbook(questionnaire: Questionnaire) -> bytes:
    """The .xlsx file. Raises ``QuestionnaireError`` when a cell could not hold a text."""
    from openpyxl import Workbook

    lists: list[tuple[str, tuple[Choice, ...]]] = []
    survey = [row for section in _sections(questionnaire, lists) for row in section]
    choices = [_choice(name, choice) for name, chosen in lists for choice in chosen]
    labels = [column("label", language) for language in questionnaire.languages]
    book = Workbook()
    book.remove(book.worksheets[0])
    for title, first, rows in (
        ("survey", (*_SURVEY, *labels), survey),
        ("choices", (*_CHOICES, *labels), choices),
        ("settings", ("form_title", "form_id", "version"), [_settings(questionnaire)]),
    ):
        _fill(book.create_sheet(title), first, rows)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def _fill(sheet: Any, first: Sequence[str], rows: Sequence[Record]) -> None:
    from openpyxl.styles import Alignment, Font, PatternFill
    from openpyxl.utils import get_column_letter

    columns = list(dict.fromkeys((*first, *(name for row in rows for name in row))))
    for rank, name in enumerate(columns, 1):
        head = sheet.cell(1, rank, name)
        head.font = Font(bold=True)
        head.fill = PatternFill("solid", fgColor="FFE8EEF4")
        width = _TEXT_WIDTH if "::" in name else _WIDTHS.get(name, _PLAIN_WIDTH)
        sheet.column_dimensions[get_column_letter(rank)].width = width
    for number, row in enumerate(rows, 2):
        for rank, name in enumerate(columns, 1):
            text = row.get(name, "")
            if text:
                _check(text, f"{sheet.title}, ligne {number}, colonne {name}")
                cell = sheet.cell(number, rank, text)
                # Text, even when it begins like a formula or looks like a number.
                cell.data_type = "s"
                cell.number_format = "@"
                cell.alignment = Alignment(wrap_text=True, vertical="top")
    sheet.freeze_panes = "C2" if sheet.title != "settings" else "A2"


def _check(text: str, where: str) -> None:
    if len(text.encode("utf-16-le", "surrogatepass")) // 2 > MAX_CELL:
        raise QuestionnaireError(
            Problem(
                "xlsform-too-long",
                where,
                f"Ce texte dépasse les {MAX_CELL} signes d’une case de tableur.",
                "Rien n’est perdu. Raccourcissez-le, puis recommencez.",
            )
        )
    if FORBIDDEN.search(text):
        raise QuestionnaireError(
            Problem(
                "xlsform-control-characters",
                where,
                "Cette condition contient un signe invisible qu’un tableur ne garde pas.",
                "Rien n’est perdu. Récrivez la condition, puis recommencez.",
            )
        )


def _kept(row: Record) -> Record:
    return {name: text for name, text in row.items() if text}


def _labels(name: str, labels: Labels) -> dict[str, str]:
    return {column(name, language): to_cell(text) for language, text in labels.items()}


def _probes(question: Question) -> dict[str, str]:
    languages = dict.fromkeys(language for labels in question.probes for language in labels)
    return {
        column("guidance_hint", language): to_lines(
            labels.get(language, "") for labels in question.probes
        )
        for language in languages
    }


def _yes(value: bool) -> str:
    return YES if value else ""


def _sections(
    questionnaire: Questionnaire, lists: list[tuple[str, tuple[Choice, ...]]]
) -> Iterable[list[Record]]:
    taken = {question.name for question in questionnaire.questions} | _RESERVED
    for section in questionnaire.sections:
        word = "repeat" if section.is_repeat else "group"
        name = _free(section.name, taken)
        taken.add(name)
        yield [
            _kept(_section(section, name, word)),
            *(_kept(_question(question, lists)) for question in section.questions),
            {"type": f"end_{word}"},
        ]


def _free(name: str, taken: set[str]) -> str:
    """The section's name, or another: conditions could not tell it from a question's."""
    if name not in taken:
        return name
    numbered = (f"section_{name}{'_' * bool(n)}{n or ''}" for n in count())
    return next(other for other in numbered if other not in taken)


def _section(section: Section, name: str, word: str) -> Record:
    limit = section.max_repeats
    return {
        "type": f"begin_{word}",
        "name": name,
        **_labels("label", section.label),
        "relevant": section.relevant,
        f"{OURS}name": section.name if name != section.name else "",
        f"{OURS}kind": to_cell(section.kind),
        **_labels(f"{OURS}repeat", section.repeat),
        f"{OURS}max_repeats": str(limit) if limit is not None else "",
    }


def _question(question: Question, lists: list[tuple[str, tuple[Choice, ...]]]) -> Record:
    kind, appearance = _type(question, lists)
    likely = read_type(kind.split(" ")[0], appearance)
    rule = enforced(question)
    limit = question.max_choices
    return {
        "type": kind,
        "name": question.name,
        **_labels("label", question.label),
        **_labels("hint", question.hint),
        **_probes(question),
        "required": _yes(question.required),
        "relevant": question.relevant,
        "constraint": with_enforced(question.constraint, rule),
        **_labels("constraint_message", question.constraint_message),
        "appearance": to_cell(appearance),
        f"{OURS}type": question.type if likely != (question.type, question.appearance) else "",
        f"{OURS}max_choices": str(limit) if limit is not None else "",
        f"{OURS}choices_from": to_cell(question.choices_from or ""),
        f"{OURS}consent": to_cell(question.consent or ""),
        f"{OURS}profile": _yes(question.profile),
        f"{OURS}visibility": to_cell(question.visibility),
        **{FACET + to_cell(name): to_cell(value) for name, value in question.facets.items()},
    }


def _type(question: Question, lists: list[tuple[str, tuple[Choice, ...]]]) -> tuple[str, str]:
    """XLSForm's type and appearance; without choices of its own, a choice is a text there."""
    if question.type not in WITH_CHOICES or not question.choices:
        return question.type if question.type in PLAIN else "text", question.appearance
    known = next((name for name, choices in lists if choices == question.choices), None)
    if known is None:
        known = question.name
        lists.append((known, question.choices))
    if question.type == "scale":
        shown = f"{question.appearance} {LIKERT}" if question.appearance else LIKERT
        return f"select_one {known}", shown
    return f"{question.type} {known}", question.appearance


def _choice(name: str, choice: Choice) -> Record:
    return _kept(
        {
            "list_name": name,
            "name": choice.name,
            **_labels("label", choice.label),
            f"{OURS}exclusive": _yes(choice.exclusive),
            f"{OURS}theme": to_cell(choice.theme or ""),
        }
    )


def _settings(questionnaire: Questionnaire) -> Record:
    default = questionnaire.default_language
    others = {code: text for code, text in questionnaire.title.items() if code != default}
    return _kept(
        {
            "form_title": to_cell(questionnaire.title.get(default, "")),
            "form_id": to_cell(questionnaire.name),
            "version": to_cell(questionnaire.version),
            "default_language": language_name(default),
            **_labels(f"{OURS}title", others),
            **_labels(f"{OURS}purpose", questionnaire.purpose),
            **_labels(f"{OURS}audience", questionnaire.audience),
            **_labels(f"{OURS}duration", questionnaire.duration),
            f"{OURS}method": to_cell(questionnaire.method),
            f"{OURS}usage": questionnaire.usage,
            f"{OURS}unproofread": " ".join(questionnaire.unproofread),
            f"{OURS}incomplete": " ".join(_incomplete(questionnaire)),
        }
    )


def _incomplete(questionnaire: Questionnaire) -> list[str]:
    """Languages that say less than another somewhere: elsewhere, a gap is a fault."""
    read = [labels for labels in questionnaire.labels() if labels][1:]
    said = [set(labels) for labels in read]
    return [code for code in questionnaire.languages if any(code not in some for some in said)]
