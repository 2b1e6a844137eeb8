"""Network, classes, planes in the browser's pages: every number opens its sentences."""

from __future__ import annotations

import html
import re

import pytest
from flask import Flask

import factories
import maps_cases as cases
import results_cases
from analysis.sentences import sentences
from pages import CheckedClient, client_for
from survey_app.domain import Forbidden, NotFound
from survey_app.models import Campaign, Testimony, TextVersion
from survey_app.runtime import Runtime
from survey_app.services import (
    classes_reading,
    network_reading,
    passages,
    plane_reading,
)
from survey_app.services.passages import Spot

PAGES = ("reseau", "classes", "plan")


@pytest.fixture
def heard(runtime: Runtime, monkeypatch: pytest.MonkeyPatch) -> cases.Heard:
    return cases.heard(runtime, monkeypatch)


def text(client: CheckedClient, path: str, status: int = 200) -> str:
    answer = client.get(path)
    assert answer.status_code == status, (path, answer.status_code)
    return re.sub(r"[\u00a0\u202f]", " ", html.unescape(answer.get_data(as_text=True)))


def test_every_pair_opens_as_many_sentences_as_it_says(app: Flask, heard: cases.Heard) -> None:
    person = client_for(app, "councillor")
    page = person.get("/resultats/essai/reseau").get_data(as_text=True)
    assert "reseau-title" in page
    found = re.findall(r'<a href="(/[^"]*phrases[^"]*)" aria-label="[^"]*">(\d+)</a>', page)
    assert len(found) == passages.PAGE
    for url, number in (*found[:3], found[-1]):
        opened = text(person, html.unescape(url))
        assert f"{number} phrases" in opened
        last = -(-int(number) // passages.PAGE)
        shown = opened.count('class="card stack"') + sum(
            text(person, f"{html.unescape(url)}&page={rank}").count('class="card stack"')
            for rank in range(2, last + 1)
        )
        assert shown == int(number)
        assert opened.count("<mark>") >= 2 * opened.count('class="card stack"')
    assert "peut être cité" in opened
    assert "compte, mais ne se cite pas" in opened
    second = text(person, "/resultats/essai/reseau?page=2")
    assert "Page 2 sur" in second
    text(person, "/resultats/essai/reseau?page=999", 404)
    text(person, "/resultats/essai/reseau?page=0", 404)


def test_a_pair_that_is_not_there_is_said_in_french(app: Flask, heard: cases.Heard) -> None:
    person = client_for(app, "councillor")
    for asked in ("a=bus&b=bus", "a=bus", "", "a=inconnu&b=bus", "a=%3Cscript%3E&b=%00"):
        said = text(person, f"/resultats/essai/reseau/phrases?{asked}", 404)
        assert "ne sont pas dans le réseau" in said
    # Two words of the network that no sentence joins.
    said = text(person, "/resultats/essai/reseau/phrases?a=bus&b=panne&page=x")
    assert "jamais dits dans une même phrase" in said


def test_the_pages_of_a_class_hold_all_its_passages(app: Flask, heard: cases.Heard) -> None:
    person = client_for(app, "councillor")
    for mode in ("simple", "double"):
        page = text(person, f"/resultats/essai/classes?mode={mode}")
        assert ("classes-title" in page) == (mode == "simple")
        found = re.findall(
            rf'<a href="(/resultats/essai/classes/\d\?mode={mode})">([\d ]+) passage', page
        )
        assert len({url for url, _ in found}) >= 3
        for url, number in found:
            opened = text(person, url)
            best, shown = opened.split('id="tous"')
            total = int(number)
            assert shown.count('class="card stack"') == min(total, passages.PAGE)
            if not url.startswith("/resultats/essai/classes/0"):
                assert 0 < best.count('class="card stack"') <= 10
            if total > passages.PAGE:
                further = text(person, f"{url}&page=2")
                assert "montrent le mieux" not in further
                assert further.count('class="card stack"') == min(total, 100) - passages.PAGE
    assert "classes ne disent" not in page
    text(person, "/resultats/essai/classes/99", 404)
    text(person, "/resultats/essai/classes/1?page=999", 404)
    assert "Classement simple" in text(person, "/resultats/essai/classes?mode=autre")


def test_the_plane_opens_words_and_themes(app: Flask, heard: cases.Heard) -> None:
    person = client_for(app, "councillor")
    answer = person.get("/resultats/essai/plan")
    assert answer.status_code == 303
    page = person.get(answer.headers["Location"]).get_data(as_text=True)
    assert "plan-theme-title" in page
    for url in set(re.findall(r'href="((?:concordance|themes)[^"]*)"', page)):
        assert person.get(f"/resultats/essai/{html.unescape(url)}").status_code == 200, url
    said = text(person, "/resultats/essai/plan?par=quartier", 404)
    assert "n’a pas fait ce plan" in said
    text(person, "/resultats/essai/plan?par=%3Cscript%3E", 404)


def test_links_of_the_pictures_open_pages(app: Flask, heard: cases.Heard) -> None:
    person = client_for(app, "councillor")
    for page in ("reseau", "classes"):
        svg = re.findall(r"<svg .*?</svg>", text(person, f"/resultats/essai/{page}"), re.S)
        links = [link for found in svg for link in re.findall(r'<a href="([^"]*)"', found)]
        assert links
        for link in links:
            assert person.get(f"/resultats/essai/{link}").status_code == 200, link


def test_hostile_words_stay_words(app: Flask, heard: cases.Heard) -> None:
    person = client_for(app, "councillor")
    for page in (
        "reseau",
        "classes",
        "classes/1",
        "plan?par=theme",
        "reseau/phrases?a=script&b=alert",
    ):
        raw = person.get(f"/resultats/essai/{page}").get_data(as_text=True)
        assert "<script>alert" not in raw, page
    assert "&lt;<mark>script</mark>&gt;" in raw
    assert "👩🏽‍🦱" in raw


def test_another_council_and_who_only_reads_see_nothing(app: Flask, heard: cases.Heard) -> None:
    for login in ("coordinator-voisin", "reader"):
        person = client_for(app, login)
        for page in (*PAGES, "reseau/phrases?a=bus&b=retard", "classes/1", "plan?par=theme"):
            text(person, f"/resultats/essai/{page}", 404)


def test_services_ask_who_reads(runtime: Runtime, heard: cases.Heard) -> None:
    reader, run = heard.actors["reader"], heard.run
    with runtime.database.reading() as session:
        campaign = session.get_one(Campaign, heard.campaign.id)
        for call in (
            lambda: network_reading.view(session, reader, run),
            lambda: classes_reading.view(session, reader, run, "simple"),
            lambda: plane_reading.view(session, reader, run, "theme"),
            lambda: passages.shown(session, reader, campaign, run, []),
        ):
            with pytest.raises(Forbidden):
                call()
        stranger = heard.stranger
        assert network_reading.view(session, stranger, run) is None
        assert plane_reading.listed(session, stranger, run) == []
        with pytest.raises(NotFound):
            passages.shown(session, stranger, campaign, run, [Spot(0, 0, 1)])


def test_a_text_that_changed_is_not_cut_at_old_places(
    app: Flask, runtime: Runtime, heard: cases.Heard
) -> None:
    with runtime.database.writing() as session:
        first = session.query(Testimony).order_by(Testimony.number).first()
        assert first is not None
        session.add(
            TextVersion(
                council_id=first.council_id,
                testimony_id=first.id,
                sequence=3,
                kind="masked",
                text="Un autre texte, masqué de nouveau.",
            )
        )
    person = client_for(app, "councillor")
    said = text(person, "/resultats/essai/reseau/phrases?a=ascenseur&b=panne")
    assert "le texte a changé depuis l’analyse" in said
    assert "Un autre texte" not in said
    with runtime.database.reading() as session:
        campaign = session.get_one(Campaign, heard.campaign.id)
        found = passages.shown(
            session, heard.actors["councillor"], campaign, heard.run, [Spot(0, 0, 5), Spot(1, 0, 5)]
        )
    assert (len(found.lines), found.changed) == (1, 1)


def test_a_passage_is_cut_where_its_marks_begin_and_end(
    runtime: Runtime, heard: cases.Heard
) -> None:
    with runtime.database.reading() as session:
        campaign = session.get_one(Campaign, heard.campaign.id)
        row = session.query(Testimony).order_by(Testimony.number).first()
        assert row is not None
        masked = row.text("masked")
        assert masked is not None
        said = masked.text
        span = sentences(said)[1]
        marks = ((span.start, span.start + 4), (span.start + 2, span.start + 6), (0, 1))
        (line,) = passages.shown(
            session, heard.actors["councillor"], campaign, heard.run, [Spot(0, *span, marks)]
        ).lines
    assert "".join(piece for piece, _ in line.pieces) == said[span.start : span.end]
    assert [len(piece) for piece, marked in line.pieces if marked] == [4, 2]
    assert line.before.lstrip("…") == said[max(0, span.start - passages.AROUND) : span.start]
    assert line.citable


def test_a_campaign_never_analysed_says_what_to_do(app: Flask, runtime: Runtime) -> None:
    with runtime.database.writing() as session:
        council = factories.council(session)
        factories.actors(session, council)
        factories.campaign(session, council)
    person = client_for(app, "councillor")
    for page in PAGES:
        assert "n’a pas encore été analysée" in text(person, f"/resultats/essai/{page}")
    text(person, "/resultats/essai/classes/1", 404)
    text(person, "/resultats/essai/reseau/phrases?a=bus&b=panne", 404)


def test_a_run_made_before_these_pages_says_so(app: Flask, runtime: Runtime) -> None:
    house = results_cases.house(runtime)
    results_cases.analysed(runtime, house.actors["coordinator"], house.campaign)
    person = client_for(app, "councillor")
    for page in ("reseau", "classes"):
        assert "Relancez-la" in text(person, f"/resultats/essai/{page}")
    assert "Pas de plan" in text(person, "/resultats/essai/plan")


def test_a_small_campaign_says_what_is_missing(
    app: Flask, runtime: Runtime, monkeypatch: pytest.MonkeyPatch
) -> None:
    house = results_cases.house(runtime)
    cases.analysed(runtime, monkeypatch, house.campaign, house.actors["coordinator"])
    person = client_for(app, "councillor")
    assert "Il en faut au moins 200" in text(person, "/resultats/essai/classes")
    assert "Il en faut au moins 200" in text(person, "/resultats/essai/classes?mode=double")
    assert "Pas de plan" in text(person, "/resultats/essai/plan")
    text(person, "/resultats/essai/classes/0", 404)
    text(person, "/resultats/essai/reseau")
