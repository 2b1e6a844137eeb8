"""The bench through its pages: two taps code, and nothing ticked is lost."""

from __future__ import annotations

import re
import uuid

import pytest
from flask import Flask
from markupsafe import escape
from sqlalchemy import select

import factories
import masking_cases
import pages
from survey_app.models import Coding, Excerpt, Testimony
from survey_app.runtime import Runtime

TEXT = "Le soir, <b>rien</b> ne marche. L’ascenseur est en panne 😀.\n\nUn banc est arrivé."


@pytest.fixture
def ids(runtime: Runtime) -> list[uuid.UUID]:
    """Two masked testimonies of « essai », and a neighbour council."""
    with runtime.database.writing() as session:
        council = factories.council(session)
        factories.actors(session, council)
        factories.account(session, council, "novice", "councillor")
        held = factories.meeting(session, factories.campaign(session, council))
        found = [factories.testimony(session, held, text=TEXT, masked=TEXT).id for _ in range(2)]
        factories.actors(session, factories.council(session, "Voisin"), "-b")
    return found


def bench(key: uuid.UUID, *more: str) -> str:
    return "/".join(("/codage/temoignage", str(key), *more))


def version(client: pages.CheckedClient, page: str) -> str:
    found = re.search(
        r'name="version"[^>]*value="([^"]+)"', client.get(page).get_data(as_text=True)
    )
    assert found
    return found[1]


def codings(runtime: Runtime) -> list[tuple[str, str]]:
    with runtime.database.reading() as session:
        query = select(Excerpt.quote, Coding.code).join(Coding).where(Coding.state == "validated")
        return [(quote, code) for quote, code in session.execute(query.order_by(Excerpt.number))]


def test_two_taps_undo_redo_and_finish(runtime: Runtime, app: Flask, ids: list[uuid.UUID]) -> None:
    coder, page = pages.client_for(app, "councillor"), bench(ids[0])
    shown = version(coder, page)
    sent = coder.send(page, {"version": shown, "phrase": ["0", "1"], "code": "LOG4"})
    assert sent.headers["Location"] == f"{page}#phrase-0"
    both = "Le soir, <b>rien</b> ne marche. L’ascenseur est en panne 😀."
    assert codings(runtime) == [(both, "LOG4")]
    html = coder.get(page).get_data(as_text=True)
    assert "Retirer Parties communes" in html
    assert str(escape("<b>rien</b>")) in html
    assert "<b>rien" not in html
    coder.send(bench(ids[0], "annuler"), {}, page=page)
    assert codings(runtime) == []
    coder.send(bench(ids[0], "refaire"), {}, page=page)
    assert codings(runtime) == [(both, "LOG4")]
    done = coder.send(bench(ids[0], "terminer"), {}, page=page)
    assert done.headers["Location"] == bench(ids[1])
    with runtime.database.reading() as session:
        assert session.get_one(Testimony, ids[0]).state == "coded"
    last = coder.send(bench(ids[1], "rien"), {}, page=bench(ids[1]))
    assert last.headers["Location"].endswith("/codage/essai?file=pret")
    assert coder.get("/codage/essai?file=pret").status_code == 200


def test_what_is_ticked_survives_a_search_and_a_refusal(
    runtime: Runtime, app: Flask, ids: list[uuid.UUID]
) -> None:
    coder, page = pages.client_for(app, "councillor"), bench(ids[0])
    shown = version(coder, page)
    ticked = {"version": shown, "phrase": ["1"], "facette-tonalite": "négative"}
    found = coder.send(page, ticked | {"words": "gardien", "chercher": "oui"})
    html = found.get_data(as_text=True)
    assert found.status_code == 200
    assert re.search(r'id="p1"[^>]*checked', html)
    assert "<option selected>négative" in html
    assert html.index('value="LOG4"') < html.index('id="grille"')
    for data, status in (
        (ticked | {"code": "SIG"}, 422),
        (ticked | {"code": "LOG4", "version": "ancienne"}, 409),
        (ticked | {"phrase": ["77"], "code": "LOG4"}, 422),
        ({"version": shown, "code": "LOG4"}, 422),
        (ticked | {"facette-critere": "impact", "code": "LOG4"}, 422),
    ):
        refused = coder.send(page, data)
        assert refused.status_code == status, data
    assert re.search(r'id="p1"[^>]*checked', refused.get_data(as_text=True))
    assert codings(runtime) == []


