"""What tablets bring home: opened and checked first, then stored once, each with its receipt.

The database is held for the inserts alone: ten tablets come back at the same hour.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from survey_app.domain import DomainError, NotFound
from survey_app.models import Campaign, Delivery, Draft, Meeting, RecontactEntry
from survey_app.permissions import Actor
from survey_app.runtime import Runtime
from survey_app.services import (
    collection,
    contacts,
    drafts,
    intake,
    media,
    meetings,
    scope,
    sealed_items,
)
from survey_app.services.envelopes import Status
from survey_app.services.sealed_items import Item, Opened

OTHER_CONTENT = (
    "Un autre envoi est déjà arrivé sous le même identifiant. Il n’a pas été changé, et le vôtre "
    "n’est pas effacé. Prévenez la coordination."
)
AT_THE_DESK = (
    "Cet entretien est venu au bureau par un fichier de secours, et y a été repris. Terminez-le "
    "dans « Recueillir » : ce que la tablette en garde n’est pas effacé."
)
FOREIGN = (
    "Cette rencontre ou cette campagne n’est pas ouverte à ce compte, ou n’existe plus. "
    "Rien n’a été enregistré ni effacé. Prévenez la coordination."
)


@dataclass(frozen=True, slots=True)
class Arrival:
    """The receipt of one item. Only ``stored`` and ``duplicate`` mean that it is kept here.

    ``digest`` is computed from what was opened, empty when nothing was. ``code`` tells machines
    why it was rejected, ``problems`` tell people.
    """

    id: uuid.UUID
    status: Status
    digest: str = ""
    number: int = 0
    code: str = ""
    problems: tuple[str, ...] = ()

    @property
    def kept(self) -> bool:
        return self.status in {"stored", "duplicate"}


@dataclass(frozen=True, slots=True)
class _Ready:
    """An item opened and, for a testimony, checked: all that remains is to store it."""

    opened: Opened
    prepared: intake.Prepared | None = None


def receive(runtime: Runtime, actor: Actor, items: Sequence[Item]) -> list[Arrival]:
    """Receive items in one transaction, committed when this returns; receipts in their order.

    One item that cannot be stored does not hurt the others. Raises what the database raises
    when it cannot write: nothing of this batch is then stored.
    """
    actor.require("testimony.collect")
    ready: list[_Ready | Arrival] = []
    identity = runtime.keys.sealing(actor.council_id)
    with runtime.database.reading() as session:
        for item in items:
            try:
                opened = sealed_items.open_item(identity, item)
                ready.append(_ready(session, runtime, actor, opened))
            except DomainError as error:
                ready.append(_refused(item.id, "", error))
            except RecursionError:  # boxes within boxes: no questionnaire asks for that
                ready.append(_refused(item.id, "", sealed_items.unreadable()))
    if all(isinstance(one, Arrival) for one in ready):
        return [one for one in ready if isinstance(one, Arrival)]
    with runtime.database.turn(), runtime.database.writing() as session:
        given = _store(session, runtime, actor, ready)
        _hand_over(session, runtime, actor, ready, given)
        return given


def _ready(session: Session, runtime: Runtime, actor: Actor, opened: Opened) -> _Ready | Arrival:
    if opened.item.kind != "testimony":
        return _Ready(opened)
    try:
        envelope = media.gather(runtime, actor, sealed_items.envelope(opened))
        return _Ready(opened, intake.prepare(session, actor, runtime.keys, envelope))
    except DomainError as error:
        return _refused(opened.item.id, opened.digest, error)


def _store(
    session: Session, runtime: Runtime, actor: Actor, ready: Sequence[_Ready | Arrival]
) -> list[Arrival]:
    sent = [one.opened for one in ready if isinstance(one, _Ready)]
    known = _known(session, sent)
    begun = drafts.untouched(session, [one.item.id for one in sent])
    given: dict[int, Arrival] = {}
    words: dict[int, intake.Prepared] = {}
    for rank, one in enumerate(ready):
        if isinstance(one, Arrival):
            given[rank] = one
        elif one.opened.item.id in known:
            given[rank] = _again(actor, one.opened, known[one.opened.item.id])
        elif one.prepared is not None and begun.get(one.opened.item.id, True):
            words[rank] = one.prepared
        elif one.prepared is not None:
            given[rank] = Arrival(
                one.opened.item.id, "rejected", one.opened.digest, 0, "draft", (AT_THE_DESK,)
            )
        else:
            given[rank] = _other(session, actor, one.opened)
            known |= _known(session, [one.opened])
    receipts = intake.receive_all(session, actor, runtime.keys, list(words.values()))
    done = [receipt.id for receipt in receipts if receipt.kept and receipt.id in begun]
    if done:  # it was brought unfinished, by a rescue file, and this is how it ended
        session.execute(delete(Draft).where(Draft.id.in_(done)))
    for rank, receipt in zip(words, receipts, strict=True):
        one = ready[rank]
        digest = one.opened.digest if isinstance(one, _Ready) else ""
        given[rank] = Arrival(
            receipt.id, receipt.status, digest, receipt.number, receipt.code, receipt.problems
        )
    return [given[rank] for rank in range(len(ready))]


def _hand_over(
    session: Session,
    runtime: Runtime,
    actor: Actor,
    ready: Sequence[_Ready | Arrival],
    given: Sequence[Arrival],
) -> None:
    """Give each testimony its photos and voices; nothing waits any more for what is kept."""
    sent = [one.prepared for one in ready if isinstance(one, _Ready)]
    by_id = {one.envelope.id: one.envelope for one in sent if one is not None}
    fresh = [by_id[one.id] for one in given if one.status == "stored" and one.id in by_id]
    media.keep(session, runtime, fresh)
    kept = [one.id for one in given if one.id in by_id and (one.kept or one.code == "erased")]
    media.forget(session, runtime, actor.council_id, *kept)


def _known(session: Session, opened: Sequence[Opened]) -> dict[uuid.UUID, Delivery]:
    ids = [one.item.id for one in opened]
    rows = session.scalars(select(Delivery).where(Delivery.id.in_(ids)))
    return {row.id: row for row in rows}


def _again(actor: Actor, opened: Opened, known: Delivery) -> Arrival:
    """What came already as something else than a testimony: known by its digest alone."""
    same = known.council_id == actor.council_id and known.digest == opened.digest
    if same and known.kind == opened.item.kind:
        return Arrival(opened.item.id, "duplicate", opened.digest)
    return _conflict(opened)


def _conflict(opened: Opened) -> Arrival:
    return Arrival(opened.item.id, "conflict", opened.digest, 0, "conflict", (OTHER_CONTENT,))


def _other(session: Session, actor: Actor, opened: Opened) -> Arrival:
    """A count or a contact, stored in a savepoint of its own."""
    try:
        with session.begin_nested():
            if opened.item.kind == "contact":
                return _contact(session, actor, opened)
            return _count(session, actor, opened)
    except DomainError as error:
        return _refused(opened.item.id, opened.digest, error)


def _count(session: Session, actor: Actor, opened: Opened) -> Arrival:
    """One more refusal or interview stopped, in a meeting that may be closed since."""
    meeting = scope.get(session, actor, Meeting, opened.key("meeting"))
    if meeting.state == "planned":
        meetings.start(session, actor, meeting)
    if opened.item.kind == "refusal":
        meetings.add_refusal(session, actor, meeting, late=True)
    else:
        meetings.add_stopped(session, actor, meeting)
    keep(session, actor, opened)
    return Arrival(opened.item.id, "stored", opened.digest)


def keep(session: Session, actor: Actor, opened: Opened) -> None:
    """Remember that this item came: sent again, it is known and nothing is done twice."""
    session.add(
        Delivery(
            id=opened.item.id,
            council_id=actor.council_id,
            kind=opened.item.kind,
            digest=opened.digest,
        )
    )
    session.flush()


def _contact(session: Session, actor: Actor, opened: Opened) -> Arrival:
    """A contact left apart: no delivery, no line in the journal, nothing that leads back to it."""
    key, words = opened.item.id, opened.text("contact")
    campaign_id = opened.key("campaign")
    found = session.get(RecontactEntry, key)
    if found is not None:
        same = (found.council_id, found.campaign_id) == (actor.council_id, campaign_id)
        again = same and found.contact == words.strip()
        return Arrival(key, "duplicate", opened.digest) if again else _conflict(opened)
    if contacts.was_erased(session, key):
        return Arrival(key, "duplicate", opened.digest)
    campaign = scope.get(session, actor, Campaign, campaign_id)
    collection.leave_contact(session, actor, campaign, words, key)
    return Arrival(key, "stored", opened.digest)


def _refused(key: uuid.UUID, digest: str, error: DomainError) -> Arrival:
    if isinstance(error, NotFound):
        return Arrival(key, "rejected", digest, 0, "foreign", (FOREIGN,))
    code = {"conflict": "closed", "invalid": "answers"}.get(error.code, error.code)
    return Arrival(key, "rejected", digest, 0, code, (str(error),))
