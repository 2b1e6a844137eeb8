"""The pages of results: what they show, to whom, and that every number opens its excerpts."""

from __future__ import annotations

import html
import re

import pytest
from flask import Flask
from sqlalchemy import select

import factories
import results_cases as cases
from pages import CheckedClient, client_for
from survey_app.models import Campaign, Job, Testimony
from survey_app.runtime import Runtime
from survey_app.services import jobs


@pytest.fixture
def house(runtime: Runtime) -> cases.House:
    return cases.house(runtime)


def text(client: CheckedClient, path: str, status: int = 200) -> str:
    answer = client.get(path)
    assert answer.status_code == status, (path, answer.status_code)
    return html.unescape(answer.get_data(as_text=True)).replace("\u00a0", " ")


def test_an_empty_house_says_what_to_do_first(app: Flask, runtime: Runtime) -> None:
    with runtime.database.writing() as session:
        factories.actors(session, factories.council(session))
    assert "Créez une campagne" in text(client_for(app, "coordinator"), "/resultats/")
    assert "publiée" in text(client_for(app, "reader"), "/resultats/")


def test_a_campaign_without_analysis_offers_to_launch_it(app: Flask, house: cases.House) -> None:
    page = text(client_for(app, "coordinator"), "/resultats/essai")
    assert "Lancer l’analyse" in page
    councillor = text(client_for(app, "councillor"), "/resultats/essai")
    assert "peut lancer l’analyse" in councillor
    assert '<button class="button" type="submit">Lancer' not in councillor


def test_two_taps_start_one_analysis(app: Flask, house: cases.House) -> None:
    coordinator = client_for(app, "coordinator")
    first = coordinator.send("/resultats/essai/analyse", {}, page="/resultats/essai")
    second = coordinator.send("/resultats/essai/analyse", {}, page="/resultats/essai")
    assert first.status_code == second.status_code == 303
    assert first.location == second.location
    with house.runtime.database.reading() as session:
        job = session.scalars(select(Job)).one()
    assert (job.kind, job.state, job.parameters) == ("analyse", "queued", {"campaign": "essai"})
    assert "En attente" in text(coordinator, first.location)
    told = coordinator.get(f"{first.location}/etat").get_json()
    assert told["state"] == "queued"
    assert told["over"] is False


def test_every_number_opens_as_many_excerpts(app: Flask, house: cases.House) -> None:
    cases.analysed(house.runtime, house.actors["coordinator"], house.campaign)
    councillor = client_for(app, "councillor")
    page = text(councillor, "/resultats/essai")
    rows = re.findall(
        r'<a href="(/resultats/essai/themes/\w+)" aria-label="(\d+ témoignages?)[^"]*">(\d+)</a>',
        page,
    )
    found = {url.rsplit("/", 1)[1]: int(number) for url, _, number in rows}
    assert found == {"LOG": 4, "CAD": 1, "LOG1": 3, "LOG2": 1, "CAD1": 1}
    for url, label, number in rows:
        proof = text(councillor, url)
        assert f"{label} ·" in proof
        cited = set(re.findall(r"<span>Témoignage (\d+)</span>", proof))
        assert len(cited) == int(number)
    assert "5 témoignages · 2 rencontres · 5 personnes" in page
    assert "Thèmes dont personne n’a parlé" in page


def test_an_excerpt_is_shown_in_its_context_with_its_consent(
    app: Flask, house: cases.House
) -> None:
    with house.runtime.database.writing() as session:
        row = session.get_one(Testimony, house.testimonies[0].id)
        cases.coded(session, row, "CAD2", house.actors["evaluator"], quote="tombe en panne")
    page = text(client_for(app, "evaluator"), "/resultats/essai/themes/CAD2")
    assert "<mark>tombe en panne</mark>" in page
    assert "Le soir l’ascenseur " in page
    assert "É-0006" in page
    assert "R-01, 2 avril 2026, devant l’école" in page
    assert "peut être cité" in page
    assert "compte, mais ne se cite pas" in text(
        client_for(app, "evaluator"), "/resultats/essai/themes/LOG1"
    )


