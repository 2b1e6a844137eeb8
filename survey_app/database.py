"""The database: sessions that read, sessions that write, migrations."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path

from sqlalchemy import Engine, create_engine, inspect, text
from sqlalchemy.orm import Session

from survey_app import sqlite
from survey_app.keys import KeyRing
from survey_app.locks import held
from survey_app.settings import Settings, SettingsError

MIGRATIONS = Path(__file__).resolve().parent.parent / "migrations"


def head() -> str:
    """The newest revision that this code knows: a migration's name begins with its number."""
    return max(MIGRATIONS.glob("versions/*.py")).name[:11]


class Database:
    """One engine, two kinds of session: a writer holds SQLite's lock from its first statement."""

    def __init__(self, engine: Engine, path: Path | None = None, key: bytes | None = None) -> None:
        self.engine = engine
        self.path = path
        self.key = key
        self.writer = engine.execution_options(writing=True)

    @classmethod
    def from_settings(cls, settings: Settings, keys: KeyRing) -> Database:
        """The embedded SQLite file (encrypted wherever it can be), or the URL given."""
        if settings.database_url:
            return cls(
                create_engine(settings.database_url, pool_pre_ping=True, hide_parameters=True)
            )
        path = settings.instance / "paroles.db"
        encrypt = sqlite.can_encrypt and not settings.plain_sqlite
        if settings.production and not encrypt:
            raise SettingsError(
                "En production, la base doit être chiffrée, or SQLCipher n’est pas installé ici. "
                "Installez le paquet Python sqlcipher3, ou donnez une base à SURVEY_DATABASE_URL."
            )
        key = keys.database if encrypt else None
        return cls(sqlite.make_engine(path, key), path, key)

    @property
    def encrypted(self) -> bool:
        return self.key is not None

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A session that only reads; whatever it changed is dropped."""
        with Session(self.engine, expire_on_commit=False) as session:
            yield session

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """A session that commits at the end, or keeps nothing at all."""
        with Session(self.writer, expire_on_commit=False) as session, session.begin():
            yield session

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Wait in line to write, whatever process one is in: SQLite's own waiting lets some starve.

        Only who takes a turn is in line: SQLite still lets anybody else write in between.
        """
        with held(self.path.parent) if self.path is not None else nullcontext():
            yield

    def forget_erased(self) -> bool:
        """Make sure that erased rows left no trace in the write-ahead log.

        False when a reader still holds it: the worker tries again every minute.
        """
        return self.path is None or sqlite.empty_wal(self.engine)

    def tune(self) -> None:
        """Help the database choose its ways; nothing to do where it sees to it by itself."""
        if self.path is not None:
            sqlite.count_tables(self.writer)

    def upgrade(self, revision: str = "head") -> None:
        """Bring the tables to a revision of the migrations."""
        self._alembic("upgrade", revision)

    def downgrade(self, revision: str) -> None:
        self._alembic("downgrade", revision)

    def _alembic(self, verb: str, revision: str) -> None:
        # Ten megabytes and a quarter of a second, for the one start in a hundred that migrates.
        from alembic import command
        from alembic.config import Config

        config = Config()
        config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
        config.attributes["engine"] = self.writer
        getattr(command, verb)(config, revision)

    def current_revision(self) -> str | None:
        """The revision of the tables; None where there is none yet."""
        with self.engine.connect() as connection:
            if not inspect(connection).has_table("alembic_version"):
                return None
            found = connection.scalar(text("SELECT version_num FROM alembic_version"))
            return None if found is None else str(found)

    def is_current(self) -> bool:
        """Whether the tables are those that this code knows."""
        return self.current_revision() == head()

    def close(self) -> None:
        self.engine.dispose()
