"""Importing from the browser: nothing before « Importer », everything once, nothing twice."""

from __future__ import annotations

import csv
import io
from urllib.parse import urlencode

import pytest
from flask import Flask
from sqlalchemy import func, select

import factories
import import_files as files
from import_steps import bring, chosen, opened, stored, text, waiting
from pages import CheckedClient, client_for
from survey_app.models import Campaign, Testimony
from survey_app.runtime import Runtime


@pytest.fixture
def person(app: Flask, runtime: Runtime) -> CheckedClient:
    with runtime.database.writing() as session:
        council = factories.council(session)
        factories.actors(session, council)
        factories.account(session, council, "autre", "coordinator")
        factories.campaign(session, council, state="draft")
    return client_for(app, "coordinator")


@pytest.mark.parametrize("suffix", sorted(files.TABLES))
def test_a_table_is_shown_then_imported_then_never_doubled(
    person: CheckedClient, runtime: Runtime, suffix: str
) -> None:
    where = opened(person, f"paroles{suffix}", files.TABLES[suffix]())
    shown = text(person.get(where))
    assert "Le hall est sale" in shown
    assert "Importer 3 témoignages" in shown
    assert '<span class="badge">thème</span>' in shown
    assert stored(runtime) == {}
    done = text(person.get(bring(person, where).headers["Location"]))
    assert "3 témoignages importés, 0 déjà là." in done
    assert stored(runtime) == {
        "c1": files.ROWS[0][1],
        "c2": files.ROWS[1][1],
        "c3": "On danse 💃🏽 au city-stade, Éloi aussi.",
    }
    assert waiting(runtime) == []
    for other, made in files.TABLES.items():
        again = text(person.get(opened(person, f"paroles{other}", made())))
        assert "À importer</dt><dd>0</dd> <dt>Déjà là</dt><dd>3</dd>" in again, other
        assert "il n’y a rien à importer" in again


@pytest.mark.parametrize("suffix", sorted(files.TRANSCRIPTS))
def test_a_transcript_keeps_its_speakers_without_their_names(
    person: CheckedClient, runtime: Runtime, suffix: str
) -> None:
    where = opened(person, f"entretien{suffix}", files.TRANSCRIPTS[suffix]())
    shown = text(person.get(where))
    assert "Importer 1 témoignage<" in shown
    bring(person, where)
    expected = (
        "P1 : Le bus ne passe plus.\nOn marche, avec les courses.\n\nP1 : Le soir : personne.\n\n"
        "P2 : Moi je prends mon vélo.\n\nP2 : Toujours."
    )
    assert list(stored(runtime).values()) == [expected]
    for other, made in files.TRANSCRIPTS.items():
        where = opened(person, f"autre nom{other}", made())
        assert "il n’y a rien à importer" in text(person.get(where)), other
        otherwise = text(person.get(f"{where}?quartier=QP034020&habitants=2&decoupe=personnes"))
        assert "déjà importée, découpée autrement" in otherwise


def test_a_transcript_may_become_one_testimony_a_speaker(
    person: CheckedClient, runtime: Runtime
) -> None:
    where = opened(person, "entretien.txt", files.txt_file())
    given = "?quartier=QP034020&habitants=2&habitants=3&decoupe=personnes&jour=2026-03-03"
    assert "Importer 2 témoignages" in text(person.get(where + given))
    bring(person, where + given)
    with runtime.database.reading() as session:
        rows = session.scalars(select(Testimony).order_by(Testimony.number)).all()
        assert [row.text("masked").text.splitlines()[0] for row in rows] == [
            "Le bus ne passe plus.",
            "Moi je prends mon vélo.",
        ]
        assert {row.said_on.isoformat() for row in rows} == {"2026-03-03"}
    nobody = person.get(where.replace(where[-4:], "0000"))
    assert nobody.status_code == 404


def test_nobody_chosen_and_a_wrong_day_are_said(person: CheckedClient) -> None:
    where = opened(person, "entretien.txt", files.txt_file())
    assert "Aucune personne n’est choisie" in text(person.get(f"{where}?quartier=QP034020"))
    wrong = person.get(f"{where}?quartier=QP034020&habitants=2&jour=hier")
    assert wrong.status_code == 422
    assert "La date « hier » n’est pas comprise" in text(wrong)


def test_the_encoding_and_separator_are_shown_and_changed(person: CheckedClient) -> None:
    rows = (files.HEADER, ("c1", "Été à Bédarieux, 5 €", "2026", "ici", "x"))
    where = opened(person, "vieux.csv", files.csv_file(rows, encoding="iso8859-15"))
    shown = text(person.get(where))
    assert "Lu ainsi : Windows-1252 (ancien Excel), séparateur : point-virgule." in shown
    assert "5 ¤" in shown
    assert "5 €" in text(person.get(f"{where}?encodage=iso8859-15"))
    wrong = person.get(f"{where}?encodage=utf-16")
    assert wrong.status_code == 422
    assert "Rien n’a été importé" in text(wrong)
    assert "Lire de nouveau" in text(wrong)
    where = opened(person, "barres.csv", b"texte|lieu\nUn banc, une place|ici\n")
    assert "Lu ainsi : UTF-8, séparateur : barre verticale." in text(person.get(where))
    cut = text(person.get(f"{where}?separateur=virgule&encodage=utf-8&entete=1"))
    assert "La ligne 2 a 2 cases, or l’en-tête en a 1." in cut
    assert "Lire de nouveau" in cut


