"""The pages of double coding: opening, following, the figures, deciding, closing; and who may."""

from __future__ import annotations

import csv
import html
import io
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

import factories
from pages import CheckedClient, client_for
from round_cases import both_done, put, tour
from survey_app.models import AgreementRound, Arbitration, Coding, Testimony
from survey_app.runtime import Runtime

COORDINATOR, ONE, TWO = "coordinator", "councillor", "councillor2"


def text(client: CheckedClient, path: str, status: int = 200) -> str:
    answer = client.get(path)
    assert answer.status_code == status, (path, answer.status_code)
    return html.unescape(answer.get_data(as_text=True)).replace("\u00a0", " ")


@pytest.fixture
def settled(runtime: Runtime) -> dict[str, Any]:
    """Two texts of four sentences, an open round on the first with two differences."""
    with runtime.database.writing() as session:
        actors = factories.actors(session, council := factories.council(session))
        found = tour(session, factories.campaign(session, council), actors)
        factories.testimony(session, found.texts[0].meeting, masked="Un texte libre.")
        put(session, found.one, found.texts[0], [0], "LOG4")
        put(session, found.two, found.texts[0], [0, 1], "LOG4")
        put(session, found.two, found.texts[0], [1], "MOB")
        stranger = factories.council(session, "Conseil voisin")
        factories.actors(session, stranger, "-b")
        return {"found": found, "page": f"/accord/tour/{found.round.id}"}


@pytest.fixture
def both(runtime: Runtime, settled: dict[str, Any]) -> str:
    with runtime.database.writing() as session:
        both_done(session, settled["found"])
    with runtime.database.reading() as session:
        assert session.scalars(select(AgreementRound.state)).one() == "arbitration"
    return str(settled["page"])


def test_while_they_code_nothing_is_shown_of_their_codes(
    app: Flask, settled: dict[str, Any]
) -> None:
    for login in (COORDINATOR, ONE, TWO):
        person = client_for(app, login)
        page = text(person, settled["page"])
        assert "0 sur 1" in page
        assert "LOG4" not in page
        for room in ("/phrases", "/tableau.csv"):
            said = text(person, settled["page"] + room, 409)
            assert "codent encore" in said
            assert "LOG4" not in said
    mine = text(client_for(app, ONE), settled["page"])
    assert "Coder le témoignage n° 1" in mine
    assert "Arrêter le codage" not in mine
    assert "Coder le témoignage" not in text(client_for(app, COORDINATOR), settled["page"])


def test_who_may_open_which_page(app: Flask, settled: dict[str, Any]) -> None:
    """Coders read their own round; the coordination all; another council finds nothing."""
    evaluator, stranger = client_for(app, "evaluator"), client_for(app, "coordinator-b")
    for room in ("", "/phrases", "/tableau.csv"):
        text(evaluator, settled["page"] + room, 404)
        text(stranger, settled["page"] + room, 404)
    text(stranger, "/accord/essai", 404)
    text(client_for(app, ONE), "/accord/essai/nouveau", 404)
    assert "On ne vous a pas encore demandé" in text(evaluator, "/accord/essai")
    for gesture in ("arreter", "clore", "phrases"):
        target = f"{settled['page']}/{gesture}"
        for login in (ONE, "evaluator", "coordinator-b"):
            answer = client_for(app, login).send(target, {}, "/compte/")
            assert answer.status_code == 404, (login, gesture)


def test_the_coordination_opens_a_round(
    app: Flask, runtime: Runtime, settled: dict[str, Any]
) -> None:
    desk, page = client_for(app, COORDINATOR), "/accord/essai/nouveau"
    found = settled["found"]
    one, two = str(found.one.account_id), str(found.two.account_id)
    given = {"first": one, "second": two, "how": "lot", "count": "5", "title": "Essai"}
    refused: list[tuple[dict[str, str], str]] = [
        ({"second": one}, "deux personnes différentes"),
        ({"first": ""}, "Choisissez une personne"),
        ({"count": "dix"}, "de 1 à 200 textes"),
        ({"count": "٣" * 9}, "de 1 à 200 textes"),
        ({"how": "named", "numbers": "1"}, "ne peuvent pas être pris : 1."),
        ({"how": "named", "numbers": "<b>"}, "n’est pas un numéro"),
        ({"title": "x" * 201}, "dépasse 200 caractères"),
    ]
    for change, said in refused:
        answer = desk.send(page, given | change)
        assert answer.status_code == 422, change
        assert said in html.unescape(answer.get_data(as_text=True)).replace("\u00a0", " ")
    for wrong in ({"first": "personne"}, {"how": "autre"}):
        assert desk.send(page, given | wrong).status_code == 422
    with runtime.database.reading() as session:
        assert len(session.scalars(select(AgreementRound)).all()) == 1
    answer = desk.send(page, given)
    assert answer.status_code == 303
    assert "Essai" in text(desk, answer.location)
    with runtime.database.reading() as session:
        made = session.scalars(select(AgreementRound).where(AgreementRound.title == "Essai")).one()
        assert [row.testimony_id for row in made.texts] == [
            session.scalars(select(Testimony.id).where(Testimony.number == 2)).one()
        ]
    assert "Aucun texte ne peut entrer" in html.unescape(
        desk.send(page, given).get_data(as_text=True)
    )


