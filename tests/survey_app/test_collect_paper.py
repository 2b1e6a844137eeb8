"""Interviews noted on paper: the real date, the card's code, and counters left alone."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

import factories
from interviews import AGREED, agree, consent, draft_id, open_place
from pages import CheckedClient, client_for
from survey_app.domain import Conflict, Forbidden, Invalid, NotFound
from survey_app.models import (
    Account,
    Campaign,
    Council,
    Draft,
    Meeting,
    QuestionnaireVersion,
    Testimony,
)
from survey_app.permissions import Actor
from survey_app.runtime import Runtime
from survey_app.services import collection, consents, copying, deposit, drafts, meetings
from survey_app.services.copying import Sheet

SAID = date(2026, 3, 31)
CARD = "ABCD-EFGH-JKMN"


@pytest.fixture
def meeting(session: Session, campaign: Campaign, actors: dict[str, Actor]) -> Meeting:
    return factories.meeting(session, campaign, actors["councillor"], state="closed", stopped=1)


@pytest.fixture
def version(campaign: Campaign) -> QuestionnaireVersion:
    return next(q for q in campaign.questionnaires if q.name.startswith("Q01"))


@pytest.fixture
def copied(
    session: Session,
    runtime: Runtime,
    meeting: Meeting,
    version: QuestionnaireVersion,
    actors: dict[str, Actor],
) -> Draft:
    sheet = Sheet(SAID, CARD.lower().replace("-", " "))
    return copying.start(session, actors["councillor"], runtime.keys, meeting, version, sheet)


def test_it_is_deposited_under_its_real_date_and_its_card(
    session: Session,
    runtime: Runtime,
    copied: Draft,
    meeting: Meeting,
    actors: dict[str, Actor],
) -> None:
    me = actors["councillor"]
    assert (copied.origin, copied.withdrawal_code) == ("paper", CARD)
    consent(session, me, copied)
    done = collection.deposit(session, me, runtime.keys, copied.id)
    stored = session.get_one(Testimony, done.id)
    assert (stored.origin, stored.said_on, stored.state) == ("paper", SAID, "to_review")
    assert meeting.state == "closed"
    again = collection.deposit(session, me, runtime.keys, done.id)
    assert again.content_hash == done.content_hash


@pytest.mark.parametrize("how", ["erase", "keep", "refuse", "left"])
def test_no_counter_moves(
    session: Session,
    runtime: Runtime,
    copied: Draft,
    meeting: Meeting,
    actors: dict[str, Actor],
    how: str,
) -> None:
    me = actors["councillor"]
    consent(session, me, copied)
    if how == "refuse":
        collection.refuse(session, me, runtime, copied)
    elif how == "left":
        session.get_one(Account, me.account_id).active = False
        session.flush()
        drafts.erase_left(session, actors["coordinator"], runtime, copied.id)
    else:
        collection.abandon(session, me, runtime, copied, keep=how == "keep")
    assert (meeting.stopped, meeting.refusals, meeting.state) == (1, None, "closed")


@pytest.mark.parametrize(
    ("sheet", "said"),
    [
        (Sheet(meetings.today() + timedelta(days=1)), "pas encore passée"),
        (Sheet(SAID, "ABCD-EFGH"), "pas complet"),
        (Sheet(SAID, "OIL0-1111-2222"), "mal lue"),
        (Sheet(SAID, language="ar"), "dans cette langue"),
    ],
)
def test_what_cannot_be_is_refused(
    session: Session,
    runtime: Runtime,
    meeting: Meeting,
    version: QuestionnaireVersion,
    actors: dict[str, Actor],
    sheet: Sheet,
    said: str,
) -> None:
    with pytest.raises(Invalid, match=said):
        copying.start(session, actors["councillor"], runtime.keys, meeting, version, sheet)
    assert session.scalars(select(Draft)).all() == []


def test_a_code_serves_once(
    session: Session,
    runtime: Runtime,
    copied: Draft,
    meeting: Meeting,
    version: QuestionnaireVersion,
    actors: dict[str, Actor],
) -> None:
    me = actors["councillor"]

    def copy_again() -> Draft:
        return copying.start(session, me, runtime.keys, meeting, version, Sheet(SAID, CARD))

    with pytest.raises(Invalid, match="sert déjà"):
        copy_again()
    consent(session, me, copied)
    collection.deposit(session, me, runtime.keys, copied.id)
    with pytest.raises(Invalid, match="sert déjà"):
        copy_again()
    fresh = copying.start(session, me, runtime.keys, meeting, version, Sheet(SAID))
    assert consents.is_code(fresh.withdrawal_code)
    assert fresh.withdrawal_code != CARD
    assert deposit.code_hash(runtime.keys, CARD) == deposit.code_hash(
        runtime.keys, copied.withdrawal_code
    )


@pytest.mark.parametrize(
    ("campaign_state", "meeting_state", "allowed"),
    [
        ("running", "open", True),
        ("review", "closed", True),
        ("running", "planned", False),
        ("synthesis", "closed", False),
        ("running", "synchronised", False),
    ],
)
def test_where_sheets_may_still_be_copied(
    session: Session,
    runtime: Runtime,
    meeting: Meeting,
    version: QuestionnaireVersion,
    actors: dict[str, Actor],
    campaign_state: str,
    meeting_state: str,
    allowed: bool,
) -> None:
    meeting.state, meeting.campaign.state = meeting_state, campaign_state
    assert copying.may_copy(meeting) is allowed
    arguments = (session, actors["councillor"], runtime.keys, meeting, version, Sheet(SAID))
    if allowed:
        assert copying.start(*arguments).meeting_id == meeting.id
    else:
        with pytest.raises(Conflict):
            copying.start(*arguments)


def test_only_those_who_collect_there(
    session: Session,
    runtime: Runtime,
    meeting: Meeting,
    version: QuestionnaireVersion,
    actors: dict[str, Actor],
    other_council: Council,
) -> None:
    stranger = factories.actors(session, other_council, "-b")["coordinator"]
    for actor in (actors["councillor2"], stranger):
        with pytest.raises(NotFound):
            copying.start(session, actor, runtime.keys, meeting, version, Sheet(SAID))
    with pytest.raises(Forbidden):
        copying.start(session, actors["evaluator"], runtime.keys, meeting, version, Sheet(SAID))


@pytest.fixture
def place(runtime: Runtime) -> dict[str, Any]:
    return open_place(runtime)


@pytest.fixture
def me(app: Flask, place: dict[str, Any]) -> CheckedClient:
    return client_for(app, "councillor")


def test_from_the_meeting_to_the_receipt(
    me: CheckedClient, place: dict[str, Any], runtime: Runtime
) -> None:
    page = f"/collecte/rencontres/{place['meeting']}"
    assert f'href="{page}/papier"' in me.get(page).get_data(as_text=True)
    data = {"questionnaire": place["Q03"], "language": "fr", "said_on": "2026-03-31"}
    for wrong in ({}, {"code": CARD, "no_card": "y"}, {"code": "ABCD"}):
        answer = me.send(f"{page}/papier", data | wrong)
        assert answer.status_code == 422
        assert 'value="2026-03-31"' in answer.get_data(as_text=True)
    begun = me.send(f"{page}/papier", data | {"code": CARD})
    assert begun.status_code == 303
    step = me.get(begun.location).get_data(as_text=True)
    assert "Vous recopiez un entretien noté sur papier" in step
    assert "Abandonner la saisie" in step
    assert "Arrêter l’entretien" not in step
    agree(me, begun.location, **AGREED)
    assert "Feuille du" in me.get("/collecte/").get_data(as_text=True)
    done = me.send(begun.location.split("/etape/")[0] + "/relire", {})
    receipt = me.get(done.location).get_data(as_text=True)
    assert CARD in receipt
    assert "La personne a déjà sa carte" in receipt
    assert "Recopiez-le sur la carte" not in receipt
    assert "auprès du conseil citoyen" in receipt  # here the address is this machine's only
    assert "localhost" not in receipt
    with runtime.database.reading() as session:
        stored = session.get_one(Testimony, draft_id(begun.location))
        assert (stored.origin, stored.said_on) == ("paper", SAID)


def test_a_copy_given_up_moves_no_counter_and_goes_back_to_its_meeting(
    me: CheckedClient, place: dict[str, Any]
) -> None:
    page = f"/collecte/rencontres/{place['meeting']}"
    assert f'href="{page}"' in me.get(f"{page}/papier").get_data(as_text=True)
    data = {"questionnaire": place["Q03"], "language": "fr", "said_on": "2026-03-31"}
    begun = me.send(f"{page}/papier", data | {"code": CARD})
    stop = begun.location.split("/etape/")[0] + "/arreter"
    asked = me.get(stop).get_data(as_text=True)
    assert "<h1>Abandonner la saisie</h1>" in asked
    assert "notez d’abord ce code" not in asked
    done = me.send(stop, {"go": "erase"})
    assert done.location == page
    assert "Les compteurs n’ont pas changé" in me.get(page).get_data(as_text=True)


def test_a_planned_meeting_says_why_not(
    me: CheckedClient, place: dict[str, Any], runtime: Runtime
) -> None:
    with runtime.database.writing() as session:
        session.get_one(Meeting, place["meeting"]).state = "planned"
    page = f"/collecte/rencontres/{place['meeting']}"
    assert "/papier" not in me.get(page).get_data(as_text=True)
    assert "Gardez les feuilles" in me.get(f"{page}/papier").get_data(as_text=True)
