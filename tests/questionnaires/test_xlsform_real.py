"""Four real forms drawn by others: read when they can be, else refused by name, row, function."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from questionnaires.xlsform import Imported, read, write

FORMS = Path(__file__).resolve().parents[2] / ".." / "shared" / "data" / "xlsforms"

pytestmark = pytest.mark.shared


def data(name: str) -> bytes:
    if not FORMS.is_dir():
        pytest.skip("the shared forms are not here")
    return (FORMS / name).read_bytes()


def form(name: str) -> Imported:
    return read(data(name), name)


def refusals(name: str) -> dict[int, str]:
    """Everything refused, by row."""
    found = form(name)
    assert found.questionnaire is None
    said: dict[int, str] = {}
    for problem in found.refusals:
        assert problem.remedy
        row = int(problem.where.rpartition(" ")[2])
        said[row] = said.get(row, "") + f" {problem}"
    return said


def test_the_form_of_abidjan_is_refused_by_row_with_a_remedy() -> None:
    said = refusals("abidjan_menages_2022.xls")
    assert "« HandWashHabits1 » est déjà pris (feuille survey, ligne 61)" in said[62]
    assert "Renommez l’une des deux questions" in said[62]
    assert "« min »" in said[62]
    assert "« regex »" in said[5]
    assert "indexed-repeat(" in said[16]
    assert "« geopoint »" in said[123]
    assert "autre groupe (feuille survey, ligne 8)" in said[10]


def test_the_socio_economic_form_is_refused_by_function() -> None:
    said = refusals("odk_socio_economic_survey_fr_en.xlsx")
    assert "« choice_filter »" in said[6]
    assert "jr:itext(" in said[12]
    assert "autre groupe" in said[23]
    assert "« hint » manque dans cette langue : anglais" in said[29]


def test_the_form_in_the_old_syntax_is_refused_by_type() -> None:
    said = refusals("good_eats_multilang_old_syntax.xls")
    assert set(said) == {3, 5, 8, 10, 11}
    assert "or_other" in said[3]
    assert "« decimal »" in said[5]
    assert "« geopoint »" in said[11]


def test_the_form_with_accents_keeps_them() -> None:
    found = form("sample_accent.xlsx")
    assert found.questionnaire is not None
    (question,) = found.questionnaire.questions
    assert [(choice.name, choice.label["fr"]) for choice in question.choices] == [
        ("pere", "père"),
        ("te", "té"),
        ("tete", "tête"),
    ]
    assert any("père → pere" in notice.message for notice in found.notices)
    assert read(write(found.questionnaire), "a.xlsx").questionnaire == found.questionnaire


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.randoms(use_true_random=False), st.integers(1, 40))
def test_a_damaged_old_workbook_never_raises(chance: random.Random, hits: int) -> None:
    content = bytearray(data("good_eats_multilang_old_syntax.xls"))
    for _ in range(hits):
        content[chance.randrange(len(content))] = chance.randrange(256)
    found = read(bytes(content), "essai.xls")
    assert (found.questionnaire is None) == bool(found.refusals)
