"""The database's promises: PRAGMAs on every connection, encryption, writers that queue."""

from __future__ import annotations

import sqlite3
import threading
import uuid
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError, StatementError

import factories
from survey_app import sqlite
from survey_app.database import Database
from survey_app.keys import DamagedKeyError, KeyRing
from survey_app.models import AppendOnlyError, AuditEvent, ConsentRecord, Council, uuid7
from survey_app.runtime import Runtime
from survey_app.settings import Settings, SettingsError

needs_sqlcipher = pytest.mark.skipif(
    not sqlite.can_encrypt, reason="sqlcipher3 n’est pas installé sur cette machine"
)


def test_pragmas_hold_on_every_pooled_connection(runtime: Runtime) -> None:
    connections = [runtime.database.engine.connect() for _ in range(12)]
    try:
        for connection in connections:
            for name, (_, expected) in sqlite.PRAGMAS.items():
                assert connection.exec_driver_sql(f"PRAGMA {name}").scalar() == expected, name
    finally:
        for connection in connections:
            connection.close()


def test_a_pragma_that_did_not_take_is_an_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sqlite.PRAGMAS, "synchronous", ("FULL", 99))
    with pytest.raises(RuntimeError, match="synchronous"):
        sqlite.connector(tmp_path / "x.db", None)()


@needs_sqlcipher
def test_the_file_is_noise_without_its_key(runtime: Runtime) -> None:
    marker = "marqueur-qui-ne-doit-pas-se-lire"
    with runtime.database.writing() as session:
        factories.council(session, marker)
    path = runtime.database.path
    assert path is not None
    folder = b"".join(file.read_bytes() for file in path.parent.iterdir() if file.is_file())
    assert marker.encode() not in folder
    assert not path.read_bytes().startswith(b"SQLite format 3")
    with pytest.raises(sqlite3.DatabaseError):
        sqlite3.connect(path).execute("SELECT name FROM councils")
    with pytest.raises(sqlite.WrongKeyError, match="n’a pas été modifiée"):
        sqlite.connector(path, bytes(32))()


def test_a_failed_write_keeps_nothing(runtime: Runtime) -> None:
    def write_then_fail() -> None:
        with runtime.database.writing() as session:
            factories.council(session, "à moitié")
            raise KeyError

    with pytest.raises(KeyError):
        write_then_fail()
    with runtime.database.reading() as session:
        assert session.scalars(select(Council)).all() == []


