"""Grids as YAML, tables and REFI-QDA codebooks: whole round trips, hostile files refused."""

from __future__ import annotations

import uuid
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from analysis import codebook_csv, codebook_qdc, codebook_writer
from analysis.codebook import Codebook, CodebookError, load
from analysis.codebook_changes import apply
from analysis.codebook_file import from_document, parse
from analysis.codebook_steps import Change

BOOK = load()
XSD = Path(__file__).resolve().parents[2] / ".." / "shared" / "data" / "refi-qda" / "Codebook.xsd"
HEAD = b'<?xml version="1.0"?><CodeBook xmlns="urn:QDA-XML:codebook:1.0"><Codes>'
TAIL = b"</Codes></CodeBook>"


def guid(kind: str, key: str) -> str:
    return str(uuid.uuid5(uuid.NAMESPACE_URL, f"{kind}/{key}"))


def qdc(data: bytes) -> tuple[Codebook, list[str]]:
    return codebook_qdc.read(data, BOOK, "essai", "Essai")


def csv(text: str) -> Codebook:
    return codebook_csv.read(text.encode(), BOOK, "essai", "Essai")


def test_yaml_comes_back_identical() -> None:
    assert parse(codebook_writer.to_yaml(BOOK)) == BOOK
    assert from_document(codebook_writer.document(BOOK, "EUPL-1.2")) == BOOK


def test_a_yaml_bomb_of_references_is_refused() -> None:
    with pytest.raises(CodebookError, match="ligne 2 : les renvois"):
        parse(b"a: &a [x, x, x]\nb: [*a, *a, *a]\n")


def test_a_table_comes_back_with_its_themes_and_codes() -> None:
    data = codebook_csv.write(BOOK)
    assert data.startswith(b"\xef\xbb\xbfcode;theme;libelle")
    read = codebook_csv.read(data, BOOK, BOOK.id, BOOK.title)
    assert (read.themes, read.special, read.facets) == (BOOK.themes, BOOK.special, BOOK.facets)
    assert read.groupings[0] == BOOK.groupings[0]


WORDS = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=30)


@given(label=WORDS.filter(str.strip), text=WORDS.filter(str.strip))
@settings(max_examples=60, deadline=None)
def test_any_words_survive_a_table_and_formulas_are_neutralised(label: str, text: str) -> None:
    book = apply(
        BOOK, [Change("texts", code="LOG1", texts={"label": label, "definition": f"={text}"})]
    )
    data = codebook_csv.write(book)
    assert f"='{text}".encode() not in data
    assert b";=" not in data
    read = codebook_csv.read(data, BOOK, "essai", "Essai")
    wanted = book.code("LOG1")
    if not wanted.label.startswith("'"):
        assert read.code("LOG1").label == wanted.label
    assert read.code("LOG1").definition == wanted.definition


def test_a_table_of_old_excel_with_commas_is_read_too() -> None:
    text = "Code,Thème,Libellé,Définition\nLOG,LOG,Logement,L’été\nLOG1,LOG,État,Son état\n"
    read = codebook_csv.read(text.encode("cp1252"), BOOK, "essai", "Essai")
    assert read.code("LOG1").label == "État"
    assert "HOR" in read


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("code;theme;libelle\n", "ligne 1 : il manque la colonne « definition »"),
        ("code;theme;libelle;definition;code\n", "écrite deux fois"),
        ("code;theme;libelle;definition\nLOG1;LOG;a;b\n", "ligne 2 : le thème « LOG »"),
        ("code;theme;libelle;definition\nLOG;LOG;a;b\nLOG;LOG;a;b\n", "ligne 3 : le code « LOG »"),
        (
            "code;theme;libelle;definition;pilier\nLOG;LOG;a;b;nulle_part\n",
            "le pilier « nulle_part » n’existe pas",
        ),
        ("code;theme;libelle;definition\n\0\n", "n’est pas un tableau"),
    ],
)
def test_a_faulty_table_is_refused_with_its_line(text: str, words: str) -> None:
    with pytest.raises(CodebookError, match=words):
        csv(text)


@pytest.mark.shared
def test_a_codebook_follows_the_standard() -> None:
    schema = etree.XMLSchema(etree.parse(str(XSD)))
    schema.assertValid(etree.fromstring(codebook_qdc.write(BOOK, guid)))
    odd = apply(
        BOOK, [Change("texts", code="LOG1", texts={"label": 'a"<&>\x0bb', "example": "]]>"})]
    )
    schema.assertValid(etree.fromstring(codebook_qdc.write(odd, guid)))


def test_a_codebook_comes_back_whole() -> None:
    read, losses = codebook_qdc.read(codebook_qdc.write(BOOK, guid), BOOK, BOOK.id, BOOK.title)
    assert losses == []
    assert (read.themes, read.special, read.facets) == (BOOK.themes, BOOK.special, BOOK.facets)
    assert read.groupings[0] == BOOK.groupings[0]


def test_a_codebook_from_another_tool_gets_names_and_tells_what_it_lost() -> None:
    codes = (
        '<Code guid="{A}" name="Logement" isCodable="true">'
        '<Code guid="b" name="Humidité" isCodable="true">'
        '<Code guid="c" name="Murs" isCodable="true"/></Code></Code>'
        '<Code guid="d" name="Logement" isCodable="true"><Description>Deux</Description></Code>'
        '<Code guid="e" name="LOG École" isCodable="true"/>'
    )
    data = HEAD + codes.encode() + b'</Codes><Sets><Set guid="f" name="Tri"/></Sets></CodeBook>'
    book, losses = qdc(data)
    assert from_document(codebook_writer.document(book)) == book
    assert [theme.code for theme in book.themes] == ["LOGE", "LOGEM", "LOG"]
    assert [code.label for code in book.themes[0].codes] == ["Humidité", "Murs"]
    assert book.theme("LOGEM").definition == "Deux"
    assert any("1 code plus profond" in told for told in losses)
    assert any("« Tri »" in told for told in losses)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b'<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>', "ligne 1 : une déclaration"),
        (b'<!DOCTYPE a SYSTEM "file:///etc/passwd"><a/>', "ligne 1 : une déclaration"),
        (HEAD + b"<Code", "ligne 1 : la mise en forme XML"),
        (b"\xff\xfe\x00", "mise en forme XML"),
        (b"", "mise en forme XML"),
        (b"<Project/>", "contient « Project »"),
        (HEAD + b'<Code guid="a" name="" isCodable="true"/>' + TAIL, "n’a pas de nom"),
        (HEAD + b"<Code name='a'>" * 20 + b"</Code>" * 20 + TAIL, "plus de 12 niveaux"),
        (HEAD + b"<Code name='a'/>" * 6_000 + TAIL, "plus de 5000 éléments"),
        (b" " * 1_000_001, "dépasse 1 Mo"),
    ],
)
def test_hostile_xml_is_refused_with_its_line(data: bytes, words: str) -> None:
    with pytest.raises(CodebookError, match=words):
        qdc(data)


@given(st.binary(max_size=200), st.integers(0, 400))
@settings(max_examples=150, deadline=None)
def test_damaged_codebooks_are_read_or_refused_never_worse(junk: bytes, place: int) -> None:
    whole = codebook_qdc.write(BOOK, guid)
    outcome = "read"
    try:
        qdc(whole[:place] + junk + whole[place + len(junk) :])
    except CodebookError:
        outcome = "refused"
    assert outcome == "read" or junk
