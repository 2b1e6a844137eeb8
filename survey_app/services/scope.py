"""The council's scope, applied in one place: what is another council's does not exist here."""

from __future__ import annotations

import uuid
from typing import TypeVar

from sqlalchemy import Select, select
from sqlalchemy.orm import Session
from sqlalchemy.sql.base import ExecutableOption

from survey_app.domain import NotFound
from survey_app.models import Campaign
from survey_app.models.base import Scoped
from survey_app.permissions import Actor

Row = TypeVar("Row", bound=Scoped)


def scoped(actor: Actor, model: type[Row]) -> Select[Row]:
    """A SELECT of the rows of the actor's council; add conditions to it."""
    return select(model).where(model.council_id == actor.council_id)


def get(
    session: Session,
    actor: Actor,
    model: type[Row],
    key: uuid.UUID | str,
    *options: ExecutableOption,
) -> Row:
    """The row with this id in the actor's council; `NotFound` otherwise, whoever owns it.

    ``options`` say what to load with it, or not.
    """
    try:
        identifier = key if isinstance(key, uuid.UUID) else uuid.UUID(key)
    except ValueError:
        raise NotFound() from None
    query = scoped(actor, model).where(model.id == identifier).options(*options)
    row = session.scalars(query).one_or_none()
    if row is None:
        raise NotFound()
    return row


def campaign(session: Session, actor: Actor, slug: str) -> Campaign:
    """The campaign of this slug in the actor's council; `NotFound` otherwise."""
    found = session.scalars(scoped(actor, Campaign).where(Campaign.slug == slug)).one_or_none()
    if found is None:
        raise NotFound(
            f"Aucune campagne ne s’appelle « {slug} ».",
            "Vérifiez son nom dans la liste des campagnes.",
        )
    return found