def test_many_excerpts_come_fifty_at_a_time(app: Flask, house: cases.House) -> None:
    with house.runtime.database.writing() as session:
        meeting = factories.meeting(session, session.get_one(Campaign, house.campaign.id))
        for number in range(60):
            row = factories.testimony(session, meeting, masked=f"Parole {number} sur la ville.")
            cases.coded(session, row, "SAN", house.actors["coordinator"])
    councillor = client_for(app, "councillor")
    first = text(councillor, "/resultats/essai/themes/SAN")
    second = text(councillor, "/resultats/essai/themes/SAN?page=2")
    assert first.count("<mark>") == 50
    assert second.count("<mark>") == 10
    assert "60 extraits" in first
    text(councillor, "/resultats/essai/themes/SAN?page=3", 404)


def test_unknown_codes_and_campaigns_do_not_exist(app: Flask, house: cases.House) -> None:
    councillor = client_for(app, "councillor")
    text(councillor, "/resultats/essai/themes/ZZZ9", 404)
    text(councillor, "/resultats/autre", 404)
    neighbour = client_for(app, "councillor-voisin")
    for path in ("", "/themes/LOG", "/themes/", "/images/nuage.svg", "/syntheses"):
        text(neighbour, f"/resultats/essai{path}", 404)
    assert "Vivre ici" not in text(neighbour, "/resultats/")


def test_a_newer_coding_makes_the_run_old(app: Flask, house: cases.House) -> None:
    cases.analysed(house.runtime, house.actors["coordinator"], house.campaign)
    councillor = client_for(app, "councillor")
    warning = "Des témoignages ou des codages ont changé"
    assert warning not in text(councillor, "/resultats/essai")
    with house.runtime.database.writing() as session:
        row = session.get_one(Testimony, house.testimonies[1].id)
        cases.coded(session, row, "LOG1", house.actors["coordinator"])
    assert warning in text(councillor, "/resultats/essai")
    assert "donnait d’autres nombres" in text(councillor, "/resultats/essai/themes/LOG1")


def test_a_picture_is_alone_and_safe(app: Flask, house: cases.House) -> None:
    cases.analysed(house.runtime, house.actors["coordinator"], house.campaign)
    councillor = client_for(app, "councillor")
    page = text(councillor, "/resultats/essai")
    assert 'src="/resultats/essai/images/nuage.svg"' in page
    assert "« ascenseur »" in page
    svg = councillor.get("/resultats/essai/images/nuage.svg")
    assert svg.mimetype == "image/svg+xml"
    assert svg.headers["Content-Security-Policy"] == "default-src 'none'; style-src 'none'"
    png = councillor.get("/resultats/essai/images/nuage.png")
    assert png.data.startswith(b"\x89PNG")
    assert councillor.get("/resultats/essai/images/autre.svg").status_code == 404


def test_nothing_coded_says_so(app: Flask, runtime: Runtime) -> None:
    with runtime.database.writing() as session:
        council = factories.council(session)
        actors = factories.actors(session, council)
        campaign = factories.campaign(session, council)
        factories.testimony(session, factories.meeting(session, campaign), masked="Un banc.")
    cases.analysed(runtime, actors["coordinator"], campaign)
    page = text(client_for(app, "councillor"), "/resultats/essai")
    assert "Aucun extrait n’est codé" in page
    assert "1 témoignage sans aucun extrait codé" in page


def test_a_finished_job_leads_to_its_result(app: Flask, house: cases.House) -> None:
    coordinator = house.actors["coordinator"]
    with house.runtime.database.writing() as session:
        job = jobs.create(session, coordinator, "analyse", house.campaign.id, campaign="essai")
    jobs.run(house.runtime, job.id, {"analyse": lambda *given: {}})
    page = text(client_for(app, "evaluator"), f"/resultats/travaux/{job.id}")
    assert "C’est terminé" in page
    assert 'href="/resultats/essai"' in page
    text(client_for(app, "evaluator-voisin"), f"/resultats/travaux/{job.id}", 404)


@pytest.mark.parametrize("login", ["reader", "admin", "dpo"])
def test_who_only_reads_sees_no_analysis(app: Flask, house: cases.House, login: str) -> None:
    visitor = client_for(app, login)
    assert "Vivre ici" not in text(visitor, "/resultats/")
    for path in ("", "/themes/LOG", "/images/nuage.svg", "/syntheses/1/edition"):
        text(visitor, f"/resultats/essai{path}", 404)