def test_results_are_read_by_both_and_the_coordination(app: Flask, both: str) -> None:
    for login in (COORDINATOR, ONE, TWO):
        person = client_for(app, login)
        page = text(person, both)
        assert "Mêmes codes exactement : 1 sur 2 phrases." in page
        assert "Posé par les deux : 1" in page
        assert "par Councillor seulement : 0" in page
        assert "par Councillor2 seulement : 1" in page
        assert "%" not in page.split("Lire ces nombres")[0]
        assert ("Clore" in page) is (login == COORDINATOR)
        wide = text(person, f"{both}?phrases=toutes")
        assert "3 sur 4" in wide
        talk = text(person, f"{both}/phrases")
        assert "posé par Councillor2, pas par Councillor." in talk
        assert ("Garder" in talk) is (login == COORDINATOR)


def test_the_table_is_downloaded_without_names(app: Flask, both: str) -> None:
    answer = client_for(app, ONE).get(f"{both}/tableau.csv")
    assert answer.mimetype == "text/csv"
    said = answer.get_data().decode("utf-8-sig")
    assert "Councillor" not in said
    head, *rows = csv.reader(io.StringIO(said), delimiter=";")
    log4 = dict(zip(head, rows[0], strict=True))
    assert (log4["code"], log4["les deux"], log4["phrases comparées"]) == ("LOG4", "1", "2")
    assert (log4["accord (%)"], log4["kappa de Cohen"]) == ("", "0,00")
    assert log4["remarque"] == "Moins de 30 phrases : pas de pourcentage."
    wide = client_for(app, ONE).get(f"{both}/tableau.csv?phrases=toutes").get_data().decode()
    assert "LOG4" in wide
    assert wide != said


def test_the_coordination_decides_then_closes(app: Flask, runtime: Runtime, both: str) -> None:
    desk = client_for(app, COORDINATOR)
    page = f"{both}/phrases"
    with runtime.database.reading() as session:
        version = session.scalars(select(AgreementRound)).one().texts[0].text_version_id
    where = {"texte": str(version), "debut": "18", "code": "MOB"}
    answer = desk.send(page, where | {"decision": "garder", "raison": "<i>Oui</i>"})
    assert answer.status_code == 303
    assert answer.location.endswith(f"#phrase-{version}-18")
    assert "gardé" in text(desk, page)
    refused = desk.send(f"{both}/clore", {}, both)
    assert refused.status_code == 303
    assert "Il reste un désaccord" in text(desk, both)
    assert desk.send(f"{both}/clore", {"reste": "retirer"}, both).status_code == 303
    closed = text(desk, both)
    assert "désormais" in closed
    assert "Clore" not in closed
    assert "1 sur 2" in closed
    with runtime.database.reading() as session:
        rows = session.execute(select(Coding.code, Coding.state).order_by(Coding.id)).all()
        assert sorted(map(tuple, rows)) == [
            ("LOG4", "undone"),
            ("LOG4", "validated"),
            ("LOG4", "validated"),
            ("MOB", "validated"),
        ]
    after = client_for(app, ONE).get(page)
    assert "&lt;i&gt;Oui&lt;/i&gt;" in after.get_data(as_text=True)
    assert "decision" not in text(desk, page)


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"decision": ""}, 422),
        ({"decision": "peut-être"}, 422),
        ({"debut": "-1"}, 409),
        ({"debut": "9" * 400}, 409),
        ({"texte": "'; --"}, 409),
        ({"code": "<script>"}, 409),
        ({"raison": "x" * 501}, 422),
    ],
)
def test_hostile_decisions_are_refused(
    app: Flask, runtime: Runtime, both: str, change: dict[str, str], status: int
) -> None:
    desk = client_for(app, COORDINATOR)
    with runtime.database.reading() as session:
        version = session.scalars(select(AgreementRound)).one().texts[0].text_version_id
    given = {"texte": str(version), "debut": "18", "code": "MOB", "decision": "garder"}
    assert desk.send(f"{both}/phrases", given | change).status_code == status
    with runtime.database.reading() as session:
        assert session.scalars(select(Arbitration)).all() == []


def test_odd_pages_and_early_ends(app: Flask, settled: dict[str, Any]) -> None:
    desk = client_for(app, COORDINATOR)
    assert desk.send(f"{settled['page']}/arreter", {}, settled["page"]).status_code == 303
    assert "Il n’y a rien à comparer." in text(desk, settled["page"])
    for page in ("0", "-4", "99999999999999999999", "x"):
        assert "Aucune phrase à discuter." in text(desk, f"{settled['page']}/phrases?page={page}")
    assert desk.send(f"{settled['page']}/arreter", {}, settled["page"]).status_code == 409
    assert desk.get("/accord/").location.endswith("/accord/essai")
    assert desk.get("/accord/ailleurs").status_code == 404
