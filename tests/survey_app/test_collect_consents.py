"""The paper code, and what stands of what was accepted."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.orm import Session

import factories
from survey_app.models import Campaign, ConsentRecord, Testimony
from survey_app.permissions import Actor
from survey_app.services import consents


def test_codes_are_readable_and_never_the_same() -> None:
    codes = {consents.new_code() for _ in range(500)}
    assert len(codes) == 500
    for code in codes:
        assert [len(group) for group in code.split("-")] == [4, 4, 4]
        assert not set(code) & set("01OIL")
        assert consents.is_code(code)


@given(st.text(consents.CODE_ALPHABET, min_size=12, max_size=12), st.randoms())
def test_a_code_is_found_however_it_was_copied(code: str, random: object) -> None:
    copied = "".join(sign.lower() + random.choice(["", " ", "-", "\u00a0", "–"]) for sign in code)  # type: ignore[attr-defined]
    assert consents.normalise(copied) == code
    assert consents.normalise(consents.shown(copied)) == code


@pytest.mark.parametrize("wrong", ["", "ABCD", "ABCD-EFGH-2340", "ABCD-EFGH-2345-6"])
def test_what_is_not_a_code(wrong: str) -> None:
    assert not consents.is_code(wrong)


@pytest.fixture
def testimony(session: Session, campaign: Campaign, actors: dict[str, Actor]) -> Testimony:
    return factories.testimony(session, factories.meeting(session, campaign))


def decide(testimony: Testimony, decision: str, phrase: str = "") -> None:
    testimony.consents.append(
        ConsentRecord(
            council_id=testimony.council_id,
            scope="citer",
            decision=decision,
            approved_phrase=phrase,
        )
    )


def test_the_latest_decision_stands_and_the_earlier_ones_stay(
    session: Session, testimony: Testimony
) -> None:
    assert consents.citable(testimony) == "yes"
    decide(testimony, "refused")
    assert consents.citable(testimony) == "no"
    decide(testimony, "approved", "Un banc.")
    assert consents.citable(testimony) == "approved"
    assert consents.approved_phrases(testimony) == ("Un banc.",)
    session.flush()
    session.expire(testimony)
    said = [record.decision for record in testimony.consents if record.scope == "citer"]
    assert said == ["granted", "refused", "approved"]
