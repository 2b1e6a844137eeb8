"""Accounts: who may log in, with which roles, for which council. Admins read no testimony."""

from __future__ import annotations

import uuid
from collections.abc import Iterable

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session, joinedload, lazyload

from survey_app.domain import Conflict, DomainError, Forbidden, Invalid
from survey_app.keys import KeyRing
from survey_app.models import Account, AccountRole, AuditEvent, Council, uuid7
from survey_app.permissions import Actor, Role
from survey_app.services import identity, journal, passwords, scope, throttle

_BY_TOKEN = (  # built once: every request asks
    select(Account)
    .where(Account.session_token == bindparam("token"), Account.active.is_(True))
    .options(joinedload(Account.roles))
)


class LoginError(DomainError):
    """Wrong login or password; which of the two is never said."""

    status = 401
    code = "login-refused"

    def __init__(self) -> None:
        super().__init__(
            "L’identifiant ou le mot de passe ne convient pas.",
            "Vérifiez les deux. En cas d’oubli, la personne qui administre vous donne "
            "un nouveau mot de passe.",
        )


def actor_of(account: Account) -> Actor:
    """The actor that an account is, with the rights it has now."""
    return Actor(
        account.council_id,
        account.id,
        account.display_name,
        account.role_names,
        account.mandate,
        account.trained,
    )


def by_session_token(session: Session, token: str) -> Account | None:
    """The active account whose open sessions carry this token, if there is one."""
    if not token:
        return None
    return session.scalars(_BY_TOKEN, {"token": token}).unique().one_or_none()


def listed(session: Session, actor: Actor) -> list[Account]:
    """The council's accounts, active first, then by name."""
    actor.require("account.manage")
    query = scope.scoped(actor, Account).order_by(Account.active.desc(), Account.display_name)
    return list(session.scalars(query))


def get(session: Session, actor: Actor, account_id: uuid.UUID) -> Account:
    """One account of the council, for whoever manages them."""
    actor.require("account.manage")
    return scope.get(session, actor, Account, account_id)


def create(
    session: Session,
    actor: Actor,
    login: str,
    display_name: str,
    roles: Iterable[str],
    password: str | None = None,
    mandate: bool = False,
    trained: bool = False,
) -> tuple[Account, str]:
    """Make an account; returns it with its password, made up when none is given.

    The password is known only now: afterwards the database holds nothing but its hash.
    """
    actor.require("account.manage")
    name = identity.login(login)
    granted = identity.roles(roles)
    shown = identity.display_name(display_name)
    if session.scalars(select(Account.id).where(Account.login == name)).first() is not None:
        raise Conflict(f"L’identifiant « {name} » est déjà pris.", "Choisissez-en un autre.")
    chosen = password if password is not None else passwords.temporary()
    passwords.check(chosen, name)
    account = Account(
        id=uuid7(),
        council_id=actor.council_id,
        created_by=actor.account_id,
        login=name,
        display_name=shown,
        password_hash=passwords.hashed(chosen),
        session_token=identity.token(),
        mandate=mandate,
        trained=trained,
        roles=[AccountRole(role=role) for role in granted],
    )
    session.add(account)
    session.flush()
    journal.record(
        session, actor, "account_created", "accounts", account.id, roles=" ".join(granted)
    )
    return account, chosen


def authenticate(
    session: Session, keys: KeyRing, login: str, password: str, address: str
) -> Account:
    """The account of a login and password; `LoginError`, or `TooMany` after many failures.

    Commit the session even when this raises: the failure it counts must be remembered.
    An unknown login is answered like a wrong password, in the same time.
    """
    name = identity.folded(login)
    throttle.check(session, keys, throttle.LOGIN_ADDRESS, address)
    throttle.check(session, keys, throttle.LOGIN_ACCOUNT, name)
    decoy = passwords.decoy()
    # Roles wait until the password fits: a known login must not take longer than an unknown one.
    query = select(Account).where(Account.login == name).options(lazyload(Account.roles))
    account = session.scalars(query).one_or_none()
    fits = passwords.matches(account.password_hash if account else decoy, password)
    if account is None or not fits or not account.active:
        throttle.failed(session, keys, throttle.LOGIN_ADDRESS, address)
        throttle.failed(session, keys, throttle.LOGIN_ACCOUNT, name)
        _journal_refusal(session, account)
        raise LoginError()
    throttle.forgive(session, keys, throttle.LOGIN_ACCOUNT, name)
    if passwords.outdated(account.password_hash):
        account.password_hash = passwords.hashed(password)
    journal.record(session, actor_of(account), "login", "accounts", account.id)
    return account


