"""Who speaks in a transcript, and what of it becomes a testimony; what each column seems to be."""

from __future__ import annotations

import io

import pytest
from docx import Document as Docx
from hypothesis import given
from hypothesis import strategies as st

from survey_app.domain import Invalid
from survey_app.services import import_guess, tabular, transcript_files, transcripts
from survey_app.services.import_rows import Columns


def speakers(*paragraphs: str) -> list[str]:
    return [speaker.name for speaker in transcripts.read(paragraphs).speakers]


@pytest.mark.parametrize(
    ("paragraph", "who", "words"),
    [
        ("P1 : Le bus ne passe plus.", "P1", "Le bus ne passe plus."),
        ("P1\u00a0: Le soir : personne.", "P1", "Le soir : personne."),
        ("Enquêteur: Et vous ?", "Enquêteur", "Et vous ?"),
        ("Habitante — On attend.", "Habitante", "On attend."),
        ("Habitante (45 ans, au pied de la tour) : On attend.", "Habitante", "On attend."),
        ("[00:12:07] P2 : Rien.", "P2", "Rien."),
        ("00:12 - Intervenant 2 : Rien.", "Intervenant 2", "Rien."),
        ("Q : Depuis quand ?", "Q", "Depuis quand ?"),
    ],
)
def test_usual_ways_to_name_who_speaks(paragraph: str, who: str, words: str) -> None:
    (turn,) = transcripts.read([paragraph]).turns
    assert (turn.speaker, turn.text) == (who, words)


@pytest.mark.parametrize(
    "paragraph",
    [
        "Ce que je veux dire : il faut un banc.",
        "Date : 3 mars",
        "Voir https://exemple.invalid/page",
        "À 12:30 le bus passe.",
        "Non, jamais : c’est fini.",
        "Un banc — un seul — suffirait.",
    ],
)
def test_a_colon_alone_names_nobody(paragraph: str) -> None:
    (turn,) = transcripts.read([paragraph]).turns
    assert (turn.speaker, turn.text) == ("", paragraph)


def test_a_name_counts_when_it_comes_back() -> None:
    assert speakers("Karima : Oui.", "JEAN : Non.", "karima : Si.") == ["Karima"]
    assert speakers("Titre", "Jean : Oui.", "Jean : Non.") == ["", "Jean"]


def test_whoever_asks_is_proposed_to_be_left_out() -> None:
    names = ("Enquêtrice", "Q", "Animateur", "Interviewer", "P1", "Habitant", "Interviewé")
    read = transcripts.read([f"{name} : Bonjour." for name in names] * 2)
    asking = [speaker.name for speaker in read.speakers if speaker.asks]
    assert asking == ["Enquêtrice", "Q", "Animateur", "Interviewer"]


def test_numbers_of_the_file_are_kept_and_names_take_the_free_ones() -> None:
    read = transcripts.read([f"{who} : Oui." for who in ("P2", "Karima", "p 4", "Jean")] * 2)
    assert transcripts.labels(read, {"P2", "Karima", "p 4", "Jean"}) == {
        "P2": "P2",
        "Karima": "P1",
        "p 4": "P4",
        "Jean": "P3",
    }


NAMES = st.sampled_from(["Karima", "Jean-Luc", "Mme Diallo", "Enquêteur", "P7"])
WORDS = st.text(st.sampled_from("abc é.!?\n"), min_size=1).filter(str.strip)


@given(st.lists(st.tuples(NAMES, WORDS), min_size=1, max_size=8), st.booleans())
def test_no_name_enters_a_text_and_no_word_is_lost(
    said: list[tuple[str, str]], apart: bool
) -> None:
    twice = said + said  # every name comes back
    read = transcripts.read([f"{who} : {words}" for who, words in twice])
    residents = {who for who, _ in said if who != "Enquêteur"}
    rows = transcripts.judged(read, residents, apart=apart)
    whole = "\n".join(row.text for row, _ in rows)
    assert not any(name in whole for name in ("Karima", "Jean-Luc", "Diallo", "Enquêteur"))
    kept = sum(len(words.split()) for who, words in twice if who in residents)
    labelled = sum(who in residents for who, _ in twice) * 2
    several = len(residents) > 1 and not apart
    assert len(whole.split()) == kept + (labelled if several else 0)
    assert len({row.source_id for row, _ in rows}) == len(rows)


def test_a_two_column_transcript_is_read_row_by_row() -> None:
    document, data = Docx(), io.BytesIO()
    table = document.add_table(2, 2)
    for row, (who, words) in zip(
        table.rows, (("P1 :", "Le bus."), ("Enquêteur", "Et ?")), strict=True
    ):
        row.cells[0].text, row.cells[1].text = who, words
    document.add_paragraph("La fin.")
    document.save(data)
    found, _ = transcript_files.paragraphs("a.docx", data.getvalue())
    assert found == ["P1 : Le bus.", "Enquêteur : Et ?", "La fin."]


def test_a_text_file_in_an_old_encoding_is_read_and_a_picture_is_not() -> None:
    found, used = transcript_files.paragraphs("a.txt", "P1 : Été\n\nÀ côté".encode("cp1252"))
    assert (found, used) == (["P1 : Été", "À côté"], "cp1252")
    for data in (b"\x89PNG\r\n\x00\x01\xff", b"", b" \n\n"):
        with pytest.raises(Invalid, match="Rien n’a été importé"):
            transcript_files.paragraphs("a.txt", data)


@pytest.mark.parametrize(
    ("header", "row", "expected"),
    [
        (
            "id,text,source,site,date,kind",
            "L1,Un long texte,x,dept 38,2019-01-31,y",
            "id text date",
        ),
        ("Identifiant;Verbatim;Thème", "a;Un long texte;logement", "Identifiant Verbatim "),
        ("quoi,quand", "Un long texte,31/12/2025", " quoi quand"),
        ("a,b", "Court,Une phrase bien plus longue que l’autre", " b "),
        ("date de réponse;réponse", "jamais;Oui, mais bien plus tard", " réponse "),
    ],
)
def test_what_columns_seem_to_hold(header: str, row: str, expected: str) -> None:
    read = tabular.parse("a.csv", f"{header}\n{row}\n".encode())
    found = import_guess.columns(read, {})
    assert f"{found.id} {found.text} {found.date}" == expected


def test_a_column_of_codes_or_of_names_of_neighbourhoods_is_a_place() -> None:
    read = tabular.parse("a.csv", b"x,y\nUn long texte,QP034020\nUn autre texte,Les Halles\n")
    assert import_guess.columns(read, {"les halles": "QP034022"}).place == "y"
    assert import_guess.columns(read, {}) == Columns("x", "", "", "", named={})
