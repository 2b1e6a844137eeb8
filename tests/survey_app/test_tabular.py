"""Tables from outside: what people's spreadsheets write is read back equal, or refused in words."""

from __future__ import annotations

import csv
import datetime
import io
import tempfile
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook

from survey_app.domain import Invalid
from survey_app.services import tabular, workbooks

PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x06\x00\x00\x00"
# Everything a cell may hold in a file that is not UTF-8: letters of Western Europe, line feeds.
WESTERN = st.text(st.sampled_from("aàâçéèêëîïôùûœŒ€« »’\n \t,;|\"'0123456789ÿÉ"), max_size=40)
ANY = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0\r"), max_size=40)


def cell(text: st.SearchStrategy[str]) -> st.SearchStrategy[list[list[str]]]:
    """Rows of two cells, each row with something written in it."""
    return st.lists(
        st.tuples(text, text).map(list).filter(lambda row: any(c.strip() for c in row)),
        min_size=1,
        max_size=8,
    )


def written(rows: list[list[str]], separator: str, encoding: str) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text, delimiter=separator)
    writer.writerow(["texte", "lieu"])
    writer.writerows(rows)
    return text.getvalue().encode(encoding)


def read(data: bytes, name: str = "fichier.csv") -> tabular.Table:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / name
        path.write_bytes(data)
        return tabular.read(path)


def outcome(data: bytes, name: str) -> str:
    """Nothing for a table with rows, what it says for anything else."""
    try:
        return "" if read(data, name).rows else "no rows"
    except Invalid as refused:
        return str(refused)


def workbook(*rows: list[object]) -> bytes:
    book = Workbook()
    for row in rows:
        book.worksheets[0].append(row)
    data = io.BytesIO()
    book.save(data)
    return data.getvalue()


def refusal(data: bytes, name: str = "fichier.csv") -> str:
    with pytest.raises(Invalid) as caught:
        read(data, name)
    message = str(caught.value)
    assert "Rien n’a été importé" in message
    return message


@given(cell(ANY), st.sampled_from(",;\t|"), st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]))
def test_what_a_spreadsheet_writes_in_unicode_is_read_back(
    rows: list[list[str]], separator: str, encoding: str
) -> None:
    table = read(written(rows, separator, encoding))
    assert table.header == ("texte", "lieu")
    assert [list(cells.values()) for _, cells in table.rows] == rows
    assert [number for number, _ in table.rows] == list(range(2, len(rows) + 2))


@given(cell(WESTERN), st.sampled_from(",;\t|"))
def test_old_french_files_are_read_back_with_a_warning(
    rows: list[list[str]], separator: str
) -> None:
    data = written([["é", "œ€"], *rows], separator, "cp1252")
    table = read(data)
    assert [list(cells.values()) for _, cells in table.rows] == [["é", "œ€"], *rows]
    assert "Windows-1252" in table.notes[0]


@given(st.binary(max_size=300))
def test_any_bytes_are_a_table_or_a_sentence(data: bytes) -> None:
    said = [outcome(data, name) for name in ("fichier.csv", "fichier.xlsx")]
    assert all(words == "" or "Rien n’a été importé" in words for words in said)


def test_a_workbook_gives_its_texts_dates_and_numbers() -> None:
    day = datetime.date(2026, 4, 30)
    table = read(
        workbook(["texte", "date", "n"], ["Un banc 🌳", day, 12.0], [None, None, None]), "a.xlsx"
    )
    assert table.rows == ((2, {"texte": "Un banc 🌳", "date": "2026-04-30", "n": "12"}),)


def test_a_workbook_that_claims_a_huge_sheet_is_read_quickly() -> None:
    data = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(workbook(["texte"], ["Un banc"]))) as source,
        zipfile.ZipFile(data, "w") as target,
    ):
        for entry in source.infolist():
            content = source.read(entry)
            if entry.filename.endswith("sheet1.xml"):
                content = content.replace(b'ref="A1:A2"', b'ref="A1:XFD1048576"')
                assert b"XFD1048576" in content
            target.writestr(entry, content)
    assert read(data.getvalue(), "a.xlsx").rows == ((2, {"texte": "Un banc"}),)


