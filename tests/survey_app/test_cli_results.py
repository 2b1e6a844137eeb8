"""From the command line: words that nobody coded are analysed, and written as a draft."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from sqlalchemy import select

import factories
from commands import paroles, refused
from survey_app.models import Job
from survey_app.runtime import Runtime


@pytest.fixture
def house(runtime: Runtime) -> Runtime:
    """An installation with an empty campaign ``essai``."""
    with runtime.database.writing() as session:
        factories.campaign(session, factories.council(session))
    return runtime


def test_analysis_and_synthesis_of_words_that_nobody_coded(house: Runtime, tmp_path: Path) -> None:
    path = tmp_path / "paroles.csv"
    texts = [f"Le bus du soir ne passe plus au quartier, {n} personnes." for n in range(4)]
    path.write_text("texte\n" + "\n".join(f'"{t}"' for t in texts), encoding="utf-8")
    paroles(house, "import-testimonies", path, "--campaign", "essai", "--text", "texte")
    answer = paroles(house, "analyse", "--campaign", "essai")
    assert (answer.status, answer.out) == (0, "Analyse terminée : 4 témoignages.\n")
    assert "Comptes et croisements…" in answer.err
    out = tmp_path / "sortie"
    for _ in range(2):
        answer = paroles(
            house, "synthesis", "--campaign", "essai", "--format", "json,docx", "--output", out
        )
        assert answer.status == 0, answer.err
        assert "BROUILLON" in answer.out
        assert str(out / "synthese.json") in answer.out
    found = json.loads((out / "synthese.json").read_text(encoding="utf-8"))
    assert (found["draft"], found["identity"]["version"], found["findings"]) == (True, 1, [])
    target = tmp_path / "loin" / "t.json"
    assert (
        "4 témoignages"
        in paroles(house, "export-testimonies", "--campaign", "essai", "--output", target).out
    )
    records = json.loads(target.read_text(encoding="utf-8"))
    assert [record["text"] for record in records] == texts
    assert {record["reviewed"] for record in records} == {False}
    with house.database.reading() as session:
        jobs = session.scalars(select(Job).order_by(Job.created_at)).all()
        assert [(job.kind, job.state) for job in jobs] == [
            ("analyse", "done"),
            ("export", "done"),
            ("export", "done"),
            ("testimonies", "done"),
        ]


def test_a_folder_that_cannot_be_written_is_said(house: Runtime, tmp_path: Path) -> None:
    blocked = tmp_path / "fichier"
    blocked.write_text("déjà là", encoding="utf-8")
    message = refused(house, "synthesis", "--campaign", "essai", "--output", blocked / "dessous")
    assert "n’a pas pu être écrit" in message
    message = refused(
        house, "export-testimonies", "--campaign", "essai", "--output", blocked / "t.json"
    )
    assert "n’a pas pu être écrit" in message
