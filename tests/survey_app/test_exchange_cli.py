"""`paroles export-qdpx` and `import-qdpx`: sentences, files whole or not at all."""

from __future__ import annotations

from pathlib import Path

import pytest

import exchange_cases as cases
from analysis import refi
from commands import paroles, refused
from survey_app.runtime import Runtime
from tests.analysis import refi_cases as documents


@pytest.fixture
def coded(runtime: Runtime) -> cases.Coded:
    return cases.settle(runtime)


def test_out_and_in_again(runtime: Runtime, coded: cases.Coded, tmp_path: Path) -> None:
    path = tmp_path / "dossier" / "projet.qdpx"
    said = paroles(runtime, "export-qdpx", "--campaign", "essai", "--output", path)
    assert said.status == 0, said.err
    assert "3 témoignages, 3 extraits, 4 codages" in said.out
    assert len(cases.spoken(refi.read(path.read_bytes()))) == 4
    said = paroles(runtime, "import-qdpx", path, "--campaign", "essai")
    assert said.status == 0, said.err
    assert said.out == "0 codage ajouté, 4 déjà là. Compte : coordinator.\n"
    assert "repris" not in said.err


def test_what_is_left_aside_is_told(runtime: Runtime, coded: cases.Coded, tmp_path: Path) -> None:
    path = tmp_path / "autre.qdpx"
    path.write_bytes(foreign())
    said = paroles(runtime, "import-qdpx", path, "--campaign", "essai")
    assert said.out.startswith("0 codage ajouté")
    assert "Ce qui n’a pas pu être repris :" in said.err
    assert "Textes qui ne sont pas dans cette campagne : entretien (1)" in said.err


def foreign() -> bytes:
    text = f"sources/{documents.guid(2)}.txt"
    return documents.archive(documents.document([(0, 2, "Un")]), **{text: b"Un mot."})


def test_refusals_are_sentences(runtime: Runtime, coded: cases.Coded, tmp_path: Path) -> None:
    path = tmp_path / "faux.qdpx"
    path.write_bytes(b"bonjour")
    told = refused(runtime, "import-qdpx", path, "--campaign", "essai")
    assert "Rien n’a été importé" in told
    told = refused(runtime, "import-qdpx", tmp_path / "absent.qdpx", "--campaign", "essai")
    assert "ne peut pas être lu" in told
    told = refused(runtime, "import-qdpx", path, "--campaign", "inconnue")
    assert "Aucune campagne ne s’appelle « inconnue »" in told
    told = refused(runtime, "import-qdpx", path, "--campaign", "essai", "--account", "zoe")
    assert "« zoe »" in told
    place = path / "impossible.qdpx"
    told = refused(runtime, "export-qdpx", "--campaign", "essai", "--output", place)
    assert "n’a pas pu être écrit" in told
