"""A coder's gestures on a testimony, one step each: what undo takes back and redo puts again.

A step keeps what it touched before and after: the state and facets of codings, or the memo of an
excerpt. It is replayed only over what it left: nothing done since by anybody is ever overwritten.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Select, bindparam, delete
from sqlalchemy.orm import Session

from analysis.codebook import Codebook
from survey_app.domain import Conflict
from survey_app.models import Coding, CodingStep, Excerpt, Testimony
from survey_app.permissions import Actor
from survey_app.services import scope

GONE = {"state": "undone", "facets": {}}
_UNDONE = (  # built once: every gesture asks
    delete(CodingStep)
    .where(
        CodingStep.testimony_id == bindparam("testimony"),
        CodingStep.coder_id == bindparam("coder"),
        CodingStep.undone.is_(True),
    )
    .execution_options(synchronize_session=False)
)
Change = tuple[Coding | Excerpt, dict[str, Any]]
"""What a gesture touched, and its picture before."""


def picture(row: Coding | Excerpt) -> dict[str, Any]:
    """What a step remembers of a coding, or of an excerpt."""
    if isinstance(row, Excerpt):
        return {"memo": row.memo}
    return {"state": row.state, "facets": dict(row.facets)}


def keep(
    session: Session, actor: Actor, testimony: Testimony, action: str, changes: Sequence[Change]
) -> CodingStep:
    """Record a gesture, with the caller's next flush. What was undone can't come back."""
    with session.no_autoflush:
        session.execute(_UNDONE, {"testimony": testimony.id, "coder": actor.account_id})
    step = CodingStep(
        council_id=testimony.council_id,
        created_by=actor.account_id,
        testimony_id=testimony.id,
        coder_id=actor.account_id,
        action=action,
        coding_ids=[
            {_kind(row): str(row.id), "before": before, "after": picture(row)}
            for row, before in changes
        ],
    )
    session.add(step)
    return step


def last(
    session: Session, actor: Actor, testimony: Testimony, since: datetime | None = None
) -> CodingStep | None:
    """The gesture that undo would take back, made after ``since``."""
    query = _mine(actor, testimony, since, undone=False)
    order = (CodingStep.created_at.desc(), CodingStep.id.desc())
    return session.scalars(query.order_by(*order).limit(1)).first()


def last_code(session: Session, actor: Actor, step: CodingStep | None) -> str | None:
    """The code that a gesture put, for « répéter »; None when it put none."""
    if step is None or step.action != "code":
        return None
    found = session.get(Coding, uuid.UUID(step.coding_ids[-1]["coding"]))
    return found.code if found is not None else None


def following(
    session: Session, actor: Actor, testimony: Testimony, since: datetime | None = None
) -> CodingStep | None:
    """The gesture that redo would put again, made after ``since``."""
    query = _mine(actor, testimony, since, undone=True)
    return session.scalars(query.order_by(CodingStep.created_at, CodingStep.id).limit(1)).first()


def replay(session: Session, actor: Actor, step: CodingStep, moment: str, book: Codebook) -> None:
    """Give all that the step touched the picture it had ``before`` or ``after`` it.

    Raises `Conflict` where that was changed since, or the grid no longer holds the code.
    """
    left = "after" if moment == "before" else "before"
    for change in step.coding_ids:
        row, excerpt = _touched(session, actor, change)
        if excerpt.state != "active":
            raise Conflict(
                "Le texte a été masqué à nouveau depuis ce geste : il ne peut plus être repris.",
                "Rien n’a été changé. Recalez d’abord les extraits concernés.",
            )
        if picture(row) != change[left]:
            raise Conflict(
                "Cet extrait a changé depuis ce geste : il ne peut plus être repris.",
                "Rien n’a été changé. Corrigez l’extrait directement.",
            )
        _draw(row, change[moment], book)
    step.undone = moment == "before"
    session.flush()


def _draw(row: Coding | Excerpt, wanted: dict[str, Any], book: Codebook) -> None:
    if isinstance(row, Excerpt):
        row.memo = wanted["memo"]
        return
    if wanted["state"] != "undone" and row.code not in book:
        raise Conflict(
            f"Le code « {row.code} » n’est plus dans la grille : ce geste ne peut plus être "
            "repris.",
            "Rien n’a été changé. Choisissez un code de la grille actuelle.",
        )
    row.state, row.facets = wanted["state"], dict(wanted["facets"])


def _kind(row: Coding | Excerpt) -> str:
    return "excerpt" if isinstance(row, Excerpt) else "coding"


def _touched(
    session: Session, actor: Actor, change: dict[str, Any]
) -> tuple[Coding | Excerpt, Excerpt]:
    """What a change touched, with its excerpt."""
    if "excerpt" in change:
        excerpt = scope.get(session, actor, Excerpt, uuid.UUID(change["excerpt"]))
        return excerpt, excerpt
    coding = scope.get(session, actor, Coding, uuid.UUID(change["coding"]))
    return coding, scope.get(session, actor, Excerpt, coding.excerpt_id)


def _mine(
    actor: Actor, testimony: Testimony, since: datetime | None, *, undone: bool
) -> Select[CodingStep]:
    query = scope.scoped(actor, CodingStep).where(
        CodingStep.testimony_id == testimony.id,
        CodingStep.coder_id == actor.account_id,
        CodingStep.undone.is_(undone),
    )
    return query if since is None else query.where(CodingStep.created_at >= since)
