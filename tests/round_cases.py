"""What the tests of agreement rounds share: two coders, their texts, and codes put blind."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

import factories
from analysis.agreement import Comparison
from survey_app.models import AgreementRound, Campaign, Coding, Excerpt, Testimony
from survey_app.permissions import Actor
from survey_app.services import (
    arbitration,
    coding,
    round_figures,
    round_opening,
    round_reading,
    rounds,
)

HALL, BUS, BENCH = "Le hall est sale.", "Le bus passe.", "Un banc est arrivé."
TEXT = f"{HALL} {BUS} {BENCH} Rien à dire."


@dataclass
class Tour:
    """A campaign with two coders (``one``, ``two``), the coordination and their round."""

    campaign: Campaign
    coordinator: Actor
    one: Actor
    two: Actor
    texts: list[Testimony]
    round: AgreementRound


def tour(session: Session, campaign: Campaign, actors: dict[str, Actor], count: int = 1) -> Tour:
    """An open round on some texts of four sentences each."""
    held = factories.meeting(session, campaign)
    texts = [factories.testimony(session, held, masked=TEXT) for _ in range(count)]
    one, two, coordinator = actors["councillor"], actors["councillor2"], actors["coordinator"]
    assert one.account_id is not None
    assert two.account_id is not None
    pair = (one.account_id, two.account_id)
    found = round_opening.open_round(session, coordinator, campaign, pair, texts)
    return Tour(campaign, coordinator, one, two, texts, found)


def put(session: Session, by: Actor, row: Testimony, where: list[int] | str, code: str) -> None:
    """A blind code on neighbouring sentences (their places), or on these very words."""
    if isinstance(where, str):
        start = TEXT.index(where)
        coding.code(session, by, row, start, start + len(where), [code])
    else:
        coding.code_sentences(session, by, row, where, [code])


def both_done(session: Session, found: Tour) -> None:
    for text in found.texts:
        for person in (found.one, found.two):
            rounds.done(session, person, text)


def counted(session: Session) -> list[tuple[str, str, str]]:
    """Words, code and coder of every coding that counts."""
    query = (
        select(Excerpt.quote, Coding.code, Coding.coder_id)
        .join(Coding, Coding.excerpt_id == Excerpt.id)
        .where(Coding.state == "validated", Excerpt.state == "active")
        .order_by(Excerpt.start, Excerpt.end, Coding.code, Coding.created_at)
    )
    session.flush()
    return [(quote, code, str(coder)) for quote, code, coder in session.execute(query)]


def differing(session: Session, campaign: Campaign, actors: dict[str, Actor]) -> Tour:
    """LOG4 agreed on the hall, MOB on the bus by one, CAD over two sentences by the other."""
    made = tour(session, campaign, actors)
    text = made.texts[0]
    put(session, made.one, text, [0], "LOG4")
    put(session, made.two, text, "hall", "LOG4")
    put(session, made.one, text, [1], "MOB")
    put(session, made.two, text, [1, 2], "CAD")
    put(session, made.one, text, [2], "CAD")
    both_done(session, made)
    return made


def seen(session: Session, of: Tour) -> list[arbitration.Sentence]:
    texts = round_reading.read(session, of.coordinator, of.round)
    return arbitration.to_discuss(session, of.round, texts)


def figures(session: Session, of: Tour) -> Comparison:
    texts = round_reading.read(session, of.coordinator, of.round)
    return round_figures.comparison(of.round, texts)


def decide(session: Session, of: Tour, sentence: int, code: str, kept: bool, why: str = "") -> None:
    row = seen(session, of)[sentence]
    where = (row.read.version_id, row.span.start, code)
    arbitration.decide(session, of.coordinator, of.round, where, kept, why)
