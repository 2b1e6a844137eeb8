"""The seven files, asked for on the page, downloaded, and each opened by its own reader."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Callable
from pathlib import Path

import pypdf
import pytest
from sqlalchemy import select

from results_cases import House, analysed, house
from survey_app.models import Job
from survey_app.runtime import Runtime
from survey_app.services import jobs
from survey_app.services.works import WORKS
from tests.analysis import export_readers as read
from tests.browser.person import Person, World

pytestmark = pytest.mark.browser

PAGE = "/resultats/essai/syntheses/1"
SECRET = "Je ne veux pas qu’on cite"


@pytest.fixture
def spoken(runtime: Runtime) -> House:
    made = house(runtime)
    analysed(runtime, made.actors["coordinator"], made.campaign)
    return made


def _package(path: Path) -> str:
    with zipfile.ZipFile(path) as package:
        assert package.testzip() is None
    return ""


def _docx(path: Path) -> str:
    return _package(path) + read.docx(path).text


def _odt(path: Path) -> str:
    return _package(path) + read.odt(path).text


def _xlsx(path: Path) -> str:
    return _package(path) + str([*read.sheet(path, "Lisez-moi"), *read.sheet(path, "Extraits")])


def _pdf(path: Path) -> str:
    assert len(pypdf.PdfReader(path).pages) > 1
    return read.pdf(path)


READERS: dict[str, Callable[[Path], str]] = {
    "docx": _docx,
    "odt": _odt,
    "pdf": _pdf,
    "xlsx": _xlsx,
    "csv": lambda path: str(read.rows(path)),
    "html": lambda path: read.html(path).text,
    "json": lambda path: json.dumps(read.data(path), ensure_ascii=False),
}


def write_files(person: Person, runtime: Runtime) -> None:
    """Ask for every format on the page, and let the work be done."""
    person.go("/resultats/essai/syntheses").press("Préparer un brouillon")
    person.go(PAGE).look("largeur-fichiers-1-aucun")
    for name in READERS:
        person.page.locator(f'input[name="formats"][value="{name}"]').check()
    person.press("Écrire les fichiers").look("largeur-fichiers-2-travail")
    with runtime.database.reading() as session:
        waiting = session.scalars(select(Job).where(Job.kind == "export")).one().id
    assert jobs.run(runtime, waiting, WORKS).state == "done"
    person.page.get_by_text("C’est terminé").wait_for()
    person.follow("Voir le résultat").look("largeur-fichiers-3-ecrits")


def test_seven_files_are_taken_away_and_each_opens(
    world: World, spoken: House, tmp_path: Path
) -> None:
    person = world.person("coordinator")
    write_files(person, spoken.runtime)
    for name, reader in READERS.items():
        with person.page.expect_download() as download:
            person.follow(f"Télécharger la synthèse en {name}$")
        path = tmp_path / f"recu.{name}"
        download.value.save_as(path)
        assert download.value.suggested_filename.endswith(f".{name}")
        said = "".join(reader(path).split())
        assert "printemps" in said, name
        assert "".join(SECRET.split()) not in said, name
        assert "BROUILLON" in said or '"draft":true' in said, name


def test_the_page_taken_away_reads_like_a_page_of_the_site(
    world: World, spoken: House, tmp_path: Path
) -> None:
    person = world.person("coordinator")
    write_files(person, spoken.runtime)
    with person.page.expect_download() as download:
        person.follow("Télécharger la synthèse en HTML")
    download.value.save_as(tmp_path / "synthese.html")
    alone = world.person()
    alone.page.goto((tmp_path / "synthese.html").as_uri())
    alone.page.locator("summary").first.click()
    assert alone.page.locator("details[open] blockquote, details[open] li").count() >= 1
    alone.look("largeur-fichiers-4-page-seule")
