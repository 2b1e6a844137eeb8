"""The council's scope, applied in one place: what is another council's does not exist here."""

from __future__ import annotations

import uuid
from typing import Any, TypeVar

from sqlalchemy import Select, bindparam, select
from sqlalchemy.orm import Session
from sqlalchemy.sql.base import ExecutableOption

from survey_app.domain import NotFound
from survey_app.models import Campaign
from survey_app.models.base import Scoped
from survey_app.permissions import Actor

Row = TypeVar("Row", bound=Scoped)
_BUILT: dict[type[Scoped], Select[Any]] = {}


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
    asked = {"council": actor.council_id, "key": identifier}
    row = session.scalars(_by_id(model).options(*options), asked).one_or_none()
    if row is None:
        raise NotFound()
    return row


def _by_id(model: type[Row]) -> Select[Row]:
    """Built once: every request asks for a row by its id, and building takes as long."""
    if model not in _BUILT:
        mine, this = model.council_id == bindparam("council"), model.id == bindparam("key")
        _BUILT[model] = select(model).where(mine, this)
    found: Select[Row] = _BUILT[model]
    return found


def campaign(session: Session, actor: Actor, slug: str) -> Campaign:
    """The campaign of this slug in the actor's council; `NotFound` otherwise."""
    found = session.scalars(scoped(actor, Campaign).where(Campaign.slug == slug)).one_or_none()
    if found is None:
        raise NotFound(
            f"Aucune campagne ne s’appelle « {slug} ».",
            "Vérifiez son nom dans la liste des campagnes.",
        )
    return found
