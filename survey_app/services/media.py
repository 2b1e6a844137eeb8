"""Photos and voices that tablets bring, piece by piece, before the testimony they go with.

They wait sealed, as they came, until their testimony takes them: a photo then joins the base, a
voice stays a sealed file (see ADR 0035).
"""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from sqlalchemy import event
from sqlalchemy.orm import Session

from survey_app.domain import DomainError, Invalid, NotFound
from survey_app.locks import held
from survey_app.models import Attachment, Erasure, Recording, Testimony
from survey_app.permissions import Actor
from survey_app.runtime import Runtime
from survey_app.services import media_files, photographs, sealed_items, voices
from survey_app.services.envelopes import Envelope, Medium, Status
from survey_app.services.sealing import unseal

CHUNK = 256 * 1024
SEAL = 128 * 1024  # bytes that sealing adds, at most
LONGEST = {"photo": photographs.MAX_BYTES + SEAL, "voice": voices.MAX_BYTES + SEAL}
GONE = "Ce témoignage a été retiré : ce qui l’accompagnait ne peut pas être enregistré."
WITHOUT = (
    "Le témoignage de ce fichier est déjà arrivé, sans lui. Rien n’est effacé de la tablette. "
    "Prévenez la coordination."
)


@dataclass(frozen=True, slots=True)
class Sealed:
    """A whole sealed file and what the tablet says of it (see `Piece`)."""

    id: uuid.UUID
    testimony_id: uuid.UUID
    kind: str
    digest: str
    sealed: bytes


@dataclass(frozen=True, slots=True)
class Piece:
    """Some bytes of a sealed file, and what the tablet says of the whole.

    ``offset`` and ``total`` count sealed bytes, ``digest`` is the SHA-256 of the plaintext.
    """

    id: uuid.UUID
    testimony_id: uuid.UUID
    kind: str
    digest: str
    offset: int
    total: int
    data: bytes

    def check(self) -> None:
        """Raise `Invalid` for a piece that no tablet of ours would send."""
        known = self.kind in LONGEST and sealed_items.DIGEST.fullmatch(self.digest)
        fits = known and len(self.data) <= CHUNK and 0 < self.total <= LONGEST[self.kind]
        if not fits or self.offset + len(self.data) > self.total:
            raise Invalid(
                "Cette photo ou cet enregistrement est trop gros, ou n’a pas la forme attendue.",
                sealed_items.STILL_THERE,
                code="media",
            )


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of a whole file: only ``stored`` and ``duplicate`` mean that it is here."""

    id: uuid.UUID
    status: Status
    digest: str = ""
    code: str = ""
    problems: tuple[str, ...] = ()
    number: int = 0


@dataclass(frozen=True, slots=True)
class Progress:
    """How much of a file is here; ``misplaced`` when the piece does not begin where it ends."""

    received: int
    complete: bool = False
    verdict: Verdict | None = None
    misplaced: bool = False


def progress(runtime: Runtime, actor: Actor, media_id: uuid.UUID) -> Progress:
    """How much of a file the council's machine holds: nothing of it for another council."""
    actor.require("testimony.collect")
    return Progress(*media_files.found(runtime, actor.council_id, media_id))


def receive(runtime: Runtime, actor: Actor, piece: Piece) -> Progress:
    """Keep a piece, on the disk when this returns; check the whole once the last one is there.

    Raises `Invalid` for what no tablet sends, `NotFound` for another council's testimony, and
    `OSError` when the disk refuses: what was there before stays, to be resumed.
    """
    actor.require("testimony.collect")
    piece.check()
    with runtime.database.reading() as session:
        if session.get(Erasure, piece.testimony_id) is not None:
            return Progress(0, verdict=Verdict(piece.id, "rejected", "", "erased", (GONE,)))
        known = session.get(Testimony, piece.testimony_id)
        if known is not None and known.council_id != actor.council_id:
            raise NotFound()
    folder = media_files.incoming(runtime, actor.council_id, piece.testimony_id)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    with held(folder):
        part, whole = (folder / f"{piece.id}{suffix}" for suffix in (".part", ".age"))
        if not whole.exists():
            if media_files.size(part) > piece.total:  # of something else: begin again
                part.unlink()
            here = media_files.size(part)
            if piece.offset != here:
                return Progress(here, misplaced=True)
            media_files.append(part, piece.data)
            if here + len(piece.data) < piece.total:
                return Progress(here + len(piece.data))
        verdict = _verdict(runtime, actor, piece, folder)
    return Progress(piece.total, True, verdict)


