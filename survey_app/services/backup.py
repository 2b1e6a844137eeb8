"""Installing, backing up, restoring. A migration always backs up first; a restore erases again."""

from __future__ import annotations

import fcntl
import secrets
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import inspect, select

from survey_app import sqlite
from survey_app.database import Database
from survey_app.domain import Conflict, DomainError, Invalid
from survey_app.models import Erasure, now
from survey_app.runtime import Runtime
from survey_app.services import erasure

EMBEDDED_ONLY = Invalid(
    "Cette commande sauvegarde la base intégrée (SQLite).",
    "Pour PostgreSQL, utilisez pg_dump et pg_restore, puis lisez le guide d’administration.",
)


@dataclass(frozen=True, slots=True)
class Restored:
    """What a restore did: where the former database went, how many erasures were done again."""

    former: Path | None
    erased: int


@contextmanager
def in_use(runtime: Runtime, *, alone: bool = False) -> Iterator[None]:
    """Say that this process works on the database; ``alone`` refuses to share it.

    Raises `Conflict` when the other kind of user is there: a server must not write on in a file
    that a restore has just replaced.
    """
    runtime.settings.instance.mkdir(parents=True, exist_ok=True, mode=0o700)
    with (runtime.settings.instance / "en-service.lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_NB | (fcntl.LOCK_EX if alone else fcntl.LOCK_SH))
        except OSError:
            raise Conflict(
                "Paroles est ouvert, ou une restauration est en cours.",
                "La base n’a pas été touchée. Fermez Paroles, puis recommencez.",
            ) from None
        yield


def prepare(runtime: Runtime) -> Path | None:
    """Bring the tables up to date; returns the path of the backup made first, if any."""
    database = runtime.database
    if database.is_current():
        return None
    saved = None
    if database.path is not None and inspect(database.engine).get_table_names():
        saved = backup(runtime, runtime.settings.instance / "backups" / _name("avant-migration"))
    database.upgrade()
    return saved


def backup(runtime: Runtime, target: Path | None = None) -> Path:
    """A consistent, verified copy of the live database, encrypted with the same key.

    Raises `DomainError` when the disk refuses; no half-written copy is left.
    """
    source = _path(runtime)
    if not source.exists():
        raise Invalid("Il n’y a pas encore de base à sauvegarder.", "Lancez « paroles init ».")
    target = target or runtime.settings.instance / "backups" / _name("paroles")
    if target.exists():
        raise Conflict(
            f"Le fichier « {target} » existe déjà.",
            "Il n’a pas été touché. Choisissez un autre nom.",
        )
    partial = target.with_name(f".{target.name}.{secrets.token_hex(4)}")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        partial.touch(0o600)
        sqlite.copy_database(source, partial, runtime.database.key)
        verdict = sqlite.integrity(partial, runtime.database.key)
        if verdict != "ok":
            raise DomainError(f"La copie est abîmée ({verdict}).", "Vérifiez le disque.")
        partial.replace(target)
    except OSError as error:
        raise DomainError(
            f"La sauvegarde n’a pas pu être écrite ({error.strerror}).",
            "La base est intacte. Choisissez un autre emplacement.",
        ) from None
    finally:
        _discard(partial)
    return target


def restore(runtime: Runtime, source: Path) -> Restored:
    """Put a backup in place of the database, after erasing again what was erased since.

    The former database is kept beside it. Raises `Invalid` when the file is no backup of ours.
    """
    target = _path(runtime)
    if not source.is_file():
        raise Invalid(f"Le fichier « {source} » n’existe pas.", "La base n’a pas été touchée.")
    ledger = _ledger(runtime)
    working = target.with_name(f".{target.name}.{secrets.token_hex(4)}")
    target.parent.mkdir(parents=True, exist_ok=True)
    with in_use(runtime, alone=True):
        try:
            erased = _rehearse(runtime, source, working, ledger)
            former = _swap(runtime, target, working)
        except OSError as error:
            raise DomainError(
                f"La restauration n’a pas pu s’écrire ({error.strerror}).",
                "La base n’a pas été touchée. Faites de la place, puis recommencez.",
            ) from None
        finally:
            _discard(working)
    return Restored(former, erased)


def _rehearse(runtime: Runtime, source: Path, working: Path, ledger: set[uuid.UUID]) -> int:
    """Copy the backup aside, migrate it, and replay the ledger of erasures on it."""
    try:
        if sqlite.integrity(source, runtime.database.key) != "ok":
            raise sqlite.WrongKeyError
        sqlite.copy_database(source, working, runtime.database.key)
    except sqlite.WrongKeyError:
        raise Invalid(
            f"« {source.name} » n’est pas une sauvegarde de cette installation, "
            "ou elle a été faite avec une autre clé.",
            "La base n’a pas été touchée. Vérifiez le fichier et le dossier des clés.",
        ) from None
    aside = Database(
        sqlite.make_engine(working, runtime.database.key), working, runtime.database.key
    )
    copy = Runtime(runtime.settings, runtime.keys, aside)
    try:
        if not inspect(aside.engine).has_table("testimonies"):
            raise Invalid(f"« {source.name} » ne contient pas de témoignages de Paroles.")
        aside.upgrade()
        with aside.writing() as session:
            count = erasure.replay(session, copy, ledger)
        aside.forget_erased()
    finally:
        aside.close()
    return count


def _swap(runtime: Runtime, target: Path, working: Path) -> Path | None:
    former = None
    runtime.database.close()
    if target.exists():
        former = runtime.settings.instance / "backups" / _name("avant-restauration")
        former.parent.mkdir(parents=True, exist_ok=True)
        sqlite.copy_database(target, former, runtime.database.key)
    for suffix in ("-wal", "-shm"):
        Path(f"{target}{suffix}").unlink(missing_ok=True)
    working.replace(target)
    return former


def _ledger(runtime: Runtime) -> set[uuid.UUID]:
    """Every id ever erased: the list kept beside the keys, and that of the present database."""
    found: set[uuid.UUID] = set(erasure.read_ledger(runtime))
    database = runtime.database
    exists = database.path is not None and database.path.exists()
    if exists and inspect(database.engine).has_table("erasures"):
        with database.reading() as session:
            found |= set(session.scalars(select(Erasure.record_id)))
    return found


def _path(runtime: Runtime) -> Path:
    if runtime.database.path is None:
        raise EMBEDDED_ONLY
    return runtime.database.path


def _name(prefix: str) -> str:
    return f"{prefix}-{now():%Y%m%d-%H%M%S}-{secrets.token_hex(2)}.db"


def _discard(path: Path) -> None:
    for suffix in ("", "-wal", "-shm", "-journal"):
        with suppress(NotADirectoryError):
            Path(f"{path}{suffix}").unlink(missing_ok=True)
