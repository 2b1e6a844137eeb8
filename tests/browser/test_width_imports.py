"""From an old Windows spreadsheet to the testimony that a search finds, in a real browser."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import pytest

import import_files as files
from survey_app.runtime import Runtime
from tests.browser.person import Person, World
from tests.browser.test_import_browser import deposit, house, texts

__all__ = ["house"]

HEADER = ("numéro", "contribution", "quand", "lieu", "thème")
ROWS = (
    ("v1", "La sécurité à l’école, c’est l’œuvre de tous.", "02/03/2026", "école", "sécurité"),
    ("v2", "Le bail coûte 600 € ; ça n’a pas bougé.", "03/03/2026", "marché", "logement"),
    ("v3", "On a fêté Noël au pied des tours.", "04/03/2026", "tours", "vie sociale"),
    ("v4", "  ", "05/03/2026", "tours", "rien"),
)
OLD = files.csv_file((HEADER, *ROWS), separator=";", encoding="cp1252")

pytestmark = pytest.mark.browser


def bring_in(person: Person) -> Person:
    """Deposit, look at the guess and the mapping, read the refusal, import what can be."""
    deposit(person, "anciennes-paroles.csv", OLD)
    assert person.sees("séparateur : point-virgule")
    assert person.sees("Windows")
    person.page.get_by_label(re.compile("^Lieu")).select_option(label="lieu")
    person.press("Mettre l’aperçu à jour").look("largeur-import-1-apercu")
    assert person.sees("l’œuvre de tous")
    assert person.sees("600 €")
    person.press("Importer 3 témoignages")
    assert person.sees("1 ligne refusée empêche l’import")
    return person.look("largeur-import-2-refus")


def test_an_old_spreadsheet_is_imported_once_and_found(world: World, house: Runtime) -> None:
    person = bring_in(world.person("coordinator"))
    with person.page.expect_download() as download:
        person.press("Télécharger le rapport")
    report = Path(download.value.path()).read_text(encoding="utf-8-sig")
    assert len(list(csv.DictReader(report.splitlines(), delimiter=";"))) == len(ROWS)
    person.choose("Importer sans la ligne refusée").press("Importer 3 témoignages")
    assert person.sees("3 témoignages importés, 0 déjà là")
    assert texts(house) == [row[1] for row in ROWS[:3]]
    deposit(person, "le-meme-fichier.csv", OLD)
    assert person.sees("Rien de ce fichier ne peut être importé")
    person.look("largeur-import-3-deja-la").press("Ne pas importer et effacer")
    assert len(texts(house)) == 3
    search(person)


def search(person: Person) -> None:
    person.go("/recherche/").write("Mots à chercher", "SECURITE ecole").press("Rechercher")
    assert person.sees("1 témoignage trouvé")
    marked = [item.casefold() for item in person.page.locator("mark").all_inner_texts()]
    assert marked == ["sécurité", "école"]
    person.look("largeur-import-4-recherche")
    person.write("Mots à chercher", "chateau").press("Rechercher")
    assert person.sees("Aucun texte masqué ne contient tous ces mots")
