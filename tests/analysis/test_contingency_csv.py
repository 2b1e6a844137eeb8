"""Tables of counts: read whole, or refused with the line at fault."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.contingency_csv import ContingencyError, read

CELLS = st.integers(0, 10**12 - 1)
NAMES = st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1, max_size=9).filter(
    lambda name: name == name.strip() and name != ""
)


@given(
    terms=st.lists(NAMES, min_size=1, max_size=5, unique=True),
    parts=st.lists(NAMES, min_size=1, max_size=4, unique=True),
    data=st.data(),
    delimiter=st.sampled_from(";\t,"),
    encoding=st.sampled_from(("utf-8", "utf-8-sig")),
    end=st.sampled_from(("\n", "\r\n")),
)
def test_what_is_written_is_read(
    terms: list[str],
    parts: list[str],
    data: st.DataObject,
    delimiter: str,
    encoding: str,
    end: str,
) -> None:
    width = len(parts)
    row = st.lists(CELLS, min_size=width, max_size=width)
    counts = data.draw(st.lists(row, min_size=len(terms), max_size=len(terms)))
    clean = [part.translate(str.maketrans(",;\t", "...")) for part in parts]
    if len(set(clean)) < width:
        return
    text = io.StringIO()
    writer = csv.writer(text, delimiter=delimiter, lineterminator=end)
    writer.writerow(["terme", *clean])
    writer.writerows([term, *row] for term, row in zip(terms, counts, strict=True))
    assert read(text.getvalue().encode(encoding)) == (tuple(terms), tuple(clean), counts)


def test_empty_lines_and_trailing_ends_are_passed_over() -> None:
    assert read(b"mot;A;B\r\n\r\nbus;1; 2 \r\n;;\r\n") == (("bus",), ("A", "B"), [[1, 2]])


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("mot;A\nbus;1\nvoisin;1,5\n", "Ligne 3, colonne « A » : « 1,5 » a des décimales"),
        ("mot;A\nbus;2.0\n", "Ligne 2, colonne « A » : « 2.0 » a des décimales"),
        ("mot;A\nbus;-3\n", "Ligne 2, colonne « A » : « -3 » est négatif"),
        ("mot;A;B\nbus;1;\n", "Ligne 2, colonne « B » : le nombre manque"),
        ("mot;A\nbus;deux\n", "Ligne 2, colonne « A » : « deux » n'est pas un nombre entier"),
        ("mot;A\nbus;1e3\n", "n'est pas un nombre entier"),
        ("mot;A\nbus;٣\n", "n'est pas un nombre entier"),
        ("mot;A;B\nbus;1\n", "Ligne 2 : elle a 2 cases, il en faut 3"),
        ("mot;A\nbus;1;2\n", "Ligne 2 : elle a 3 cases, il en faut 2"),
        ("mot;A\n;1\n", "Ligne 2 : le terme manque"),
        ("mot;A\nbus;1\n\nbus;2\n", "Ligne 4 : le terme « bus » est déjà à la ligne 2"),
        ("mot;A;A\nbus;1;2\n", "Ligne 1 : la colonne « A » est écrite deux fois"),
        ("mot;A;\nbus;1;2\n", "Ligne 1 : la colonne 3 n'a pas de nom"),
        ("mot\nbus\n", "Ligne 1 : il faut une colonne de termes"),
        ("", "Ligne 1 : il faut une colonne de termes"),
        ("mot;A\n", "Ligne 2 : le tableau n'a aucun terme"),
        ('mot;A\n"bus;1\n', "Ligne 2 : elle n'a pas pu être lue"),
        ('mot;A\n"bus\nde nuit";1\ntram;x\n', "Ligne 4"),
    ],
)
def test_a_faulty_table_is_refused_with_its_line(text: str, said: str) -> None:
    with pytest.raises(ContingencyError) as refusal:
        read(text.encode())
    assert said in str(refusal.value)


def test_another_encoding_is_refused_with_its_line() -> None:
    with pytest.raises(ContingencyError, match="Ligne 2 : le fichier n'est pas en UTF-8"):
        read("mot;A\né;1\n".encode("cp1252"))
