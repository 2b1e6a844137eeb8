"""Where a file waits between its arrival and « Importer »: encrypted, one day, one person's.

Each is a small database of its own, under the key of the big one: the data folder never holds
the words in clear, a backup of the big database never carries them, and deleting the file is
enough. It goes once imported, given up, a day old, or when a testimony of its campaign is erased.
"""

from __future__ import annotations

import errno
import time
import uuid
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import event
from sqlalchemy.orm import Session

from survey_app import sqlite
from survey_app.domain import Conflict, DomainError, NotFound
from survey_app.models import Campaign
from survey_app.permissions import Actor
from survey_app.runtime import Runtime

LONGEST_WAIT = 24 * 3_600  # seconds
LONGEST_NAME = 120  # characters kept of a file's name
MOST_WAITING = 20  # files of one campaign: nobody fills the disk by trying again
TABLE = "CREATE TABLE waiting (name TEXT, campaign TEXT, account TEXT, content BLOB)"


@dataclass(frozen=True, slots=True)
class Waiting:
    """A file that waits. ``name`` is shown and tells its format; it is never a path here."""

    id: uuid.UUID
    name: str
    data: bytes


def put(
    runtime: Runtime,
    actor: Actor,
    campaign: Campaign,
    name: str,
    data: bytes,
    action: str = "testimony.import",
) -> uuid.UUID:
    """Keep a file aside, for who may do ``action``.

    Raises `DomainError` when the disk refuses, or too many wait.
    """
    actor.require(action)
    sweep(runtime)
    identifier = uuid.uuid4()
    path = _path(runtime, campaign.id, identifier)
    if len(list(path.parent.glob("*.db"))) >= MOST_WAITING:
        raise Conflict(
            f"{MOST_WAITING} fichiers attendent déjà d’être importés dans cette campagne.",
            "Rien n’a été importé. Importez-les ou effacez-les d’abord : ils partent d’eux-mêmes "
            "au bout d’un jour.",
        )
    given = Path(name.replace("\\", "/")).name
    short = Path(given).stem[:LONGEST_NAME] + Path(given).suffix[:10]
    row = (short, str(campaign.id), str(actor.account_id), data)
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        path.touch(0o600)
        _write(path, _key(runtime), row)
    except (OSError, sqlite.WrongKeyError) as error:
        _delete(path)
        raise DomainError(
            "Le fichier n’a pas pu être mis de côté : le disque est peut-être plein.",
            "Rien n’a été importé, et votre fichier est intact. Prévenez la personne qui "
            "administre, puis recommencez.",
        ) from error
    return identifier


def _write(path: Path, key: bytes | None, row: tuple[str, str, str, bytes]) -> None:
    connection = sqlite.connector(path, key)()
    try:
        connection.execute(TABLE)
        connection.execute("INSERT INTO waiting VALUES (?, ?, ?, ?)", row)
    except connection.DatabaseError as error:
        raise OSError(errno.EIO, str(error)) from error
    finally:
        connection.close()


def get(
    runtime: Runtime,
    actor: Actor,
    campaign: Campaign,
    waiting_id: uuid.UUID,
    action: str = "testimony.import",
) -> Waiting:
    """The file that this person put aside for this campaign; `NotFound` for anybody else."""
    actor.require(action)
    path = _path(runtime, campaign.id, waiting_id)
    if not path.is_file() or _is_old(path):
        raise _gone()
    connection = sqlite.connector(path, _key(runtime))()
    try:
        name, account, data = connection.execute(
            "SELECT name, account, content FROM waiting"
        ).fetchone()
    finally:
        connection.close()
    if account != str(actor.account_id):
        raise _gone()
    return Waiting(waiting_id, name, data)


def waits(runtime: Runtime, campaign: Campaign, waiting_id: uuid.UUID) -> bool:
    """Whether a file is still there, without opening it."""
    path = _path(runtime, campaign.id, waiting_id)
    return path.is_file() and not _is_old(path)


def drop(session: Session, runtime: Runtime, campaign: Campaign, waiting_id: uuid.UUID) -> None:
    """Delete a file that waits, once the session is committed."""
    path = _path(runtime, campaign.id, waiting_id)
    event.listen(session, "after_commit", lambda _: _delete(path), once=True)


def forget(session: Session, runtime: Runtime, campaign_id: uuid.UUID) -> None:
    """Delete, once the session is committed, what waits for a campaign: an erased testimony
    may be among those words."""
    folder = _folder(runtime) / str(campaign_id)

    def after_commit(_: Session) -> None:
        for path in folder.glob("*.db"):
            _delete(path)

    event.listen(session, "after_commit", after_commit, once=True)


def sweep(runtime: Runtime) -> int:
    """Delete what has waited more than a day; returns how many files."""
    old = [path for path in _folder(runtime).glob("*/*.db") if _is_old(path)]
    for path in old:
        _delete(path)
    return len(old)


def _gone() -> NotFound:
    return NotFound(
        "Ce fichier n’attend plus ici.",
        "Il a été importé, retiré, ou il attendait depuis plus d’un jour. Si vous en avez encore "
        "besoin, déposez-le de nouveau : ce qui est déjà importé ne sera pas doublé.",
    )


def _folder(runtime: Runtime) -> Path:
    return runtime.settings.instance / "imports"


def _path(runtime: Runtime, campaign_id: uuid.UUID, waiting_id: uuid.UUID) -> Path:
    return _folder(runtime) / str(campaign_id) / f"{waiting_id}.db"


def _key(runtime: Runtime) -> bytes | None:
    """The key of the database, also where the database itself is a server."""
    plain = runtime.settings.plain_sqlite or not sqlite.can_encrypt
    return None if plain else runtime.keys.database


def _is_old(path: Path) -> bool:
    try:
        return time.time() - path.stat().st_mtime > LONGEST_WAIT
    except FileNotFoundError:
        return True


def _delete(path: Path) -> None:
    for ending in ("", "-wal", "-shm"):
        path.with_name(path.name + ending).unlink(missing_ok=True)
