"""The two voices that sign a synthesis: who may give each, and who already did."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from survey_app.domain import Forbidden
from survey_app.models import Account, Campaign, CampaignSigner, Synthesis
from survey_app.permissions import Actor, Role
from survey_app.services import signers

CAPACITIES = {"coordinator": "pour la coordination", "body": "pour l’instance d’habitants"}


@dataclass(frozen=True, slots=True)
class Voice:
    """One of the two signatures. ``refusal`` says why the actor may not give it, or is empty."""

    capacity: str
    label: str
    signed_by: str
    expected: tuple[str, ...]
    refusal: str


def require(session: Session, actor: Actor, campaign: Campaign, capacity: str) -> None:
    """Raise `Forbidden` unless the actor may sign in this capacity for this campaign."""
    actor.require("synthesis.sign")
    if capacity == "coordinator" and Role.COORDINATOR not in actor.roles:
        raise Forbidden("Seule la coordination signe à ce titre.", "Rien n’a été changé.")
    if capacity == "body" and not actor.mandate:
        raise Forbidden(
            "Votre compte n’a pas le mandat de signer pour l’instance d’habitants.",
            "Rien n’a été changé. L’administration peut donner ce mandat.",
        )
    named = set(
        session.scalars(
            select(CampaignSigner.account_id).where(
                CampaignSigner.campaign_id == campaign.id, CampaignSigner.capacity == capacity
            )
        )
    )
    if named and actor.account_id not in named:
        raise Forbidden(
            f"La campagne a désigné quelqu’un d’autre pour signer {CAPACITIES[capacity]}.",
            "Rien n’a été changé.",
        )


def voices(session: Session, actor: Actor, row: Synthesis, campaign: Campaign) -> list[Voice]:
    """Both signatures as the page shows them: given, awaited from whom, open to the actor."""
    named = signers.named(session, campaign)
    found = []
    for capacity, label in CAPACITIES.items():
        given = next((item for item in row.signatures if item.capacity == capacity), None)
        account = session.get(Account, given.account_id) if given else None
        chosen = named.get(capacity)
        expected = [chosen] if chosen else signers.candidates(session, actor, capacity)
        found.append(
            Voice(
                capacity,
                label,
                account.display_name if account else "",
                tuple(item.display_name for item in expected),
                _refusal(session, actor, row, campaign, capacity),
            )
        )
    return found


def _refusal(
    session: Session, actor: Actor, row: Synthesis, campaign: Campaign, capacity: str
) -> str:
    if any(item.account_id == actor.account_id for item in row.signatures):
        return "Vous avez déjà signé : la seconde voix est celle d’une autre personne."
    try:
        require(session, actor, campaign, capacity)
    except Forbidden as error:
        return error.message
    return ""
