"""The contact vault: for the coordination of the council, and nothing leads back to words."""

from __future__ import annotations

from datetime import date

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

import factories
from pages import client_for
from survey_app.domain import Forbidden, NotFound
from survey_app.models import AuditEvent, Council, RecontactEntry
from survey_app.runtime import Runtime
from survey_app.services import contacts


def leave(session: Session, council: Council, contact: str) -> RecontactEntry:
    campaign = factories.campaign(session, council, slug=f"c-{council.id.hex[-6:]}")
    entry = RecontactEntry(
        council_id=council.id,
        campaign_id=campaign.id,
        contact=contact,
        left_on=date(2026, 5, 4),
    )
    session.add(entry)
    session.flush()
    return entry


def test_the_coordination_reads_and_erases_its_own(runtime: Runtime) -> None:
    with runtime.database.writing() as session:
        council, other = factories.council(session), factories.council(session, "Voisin")
        actors = factories.actors(session, council)
        mine = leave(session, council, "06 00 00 00 12")
        theirs = leave(session, other, "06 00 00 00 99")
        boss = actors["coordinator"]
        assert [entry.contact for _, entry in contacts.listed(session, boss)] == ["06 00 00 00 12"]
        for role in ("councillor", "evaluator", "admin", "dpo", "reader"):
            with pytest.raises(Forbidden):
                contacts.listed(session, actors[role])
        with pytest.raises(NotFound):
            contacts.erase(session, boss, theirs.id)
        contacts.erase(session, boss, mine.id)
        assert session.scalars(select(RecontactEntry.contact)).all() == ["06 00 00 00 99"]
        told = session.scalars(select(AuditEvent).where(AuditEvent.action == "read_contacts"))
        assert [(line.record_id, line.details) for line in told] == [(None, {"contacts": 1})]


def test_the_page_lists_and_erases(app: Flask, runtime: Runtime) -> None:
    with runtime.database.writing() as session:
        council = factories.council(session)
        factories.actors(session, council)
        key = leave(session, council, "<b>anne</b>@exemple.invalid").id
    boss = client_for(app, "coordinator")
    page = boss.get("/administration/contacts").get_data(as_text=True)
    assert "&lt;b&gt;anne" in page
    sent = boss.send(f"/administration/contacts/{key}/effacer", {}, page="/administration/contacts")
    assert sent.status_code == 303
    assert "Aucun contact" in boss.get("/administration/contacts").get_data(as_text=True)
