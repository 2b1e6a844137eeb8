"""Taking one's words back with the paper code alone, and nothing for who only guesses."""

from __future__ import annotations

import html
import logging

import pytest
from flask import Flask
from sqlalchemy import select

import results_cases as cases
from pages import client
from survey_app.domain import Conflict, NotFound, TooMany
from survey_app.models import AuditEvent, Synthesis, Testimony
from survey_app.runtime import Runtime
from survey_app.services import consents, exports, jobs, kept, syntheses, withdrawal
from survey_app.services.works import WORKS

ADDRESS = "192.0.2.7"


@pytest.fixture
def house(runtime: Runtime) -> cases.House:
    return cases.house(runtime)


@pytest.fixture
def code(house: cases.House) -> str:
    """The paper code of the first testimony."""
    with house.runtime.database.writing() as session:
        return cases.with_code(session, house.runtime, house.testimonies[0])


def publish(house: cases.House) -> Synthesis:
    coordinator = house.actors["coordinator"]
    with house.runtime.database.writing() as session:
        row = syntheses.draft(session, coordinator, house.campaign)
        syntheses.submit(session, coordinator, row, house.campaign)
        syntheses.sign(session, coordinator, row, house.campaign, "coordinator")
        syntheses.sign(session, house.actors["councillor2"], row, house.campaign, "body")
        syntheses.publish(session, coordinator, row, house.campaign)
    return row


def page(answer: object) -> str:
    return html.unescape(answer.get_data(as_text=True)).replace("\u00a0", " ")  # type: ignore[attr-defined]  # Werkzeug's test response


@pytest.mark.parametrize("typed", ["{}", " {} ", "{lower}", "{spaced}", "{plain}"])
def test_the_code_opens_its_own_words_however_it_is_typed(
    app: Flask, house: cases.House, code: str, typed: str
) -> None:
    said = typed.format(
        code, lower=code.lower(), spaced=code.replace("-", " "), plain=code.replace("-", "")
    )
    shown = page(client(app).send("/retrait", {"code": said}))
    assert cases.LIFT in shown
    assert "Karima" not in shown
    assert cases.BENCH not in shown
    assert "Effacer mes paroles" in shown
    assert "Ne plus être cité" in shown


def test_before_the_masking_the_person_reads_their_own_raw_words(
    app: Flask, house: cases.House, runtime: Runtime
) -> None:
    import factories

    with runtime.database.writing() as session:
        row = session.get_one(Testimony, house.testimonies[0].id)
        waiting = factories.testimony(session, row.meeting, text="Mes mots à moi.")
        code = cases.with_code(session, runtime, waiting)
    assert "Mes mots à moi." in page(client(app).send("/retrait", {"code": code}))


def test_a_wrong_code_learns_nothing_and_is_kept_in_the_field(app: Flask, code: str) -> None:
    answers = [
        client(app).send("/retrait", {"code": wrong})
        for wrong in ("2222-3333-4444", "abc", "'; DROP TABLE testimonies")
    ]
    assert {answer.status_code for answer in answers} == {422}
    for answer in answers:
        assert "Aucune parole ne correspond à ce code." in page(answer)
    assert 'value="2222-3333-4444"' in page(answers[0])
    assert client(app).send("/retrait", {"code": ""}).status_code == 422


@pytest.mark.parametrize("path", ["/retrait/effacer", "/retrait/ne-plus-citer"])
def test_a_wrong_code_does_nothing(app: Flask, house: cases.House, path: str) -> None:
    answer = client(app).send(path, {"code": "2222-3333-4444"}, page="/retrait")
    assert answer.status_code == 422
    with house.runtime.database.reading() as session:
        assert len(session.scalars(select(Testimony)).all()) == 5


def test_guessing_is_slowed_down_even_for_a_right_code(
    app: Flask, house: cases.House, code: str
) -> None:
    visitor = client(app)
    for _ in range(withdrawal.GUESSES.failures):
        assert visitor.send("/retrait", {"code": "2222-3333-4444"}).status_code == 422
    answer = visitor.send("/retrait", {"code": code})
    assert answer.status_code == 429
    assert "trop d’essais" in page(answer)
    assert cases.LIFT not in page(answer)
    assert visitor.send("/retrait/effacer", {"code": code}, page="/retrait").status_code == 429
    with house.runtime.database.writing() as session:
        with pytest.raises(TooMany):
            withdrawal.find(session, house.runtime.keys, code, "127.0.0.1")
        found = withdrawal.find(session, house.runtime.keys, code, ADDRESS)
        assert found.id == house.testimonies[0].id


