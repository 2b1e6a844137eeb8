"""Logging in: uniform answers, limits put to guessing, passwords kept and changed."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from survey_app.domain import Invalid, TooMany
from survey_app.keys import KeyRing
from survey_app.models import Attempt, AuditEvent, Council, now
from survey_app.permissions import system_actor
from survey_app.runtime import Runtime
from survey_app.services import accounts, passwords, throttle

HOUSE = "10.0.0.1"


@pytest.fixture
def keys(runtime: Runtime) -> KeyRing:
    return runtime.keys


def refuse(
    session: Session, keys: KeyRing, login: str, password: str, address: str = HOUSE
) -> None:
    with pytest.raises(accounts.LoginError):
        accounts.authenticate(session, keys, login, password, address)


def test_wrong_password_and_unknown_login_answer_the_same(session, actors, keys):
    accounts.create(
        session, actors["admin"], "lou", "Lou", ["reader"], password="un bon mot de passe"
    )
    with pytest.raises(accounts.LoginError) as wrong:
        accounts.authenticate(session, keys, "lou", "un autre mot de passe", HOUSE)
    with pytest.raises(accounts.LoginError) as unknown:
        accounts.authenticate(session, keys, "personne", "un autre mot de passe", HOUSE)
    assert str(wrong.value) == str(unknown.value)
    refused = session.scalars(select(AuditEvent).where(AuditEvent.action == "login_failed")).all()
    assert len(refused) == 2
    assert all(line.details == {} for line in refused)


def test_unknown_logins_cost_a_verification_too(session, keys, monkeypatch):
    seen: list[str] = []
    real = passwords.matches
    monkeypatch.setattr(
        passwords, "matches", lambda stored, typed: seen.append(stored) or real(stored, typed)
    )
    refuse(session, keys, "personne", "n’importe quoi du tout")
    assert seen == [passwords.decoy()]


def test_five_failures_close_the_account_for_a_while(session, actors, keys):
    accounts.create(session, actors["admin"], "lou", "Lou", ["reader"], password="le bon mot, lui")
    for number in range(5):
        refuse(session, keys, "lou", "mauvais mot de passe", f"10.0.0.{number}")
    with pytest.raises(TooMany, match="15 minutes"):
        accounts.authenticate(session, keys, "lou", "le bon mot, lui", HOUSE)
    session.execute(update(Attempt).values(at=now() - timedelta(minutes=16)))
    assert accounts.authenticate(session, keys, "lou", "le bon mot, lui", HOUSE).login == "lou"


def test_an_unknown_login_is_throttled_like_a_known_one(session, keys):
    for _ in range(5):
        refuse(session, keys, "personne", "mauvais mot de passe")
    with pytest.raises(TooMany):
        accounts.authenticate(session, keys, "PERSONNE", "mauvais mot de passe", HOUSE)


def test_success_forgives_the_account_but_not_the_address(session, actors, keys):
    accounts.create(session, actors["admin"], "lou", "Lou", ["reader"], password="le bon mot, lui")
    for _ in range(4):
        refuse(session, keys, "lou", "mauvais mot de passe")
    accounts.authenticate(session, keys, "lou", "le bon mot, lui", HOUSE)
    purposes = set(session.scalars(select(Attempt.purpose)))
    assert purposes == {"login-address"}


def test_an_address_that_tries_many_logins_is_stopped(session, keys, monkeypatch):
    monkeypatch.setattr(throttle, "LOGIN_ADDRESS", throttle.Limit("login-address", 6))
    for number in range(6):
        refuse(session, keys, f"nom{number}", "mauvais mot de passe")
    with pytest.raises(TooMany):
        accounts.authenticate(session, keys, "nom99", "mauvais mot de passe", HOUSE)
    refuse(session, keys, "nom99", "mauvais mot de passe", "10.9.9.9")


def test_changing_ones_password_asks_the_present_one(session, actors, keys):
    account, password = accounts.create(session, actors["admin"], "lou", "Lou", ["reader"])
    acting, token = accounts.actor_of(account), account.session_token
    with pytest.raises(Invalid, match="actuel"):
        accounts.change_password(session, acting, keys, "pas celui-là", "une phrase toute neuve")
    with pytest.raises(Invalid, match="trop court"):
        accounts.change_password(session, acting, keys, password, "court")
    assert account.session_token == token
    accounts.change_password(session, acting, keys, password, "une phrase toute neuve")
    assert account.session_token != token
    refuse(session, keys, "lou", password)
    assert accounts.authenticate(session, keys, "lou", "une phrase toute neuve", HOUSE)


def test_guessing_the_present_password_is_slowed_down(session, actors, keys):
    account, password = accounts.create(session, actors["admin"], "lou", "Lou", ["reader"])
    acting = accounts.actor_of(account)
    for _ in range(5):
        with pytest.raises(Invalid):
            accounts.change_password(session, acting, keys, "au hasard", "une phrase toute neuve")
    with pytest.raises(TooMany):
        accounts.change_password(session, acting, keys, password, "une phrase toute neuve")


def test_weaker_hashes_are_made_again_at_login(session, actors, keys):
    from argon2 import PasswordHasher

    account, _ = accounts.create(session, actors["admin"], "lou", "Lou", ["reader"])
    account.password_hash = PasswordHasher(1, 8 * 1024, 1).hash("une phrase un peu vieille")
    accounts.authenticate(session, keys, "lou", "une phrase un peu vieille", HOUSE)
    assert "m=19456,t=2,p=1" in account.password_hash
    assert passwords.matches(account.password_hash, "une phrase un peu vieille")


def test_accents_typed_either_way_are_the_same_password(session, actors, keys):
    accounts.create(
        session, actors["admin"], "lou", "Lou", ["reader"], password="été à la médiathèque"
    )
    decomposed = "e\u0301te\u0301 a\u0300 la me\u0301diathe\u0300que"
    assert accounts.authenticate(session, keys, "lou", decomposed, HOUSE).login == "lou"


def test_no_login_and_no_password_is_ever_journalled(
    session: Session, council: Council, keys: KeyRing
):
    system = system_actor(council.id)
    accounts.create(
        session, system, "temoin-unique", "Lou", ["admin"], password="marqueur-secret-1"
    )
    refuse(session, keys, "temoin-unique", "marqueur-secret-2")
    refuse(session, keys, "marqueur-secret-3", "x")
    session.flush()
    lines = session.scalars(select(AuditEvent)).all()
    assert len(lines) == 3
    assert not any(
        "marqueur" in str(line.details) or "temoin" in str(line.details) for line in lines
    )
    assert not any("marqueur" in value for value in session.scalars(select(Attempt.subject_hash)))