def test_writers_wait_for_one_another(runtime: Runtime) -> None:
    """Eight threads read then write the same row: with BEGIN IMMEDIATE, no increment is lost."""
    with runtime.database.writing() as session:
        key = factories.council(session).id
        session.get_one(Council, key).revision = 0
    failures: list[Exception] = []

    def increment() -> None:
        try:
            for _ in range(10):
                with runtime.database.writing() as session:
                    session.get_one(Council, key).revision += 1
        except Exception as error:
            failures.append(error)

    threads = [threading.Thread(target=increment) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    with runtime.database.reading() as session:
        assert session.get_one(Council, key).revision == 80


def test_foreign_keys_are_enforced(runtime: Runtime) -> None:
    def orphan() -> None:
        with runtime.database.writing() as session:
            session.add(
                ConsentRecord(
                    council_id=uuid7(), testimony_id=uuid7(), scope="noter", decision="granted"
                )
            )

    with pytest.raises(Exception, match="FOREIGN KEY"):
        orphan()


@given(
    st.integers(0, 7_000_000_000).map(lambda seconds: datetime.fromtimestamp(seconds, UTC)),
    st.integers(-12, 12),
)
def test_times_come_back_aware_and_equal(moment: datetime, hours: int) -> None:
    from survey_app.models.base import UtcDateTime

    aware = moment.astimezone(timezone(timedelta(hours=hours)))
    kind, dialect = UtcDateTime(), Database.__init__  # the dialect is not looked at
    stored = kind.process_bind_param(aware, dialect)  # type: ignore[arg-type]
    assert stored is not None
    back = kind.process_result_value(stored.replace(tzinfo=None), dialect)  # type: ignore[arg-type]
    assert back == aware
    assert back.tzinfo is UTC


def test_a_naive_time_is_refused(runtime: Runtime) -> None:
    def naive() -> None:
        with runtime.database.writing() as session:
            session.add(Council(name="x", created_at=datetime(2026, 1, 1)))  # noqa: DTZ001

    with pytest.raises(StatementError, match="without its zone"):
        naive()


def test_identifiers_follow_time_and_rfc_9562() -> None:
    made = [uuid7() for _ in range(2_000)]
    assert len(set(made)) == len(made)
    for key in made:
        assert key.version == 7
        assert key.variant == uuid.RFC_4122
    assert [key.int >> 80 for key in made] == sorted(key.int >> 80 for key in made)


def test_the_journal_and_consents_are_append_only(runtime: Runtime) -> None:
    with runtime.database.writing() as session:
        council = factories.council(session)
        meeting = factories.meeting(session, factories.campaign(session, council))
        consent = factories.testimony(session, meeting).consents[0].id
        line = AuditEvent(council_id=council.id, action="x", kind="y")
        session.add(line)
        session.flush()
        event = line.id

    def rewrite(model: type, key: uuid.UUID, field: str) -> None:
        with runtime.database.writing() as session:
            setattr(session.get_one(model, key), field, "autre")

    with pytest.raises(AppendOnlyError):
        rewrite(AuditEvent, event, "action")
    with pytest.raises(AppendOnlyError):
        rewrite(ConsentRecord, consent, "decision")


def test_keys_are_made_once_and_readable_by_their_owner_alone(tmp_path: Path) -> None:
    ring = KeyRing(tmp_path / "keys")
    first = ring.database
    assert KeyRing(tmp_path / "keys").database == first
    assert ring.session != first
    assert {path.stat().st_mode & 0o777 for path in (tmp_path / "keys").iterdir()} == {0o600}
    assert ring.keyed_hash("a", "x") != ring.keyed_hash("b", "x")


def test_a_damaged_key_is_told_not_replaced(tmp_path: Path) -> None:
    ring = KeyRing(tmp_path / "keys")
    assert ring.database
    (tmp_path / "keys" / "database.key").write_text("abcd\n")
    with pytest.raises(DamagedKeyError, match="abîmée"):
        _ = ring.database
    assert (tmp_path / "keys" / "database.key").read_text() == "abcd\n"


@pytest.mark.parametrize(
    ("environment", "words"),
    [
        ({"SURVEY_INSTANCE": "/x/i", "SURVEY_KEY_DIR": "/x/i/keys"}, "dossier des données"),
        ({"SURVEY_INSTANCE": "/x/i", "SURVEY_KEY_DIR": "/x/i"}, "dossier des données"),
        ({"SURVEY_PRODUCTION": "1", "SURVEY_PLAIN_SQLITE": "1"}, "chiffrée"),
        ({"SURVEY_PORT": "huit"}, "nombre"),
        ({"SURVEY_PROXIES": "-1"}, "nombre"),
        ({"SURVEY_SCHEDULER": "dask"}, "SURVEY_SCHEDULER"),
    ],
)
def test_unsafe_settings_are_refused(environment: dict[str, str], words: str) -> None:
    with pytest.raises(SettingsError, match=words):
        Settings.from_environment(environment)


def test_production_never_starts_without_encryption(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = Settings(tmp_path / "i", tmp_path / "k", production=True)
    monkeypatch.setattr(sqlite, "can_encrypt", False)
    with pytest.raises(SettingsError, match="SQLCipher"):
        Runtime.start(settings)


def test_an_error_never_writes_peoples_words_in_the_log(runtime: Runtime) -> None:
    def twice() -> None:
        with runtime.database.writing() as session:
            council = factories.council(session, "mot-secret")
            factories.account(session, council, "mot-secret", "admin")
            factories.account(session, council, "mot-secret", "admin")

    with pytest.raises(IntegrityError) as caught:
        twice()
    assert "mot-secret" not in str(caught.value)


def test_the_log_is_emptied_unless_somebody_reads(runtime: Runtime) -> None:
    assert runtime.database.path is not None
    wal = Path(f"{runtime.database.path}-wal")
    with runtime.database.writing() as session:
        factories.council(session)
    with runtime.database.reading() as reader:
        assert reader.scalars(select(Council)).all()
        with runtime.database.writing() as session:
            factories.council(session, "autre")
        assert runtime.database.forget_erased() is False
    assert runtime.database.forget_erased() is True
    assert wal.stat().st_size == 0


def test_a_database_that_grew_counts_its_tables(runtime: Runtime) -> None:
    """Then it finds the texts of a campaign by their campaign, not by the only council there is."""
    with runtime.database.writing() as session:
        campaign = factories.campaign(session, factories.council(session))
        held = factories.meeting(session, campaign)
        for _ in range(60):
            factories.testimony(session, held, masked="Oui.")
    runtime.database.tune()
    with runtime.database.reading() as session:
        counted = session.execute(text("SELECT idx FROM sqlite_stat1")).scalars().all()
        way = session.execute(
            text(
                "EXPLAIN QUERY PLAN SELECT count(*) FROM testimonies "
                "WHERE council_id = '0' AND campaign_id = '1' AND state IN ('masked')"
            )
        ).all()
    assert "ix_testimonies_queue" in counted
    assert any("COVERING INDEX ix_testimonies_queue" in row.detail for row in way)
    runtime.database.tune()  # nothing has grown since: nothing is done, nothing fails