def test_erasing_ends_on_a_page_and_the_code_is_dead(
    app: Flask, house: cases.House, code: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    visitor = client(app)
    answer = visitor.send("/retrait/effacer", {"code": code}, page="/retrait")
    assert (answer.status_code, answer.location) == (303, "/retrait/effacees")
    assert "Vos paroles sont effacées" in page(visitor.get(answer.location))
    again = visitor.send("/retrait", {"code": code})
    assert again.status_code == 422
    assert "déjà été retirée" in page(again)
    with house.runtime.database.reading() as session:
        kept = session.scalars(select(Testimony.id)).all()
        assert house.testimonies[0].id not in kept
        assert len(kept) == 4
    plain = consents.normalise(code)
    for line in caplog.messages:
        assert code not in line
        assert plain not in line


def test_not_quoted_any_more_still_counts(app: Flask, house: cases.House, code: str) -> None:
    row = publish(house)
    visitor = client(app)
    assert "déjà publiée" in page(visitor.send("/retrait", {"code": code}))
    answer = visitor.send("/retrait/ne-plus-citer", {"code": code}, page="/retrait")
    assert answer.location == "/retrait/plus-citees"
    assert "ne seront plus citées" in page(visitor.get(answer.location))
    with house.runtime.database.reading() as session:
        after = session.get_one(Synthesis, row.id)
        document = syntheses.document(after)
        assert after.state == "to_rectify"
        assert cases.LIFT not in str(kept.whole(after))
        assert cases.STAIRS in str(kept.whole(after))
        assert document.heard.counts.testimonies == 5
        assert [picture.name for picture in document.pictures] == ["themes"]
        testimony = session.get_one(Testimony, house.testimonies[0].id)
        assert consents.citable(testimony) == "no"
        assert [record.decision for record in testimony.consents] == [
            "granted", "granted", "withdrawn"
        ]  # fmt: skip
    shown = page(visitor.send("/retrait", {"code": code}))
    assert "comptent, mais ne se citent pas" in shown
    assert "Ne plus être cité" not in shown
    twice = visitor.send("/retrait/ne-plus-citer", {"code": code}, page="/retrait")
    assert "ne peuvent déjà pas être citées" in page(twice)


def test_a_draft_and_its_files_lose_the_quotation(house: cases.House, code: str) -> None:
    runtime, coordinator = house.runtime, house.actors["coordinator"]
    with runtime.database.writing() as session:
        row = syntheses.draft(session, coordinator, house.campaign)
        job = jobs.create(
            session,
            coordinator,
            "export",
            house.campaign.id,
            synthesis=str(row.id),
            formats=["json"],
            folder=str(exports.folder(runtime, house.campaign, row)),
        )
    assert jobs.run(runtime, job.id, WORKS).state == "done"
    assert exports.written(runtime, house.campaign, row)
    with runtime.database.writing() as session:
        found = withdrawal.find(session, runtime.keys, code, ADDRESS)
        withdrawal.stop_quoting(session, house.runtime, found)
    assert exports.written(runtime, house.campaign, row) == {}
    with runtime.database.reading() as session:
        after = session.get_one(Synthesis, row.id)
        assert after.state == "draft"
        assert cases.LIFT not in str(kept.whole(after))
        counts = syntheses.document(after).findings[0].counts
        assert counts.testimonies == 4


def test_a_synthesis_that_did_not_quote_is_not_to_rectify(house: cases.House) -> None:
    row = publish(house)
    with house.runtime.database.writing() as session:
        code = cases.with_code(session, house.runtime, house.testimonies[4])
        found = withdrawal.find(session, house.runtime.keys, code, ADDRESS)
        with pytest.raises(Conflict, match="déjà pas"):
            withdrawal.stop_quoting(session, house.runtime, found)
    with house.runtime.database.reading() as session:
        assert session.get_one(Synthesis, row.id).state == "published"


def test_the_journal_says_that_it_happened_and_not_by_whom(house: cases.House, code: str) -> None:
    with house.runtime.database.writing() as session:
        found = withdrawal.find(session, house.runtime.keys, code, ADDRESS)
        withdrawal.stop_quoting(session, house.runtime, found)
        with pytest.raises(NotFound):
            withdrawal.find(session, house.runtime.keys, "2222-3333-4444", ADDRESS)
    with house.runtime.database.reading() as session:
        lines = session.scalars(select(AuditEvent).where(AuditEvent.action == "consent")).all()
        assert [(line.actor_id, line.record_id, line.details) for line in lines] == [
            (None, house.testimonies[0].id, {"scope": "citer", "decision": "withdrawn"})
        ]
