"""Forms as spreadsheets from the command line: checked, written, refused in plain sentences."""

from __future__ import annotations

import contextlib
import io
from pathlib import Path

import pytest
from flask import Flask

from commands import Answer
from questionnaires import library, xlsform
from survey_app import cli
from survey_app.cli import questionnaires

Q01 = "Q01-entretien-individuel"


@pytest.fixture(autouse=True)
def _known(monkeypatch: pytest.MonkeyPatch) -> None:
    for command in questionnaires.COMMANDS:
        monkeypatch.setitem(cli.group.commands, str(command.name), command)


def no_application() -> Flask:
    pytest.fail("these commands must not open an installation")


def paroles(*words: object) -> Answer:
    """Run the command where there is no installation at all."""
    out, err = io.StringIO(), io.StringIO()
    with (
        contextlib.redirect_stdout(out),
        contextlib.redirect_stderr(err),
        pytest.raises(SystemExit) as end,
    ):
        cli.run(no_application, [str(word) for word in words])
    return Answer(int(end.value.code or 0), out.getvalue(), err.getvalue())


def test_the_library_is_written_and_each_workbook_is_checked(tmp_path: Path) -> None:
    folder = tmp_path / "a" / "formulaires"
    answer = paroles("export-xlsforms", "--output", folder)
    assert (answer.status, answer.err) == (0, "")
    lines = answer.out.splitlines()
    assert lines[0] == f"{Q01}.xlsx\tEntretien individuel"
    assert lines[-1] == f"{len(library.names())} classeurs écrits dans {folder}"
    assert sorted(file.stem for file in folder.iterdir()) == list(library.names())
    again = xlsform.read((folder / f"{Q01}.xlsx").read_bytes(), "a.xlsx").questionnaire
    assert again == library.load(Q01)

    said = paroles("check-xlsform", folder / f"{Q01}.xlsx")
    found = library.load(Q01)
    assert said.status == 0
    assert said.out.splitlines() == [
        "Entretien individuel",
        f"{len(found.sections)} sections, {len(found.questions)} questions, 1 langue (fr)",
        "Ce formulaire peut être repris.",
    ]


def test_nothing_is_written_over_what_is_there(tmp_path: Path) -> None:
    mine = tmp_path / f"{Q01}.xlsx"
    mine.write_bytes(b"corrections")
    answer = paroles("export-xlsforms", "--output", tmp_path)
    assert answer.status == 1
    assert answer.out == ""
    assert f"existent déjà dans « {tmp_path} » : {Q01}.xlsx." in answer.err
    assert [file.read_bytes() for file in tmp_path.iterdir()] == [b"corrections"]


def test_a_file_is_not_a_folder(tmp_path: Path) -> None:
    place = tmp_path / "fichier"
    place.write_text("à garder", encoding="utf-8")
    answer = paroles("export-xlsforms", "--output", place)
    assert answer.status == 1
    assert "est un fichier, pas un dossier. Rien n’a été écrit." in answer.err
    assert place.read_text(encoding="utf-8") == "à garder"


def test_every_refusal_is_told_with_its_row_and_remedy(tmp_path: Path) -> None:
    file = tmp_path / "essai.csv"
    rows = (
        "survey,,,",
        ",type,name,label",
        ",geopoint,lieu,Où",
        ",text,mot,${lieu}",
        ",text,mot,B",
    )
    file.write_text("\n".join(rows), encoding="utf-8")
    answer = paroles("check-xlsform", file)
    assert (answer.status, answer.out) == (1, "")
    lines = answer.err.splitlines()
    assert lines[0] == "« essai.csv » ne peut pas être repris : 3 points sont à corriger."
    assert [line.split(" : ")[0] for line in lines[1:-1]] == [
        "- feuille survey, ligne 3",
        "- feuille survey, ligne 4",
        "- feuille survey, ligne 5",
    ]
    assert "« geopoint » n’est pas pris en charge. Choisissez un autre type" in lines[1]
    assert lines[-1].startswith("Rien n’a été enregistré")


def test_what_is_adapted_is_said(tmp_path: Path) -> None:
    file = tmp_path / "essai.csv"
    file.write_text("survey,,,\n,type,name,label\n,text,Mot,Un mot ?\n", encoding="utf-8")
    answer = paroles("check-xlsform", file)
    assert answer.status == 0
    assert "- feuille survey : Noms adaptés : Mot → mot." in answer.out
    assert "1 section, 1 question, 1 langue (fr)" in answer.out


def test_a_file_that_is_absent_or_not_a_form_is_refused(tmp_path: Path) -> None:
    absent = paroles("check-xlsform", tmp_path / "absent.xlsx")
    assert absent.status == 1
    wanted = tmp_path / "absent.xlsx"
    said = f"Il n’y a pas de fichier « {wanted} ». Vérifiez son nom et son dossier."
    assert absent.err.strip() == said
    folder = paroles("check-xlsform", tmp_path)
    assert folder.status == 1
    assert f"« {tmp_path} » n’a pas pu être lu. Vérifiez que c’est bien un fichier" in folder.err
    file = tmp_path / "photo.xlsx"
    file.write_bytes(b"\x89PNG")
    answer = paroles("check-xlsform", file)
    assert answer.status == 1
    assert "1 point est à corriger" in answer.err
    assert "abîmé" in answer.err
