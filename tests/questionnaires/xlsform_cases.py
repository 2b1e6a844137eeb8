"""Workbooks made by hand for the tests of XLSForm, and random questionnaires to write."""

from __future__ import annotations

import io
import unicodedata
from collections.abc import Mapping, Sequence

from hypothesis import strategies as st
from openpyxl import Workbook

from questionnaires.model import Choice, Question, Questionnaire, Section
from questionnaires.values import FORBIDDEN
from questionnaires.xlsform import Imported, read

Rows = Sequence[Mapping[str, object]]

SETTINGS: Rows = (
    {
        "form_title": "Essai",
        "form_id": "essai",
        "version": "2",
        "default_language": "Français (fr)",
        "paroles_method": "individuel",
    },
)


def workbook(survey: Rows, choices: Rows = (), settings: Rows = SETTINGS, **others: Rows) -> bytes:
    """An .xlsx with these sheets; the columns are those of the rows, in their order."""
    book = Workbook()
    book.remove(book.worksheets[0])
    sheets = {"survey": survey, "choices": choices, "settings": settings, **others}
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        columns = list(dict.fromkeys(column for row in rows for column in row))
        sheet.append(columns)
        for row in rows:
            sheet.append([row.get(column) for column in columns])
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def imported(survey: Rows, choices: Rows = (), settings: Rows = SETTINGS, **more: Rows) -> Imported:
    """What reading such a workbook gives."""
    return read(workbook(survey, choices, settings, **more), "essai.xlsx")


def refused(survey: Rows, choices: Rows = (), settings: Rows = SETTINGS, **more: Rows) -> list[str]:
    """Its refusals, one text each: place, message, remedy."""
    found = imported(survey, choices, settings, **more)
    assert found.questionnaire is None
    assert all(problem.remedy for problem in found.refusals)
    return [f"{problem.where} : {problem}" for problem in found.refusals]


# Any sign at all, those that XML or a spreadsheet would lose above all.
_signs = st.characters() | st.sampled_from("\r\n\t\x00\x0b\x85\ufffe\ud800=+-@_x0041_${}' \xa0’")
texts = (
    st.text(_signs, min_size=1, max_size=12)
    | st.sampled_from(
        ("=1+1", "-", "@a", "_x000D_", "x005F_", "_x0041\r", " ", "\n", "${un}", "1.0", "TRUE")
    )
).map(lambda text: unicodedata.normalize("NFC", text))
sayable = texts.map(lambda text: FORBIDDEN.sub("=", text.replace("\r", "\n")))
"""What a questionnaire may say: `verify` refuses the rest."""
names = st.from_regex(r"[a-z][a-z0-9]{0,6}(_[a-z0-9]{1,4})?", fullmatch=True)
CODES = ("fr", "ar", "en", "pt-BR")


def labels(partial: bool = True) -> st.SearchStrategy[dict[str, str]]:
    """Texts in French and perhaps in others."""
    others = st.dictionaries(st.sampled_from(CODES[1:]), sayable, max_size=3 if partial else 0)
    return st.builds(lambda text, more: {**more, "fr": text}, sayable, others)


choice_lists = st.lists(
    st.builds(Choice, names, labels(), exclusive=st.booleans(), theme=st.none() | st.just("LOG")),
    min_size=1,
    max_size=4,
    unique_by=lambda choice: choice.name,
).map(tuple)

_WITH_CHOICES = ("select_one", "select_multiple", "scale", "rank")
_PLAIN = ("text", "integer", "date", "time", "dateTime", "place", "image", "note")
_constraints = ("", ". != 'x'", "(. = 1) and (. = 2)", "count-selected(.) <= 1")
_facets = st.just({}) | st.fixed_dictionaries({"critere": texts, "axe_evaluation": texts})
_conditions = ("${%s} != ''", "coalesce(${%s}, 'un’e') != 'a'", "not(${%s} = 1)\n or  true()")


@st.composite
def questions(draw: st.DrawFn, name: str, earlier: Sequence[str], repeated: bool) -> Question:
    kind = draw(st.sampled_from(_WITH_CHOICES + _PLAIN))
    listed = kind in _WITH_CHOICES
    brought = draw(st.sampled_from((None, None, "actions"))) if listed else None
    choices = draw(choice_lists | st.just(()) if brought else choice_lists) if listed else ()
    several = kind in ("select_multiple", "rank") and choices
    condition = draw(st.sampled_from(("", *_conditions))) if earlier else ""
    return Question(
        name,
        kind,
        draw(labels()),
        hint=draw(st.just({}) | labels()),
        probes=tuple(draw(st.lists(labels(), max_size=3))),
        required=draw(st.booleans()),
        relevant=condition and condition % draw(st.sampled_from(earlier)),
        constraint=draw(st.sampled_from(_constraints)),
        constraint_message=draw(st.just({}) | labels()),
        choices=choices,
        max_choices=draw(st.none() | st.integers(1, len(choices))) if several else None,
        consent=None if repeated else draw(st.sampled_from((None, "noter", "citer"))),
        profile=not repeated and draw(st.booleans()),
        appearance=draw(st.sampled_from(("", "likert", "minimal", "minimal likert"))),
        visibility=draw(st.sampled_from(("", "team"))),
        choices_from=brought,
        facets=draw(_facets),
    )


@st.composite
def sections(draw: st.DrawFn, name: str, asked: Sequence[str], earlier: list[str]) -> Section:
    kind = draw(st.sampled_from(("", "", "consent", "profile", "meeting")))
    repeat = draw(labels()) if kind == "" and draw(st.booleans()) else {}
    read = draw(st.sampled_from(("", *earlier)))
    relevant = f"${{{read}}} != ''" if read else ""
    if kind == "meeting":
        earlier, relevant = [], ""
    known = list(earlier)
    found = []
    for question in asked:
        found.append(draw(questions(question, tuple(known), bool(repeat))))
        known.append(question)
    if not repeat and kind != "meeting":
        earlier += asked
    limit = draw(st.none() | st.integers(1, 20)) if repeat else None
    return Section(name, draw(labels()), tuple(found), relevant, kind, repeat, limit)


@st.composite
def questionnaires(draw: st.DrawFn) -> Questionnaire:
    """Questionnaires that use everything that the model has."""
    unique = draw(st.lists(names, min_size=1, max_size=6, unique=True))
    cut = draw(st.integers(0, len(unique)))
    # A section may share the name of a question (not when it repeats), or a name of the XML.
    titles = draw(st.permutations(("data", "un_bloc", "meta")))
    earlier: list[str] = []
    made = tuple(
        draw(sections(title, asked, earlier))
        for title, asked in zip(titles, (unique[:cut], unique[cut:]), strict=False)
    )
    spoken = {code for s in made for code in s.label}
    return Questionnaire(
        draw(texts.filter(str.strip)),
        draw(texts.filter(str.strip)),
        draw(labels()),
        draw(labels()),
        draw(st.sampled_from(("individuel", ""))),
        draw(st.just({}) | labels()),
        draw(labels()),
        made,
        usage=draw(st.sampled_from(("testimony", "record", "survey"))),
        unproofread=tuple(sorted(spoken - {"fr"}))[: draw(st.integers(0, 2))],
    )
