"""Codings leave for another program and come back, in a real browser, at three widths."""

from __future__ import annotations

import io
import uuid
import zipfile
from pathlib import Path
from typing import Any

import pytest

import exchange_cases as cases
from analysis import refi
from survey_app.runtime import Runtime
from survey_app.services import worker
from tests.browser.person import Person, World


def work(runtime: Runtime, person: Person) -> None:
    """Do the work that the page waits for."""
    key = uuid.UUID(person.page.url.rsplit("/", 1)[1])
    worker.jobs.run(runtime, key, worker.WORKS)


@pytest.mark.browser
@pytest.mark.parametrize("javascript", [True, False], ids=["with", "without JavaScript"])
def test_out_and_back(world: World, runtime: Runtime, tmp_path: Path, javascript: bool) -> None:
    coded = cases.settle(runtime)
    person = world.person("coordinator", javascript=javascript)
    look = Person.look if javascript else lambda someone, _: someone
    person.go("/resultats/essai").follow("Échanger avec d’autres logiciels")
    look(person, "echanges-01-accueil").press("Préparer le fichier")
    look(person, "echanges-02-travail")
    work(runtime, person)
    if javascript:
        person.page.get_by_text("Le fichier est prêt").wait_for()
    else:
        person.follow("Actualiser")
    assert person.sees("3 témoignages, 3 extraits, 4 codages")
    look(person, "echanges-03-pret")
    with person.page.expect_download() as download:
        person.follow("Télécharger le fichier")
    assert download.value.suggested_filename == "essai.qdpx"
    download.value.save_as(tmp_path / "essai.qdpx")
    data = (tmp_path / "essai.qdpx").read_bytes()
    assert len(cases.spoken(refi.read(data))) == 4
    returned(person, altered(data))
    work(runtime, person)
    person.page.reload()
    assert person.sees("0 codage ajouté, 2 déjà là")
    assert person.sees("Codes absents de la grille de cette campagne (2)")
    look(person, "echanges-04-rapport")
    assert len(cases.codings(runtime)) == 4
    assert coded.slug == "essai"


@pytest.mark.browser
def test_a_wrong_file_is_refused_on_the_page(world: World, runtime: Runtime) -> None:
    cases.settle(runtime)
    person = world.person("coordinator")
    returned(person, b"bonjour")
    assert person.sees("n’est pas un projet REFI-QDA")
    person.look("echanges-05-refus")


def returned(person: Person, data: bytes) -> None:
    person.go("/echanges/essai")
    sent: Any = {"name": "retour.qdpx", "mimeType": "application/zip", "buffer": data}
    person.page.get_by_label("Fichier").set_input_files(sent)
    person.press("Reprendre les codages")


def altered(data: bytes) -> bytes:
    """The file with one code renamed under another GUID: the grid does not hold it."""
    code = next(c for c in refi.read(data).project.all_codes() if c.name.startswith("LOG4"))
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        held = {name: archive.read(name).decode() for name in archive.namelist()}
    held["project.qde"] = (
        held["project.qde"].replace(code.guid, str(uuid.uuid4())).replace(code.name, "Humeur")
    )
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for name, content in held.items():
            archive.writestr(name, content)
    return target.getvalue()
