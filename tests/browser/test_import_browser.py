"""A coordinator brings a spreadsheet then a transcript in, with and without JavaScript."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

import factories
import import_files as files
from survey_app.models import Testimony
from survey_app.runtime import Runtime
from survey_app.services import import_work, worker
from tests.browser.person import Person, World

FAULTY = (*files.ROWS, ("c4", " ", "2026-03-04", "ici", "x"), ("c5", "Un banc", "hier", "là", "x"))


@pytest.fixture
def house(runtime: Runtime) -> Runtime:
    with runtime.database.writing() as session:
        council = factories.council(session)
        factories.actors(session, council)
        factories.campaign(session, council, state="draft")
    return runtime


def deposit(person: Person, name: str, data: bytes) -> Person:
    person.go("/import/essai")
    sent: Any = {"name": name, "mimeType": "application/octet-stream", "buffer": data}
    person.page.get_by_label("Fichier").set_input_files(sent)
    return person.press("Lire le fichier")


def texts(house: Runtime) -> list[str]:
    with house.database.reading() as session:
        rows = session.scalars(select(Testimony).order_by(Testimony.number))
        return [row.text("masked").text for row in rows]


@pytest.mark.browser
@pytest.mark.parametrize("javascript", [True, False], ids=["with", "without JavaScript"])
def test_a_spreadsheet_is_looked_at_corrected_and_imported(
    world: World, house: Runtime, javascript: bool
) -> None:
    person = world.person("coordinator", javascript=javascript)
    look = Person.look if javascript else lambda someone, _: someone
    look(person.go("/import/"), "import-01-campagnes").follow("Importer dans")
    look(person, "import-02-depot")
    deposit(person, "contributions.csv", files.csv_file((files.HEADER, *FAULTY)))
    assert person.sees("Lu ainsi : UTF-8, séparateur : point-virgule")
    look(person, "import-03-apercu")
    person.page.get_by_label("Date").select_option(label="Aucune colonne")
    person.press("Mettre l’aperçu à jour")
    assert person.sees("Importer 4 témoignages")
    person.press("Importer 4 témoignages")
    assert person.sees("1 ligne refusée empêche l’import")
    look(person, "import-04-refus")
    with person.page.expect_download() as download:
        person.press("Télécharger le rapport")
    assert download.value.suggested_filename == "rapport-import.csv"
    person.choose("Importer sans la ligne refusée").press("Importer 4 témoignages")
    assert person.sees("4 témoignages importés, 0 déjà là. Lignes refusées, laissées de côté : 1.")
    look(person, "import-05-fait")
    assert len(texts(house)) == 4
    deposit(person, "contributions.ods", files.ods_file())
    assert person.sees("il n’y a rien à importer")
    look(person, "import-06-deja-la").press("Ne pas importer et effacer")
    assert person.sees("Le fichier est effacé d’ici")


@pytest.mark.browser
def test_a_transcript_keeps_the_residents_only(world: World, house: Runtime) -> None:
    person = world.person("coordinator")
    deposit(person, "entretien.docx", files.docx_file()).look("import-07-transcription")
    person.page.get_by_label("Jean").uncheck()
    person.write("Jour de l’entretien", "2026-03-03").press("Mettre l’aperçu à jour")
    person.press("Importer 1 témoignage")
    assert person.sees("1 témoignage importé")
    assert texts(house) == [
        "Le bus ne passe plus.\nOn marche, avec les courses.\n\nLe soir : personne."
    ]


@pytest.mark.browser
def test_a_long_file_shows_its_progress_then_what_it_did(
    world: World, house: Runtime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(import_work, "MOST_AT_ONCE", 2)
    person = world.person("coordinator")
    deposit(person, "trois.xlsx", files.xlsx_file()).press("Importer 3 témoignages")
    assert person.sees("le travail continue")
    person.look("import-08-travail")
    job_id = person.page.url.rsplit("/", 1)[1]
    worker.jobs.run(house, worker.uuid.UUID(job_id), worker.WORKS)
    person.page.get_by_text("C’est terminé").wait_for()
    assert person.sees("3 témoignages importés, 0 déjà là")
    person.look("import-09-termine")
    assert len(texts(house)) == 3