def test_a_workbook_that_swells_is_refused_before_it_is_opened(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    swollen = workbook(["texte"], ["a" * 30_000])
    monkeypatch.setattr(workbooks, "MAX_UNPACKED_BYTES", 20_000)
    assert "démesuré" in refusal(swollen, "a.xlsx")


def test_too_many_rows_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tabular, "MAX_ROWS", 3)
    assert len(read(b"texte\n1\n2\n\n3\n").rows) == 3
    assert "plus de 3 lignes" in refusal(b"texte\n1\n2\n3\n4\n")


def test_a_blank_row_is_no_row_and_the_numbers_stay_those_of_the_spreadsheet() -> None:
    assert read(b"texte,lieu\n\nun,ici\n,\ndeux\n").rows == (
        (3, {"texte": "un", "lieu": "ici"}),
        (5, {"texte": "deux", "lieu": ""}),
    )


@pytest.mark.parametrize(
    ("data", "name", "words"),
    [
        (b"", "vide.csv", "est vide"),
        (b"texte\n", "entete.csv", "aucune ligne"),
        (b"\n\n", "blanc.csv", "noms des colonnes"),
        (b"texte,texte\n1,2\n", "double.csv", "portent le même nom : texte"),
        (b"texte,lieu\n1,2,3\n", "large.csv", "La ligne 2 a 3 cases"),
        (b'texte\n"jamais fini\n', "guillemet.csv", "guillemet n’est pas refermé"),
        (PNG, "photo.csv", "n’est pas un tableau de texte"),
        (PNG, "photo.xlsx", "ne s’ouvre pas"),
        (PNG, "photo.png", "n’est ni un CSV ni un classeur"),
        (b"PK\x03\x04 tronque", "coupe.xlsx", "ne s’ouvre pas"),
        ("texte\nUn banc\n".encode("utf-16-le"), "utf16.csv", "n’est pas un tableau de texte"),
        (b"\xff\xfet", "moitie.csv", "n’est pas un tableau de texte"),
        (",".join(f"c{i}" for i in range(501)).encode() + b"\n1\n", "cols.csv", "500 colonnes"),
    ],
    ids=lambda value: value if isinstance(value, str) and "." in value else "",
)
def test_what_is_not_a_table_is_refused_in_words(data: bytes, name: str, words: str) -> None:
    assert words in refusal(data, name)


def test_a_workbook_broken_inside_is_refused() -> None:
    data = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(workbook(["texte"], ["Un banc"]))) as source,
        zipfile.ZipFile(data, "w") as target,
    ):
        for entry in source.infolist():
            broken = entry.filename.endswith("sheet1.xml")
            target.writestr(entry, b"<worksheet><sheet" if broken else source.read(entry))
    assert "ne s’ouvre pas" in refusal(data.getvalue(), "a.xlsx")


def test_a_missing_file_and_a_folder_are_refused(tmp_path: Path) -> None:
    for path in (tmp_path / "absent.csv", tmp_path):
        with pytest.raises(Invalid, match="n’existe pas"):
            tabular.read(path)


def test_a_file_that_is_too_big_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tabular, "MAX_FILE_BYTES", 10)
    path = tmp_path / "gros.csv"
    path.write_bytes(b"texte\n" * 3)
    with pytest.raises(Invalid, match="trop gros"):
        tabular.read(path)


@pytest.mark.parametrize("word", ["été", "sœur", "« ça »", "l’eau", "oui\u00a0:"])
def test_a_file_in_two_encodings_is_refused_with_both_lines(word: str) -> None:
    data = f"texte\n{word}\nUn banc\n".encode() + "Un marché\n".encode("cp1252")
    said = refusal(data)
    assert "mélange deux encodages" in said
    assert "la ligne 2 est en UTF-8, la ligne 4 contient" in said
    assert "CSV (UTF-8)" in said


def test_one_old_letter_on_the_line_of_new_ones_is_refused() -> None:
    assert "la ligne 2 est en UTF-8, la ligne 2" in refusal("texte\né ".encode() + b"\xe9\n")
    assert "mélange" in refusal(b"\xef\xbb\xbftexte\n\xe9\n")
