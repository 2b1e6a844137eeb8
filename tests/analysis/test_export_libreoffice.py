"""The files opened by another program: what LibreOffice shows of each of them."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import zipfile
from collections.abc import Sequence
from pathlib import Path
from xml.etree import ElementTree

import pypdf
import pytest
from odfdo import Document
from openpyxl import load_workbook

from analysis import export
from analysis.codebook import load
from analysis.document import Synthesis
from analysis.export.csv import HEAD
from analysis.export.xlsx import LINE
from analysis.pictures import word_cloud
from analysis.synthesis import draft
from tests.analysis import export_readers as read
from tests.analysis.synthesis_cases import HOSTILE, said_by, words

pytestmark = pytest.mark.slow

CODEBOOK = load()
SPOKEN = words(*[(f"mot{rank}", 40 - rank, 30 - rank) for rank in range(12)])
SECRET = "Zanzibar est mon secret, ne le dites pas."
FORMULAS = (
    "=1+41",
    '=HYPERLINK("http://exemple.invalid";"clic")',
    "+41+1",
    "-1+43",
    "@SUM(41;1)",
    "\t=41+1",
)
TEXTS = (
    HOSTILE,
    "Un  banc\tet\nde l'ombre.",
    SECRET,
    "Où est passé l'été ? Ça, l'œuvre du maïs naïf, à Noël !",
    *FORMULAS,
)
TONES = ("positive", "négative")
SAID = tuple((rank, "LOG1", TONES[rank % 2], "proposition") for rank in range(len(TEXTS)))
CITABLE = tuple("no" if text == SECRET else "yes" for text in TEXTS)
# What LibreOffice proposes for a French CSV file: semicolons, double quotes, UTF-8, line 1 first.
FRENCH_CSV = "--infilter=CSV:59,34,76,1"
BROKEN = ("#NAME?", "#NOM", "#REF", "#VALEUR", "#VALUE", "Err:5")
TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
PARAGRAPH = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}p"


def synthesis() -> Synthesis:
    corpus = said_by(*SAID, testimonies=len(TEXTS), texts=TEXTS, citable=CITABLE, fictitious=True)
    return draft(corpus, CODEBOOK, words=SPOKEN, cloud=word_cloud(SPOKEN))


def convert(folder: Path, wanted: str, paths: Sequence[Path], *options: str) -> None:
    office = shutil.which("soffice")
    if office is None:
        pytest.skip("LibreOffice n'est pas installé sur cette machine")
    profile = (folder / "profil").as_uri()
    done = subprocess.run(
        [
            *(office, f"-env:UserInstallation={profile}", "--headless", *options),
            *("--convert-to", wanted, "--outdir", str(folder), *map(str, paths)),
        ],
        capture_output=True,
        text=True,
        check=False,
        timeout=180,
        env=os.environ | {"HOME": str(folder)},
    )
    assert done.returncode == 0, done.stderr


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The files and what LibreOffice makes of them, under « a.docx.pdf » or « a.csv.xlsx »."""
    place = tmp_path_factory.mktemp("bureau")
    paths = {name: place / f"{name}.{name}" for name in export.WRITERS}
    for name, path in paths.items():
        export.write(synthesis(), name, path)
    convert(place, "pdf", [paths[name] for name in ("docx", "odt", "xlsx", "html")])
    convert(place, "pdf", [paths["csv"]], FRENCH_CSV)
    convert(place, "ods", [paths["csv"]], FRENCH_CSV)
    convert(place, "xlsx", [paths["csv"]], FRENCH_CSV)
    convert(place, "ods", [paths["xlsx"]])
    return place


def pages(folder: Path, name: str) -> pypdf.PdfReader:
    return pypdf.PdfReader(folder / f"{name}.pdf")


def shown(folder: Path, name: str) -> str:
    said = " ".join(page.extract_text() for page in pages(folder, name).pages)
    return " ".join(said.split())


