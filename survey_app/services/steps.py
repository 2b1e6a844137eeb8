"""A coder's gestures on a testimony, one step each: what undo takes back and redo puts again.

A step keeps, for each coding it touched, its state and facets before and after.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from typing import Any

from sqlalchemy import Select, delete
from sqlalchemy.orm import Session

from survey_app.domain import Conflict
from survey_app.models import Coding, CodingStep, Excerpt, Testimony
from survey_app.permissions import Actor
from survey_app.services import scope

GONE = {"state": "undone", "facets": {}}


def picture(coding: Coding) -> dict[str, Any]:
    """What a step remembers of a coding."""
    return {"state": coding.state, "facets": dict(coding.facets)}


def keep(
    session: Session,
    actor: Actor,
    testimony: Testimony,
    action: str,
    changes: Iterable[tuple[Coding, dict[str, Any]]],
) -> CodingStep:
    """Record a gesture: each coding with its picture before. What was undone can't come back."""
    session.execute(
        delete(CodingStep).where(
            CodingStep.testimony_id == testimony.id,
            CodingStep.coder_id == actor.account_id,
            CodingStep.undone.is_(True),
        )
    )
    step = CodingStep(
        council_id=testimony.council_id,
        created_by=actor.account_id,
        testimony_id=testimony.id,
        coder_id=actor.account_id,
        action=action,
        coding_ids=[
            {"coding": str(coding.id), "before": before, "after": picture(coding)}
            for coding, before in changes
        ],
    )
    session.add(step)
    session.flush()
    return step


def last(session: Session, actor: Actor, testimony: Testimony) -> CodingStep | None:
    """The gesture that undo would take back."""
    query = _mine(actor, testimony, undone=False)
    order = (CodingStep.created_at.desc(), CodingStep.id.desc())
    return session.scalars(query.order_by(*order).limit(1)).first()


def last_code(session: Session, actor: Actor, testimony: Testimony) -> str | None:
    """The code of the last gesture that put one, for « répéter »; None when it was taken back."""
    step = last(session, actor, testimony)
    if step is None or step.action != "code":
        return None
    found = session.get(Coding, uuid.UUID(step.coding_ids[-1]["coding"]))
    return found.code if found is not None else None


def following(session: Session, actor: Actor, testimony: Testimony) -> CodingStep | None:
    """The gesture that redo would put again."""
    query = _mine(actor, testimony, undone=True)
    return session.scalars(query.order_by(CodingStep.created_at, CodingStep.id).limit(1)).first()


def replay(session: Session, actor: Actor, step: CodingStep, moment: str) -> None:
    """Give each coding of the step the picture it had ``before`` or ``after`` it."""
    for change in step.coding_ids:
        coding = scope.get(session, actor, Coding, uuid.UUID(change["coding"]))
        excerpt = scope.get(session, actor, Excerpt, coding.excerpt_id)
        if excerpt.state != "active":
            raise Conflict(
                "Le texte a été masqué à nouveau depuis ce geste : il ne peut plus être repris.",
                "Rien n’a été changé. Recalez d’abord les extraits concernés.",
            )
        coding.state = change[moment]["state"]
        coding.facets = dict(change[moment]["facets"])
    step.undone = moment == "before"
    session.flush()


def _mine(actor: Actor, testimony: Testimony, *, undone: bool) -> Select[CodingStep]:
    return scope.scoped(actor, CodingStep).where(
        CodingStep.testimony_id == testimony.id,
        CodingStep.coder_id == actor.account_id,
        CodingStep.undone.is_(undone),
    )
