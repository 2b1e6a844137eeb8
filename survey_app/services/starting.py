"""What an interview may begin with: the questionnaires of a meeting, and their languages."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

from questionnaires.adapt import meeting_part, testimony_part
from questionnaires.model import TESTIMONY
from survey_app.domain import Conflict, Forbidden, Invalid
from survey_app.models import Draft, Meeting, QuestionnaireVersion, now
from survey_app.permissions import Actor
from survey_app.services import consents, intake


def begin(
    session: Session,
    actor: Actor,
    meeting: Meeting,
    version: QuestionnaireVersion,
    language: str,
    **fields: Any,
) -> Draft:
    """A new draft, once the caller has looked at the meeting's and the campaign's states."""
    if actor.account_id is None:
        raise Forbidden(
            "Un entretien appartient à un compte.", "Connectez-vous pour en commencer un."
        )
    if version.id not in {row.id for row in offered(meeting)}:
        raise not_asked()
    whole = intake.asked_in(version, meeting.campaign)
    if language not in whole.languages:
        raise Invalid(
            "Ce questionnaire n’existe pas dans cette langue.",
            "Choisissez une autre langue, ou un autre questionnaire.",
        )
    values: dict[str, Any] = {"withdrawal_code": consents.new_code()}
    draft = Draft(
        council_id=meeting.council_id,
        created_by=actor.account_id,
        campaign_id=meeting.campaign_id,
        meeting_id=meeting.id,
        questionnaire_version_id=version.id,
        account_id=actor.account_id,
        section=whole.sections[0].name,
        language=language,
        updated_at=now(),
        **(values | fields),
    )
    session.add(draft)
    session.flush()
    return draft


def offered(meeting: Meeting) -> list[QuestionnaireVersion]:
    """The questionnaires of the campaign that collect testimonies."""
    return [
        version
        for version in meeting.campaign.questionnaires
        if (whole := intake.parsed(version)).usage == TESTIMONY and testimony_part(whole).sections
    ]


def meeting_sheets(meeting: Meeting) -> list[QuestionnaireVersion]:
    """The questionnaires of the campaign that have a sheet to fill once a meeting of this kind."""
    return [
        version
        for version in offered(meeting)
        if fits(version, meeting) and meeting_part(intake.parsed(version)) is not None
    ]


def fits(version: QuestionnaireVersion, meeting: Meeting) -> bool:
    """Whether a questionnaire was written for the meeting's method."""
    return intake.parsed(version).method.replace("-", "_") == meeting.method


def not_asked() -> Conflict:
    """The refusal of a questionnaire that the campaign does not ask."""
    return Conflict(
        "Cette campagne ne recueille pas de témoignage avec ce questionnaire.",
        "Rien n’a été enregistré. Choisissez-en un autre, ou demandez à la coordination.",
    )
