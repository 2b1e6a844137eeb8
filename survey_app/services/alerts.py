"""Situations to orient (SIG): that somebody was told, and nothing of what was said, nor by whom.

An alert bears no author, no hour and a random id: nothing ties it to a testimony.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import UTC, datetime, time

from sqlalchemy import select
from sqlalchemy.orm import Session

from survey_app.domain import Invalid
from survey_app.models import Campaign, SafeguardingAlert, now
from survey_app.permissions import Actor
from survey_app.services import scope, states

NATURES: dict[str, str] = {
    "child": "Enfant ou jeune en danger",
    "violence": "Violences dans le couple ou la famille",
    "distress": "Personne en grande détresse",
    "threat": "Menaces, pressions ou emprise",
    "accusation": "Accusation visant une personne",
    "other": "Autre situation préoccupante",
}
# What the reviewer did or was told to do. A list, because free words could hold content.
INSTRUCTIONS: dict[str, str] = {
    "contact": "Prévenir de vive voix la personne référente",
    "119": "Appeler le 119 (enfance en danger)",
    "3919": "Donner le 3919 (violences faites aux femmes)",
    "3114": "Donner le 3114 (prévention du suicide)",
    "112": "Danger immédiat, le 112 a été appelé",
}
STATES = {"open": "ouverte", "forwarded": "transmise", "closed": "close"}


def open_alert(
    session: Session, actor: Actor, campaign: Campaign, nature: str, instruction: str
) -> SafeguardingAlert:
    """Leave an alert to the coordination; the journal has no line that would date it."""
    actor.require("testimony.review")
    if nature not in NATURES:
        raise Invalid("Indiquez la nature de la situation.", "Choisissez-la dans la liste.")
    if instruction not in INSTRUCTIONS:
        raise Invalid("Indiquez ce qui a été fait.", "Choisissez-le dans la liste.")
    alert = SafeguardingAlert(
        id=uuid.uuid4(),
        council_id=campaign.council_id,
        campaign_id=campaign.id,
        created_at=datetime.combine(now().date(), time(), UTC),
        nature=nature,
        instruction=instruction,
        contact=campaign.safeguarding_contact,
    )
    session.add(alert)
    session.flush()
    return alert


def listed(session: Session, actor: Actor, campaign: Campaign) -> Sequence[SafeguardingAlert]:
    """The campaign's alerts, those still open first."""
    actor.require("alert.read")
    rows = session.scalars(
        scope.scoped(actor, SafeguardingAlert)
        .where(SafeguardingAlert.campaign_id == campaign.id)
        .order_by(SafeguardingAlert.created_at, SafeguardingAlert.id)
    ).all()
    order = list(STATES)
    return sorted(rows, key=lambda alert: order.index(alert.state))


def still_open(session: Session, actor: Actor, campaign: Campaign) -> int:
    """How many alerts wait to be forwarded."""
    query = select(SafeguardingAlert.id).where(
        SafeguardingAlert.council_id == actor.council_id,
        SafeguardingAlert.campaign_id == campaign.id,
        SafeguardingAlert.state == "open",
    )
    return len(session.scalars(query).all())


def forward(session: Session, actor: Actor, alert: SafeguardingAlert) -> None:
    """Say that the person in charge was told."""
    actor.require("alert.read")
    states.move(session, actor, alert, "forwarded")
    alert.forwarded_at = now()


def close(session: Session, actor: Actor, alert: SafeguardingAlert) -> None:
    actor.require("alert.read")
    states.move(session, actor, alert, "closed")
