"""Everything that is true of SQLite only: the driver, encryption, PRAGMAs, transactions."""

from __future__ import annotations

import errno
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, pool

try:
    from sqlcipher3 import dbapi2 as sqlcipher
except ImportError:  # no wheel for this machine: plain SQLite, with a visible warning
    sqlcipher = None

BUSY_MILLISECONDS = 15_000
PATIENCE_MILLISECONDS = 1_000
# Each is set, then read back: a PRAGMA that SQLite does not know is silently ignored otherwise.
PRAGMAS: dict[str, tuple[str, object]] = {
    "journal_mode": ("WAL", "wal"),
    "synchronous": ("FULL", 2),
    "foreign_keys": ("ON", 1),
    "secure_delete": ("ON", 1),
    "busy_timeout": (str(BUSY_MILLISECONDS), BUSY_MILLISECONDS),
    "temp_store": ("MEMORY", 2),
    # Kilobytes of pages kept deciphered by each connection; 2 MB otherwise.
    "cache_size": ("-16000", -16_000),
}

can_encrypt = sqlcipher is not None


class WrongKeyError(RuntimeError):
    """The file is not a database, or this is not its key."""


def connector(path: Path, key: bytes | None) -> Callable[[], Any]:
    """A function that opens the file with its key and every PRAGMA set and asserted."""
    driver = sqlcipher if key is not None else (sqlcipher or sqlite3)

    def connect() -> Any:
        connection = driver.connect(str(path), check_same_thread=False, isolation_level=None)
        try:
            if key is not None:
                # What is wrong is told by our own sentence, not by lines of SQLCipher on stderr.
                connection.execute("PRAGMA cipher_log_level = NONE")
                connection.execute(f"PRAGMA key = \"x'{key.hex()}'\"")
            assert_pragmas(connection)
        except driver.DatabaseError as error:
            connection.close()
            raise WrongKeyError(
                "La base ne s’ouvre pas avec cette clé. Vérifiez SURVEY_KEY_DIR ; "
                "la base n’a pas été modifiée."
            ) from error
        return connection

    return connect


def assert_pragmas(connection: Any) -> None:
    """Set each PRAGMA of the table on a driver's connection and check that it took."""
    for name, (wanted, expected) in PRAGMAS.items():
        connection.execute(f"PRAGMA {name} = {wanted}")
        found = connection.execute(f"PRAGMA {name}").fetchone()[0]
        if found != expected:
            raise RuntimeError(f"SQLite refused PRAGMA {name} = {wanted} (it says {found!r})")


def make_engine(path: Path, key: bytes | None) -> Engine:
    """An engine on an SQLite file, encrypted when there is a key."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    engine = create_engine(
        "sqlite://",
        module=sqlcipher if sqlcipher is not None else sqlite3,
        creator=connector(path, key),
        hide_parameters=True,  # an error must not write people's words in the log
        poolclass=pool.QueuePool,
        pool_size=8,
        max_overflow=8,
        pool_use_lifo=True,  # the last one used still has its pages at hand
    )
    event.listen(engine, "begin", _begin)
    return engine


def _begin(connection: Connection) -> None:
    """Writers take their lock first: a reader never becomes a writer halfway and fails."""
    writing = connection.get_execution_options().get("writing", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")


def count_tables(engine: Engine) -> None:
    """Let SQLite count what has grown, so that it chooses its indexes well. Cheap when nothing has.

    Else a council alone on its server is searched council by council, which is everything.
    """
    with engine.begin() as connection:
        connection.exec_driver_sql("PRAGMA analysis_limit = 400")
        connection.exec_driver_sql("PRAGMA optimize = 0x10002")  # every table, seen lately or not


def empty_wal(engine: Engine) -> bool:
    """Move the write-ahead log into the file and cut it to nothing: erased words leave it too.

    Waits little: False when somebody is reading, who must not make a resident wait.
    """
    connection = engine.raw_connection()
    try:
        cursor = connection.cursor()
        cursor.execute(f"PRAGMA busy_timeout = {PATIENCE_MILLISECONDS}")
        try:
            busy, _, _ = cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        finally:
            cursor.execute(f"PRAGMA busy_timeout = {BUSY_MILLISECONDS}")
        return not busy
    finally:
        connection.close()


def copy_database(source: Path, target: Path, key: bytes | None) -> None:
    """A consistent copy of a live database, page by page (SQLite's online backup).

    Raises `OSError` when the copy can't be written (full disk).
    """
    origin = connector(source, key)()
    try:
        copy = connector(target, key)()
        try:
            origin.backup(copy)
        finally:
            copy.close()
    except origin.DatabaseError as error:
        raise OSError(errno.EIO, str(error)) from error
    finally:
        origin.close()


def integrity(path: Path, key: bytes | None) -> str:
    """SQLite's own verdict on a file: ``ok`` or what is broken."""
    connection = connector(path, key)()
    try:
        return str(connection.execute("PRAGMA integrity_check").fetchone()[0])
    except connection.DatabaseError as error:
        return str(error)
    finally:
        connection.close()
