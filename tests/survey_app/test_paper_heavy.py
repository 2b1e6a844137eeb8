"""Printing that takes long: nobody waits for it to write, and it ends with a sentence."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, text

import factories
from pages import client_for
from questionnaires import library, paper
from questionnaires.paper import typeset
from survey_app.models import AuditEvent
from survey_app.runtime import Runtime
from survey_app.services.campaign_questionnaires import SHIPPED


def send_cards(app: Flask, runtime: Runtime) -> Any:
    with runtime.database.writing() as session:
        council = factories.council(session)
        factories.actors(session, council)
        campaign = factories.campaign(session, council)
        form = {"campaign": campaign.slug, "place": campaign.neighbourhoods[0].code, "sheets": "1"}
    return client_for(app, "councillor").send("/papier/cartes", form, page="/papier/")


def test_others_write_while_cards_are_set(
    app: Flask, runtime: Runtime, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[int] = []
    set_apart = typeset.pdf

    def during(*given: Any) -> bytes:
        with runtime.database.writing() as session:
            session.execute(text("select 1"))
            printed = select(AuditEvent).where(AuditEvent.action == "print_cards")
            seen.append(len(session.scalars(printed).all()))
        return set_apart(*given)

    monkeypatch.setattr(typeset, "pdf", during)
    assert send_cards(app, runtime).mimetype == "application/pdf"
    assert seen == [1]


def test_what_is_too_long_to_set_is_said(
    app: Flask, runtime: Runtime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(typeset, "SECONDS", 0.01)
    answer = send_cards(app, runtime)
    assert answer.status_code == 422
    assert "moins de planches" in answer.get_data(as_text=True)
    query = {"questionnaire": SHIPPED + library.names()[0]}
    answer = client_for(app, "councillor").get("/papier/formulaire", query_string=query)
    assert answer.status_code == 422
    assert "trop long pour être imprimé" in answer.get_data(as_text=True)
    assert issubclass(paper.TooHeavyError, ValueError)
