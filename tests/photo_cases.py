"""A walk with photos at its stops: in progress, then deposited as the deposit does."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

import factories
from survey_app.models import Attachment, Campaign, Draft, Meeting, Testimony, now
from survey_app.permissions import Actor
from survey_app.services import attachments

WALK = "Q05-marche-exploratoire"


def held(session: Session, campaign: Campaign, by: Actor) -> Meeting:
    """A walk of ``by``, in a campaign that gains the walk's questionnaire."""
    if campaign.questionnaires[-1].name != WALK:
        owner = session.get_one(factories.Council, campaign.council_id)
        campaign.questionnaires.append(factories.questionnaire(session, owner, WALK))
    return factories.meeting(session, campaign, by, method="marche")


def begun(session: Session, meeting: Meeting, by: Actor) -> Draft:
    row = Draft(
        council_id=meeting.council_id,
        campaign_id=meeting.campaign_id,
        meeting_id=meeting.id,
        questionnaire_version_id=meeting.campaign.questionnaires[-1].id,
        account_id=by.account_id,
        withdrawal_code="22223333",
        updated_at=now(),
    )
    session.add(row)
    session.flush()
    return row


def deposited(session: Session, draft: Draft, *photos: Attachment, **fields: Any) -> Testimony:
    """The draft's testimony: one stop a photo, then one without, the photos moved."""
    stops = [{"va_bien": "le banc", "photo": str(row.id)} for row in photos]
    answers = {"accord_photo": "oui", "arrets": [*stops, {"va_bien": "rien"}]}
    row = factories.testimony(
        session,
        draft.meeting,
        questionnaire_version_id=draft.questionnaire_version_id,
        **({"answers": answers, "state": "to_review"} | fields),
    )
    row.collector_id = draft.account_id
    attachments.move(session, draft, row)
    session.delete(draft)
    session.flush()
    return row
