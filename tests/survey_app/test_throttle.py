"""Throttling: sliding windows, subjects apart, nothing readable kept."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select, update

from survey_app.domain import TooMany
from survey_app.models import Attempt, now
from survey_app.services import throttle

LIMIT = throttle.Limit("essai", 3, timedelta(minutes=10))


def test_the_limit_is_reached_exactly_and_the_wait_is_told(session, runtime):
    for _ in range(3):
        throttle.check(session, runtime.keys, LIMIT, "lou")
        throttle.failed(session, runtime.keys, LIMIT, "lou")
    with pytest.raises(TooMany, match="10 minutes"):
        throttle.check(session, runtime.keys, LIMIT, "lou")
    throttle.check(session, runtime.keys, LIMIT, "quelqu’un d’autre")
    throttle.check(session, runtime.keys, throttle.Limit("autre", 3), "lou")


def test_the_window_slides(session, runtime):
    for _ in range(3):
        throttle.failed(session, runtime.keys, LIMIT, "lou")
    oldest = session.scalars(select(Attempt.id).order_by(Attempt.id)).first()
    nearly = now() - timedelta(minutes=9, seconds=30)
    session.execute(update(Attempt).where(Attempt.id == oldest).values(at=nearly))
    with pytest.raises(TooMany, match="une minute"):
        throttle.check(session, runtime.keys, LIMIT, "lou")
    past = now() - timedelta(minutes=10)
    session.execute(update(Attempt).where(Attempt.id == oldest).values(at=past))
    throttle.check(session, runtime.keys, LIMIT, "lou")


def test_forgiving_concerns_one_subject(session, runtime):
    for subject in ("lou", "zoe"):
        for _ in range(3):
            throttle.failed(session, runtime.keys, LIMIT, subject)
    throttle.forgive(session, runtime.keys, LIMIT, "lou")
    throttle.check(session, runtime.keys, LIMIT, "lou")
    with pytest.raises(TooMany):
        throttle.check(session, runtime.keys, LIMIT, "zoe")


def test_old_failures_are_not_kept_and_nobody_is_named(session, runtime):
    throttle.failed(session, runtime.keys, LIMIT, "lou")
    session.execute(update(Attempt).values(at=now() - timedelta(hours=2)))
    throttle.failed(session, runtime.keys, LIMIT, "zoe")
    assert session.scalar(select(func.count()).select_from(Attempt)) == 1
    (kept,) = session.scalars(select(Attempt.subject_hash))
    assert kept != runtime.keys.keyed_hash("attempt:essai", "lou")
    assert len(kept) == 64
    assert "zoe" not in kept


@given(st.integers(min_value=0, max_value=100_000))
def test_the_time_told_is_always_enough(seconds):
    told = throttle.waiting(timedelta(seconds=seconds))
    minutes = 1 if told == "une minute" else int(told.removesuffix(" minutes"))
    assert minutes * 60 >= seconds
    assert (minutes - 1) * 60 < max(seconds, 1)
