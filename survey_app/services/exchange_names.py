"""The random names (GUID) under which things leave in exchange files: drawn once, then kept."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from survey_app.models import Campaign, Coding, Excerpt, ExchangeGuid, Testimony, uuid7
from survey_app.runtime import Runtime

Name = tuple[str, str]
"""What bears a GUID: its kind (« source », « code »…) and its key in the campaign."""
MORTAL = frozenset({"excerpt", "coding", "memo", "facets"})
PACKET = 2_000  # rows written in one transaction: nobody waits behind them


def known(session: Session, campaign: Campaign) -> dict[Name, str]:
    """Every name already drawn, in the order they were."""
    rows = session.execute(
        select(ExchangeGuid.kind, ExchangeGuid.key, ExchangeGuid.guid)
        .where(ExchangeGuid.campaign_id == campaign.id)
        .order_by(ExchangeGuid.id)
    )
    return {(kind, key): str(guid) for kind, key, guid in rows}


def living(session: Session, campaign: Campaign) -> set[str]:
    """The keys of the excerpts and codings that are there: what is gone leaves its name free."""
    mine = select(Excerpt.id).where(Excerpt.campaign_id == campaign.id)
    held = select(Coding.id).join(Excerpt, Excerpt.id == Coding.excerpt_id)
    codings = held.where(Excerpt.campaign_id == campaign.id)
    return {str(key) for query in (mine, codings) for key in session.scalars(query)}


def drawn(runtime: Runtime, campaign: Campaign, wanted: Iterable[Name]) -> dict[Name, str]:
    """The names of all these things: those kept, and new ones for the others."""
    with runtime.database.reading() as session:
        held = known(session, campaign)
    missing = [name for name in dict.fromkeys(wanted) if name not in held]
    for start in range(0, len(missing), PACKET):
        with runtime.database.writing() as session:
            held = known(session, campaign)
            packet = missing[start : start + PACKET]
            made = {name: str(uuid.uuid4()) for name in packet if name not in held}
            keep(session, campaign, made)
    if missing:  # read anew: the order in which they were written stands for good
        with runtime.database.reading() as session:
            held = known(session, campaign)
    return held


def keep(session: Session, campaign: Campaign, made: Mapping[Name, str]) -> None:
    """Write names down; none of these things may have one yet."""
    if made:
        session.execute(
            insert(ExchangeGuid),
            [
                {
                    "id": uuid7(),
                    "council_id": campaign.council_id,
                    "campaign_id": campaign.id,
                    "kind": kind,
                    "key": key,
                    "guid": uuid.UUID(guid),
                }
                for (kind, key), guid in made.items()
            ],
        )


def lend(session: Session, campaign: Campaign, made: Mapping[Name, str]) -> None:
    """Write down the names that a file gives to new things: those that nothing living bears.

    A thing whose name is borne meanwhile waits for one of its own, at the next export.
    """
    wanted = [uuid.UUID(guid) for guid in made.values()]
    mine = ExchangeGuid.campaign_id == campaign.id
    rows = session.execute(
        select(ExchangeGuid.id, ExchangeGuid.kind, ExchangeGuid.key, ExchangeGuid.guid).where(
            mine, ExchangeGuid.guid.in_(wanted)
        )
    ).all()
    there = living(session, campaign) if rows else set()
    borne = {str(row.guid) for row in rows if row.kind not in MORTAL or row.key in there}
    gone = [row.id for row in rows if str(row.guid) not in borne]
    if gone:
        session.execute(delete(ExchangeGuid).where(ExchangeGuid.id.in_(gone)))
    keep(session, campaign, {name: guid for name, guid in made.items() if guid not in borne})


def forget(session: Session, testimony: Testimony) -> None:
    """Delete the names of a testimony, its excerpts and codings."""
    mine = select(Excerpt.id).where(Excerpt.testimony_id == testimony.id)
    held = select(Coding.id).where(Coding.excerpt_id.in_(mine))
    keys = {str(key) for query in (mine, held) for key in session.scalars(query)}
    rows = session.execute(
        select(ExchangeGuid.id, ExchangeGuid.key).where(
            ExchangeGuid.campaign_id == testimony.campaign_id
        )
    )
    gone = [row.id for row in rows if row.key in keys | {str(testimony.id)}]
    for start in range(0, len(gone), PACKET):
        packet = gone[start : start + PACKET]
        session.execute(delete(ExchangeGuid).where(ExchangeGuid.id.in_(packet)))
