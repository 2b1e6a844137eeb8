"""Tables to save, files for other programs, a folder: whole, masked, gone when withdrawn."""

from __future__ import annotations

import csv
import html
import io
import re
import uuid
import zipfile
from pathlib import Path

import pytest
from flask import Flask
from openpyxl import load_workbook
from scipy.io import mmread
from sqlalchemy import func, select
from werkzeug.test import TestResponse

import factories
import preparing_cases
import results_cases as cases
from commands import paroles, refused
from pages import CheckedClient, client_for
from survey_app.domain import Conflict, Forbidden
from survey_app.models import AuditEvent, Job, Meeting, Testimony
from survey_app.runtime import Runtime
from survey_app.services import analysis_files, analysis_folder, erasure, jobs, worker

TABLES = "/resultats/essai/tableaux"
AGES = {"25_39": 12, "60_74": 6}


@pytest.fixture
def house(runtime: Runtime) -> cases.House:
    """The coded campaign, and eighteen people more, six of whom are older."""
    house = cases.house(runtime)
    with runtime.database.writing() as session:
        meeting = session.scalars(select(Meeting).order_by(Meeting.held_on)).first()
        assert meeting is not None
        for age, number in AGES.items():
            for _ in range(number):
                said = "Le bus du soir ne passe plus, dit [PRÉNOM 1]."
                factories.testimony(
                    session,
                    meeting,
                    text=said.replace("[PRÉNOM 1]", "Karima"),
                    masked=said,
                    profile={"age": age},
                    collector=house.actors["councillor"],
                )
    preparing_cases.analysed(runtime, house)
    return house


def text(client: CheckedClient, path: str, status: int = 200) -> str:
    answer = client.get(path)
    assert answer.status_code == status, (path, answer.status_code)
    return html.unescape(answer.get_data(as_text=True)).replace("\u00a0", " ")


def done(runtime: Runtime, answer: TestResponse) -> Job:
    assert answer.status_code == 303, answer.get_data(as_text=True)
    key = uuid.UUID(answer.location.rsplit("/", 1)[1])
    job = jobs.run(runtime, key, worker.WORKS)
    assert job.state == "done", job.message
    return job


def starred(corpus: str) -> list[dict[str, str]]:
    """The variables of each text."""
    heads = [line for line in corpus.split("\n") if line.startswith("**** ")]
    return [dict(re.findall(r"[*]([a-z0-9]+)_([a-z0-9]+)", line)) for line in heads]


def test_every_table_is_listed_and_saved(app: Flask, runtime: Runtime, house: cases.House) -> None:
    client = client_for(app, "councillor")
    page = text(client, TABLES)
    for title in ("De quoi préparer les constats", "Nuage des mots", "Réponses proches"):
        assert title in page
    assert "Corpus pour IRaMuTeQ" not in page
    answer = client.get(f"{TABLES}/constats.csv")
    assert answer.headers["Content-Disposition"] == "attachment; filename=essai-constats.csv"
    read = io.StringIO(answer.data.decode("utf-8-sig"), newline="")
    rows = list(csv.reader(read, delimiter=";"))
    assert [row[:5] for row in rows[1:]] == [
        ["LOG", "Logement et habitat", "4", "2", "4"],
        ["CAD", "Cadre de vie et gestion du quotidien", "1", "1", "1"],
    ]
    assert rows[1][5:] == ["1", "3", "0", "1", "0", "2"]
    book = load_workbook(io.BytesIO(client.get(f"{TABLES}/image-nuage.xlsx").data))
    assert book.sheetnames == ["Nuage des mots", "Lisez-moi"]
    cells = [row[0].value for row in book.worksheets[0].iter_rows()]
    assert "'=panne" in cells
    for name in ("nuage", "constat-LOG", "..%2Fconstats", "image-rien"):
        assert client.get(f"{TABLES}/{name}.csv").status_code == 404
    assert client.get(f"{TABLES}/constats.ods").status_code == 404


def test_the_corpus_is_asked_for_and_fetched(
    app: Flask, runtime: Runtime, house: cases.House
) -> None:
    person = client_for(app, "evaluator")
    answer = person.send(f"{TABLES}/preparer/iramuteq", {}, TABLES)
    assert "Voir où il en est" in text(person, TABLES)
    waiting = done(runtime, answer).result["waiting"]
    assert TABLES in text(person, answer.location)
    path = f"{TABLES}/fichier/{waiting}"
    assert f'href="{path}"' in text(person, TABLES)
    file = person.get(path)
    assert file.headers["Content-Disposition"] == "attachment; filename=essai-iramuteq.txt"
    corpus = file.data.decode()
    assert "Karima" not in corpus
    assert corpus.count("dit prénom_1.") == 18
    read = starred(corpus)
    assert [one["temoignage"] for one in read] == [str(rank) for rank in range(1, 24)]
    # Six older people and five of no age: together enough not to point at anybody.
    assert [one["age"] for one in read] == ["autre"] * 5 + ["2539"] * 12 + ["autre"] * 6
    assert {one["citable"] for one in read} == {"oui", "non"}
    other = client_for(app, "coordinator")
    assert path not in text(other, TABLES)
    assert other.get(path).status_code == 404
    with runtime.database.reading() as session:
        told = select(func.count()).select_from(AuditEvent).where(AuditEvent.action == "export")
        assert session.scalar(told) == 1


