"""Preparing a finding, and near copies: what the analysis chose, in the words of today."""

from __future__ import annotations

import html
import re

import pytest
from flask import Flask
from sqlalchemy import select

import factories
import preparing_cases
import results_cases as cases
from pages import CheckedClient, client_for
from survey_app.domain import Forbidden
from survey_app.models import Campaign, Coding, Excerpt, Meeting, Testimony, TextVersion
from survey_app.runtime import Runtime
from survey_app.services import analyses, doubles_reading, findings_reading

LETTER = (
    "Nous demandons que le bus de vingt heures soit rétabli : les personnes qui travaillent le "
    "soir rentrent à pied le long d’une route sans trottoir <script>alert(1)</script>."
)
PREPARE, DOUBLES = "/resultats/essai/themes/LOG/constat", "/resultats/essai/reponses-proches"


@pytest.fixture
def house(runtime: Runtime) -> cases.House:
    """The coded campaign, and a letter signed three times, once with two words changed."""
    house = cases.house(runtime)
    with runtime.database.writing() as session:
        meeting = session.scalars(select(Meeting).order_by(Meeting.held_on)).first()
        assert meeting is not None
        for text in (LETTER, LETTER.upper(), LETTER.replace("vingt heures", "vingt et une heures")):
            factories.testimony(session, meeting, masked=text, cite="refused")
    return house


def text(client: CheckedClient, path: str, status: int = 200) -> str:
    answer = client.get(path)
    assert answer.status_code == status, (path, answer.status_code)
    return html.unescape(answer.get_data(as_text=True)).replace("\u00a0", " ")


def test_what_to_read_before_writing(app: Flask, runtime: Runtime, house: cases.House) -> None:
    preparing_cases.analysed(runtime, house)
    client = client_for(app, "coordinator")
    page = text(client, PREPARE)
    assert "4 témoignages sur 8 · 2 rencontres sur 2 · 4 personnes sur 8" in page
    chosen = page[page.index("À lire d’abord") : page.index("Ce qui se répète")]
    for words in (cases.LIFT, cases.STAIRS, cases.QUIET, cases.SECRET):
        assert words in chosen
    cards = chosen.split('<div class="card stack">')[1:]
    assert [cases.SECRET in card for card in cards] == [
        "compte, mais ne se cite pas" in card for card in cards
    ]
    faced = page[page.index("Face à face") : page.index("Tonalité positive, 1 témoignage")]
    assert faced.index(cases.STAIRS) < faced.index("De façon négative") < faced.index("panne")
    assert "Tonalité négative, 3 témoignages" in page
    assert "Voix minoritaire : 1 témoignage sur 4 parle de" in page
    helps = page[page.index("Ce qui aide déjà") : page.index("Ce qui est proposé")]
    assert cases.STAIRS in helps
    assert "Aucun extrait n’a été codé comme proposition." in page
    assert f"Témoignage {house.testimonies[0].number}" in page


def test_the_page_leads_to_the_draft_and_back(
    app: Flask, runtime: Runtime, house: cases.House
) -> None:
    preparing_cases.analysed(runtime, house)
    client = client_for(app, "evaluator")
    assert "Commencer un brouillon" in text(client, PREPARE)
    answer = client.send("/resultats/essai/syntheses", {}, "/resultats/essai/syntheses")
    assert answer.status_code == 303
    page = text(client, PREPARE)
    assert "Écrire le constat dans la version 1" in page
    assert client.get("/resultats/essai/syntheses/1/edition/LOG").status_code == 200
    assert 'href="/resultats/essai/syntheses/1/edition/LOG"' in page
    assert PREPARE in text(client, "/resultats/essai/themes/LOG")
    for code in ("LOG1", "TRA", ""):
        assert "/constat" not in text(client, f"/resultats/essai/themes/{code}")


