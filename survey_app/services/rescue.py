"""The rescue file of a tablet: what could not be sent, brought to the desk by a person.

Its items pass by the same service as requests, so that both ways together still store each once.
What cannot be stored yet becomes an interview in progress of its collector, once too.
"""

from __future__ import annotations

import base64
import json
import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from survey_app.domain import DomainError, Invalid, NotFound
from survey_app.models import Account, Council
from survey_app.permissions import Actor, Role
from survey_app.runtime import Runtime
from survey_app.services import arrivals, journal, media, rescue_drafts, sealed_items
from survey_app.services.arrivals import Arrival
from survey_app.services.media import Sealed
from survey_app.services.rescue_drafts import Line
from survey_app.services.sealed_items import Item

FORMAT = "paroles-rescue"
MAX_BYTES = 256 * 1024 * 1024
MAX_ENTRIES = 5_000
NAMES = {
    "testimony": "Témoignage",
    "refusal": "Refus",
    "stopped": "Entretien arrêté",
    "contact": "Contact laissé à part",
    "photo": "Photo",
    "voice": "Voix",
}
TO_FINISH = frozenset({"answers", "closed", "media_missing", "version"})
"""Reasons that a person can do something about at the desk."""


@dataclass(frozen=True, slots=True)
class Rescue:
    """A rescue file, read; nothing is opened yet.

    ``media``: photos and voices of finished testimonies; ``files``: how many are of interviews in
    progress, and stay in the file.
    """

    council_id: uuid.UUID
    account_id: uuid.UUID
    items: tuple[Item, ...]
    media: tuple[Sealed, ...]
    drafts: tuple[dict[str, Any], ...]
    draft_key: bytes
    files: int


def read(path: Path) -> Rescue:
    """A rescue file. Raises `Invalid`, in French, for any other file."""
    try:
        if path.stat().st_size > MAX_BYTES:
            raise Invalid(
                f"Ce fichier dépasse {MAX_BYTES // 1024**2} Mo : ce n’est pas un fichier de "
                "secours.",
                "Rien n’a été enregistré. Vérifiez le nom du fichier.",
            )
        content = json.loads(path.read_bytes())
    except OSError:
        raise Invalid(
            f"Le fichier « {path} » ne peut pas être lu.", "Vérifiez son nom et son dossier."
        ) from None
    except (ValueError, RecursionError):
        raise _damaged() from None
    if not isinstance(content, dict) or content.get("format") != FORMAT:
        raise _damaged()
    if content.get("version") != 1:
        raise Invalid(
            "Ce fichier de secours vient d’une version plus récente de Paroles.",
            "Rien n’a été enregistré. Mettez Paroles à jour, puis recommencez.",
        )
    try:
        return _rescue(content)
    except (ValueError, TypeError, KeyError, AttributeError, DomainError):
        raise _damaged() from None


def _rescue(content: dict[str, Any]) -> Rescue:
    listed = {name: content.get(name, []) for name in ("items", "media", "drafts", "draft_media")}
    if any(not isinstance(one, list) or len(one) > MAX_ENTRIES for one in listed.values()):
        raise _damaged()
    if not all(isinstance(draft, dict) for draft in listed["drafts"]):
        raise _damaged()
    return Rescue(
        uuid.UUID(content["council"]),
        uuid.UUID(content["account"]),
        tuple(sealed_items.item(entry) for entry in listed["items"]),
        tuple(_sealed(entry) for entry in listed["media"]),
        tuple(listed["drafts"]),
        base64.b64decode(content.get("draft_key", ""), validate=True),
        len({one["id"] for one in listed["draft_media"]}),
    )


def _sealed(entry: dict[str, Any]) -> Sealed:
    item = sealed_items.item(entry)
    return Sealed(item.id, uuid.UUID(entry["testimony"]), item.kind, item.digest, item.sealed)


def _damaged() -> Invalid:
    return Invalid(
        "Ce n’est pas un fichier de secours entier : il est abîmé, ou c’est un autre fichier.",
        "Rien n’a été enregistré, et la tablette garde tout. Refaites le fichier sur la tablette.",
    )


def bring_in(runtime: Runtime, rescue: Rescue) -> Iterator[Line]:
    """Store what the file holds, a line at a time; brought in again, nothing is doubled.

    The tablet may be revoked or its account closed: a person brings the file to the desk.
    Raises `NotFound` for another council's file.
    """
    actor = _collector(runtime, rescue)
    kept: list[Line] = []
    for file in rescue.media:
        line = _file_line(file, media.bring(runtime, actor, file))
        kept.append(line)
        yield line
    for group in _tens(rescue.items):
        for item, arrival in zip(group, arrivals.receive(runtime, actor, group), strict=True):
            line = _line(runtime, actor, item, arrival)
            kept.append(line)
            yield line
    for draft in rescue.drafts:
        line = rescue_drafts.open_draft(runtime, actor, rescue.draft_key, draft)
        kept.append(line)
        yield line
    with runtime.database.writing() as session:
        stored, drafts = (sum(one.outcome == name for one in kept) for name in ("stored", "drafts"))
        journal.record(
            session, actor, "rescue", "accounts", actor.account_id, stored=stored, drafts=drafts
        )


def _collector(runtime: Runtime, rescue: Rescue) -> Actor:
    """The account that collected, with the rights of whoever holds the machine's keys."""
    with runtime.database.reading() as session:
        council = session.get(Council, rescue.council_id)
        account = session.get(Account, rescue.account_id)
        if council is None or account is None or account.council_id != council.id:
            raise NotFound(
                "Ce fichier de secours vient d’un conseil ou d’un compte qui n’est pas ici.",
                "Rien n’a été enregistré. Portez-le là où la tablette a été préparée.",
            )
        rights = frozenset({Role.COUNCILLOR, Role.COORDINATOR})
        return Actor(council.id, account.id, account.display_name, rights)


def _file_line(file: Sealed, verdict: media.Verdict) -> Line:
    name = f"{NAMES.get(file.kind, 'Fichier')} {rescue_drafts.short(file.id)}"
    if verdict.status == "duplicate":
        return Line(f"{name} : déjà là.", "known")
    if verdict.status == "stored":
        return Line(f"{name} : arrive avec son témoignage.", "stored")
    if verdict.code == "erased":
        return Line(f"{name} : retiré depuis avec son témoignage.", "known")
    return Line(f"{name} : resté dans le fichier. {' '.join(verdict.problems)}", "left")


def _line(runtime: Runtime, actor: Actor, item: Item, arrival: Arrival) -> Line:
    name = f"{NAMES.get(item.kind, 'Envoi')} {rescue_drafts.short(item.id)}"
    if arrival.status == "stored":
        number = f", numéro {arrival.number}" if arrival.number else ""
        return Line(f"{name} : enregistré{number}.", "stored")
    if arrival.status == "duplicate":
        return Line(f"{name} : déjà là.", "known")
    if arrival.code == "erased":
        return Line(f"{name} : retiré depuis, il ne revient pas.", "known")
    why = " ".join(arrival.problems)
    if item.kind == "testimony" and arrival.code in TO_FINISH:
        return rescue_drafts.of_item(runtime, actor, item, name, why)
    return Line(f"{name} : resté dans le fichier. {why}", "left")


def _tens(items: tuple[Item, ...]) -> Iterable[tuple[Item, ...]]:
    step = sealed_items.MAX_ITEMS
    return (items[i : i + step] for i in range(0, len(items), step))
