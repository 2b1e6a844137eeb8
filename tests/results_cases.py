"""A small coded campaign, made of rows, for the tests of results."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

import factories
from analysis.corpus import quote_hash
from analysis.lexicon import WordCount
from analysis.pictures import word_cloud
from survey_app.models import Account, Campaign, Coding, Excerpt, Run, Testimony, WithdrawalCode
from survey_app.permissions import Actor
from survey_app.runtime import Runtime
from survey_app.services import analyses, consents, corpus, deposit, numbering

LIFT = "Le soir l’ascenseur tombe en panne et [PRÉNOM 1] monte six étages."
BENCH = "On a demandé un banc devant l’école, il est arrivé au printemps."
STAIRS = "L’ascenseur marche bien chez nous, la gardienne est très bien."
QUIET = "L’ascenseur est trop petit pour un fauteuil."
SECRET = "Je ne veux pas qu’on cite ma phrase sur la panne."


@dataclass(frozen=True)
class House:
    """A council at work: its accounts, its campaign, what was said."""

    runtime: Runtime
    campaign: Campaign
    actors: dict[str, Actor]
    testimonies: list[Testimony]


def house(runtime: Runtime) -> House:
    """The small coded campaign, committed, beside a council that has nothing to do with it."""
    with runtime.database.writing() as session:
        council = factories.council(session)
        actors = factories.actors(session, council)
        campaign = factories.campaign(session, council)
        rows = spoken(session, campaign, actors)
        other = factories.council(session, name="Conseil voisin")
        factories.actors(session, other, suffix="-voisin")
    return House(runtime, campaign, actors, rows)


def coded(
    session: Session, testimony: Testimony, code: str, by: Actor, quote: str = "", **facets: Any
) -> Excerpt:
    """A validated coding of ``quote`` (the whole masked text by default), with its facets."""
    text = testimony.text("masked")
    assert text is not None
    quote = quote or text.text
    start = text.text.index(quote)
    query = select(Excerpt).where(Excerpt.text_version_id == text.id, Excerpt.start == start)
    row = session.scalars(query.where(Excerpt.end == start + len(quote))).one_or_none()
    if row is None:
        row = Excerpt(
            council_id=testimony.council_id,
            campaign_id=testimony.campaign_id,
            number=numbering.following(session, testimony.campaign_id, Campaign.last_excerpt),
            testimony_id=testimony.id,
            text_version_id=text.id,
            start=start,
            end=start + len(quote),
            quote=quote,
            quote_sha256=quote_hash(quote),
        )
        session.add(row)
        session.flush()
    session.add(
        Coding(
            council_id=testimony.council_id,
            excerpt_id=row.id,
            codebook_version_id=testimony.campaign.codebook_version_id,
            code=code,
            facets=facets,
            coder_id=by.account_id,
        )
    )
    session.flush()
    return row


def spoken(session: Session, campaign: Campaign, actors: dict[str, Actor]) -> list[Testimony]:
    """Five testimonies in two meetings: a disagreement on LOG, a lone voice, one not citable."""
    collector, coder = actors["councillor"], actors["coordinator"]
    first = factories.meeting(session, campaign, collector)
    second = factories.meeting(
        session, campaign, collector, held_on=date(2026, 4, 9), place="au marché"
    )
    said = [
        (first, LIFT, "granted"),
        (first, BENCH, "granted"),
        (second, STAIRS, "granted"),
        (second, QUIET, "granted"),
        (second, SECRET, "refused"),
    ]
    rows = [
        factories.testimony(
            session,
            meeting,
            text=text.replace("[PRÉNOM 1]", "Karima"),
            masked=text,
            cite=cite,
            collector=collector,
            reviewer_id=actors["councillor2"].account_id,
        )
        for meeting, text, cite in said
    ]
    coded(session, rows[0], "LOG1", coder, tonalite="négative", kind="constat")
    coded(session, rows[1], "CAD1", coder, tonalite="positive", kind="proposition")
    coded(session, rows[2], "LOG1", coder, tonalite="positive", kind="ressource")
    coded(session, rows[3], "LOG2", coder, tonalite="négative", kind="constat")
    coded(session, rows[4], "LOG1", coder, tonalite="négative", kind="constat")
    return rows


def with_code(session: Session, runtime: Runtime, testimony: Testimony) -> str:
    """Give a testimony its paper code, as the form does; returns it as it is shown."""
    code = consents.new_code()
    hashed = deposit.code_hash(runtime.keys, code)
    session.add(WithdrawalCode(testimony_id=testimony.id, code_hash=hashed))
    session.flush()
    return code


def analysed(runtime: Runtime, actor: Actor, campaign: Campaign) -> Run:
    """A stored run of the campaign, its words given: spaCy is not needed here."""
    words = [
        WordCount("ascenseur", 4, 3, ("ascenseur",)),
        WordCount("panne", 2, 2, ("panne",)),
        WordCount("banc", 2, 2, ("banc",)),
    ]
    with runtime.database.reading() as session:
        loaded = corpus.load(session, actor, campaign)
    figures = analyses._figures(loaded.corpus, loaded.codebook, words)
    found = analyses.Results(figures, (word_cloud(words),), (), ())
    run_id = analyses._keep(runtime, actor, campaign.id, loaded.text_versions, found)
    with runtime.database.reading() as session:
        return session.get_one(Run, run_id)


def stranger(house: House) -> Actor:
    """The coordinator of the other council."""
    with house.runtime.database.reading() as session:
        row = session.scalars(select(Account).where(Account.login == "coordinator-voisin")).one()
        return factories.actor(row)