def test_a_coding_taken_back_leaves_the_page(
    app: Flask, runtime: Runtime, house: cases.House
) -> None:
    preparing_cases.analysed(runtime, house)
    with runtime.database.writing() as session:
        row = session.scalars(select(Coding).join(Excerpt).where(Excerpt.quote == cases.QUIET))
        session.delete(row.one())
    page = text(client_for(app, "coordinator"), PREPARE)
    assert cases.QUIET not in page
    assert "1 extrait choisi par l’analyse n’est plus codé sous ce thème" in page


def test_near_copies_side_by_side(app: Flask, runtime: Runtime, house: cases.House) -> None:
    preparing_cases.analysed(runtime, house)
    client = client_for(app, "coordinator")
    page = text(client, DOUBLES)
    assert "1 groupe · 3 témoignages sur 8" in page
    assert "n’est pas une faute" in page
    assert "Rien n’a été fusionné" in page
    assert "6, 7, 8" in page
    raw = client.get(f"{DOUBLES}/1").get_data(as_text=True)
    assert "<script>alert" not in raw
    page = text(client, f"{DOUBLES}/1")
    assert "Le même texte, aux majuscules et à la ponctuation près." in page
    marked = re.findall("<mark>(.*?)</mark>", page)
    assert sum("route sans trottoir" in piece for piece in marked) >= 2
    assert not any("vingt et une" in piece for piece in marked)
    assert page.count("compte, mais ne se cite pas") == 4
    for path in (f"{DOUBLES}/2", f"{DOUBLES}/0", f"{DOUBLES}/1?page=2", f"{DOUBLES}?page=2"):
        assert client.get(path).status_code == 404


def test_a_text_that_changed_is_not_cut(app: Flask, runtime: Runtime, house: cases.House) -> None:
    preparing_cases.analysed(runtime, house)
    with runtime.database.writing() as session:
        row = session.scalars(select(TextVersion).where(TextVersion.text == LETTER.upper())).one()
        row.text = "Autre chose."
    page = text(client_for(app, "coordinator"), f"{DOUBLES}/1")
    assert "Autre chose" not in page
    assert "1 comparaison de cette page porte sur un texte qui a changé" in page


def test_before_any_analysis(app: Flask, runtime: Runtime, house: cases.House) -> None:
    client = client_for(app, "coordinator")
    assert "Rien à préparer pour l’instant." in text(client, PREPARE)
    assert "Pas encore de comparaison." in text(client, DOUBLES)
    assert client.get(f"{DOUBLES}/1").status_code == 404
    cases.analysed(runtime, house.actors["coordinator"], house.campaign)
    assert "Rien à préparer pour l’instant." in text(client, PREPARE)
    preparing_cases.analysed(runtime, house)
    assert "Rien à préparer pour l’instant." in text(client, PREPARE.replace("LOG", "TRA"))


def test_nothing_near_is_said(app: Flask, runtime: Runtime) -> None:
    preparing_cases.analysed(runtime, cases.house(runtime))
    page = text(client_for(app, "coordinator"), DOUBLES)
    assert "Parmi 5 témoignages, aucun n’est presque la copie d’un autre." in page


def test_who_may_not(app: Flask, runtime: Runtime, house: cases.House) -> None:
    preparing_cases.analysed(runtime, house)
    for path in (PREPARE, DOUBLES, f"{DOUBLES}/1"):
        assert client_for(app, "coordinator-voisin").get(path).status_code == 404
        assert client_for(app, "reader").get(path).status_code == 404
    client = client_for(app, "coordinator")
    assert client.get(PREPARE.replace("LOG", "LOG1")).status_code == 404
    assert client.get(PREPARE.replace("LOG", "ZZZ")).status_code == 404
    reader, campaign = house.actors["reader"], house.campaign
    with runtime.database.reading() as session:
        row = session.get_one(Campaign, campaign.id)
        with pytest.raises(Forbidden):
            findings_reading.prepared(session, reader, row, None, "LOG")
        with pytest.raises(Forbidden):
            doubles_reading.overview(session, reader, None, 1)
        run = analyses.latest(session, cases.stranger(house), row)
        assert run is None
        assert session.scalars(select(Testimony)).first() is not None
