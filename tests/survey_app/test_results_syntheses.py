"""The pages of a synthesis: written, signed by two people, published, read, taken away."""

from __future__ import annotations

import html
import re

import pytest
from flask import Flask
from sqlalchemy import select

import results_cases as cases
from pages import CheckedClient, client_for
from survey_app.models import Coding, Job, Synthesis
from survey_app.runtime import Runtime
from survey_app.services import jobs, syntheses
from survey_app.services.works import WORKS

HOME = "/resultats/essai/syntheses"
V1 = f"{HOME}/1"


@pytest.fixture
def house(runtime: Runtime) -> cases.House:
    return cases.house(runtime)


@pytest.fixture
def coordinator(app: Flask, house: cases.House) -> CheckedClient:
    return client_for(app, "coordinator")


@pytest.fixture
def drafted(coordinator: CheckedClient) -> CheckedClient:
    assert coordinator.send(HOME, {}).location == f"{V1}/edition"
    return coordinator


@pytest.fixture
def published(app: Flask, house: cases.House, drafted: CheckedClient) -> CheckedClient:
    """Version 1 published, each gesture through its page."""
    edition = f"{V1}/edition"
    drafted.send(f"{V1}/soumettre", {}, page=edition)
    drafted.send(f"{V1}/signer", {"capacity": "coordinator"}, page=edition)
    client_for(app, "councillor2").send(f"{V1}/signer", {"capacity": "body"}, page=edition)
    assert drafted.send(f"{V1}/publier", {}, page=edition).location == V1
    return drafted


def text(client: CheckedClient, path: str, status: int = 200) -> str:
    answer = client.get(path)
    assert answer.status_code == status, (path, answer.status_code)
    found = html.unescape(answer.get_data(as_text=True))
    return found.replace("\u00a0", " ").replace("\u202f", " ")


FORM = {
    "sentence": "Nous avons entendu des avis opposés sur l’ascenseur.",
    "nature": "divergence",
    "nuance": "",
    "limit": "Peu d’aînés.",
    "kept": "y",
    "quotes": ["É-0001"],
}


def write(client: CheckedClient, **changes: object) -> tuple[int, str]:
    path = f"{V1}/edition/LOG"
    page = client.get(path).get_data(as_text=True)
    seen = re.search(r'name="seen"[^>]*value="([0-9a-f]+)"', page)
    assert seen
    answer = client.send(path, {"seen": seen[1]} | FORM | changes)
    return answer.status_code, html.unescape(answer.get_data(as_text=True))


def test_a_draft_bears_its_banner_and_reads_from_the_top(drafted: CheckedClient) -> None:
    page = text(drafted, V1)
    assert "BROUILLON" in page
    titles = ["essentiel", "question", "constats", "desaccords", "ressources", "propositions"]
    places = [
        page.index(f'<h2 id="{name}">') for name in (*titles, "entendus", "limites", "annexe")
    ]
    assert places == sorted(places)
    assert cases.LIFT in page
    assert cases.SECRET not in page


def test_every_sentence_opens_its_proof_in_one_click(drafted: CheckedClient) -> None:
    page = text(drafted, V1)
    essential = page[page.index('id="essentiel"') : page.index('id="question"')]
    sentences = re.findall(r"<li>(.*?)</li>", essential, re.S)
    assert len(sentences) == 3
    for sentence in sentences:
        link = re.search(r'href="([^"]+/preuves/\w+)"', sentence)
        assert link, sentence
        assert "Ce qui le prouve" in text(drafted, link[1])
    anchors = set(re.findall(r'href="([^"]+/preuves/\w+)#(É-\d+)"', page))
    assert anchors
    for url, label in anchors:
        assert f'id="{label}"' in text(drafted, url)


def test_the_proof_has_every_excerpt_that_was_counted(drafted: CheckedClient) -> None:
    page = text(drafted, f"{V1}/preuves/LOG")
    assert "4 extraits · 4 témoignages · 2 rencontres · 4 personnes" in re.sub("<[^>]+>", "", page)
    assert page.count('<li class="card stack"') == 4
    assert page.count("compte, mais ne se cite pas") == 1
    assert cases.SECRET not in page
    assert "codeur A" in page
    assert "9 avril 2026, au marché" in page
    text(drafted, f"{V1}/preuves/SAN", 404)
    text(drafted, f"{V1}/preuves/LOG?page=2", 404)


