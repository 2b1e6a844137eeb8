from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from analysis.codebook import load
from analysis.export import csv, write
from analysis.export.sheets import neutral
from analysis.glyphs import clean
from analysis.synthesis import draft
from tests.analysis import export_readers as read
from tests.analysis.export_readers import QUOTATIONS
from tests.analysis.synthesis_cases import HOSTILE, said_by

CODEBOOK = load()
SAID = ((0, "LOG1", "positive", "ressource"), (1, "LOG1", "négative", "proposition"))
FORMULAS = ("=1+1", "+33 1", "-2", "@SUM(A1)", "\t=1", "\r=1", " \u00a0=1", "\ufeff=1", "＝1", "\n")


def written(folder: Path, *spoken: str) -> Path:
    path = folder / "synthese.csv"
    write(draft(said_by(*SAID, texts=spoken), CODEBOOK), "csv", path)
    return path


def test_it_is_what_a_french_spreadsheet_opens(tmp_path: Path) -> None:
    data = written(tmp_path, "Un banc ; de l'ombre.\nEt « vite » !", HOSTILE).read_bytes()
    assert data.startswith(b"\xef\xbb\xbf")
    head, *lines = data.decode("utf-8-sig").split("\r\n")
    assert head.split(";") == list(csv.HEAD)
    assert len(lines) == 3
    assert lines[-1] == ""
    assert '"Un banc ; de l\'ombre.\nEt « vite » !"' in lines[0]


def test_the_columns_are_known_by_other_programs() -> None:
    """A change here breaks the tables that people built on the file: add at the end only."""
    assert csv.HEAD == (
        "Statut du document", "Avertissement", "Campagne", "Version", "Code du thème", "Thème",
        "Nature", "Constat", "Témoignages du constat", "Rencontres du constat",
        "Personnes du constat", "Extrait", "Témoignage", "Rencontre", "Peut être cité",
        "Imprimé avec le constat", "Position", "Paroles", "Début dans le texte",
        "Fin dans le texte", "Questionnaire", "Grille de codage", "Codeurs",
        "Identifiant du témoignage",
    )  # fmt: skip


@pytest.mark.parametrize("formula", FORMULAS)
def test_a_formula_is_disarmed(tmp_path: Path, formula: str) -> None:
    rows = read.rows(written(tmp_path, formula + "A1", "Rien."))
    assert rows[0]["Paroles"] == "'" + clean(formula + "A1")


@pytest.mark.parametrize("plain", ["a=1", "«\u00a0=1", "'=1", "1-2", "", "é@"])
def test_what_is_no_formula_stays(plain: str) -> None:
    assert neutral(plain) == plain


def test_a_document_without_finding_has_its_columns_only(tmp_path: Path) -> None:
    write(draft(said_by(), CODEBOOK), "csv", tmp_path / "vide.csv")
    assert (tmp_path / "vide.csv").read_bytes().count(b"\r\n") == 1


@given(st.text())
def test_no_cell_begins_like_a_formula(text: str) -> None:
    cell = neutral(text)
    assert not cell.lstrip().startswith(("=", "+", "-", "@"))
    assert not cell.startswith(("\t", "\r", "\n"))
    assert cell in (clean(text), f"'{clean(text)}")


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(QUOTATIONS)
def test_any_quotation_survives(tmp_path: Path, spoken: tuple[str, str]) -> None:
    rows = read.rows(written(tmp_path, *spoken))
    assert [row["Paroles"] for row in rows] == [neutral(text) for text in spoken]
