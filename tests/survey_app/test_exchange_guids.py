"""Names of exchange files: each is borne once, whatever a file says, and given back when free."""

from __future__ import annotations

import io
import re
import time
import uuid
import zipfile
from collections import Counter

import pytest
from sqlalchemy import delete, select, text

import exchange_cases as cases
from exchange_cases import kinds, rewritten, same, without_codings
from survey_app.models import Campaign, Coding, ExchangeGuid, uuid7
from survey_app.runtime import Runtime
from survey_app.services import exchange_names


@pytest.fixture
def coded(runtime: Runtime) -> cases.Coded:
    return cases.settle(runtime)


def twice(runtime: Runtime) -> list[str]:
    with runtime.database.reading() as session:
        counted = Counter(str(guid) for guid in session.scalars(select(ExchangeGuid.guid)))
    return [guid for guid, times in counted.items() if times > 1]


def told_twice(data: bytes) -> list[str]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        document = archive.read("project.qde").decode()
    counted = Counter(re.findall(' guid="([^"]+)"', document))
    return [guid for guid, times in counted.items() if times > 1]


def test_a_guid_that_everything_bears_is_taken_once(runtime: Runtime, coded: cases.Coded) -> None:
    one = str(uuid.uuid4())

    def change(document: str) -> str:
        return re.sub(
            r'(<(?:PlainTextSelection|Coding) [^>]*?guid=")[^"]+', rf"\g<1>{one}", document
        )

    data = rewritten(cases.given(runtime, coded), change, same)
    before = [row[:2] for row in cases.codings(runtime)]
    without_codings(runtime)
    told = cases.brought(runtime, coded, data)
    assert told["added"] == 4
    # Four codings and three passages: six of these seven have a new name.
    assert told["remarks"] == [["guid", "T-0001", 4], ["guid", "T-0002", 2]]
    assert [row[:2] for row in cases.codings(runtime)] == before
    assert twice(runtime) == []
    out = cases.given(runtime, coded)
    assert told_twice(out) == []
    assert cases.brought(runtime, coded, out) == {"added": 0, "known": 4, "remarks": []}
    assert cases.brought(runtime, coded, data) == {"added": 0, "known": 4, "remarks": []}


def test_a_guid_without_hyphens_is_the_same(runtime: Runtime, coded: cases.Coded) -> None:
    one = str(uuid.uuid4())
    given = iter([one, one.replace("-", ""), str(uuid.uuid4()), str(uuid.uuid4())])

    def change(document: str) -> str:
        return re.sub(
            '(<Coding [^>]*?guid=")[^"]+', lambda found: f"{found[1]}{next(given)}", document
        )

    data = rewritten(cases.given(runtime, coded), change, same)
    without_codings(runtime)
    assert kinds(cases.brought(runtime, coded, data)) == {"guid": 1}
    assert twice(runtime) == []


def test_codes_under_one_guid_are_not_guessed(runtime: Runtime, coded: cases.Coded) -> None:
    data = cases.given(runtime, coded)
    without_codings(runtime)
    with runtime.database.reading() as session:
        names = exchange_names.known(session, session.scalars(select(Campaign)).one())
    before, after = names["code", "SAN1"], names["code", "LOG4"]
    told = cases.brought(
        runtime, coded, rewritten(data, lambda document: document.replace(before, after), same)
    )
    assert told["added"] == 1
    assert kinds(told)["unknown_code"] == 3


def test_texts_under_one_guid_are_told_apart_by_their_words(
    runtime: Runtime, coded: cases.Coded
) -> None:
    data, before = cases.given(runtime, coded), cases.codings(runtime)
    without_codings(runtime)
    with runtime.database.reading() as session:
        names = exchange_names.known(session, session.scalars(select(Campaign)).one())
    first, second = (names["source", str(key)] for key in coded.testimonies[:2])

    def change(document: str) -> str:
        return document.replace(f'guid="{second}"', f'guid="{first}"')

    assert cases.brought(runtime, coded, rewritten(data, change, same))["added"] == 4
    assert [row[:2] for row in cases.codings(runtime)] == [row[:2] for row in before]


def test_a_name_is_lent_only_if_nothing_living_bears_it(
    runtime: Runtime, coded: cases.Coded
) -> None:
    cases.given(runtime, coded)
    with runtime.database.writing() as session:
        campaign = session.scalars(select(Campaign)).one()
        rows = session.scalars(select(Coding).order_by(Coding.id)).all()
        names = exchange_names.known(session, campaign)
        alive, gone = (names["coding", str(row.id)] for row in rows[:2])
        session.delete(rows[1])
        session.flush()
        asked = {("coding", str(uuid7())): guid for guid in (alive, gone)}
        exchange_names.lend(session, campaign, asked)
        after = exchange_names.known(session, campaign)
    assert after["coding", str(rows[0].id)] == alive
    assert ("coding", str(rows[1].id)) not in after
    first, second = asked
    assert first not in after
    assert after[second] == gone


def test_the_migration_keeps_the_first_of_two_names(runtime: Runtime, coded: cases.Coded) -> None:
    runtime.database.downgrade("20261124_12")
    shared, alone = uuid.uuid4(), uuid.uuid4()
    with runtime.database.writing() as session:
        campaign = session.scalars(select(Campaign)).one()
        session.execute(delete(ExchangeGuid))
        for key, guid in (("a", shared), ("b", shared), ("c", alone)):
            exchange_names.keep(session, campaign, {("coding", key): str(guid)})
            time.sleep(0.002)  # the order of two ids is that of their milliseconds
    runtime.database.upgrade()
    with runtime.database.writing() as session:
        campaign = session.scalars(select(Campaign)).one()
        found = exchange_names.known(session, campaign)
        assert found == {("coding", "a"): str(shared), ("coding", "c"): str(alone)}
        held = session.scalar(text("SELECT count(*) FROM exchange_guids"))
        assert held == 2
