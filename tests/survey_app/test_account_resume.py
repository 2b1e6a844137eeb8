"""The way back after an expired session: nothing typed is lost, nothing is sent by itself."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from sqlalchemy import select

import factories
from pages import Page, client, client_for
from survey_app.models import Account
from survey_app.runtime import Runtime
from survey_app.services import accounts
from survey_app.web.account.resume import PREFIX, TARGET

PASSWORD = "un mot de passe d’essai"
WORDS = "Première ligne,\r\ndeuxième ligne : l’« ascenseur » & <b>moi</b>."
PLAN = "/administration/conseil"


TYPED = {
    "name": "Conseil renommé",
    "kind": "conseil citoyen",
    "mandate": WORDS,
    "residents": "3",
    "current_password": "secret tapé",
}


@pytest.fixture
def house(app: Flask, runtime: Runtime) -> Flask:
    """A council, an account of every role, a running campaign, all committed."""
    with runtime.database.writing() as session:
        council = factories.council(session)
        actors = factories.actors(session, council)
        factories.campaign(session, council)
        accounts.create(session, actors["admin"], "lou", "Lou", ["coordinator"], PASSWORD)
    return app


def fields_of(html: str) -> dict[str, str]:
    """The fields of the page's own form (the first one of the main part)."""
    forms = [form for form in Page(html).forms if form["action"] != "/compte/deconnexion"]
    return forms[0]["fields"]


def test_an_expired_session_loses_nothing(house, runtime):
    """Typed while logged out: kept, logged in again, sent again, stored to the letter."""
    visitor = client(house)
    answer = visitor.send(PLAN, TYPED, "/compte/connexion")
    html = answer.get_data(as_text=True)
    assert answer.status_code == 401
    assert "Rien n’est perdu" in html
    assert "secret tapé" not in html
    held = fields_of(html)
    assert held[TARGET] == PLAN
    assert held[PREFIX + "mandate"] == WORDS

    wrong = visitor.post("/compte/reprise", data=held | {"login": "lou", "password": "faux"})
    assert wrong.status_code == 401
    held = fields_of(wrong.get_data(as_text=True))
    assert held[PREFIX + "name"] == "Conseil renommé"

    answer = visitor.post("/compte/reprise", data=held | {"login": "lou", "password": PASSWORD})
    html = answer.get_data(as_text=True)
    assert answer.status_code == 200
    assert "Renvoyer ce que j’avais écrit" in html
    assert "Lou" in html
    form = next(form for form in Page(html).forms if form["action"] == PLAN)
    assert form["fields"].keys() == {"csrf_token", "name", "kind", "mandate", "residents"}
    with runtime.database.reading() as session:
        council = session.get_one(Account, _lou(session)).council_id
        assert _council(session, council).name != "Conseil renommé", "nothing is sent by itself"
    assert visitor.post(PLAN, data=form["fields"]).status_code == 303
    with runtime.database.reading() as session:
        row = _council(session, council)
        assert (row.name, row.mandate) == ("Conseil renommé", WORDS.replace("\r\n", "\n"))


def _lou(session):
    return session.scalars(select(Account.id).where(Account.login == "lou")).one()


def _council(session, council_id):
    from survey_app.models import Council

    return session.get_one(Council, council_id)


def test_a_stale_token_while_logged_in_goes_straight_to_sending_again(house):
    visitor = client_for(house, "coordinator")
    answer = visitor.post(PLAN, data=TYPED | {"csrf_token": "périmé"})
    html = answer.get_data(as_text=True)
    assert answer.status_code == 400
    assert "Se connecter" not in html
    form = next(form for form in Page(html).forms if form["action"] == PLAN)
    assert visitor.post(PLAN, data=form["fields"]).status_code == 303


def test_a_stale_resume_page_still_holds_everything(house):
    visitor = client(house)
    held = fields_of(visitor.send(PLAN, TYPED, "/compte/connexion").get_data(as_text=True))
    stale = held | {"csrf_token": "périmé", "login": "lou", "password": PASSWORD}
    answer = visitor.post("/compte/reprise", data=stale)
    html = answer.get_data(as_text=True)
    assert answer.status_code == 401
    assert fields_of(html)[PREFIX + "name"] == "Conseil renommé"
    assert fields_of(html)[TARGET] == PLAN
    assert PASSWORD not in html


def test_hostile_words_are_shown_as_words(house):
    evil = "</textarea><script>alert(1)</script>"
    html = client(house).send(PLAN, {"mandate": evil}, "/compte/connexion").get_data(as_text=True)
    assert "<script>alert" not in html
    assert "&lt;script&gt;" in html


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://ailleurs.invalid"},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ],
)
@pytest.mark.parametrize("logged_in", [True, False])
def test_what_another_site_sent_is_never_offered_again(house, headers, logged_in):
    visitor = client_for(house, "coordinator") if logged_in else client(house)
    answer = visitor.post(PLAN, data={"name": "Pris"}, headers=headers)
    html = answer.get_data(as_text=True)
    assert answer.status_code == 400
    assert "autre site" in html
    assert "Pris" not in html


def test_the_site_itself_is_not_foreign(house):
    visitor = client_for(house, "coordinator")
    headers = {"Origin": "http://localhost", "Sec-Fetch-Site": "same-origin"}
    html = visitor.post(PLAN, data=TYPED, headers=headers).get_data(as_text=True)
    assert "Renvoyer" in html


@pytest.mark.parametrize("target", ["//ailleurs.invalid", "https://ailleurs.invalid", "/\\x"])
def test_the_way_back_stays_on_this_site(house, target):
    visitor = client(house)
    token = visitor.token("/compte/connexion")
    data = {"csrf_token": token, "login": "lou", "password": PASSWORD, TARGET: target}
    html = visitor.post("/compte/reprise", data=data).get_data(as_text=True)
    assert "ailleurs.invalid" not in html
    assert re.search(r'<form class="stack" method="post" action="/">', html)


def test_machines_are_told_in_json(house):
    answer = client(house).post(PLAN, json={"a": 1})
    assert answer.status_code in {400, 401}
    assert answer.get_json()["code"] == "session-expired"


def test_files_are_said_to_be_lost(house):
    from io import BytesIO

    visitor = client(house)
    token = visitor.token("/compte/connexion")
    data = {"csrf_token": token, "name": "X", "fichier": (BytesIO(b"abc"), "a.csv")}
    html = visitor.post(PLAN, data=data, content_type="multipart/form-data").get_data(as_text=True)
    assert "choisir à nouveau" in html


def test_several_values_of_one_field_all_come_back(house):
    visitor = client(house)
    token = visitor.token("/compte/connexion")
    data = {"csrf_token": token, "sujets": ["logement", "transports"]}
    html = visitor.post("/administration/conseil", data=data).get_data(as_text=True)
    assert re.findall(rf'name="{PREFIX}sujets" value="(\w+)"', html) == ["logement", "transports"]


def test_a_name_that_ends_with_a_point_is_shown_with_one(house, runtime):
    with runtime.database.writing() as session:
        lou = session.scalars(select(Account).where(Account.login == "lou")).one()
        lou.display_name = "Amina R."
    html = client_for(house, "lou").post(PLAN, data=TYPED).get_data(as_text=True)
    assert "<strong>Amina R.</strong></p>" in html
