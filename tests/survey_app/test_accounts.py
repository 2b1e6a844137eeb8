"""Accounts: roles, passwords, logging in, and the limits put to guessing."""

from __future__ import annotations

from datetime import timedelta

import factories
import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from survey_app.domain import Conflict, Forbidden, Invalid, NotFound, TooMany
from survey_app.keys import KeyRing
from survey_app.models import Account, Attempt, AuditEvent, Council, now
from survey_app.permissions import Actor, system_actor
from survey_app.runtime import Runtime
from survey_app.services import accounts, passwords, throttle

HOUSE = "10.0.0.1"


@pytest.fixture
def keys(runtime: Runtime) -> KeyRing:
    return runtime.keys


def row(session: Session, actor: Actor) -> Account:
    return session.get_one(Account, actor.account_id)


def refuse(
    session: Session, keys: KeyRing, login: str, password: str, address: str = HOUSE
) -> None:
    with pytest.raises(accounts.LoginError):
        accounts.authenticate(session, keys, login, password, address)


def test_created_account_logs_in_with_its_temporary_password(session, council, actors, keys):
    account, password = accounts.create(
        session, actors["admin"], " Zo.N ", "Zoé  N.", ["councillor"]
    )
    assert (account.login, account.display_name) == ("zo.n", "Zoé N.")
    assert password not in account.password_hash
    assert account.password_hash.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    found = accounts.authenticate(session, keys, " ZO.N ", password, HOUSE)
    assert found.id == account.id
    acting = accounts.actor_of(found)
    assert acting.roles == {"councillor"}
    assert acting.council_id == council.id
    assert acting.can("testimony.collect")


def test_temporary_passwords_are_long_readable_and_never_twice_the_same():
    made = {passwords.temporary() for _ in range(200)}
    assert len(made) == 200
    for word in made:
        passwords.check(word)
        assert all(char.islower() or char.isdigit() or char == "-" for char in word)


@pytest.mark.parametrize("typed", ["trop-court", "", " " * 20, "x" * 201, "douze.lettre"])
def test_weak_passwords_are_refused(session, actors, typed):
    with pytest.raises(Invalid):
        accounts.create(session, actors["admin"], "douze.lettre", "Lou", ["reader"], password=typed)
    assert session.scalars(select(Account).where(Account.login == "douze.lettre")).first() is None


@pytest.mark.parametrize("login", ["", "a", "deux mots", "élan", "<script>", "x" * 81])
def test_logins_that_do_not_fit_are_refused(session, actors, login):
    with pytest.raises(Invalid):
        accounts.create(session, actors["admin"], login, "Lou", ["reader"])


def test_a_login_is_unique_and_roles_are_ours(session, actors):
    with pytest.raises(Conflict, match="déjà pris"):
        accounts.create(session, actors["admin"], "COUNCILLOR", "Autre", ["reader"])
    with pytest.raises(Invalid, match="aucun rôle"):
        accounts.create(session, actors["admin"], "lou", "Lou", [])
    with pytest.raises(Invalid, match="n’existe pas"):
        accounts.create(session, actors["admin"], "lou", "Lou", ["maire"])


@pytest.mark.parametrize("role", ["councillor", "coordinator", "evaluator", "reader", "dpo"])
def test_only_admins_manage_accounts(session, actors, role):
    target = row(session, actors["councillor2"])
    for act in (
        lambda: accounts.create(session, actors[role], "lou", "Lou", ["reader"]),
        lambda: accounts.listed(session, actors[role]),
        lambda: accounts.set_roles(session, actors[role], target, ["admin"]),
        lambda: accounts.deactivate(session, actors[role], target),
        lambda: accounts.reset_password(session, actors[role], target),
    ):
        with pytest.raises(Forbidden):
            act()
    assert target.role_names == {"councillor"}
    assert target.active


