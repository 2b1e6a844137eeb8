"""Published grids kept in memory: a version never changes, and each gesture of a coder reads it."""

from __future__ import annotations

import uuid

from sqlalchemy.orm import Session

from analysis.codebook import Codebook
from survey_app.models import Campaign
from survey_app.permissions import Actor
from survey_app.services import grids

_MOST = 32
_KEPT: dict[uuid.UUID, Codebook] = {}


def of(session: Session, actor: Actor, campaign: Campaign) -> Codebook:
    """The grid that a campaign codes with, as `grids.of`, read from the database once."""
    key = campaign.codebook_version_id
    if key is not None and campaign.council_id == actor.council_id and key in _KEPT:
        return _KEPT[key]
    found = grids.of(session, actor, campaign)
    if key is not None:
        if len(_KEPT) >= _MOST:
            _KEPT.clear()
        _KEPT[key] = found
    return found