def test_a_title_above_the_header_is_passed_over(person: CheckedClient, runtime: Runtime) -> None:
    rows = (("Contributions 2026", "", "", "", ""), files.HEADER, *files.ROWS)
    where = opened(person, "titre.csv", files.csv_file(rows))
    assert 'name="entete" type="number" value="2"' in text(person.get(where))
    bring(person, where)
    assert set(stored(runtime)) == {"c1", "c2", "c3"}
    assert person.get(f"{where}?entete=900").status_code == 404


def test_several_columns_of_text_become_one_testimony(
    person: CheckedClient, runtime: Runtime
) -> None:
    rows = (("id", "ce qui va", "ce qui manque"), ("a", "Le marché", "Un banc"), ("b", "", "Rien"))
    where = opened(person, "deux.csv", files.csv_file(rows))
    bring(person, f"{where}?texte=1&texte=2&identifiant=0&date=-1&lieu=-1&quartier=QP034020")
    assert stored(runtime) == {"a": "Le marché\n\nUn banc", "b": "Rien"}


FAULTY = (
    files.HEADER,
    files.ROWS[0],
    ("c4", " ", "2026", "ici", "x"),
    ("c5", "é" * 100_001, "2026", "ici", "x"),
    ("c1", "Le même identifiant", "2026", "ici", "x"),
    ("=c6", "Un banc", "hier", "ici", "x"),
    ("c7", "é" * 9_069, "2026", "ici", "x"),
)


def test_refused_rows_stay_out_only_when_somebody_says_so(
    person: CheckedClient, runtime: Runtime
) -> None:
    where = opened(person, "fautes.csv", files.csv_file(FAULTY))
    shown = text(person.get(where))
    assert "Ligne 3 : le texte est vide." in shown
    assert "Importer sans les 4 lignes refusées" in shown
    stopped = bring(person, where)
    assert stopped.status_code == 422
    assert "4 lignes refusées empêchent l’import" in text(stopped)
    assert stored(runtime) == {}
    done = text(person.get(bring(person, where, sans="1").headers["Location"]))
    assert "2 témoignages importés, 0 déjà là. Lignes refusées, laissées de côté : 4." in done
    assert stored(runtime) == {"c1": files.ROWS[0][1], "c7": "é" * 9_069}


def test_the_report_tells_the_fate_of_every_row_and_no_words(person: CheckedClient) -> None:
    bring(person, opened(person, "un.csv", files.csv_file((files.HEADER, files.ROWS[0]))))
    where = opened(person, "fautes.csv", files.csv_file(FAULTY))
    html = person.get(where).get_data(as_text=True)
    query = urlencode(chosen(html, f"{where}/rapport.csv"), doseq=True)
    answer = person.get(f"{where}/rapport.csv?{query}")
    assert answer.data.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig")), delimiter=";"))
    fates = ["déjà là", *["refusée"] * 4, "acceptée"]
    assert [row[:2] for row in rows[1:]] == [[str(n), x] for n, x in enumerate(fates, start=2)]
    assert rows[5][3] == "'=c6"
    assert "Le hall" not in answer.get_data(as_text=True)


def test_an_id_with_other_words_is_refused_and_another_date_format_is_not(
    person: CheckedClient, runtime: Runtime
) -> None:
    bring(person, opened(person, "a.csv", files.csv_file()))
    rows = (files.HEADER, ("c1", "Autre chose", "2026", "ici", "x"))
    assert "avec un autre contenu" in text(
        person.get(opened(person, "b.csv", files.csv_file(rows)))
    )
    french = (files.HEADER, (*files.ROWS[0][:2], "01/03/2026", "ailleurs", "x"))
    again = text(person.get(opened(person, "c.csv", files.csv_file(french))))
    assert "Déjà là</dt><dd>1</dd>" in again


def test_the_campaigns_are_offered(person: CheckedClient) -> None:
    assert "/import/essai" in text(person.get("/import/"))


def test_a_campaign_without_neighbourhood_says_so(person: CheckedClient, runtime: Runtime) -> None:
    with runtime.database.writing() as session:
        session.scalars(select(Campaign)).one().neighbourhoods = []
    assert "aucun quartier" in text(person.get(opened(person, "a.csv", files.csv_file())))
    with runtime.database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Testimony)) == 0


def test_a_column_that_is_not_there_is_guessed_again(person: CheckedClient) -> None:
    """An address kept from another file, or written by hand."""
    where = opened(person, "a.csv", files.csv_file())
    for column in ("999", "-1", "&texte=".join(map(str, range(2_000)))):
        page = person.get(f"{where}?texte={column}&identifiant=-1")
        assert page.status_code == 200
        assert "Importer 3 témoignages" in text(page)
    assert bring(person, where, texte="999").status_code == 303


def test_words_are_never_an_identifier(person: CheckedClient, runtime: Runtime) -> None:
    where = opened(person, "a.csv", files.csv_file())
    page = person.get(f"{where}?texte=1&identifiant=1&date=-1&lieu=-1")
    assert page.status_code == 422
    assert "à la fois le texte et l’identifiant" in text(page)
    alone = opened(person, "b.csv", b"id\nUn banc\nUn bus\n")
    bring(person, alone)
    assert sorted(stored(runtime).values()) == ["Un banc", "Un bus"]
    assert not {"Un banc", "Un bus"} & set(stored(runtime))