def test_the_matrix_says_what_was_said(app: Flask, runtime: Runtime, house: cases.House) -> None:
    person = client_for(app, "coordinator")
    job = done(runtime, person.send(f"{TABLES}/preparer/matrice", {}, TABLES))
    file = person.get(f"{TABLES}/fichier/{job.result['waiting']}")
    with zipfile.ZipFile(io.BytesIO(file.data)) as archive:
        terms = archive.read("termes.txt").decode().split("\n")[:-1]
        matrix = mmread(io.BytesIO(archive.read("matrice.mtx"))).toarray()
        head, *documents = archive.read("documents.csv").decode("utf-8-sig").splitlines()
    assert matrix.shape == (23, len(terms)) == (len(documents), len(terms))
    assert matrix[:, terms.index("bus")].tolist() == [0] * 5 + [1] * 18
    assert matrix[:, terms.index("ascenseur")].tolist() == [1, 0, 1, 1] + [0] * 19
    assert "banc" not in terms  # said by one testimony
    assert "Citable" in head


def test_what_is_withdrawn_leaves_every_file(
    app: Flask, runtime: Runtime, house: cases.House, tmp_path: Path
) -> None:
    person = client_for(app, "coordinator")
    job = done(runtime, person.send(f"{TABLES}/preparer/iramuteq", {}, TABLES))
    folder = tmp_path / "sortie"
    assert (
        paroles(runtime, "export-analysis", "--campaign", "essai", "--output", folder).status == 0
    )
    (folder / "mes-notes.txt").write_text("à moi", encoding="utf-8")
    with runtime.database.writing() as session:
        coordinator = house.actors["coordinator"]
        erasure.erase(session, coordinator, runtime, house.testimonies[0].id, "asked")
    assert [path.name for path in folder.rglob("*")] == ["mes-notes.txt"]
    assert person.get(f"{TABLES}/fichier/{job.result['waiting']}").status_code == 404
    page = text(person, TABLES)
    assert "Aucun tableau pour l’instant." in page
    assert "Enregistrer le fichier" not in page
    assert person.get(f"{TABLES}/constats.csv").status_code == 404


def test_the_folder_is_whole_or_absent(
    runtime: Runtime, house: cases.House, tmp_path: Path
) -> None:
    folder = tmp_path / "loin" / "sortie"
    said = paroles(runtime, "export-analysis", "--campaign", "essai", "--output", folder)
    assert said.status == 0, said.err
    assert "sur 23 témoignages" in said.out
    names = sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())
    assert names == [
        "LISEZMOI.txt",
        "images/001-nuage.png",
        "images/001-nuage.svg",
        "iramuteq.txt",
        "matrice.zip",
        *(f"tableaux/{name}.{kind}" for name in _tables() for kind in ("csv", "xlsx")),
    ]
    assert "<a " not in (folder / "images" / "001-nuage.svg").read_text(encoding="utf-8")
    assert len(starred((folder / "iramuteq.txt").read_text(encoding="utf-8"))) == 23
    again = refused(runtime, "export-analysis", "--campaign", "essai", "--output", folder)
    assert "contient déjà quelque chose" in again
    assert [path.name for path in folder.parent.iterdir()] == ["sortie"]


def _tables() -> list[str]:
    return ["001-constats", "002-reponses-proches", "003-image-nuage"]


def test_nothing_is_left_of_what_was_withdrawn_meanwhile(
    runtime: Runtime, house: cases.House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    coordinator = house.actors["coordinator"]
    fill = analysis_folder._fill

    def withdrawn_then(*given: object) -> None:
        fill(*given)  # type: ignore[arg-type]  # handed over as they came
        with runtime.database.writing() as session:
            erasure.erase(session, coordinator, runtime, house.testimonies[0].id, "asked")

    monkeypatch.setattr(analysis_folder, "_fill", withdrawn_then)
    asked = {"campaign": "essai", "folder": str(tmp_path / "sortie")}
    with pytest.raises(Conflict):
        analysis_files.work(runtime, coordinator, asked, lambda *step: None)
    assert [path.name for path in tmp_path.iterdir()] == ["house"]


def test_a_campaign_that_nobody_analysed(app: Flask, runtime: Runtime, tmp_path: Path) -> None:
    house = cases.house(runtime)
    assert "Aucun tableau pour l’instant." in text(client_for(app, "coordinator"), TABLES)
    message = refused(
        runtime, "export-analysis", "--campaign", "essai", "--output", tmp_path / "sortie"
    )
    assert "pas encore été analysée" in message
    assert not (tmp_path / "sortie").exists()
    with runtime.database.writing() as session:
        for row in session.scalars(select(Testimony)):
            row.state = "set_aside"
    with pytest.raises(Exception, match="aucun témoignage masqué"):
        analysis_files.work(
            runtime,
            house.actors["coordinator"],
            {"campaign": "essai", "wanted": "iramuteq"},
            lambda *step: None,
        )


def test_who_may_not(app: Flask, runtime: Runtime, house: cases.House) -> None:
    councillor = client_for(app, "councillor")
    assert councillor.send(f"{TABLES}/preparer/iramuteq", {}, TABLES).status_code in (403, 404)
    stranger = client_for(app, "coordinator-voisin")
    for path in (TABLES, f"{TABLES}/constats.csv", f"{TABLES}/fichier/{uuid.uuid4()}"):
        assert stranger.get(path).status_code == 404
    person = client_for(app, "coordinator")
    assert person.send(f"{TABLES}/preparer/rien", {}, TABLES).status_code == 404
    with pytest.raises(Forbidden):
        analysis_files.work(
            runtime,
            house.actors["councillor"],
            {"campaign": "essai", "wanted": "iramuteq"},
            lambda *step: None,
        )