def test_a_code_is_removed_by_who_put_it(
    runtime: Runtime, app: Flask, ids: list[uuid.UUID]
) -> None:
    page = bench(ids[0])
    coder, other = pages.client_for(app, "councillor"), pages.client_for(app, "evaluator")
    coder.send(page, {"version": version(coder, page), "phrase": "0", "code": "LOG"})
    with runtime.database.reading() as session:
        key = str(session.scalars(select(Coding.id)).one())
    assert key not in other.get(page).get_data(as_text=True)
    assert other.send(bench(ids[0], "retirer"), {"codage": key}, page=page).status_code == 403
    assert coder.send(bench(ids[0], "retirer"), {"codage": key}, page=page).status_code == 303
    assert codings(runtime) == []


def test_who_is_not_trained_reads_only(app: Flask, ids: list[uuid.UUID]) -> None:
    novice, page = pages.client_for(app, "novice"), bench(ids[0])
    html = novice.get(page).get_data(as_text=True)
    assert "Lire le témoignage" in html
    assert 'name="code"' not in html
    data = {"version": version(novice, page), "phrase": "0", "code": "LOG"}
    assert novice.send(page, data).status_code == 403
    assert "pas encore formé" in novice.get("/codage/essai").get_data(as_text=True)


@pytest.mark.parametrize("login", ["reader", "admin", "dpo", "coordinator-b", "evaluator-b"])
def test_others_find_nothing(app: Flask, ids: list[uuid.UUID], login: str) -> None:
    visitor = pages.client_for(app, login)
    assert visitor.get(bench(ids[0])).status_code == 404
    assert visitor.get("/codage/essai").status_code == 404


def test_the_evaluator_sees_the_criterion_and_no_raw_text(app: Flask, ids: list[uuid.UUID]) -> None:
    expert = pages.client_for(app, "evaluator")
    html = expert.get(bench(ids[0])).get_data(as_text=True)
    assert "facette-critere" in html
    assert "facette-critere" not in pages.client_for(app, "councillor").get(bench(ids[0])).get_data(
        as_text=True
    )
    assert "Karima" not in html
    assert expert.get("/codage/", follow_redirects=True).request.path == "/codage/essai"


def test_finishing_without_a_code_says_what_to_do(app: Flask, ids: list[uuid.UUID]) -> None:
    coder, page = pages.client_for(app, "councillor"), bench(ids[0])
    coder.send(bench(ids[0], "terminer"), {}, page=page)
    assert "Aucune phrase" in coder.get(page).get_data(as_text=True)


def test_lost_excerpts_can_be_placed_again(
    runtime: Runtime, app: Flask, ids: list[uuid.UUID]
) -> None:
    desk, page = pages.client_for(app, "coordinator"), bench(ids[0])
    desk.send(page, {"version": version(desk, page), "phrase": "2", "code": "CAD"})
    raw = "/".join(("/relecture/temoignage", str(ids[0])))
    desk.send(f"{raw}/rouvrir", {}, page=page)
    mask = f"{raw}/masquage"
    desk.send(mask, {"words": "ascenseur", "everywhere": "y", "category": "LIEU"})
    masking_cases.confirm(desk, ids[0])
    shown = desk.get(page).get_data(as_text=True)
    assert "Extraits à recaler" in shown
    assert "Un banc est arrivé.</blockquote>" in shown
    with runtime.database.reading() as session:
        lost = str(session.scalars(select(Excerpt.id)).one())
    named = {"extrait": lost, "version": version(desk, page)}
    desk.send(bench(ids[0], "recaler"), named | {"phrase": ["0", "2"]}, page=page)
    assert "qui se suivent" in desk.get(page).get_data(as_text=True)
    desk.send(bench(ids[0], "recaler"), named | {"phrase": "2"}, page=page)
    with runtime.database.reading() as session:
        row = session.scalars(select(Excerpt)).one()
        assert row.state == "active"


def test_the_old_words_of_a_lost_excerpt_are_for_the_coordination_only(
    runtime: Runtime, app: Flask, ids: list[uuid.UUID]
) -> None:
    desk, page = pages.client_for(app, "coordinator"), bench(ids[0])
    desk.send(page, {"version": version(desk, page), "phrase": "1", "code": "LOG4"})
    raw = f"/relecture/temoignage/{ids[0]}"
    desk.send(f"{raw}/rouvrir", {}, page=page)
    mask = f"{raw}/masquage"
    desk.send(mask, {"words": "ascenseur", "everywhere": "y", "category": "LIEU"})
    masking_cases.confirm(desk, ids[0])
    assert "L’ascenseur est en panne" in desk.get(page).get_data(as_text=True)
    html = pages.client_for(app, "councillor").get(page).get_data(as_text=True)
    assert "Extrait É-0001" in html
    assert "L’[LIEU 1] est en panne 😀.</blockquote>" in html
    assert "ascenseur" not in html.split('id="recaler"')[1]
    assert "ascenseur est en panne" not in html
