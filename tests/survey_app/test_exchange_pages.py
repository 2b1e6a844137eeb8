"""The pages of exchanges, for whom they are; a hostile deposit is refused in words."""

from __future__ import annotations

import io
import uuid

import pytest
from flask import Flask
from sqlalchemy import select
from werkzeug.test import TestResponse

import exchange_cases as cases
from pages import CheckedClient, client_for
from survey_app.models import Job
from survey_app.runtime import Runtime
from survey_app.services import exchanges, worker


@pytest.fixture
def coded(runtime: Runtime) -> cases.Coded:
    return cases.settle(runtime)


def deposit(person: CheckedClient, data: bytes, name: str = "projet.qdpx") -> TestResponse:
    return person.send(
        "/echanges/essai/importer", {"file": (io.BytesIO(data), name)}, page="/echanges/essai"
    )


def work(runtime: Runtime, answer: TestResponse) -> Job:
    assert answer.status_code == 303, answer.get_data(as_text=True)
    key = uuid.UUID(answer.location.rsplit("/", 1)[1])
    return worker.jobs.run(runtime, key, worker.WORKS)


def test_a_file_is_asked_for_and_fetched(app: Flask, runtime: Runtime, coded: cases.Coded) -> None:
    person = client_for(app, "evaluator")
    assert "Échanger avec d’autres logiciels" in person.get("/echanges/essai").text
    answer = person.send("/echanges/essai/exporter", {}, page="/echanges/essai")
    done = work(runtime, answer)
    assert "Télécharger le fichier" in person.get(answer.location).text
    file = person.get(f"/echanges/essai/fichier/{done.result['waiting']}")
    assert file.data.startswith(b"PK")
    assert file.headers["Content-Disposition"] == 'attachment; filename="essai.qdpx"'
    assert client_for(app, "coordinator").get(answer.location).status_code == 404
    assert client_for(app, "coordinator").get(file.request.path).status_code == 404


def test_a_deposit_becomes_a_report(app: Flask, runtime: Runtime, coded: cases.Coded) -> None:
    person = client_for(app, "coordinator")
    answer = deposit(person, cases.given(runtime, coded))
    done = work(runtime, answer)
    assert done.state == "done", done.message
    assert "0\xa0codage ajouté, 4 déjà là." in person.get(answer.location).text
    with runtime.database.reading() as session:
        job = session.scalars(select(Job).where(Job.kind == exchanges.IMPORT)).one()
    key = uuid.UUID(job.parameters["waiting"])
    assert not list((runtime.settings.instance / "imports").glob(f"*/{key}.db"))


@pytest.mark.parametrize("data", [b"", b"bonjour", b"%PDF-1.7"])
def test_what_is_no_archive_is_refused_at_once(
    app: Flask, runtime: Runtime, coded: cases.Coded, data: bytes
) -> None:
    answer = deposit(client_for(app, "coordinator"), data)
    assert answer.status_code == 422
    assert "n’est pas un projet REFI-QDA" in answer.text


def test_a_damaged_archive_fails_in_words(app: Flask, runtime: Runtime, coded: cases.Coded) -> None:
    person = client_for(app, "coordinator")
    answer = deposit(person, cases.given(runtime, coded)[:-400])
    assert work(runtime, answer).state == "failed"
    page = person.get(answer.location)
    assert "ne s’ouvre pas" in page.text
    assert "rien n’a été perdu" in page.text


def test_the_evaluation_exports_but_does_not_import(app: Flask, coded: cases.Coded) -> None:
    person = client_for(app, "evaluator")
    page = person.get("/echanges/essai").text
    assert "Préparer le fichier" in page
    assert "Reprendre les codages" not in page
    answer = deposit(person, b"PK")
    assert answer.status_code == 404


def test_another_council_sees_nothing(app: Flask, runtime: Runtime, coded: cases.Coded) -> None:
    cases.settle(runtime, "voisin")
    person = client_for(app, "coordinator-voisin")
    assert person.get("/echanges/essai").status_code == 404
    token = {"csrf_token": person.token("/echanges/voisin")}
    assert person.post("/echanges/essai/exporter", data=token).status_code == 404