def test_people_rewrite_a_finding_and_choose_its_quotations(drafted: CheckedClient) -> None:
    status, _ = write(drafted)
    assert status == 303
    page = text(drafted, V1)
    finding = page[page.index('<h2 id="constats">') : page.index('<h2 id="desaccords">')]
    assert FORM["sentence"] in finding
    assert "Limite : Peu d’aînés." in finding
    assert cases.LIFT in finding
    assert cases.STAIRS not in finding


def test_a_finding_set_aside_is_not_printed(drafted: CheckedClient) -> None:
    path = f"{V1}/edition/LOG"
    data = {key: value for key, value in FORM.items() if key != "kept"}
    assert drafted.send(path, data).status_code == 303
    page = text(drafted, V1)
    assert FORM["sentence"] not in page
    assert "non retenus par l’équipe : 1" in page
    assert "écarté" in text(drafted, f"{V1}/edition")


def test_what_was_typed_is_never_lost(app: Flask, drafted: CheckedClient) -> None:
    status, page = write(drafted, sentence=" ", nuance="Mon long texte 😮")
    assert status == 422
    assert "Mon long texte 😮" in page
    status, page = write(drafted, limit="x" * 3001)
    assert status == 422
    assert "x" * 3001 in page
    answer = drafted.send(f"{V1}/edition/LOG", FORM | {"seen": "0" * 16, "nuance": "À moi"})
    page = html.unescape(answer.get_data(as_text=True))
    assert answer.status_code == 422
    assert "autre personne" in page
    assert "À moi" in page
    assert "Ce qui est enregistré en ce moment" in page
    present = re.search(r'name="seen"[^>]*value="([0-9a-f]+)"', page)
    assert present
    again = drafted.send(f"{V1}/edition/LOG", FORM | {"seen": present[1]})
    assert again.status_code == 303


