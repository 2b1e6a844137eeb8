"""Logging in and out, one's own account, and the way back after an expired session."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import select

import factories
from pages import CheckedClient, Page, client, client_for
from survey_app.models import Account, AuditEvent, Meeting
from survey_app.runtime import Runtime
from survey_app.services import accounts
from survey_app.web.account.resume import safe_path

PASSWORD = "un mot de passe d’essai"
WORDS = "Première ligne,\r\ndeuxième ligne : l’« ascenseur » & <b>moi</b>."
PLAN = "/administration/conseil"


@pytest.fixture
def house(app: Flask, runtime: Runtime) -> Flask:
    """A council, an account of every role, a running campaign, all committed."""
    with runtime.database.writing() as session:
        council = factories.council(session)
        actors = factories.actors(session, council)
        factories.campaign(session, council)
        accounts.create(session, actors["admin"], "lou", "Lou", ["coordinator"], PASSWORD)
    return app


def log_in(visitor: CheckedClient, password: str = PASSWORD, **more: str):
    fields = {"login": "lou", "password": password} | more
    return visitor.send("/compte/connexion", fields)


def fields_of(html: str) -> dict[str, str]:
    """The fields of the page's own form (the first one of the main part)."""
    forms = [form for form in Page(html).forms if form["action"] != "/compte/deconnexion"]
    return forms[0]["fields"]


def test_a_visitor_is_welcomed(house):
    html = client(house).get("/").get_data(as_text=True)
    assert "/compte/connexion" in html
    assert "Retirer ma parole" in html


def test_login_opens_home_and_logout_closes_it(house):
    visitor = client(house)
    answer = log_in(visitor)
    assert (answer.status_code, answer.location) == (303, "/")
    home = visitor.get("/").get_data(as_text=True)
    assert "Bonjour Lou" in home
    assert "Vivre ici" in home
    assert visitor.send("/compte/deconnexion", {}, "/").status_code == 303
    assert "Bonjour" not in visitor.get("/").get_data(as_text=True)
    assert visitor.get("/compte").status_code == 303


def test_a_wrong_password_is_refused_kept_apart_and_counted(house, runtime):
    visitor = client(house)
    answer = log_in(visitor, "pas celui-là du tout")
    html = answer.get_data(as_text=True)
    assert answer.status_code == 401
    assert "ne convient pas" in html
    assert 'value="lou"' in html
    assert "pas celui-là" not in html
    for _ in range(4):
        log_in(visitor, "pas celui-là du tout")
    assert log_in(visitor).status_code == 429
    with runtime.database.reading() as session:
        refused = select(AuditEvent).where(AuditEvent.action == "login_failed")
        assert len(session.scalars(refused).all()) == 5


def test_empty_login_form_says_what_is_missing(house):
    answer = client(house).send("/compte/connexion", {"login": "", "password": ""})
    assert answer.status_code == 422
    assert "Écrivez votre identifiant" in answer.get_data(as_text=True)


@pytest.mark.parametrize(
    ("asked", "reached"),
    [
        ("/compte", "/compte"),
        ("/administration/quartiers?x=1", "/administration/quartiers?x=1"),
        ("//ailleurs.invalid/x", "/"),
        ("https://ailleurs.invalid/", "/"),
        ("/\\ailleurs.invalid", "/"),
        ("javascript:alert(1)", "/"),
        ("/\nailleurs", "/"),
        ("", "/"),
    ],
)
def test_login_leads_back_and_never_elsewhere(house, asked, reached):
    assert safe_path(asked) == reached
    visitor = client(house)
    assert log_in(visitor, next=asked).location == reached


def test_a_protected_page_asks_to_log_in_then_opens(house):
    visitor = client(house)
    answer = visitor.get("/compte?a=1")
    html = visitor.get(answer.location).get_data(as_text=True)
    assert fields_of(html)["next"] == "/compte?a=1"


def test_changing_ones_password(house):
    visitor = client(house)
    log_in(visitor)
    other_device = client_for(house, "lou")
    new = "une autre phrase bien longue"
    mistake = {"current_password": "faux mot de passe", "new_password": new}
    answer = visitor.send("/compte", mistake | {"repeated_password": new})
    assert answer.status_code == 422
    assert "actuel ne convient pas" in answer.get_data(as_text=True)
    different = {"current_password": PASSWORD, "new_password": new, "repeated_password": "x"}
    assert "pas les mêmes" in visitor.send("/compte", different).get_data(as_text=True)
    answer = visitor.send("/compte", different | {"repeated_password": new})
    assert answer.status_code == 303
    assert "est changé" in visitor.get("/compte").get_data(as_text=True)
    assert other_device.get("/compte").status_code == 303
    assert log_in(client(house)).status_code == 401
    assert log_in(client(house), new).status_code == 303


@pytest.mark.parametrize(
    ("role", "seen", "hidden"),
    [
        ("councillor", ["Recueillir une parole", "Ouvrir la relecture"], ["administration"]),
        ("coordinator", ["Recueillir une parole", "Ouvrir l’administration"], []),
        ("evaluator", ["Ouvrir le codage"], ["Ouvrir la relecture", "administration"]),
        ("reader", ["Lire les synthèses"], ["codage", "relecture", "administration"]),
        ("admin", ["Ouvrir l’administration"], ["codage", "relecture", "Campagnes"]),
        ("dpo", ["Ouvrir le registre", "Ouvrir le journal"], ["codage", "relecture"]),
    ],
)
def test_home_shows_what_the_role_opens(house, role, seen, hidden):
    html = client_for(house, role).get("/").get_data(as_text=True)
    main = html[html.index("<main") : html.index("</main>")]
    for words in seen:
        assert words in main
    for words in hidden:
        assert words not in main


def test_leaving_with_a_stale_token_simply_leads_home(house):
    assert client(house).post("/compte/deconnexion").status_code == 303
    assert client(house).post("/compte/connexion", data={"login": "lou"}).status_code == 303


def test_a_closed_account_loses_its_open_session(house, runtime):
    visitor = client_for(house, "councillor2")
    assert visitor.get("/compte").status_code == 200
    with runtime.database.writing() as session:
        row = session.scalars(select(Account).where(Account.login == "councillor2")).one()
        admin = session.scalars(select(Account).where(Account.login == "admin")).one()
        accounts.deactivate(session, factories.actor(admin), row)
    assert visitor.get("/compte").status_code == 303
    with runtime.database.reading() as session:
        assert session.scalars(select(Meeting)).all() == []


def test_a_cookie_copied_before_the_logout_opens_nothing(house, runtime):
    visitor, copied = client(house), client_for(house, "lou")
    log_in(visitor)
    assert copied.get("/compte").status_code == 200
    visitor.send("/compte/deconnexion", {}, "/")
    assert "sur vos autres appareils" in visitor.get("/").get_data(as_text=True)
    assert copied.get("/compte").status_code == 303
    assert log_in(client(house)).status_code == 303
    with runtime.database.reading() as session:
        lou = session.scalars(select(Account).where(Account.login == "lou")).one()
        lines = session.scalars(select(AuditEvent).where(AuditEvent.action == "logout")).all()
        assert [(line.actor_id, line.record_id) for line in lines] == [(lou.id, lou.id)]
