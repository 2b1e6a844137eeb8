"""Tablets of an account: enrolled while online, recognised by a token of their own, revocable.

The token lies in clear on the tablet so that anybody's finished testimonies leave whenever there
is a network. It only deposits and fetches questionnaires; here only its SHA-256 is kept.
"""

from __future__ import annotations

import hashlib
import secrets
import uuid
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import select, update
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session, contains_eager

from survey_app.domain import DomainError, Forbidden, Invalid, NotFound
from survey_app.models import Account, Device, now
from survey_app.permissions import Actor, Role
from survey_app.runtime import Runtime
from survey_app.services import accounts, journal, scope, throttle

TOKEN_BYTES = 32
LONGEST_LABEL = 60
CONTACT_EVERY = timedelta(minutes=10)
"""How precise the last contact is: a tablet that sends often need not write each time."""


class DeviceRevoked(DomainError):  # noqa: N818  # a refusal that people read, as those of domain
    """The token opens nothing any more, or never did."""

    status = 401
    code = "device_revoked"

    def __init__(self) -> None:
        super().__init__(
            "Cette tablette n’est plus reconnue, ou le compte est fermé.",
            "Rien n’est perdu : les témoignages restent sur la tablette. Préparez-la de nouveau "
            "avec votre compte, ou portez son fichier de secours à la coordination.",
        )


@dataclass(frozen=True, slots=True)
class Recognised:
    """The tablet that calls, and for whom."""

    device_id: uuid.UUID
    actor: Actor


def enrol(session: Session, actor: Actor, label: str) -> tuple[Device, str]:
    """Make a tablet one of the actor's; returns it with its token, which is known only now."""
    actor.require("testimony.collect")
    if actor.account_id is None:
        raise Forbidden()
    words = " ".join(label.split())
    if not words or len(words) > LONGEST_LABEL or not words.isprintable():
        raise Invalid(
            "Ce nom de tablette n’est pas lisible.",
            f"Écrivez un nom de {LONGEST_LABEL} signes au plus, « Tablette bleue » par exemple.",
        )
    token = secrets.token_urlsafe(TOKEN_BYTES)
    device = Device(
        council_id=actor.council_id,
        created_by=actor.account_id,
        account_id=actor.account_id,
        label=words,
        token_hash=_hash(token),
        contact_at=now(),
    )
    session.add(device)
    session.flush()
    journal.record(session, actor, "device_enrolled", "devices", device.id)
    return device, token


def by_token(session: Session, token: str) -> Device | None:
    """The tablet of a token, unless it was revoked or its account closed."""
    query = (
        select(Device)
        .join(Device.account)
        .options(contains_eager(Device.account))
        .where(
            Device.token_hash == _hash(token),
            Device.revoked_at.is_(None),
            Account.active.is_(True),
        )
    )
    return session.scalars(query).one_or_none()


def recognise(runtime: Runtime, token: str, address: str) -> Recognised:
    """The tablet of a token, its last contact noted.

    Raises `DeviceRevoked`, or `TooMany` once an address has tried many tokens that never were.
    A good token is never slowed down by those of its neighbours.
    """
    with runtime.database.reading() as session:
        device = by_token(session, token)
        known = device is not None or _ever(session, token)
    if device is None:
        if not known:
            _count(runtime, address)
        raise DeviceRevoked()
    if device.contact_at is None or now() - device.contact_at > CONTACT_EVERY:
        _touch(runtime, device.id)
    return Recognised(device.id, accounts.actor_of(device.account))


def listed(session: Session, actor: Actor) -> list[Device]:
    """The actor's tablets, and all those of the council for the coordination; newest first."""
    actor.require("testimony.collect")
    query = scope.scoped(actor, Device).order_by(Device.created_at.desc(), Device.id)
    if Role.COORDINATOR not in actor.roles:
        query = query.where(Device.account_id == actor.account_id)
    return list(session.scalars(query))


def revoke(session: Session, actor: Actor, device_id: uuid.UUID) -> Device:
    """Make a tablet's token open nothing any more; `NotFound` for somebody else's tablet."""
    actor.require("testimony.collect")
    device = scope.get(session, actor, Device, device_id)
    if Role.COORDINATOR not in actor.roles and device.account_id != actor.account_id:
        raise NotFound()
    if device.revoked_at is None:
        device.revoked_at = now()
        journal.record(session, actor, "device_revoked", "devices", device.id)
    return device


def _ever(session: Session, token: str) -> bool:
    """Whether the token was once good: a revoked tablet that tries again guesses nothing."""
    return session.scalar(select(Device.id).where(Device.token_hash == _hash(token))) is not None


def _count(runtime: Runtime, address: str) -> None:
    """One more unknown token from an address; `TooMany` once there were many."""
    limit = throttle.DEVICE_ADDRESS
    with runtime.database.reading() as session:
        throttle.check(session, runtime.keys, limit, address)
    with runtime.database.writing() as session:
        throttle.failed(session, runtime.keys, limit, address)


def _touch(runtime: Runtime, device_id: uuid.UUID) -> None:
    """Note the contact; a full disk must not stop a tablet from fetching its questionnaires."""
    with suppress(OperationalError), runtime.database.writing() as session:
        session.execute(update(Device).where(Device.id == device_id).values(contact_at=now()))


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
