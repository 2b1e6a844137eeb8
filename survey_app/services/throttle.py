"""Slowing down guesses: failures are counted behind a keyed hash, never beside a name."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from survey_app.domain import TooMany
from survey_app.keys import KeyRing
from survey_app.models import Attempt, now


@dataclass(frozen=True, slots=True)
class Limit:
    """At most ``failures`` within ``window`` for one subject (an account, an address…)."""

    purpose: str
    failures: int
    window: timedelta = timedelta(minutes=15)


LOGIN_ACCOUNT = Limit("login-account", 5)
LOGIN_ADDRESS = Limit("login-address", 30)
PASSWORD_CHANGE = Limit("password-change", 5)
DEVICE_ADDRESS = Limit("device-address", 30)


def check(session: Session, keys: KeyRing, limit: Limit, subject: str) -> None:
    """Raise `TooMany`, with the time to wait, once the limit is reached."""
    instant = now()
    recent = list(
        session.scalars(
            select(Attempt.at)
            .where(
                Attempt.purpose == limit.purpose,
                Attempt.subject_hash == _hash(keys, limit, subject),
                Attempt.at > instant - limit.window,
            )
            .order_by(Attempt.at.desc())
            .limit(limit.failures)
        )
    )
    if len(recent) < limit.failures:
        return
    wait = waiting(recent[-1] + limit.window - instant)
    raise TooMany(
        "Il y a eu trop d’essais en peu de temps. Rien n’est perdu.",
        f"Réessayez dans {wait}.",
    )


def failed(session: Session, keys: KeyRing, limit: Limit, subject: str) -> None:
    """Count one failure, and forget those of this purpose that no longer matter."""
    instant = now()
    session.execute(
        delete(Attempt).where(
            Attempt.purpose == limit.purpose, Attempt.at <= instant - limit.window
        )
    )
    session.add(
        Attempt(purpose=limit.purpose, subject_hash=_hash(keys, limit, subject), at=instant)
    )
    session.flush()


def forgive(session: Session, keys: KeyRing, limit: Limit, subject: str) -> None:
    """Forget the failures of a subject who has just proved who they are."""
    session.execute(
        delete(Attempt).where(
            Attempt.purpose == limit.purpose,
            Attempt.subject_hash == _hash(keys, limit, subject),
        )
    )


def waiting(duration: timedelta) -> str:
    """« une minute », « 7 minutes »: rounded up, so that waiting that long is enough."""
    minutes = max(1, -(-int(duration.total_seconds()) // 60))
    return "une minute" if minutes == 1 else f"{minutes} minutes"


def _hash(keys: KeyRing, limit: Limit, subject: str) -> str:
    return keys.keyed_hash(f"attempt:{limit.purpose}", subject)
