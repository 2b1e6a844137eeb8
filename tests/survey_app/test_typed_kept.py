"""Words sent to a page that is no longer there are given back, in every room; never secrets."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from flask_wtf import FlaskForm
from wtforms import PasswordField

import interviews
import records_cases as cases
from every_type import open_walk
from interviews import agree, answers, begin, draft_id, open_place, step
from pages import CheckedClient, client, client_for
from rooms import furnish, shown
from survey_app.models import Account, Draft, Record
from survey_app.permissions import Actor
from survey_app.runtime import Runtime
from survey_app.services import accounts, collection, records_filling
from survey_app.web.account.resume import NEVER_KEPT

WORDS = "Mots précieux, <b>à garder</b> & « relire »"
ESCAPED = "Mots précieux, &lt;b&gt;à garder&lt;/b&gt; &amp; « relire »"
TITLE = "Voici ce que vous aviez écrit"


@pytest.fixture
def begun(runtime: Runtime) -> dict[str, Any]:
    return open_place(runtime)


def given_back(answer: Any, status: int, label: str) -> None:
    page = shown(answer)
    assert answer.status_code == status
    assert TITLE in page
    assert f'<dd class="testimony" dir="auto">{ESCAPED}</dd>' in page
    assert label in page
    assert "csrf_token</dt>" not in page
    assert "seen</dt>" not in page


def who(runtime: Runtime, login: str = "councillor") -> Actor:
    with runtime.database.reading() as session:
        return accounts.actor_of(session.query(Account).filter_by(login=login).one())


def section_open(me: CheckedClient, place: dict[str, Any]) -> tuple[str, str, dict[str, str]]:
    """An interview that agreed; its first page, a page with words, and that page's fields."""
    first = begin(me, place)
    path = step(agree(me, first), "sujets")
    return first, path, interviews.hidden(me, path) | {"sujet_recit": WORDS}


def test_a_section_no_longer_asked(app: Flask, begun: dict[str, Any], runtime: Runtime) -> None:
    me = client_for(app, "councillor")
    first, path, sent = section_open(me, begun)
    interviews.post(me, first, accord_noter="oui", age="moins_15", accord_citer="oui")
    given_back(me.post(path, data=sent), 409, "ce premier sujet")
    assert WORDS not in str(answers(runtime, first))
    assert me.get(path).status_code == 303


@pytest.mark.parametrize("how", ["deposited", "erased"])
def test_an_interview_over(app: Flask, begun: dict[str, Any], runtime: Runtime, how: str) -> None:
    me = client_for(app, "councillor")
    first, path, sent = section_open(me, begun)
    actor = who(runtime)
    with runtime.database.writing() as session:
        draft = session.get_one(Draft, draft_id(first))
        if how == "deposited":
            collection.deposit(session, actor, runtime.keys, draft.id)
        else:
            collection.abandon(session, actor, runtime, draft, keep=False)
    status, label = (409, "ce premier sujet") if how == "deposited" else (404, "sujet_recit")
    given_back(me.post(path, data=sent), status, label)
    assert me.get(path).status_code == 404


def test_an_entry_removed_meanwhile(app: Flask, runtime: Runtime) -> None:
    place = open_walk(runtime)
    me = client_for(app, "councillor")
    first = begin(me, place, "QX")
    for _ in range(2):
        interviews.post(me, first, accord_noter="oui", age="adulte")
    stops = step(first, "arrets")
    for rank in (1, 2, 3):
        interviews.post(me, f"{stops}/{rank}", nom_arret=f"arrêt {rank}")
    sent = interviews.hidden(me, f"{stops}/3") | {"nom_arret": WORDS}
    for rank in (3, 2):
        interviews.post(me, f"{stops}/{rank}/retirer")
    given_back(me.post(f"{stops}/3", data=sent), 409, "</dt>")
    assert len(answers(runtime, first)["arrets"]) == 1


@pytest.mark.parametrize("how", ["finished", "removed", "unknown section", "erased"])
def test_a_sheet_changed_by_a_colleague(app: Flask, runtime: Runtime, how: str) -> None:
    furnish(runtime)
    me, actor = client_for(app, "councillor"), who(runtime)
    with runtime.database.writing() as session:
        record = cases.minutes(session, actor)
        records_filling.reopen(session, actor, record.id)
    path = f"/fiches/{record.id}/etape/idees_echangees/2"
    sent = cases.hidden(me, path) | {"idee": WORDS}
    with runtime.database.writing() as session:
        row = session.get_one(Record, record.id)
        if how == "finished":
            records_filling.finish(session, actor, row.id)
        elif how == "removed":
            row.answers = row.answers | {"idees_echangees": []}
        elif how == "erased":
            records_filling.erase(session, who(runtime, "coordinator"), runtime, row.id)
    if how == "unknown section":
        path = path.replace("idees_echangees/2", "ailleurs")
    label = '<dt dir="auto">idee</dt>' if how == "erased" else "Quelle est l’idée"
    given_back(me.post(path, data=sent), 404 if how == "erased" else 409, label)


def test_any_room_gives_back_and_never_a_secret(app: Flask, runtime: Runtime) -> None:
    furnish(runtime)
    me = client_for(app, "councillor")
    sent = {"mandate": WORDS, "mot_de_passe_oublie": "oui, souvent", "current_password": "secret"}
    sent["csrf_token"] = me.token("/collecte/commencer")
    answer = me.post("/administration/conseil", data=sent)
    given_back(answer, 404, "mandate")
    assert "oui, souvent" in shown(answer)
    assert "secret" not in shown(answer)
    assert sent["csrf_token"] not in shown(answer).split("<dl", 1)[1]
    far = me.post("/nulle-part", data=sent, headers={"Origin": "https://ailleurs.invalid"})
    assert far.status_code == 404
    assert TITLE not in shown(far)


def test_nothing_typed_nothing_shown(app: Flask) -> None:
    assert TITLE not in shown(client(app).get("/nulle-part"))
    assert TITLE not in shown(client(app).post("/nulle-part", data={"go": "continue"}))


def test_every_password_of_every_form_is_named(app: Flask) -> None:
    forms = [form for form in _below(FlaskForm) if form.__module__.startswith("survey_app.")]
    secret = {
        name
        for form in forms
        for name, field in vars(form).items()
        if getattr(field, "field_class", None) is PasswordField
    }
    assert "password" in secret
    assert secret <= NEVER_KEPT


def _below(form: type) -> list[type]:
    return [found for one in form.__subclasses__() for found in (one, *_below(one))]
