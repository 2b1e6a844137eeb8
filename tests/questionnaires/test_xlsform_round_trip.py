"""What is written is read back identical, and the reference reader accepts it."""

from __future__ import annotations

import io
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook
from pyxform.xls2xform import convert

from questionnaires import library
from questionnaires.languages import translate
from questionnaires.model import Choice, Question, Questionnaire, Section
from questionnaires.problems import QuestionnaireError
from questionnaires.validation import verify
from questionnaires.versions import fingerprint
from questionnaires.xlsform import read, write
from questionnaires.xlsform.columns import (
    from_cell,
    from_lines,
    to_cell,
    to_lines,
    with_enforced,
    without_enforced,
)
from tests.questionnaires.xlsform_cases import questionnaires, texts

FR = {"fr": "Mot"}


def one(*questions: Question, **more: object) -> Questionnaire:
    section = Section("bloc", FR, questions)
    made = Questionnaire("essai", "1", FR, {}, "individuel", {}, {}, (section,))
    return replace(made, **more)


def returned(questionnaire: Questionnaire) -> Questionnaire | None:
    found = read(write(questionnaire), "essai.xlsx")
    assert [f"{problem.where} : {problem}" for problem in found.refusals] == []
    return found.questionnaire


@pytest.mark.parametrize("name", library.names())
def test_a_ready_questionnaire_comes_back_identical(name: str) -> None:
    questionnaire = library.load(name)
    found = read(write(questionnaire), "essai.xlsx")
    assert found.refusals == found.notices == ()
    assert found.questionnaire == questionnaire
    assert fingerprint(found.questionnaire) == fingerprint(questionnaire)


@pytest.mark.parametrize("name", library.names())
def test_the_reference_reader_accepts_a_ready_questionnaire(name: str) -> None:
    answer = convert(write(library.load(name)))
    # The size of photos is a matter for the tablet; nothing else may be said.
    assert [said for said in answer.warnings if "max-pixels" not in said] == []
    assert f'id="{name}"' in answer.xform


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(questionnaires())
def test_any_questionnaire_comes_back_identical(questionnaire: Questionnaire) -> None:
    assert verify(questionnaire) == []
    assert returned(questionnaire) == questionnaire


@given(texts)
@example("_x0041\r_x000D__x0041_")
@example("x" * 3 + "_x005F_")
def test_a_cell_gives_its_text_back(text: str) -> None:
    cell = to_cell(text)
    assert from_cell(cell) == text
    assert cell.strip()
    assert "${" not in cell


@given(st.lists(texts | st.just(""), max_size=4))
def test_lines_give_their_texts_back(wanted: list[str]) -> None:
    while wanted and not wanted[-1]:
        wanted.pop()
    assert from_lines(to_lines(wanted)) == (wanted or [""])


@given(
    st.sampled_from(("", ". = 1", "(. = 1) and count-selected(.) <= 2", "count-selected(.) <= 2")),
    st.sampled_from(("", "count-selected(.) <= 2", "not(selected(., 'a'))")),
)
def test_a_rule_is_taken_away_as_it_was_added(constraint: str, rule: str) -> None:
    assert without_enforced(with_enforced(constraint, rule), rule) == constraint


def test_limits_on_choices_are_obeyed_by_other_tools() -> None:
    choices = (Choice("a", FR), Choice("rien", FR, exclusive=True))
    asked = Question("q", "select_multiple", FR, choices=choices, max_choices=1)
    asked = replace(asked, constraint=". != 'a'")
    answer = convert(write(one(asked)))
    assert (
        "constraint=\"(. != 'a') and count-selected(.) &lt;= 1 and "
        "not(selected(., 'rien') and count-selected(.) &gt; 1)\"" in answer.xform
    )
    assert returned(one(asked)) == one(asked)


def test_cells_are_plain_text_that_no_spreadsheet_computes() -> None:
    hostile = "=HYPERLINK(1)"
    question = Question("q", "text", {"fr": hostile}, hint={"fr": "@somme"})
    book = load_workbook(io.BytesIO(write(one(question))))
    cells = {cell.value: cell for row in book["survey"].iter_rows() for cell in row}
    assert {cells[hostile].data_type, cells["@somme"].data_type} == {"s"}
    assert cells["type"].font.bold
    assert book["survey"].freeze_panes == "C2"
    header = [head.value for head in book["survey"][1]]
    assert header[:3] == ["type", "name", "label::Français (fr)"]
    assert returned(one(question)) == one(question)


def test_languages_stand_in_columns_of_their_own() -> None:
    question = Question("q", "text", FR)
    paths = {"title": "ع", "section:bloc": "ع", "question:q": "كلمة"}
    both = translate(one(question), "ar", paths)
    assert both.unproofread == ("ar",)
    header = [cell.value for cell in load_workbook(io.BytesIO(write(both)))["survey"][1]]
    assert "label::العربية (ar)" in header
    assert returned(both) == both


def test_a_partial_translation_written_by_us_is_not_a_fault() -> None:
    question = Question("q", "text", {"fr": "Mot", "ar": "كلمة"}, hint=FR)
    assert returned(one(question)) == one(question)


def test_a_section_named_as_a_question_is_told_apart() -> None:
    section = Section("sujets", FR, (Question("sujets", "text", FR), Question("b", "text", FR)))
    after = Section("bloc", FR, (Question("c", "text", FR),), relevant="${sujets} != ''")
    questionnaire = one(sections=(section, after))
    assert returned(questionnaire) == questionnaire
    assert "/data/section_sujets/sujets" in convert(write(questionnaire)).xform


def test_a_text_longer_than_a_cell_is_refused_before_anything_is_lost() -> None:
    with pytest.raises(QuestionnaireError, match="Raccourcissez"):
        write(one(Question("q", "text", {"fr": "a" * 40_000})))
    with pytest.raises(QuestionnaireError, match="signe invisible"):
        write(one(Question("a", "text", FR), Question("q", "text", FR, relevant="true()\x0b")))
