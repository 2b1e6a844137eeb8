"""Masking again, or setting aside, after a synthesis is printed: it no longer shows the words."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask

import factories
import results_cases as cases
from pages import client_for
from survey_app.models import Synthesis, Testimony
from survey_app.runtime import Runtime
from survey_app.services import exports, jobs, kept, masking, review, syntheses
from survey_app.services.works import WORKS

CHECK = dict.fromkeys(review.CHECKLIST, True)


@pytest.fixture
def house(runtime: Runtime) -> cases.House:
    return cases.house(runtime)


def drafted(house: cases.House) -> Synthesis:
    with house.runtime.database.writing() as session:
        return syntheses.draft(session, house.actors["coordinator"], house.campaign)


def printed(house: cases.House) -> Synthesis:
    """A published synthesis that quotes the first testimony, and its file."""
    row, desk, runtime = drafted(house), house.actors["coordinator"], house.runtime
    with runtime.database.writing() as session:
        row = session.merge(row)
        syntheses.submit(session, desk, row, house.campaign)
        syntheses.sign(session, desk, row, house.campaign, "coordinator")
        syntheses.sign(session, house.actors["councillor2"], row, house.campaign, "body")
        syntheses.publish(session, desk, row, house.campaign)
        asked = {
            "synthesis": str(row.id), "formats": ["json"],
            "folder": exports.recorded(runtime, exports.folder(runtime, house.campaign, row)),
        }  # fmt: skip
        job = jobs.create(session, desk, "export", house.campaign.id, **asked)
    assert jobs.run(runtime, job.id, WORKS).state == "done"
    assert exports.written(runtime, house.campaign, row)
    assert cases.LIFT in str(kept.whole(row))
    return row


def mask_again(house: cases.House) -> None:
    with house.runtime.database.writing() as session:
        row = session.get_one(Testimony, house.testimonies[0].id)
        masking.reopen(session, house.runtime, house.actors["coordinator"], row)


def put_aside(house: cases.House) -> None:
    with house.runtime.database.writing() as session:
        row = session.get_one(Testimony, house.testimonies[0].id)
        desk = house.actors["coordinator"]
        review.set_aside(session, house.runtime, desk, row, "accord non confirmé")


@pytest.mark.parametrize("gesture", [mask_again, put_aside])
def test_a_published_synthesis_is_to_rectify_and_its_files_go(
    house: cases.House, gesture: Callable[[cases.House], None]
) -> None:
    row = printed(house)
    gesture(house)
    assert exports.written(house.runtime, house.campaign, row) == {}
    with house.runtime.database.reading() as session:
        after = session.get_one(Synthesis, row.id)
        assert after.state == "to_rectify"
        assert cases.LIFT not in str(kept.whole(after))
        assert cases.STAIRS in str(kept.whole(after))


@pytest.mark.parametrize("gesture", [mask_again, put_aside])
def test_a_draft_is_computed_again_without_it(
    house: cases.House, gesture: Callable[[cases.House], None]
) -> None:
    row = drafted(house)
    gesture(house)
    with house.runtime.database.reading() as session:
        after = session.get_one(Synthesis, row.id)
        assert cases.LIFT not in str(kept.whole(after))
        assert syntheses.document(after).heard.counts.testimonies == 4


def test_from_the_page(app: Flask, house: cases.House) -> None:
    row = printed(house)
    key = house.testimonies[0].id
    desk = client_for(app, "coordinator")
    sent = desk.send(f"/relecture/temoignage/{key}/rouvrir", {}, page=f"/codage/temoignage/{key}")
    assert sent.status_code == 303
    assert exports.written(house.runtime, house.campaign, row) == {}
    with house.runtime.database.reading() as session:
        assert session.get_one(Synthesis, row.id).state == "to_rectify"


def test_a_testimony_brought_back_and_set_aside_by_its_reviewer_is_nowhere(
    house: cases.House,
) -> None:
    row = printed(house)
    put_aside(house)
    with house.runtime.database.writing() as session:
        again = session.get_one(Testimony, house.testimonies[0].id)
        review.restore(session, house.actors["coordinator"], again)
        review.take(session, house.actors["councillor2"], again)
        review.decide(
            session, house.actors["councillor2"], again, "set_aside", CHECK, reason="hors sujet"
        )
        assert again.set_aside_reason == "hors sujet"
    with house.runtime.database.reading() as session:
        assert cases.LIFT not in str(kept.whole(session.get_one(Synthesis, row.id)))


def test_one_never_masked_leaves_the_syntheses_as_they_are(house: cases.House) -> None:
    with house.runtime.database.writing() as session:
        held = session.get_one(Testimony, house.testimonies[0].id).meeting
        key = factories.testimony(session, held).id
    row = printed(house)
    with house.runtime.database.writing() as session:
        fresh = session.get_one(Testimony, key)
        review.set_aside(session, house.runtime, house.actors["coordinator"], fresh, "doublon")
    assert exports.written(house.runtime, house.campaign, row)
    with house.runtime.database.reading() as session:
        assert session.get_one(Synthesis, row.id).state == "published"