@pytest.mark.parametrize("name", ["docx", "odt", "html"])
def test_a_document_reads_as_it_was_written(folder: Path, name: str) -> None:
    said = shown(folder, name)
    for words_said in (
        "Où est passé l'été ? Ça, l'œuvre du maïs naïf, à Noël !",
        "<script>alert('x')</script> &amp;",
        "=1+41",
        "Un banc et de l'ombre.",
        "extrait non citable",
        "BROUILLON",
        "Démonstration : témoignages inventés",
    ):
        assert words_said in said, words_said
    assert "Zanzibar" not in said


@pytest.mark.parametrize("name", ["docx", "odt"])
def test_pages_are_counted(folder: Path, name: str) -> None:
    number = len(pages(folder, name).pages)
    assert f"Page {number} sur {number}" in shown(folder, name)


def test_the_contents_of_the_odt_say_where_each_section_is(folder: Path) -> None:
    said = [" ".join(page.extract_text().split()) for page in pages(folder, "odt").pages]
    sections = [
        " ".join(item.inner_text.split())
        for item in Document(str(folder / "odt.odt")).body.headers
        if item.get_attribute("text:outline-level") == "1"
    ]
    assert len(sections) >= 8
    contents = "".join(said[:2]).partition("Sommaire")[2]
    for section in sections:
        page = re.match(r"[ .]*(\d+)", contents.partition(section)[2])
        assert page is not None, section
        assert section in said[int(page[1]) - 1]


def test_the_workbook_prints_on_landscape_a4_pages(folder: Path) -> None:
    reader = pages(folder, "xlsx")
    sizes = {(round(page.mediabox.width), round(page.mediabox.height)) for page in reader.pages}
    assert sizes == {(842, 595)}
    said = shown(folder, "xlsx")
    assert "Où est passé l'été ? Ça, l'œuvre du maïs naïf, à Noël !" in said
    assert "extrait non citable" in said
    assert "Zanzibar" not in said
    assert f"Annexe, page {len(reader.pages)} sur {len(reader.pages)}" in said
    assert "Identifiant du témoignage" not in said  # seen on a screen, too wide for paper


def test_no_row_of_the_workbook_is_too_low_for_its_words(folder: Path) -> None:
    book = load_workbook(folder / "xlsx.xlsx")
    page = book["Lisez-moi"]
    longest = max(range(2, page.max_row + 1), key=lambda rank: len(str(page.cell(rank, 2).value)))
    said, height = str(page.cell(longest, 2).value), page.row_dimensions[longest].height
    book.close()
    assert len(said) > 300
    assert (height or 0) >= 3 * LINE
    assert " ".join(said.split()[-5:]) in shown(folder, "xlsx")


@pytest.mark.parametrize("name", ["csv", "xlsx"])
def test_nothing_that_was_said_is_calculated(folder: Path, name: str) -> None:
    with zipfile.ZipFile(folder / f"{name}.ods") as package:
        content = ElementTree.fromstring(package.read("content.xml"))
    assert not [item for item in content.iter() if f"{TABLE}formula" in item.attrib]
    texts = {"".join(item.itertext()).lstrip("'").strip() for item in content.iter(PARAGRAPH)}
    assert {text.strip() for text in FORMULAS} <= texts
    assert not [part for part in BROKEN if part in shown(folder, name)]


def test_the_csv_opens_with_the_columns_and_words_it_was_written_with(folder: Path) -> None:
    book = load_workbook(folder / "csv.xlsx")
    (page,) = book.worksheets
    head, *lines = page.iter_rows(values_only=True)
    book.close()
    assert head == HEAD
    said = [dict(zip(HEAD, line, strict=True)) for line in lines]
    expected = read.rows(folder / "csv.csv")
    for name in ("Thème", "Constat", "Extrait", "Rencontre", "Peut être cité"):
        assert [row[name] for row in said] == [row[name] for row in expected]
    assert [row["Paroles"] for row in said].count("extrait non citable") == 1