def change_password(
    session: Session, actor: Actor, keys: KeyRing, current: str, new: str
) -> Account:
    """Change one's own password; every open session of the account ends.

    Commit the session even when this raises: wrong current passwords are counted.
    """
    actor.require("account.own")
    if actor.account_id is None:
        raise Forbidden()
    account = scope.get(session, actor, Account, actor.account_id)
    passwords.check(new, account.login)
    throttle.check(session, keys, throttle.PASSWORD_CHANGE, str(account.id))
    if not passwords.matches(account.password_hash, current):
        throttle.failed(session, keys, throttle.PASSWORD_CHANGE, str(account.id))
        raise Invalid(
            "Le mot de passe actuel ne convient pas.",
            "Votre mot de passe n’a pas changé. Saisissez-le à nouveau.",
        )
    throttle.forgive(session, keys, throttle.PASSWORD_CHANGE, str(account.id))
    _set_password(session, actor, account, new, "password_changed")
    return account


def end_sessions(session: Session, actor: Actor) -> None:
    """End every open session of one's own account: a copied cookie opens nothing any more."""
    actor.require("account.own")
    if actor.account_id is None:
        raise Forbidden()
    account = scope.get(session, actor, Account, actor.account_id)
    account.session_token = identity.token()
    journal.record(session, actor, "logout", "accounts", account.id)


def reset_password(session: Session, actor: Actor, account: Account) -> str:
    """Give a new temporary password to somebody who forgot theirs; returns it, once."""
    actor.require("account.manage")
    mine = scope.get(session, actor, Account, account.id)
    new = passwords.temporary()
    _set_password(session, actor, mine, new, "password_reset")
    return new


def edit(
    session: Session,
    actor: Actor,
    account: Account,
    *,
    display_name: str,
    mandate: bool,
    trained: bool,
) -> Account:
    """Change the name shown, the mandate to sign for the body, and whether masking was learnt."""
    actor.require("account.manage")
    mine = scope.get(session, actor, Account, account.id)
    mine.display_name = identity.display_name(display_name)
    mine.mandate, mine.trained = mandate, trained
    mine.revision += 1
    journal.record(
        session, actor, "account_edited", "accounts", mine.id, mandate=mandate, trained=trained
    )
    return mine


def set_roles(session: Session, actor: Actor, account: Account, roles: Iterable[str]) -> Account:
    """Replace the roles of an account; its open sessions end. Nobody adds roles to themselves."""
    actor.require("account.manage")
    mine = scope.get(session, actor, Account, account.id)
    wanted, before = set(identity.roles(roles)), set(mine.role_names)
    if wanted == before:
        return mine
    if mine.id == actor.account_id and wanted - before:
        raise Forbidden(
            "Vous ne pouvez pas vous donner un rôle à vous-même.",
            "Rien n’a été changé. Demandez à une autre personne qui administre.",
        )
    if Role.ADMIN not in wanted:
        _keep_an_admin(session, actor, mine)
    mine.roles = [row for row in mine.roles if row.role in wanted] + [
        AccountRole(role=role) for role in sorted(wanted - before)
    ]
    mine.session_token = identity.token()
    session.flush()
    journal.record(
        session,
        actor,
        "roles_changed",
        "accounts",
        mine.id,
        roles_before=" ".join(sorted(before)),
        roles_after=" ".join(sorted(wanted)),
    )
    return mine


def deactivate(session: Session, actor: Actor, account: Account) -> Account:
    """Close an account: it can't log in any more and its open sessions end. Its work stays."""
    actor.require("account.manage")
    mine = scope.get(session, actor, Account, account.id)
    _keep_an_admin(session, actor, mine)
    mine.active = False
    mine.session_token = identity.token()
    journal.record(session, actor, "account_closed", "accounts", mine.id)
    return mine


def reactivate(session: Session, actor: Actor, account: Account) -> Account:
    """Open a closed account again, with the password it had."""
    actor.require("account.manage")
    mine = scope.get(session, actor, Account, account.id)
    mine.active = True
    journal.record(session, actor, "account_opened", "accounts", mine.id)
    return mine


def _keep_an_admin(session: Session, actor: Actor, leaving: Account) -> None:
    """Raise `Conflict` where the council would be left without an active administrator."""
    if Role.ADMIN not in leaving.role_names or not leaving.active:
        return
    # Two admins who demote each other at the same instant: the second waits here.
    session.get(Council, actor.council_id, with_for_update=True)
    others = (
        scope.scoped(actor, Account)
        .join(AccountRole, AccountRole.account_id == Account.id)
        .where(AccountRole.role == Role.ADMIN, Account.active.is_(True), Account.id != leaving.id)
    )
    if session.scalars(others).first() is None:
        raise Conflict(
            "C’est le dernier compte qui administre : il doit en rester un.",
            "Rien n’a été changé. Donnez d’abord ce rôle à une autre personne.",
        )


def _set_password(
    session: Session, actor: Actor, account: Account, password: str, action: str
) -> None:
    account.password_hash = passwords.hashed(password)
    account.session_token = identity.token()
    journal.record(session, actor, action, "accounts", account.id)


def _journal_refusal(session: Session, account: Account | None) -> None:
    """One line either way; what was typed is never kept, it may be a password."""
    session.add(
        AuditEvent(
            council_id=account.council_id if account else None,
            actor_id=None,
            action="login_failed",
            kind="accounts",
            record_id=account.id if account else None,
        )
    )
