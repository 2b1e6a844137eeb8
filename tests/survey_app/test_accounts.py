"""Accounts: roles, passwords, logging in, and the limits put to guessing."""

from __future__ import annotations

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

import factories
from survey_app.domain import Conflict, Forbidden, Invalid, NotFound
from survey_app.keys import KeyRing
from survey_app.models import Account, AuditEvent
from survey_app.permissions import Actor, system_actor
from survey_app.runtime import Runtime
from survey_app.services import accounts, passwords

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


def test_a_reset_gives_a_new_password_and_ends_sessions(session, actors, keys):
    account, password = accounts.create(session, actors["admin"], "lou", "Lou", ["reader"])
    token = account.session_token
    new = accounts.reset_password(session, actors["admin"], account)
    assert accounts.by_session_token(session, token) is None
    refuse(session, keys, "lou", password)
    assert accounts.authenticate(session, keys, "lou", new, HOUSE).id == account.id