def test_another_councils_accounts_do_not_exist(session, actors, other_council):
    stranger = factories.account(session, other_council, "ailleurs", "councillor")
    admin = actors["admin"]
    for act in (
        lambda: accounts.get(session, admin, stranger.id),
        lambda: accounts.set_roles(session, admin, stranger, ["reader"]),
        lambda: accounts.deactivate(session, admin, stranger),
        lambda: accounts.reset_password(session, admin, stranger),
        lambda: accounts.edit(
            session, admin, stranger, display_name="X", mandate=True, trained=True
        ),
    ):
        with pytest.raises(NotFound):
            act()
    assert stranger.login not in {found.login for found in accounts.listed(session, admin)}


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


def test_closed_accounts_neither_log_in_nor_keep_their_sessions(session, actors, keys):
    account, password = accounts.create(session, actors["admin"], "lou", "Lou", ["reader"])
    token = account.session_token
    assert accounts.by_session_token(session, token) is account
    accounts.deactivate(session, actors["admin"], account)
    assert accounts.by_session_token(session, token) is None
    assert accounts.by_session_token(session, account.session_token) is None
    refuse(session, keys, "lou", password)
    accounts.reactivate(session, actors["admin"], account)
    assert accounts.authenticate(session, keys, "lou", password, HOUSE).id == account.id


def test_no_token_is_nobody(session, actors):
    assert accounts.by_session_token(session, "") is None
    assert accounts.by_session_token(session, "0" * 64) is None


def test_changing_roles_ends_open_sessions_and_is_journalled(session, actors):
    target = row(session, actors["councillor2"])
    token = target.session_token
    accounts.set_roles(session, actors["admin"], target, ["councillor", "evaluator"])
    assert target.role_names == {"councillor", "evaluator"}
    assert accounts.by_session_token(session, token) is None
    line = session.scalars(select(AuditEvent).where(AuditEvent.action == "roles_changed")).one()
    assert line.details == {"roles_before": "councillor", "roles_after": "councillor evaluator"}
    accounts.set_roles(session, actors["admin"], target, ["evaluator"])
    session.expire(target)
    assert target.role_names == {"evaluator"}


def test_one_admin_always_remains(session, actors, council):
    admin = row(session, actors["admin"])
    with pytest.raises(Conflict, match="dernier"):
        accounts.deactivate(session, actors["admin"], admin)
    with pytest.raises(Conflict, match="dernier"):
        accounts.set_roles(session, system_actor(council.id), admin, ["reader"])
    second = factories.account(session, council, "second", "admin", active=False)
    with pytest.raises(Conflict):
        accounts.deactivate(session, actors["admin"], admin)
    accounts.reactivate(session, actors["admin"], second)
    accounts.deactivate(session, actors["admin"], admin)
    assert not admin.active


def test_admins_of_other_councils_do_not_count(session, actors, other_council):
    factories.account(session, other_council, "admin-voisin", "admin")
    with pytest.raises(Conflict):
        accounts.deactivate(session, actors["admin"], row(session, actors["admin"]))


def test_nobody_gives_a_role_to_themselves(session, actors):
    admin = row(session, actors["admin"])
    with pytest.raises(Forbidden, match="vous-même"):
        accounts.set_roles(session, actors["admin"], admin, ["admin", "coordinator"])
    assert admin.role_names == {"admin"}


def test_admins_read_no_testimony(actors):
    reading = ("testimony.raw", "testimony.read_masked", "testimony.export", "contact.read")
    assert not any(actors["admin"].can(action) for action in reading)


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


def test_a_reset_gives_a_new_password_and_ends_sessions(session, actors, keys):
    account, password = accounts.create(session, actors["admin"], "lou", "Lou", ["reader"])
    token = account.session_token
    new = accounts.reset_password(session, actors["admin"], account)
    assert accounts.by_session_token(session, token) is None
    refuse(session, keys, "lou", password)
    assert accounts.authenticate(session, keys, "lou", new, HOUSE).id == account.id


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