def test_a_large_campaign_is_proved_when_asked_and_at_the_signature(
    drafted: CheckedClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    edition = f"{V1}/edition"
    before = text(drafted, edition)
    assert "Vérifier maintenant" not in before
    monkeypatch.setattr(syntheses, "QUICK", 0)
    page = text(drafted, edition)
    assert "Vérifier maintenant" in page
    assert write(drafted, sentence="99 témoignages sur 100 le disent.")[0] == 303
    assert "la phrase donne un nombre" not in text(drafted, edition)
    assert "la phrase donne un nombre" in text(drafted, f"{edition}?verifier=1")
    assert drafted.send(f"{V1}/soumettre", {}, page=edition).status_code == 409


def test_problems_are_listed_before_the_signature(
    app: Flask, house: cases.House, drafted: CheckedClient
) -> None:
    write(drafted, sentence="3 témoignages sur 5 en parlent.")
    page = text(drafted, f"{V1}/edition")
    assert "Ce qui reste à corriger" in page
    assert "ne confirment pas" in page
    answer = drafted.send(f"{V1}/soumettre", {}, page=f"{V1}/edition")
    assert answer.status_code == 409
    assert client_for(app, "councillor").get(f"{V1}/edition").status_code == 200


def test_each_voice_signs_once_and_the_page_says_who(
    app: Flask, house: cases.House, drafted: CheckedClient
) -> None:
    page = text(drafted, f"{V1}/edition")
    assert "Peut signer : Coordinator" in page
    assert "Peut signer : Councillor2" in page
    drafted.send(f"{V1}/soumettre", {}, page=f"{V1}/edition")
    other = client_for(app, "councillor")
    assert "pas le mandat" in text(other, f"{V1}/edition")
    refused = other.send(f"{V1}/signer", {"capacity": "body"}, page=f"{V1}/edition")
    assert refused.status_code == 403
    drafted.send(f"{V1}/signer", {"capacity": "coordinator"}, page=f"{V1}/edition")
    assert "Vous avez déjà signé" in text(drafted, f"{V1}/edition")
    drafted.send(f"{V1}/reprendre", {}, page=f"{V1}/edition")
    page = text(drafted, f"{V1}/edition")
    assert "de nouveau un brouillon" in page
    assert "signée</span> par" not in page


def test_a_reader_reads_what_is_published_and_nothing_before(
    app: Flask, house: cases.House, drafted: CheckedClient
) -> None:
    reader = client_for(app, "reader")
    for path in ("", "/preuves/LOG", "/images/themes.svg", "/fichiers/json", "/edition"):
        text(reader, V1 + path, 404)
    assert "Aucune synthèse publiée" in text(reader, HOME)


def test_a_published_synthesis_is_read_by_all_without_any_full_text(
    app: Flask, published: CheckedClient
) -> None:
    for login in ("reader", "dpo", "admin", "councillor"):
        visitor = client_for(app, login)
        assert f'href="{V1}"' in text(visitor, "/resultats/")
        page = text(visitor, V1)
        assert "BROUILLON" not in page
        assert cases.LIFT in page
        proof = text(visitor, f"{V1}/preuves/LOG")
        assert cases.QUIET in proof
        assert cases.SECRET not in proof
        svg = visitor.get(f"{V1}/images/themes.svg")
        assert svg.headers["Content-Security-Policy"].startswith("default-src 'none'")
    reader = client_for(app, "reader")
    assert "/resultats/essai/themes" not in text(reader, f"{V1}/preuves/LOG")
    assert reader.send(f"{V1}/fichiers", {"formats": ["json"]}, page=V1).status_code == 404


def test_a_new_version_says_why(published: CheckedClient) -> None:
    assert published.send(HOME, {"reason": ""}).status_code == 422
    answer = published.send(HOME, {"reason": "Une rencontre de plus."})
    assert answer.location == f"{HOME}/2/edition"
    assert "Une rencontre de plus." in text(published, HOME)


def test_files_are_written_by_a_job_and_offered(
    app: Flask, house: cases.House, published: CheckedClient
) -> None:
    assert published.send(f"{V1}/fichiers", {}, page=V1).status_code == 422
    answer = published.send(f"{V1}/fichiers", {"formats": ["json", "docx"]}, page=V1)
    assert re.fullmatch(r"/resultats/travaux/[0-9a-f-]{36}", answer.location)
    assert published.get(f"{V1}/fichiers/json").status_code == 404
    with house.runtime.database.reading() as session:
        job = session.scalars(select(Job)).one()
    assert jobs.run(house.runtime, job.id, WORKS).state == "done"
    assert f'href="{V1}"' in text(published, answer.location)
    page = text(client_for(app, "reader"), V1)
    assert f'href="{V1}/fichiers/docx"' in page
    got = client_for(app, "reader").get(f"{V1}/fichiers/docx", buffered=True)
    assert got.data.startswith(b"PK")
    assert "synthese-essai-v1.docx" in got.headers["Content-Disposition"]
    for name in ("pdf", "../../paroles.db", "..%2f..%2fparoles.db", "synthese.docx"):
        assert published.get(f"{V1}/fichiers/{name}").status_code == 404


def test_an_emptied_draft_says_how_to_go_on(house: cases.House, drafted: CheckedClient) -> None:
    with house.runtime.database.writing() as session:
        session.scalars(select(Synthesis)).one().document = {}
    assert "à recalculer" in text(drafted, f"{V1}/edition")
    assert "à recalculer" in text(drafted, V1, 409)
    text(drafted, f"{V1}/edition/LOG", 404)
    drafted.send(HOME, {})
    assert "Ce qui le prouve" in text(drafted, f"{V1}/preuves/LOG")


def test_a_synthesis_without_a_single_coding_says_so(app: Flask, house: cases.House) -> None:
    with house.runtime.database.writing() as session:
        for coding in session.scalars(select(Coding)):
            coding.state = "undone"
        syntheses.draft(session, house.actors["coordinator"], house.campaign)
    visitor = client_for(app, "councillor")
    assert "Aucun extrait n'a encore été codé" in text(visitor, V1)
    assert "Aucun constat" in text(visitor, f"{V1}/edition")


def test_another_council_has_no_such_synthesis(app: Flask, published: CheckedClient) -> None:
    stranger = client_for(app, "coordinator-voisin")
    for path in ("", "/edition", "/preuves/LOG", "/edition/LOG", "/images/themes.svg"):
        assert "Page introuvable" in text(stranger, V1 + path, 404)
