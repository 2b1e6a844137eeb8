"""Finished testimonies on their way in, for the tests of the intake."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from survey_app.models import Meeting, uuid7
from survey_app.permissions import Actor
from survey_app.runtime import Runtime
from survey_app.services import consents, intake

WORDS = "Le soir, l’ascenseur est en panne. Ma voisine monte six étages 😮."


ANSWERS: dict[str, Any] = {
    "accord_noter": "oui",
    "age": "25_39",
    "accord_citer": "oui",
    "accord_voix": "non",
    "suites": "contact",
    "genre": "femme",
    "recit_quartier": WORDS,
    "aime": {"non_response": "ne_sait_pas"},
    "complique": "Les travaux.\r\nEncore les travaux.",
}


def envelope(meeting: Meeting, **changes: Any) -> intake.Envelope:
    """A finished Q01 interview; ``changes`` to answers go through ``answers``."""
    version = next(q for q in meeting.campaign.questionnaires if q.name.startswith("Q01"))
    given = changes.pop("answers", {})
    kept = {k: v for k, v in (ANSWERS | given).items() if v is not None}
    return replace(
        intake.Envelope(
            id=uuid7(),
            council_id=meeting.council_id,
            meeting_id=meeting.id,
            questionnaire=version.fingerprint,
            answers=kept,
            withdrawal_code=consents.new_code(),
            claimed_at=datetime(2026, 4, 2, 18, 30, tzinfo=UTC),
        ),
        **changes,
    )


def receive(
    session: Session, runtime: Runtime, actor: Actor, sent: intake.Envelope
) -> intake.Receipt:
    return intake.receive(session, actor, runtime.keys, sent)


def counted(session: Session, model: type[Any]) -> int:
    return session.scalar(select(func.count()).select_from(model)) or 0
