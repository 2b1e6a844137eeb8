"""Interviews in progress that come by a rescue file: opened here, finished at the desk."""

from __future__ import annotations

import base64
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Literal

from sqlalchemy.orm import Session

from survey_app.domain import DomainError, Invalid
from survey_app.models import (
    Campaign,
    Delivery,
    Draft,
    Erasure,
    QuestionnaireVersion,
    Testimony,
    now,
)
from survey_app.permissions import Actor
from survey_app.runtime import Runtime
from survey_app.services import aesgcm, arrivals, consents, intake, meetings, scope, sealed_items
from survey_app.services.sealed_items import Item
from survey_app.services.sealing import unseal

TICK = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class Line:
    """What became of one thing that the file holds, in French, and under which total it counts."""

    words: str
    outcome: Literal["stored", "known", "drafts", "left"]


def short(key: object) -> str:
    """The end of an id, enough to tell one line from another."""
    return f"…{str(key)[-6:]}"


def of_item(runtime: Runtime, actor: Actor, item: Item, name: str, why: str) -> Line:
    """Make a finished testimony that was refused an interview to finish: ``why`` says what for."""
    try:
        opened = sealed_items.open_item(runtime.keys.sealing(actor.council_id), item)
        with runtime.database.writing() as session:
            made = _make(session, actor, opened.content, opened.content.get("claimed_at"))
            if made:
                arrivals.keep(session, actor, opened)
    except DomainError as error:
        return Line(f"{name} : resté dans le fichier. {why} {error}", "left")
    if not made:
        return Line(f"{name} : déjà là.", "known")
    return Line(f"{name} : à finir dans « Recueillir ». {why}", "drafts")


def open_draft(runtime: Runtime, actor: Actor, sealed_key: bytes, draft: Mapping[str, Any]) -> Line:
    """Open an interview in progress with the council's key and hand it back to its collector."""
    name = f"Entretien en cours {short(draft.get('id'))}"
    try:
        key = unseal(runtime.keys.sealing(actor.council_id), sealed_key)
        box = [base64.b64decode(str(draft.get(part)), validate=True) for part in ("iv", "data")]
        content = sealed_items.parse(aesgcm.decrypt(key, *box))
        if content.get("id") != draft.get("id"):
            raise sealed_items.unreadable()
        with runtime.database.writing() as session:
            made = _make(session, actor, content, draft.get("updated"))
    except DomainError as error:
        return Line(f"{name} : resté dans le fichier. {error}", "left")
    except ValueError:
        return Line(
            f"{name} : resté dans le fichier. Il ne s’ouvre pas : il est abîmé, ou fermé sous une "
            "autre clé.",
            "left",
        )
    if not made:
        return Line(f"{name} : déjà là.", "known")
    return Line(f"{name} : à finir dans « Recueillir ».", "drafts")


def _make(session: Session, actor: Actor, content: Mapping[str, Any], updated: object) -> bool:
    """Write the draft down, unless its id was ever seen here. Raises `DomainError`."""
    key = _key(content.get("id"))
    if any(session.get(table, key) for table in (Draft, Testimony, Erasure, Delivery)):
        return False
    meeting = meetings.get(session, actor, _key(content.get("meeting")))
    if meeting.state == "planned":
        meetings.start(session, actor, meeting)
    saved, instant = sealed_items.moment(str(updated)), now()
    session.add(
        Draft(
            id=key,
            council_id=meeting.council_id,
            created_by=actor.account_id,
            created_at=instant,
            campaign_id=meeting.campaign_id,
            meeting_id=meeting.id,
            account_id=actor.account_id,
            # Earlier than `created_at`: nobody has touched it here yet (see `drafts.untouched`).
            updated_at=min(saved, instant - TICK),
            **_said(session, actor, meeting.campaign, content),
        )
    )
    session.flush()
    return True


def _said(
    session: Session, actor: Actor, campaign: Campaign, content: Mapping[str, Any]
) -> dict[str, Any]:
    """What was answered, to which version, and under which paper code."""
    fingerprint = str(content.get("questionnaire", content.get("fingerprint")))
    query = scope.scoped(actor, QuestionnaireVersion)
    version = session.scalar(query.where(QuestionnaireVersion.fingerprint == fingerprint))
    answers, code = content.get("answers"), str(content.get("withdrawal_code", content.get("code")))
    if version is None or not isinstance(answers, dict) or not consents.is_code(code):
        raise Invalid("Son questionnaire, ses réponses ou son code ne sont pas connus ici.")
    whole = intake.asked_in(version, campaign)
    spot, language = content.get("spot"), content.get("language")
    wanted = spot.get("section") if isinstance(spot, dict) else None
    names = [section.name for section in whole.sections]
    return {
        "questionnaire_version_id": version.id,
        "answers": answers,
        "section": wanted if wanted in names else names[0],
        "withdrawal_code": consents.shown(code),
        "language": language if language in whole.languages else "fr",
    }


def _key(value: object) -> uuid.UUID:
    try:
        return uuid.UUID(str(value))
    except ValueError:
        raise sealed_items.unreadable() from None
