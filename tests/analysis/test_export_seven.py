"""Seven files, one document: the same findings, numbers, excerpts and words in each."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

import analysis.export
from analysis.codebook import load
from analysis.document import Synthesis
from analysis.export.typography import french
from analysis.pictures import word_cloud
from analysis.synthesis import draft
from tests.analysis import export_readers as read
from tests.analysis.synthesis_cases import said_by, words

CODEBOOK = load()
SPOKEN = words(*[(f"mot{rank}", 40 - rank, 30 - rank) for rank in range(12)])
SECRET = "Zanzibar est mon secret, ne le dites pas."
TEXTS = (
    "J'aime ce quartier : on s'y parle.",
    SECRET,
    "L'ascenseur tombe ; toujours !",
    "Il faudrait un banc ?",
)
SAID = (
    (0, "LOG1", "positive", "ressource"),
    (1, "LOG1", "négative", "constat"),
    (2, "LOG2", "négative", "constat"),
    (3, "CAD1", "négative", "proposition"),
    (2, "CAD1", "positive", "ressource"),
    (1, "TRA1", "négative", "besoin"),
)


@pytest.fixture(scope="module")
def synthesis() -> Synthesis:
    corpus = said_by(*SAID, texts=TEXTS, citable=("yes", "no", "yes", "yes"), fictitious=True)
    return draft(corpus, CODEBOOK, words=SPOKEN, cloud=word_cloud(SPOKEN))


@pytest.fixture(scope="module")
def folder(synthesis: Synthesis, tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("sept")
    for name in analysis.export.WRITERS:
        analysis.export.write(synthesis, name, place / f"synthese.{name}")
    return place


@pytest.fixture(scope="module")
def data(folder: Path) -> dict[str, Any]:
    return read.data(folder / "synthese.json")


def quoted(data: dict[str, Any]) -> set[tuple[str, str]]:
    found = [*data["findings"], *data["resources"], *data["proposals"]]
    return {(item["id"], item["quote"]) for part in found for item in part["excerpts"]}


def test_there_are_seven_files(folder: Path) -> None:
    assert {path.suffix for path in folder.iterdir()} == {
        ".docx", ".odt", ".pdf", ".xlsx", ".csv", ".html", ".json"
    }  # fmt: skip


@pytest.mark.parametrize("kind", ["docx", "odt", "html"])
def test_documents_print_the_quotations_and_the_proof(
    folder: Path, data: dict[str, Any], kind: str
) -> None:
    written = {"docx": read.docx, "odt": read.odt, "html": read.html}[kind](
        folder / f"synthese.{kind}"
    )
    assert quoted(data) <= written.quotations
    proof = [(row["excerpt"], row["citable"]) for row in data["traceability"]]
    assert [(name, said != "extrait non citable") for name, said in written.annex] == proof
    said = dict(written.quotations)
    assert all(said[name] == text for name, text in written.annex if name in said)
    for finding in data["findings"]:
        assert french(finding["sentence"]) in written.text
        assert french(f"À l'appui : {len_of(data, finding)}") in written.text


def len_of(data: dict[str, Any], finding: dict[str, Any]) -> str:
    rows = [row for row in data["traceability"] if row["theme"] == finding["theme"]]
    extracts = f"{len(rows)} extrait" + "s" * (len(rows) > 1)
    people = finding["counts"]["people"]
    return f"{extracts}, {people} personne" + "s" * (people > 1)


def test_the_pdf_prints_them_too(folder: Path, data: dict[str, Any]) -> None:
    said = read.pdf(folder / "synthese.pdf")
    for text in [item for _, item in quoted(data)] + [
        part["sentence"] for part in data["findings"]
    ]:
        assert re.sub(r"[\s\u00ad\u2010-]+", "", text) in said
    for row in data["traceability"]:
        assert row["excerpt"].replace("-", "") in said


def test_spreadsheets_hold_one_row_for_each_excerpt_of_each_finding(
    folder: Path, data: dict[str, Any]
) -> None:
    rows = read.rows(folder / "synthese.csv")
    sheet = read.sheet(folder / "synthese.xlsx", "Extraits")
    assert [{key: str(cell) for key, cell in row.items()} for row in sheet] == [
        {key: row[key] for key in sheet[0]} for row in rows
    ]
    assert [
        (row["Code du thème"], row["Extrait"], row["Témoignage"], row["Identifiant du témoignage"])
        for row in rows
    ] == [
        (row["theme"], row["excerpt"], str(row["testimony_number"]), row["testimony"])
        for row in data["traceability"]
    ]
    for finding in data["findings"]:
        mine = [row for row in rows if row["Code du thème"] == finding["theme"]]
        shown = {
            (row["Extrait"], row["Paroles"], row["Début dans le texte"], row["Fin dans le texte"])
            for row in mine
            if (row["Imprimé avec le constat"], row["Peut être cité"]) == ("oui", "oui")
        }
        assert shown == {
            (item["id"], item["quote"], str(item["start"]), str(item["end"]))
            for item in finding["excerpts"]
        }
        for row in mine:
            assert row["Constat"] == finding["sentence"]
            assert counts(row, " du constat") == finding["counts"]


def counts(row: dict[str, Any], after: str = "") -> dict[str, int]:
    names = {"testimonies": "Témoignages", "meetings": "Rencontres", "people": "Personnes"}
    return {key: int(row[f"{name}{after}"]) for key, name in names.items()}


def test_the_workbook_gives_the_three_counts_as_numbers(folder: Path, data: dict[str, Any]) -> None:
    for name in ("Constats", "Thèmes"):
        rows = read.sheet(folder / "synthese.xlsx", name)[: len(data["findings"])]
        assert [counts(row) for row in rows] == [item["counts"] for item in data["findings"]]
        assert all(isinstance(row["Témoignages"], int) for row in rows)
    total = read.sheet(folder / "synthese.xlsx", "Thèmes")[-1]
    assert counts(total) == data["heard"]["counts"]


def test_no_file_holds_words_without_consent(folder: Path) -> None:
    for kind, reader in (("docx", read.docx), ("odt", read.odt), ("html", read.html)):
        said = reader(folder / f"synthese.{kind}")
        assert "Zanzibar" not in said.text
        assert ("É-0002", "extrait non citable") in said.annex
    rows = read.rows(folder / "synthese.csv")
    hidden = [row for row in rows if row["Extrait"] == "É-0002"]
    assert [(row["Paroles"], row["Début dans le texte"]) for row in hidden] == [
        ("extrait non citable", "")
    ]
    assert "Zanzibar" not in read.pdf(folder / "synthese.pdf")
    for kind in ("csv", "json", "html"):
        assert "Zanzibar" not in (folder / f"synthese.{kind}").read_text(encoding="utf-8")
    for name in ("Lisez-moi", "Constats", "Extraits", "Annexe"):
        assert "Zanzibar" not in str(read.sheet(folder / "synthese.xlsx", name))


def test_each_says_that_it_is_a_draft_and_fictitious(folder: Path) -> None:
    said = {
        "docx": read.docx(folder / "synthese.docx").text,
        "odt": read.odt(folder / "synthese.odt").text,
        "html": read.html(folder / "synthese.html").text,
        "pdf": read.pdf(folder / "synthese.pdf"),
        "csv": str(read.rows(folder / "synthese.csv")[0]),
        "xlsx": str(read.sheet(folder / "synthese.xlsx", "Lisez-moi")),
    }
    for kind, text in said.items():
        flat = re.sub(r"\s", "", text)
        assert "BROUILLON" in flat, kind
        assert "témoignagesinventés" in flat, kind


@pytest.mark.parametrize("kind", ["odt", "xlsx", "csv", "html", "json"])
def test_the_same_synthesis_gives_the_same_bytes(
    synthesis: Synthesis, folder: Path, tmp_path: Path, kind: str
) -> None:
    analysis.export.write(synthesis, kind, tmp_path / f"encore.{kind}")
    assert (tmp_path / f"encore.{kind}").read_bytes() == (folder / f"synthese.{kind}").read_bytes()
