"""Workbooks in a process of their own: the same answers, and nothing heavy left behind."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace

import pytest

from questionnaires import library, xlsform
from questionnaires.problems import QuestionnaireError
from questionnaires.xlsform import apart

Q03 = "Q03-micro-trottoir"


def test_what_is_written_apart_is_read_apart_identical():
    found = library.load(Q03)
    book = apart.write(found)
    assert book.startswith(b"PK")
    assert apart.read(book, "q.xlsx") == xlsform.read(book, "q.xlsx")
    assert apart.read(book, "q.xlsx").questionnaire == found


def test_refusals_are_the_same():
    assert apart.read(b"not a workbook", "q.xlsx") == xlsform.read(b"not a workbook", "q.xlsx")
    too_long = replace(library.load(Q03), title={"fr": "a" * 40_000})
    with pytest.raises(QuestionnaireError) as here:
        xlsform.write(too_long)
    with pytest.raises(QuestionnaireError) as there:
        apart.write(too_long)
    assert there.value.problem == here.value.problem


def test_a_workbook_that_takes_too_long_is_refused(monkeypatch):
    monkeypatch.setattr(apart, "SECONDS", 0.001)
    refused = apart.read(b"", "q.xlsx")
    assert refused.questionnaire is None
    assert "trop long à lire" in refused.refusals[0].message


def test_nothing_heavy_stays_in_the_caller():
    code = (
        "import sys; from questionnaires import library; from questionnaires.xlsform import apart;"
        f"apart.write(library.load({Q03!r})); print(*sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert not {"numpy", "lxml", "openpyxl", "pyxform"} & set(done.stdout.split())
