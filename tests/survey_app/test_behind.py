"""What is behind a number: the database finds and counts what the analysis reads."""

from __future__ import annotations

import pytest
from sqlalchemy import event, select
from sqlalchemy.orm import Session

import factories
import results_cases as cases
from survey_app.models import Campaign, Coding, Excerpt, Testimony, TextVersion
from survey_app.runtime import Runtime
from survey_app.services import behind, corpus, results

CODES: list[tuple[str, ...]] = [(), ("LOG1",), ("LOG1", "LOG2"), ("CAD1", "CAD2"), ("SAN",)]


@pytest.fixture
def house(runtime: Runtime) -> cases.House:
    """The small campaign, with everything that does not count and what counts only once."""
    house = cases.house(runtime)
    coder = house.actors["coordinator"]
    with runtime.database.writing() as session:
        rows = [session.get_one(Testimony, row.id) for row in house.testimonies]
        campaign = session.get_one(Campaign, house.campaign.id)
        rows[0].persons = 3
        cases.coded(session, rows[0], "LOG2", coder)  # a second code on the same excerpt
        cases.coded(session, rows[0], "CAD2", coder, quote="tombe en panne")
        undone = cases.coded(session, rows[1], "LOG1", coder)
        session.scalars(
            select(Coding).where(Coding.excerpt_id == undone.id, Coding.code == "LOG1")
        ).one().state = "undone"
        cases.coded(session, rows[2], "CAD2", coder, quote="la gardienne").state = "abandoned"
        _text(session, rows[2], "corrected")  # does not stand in for the masked text
        _text(session, rows[3], "masked")  # its excerpt is now of an older text
        rows[4].state, rows[4].set_aside_reason = "set_aside", "doublon"
        elsewhere = Campaign(
            council_id=campaign.council_id,
            slug="ailleurs",
            title="Ailleurs",
            neighbourhoods=list(campaign.neighbourhoods),
            questionnaires=list(campaign.questionnaires),
            codebook_version_id=campaign.codebook_version_id,
        )
        session.add(elsewhere)
        session.flush()
        other = factories.testimony(
            session, factories.meeting(session, elsewhere), masked=cases.LIFT
        )
        cases.coded(session, other, "LOG1", coder)
    return house


def _text(session: Session, testimony: Testimony, kind: str) -> None:
    newest = max(text.sequence for text in testimony.texts)
    session.add(
        TextVersion(
            council_id=testimony.council_id,
            testimony_id=testimony.id,
            sequence=newest + 1,
            kind=kind,
            text="Un texte repris.",
        )
    )


@pytest.mark.parametrize("codes", CODES, ids=lambda codes: "+".join(codes) or "all")
def test_the_database_finds_what_the_analysis_reads(
    house: cases.House, codes: tuple[str, ...]
) -> None:
    actor, campaign = house.actors["coordinator"], house.campaign
    with house.runtime.database.reading() as session:
        read = corpus.load(session, actor, campaign).corpus
        rows, _ = behind.spoken(session, actor, campaign, codes)
        heard = behind.heard(session, actor, campaign, codes, 0, 50)
    coded = {item.excerpt for item in read.codings if not codes or item.code in codes}
    told = {read.excerpt_by_id[name].testimony for name in coded}
    persons = sum(read.testimony_by_id[name].persons for name in told)
    assert {str(row.excerpt_id) for row in rows} == coded
    assert heard.shown == [(row.excerpt_id, row.testimony_id) for row in rows]
    assert heard.excerpts == len(coded)
    assert heard.counts == behind.counts(rows)
    assert (heard.counts.testimonies, heard.counts.people) == (len(told), persons)


def test_what_does_not_count_is_not_there(house: cases.House) -> None:
    """The figures themselves, so that both ways of reading cannot be wrong together."""
    actor, campaign = house.actors["coordinator"], house.campaign
    with house.runtime.database.reading() as session:
        everything = behind.heard(session, actor, campaign, (), 0, 50)
        lifts = behind.heard(session, actor, campaign, ("LOG1", "LOG2"), 0, 50)
        stranger = behind.heard(session, cases.stranger(house), campaign, (), 0, 50)
    assert (everything.excerpts, everything.counts.testimonies) == (4, 3)
    assert (everything.counts.meetings, everything.counts.people) == (2, 5)
    assert (lifts.excerpts, lifts.counts.testimonies, lifts.counts.people) == (2, 2, 4)
    assert (stranger.excerpts, stranger.counts.testimonies, stranger.shown) == (0, 0, [])


def test_pages_follow_the_order_of_reading(house: cases.House) -> None:
    actor, campaign = house.actors["coordinator"], house.campaign
    with house.runtime.database.reading() as session:
        whole = behind.heard(session, actor, campaign, (), 0, 50)
        pages = [behind.heard(session, actor, campaign, (), rank, 1) for rank in range(5)]
        places = dict(session.execute(select(Excerpt.id, Excerpt.start)).all())
        numbers = dict(session.execute(select(Testimony.id, Testimony.number)).all())
    assert [page.shown for page in pages] == [*([one] for one in whole.shown), []]
    # The page beyond the last is empty, and its counts are still those of them all.
    assert {(page.counts, page.excerpts) for page in pages} == {(whole.counts, whole.excerpts)}
    ranks = [(numbers[told], places[excerpt]) for excerpt, told in whole.shown]
    assert ranks == sorted(ranks)


def test_excerpts_are_looked_for_once(house: cases.House) -> None:
    """One statement, whose common part the database keeps: thousands must open in a click."""
    said: list[str] = []
    engine = house.runtime.database.engine
    with house.runtime.database.reading() as session:
        campaign = session.get_one(Campaign, house.campaign.id)
        event.listen(engine, "before_cursor_execute", lambda *call: said.append(call[2]))
        behind.heard(session, house.actors["coordinator"], campaign, ("LOG1",), 0, 50)
    (statement,) = said
    assert statement.count("FROM excerpts") == 1
    assert "AS MATERIALIZED" in statement


def test_what_an_analysis_would_read_is_what_it_reads(house: cases.House) -> None:
    actor, campaign = house.actors["coordinator"], house.campaign
    with house.runtime.database.writing() as session:
        session.get_one(Testimony, house.testimonies[1].id).state = "reviewed"
    with house.runtime.database.reading() as session:
        read = corpus.load(session, actor, campaign).corpus
        found = results.basis(session, actor, campaign)
    assert (found.testimonies, found.pending) == (len(read.testimonies), 1)
    # Three on the first testimony, one on the third, one on the fourth.
    assert found.codings == 5
