"""The frame of every page: declared access, headers, French errors, French typography."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from flask import Flask, request
from hypothesis import given
from hypothesis import strategies as st

import factories
from pages import client, client_for
from survey_app import create_app, security
from survey_app.domain import Conflict
from survey_app.runtime import Runtime
from survey_app.web import filters


@pytest.fixture
def roles(runtime: Runtime) -> None:
    with runtime.database.writing() as session:
        factories.actors(session, factories.council(session))


def test_every_route_declares_who_may_call_it(app: Flask) -> None:
    silent = [
        rule.rule for rule in app.url_map.iter_rules() if not security.declared(app, rule.endpoint)
    ]
    assert silent == []


def test_an_undeclared_route_does_not_answer(app: Flask, roles: None) -> None:
    app.add_url_rule("/oubliee", "forgotten", lambda: "secret")
    for visitor in (client(app), client_for(app, "admin"), client_for(app, "coordinator")):
        answer = visitor.get("/oubliee")
        assert answer.status_code == 404
        assert "secret" not in answer.get_data(as_text=True)


def test_a_declaration_must_name_a_known_action() -> None:
    with pytest.raises(LookupError, match="no such action"):
        security.access("testimony.sell")


@pytest.mark.parametrize("path", ["/", "/compte/connexion", "/n-existe-pas", "/static/paroles.css"])
def test_headers_are_on_every_answer(app: Flask, path: str) -> None:
    answer = client(app).get(path)
    for name, value in security.HEADERS.items():
        assert answer.headers[name] == value
    policy = answer.headers["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert "default-src 'none'" in policy


def test_a_page_is_never_kept_by_the_browser(app: Flask, roles: None) -> None:
    assert client_for(app, "coordinator").get("/").headers["Cache-Control"] == "no-store"


def test_an_unknown_page_says_so_in_french(app: Flask) -> None:
    answer = client(app).get("/n-existe-pas")
    assert answer.status_code == 404
    assert "Page introuvable" in answer.get_data(as_text=True)


def test_an_accident_is_told_without_a_trace(app: Flask) -> None:
    @security.public
    def broken() -> str:
        raise RuntimeError("détail interne")

    app.add_url_rule("/casse", "broken", broken)
    answer = client(app).get("/casse")
    page = answer.get_data(as_text=True)
    assert answer.status_code == 500
    assert "détail interne" not in page
    assert "Revenez en arrière" in page


def test_a_refusal_is_json_for_who_asks_json(app: Flask) -> None:
    @security.public
    def refused() -> str:
        raise Conflict("C’est trop tard.", "Rechargez.")

    app.add_url_rule("/refus", "refused", refused)
    answer = client(app).get("/refus", headers={"Accept": "application/json"})
    assert answer.status_code == 409
    assert answer.get_json() == {
        "code": "conflict",
        "title": "Cela a changé entre-temps",
        "message": "C’est trop tard.",
        "remedy": "Rechargez.",
    }


def test_a_revoked_session_is_nobody(app: Flask, roles: None, runtime: Runtime) -> None:
    visitor = client_for(app, "coordinator")
    assert visitor.get("/administration/").status_code == 200
    with runtime.database.writing() as session:
        from sqlalchemy import select

        from survey_app.models import Account

        account = session.scalars(select(Account).where(Account.login == "coordinator")).one()
        account.session_token = "renewed"
    assert visitor.get("/administration/").status_code == 303


@pytest.mark.parametrize(
    ("count", "words", "expected"),
    [
        (0, "témoignage", "0\u00a0témoignage"),
        (1, "témoignage", "1\u00a0témoignage"),
        (2, "témoignage", "2\u00a0témoignages"),
        (12345, "personne présente", "12\u202f345\u00a0personnes présentes"),
    ],
)
def test_the_french_plural_begins_at_two(count: int, words: str, expected: str) -> None:
    assert filters.plural(count, words) == expected


def test_dates_are_in_full_and_in_paris(app: Flask) -> None:
    with app.test_request_context():
        assert filters.date_fr(date(2026, 4, 2)) == "2 avril 2026"
        assert filters.date_fr(datetime(2026, 7, 1, 22, 30, tzinfo=UTC)) == "2 juillet 2026 à 00h30"
        assert filters.date_fr(None) == "date non connue"
        assert filters.date_fr(date(2026, 6, 1)) == "1er juin 2026"
        assert (
            filters.date_fr(datetime(2026, 6, 30, 22, 5, tzinfo=UTC)) == "1er juillet 2026 à 00h05"
        )


@given(st.text())
def test_typography_escapes_nothing_and_loses_nothing(text: str) -> None:
    spaces = "\u00a0\u202f "
    kept = str(filters.fr(text))
    assert kept.translate(dict.fromkeys(map(ord, spaces))) == text.translate(
        dict.fromkeys(map(ord, spaces))
    )


@pytest.mark.parametrize(("proxies", "seen"), [(0, "127.0.0.1"), (1, "203.0.113.9")])
def test_only_our_own_proxies_are_believed(runtime: Runtime, proxies: int, seen: str) -> None:
    """Slowing guesses counts addresses: nobody may choose theirs."""
    settings = replace(runtime.settings, proxies=proxies)
    behind = create_app(runtime=Runtime(settings, runtime.keys, runtime.database))
    behind.add_url_rule(
        "/adresse", "address", security.public(lambda: {"seen": request.remote_addr})
    )
    answer = client(behind).get("/adresse", headers={"X-Forwarded-For": "203.0.113.9"})
    assert answer.get_json() == {"seen": seen}


def test_production_speaks_https_only(runtime: Runtime) -> None:
    settings = replace(runtime.settings, production=True)
    app = create_app(runtime=Runtime(settings, runtime.keys, runtime.database))
    answer = client(app).get("/compte/connexion")
    assert answer.headers["Strict-Transport-Security"].startswith("max-age=")
    assert "Secure" in answer.headers["Set-Cookie"]
    assert "HttpOnly" in answer.headers["Set-Cookie"]


@pytest.mark.parametrize("number", ["9" * 23, "9" * 5000, "-1", "²", "x", ""])
@pytest.mark.parametrize("name", ["apres", "avant"])
@pytest.mark.parametrize("place", ["relecture", "codage"])
def test_a_number_out_of_range_is_as_if_absent(
    app: Flask, runtime: Runtime, place: str, name: str, number: str
) -> None:
    with runtime.database.writing() as session:
        council = factories.council(session)
        factories.actors(session, council)
        meeting = factories.meeting(session, factories.campaign(session, council))
        factories.testimony(session, meeting, state="to_review")
    shown = client_for(app, "coordinator").get(f"/{place}/essai", query_string={name: number})
    assert shown.status_code == 200
    if place == "relecture":
        assert "Témoignage n° 1" in shown.get_data(as_text=True).replace("\u00a0", " ")
