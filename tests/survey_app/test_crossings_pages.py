"""Crossings in the browser's pages: from the job to each cell's excerpts, masked cells shut."""

from __future__ import annotations

import html
import re
from datetime import date

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import delete, func, select

import factories
import results_cases as cases
from analysis.lexicon import WordCount
from analysis.pictures import OUTSIDE_THRESHOLD, word_cloud
from pages import CheckedClient, client_for
from survey_app.domain import Forbidden, NotFound
from survey_app.models import Campaign, Coding, Crossing, Run, Testimony
from survey_app.permissions import Actor
from survey_app.runtime import Runtime
from survey_app.services import analyses, crossings, run_pictures

WORDS = "Le bus du soir ne passe plus et on rentre à pied."


@pytest.fixture
def actors(runtime: Runtime) -> dict[str, Actor]:
    """Thirty testimonies of two ages at two meetings, all on TRA; four older people on LOG."""
    with runtime.database.writing() as session:
        council = factories.council(session)
        made = factories.actors(session, council)
        campaign = factories.campaign(session, council)
        held = [
            factories.meeting(session, campaign, made["councillor"], held_on=date(2026, month, 2))
            for month in (4, 5)
        ]
        for number in range(30):
            row = factories.testimony(
                session,
                held[number % 2],
                masked=WORDS,
                profile={"age": "25_39" if number < 18 else "60_74"},
                cite="refused" if number % 3 else "granted",
            )
            cases.coded(session, row, "TRA1", made["coordinator"], tonalite="négative")
            if number >= 26:
                cases.coded(session, row, "LOG1", made["coordinator"], quote="Le bus")
    analyses.work(runtime, made["coordinator"], {"campaign": "essai"}, lambda *step: None)
    return made


def text(client: CheckedClient, path: str, status: int = 200) -> str:
    answer = client.get(path)
    assert answer.status_code == status, (path, answer.status_code)
    return html.unescape(answer.get_data(as_text=True)).replace("\u00a0", " ")


def numbers(page: str) -> list[tuple[str, int]]:
    return [
        (url, int(number))
        for url, number in re.findall(r'<a href="(/[^"]+/extraits[^"]*)"><strong>(\d+)', page)
    ]


def test_every_number_shown_opens_its_excerpts(app: Flask, actors: dict[str, Actor]) -> None:
    person = client_for(app, "councillor")
    first = person.get("/resultats/essai/croisements")
    assert first.status_code == 303
    assert first.location.endswith("/croisements/quartier")
    page = text(person, "/resultats/essai/croisements/age")
    shown = numbers(page)
    assert sorted(number for _, number in shown) == [12, 12, 18, 18]
    for url, number in shown:
        assert f"{number} témoignages ·" in text(person, url)
    assert "compte, mais ne se cite pas" in text(person, shown[0][0])


def test_a_small_cell_is_masked_and_stays_shut(app: Flask, actors: dict[str, Actor]) -> None:
    person = client_for(app, "coordinator")
    page = text(person, "/resultats/essai/croisements/age")
    assert page.count('class="masked"') == 2, "four people on LOG, and the zero beside them"
    for column in ("25_39", "60_74", "ailleurs"):
        path = f"/resultats/essai/croisements/age/extraits?theme=LOG&colonne={column}"
        assert "masqué" in text(person, path, 404)
    text(person, "/resultats/essai/croisements/age?filtre=quartier:ailleurs", 404)
    text(person, "/resultats/essai/croisements/ailleurs", 404)


def test_behind_a_profile_the_words_say_neither_where_nor_when(
    app: Flask, actors: dict[str, Actor]
) -> None:
    person = client_for(app, "councillor")
    told = r"Témoignage \d+|É-\d{4}|devant l’école"
    behind = numbers(text(person, "/resultats/essai/croisements/age"))[0][0]
    assert not re.search(told, text(person, behind))
    behind = numbers(text(person, "/resultats/essai/croisements/methode"))[0][0]
    assert re.search(told, text(person, behind))


def test_a_filter_narrows_and_its_cells_open(app: Flask, actors: dict[str, Actor]) -> None:
    person = client_for(app, "evaluator")
    page = text(person, "/resultats/essai/croisements/age")
    assert '<optgroup label="Mois">' in page
    chosen = "/resultats/essai/croisements?avec=age&filtre="
    assert person.get(f"{chosen}mois:2026-04").location.endswith("age?filtre=mois:2026-04")
    assert person.get(f"{chosen}mois:1999-01").location.endswith("/age")
    text(person, "/resultats/essai/croisements?avec=ailleurs", 404)
    april = text(person, "/resultats/essai/croisements/age?filtre=mois:2026-04")
    assert "avril 2026" in april
    shown = numbers(april)
    assert sorted(number for _, number in shown) == [6, 6, 9, 9]
    for url, number in shown:
        assert f"{number} témoignages ·" in text(person, url)


