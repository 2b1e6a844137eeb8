"""Interviews left by an account that was closed: the coordination finishes or erases them."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

import factories
from interviews import agree, answers, begin, count, draft_id, open_place, post, step
from pages import CheckedClient, client_for
from survey_app.domain import Forbidden, NotFound
from survey_app.models import Account, AuditEvent, Draft, Erasure, Meeting, Testimony
from survey_app.permissions import Actor, system_actor
from survey_app.runtime import Runtime
from survey_app.services import drafts

WORDS = "Le marché du samedi."


@pytest.fixture
def place(runtime: Runtime) -> dict[str, Any]:
    return open_place(runtime)


@pytest.fixture
def begun(app: Flask, place: dict[str, Any]) -> str:
    """A councillor's interview, with words in it; the path of its first section."""
    me = client_for(app, "councillor")
    path = begin(me, place)
    agree(me, path)
    post(me, step(path, "quartier"), aime=WORDS)
    return path


@pytest.fixture
def desk(app: Flask, begun: str) -> CheckedClient:
    return client_for(app, "coordinator")


def close(runtime: Runtime, login: str = "councillor") -> None:
    with runtime.database.writing() as session:
        session.scalars(select(Account).where(Account.login == login)).one().active = False


def page_of(path: str) -> str:
    return f"/collecte/entretien-laisse/{draft_id(path)}"


def test_an_interview_that_its_collector_can_resume_is_theirs(
    desk: CheckedClient, begun: str
) -> None:
    assert "compte fermé" not in desk.get("/collecte/").get_data(as_text=True)
    assert desk.get(page_of(begun)).status_code == 404


def test_the_list_says_when_and_where_and_none_of_the_words(
    desk: CheckedClient, begun: str, runtime: Runtime
) -> None:
    close(runtime)
    for path in ("/collecte/", page_of(begun)):
        html = desk.get(path).get_data(as_text=True)
        assert "par un compte fermé" in html
        assert "devant l’école" in html
        assert WORDS not in html


def test_taken_over_it_is_finished_by_the_coordination(
    desk: CheckedClient, begun: str, runtime: Runtime, place: dict[str, Any]
) -> None:
    close(runtime)
    taken = desk.send(page_of(begun), {"go": "take"})
    assert taken.status_code == 303
    assert desk.get(taken.location).status_code == 303
    assert answers(runtime, begun)["aime"] == WORDS
    with runtime.database.reading() as session:
        coordinator = session.scalars(select(Account).where(Account.login == "coordinator")).one()
        line = session.scalars(select(AuditEvent).where(AuditEvent.kind == "drafts")).one()
        assert (line.action, line.actor_id) == ("take_over", coordinator.id)
        assert line.record_id == draft_id(begun)
    assert "compte fermé" not in desk.get("/collecte/").get_data(as_text=True)
    assert desk.send(begun.split("/etape/")[0] + "/relire", {}).status_code == 303
    with runtime.database.reading() as session:
        assert session.scalars(select(Testimony)).one().collector_id == coordinator.id


def test_erased_it_lets_the_meeting_close(
    desk: CheckedClient, begun: str, runtime: Runtime, place: dict[str, Any]
) -> None:
    close(runtime)
    closing = f"/collecte/rencontres/{place['meeting']}/fermer"
    counted = {"approached": "1", "refusals": "0", "stopped": "1"}
    counted |= {"present_women": "0", "present_men": "0"}
    waiting = desk.send(closing, counted)
    assert waiting.status_code == 422
    assert "compte fermé" in waiting.get_data(as_text=True)
    assert desk.send(page_of(begun), {}).status_code == 422
    assert count(runtime, Draft) == 1
    assert desk.send(page_of(begun), {"go": "erase"}).status_code == 303
    assert count(runtime, Draft) == 0
    with runtime.database.reading() as session:
        assert session.get_one(Meeting, place["meeting"]).stopped == 1
        assert session.scalars(select(Erasure.record_id)).one() == draft_id(begun)
        lines = session.scalars(select(AuditEvent.action).where(AuditEvent.kind == "drafts")).all()
        assert lines == ["erase"]
    assert desk.send(closing, counted).status_code == 303


def test_an_account_that_collects_no_more_leaves_its_interviews_too(
    desk: CheckedClient, begun: str, runtime: Runtime
) -> None:
    with runtime.database.writing() as session:
        account = session.scalars(select(Account).where(Account.login == "councillor")).one()
        account.roles[0].role = "reader"
    assert desk.get(page_of(begun)).status_code == 200


def test_nobody_else_sees_them(
    app: Flask, desk: CheckedClient, begun: str, runtime: Runtime
) -> None:
    close(runtime)
    with runtime.database.writing() as session:
        neighbour = factories.council(session, "Conseil voisin")
        stranger = factories.actors(session, neighbour, "-b")["coordinator"]
        draft = session.get_one(Draft, draft_id(begun))
        with pytest.raises(NotFound):
            drafts.take_over(session, stranger, draft.id)
        with pytest.raises(NotFound):
            drafts.erase_left(session, stranger, runtime, draft.id)
        assert drafts.left(session, stranger) == []
        councillor = Actor(draft.council_id, draft.account_id, "", frozenset({"councillor"}))
        with pytest.raises(Forbidden):
            drafts.left(session, councillor)
        with pytest.raises(Forbidden):
            drafts.take_over(session, system_actor(draft.council_id), draft.id)
    visitor = client_for(app, "councillor2")
    assert "compte fermé" not in visitor.get("/collecte/").get_data(as_text=True)
    assert visitor.get(page_of(begun)).status_code in {403, 404}
    assert count(runtime, Draft) == 1