def bring(runtime: Runtime, actor: Actor, file: Sealed) -> Verdict:
    """Receive a whole file at once, as if a tablet brought its pieces."""
    told = (file.id, file.testimony_id, file.kind, file.digest)
    begun = media_files.found(runtime, actor.council_id, file.id)[0]
    try:
        for offset in range(min(begun, len(file.sealed)), len(file.sealed) + 1, CHUNK):
            data = file.sealed[offset : offset + CHUNK]
            found = receive(runtime, actor, Piece(*told, offset, len(file.sealed), data))
            if found.verdict is not None:
                return found.verdict
    except DomainError as error:
        return Verdict(file.id, "rejected", "", error.code, (str(error),))
    return Verdict(file.id, "rejected", "", "media", (sealed_items.STILL_THERE,))


def _verdict(runtime: Runtime, actor: Actor, piece: Piece, folder: Path) -> Verdict:
    """Open the whole file and check it; it gets its lasting name, or is removed."""
    part, whole = (folder / f"{piece.id}{suffix}" for suffix in (".part", ".age"))
    known = whole.exists()
    listed = Medium(piece.id, piece.kind, piece.digest)
    try:
        one = _opened(runtime, actor, listed, (whole if known else part).read_bytes())
        if known:
            return Verdict(piece.id, "duplicate", one.digest)
        found = _arrived(runtime, piece, one)
    except DomainError as error:
        found = Verdict(piece.id, "rejected", "", error.code, (str(error),))
    if found is None:
        part.rename(whole)
        media_files.sync(folder)
        return Verdict(piece.id, "stored", piece.digest)
    part.unlink(missing_ok=True)
    return found


def _opened(runtime: Runtime, actor: Actor, one: Medium, sealed: bytes) -> Medium:
    """A file once opened and checked. Raises `Invalid` when it is not what it is said to be."""
    plain = unseal(runtime.keys.sealing(actor.council_id), sealed)
    if hashlib.sha256(plain).hexdigest() != one.digest:
        raise sealed_items.unreadable()
    if one.kind == "voice":
        sha256 = hashlib.sha256(sealed).hexdigest()
        return replace(one, sha256=sha256, media_type=voices.media_type(plain), size=len(plain))
    photo = photographs.reencode(plain)
    return replace(
        one,
        sha256=hashlib.sha256(photo.content).hexdigest(),
        media_type=photographs.MEDIA_TYPE,
        width=photo.width,
        height=photo.height,
        content=photo.content,
    )


def _arrived(runtime: Runtime, piece: Piece, one: Medium) -> Verdict | None:
    """The verdict on what came before with its testimony, by a rescue file for instance."""
    with runtime.database.reading() as session:
        testimony = session.get(Testimony, piece.testimony_id)
        if testimony is None:
            return None
        if session.get(Erasure, one.id) is not None:  # it came, and was erased since
            return Verdict(one.id, "duplicate", one.digest)
        row: Attachment | Recording | None = session.get(Recording, one.id)
        if one.kind == "photo":
            row = session.get(Attachment, one.id)
        same = row is not None and row.testimony_id == testimony.id and row.sha256 == one.sha256
        if same:
            return Verdict(one.id, "duplicate", one.digest)
        return Verdict(one.id, "rejected", one.digest, "arrived", (WITHOUT,))


def gather(runtime: Runtime, actor: Actor, envelope: Envelope) -> Envelope:
    """The envelope with those of its media that are here, opened and checked."""
    if not envelope.media:
        return envelope
    folder = media_files.incoming(runtime, actor.council_id, envelope.id)
    found = []
    for one in envelope.media:
        try:
            sealed = (folder / f"{one.id}.age").read_bytes()
            found.append(_opened(runtime, actor, one, sealed))
        except (FileNotFoundError, DomainError):
            found.append(one)
    return replace(envelope, media=tuple(found))


def keep(session: Session, runtime: Runtime, envelopes: Sequence[Envelope]) -> None:
    """Hand what came with these testimonies over to them, in the transaction that stored them."""
    for envelope in envelopes:
        for one in envelope.media:
            session.add(_row(runtime, envelope, one))
    session.flush()


def _row(runtime: Runtime, envelope: Envelope, one: Medium) -> Attachment | Recording:
    shared: dict[str, Any] = {
        "id": one.id,
        "council_id": envelope.council_id,
        "testimony_id": envelope.id,
        "media_type": one.media_type,
        "sha256": one.sha256,
    }
    if one.kind == "photo":
        return Attachment(width=one.width, height=one.height, content=one.content, **shared)
    folder = media_files.incoming(runtime, envelope.council_id, envelope.id)
    media_files.adopt(runtime, folder / f"{one.id}.age", one.sha256)
    return Recording(size=one.size, **shared)


def forget(session: Session, runtime: Runtime, council_id: uuid.UUID, *keys: uuid.UUID) -> None:
    """Once committed, remove what still waits for these testimonies."""
    folders = [media_files.incoming(runtime, council_id, key) for key in keys]

    def after_commit(session: Session) -> None:
        for folder in folders:
            media_files.drop(folder)

    if folders:
        event.listen(session, "after_commit", after_commit, once=True)
