"""How the figures of a double coding are written: plain counts first, French decimals."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.agreement import CodeAgreement, Comparison, Figure
from survey_app.web.agreement import shown


@pytest.mark.parametrize(
    ("same", "total", "said"),
    [
        (8, 12, "8 sur 12"),
        (29, 29, "29 sur 29"),
        (20, 30, "67 % (20 sur 30)"),
        (299, 300, "99 % (299 sur 300)"),
        (300, 300, "100 % (300 sur 300)"),
        (1, 300, "1 % (1 sur 300)"),
        (0, 300, "0 % (0 sur 300)"),
    ],
)
def test_no_percentage_under_thirty_sentences(same: int, total: int, said: str) -> None:
    assert shown.share(same, total) == said


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (0.4915, "0,49"),
        (1.0, "1,00"),
        (-0.125, "−0,12"),
        (-0.001, "0,00"),
        (None, "non calculable"),
    ],
)
def test_figures_in_french(value: float | None, said: str) -> None:
    assert shown.number(Figure(value)) == said


def rows(*codes: CodeAgreement) -> list[dict[str, str]]:
    total = codes[0].sentences
    said = shown.as_csv(Comparison(total, 0, 0, codes), None)
    assert said.startswith("\ufeff")
    return list(csv.DictReader(io.StringIO(said.removeprefix("\ufeff")), delimiter=";"))


def test_the_table_says_why_a_figure_is_missing() -> None:
    many, never, opposed = rows(
        CodeAgreement("LOG", 20, 5, 5, 10),
        CodeAgreement("MOB", 40, 0, 0, 0),
        CodeAgreement("SAN", 0, 20, 20, 0),
    )
    assert (many["accord (%)"], many["kappa de Cohen"], many["remarque"]) == ("75", "0,47", "")
    assert (never["kappa de Cohen"], never["alpha de Krippendorff"]) == ("", "")
    assert "fait partout le même choix" in never["remarque"]
    assert opposed["kappa de Cohen"] == "-1,00"


def test_cells_that_a_spreadsheet_would_run_are_neutralised() -> None:
    (row,) = rows(CodeAgreement("=1+1", 1, 0, 0, 1))
    assert row["code"] != "=1+1"
    assert "1+1" in row["code"]


@given(*[st.integers(0, 200)] * 4)
def test_the_row_adds_up_and_never_says_all_for_less(a: int, b: int, c: int, d: int) -> None:
    row = CodeAgreement("LOG", a, b, c, d)
    (line,) = rows(row)
    counts = ("les deux", "première seule", "seconde seule", "ni l’une ni l’autre")
    assert sum(int(line[name]) for name in counts) == int(line["phrases comparées"])
    if line["accord (%)"]:
        assert (line["accord (%)"] == "100") is (b + c == 0)
        assert (line["accord (%)"] == "0") is (a + d == 0)
