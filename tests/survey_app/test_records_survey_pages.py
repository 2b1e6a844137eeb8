"""The pages of a survey inside the council: answered alone, opened and read together."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

import factories
from pages import client_for
from records_cases import (
    ESCAPED,
    HOSTILE,
    Q09,
    Q11,
    answer,
    begin,
    hidden,
    people,
    post,
    step,
    text,
)
from survey_app.models import Account, Record
from survey_app.permissions import Actor
from survey_app.runtime import Runtime
from survey_app.services import records_survey


@pytest.fixture
def actors_here(runtime: Runtime) -> dict[str, Actor]:
    return people(runtime)


def test_a_survey_is_given_then_gone(
    app: Flask, actors_here: dict[str, Actor], runtime: Runtime
) -> None:
    me = client_for(app, "councillor")
    path = begin(me, Q09)
    post(me, step(path, "engagement"), envie="Les voisins", go="continue")
    home = text(me.get("/fiches/"))
    assert "Vos réponses à continuer" in home
    assert "Vos réponses à continuer" not in text(client_for(app, "coordinator").get("/fiches/"))
    review = path.replace("/etape/place", "/terminer")
    first, second = hidden(me, review), hidden(me, review)
    answer = me.post(review, data=first)
    assert "/fiches/ensemble/" in answer.location
    page = text(me.get(answer.location))
    assert "Les voisins" not in page
    assert "1\u00a0réponse dans l’urne" in page
    assert me.post(review, data=second).location == answer.location  # pressed twice
    assert me.get(path).status_code == 404
    assert me.get(review).status_code == 404
    assert "Vos réponses à continuer" not in text(me.get("/fiches/"))


def test_a_begun_answer_may_be_erased(
    app: Flask, actors_here: dict[str, Actor], runtime: Runtime
) -> None:
    me = client_for(app, "councillor")
    path = begin(me, Q09).replace("/etape/place", "/abandonner")
    assert client_for(app, "coordinator").get(path).status_code == 404
    assert me.send(path, {}).status_code == 303
    with runtime.database.reading() as session:
        assert session.scalars(select(Record)).all() == []


def given(session: Session, runtime: Runtime, number: int, name: str, **pages: Any) -> uuid.UUID:
    """So many answers by as many new members; the id of the survey's version."""
    council = factories.council(session) if not session.info.get("house") else None
    house = session.info.setdefault("house", council)
    for _ in range(number):
        login = f"membre{uuid.uuid4().hex[:8]}"
        me = factories.actor(factories.account(session, house, login, "councillor"))
        version = answer(session, runtime, me, name, **pages)
    return version.id


def test_five_answers_are_opened_and_read_together(app: Flask, runtime: Runtime) -> None:
    with runtime.database.writing() as session:
        fields = {
            "accord_avec": {"liberte": "2", "partage": "4"},
            "engagement": {"envie": HOSTILE, "formations": ["animer", "sante"]},
            "place": {"role": "habitant"},
        }
        version = given(session, runtime, 4, Q09, **fields)
        login = session.scalars(select(Account.login)).first() or ""
    me = client_for(app, login)
    path = f"/fiches/ensemble/{version}"
    page = text(me.get(path))
    assert "Rien ne se lit encore" in page
    assert "Ouvrir l’urne" not in page
    assert me.send(path + "/ouvrir", {}).status_code == 422
    with runtime.database.writing() as session:
        house = session.scalars(select(Account).where(Account.login == login)).one().council_id
        last = factories.actor(
            factories.account(session, session.get_one(factories.Council, house), "x", "councillor")
        )
        answer(session, runtime, last, Q09, **fields)
    assert "alert" not in text(me.get(path))
    assert me.send(path + "/ouvrir", {}).status_code == 303
    page = text(me.get(path))
    assert "Les écarts à débattre" in page
    assert page.count(ESCAPED) == 5
    assert "<script>alert" not in page
    assert me.get(path + "?annee=1999").status_code == 200
    assert me.get(path + "/effacer").status_code == 404


def test_a_hidden_column_says_why(app: Flask, runtime: Runtime) -> None:
    with runtime.database.writing() as session:
        version = given(session, runtime, 5, Q11, vous={"repond_comme": "conseil"})
        given(session, runtime, 4, Q11, vous={"repond_comme": "elus"})
        account = session.scalars(select(Account)).first()
        assert account is not None
        row = session.get_one(factories.QuestionnaireVersion, version)
        records_survey.open_urns(session, factories.actor(account), row)
        login = account.login
    page = text(client_for(app, login).get(f"/fiches/ensemble/{version}"))
    assert "cette colonne n’est pas montrée" in page
    assert "4\u00a0réponses dans l’urne" in page
