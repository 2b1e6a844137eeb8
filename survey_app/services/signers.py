"""Who signs a campaign's synthesis: the coordination, and the residents' body by its mandate."""

from __future__ import annotations

import uuid

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from survey_app.domain import Invalid
from survey_app.models import Account, Campaign, CampaignSigner
from survey_app.permissions import PERMISSIONS, Actor, Role
from survey_app.services import journal, scope

CAPACITIES = {"coordinator": "Coordination", "body": "Instance d’habitants"}


def named(session: Session, campaign: Campaign) -> dict[str, Account]:
    """Who signs the synthesis, by capacity (``coordinator``, ``body``)."""
    query = (
        select(CampaignSigner.capacity, Account)
        .join(Account, Account.id == CampaignSigner.account_id)
        .where(CampaignSigner.campaign_id == campaign.id)
    )
    return dict(session.execute(query).all())


def candidates(session: Session, actor: Actor, capacity: str) -> list[Account]:
    """The active accounts that may be named signers in this capacity, by name."""
    query = scope.scoped(actor, Account).where(Account.active.is_(True))
    found = session.scalars(query.order_by(Account.display_name))
    if capacity == "coordinator":
        return [row for row in found if Role.COORDINATOR in row.role_names]
    allowed = PERMISSIONS["synthesis.sign"]
    return [row for row in found if row.mandate and row.role_names & allowed]


def name(
    session: Session,
    actor: Actor,
    campaign: Campaign,
    *,
    coordinator: uuid.UUID | None,
    body: uuid.UUID | None,
) -> None:
    """Name the two voices that validate the synthesis: two different people."""
    actor.require("campaign.manage")
    mine = scope.get(session, actor, Campaign, campaign.id)
    if coordinator is not None and coordinator == body:
        raise Invalid(
            "La même personne ne peut pas signer deux fois.",
            "Choisissez deux comptes différents.",
        )
    for capacity, wanted in (("coordinator", coordinator), ("body", body)):
        allowed = {row.id for row in candidates(session, actor, capacity)}
        if wanted is not None and wanted not in allowed:
            raise Invalid(
                f"Ce compte ne peut pas signer pour : {CAPACITIES[capacity]}.",
                "Choisissez parmi les comptes de la liste.",
            )
        _sign_for(session, mine, capacity, wanted)
    session.flush()
    journal.record(session, actor, "signers_named", "campaigns", mine.id)


def _sign_for(
    session: Session, campaign: Campaign, capacity: str, account_id: uuid.UUID | None
) -> None:
    session.execute(
        delete(CampaignSigner).where(
            CampaignSigner.campaign_id == campaign.id, CampaignSigner.capacity == capacity
        )
    )
    if account_id is not None:
        session.add(
            CampaignSigner(campaign_id=campaign.id, account_id=account_id, capacity=capacity)
        )