def test_what_became_small_since_the_analysis_is_not_opened(
    app: Flask, runtime: Runtime, actors: dict[str, Actor]
) -> None:
    with runtime.database.writing() as session:
        few = select(Testimony.number).order_by(Testimony.number).limit(27)
        kept = session.scalars(few).all()
        gone = select(Testimony).where(Testimony.number.in_(kept))
        for row in session.scalars(gone).all():
            row.state = "set_aside"
    path = "/resultats/essai/croisements/age/extraits?theme=TRA&colonne=60_74"
    assert "devenu trop petit" in text(client_for(app, "councillor"), path, 409)


def test_crossings_belong_to_a_run_and_a_council(
    runtime: Runtime, actors: dict[str, Actor]
) -> None:
    with runtime.database.writing() as session:
        other = factories.actors(session, factories.council(session, "Voisin"), suffix="-v")
    with runtime.database.reading() as session:
        run = session.scalars(select(Run)).one()
        assert crossings.listed(session, other["coordinator"], run) == []
        with pytest.raises(NotFound):
            crossings.view(session, other["coordinator"], run, "age")
        with pytest.raises(Forbidden):
            crossings.view(session, actors["reader"], run, "age")
        label = dict(crossings.listed(session, actors["coordinator"], run))
        assert label["quartier"] == "Quartier"
    with runtime.database.writing() as session:
        session.execute(delete(Run))
        assert session.scalar(select(func.count()).select_from(Crossing)) == 0


def test_pictures_of_themes_and_bars_are_on_the_pages(
    app: Flask, runtime: Runtime, actors: dict[str, Actor]
) -> None:
    person = client_for(app, "councillor")
    with runtime.database.reading() as session:
        gallery = run_pictures.gallery(session, session.scalars(select(Run)).one())
        assert gallery.bars is not None
        assert [item.name for item in gallery.themes] == ["nuage-theme-TRA"]
        assert gallery.places == ()
    page = text(person, "/resultats/essai/nuages")
    assert "Mots du thème : " in page
    for name in ("themes", "nuage", "nuage-theme-TRA"):
        for kind, begins in (("svg", b"<svg"), ("png", b"\x89PNG")):
            answer = person.get(f"/resultats/essai/images/{name}.{kind}")
            assert answer.status_code == 200
            assert answer.data.startswith(begins)
    assert "/images/themes.svg" in text(person, "/resultats/essai")
    text(person, "/resultats/essai/images/nuage-theme-LOG.svg", 404)


def test_an_uncoded_campaign_gets_leads_apart_from_findings(
    app: Flask, runtime: Runtime, actors: dict[str, Actor]
) -> None:
    with runtime.database.writing() as session:
        session.execute(delete(Coding))
    analyses.work(runtime, actors["coordinator"], {"campaign": "essai"}, lambda *step: None)
    person = client_for(app, "coordinator")
    page = text(person, "/resultats/essai")
    assert "exploratoire : ce que les mots semblent désigner" in page
    assert "BROUILLON" in page
    assert "ne sont pas des constats" in page
    assert "Aucun extrait n’est codé" in page
    person.send("/resultats/essai/syntheses", {}, page="/resultats/essai/syntheses")
    written = text(person, "/resultats/essai/syntheses/1")
    assert "Les mots semblent désigner surtout" in written
    with runtime.database.reading() as session:
        campaign = session.scalars(select(Campaign)).one()
        run = analyses.latest(session, actors["coordinator"], campaign)
        assert analyses.pointed_of(run)[0].theme == "TRA"


def test_before_any_analysis_the_page_says_what_to_do(app: Flask, runtime: Runtime) -> None:
    with runtime.database.writing() as session:
        council = factories.council(session)
        factories.actors(session, council)
        factories.campaign(session, council)
    person = client_for(app, "coordinator")
    assert "Lancez l’analyse" in text(person, "/resultats/essai/croisements")
    text(person, "/resultats/essai/nuages")


@given(st.lists(st.lists(st.integers(0, 30), min_size=3, max_size=3), min_size=1, max_size=4))
def test_clouds_of_places_give_no_small_count_away(table: list[list[int]]) -> None:
    """Words by places, the third of which has no cloud: what is shown leaves no small remainder."""
    words = [f"mot{rank}" for rank in range(len(table))]
    said = [
        [WordCount(word, 99, row[place], (word,)) for word, row in zip(words, table, strict=True)]
        for place in (0, 1)
    ]
    whole = [WordCount(word, 99, sum(row), (word,)) for word, row in zip(words, table, strict=True)]
    masked = run_pictures.given_away(said, whole)
    for word, row in zip(words, table, strict=True):
        shown = sum(row[n] for n in (0, 1) if word not in masked[n])
        assert all(row[n] >= OUTSIDE_THRESHOLD for n in (0, 1) if word not in masked[n])
        left = sum(row) - shown
        assert shown == 0 or left >= OUTSIDE_THRESHOLD or (left == 0 and row[2] == 0)


def test_a_count_masked_in_a_cloud_is_nowhere_in_it() -> None:
    said = [WordCount(f"mot{rank}", 70 + rank, 20 + rank, (f"mot{rank}",)) for rank in range(3)]
    cloud = word_cloud(said, masked={"mot1"})
    assert [row[1:] for row in cloud.rows] == [("70", "20"), ("masqué", "masqué"), ("72", "22")]
    assert "71" not in cloud.alt
