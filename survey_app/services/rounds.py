"""Agreement rounds: two people code the same texts, each without seeing the other's codes.

While a round is ``open``, its codings are ``blind`` and count nowhere. `round_opening` makes one,
`arbitration` compares once both are done, and `round_closing` makes codings that count, or not.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, bindparam, event, or_, select
from sqlalchemy.orm import Session

from survey_app.domain import Conflict, NotFound
from survey_app.models import Account, AgreementRound, AgreementText, Campaign, Testimony
from survey_app.permissions import Actor
from survey_app.services import custody, journal, scope

KIND = "agreement_rounds"
OPEN, ARBITRATION, CLOSED = "open", "arbitration", "closed"
LABELS = {OPEN: "codage en cours", ARBITRATION: "à discuter", CLOSED: "clos"}


AWAITS = "Ce texte attend l’arbitrage du double codage : ses codes ne changent plus d’ici là."


_KNOWN = "rounds"
_HELD = (  # built once: every gesture of a coder asks
    select(AgreementRound)
    .join(AgreementText, AgreementText.round_id == AgreementRound.id)
    .where(
        AgreementRound.council_id == bindparam("council"),
        or_(AgreementRound.state == OPEN, AgreementRound.state == ARBITRATION),
        AgreementText.testimony_id == bindparam("testimony"),
    )
)


@dataclass(frozen=True, slots=True)
class Progress:
    """How many texts the round holds, and how many each of the two is done with."""

    texts: int
    first: int
    second: int


def blind_round(session: Session, actor: Actor, testimony: Testimony) -> AgreementRound | None:
    """The open round that holds this text and where the actor is one of its two coders."""
    if actor.account_id is None:
        return None
    held = (row for row in _holding(session, actor, testimony) if row.state == OPEN)
    return next((row for row in held if actor.account_id in pair(row)), None)


def awaited(session: Session, actor: Actor, testimony: Testimony) -> bool:
    """Whether a round that holds this text is being discussed: nobody codes it meanwhile."""
    held = _holding(session, actor, testimony)
    return any(row.state == ARBITRATION for row in held)


def _holding(session: Session, actor: Actor, testimony: Testimony) -> Sequence[AgreementRound]:
    """The rounds that hold this text and were not closed when this session first asked."""
    known: dict[tuple[uuid.UUID, uuid.UUID], Sequence[AgreementRound]]
    known = session.info.setdefault(_KNOWN, {})
    key = (testimony.id, actor.council_id)
    if key not in known:
        asked = {"council": actor.council_id, "testimony": testimony.id}
        known[key] = session.scalars(_HELD, asked).all()
    return known[key]


@event.listens_for(Session, "after_flush")
def _forget(session: Session, _context: object) -> None:
    """A round that opens: what this session knew of its texts no longer holds."""
    if any(isinstance(row, AgreementText) for row in session.new):
        session.info.pop(_KNOWN, None)


def done(session: Session, actor: Actor, testimony: Testimony) -> AgreementRound:
    """The actor has coded this text of the round: `Conflict` when no round asks it of them.

    Once both are done with every text, the round passes to arbitration by itself.
    """
    found = blind_round(session, actor, testimony)
    if found is None:
        raise Conflict(
            "Ce texte n’est plus dans un double codage ouvert.",
            "Rien n’a été changé. Rechargez la page.",
        )
    rows = texts(session, found)
    for row in rows:
        if row.testimony_id == testimony.id:
            setattr(row, _flag(actor, found), True)
    journal.record(session, actor, "round_text_done", KIND, found.id)
    if all(row.first_done and row.second_done for row in rows):
        found.state = ARBITRATION
        journal.record(session, actor, "round_coded", KIND, found.id, count=len(rows))
    session.flush()
    return found


def end(session: Session, actor: Actor, found: AgreementRound) -> None:
    """The coordination stops the coding: what both finished is compared, the rest is not."""
    actor.require("campaign.manage")
    same_council(actor, found)
    if found.state != OPEN:
        raise Conflict("Ce double codage est déjà arrêté.", "Rechargez la page.")
    found.state = ARBITRATION
    journal.record(session, actor, "round_ended", KIND, found.id)
    session.flush()


def get(session: Session, actor: Actor, round_id: uuid.UUID | str) -> AgreementRound:
    """A round: any of the council's for the coordination, one's own for its two coders."""
    actor.require("testimony.code")
    found = scope.get(session, actor, AgreementRound, round_id)
    if not custody.is_coordinator(actor) and actor.account_id not in pair(found):
        raise NotFound()
    return found


def listed(session: Session, actor: Actor, campaign: Campaign) -> Sequence[AgreementRound]:
    """The rounds of a campaign that the actor may see, newest first."""
    actor.require("testimony.code")
    query = scope.scoped(actor, AgreementRound).where(AgreementRound.campaign_id == campaign.id)
    if not custody.is_coordinator(actor):
        query = query.where(_mine(actor))
    order = (AgreementRound.created_at.desc(), AgreementRound.id.desc())
    return session.scalars(query.order_by(*order)).all()


def texts(session: Session, found: AgreementRound) -> Sequence[AgreementText]:
    """The texts of a round, in the order of their testimonies' numbers."""
    query = (
        select(AgreementText)
        .join(Testimony, Testimony.id == AgreementText.testimony_id)
        .where(AgreementText.round_id == found.id)
        .order_by(Testimony.number)
    )
    return session.scalars(query).all()


def progress(session: Session, found: AgreementRound) -> Progress:
    """How far each of the two is; of their codes, nothing."""
    rows = texts(session, found)
    return Progress(
        len(rows), sum(row.first_done for row in rows), sum(row.second_done for row in rows)
    )


def next_text(session: Session, actor: Actor, found: AgreementRound) -> Testimony | None:
    """The first text of an open round that the actor has still to code."""
    if found.state != OPEN or actor.account_id not in pair(found):
        return None
    flag = _flag(actor, found)
    waiting = (row for row in texts(session, found) if not getattr(row, flag))
    row = next(waiting, None)
    return scope.get(session, actor, Testimony, row.testimony_id) if row is not None else None


def names(session: Session, found: AgreementRound) -> tuple[str, str]:
    """The names of the two, the first coder's first."""
    one, other = (session.get_one(Account, key) for key in pair(found))
    return one.display_name, other.display_name


def pair(found: AgreementRound) -> tuple[uuid.UUID, uuid.UUID]:
    return found.first_coder_id, found.second_coder_id


def same_council(actor: Actor, found: AgreementRound) -> None:
    """Raise `NotFound` for a round of another council."""
    if found.council_id != actor.council_id:
        raise NotFound()


def _mine(actor: Actor) -> ColumnElement[bool]:
    return or_(
        AgreementRound.first_coder_id == actor.account_id,
        AgreementRound.second_coder_id == actor.account_id,
    )


def _flag(actor: Actor, found: AgreementRound) -> str:
    """The name of the column that says that the actor is done with a text."""
    return "first_done" if found.first_coder_id == actor.account_id else "second_done"
