"""Grids from the command line: written to files, read from them, refused in plain French."""

from __future__ import annotations

from pathlib import Path

import pytest

import factories
from analysis import codebook
from analysis.codebook_file import parse
from commands import paroles, refused
from survey_app.runtime import Runtime


@pytest.fixture
def house(runtime: Runtime) -> Runtime:
    """An installation with a campaign ``essai``."""
    with runtime.database.writing() as session:
        factories.campaign(session, factories.council(session))
    return runtime


@pytest.mark.parametrize("kind", ["yaml", "csv", "qdc"])
def test_a_grid_goes_out_and_comes_back(house: Runtime, tmp_path: Path, kind: str) -> None:
    target = tmp_path / f"grille-contrat-de-ville.{kind}"
    answer = paroles(house, "export-grille", "--campaign", "essai", "--output", target)
    assert (answer.status, answer.err) == (0, "")
    if kind == "yaml":
        assert parse(target.read_bytes()) == codebook.load()
    answer = paroles(house, "import-grille", target)
    assert answer.status == 0, answer.err
    assert "14 thèmes, 105 codes." in answer.out
    assert "C’est un brouillon" in answer.out
    assert "déjà un brouillon" in refused(house, "import-grille", target)


def test_a_grid_is_published_under_a_number(house: Runtime, tmp_path: Path) -> None:
    target = tmp_path / "Notre grille.csv"
    target.write_text(
        "code;theme;libelle;definition\nLOG;LOG;Logement;Se loger.\nLOG1;LOG;État;Son état.\n",
        encoding="utf-8",
    )
    answer = paroles(house, "import-grille", target, "--publish", "1.0.0")
    assert "Version 1.0.0 publiée." in answer.out
    assert "déjà publiée" in paroles(house, "import-grille", target, "--publish", "1.0.0").err


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("export-grille", "--campaign", "essai", "--output", "g.xls"), "« xls » n’existe pas"),
        (("export-grille", "--campaign", "rien", "--output", "g.csv"), "Aucune campagne"),
        (("import-grille", "nulle-part.csv"), "n’a pas pu être lu"),
    ],
)
def test_refusals_are_sentences(house: Runtime, words: tuple[str, ...], told: str) -> None:
    assert told in refused(house, *words)


def test_a_place_that_cannot_be_written_is_told(house: Runtime, tmp_path: Path) -> None:
    (tmp_path / "fichier").touch()
    target = tmp_path / "fichier" / "grille.csv"
    words = ("export-grille", "--campaign", "essai", "--output", target)
    assert "n’a pas pu être écrit" in refused(house, *words)


def test_a_file_that_is_there_is_kept(house: Runtime, tmp_path: Path) -> None:
    target = tmp_path / "grille.csv"
    target.write_text("déjà là", encoding="utf-8")
    message = refused(house, "export-grille", "--campaign", "essai", "--output", target)
    assert "existe déjà" in message
    assert target.read_text(encoding="utf-8") == "déjà là"
