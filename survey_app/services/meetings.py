"""Meetings: planned, opened, closed with the counters that make them honest."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlalchemy.orm import Session
from sqlalchemy.sql.base import ExecutableOption

from survey_app.domain import Conflict, Forbidden, Invalid, NotFound
from survey_app.models import Campaign, Draft, Meeting, Sector, Testimony
from survey_app.permissions import Actor, Role
from survey_app.services import counters as tally
from survey_app.services import journal, scope, states
from survey_app.services.counters import Counters

METHODS = {
    "individuel": "Entretien individuel",
    "collectif": "Entretien collectif",
    "micro_trottoir": "Micro-trottoir",
    "porteur_de_paroles": "Porteur de paroles",
    "marche": "Marche dans le quartier",
    "questionnaire": "Questionnaire",
    "debat_support": "Débat autour d’un support",
    "cahier": "Cahier ou boîte à mots",
}
# How a meeting came about is shown by name; nobody plans an import.
METHOD_LABELS = METHODS | {"import": "Fichier importé"}


@dataclass(frozen=True, slots=True)
class Plan:
    """What is known of a meeting before it is held."""

    neighbourhood_id: uuid.UUID
    method: str
    held_on: date | None = None
    place: str = ""
    sector: str = ""
    team: str = ""
    weather: str = ""


def today() -> date:
    """The day in France, where the meetings are held."""
    return datetime.now(ZoneInfo("Europe/Paris")).date()


def handles(actor: Actor, meeting: Meeting) -> bool:
    """A councillor handles the meetings they made; the coordination handles all of them."""
    if Role.COORDINATOR in actor.roles:
        return True
    return actor.account_id is not None and meeting.created_by == actor.account_id


def get(
    session: Session, actor: Actor, meeting_id: uuid.UUID | str, *options: ExecutableOption
) -> Meeting:
    """A meeting that the actor handles; `NotFound` otherwise."""
    actor.require("meeting.manage")
    meeting = scope.get(session, actor, Meeting, meeting_id, *options)
    if not handles(actor, meeting):
        raise NotFound()
    return meeting


def listed(
    session: Session,
    actor: Actor,
    campaign: Campaign | None = None,
    meeting_states: Iterable[str] = (),
) -> list[Meeting]:
    """The meetings that the actor handles, the latest first."""
    actor.require("meeting.manage")
    query = scope.scoped(actor, Meeting).order_by(Meeting.held_on.desc(), Meeting.id.desc())
    if Role.COORDINATOR not in actor.roles:
        query = query.where(Meeting.created_by == actor.account_id)
    if campaign is not None:
        query = query.where(Meeting.campaign_id == campaign.id)
    wanted = tuple(meeting_states)
    if wanted:
        query = query.where(Meeting.state.in_(wanted))
    return list(session.scalars(query))


def mine(session: Session, actor: Actor) -> list[Meeting]:
    """The open meetings that this very account made."""
    return [
        meeting
        for meeting in listed(session, actor, meeting_states=("open",))
        if meeting.created_by == actor.account_id
    ]


def campaigns(session: Session, actor: Actor) -> list[Campaign]:
    """The campaigns for which a meeting may be planned, oldest first."""
    actor.require("meeting.manage")
    query = scope.scoped(actor, Campaign).where(Campaign.state.in_(("ready", "running")))
    return list(session.scalars(query.order_by(Campaign.created_at)))


def testimony_counts(
    session: Session, actor: Actor, meetings: Iterable[Meeting]
) -> dict[uuid.UUID, int]:
    """How many testimonies each meeting brought (zeros included)."""
    actor.require("meeting.manage")
    ids = [meeting.id for meeting in meetings]
    rows = session.execute(
        select(Testimony.meeting_id, func.count())
        .where(Testimony.council_id == actor.council_id, Testimony.meeting_id.in_(ids))
        .group_by(Testimony.meeting_id)
    )
    return dict.fromkeys(ids, 0) | {row[0]: row[1] for row in rows}


def places(session: Session, council_id: uuid.UUID, neighbourhood_id: uuid.UUID) -> dict[str, str]:
    """The sectors that the council draws in a neighbourhood: name to label."""
    rows = session.execute(
        select(Sector.name, Sector.label)
        .where(Sector.council_id == council_id, Sector.neighbourhood_id == neighbourhood_id)
        .order_by(Sector.label)
    )
    return {row[0]: row[1] for row in rows}


def plan(session: Session, actor: Actor, campaign: Campaign, wanted: Plan) -> Meeting:
    """Plan a meeting of a campaign that is ready or running."""
    actor.require("meeting.manage")
    campaign = scope.get(session, actor, Campaign, campaign.id)
    if campaign.state not in {"ready", "running"}:
        raise Conflict(
            f"La campagne est « {states.label(campaign)} » : on n’y prévoit pas de rencontre.",
            "Rien n’a été enregistré. Demandez à la coordination de l’ouvrir.",
        )
    if wanted.method not in METHODS or (campaign.methods and wanted.method not in campaign.methods):
        raise Invalid(
            "Cette méthode ne fait pas partie de la campagne.",
            "Choisissez une méthode de la liste.",
        )
    if wanted.neighbourhood_id not in {row.id for row in campaign.neighbourhoods}:
        raise Invalid(
            "Ce quartier ne fait pas partie de la campagne.", "Choisissez un quartier de la liste."
        )
    if wanted.sector and wanted.sector not in places(
        session, campaign.council_id, wanted.neighbourhood_id
    ):
        raise Invalid(
            "Ce secteur ne fait pas partie du quartier.", "Choisissez un secteur de la liste."
        )
    meeting = Meeting(
        council_id=campaign.council_id,
        campaign_id=campaign.id,
        created_by=actor.account_id,
        **{field.name: getattr(wanted, field.name) for field in fields(wanted)},
    )
    session.add(meeting)
    session.flush()
    journal.record(session, actor, "plan", "meetings", meeting.id, method=meeting.method)
    return meeting


def start(session: Session, actor: Actor, meeting: Meeting) -> None:
    """Open a planned meeting; its campaign must be running."""
    meeting = get(session, actor, meeting.id)
    _needs_running(meeting.campaign)
    states.move(session, actor, meeting, "open")
    if meeting.held_on is None:
        meeting.held_on = today()


def close(session: Session, actor: Actor, meeting: Meeting, counters: Counters) -> None:
    """Close a meeting, once everything was counted and nobody is still being listened to."""
    meeting = get(session, actor, meeting.id)
    problems = tally.check(counters)
    if problems:
        raise Invalid(" ".join(problems), "Corrigez ces nombres : le reste est gardé.")
    waiting = drafts_of(session, meeting)
    if waiting:
        many = "témoignage est encore en cours" if waiting == 1 else "témoignages sont en cours"
        raise Conflict(
            f"{waiting} {many} dans cette rencontre.",
            "Terminez-les ou effacez-les, puis fermez la rencontre. Ceux d’un compte fermé "
            "attendent la coordination, dans « Recueillir ». Rien n’est perdu.",
        )
    for field in fields(counters):
        setattr(meeting, field.name, getattr(counters, field.name))
    states.move(session, actor, meeting, "closed")


def reopen(session: Session, actor: Actor, meeting: Meeting) -> None:
    """Open a closed meeting again: the coordination only."""
    meeting = get(session, actor, meeting.id)
    if Role.COORDINATOR not in actor.roles:
        raise Forbidden(
            "Seule la coordination peut rouvrir une rencontre.",
            "Rien n’a été changé. Dites-lui ce qu’il faut corriger.",
        )
    _needs_running(meeting.campaign)
    states.move(session, actor, meeting, "open")


def add_refusal(session: Session, actor: Actor, meeting: Meeting, *, late: bool = False) -> int:
    """Count one more person who did not want to answer; closing starts from this number.

    ``late``: a tablet tells it once back, when the meeting may be closed already.
    """
    meeting = get(session, actor, meeting.id)
    if not late:
        needs_open(meeting)
    meeting.refusals = (meeting.refusals or 0) + 1
    return meeting.refusals


def add_stopped(session: Session, actor: Actor, meeting: Meeting) -> int:
    """Count one more interview stopped on the way."""
    meeting = get(session, actor, meeting.id)
    meeting.stopped = (meeting.stopped or 0) + 1
    return meeting.stopped


def needs_open(meeting: Meeting) -> None:
    """Raise `Conflict` unless the meeting is open."""
    if meeting.state != "open":
        raise Conflict(
            f"Cette rencontre est « {states.label(meeting)} ».",
            "Rien n’a été changé. Ouvrez la rencontre, ou choisissez-en une autre.",
        )


def drafts_of(session: Session, meeting: Meeting) -> int:
    """How many interviews are still in progress in a meeting, whoever holds them."""
    query = select(func.count()).select_from(Draft).where(Draft.meeting_id == meeting.id)
    return session.scalar(query) or 0


def _needs_running(campaign: Campaign) -> None:
    if campaign.state != "running":
        raise Conflict(
            f"La campagne est « {states.label(campaign)} » : elle ne recueille pas de témoignage.",
            "Rien n’a été changé. Demandez à la coordination de la mettre en cours.",
        )
