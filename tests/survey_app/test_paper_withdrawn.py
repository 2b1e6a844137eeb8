"""A sheet of paper never brings back what the person withdrew with its card."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

import factories
from interviews import consent
from survey_app.domain import Invalid
from survey_app.models import Campaign, Draft, Testimony
from survey_app.permissions import Actor
from survey_app.runtime import Runtime
from survey_app.services import collection, copying, erasure, withdrawal
from survey_app.services.copying import Sheet

SHEET = Sheet(date(2026, 3, 31), "ABCD-EFGH-JKMN")


@pytest.mark.parametrize("by", ["the person", "the coordination"])
def test_a_withdrawn_card_serves_no_more(
    session: Session, runtime: Runtime, campaign: Campaign, actors: dict[str, Actor], by: str
) -> None:
    me = actors["councillor"]
    meeting = factories.meeting(session, campaign, me, state="closed")
    version = next(row for row in campaign.questionnaires if row.name.startswith("Q01"))
    draft = copying.start(session, me, runtime.keys, meeting, version, SHEET)
    consent(session, me, draft)
    stored = session.get_one(Testimony, collection.deposit(session, me, runtime.keys, draft.id).id)
    if by == "the person":
        withdrawal.erase(session, runtime, stored)
    else:
        erasure.erase(session, actors["coordinator"], runtime, stored.id, "request")
    session.expire_all()
    with pytest.raises(Invalid, match="ne peut pas revenir"):
        copying.start(session, me, runtime.keys, meeting, version, SHEET)
    assert session.scalars(select(Draft)).all() == []
