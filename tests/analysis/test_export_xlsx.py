from __future__ import annotations

import zipfile
from dataclasses import replace
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from analysis.codebook import load
from analysis.document import Synthesis
from analysis.export import write
from analysis.export.sheets import neutral
from analysis.export.xlsx import LINE
from analysis.synthesis import draft
from tests.analysis import export_readers as read
from tests.analysis.export_readers import QUOTATIONS
from tests.analysis.synthesis_cases import HOSTILE, said_by, words

CODEBOOK = load()
SAID = ((0, "LOG1", "positive", "ressource"), (1, "LOG1", "négative", "proposition"))
SHEETS = ["Lisez-moi", "Constats", "Extraits", "Thèmes", "Mots", "Rencontres", "Annexe"]
TEXTS = ('=HYPERLINK("http://exemple.invalid";"clic")', HOSTILE)


def written(synthesis: Synthesis, folder: Path) -> Path:
    path = folder / "synthese.xlsx"
    write(synthesis, "xlsx", path)
    return path


def full() -> Synthesis:
    spoken = words(("marché", 40, 20), ("banc", 9, 4), ("123", 15, 12))
    return draft(said_by(*SAID, texts=TEXTS), CODEBOOK, words=spoken)


def test_every_sheet_can_be_read_sorted_and_printed(tmp_path: Path) -> None:
    book = load_workbook(written(full(), tmp_path))
    assert book.sheetnames == SHEETS
    for sheet in book:
        assert isinstance(sheet, Worksheet)
        assert sheet.freeze_panes == "A2"
        assert sheet.auto_filter.ref.startswith("A1:")
        assert sheet.print_title_rows == "$1:$1"
        assert sheet["A2"].alignment.wrap_text
        assert (sheet.column_dimensions["B"].width or 0) > 10
    assert book.properties.title == "Synthèse\u00a0: Vivre ici"
    assert book.properties.creator == "Conseil citoyen"
    assert str(book.properties.created) == "2024-04-02 10:30:15"
    assert book.custom_doc_props["Langue"].value == "fr-FR"
    book.close()


def test_rows_are_as_high_as_their_words_and_paper_holds_what_is_read(tmp_path: Path) -> None:
    said = ("mot " * 60, "Un banc.")
    path = written(draft(said_by(*SAID, texts=said), CODEBOOK), tmp_path)
    book = load_workbook(path)
    page = book["Extraits"]
    assert (page.row_dimensions[2].height or 0) >= 3 * LINE > (page.row_dimensions[3].height or 0)
    first, last = page.print_area.split(":")
    assert (first.rpartition("!")[2], last) == ("$A$1", "$I$3")
    assert page["D1"].value == "Paroles"
    assert page["I1"].value == "Position"
    assert not page["K2"].alignment.wrap_text  # a column off the paper never makes its row higher
    assert book["Mots"].page_setup.orientation == "landscape"
    book.close()


def test_nothing_is_a_formula_a_link_or_a_number_in_disguise(tmp_path: Path) -> None:
    path = written(full(), tmp_path)
    book = load_workbook(path)
    for sheet in book:
        for row in sheet.iter_rows():
            for cell in row:
                assert cell.data_type != "f"
                assert cell.hyperlink is None
                assert not str(cell.value or "").startswith(("=", "+", "-", "@", "\t", "\r"))
    book.close()
    assert read.sheet(path, "Extraits")[0]["Paroles"] == f"'{TEXTS[0]}"
    assert [row["Mot"] for row in read.sheet(path, "Mots")] == ["marché", "banc", "123"]
    with zipfile.ZipFile(path) as package:
        assert not [name for name in package.namelist() if "rels" in name and "sheet" in name]


def test_small_counts_of_words_stay_hidden(tmp_path: Path) -> None:
    rows = read.sheet(written(full(), tmp_path), "Mots")
    assert [(row["Nombre de fois"], row["Témoignages"]) for row in rows] == [
        (40, 20), ("moins de 11", "moins de 11"), (15, 12)
    ]  # fmt: skip


def test_the_first_sheet_says_what_the_numbers_mean(tmp_path: Path) -> None:
    rows = read.sheet(written(full(), tmp_path), "Lisez-moi")
    said = {row["Repère"]: str(row["À savoir"]) for row in rows}
    assert said["BROUILLON"].startswith("La synthèse n'a pas encore été validée")
    assert said["Ce que valent les nombres"].startswith("Cette synthèse repose sur 4 témoignages")
    assert "moins de 11 témoignages" in said["Seuils"]
    assert len(said["Empreinte"]) == 64
    assert said["Campagne"] == "Vivre ici"


def test_the_annex_repeats_the_tables_of_numbers(tmp_path: Path) -> None:
    rows = read.sheet(written(full(), tmp_path), "Annexe")
    found = {(row["Tableau"], row["Ligne"]): row["Nombre"] for row in rows}
    assert found["Les nombres de l'écoute", "Témoignages"] == 4
    assert found["Les nombres de l'écoute", "Refus"] == "non imprimé"
    assert found["Passages masqués, par catégorie", "PRÉNOM"] == 4
    assert found["Témoignages écartés, par raison", "retrait"] == 1
    assert found["Suivi", "Témoignages pas encore prêts, non comptés"] == 2


def test_an_empty_sheet_says_why(tmp_path: Path) -> None:
    synthesis = draft(said_by(), CODEBOOK)
    path = written(
        replace(synthesis, listening=replace(synthesis.listening, meetings=())), tmp_path
    )
    assert read.sheet(path, "Constats")[0]["Code du thème"] == "Aucun constat pour l'instant."
    assert read.sheet(path, "Rencontres")[0]["Rencontre"] == "Aucune rencontre n'a été notée."
    assert len(read.sheet(path, "Constats")) == 1


def test_a_text_too_long_for_a_cell_is_cut_and_says_so(tmp_path: Path) -> None:
    synthesis = draft(said_by(*SAID, texts=("👍" * 20_000, "é" * 32_767)), CODEBOOK)
    rows = read.sheet(written(synthesis, tmp_path), "Extraits")
    assert rows[0]["Paroles"].endswith("voir le fichier HTML ou JSON)")
    assert len(rows[0]["Paroles"].encode("utf-16-le")) // 2 <= 32_767
    assert rows[1]["Paroles"] == "é" * 32_767


@settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(QUOTATIONS)
def test_any_quotation_survives(tmp_path: Path, spoken: tuple[str, str]) -> None:
    rows = read.sheet(written(draft(said_by(*SAID, texts=spoken), CODEBOOK), tmp_path), "Extraits")
    assert [row["Paroles"] for row in rows] == [neutral(text) for text in spoken]
