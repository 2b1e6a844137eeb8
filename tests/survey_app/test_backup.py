"""Backups: verified copies under the same key; a restore never brings erased words back."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from sqlalchemy import inspect, select

import factories
import records_cases
from commands import paroles, refused
from conftest import settings_in
from survey_app import sqlite
from survey_app.domain import Conflict, DomainError, Invalid
from survey_app.models import Council, Draft, Erasure, Record, Testimony, TextVersion
from survey_app.permissions import system_actor
from survey_app.runtime import Runtime
from survey_app.services import backup, collection, erasure, records_filling, register

MARKER = "hippocampe turquoise du lavoir"


def deposit(house: Runtime, text: str = MARKER) -> Testimony:
    with house.database.writing() as session:
        council = factories.council(session)
        campaign = factories.campaign(session, council)
        return factories.testimony(session, factories.meeting(session, campaign), text=text)


def erase(house: Runtime, row: Testimony) -> None:
    with house.database.writing() as session:
        erasure.erase(session, system_actor(row.council_id), house, row.id, "essai")


def texts(house: Runtime) -> list[str]:
    with house.database.reading() as session:
        return list(session.scalars(select(TextVersion.text)))


def everything(path: Path, key: bytes | None) -> str:
    """Every row of every table, written out."""
    connection = sqlite.connector(path, key)()
    try:
        tables = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
        return "\n".join(
            f"{name} {row}"
            for (name,) in sorted(tables.fetchall())
            for row in connection.execute(f"SELECT * FROM {name} ORDER BY 1").fetchall()
        )
    finally:
        connection.close()


def beside(folder: Path) -> list[str]:
    """What is left in the data folder, without what SQLite keeps while a database is open."""
    return sorted(
        path.name for path in folder.rglob("*.db*") if not path.name.endswith(("-wal", "-shm"))
    )


def test_a_backup_is_a_whole_copy_under_the_same_key(runtime: Runtime, tmp_path: Path) -> None:
    deposit(runtime)
    target = backup.backup(runtime, tmp_path / "copies" / "a.db")
    assert everything(target, runtime.database.key) == everything(
        runtime.settings.instance / "paroles.db", runtime.database.key
    )
    assert target.stat().st_mode & 0o777 == 0o600
    assert [path.name for path in target.parent.iterdir()] == ["a.db"]
    if runtime.database.encrypted:
        assert MARKER.encode() not in target.read_bytes()
        assert not target.read_bytes().startswith(b"SQLite format 3")


def test_a_backup_never_overwrites_and_leaves_nothing_half_written(
    runtime: Runtime, tmp_path: Path
) -> None:
    target = tmp_path / "a.db"
    target.write_text("précieux", encoding="utf-8")
    with pytest.raises(Conflict, match="existe déjà"):
        backup.backup(runtime, target)
    assert target.read_text(encoding="utf-8") == "précieux"
    with pytest.raises(DomainError, match="n’a pas pu être écrite"):
        backup.backup(runtime, target / "dessous.db")
    assert [path.name for path in tmp_path.iterdir() if path.is_file()] == ["a.db"]


def test_a_restore_brings_back_what_was_lost_and_keeps_the_former_database(
    runtime: Runtime, tmp_path: Path
) -> None:
    deposit(runtime)
    saved = backup.backup(runtime, tmp_path / "a.db")
    with runtime.database.writing() as session:
        session.delete(session.scalars(select(TextVersion)).one())
        factories.council(session, name="Conseil de plus tard")
    done = backup.restore(runtime, saved)
    assert texts(runtime) == [MARKER]
    assert done.erased == 0
    assert done.former is not None
    assert "Conseil de plus tard" in everything(done.former, runtime.database.key)
    with runtime.database.reading() as session:
        assert session.scalars(select(Council.name)).all() == ["Conseil d’essai"]


def test_a_restore_erases_again_what_was_erased_since(runtime: Runtime, tmp_path: Path) -> None:
    row = deposit(runtime)
    saved = backup.backup(runtime, tmp_path / "a.db")
    erase(runtime, row)
    assert backup.restore(runtime, saved).erased == 1
    assert MARKER not in everything(runtime.settings.instance / "paroles.db", runtime.database.key)
    assert str(row.id) in (runtime.settings.key_dir / erasure.LEDGER).read_text(encoding="ascii")


def test_a_restore_erases_again_a_paper_of_the_council(runtime: Runtime, tmp_path: Path) -> None:
    with runtime.database.writing() as session:
        desk = factories.actors(session, factories.council(session))["coordinator"]
        paper = records_cases.minutes(session, desk)
    saved = backup.backup(runtime, tmp_path / "a.db")
    with runtime.database.writing() as session:
        records_filling.erase(session, desk, runtime, paper.id)
    backup.restore(runtime, saved)
    with runtime.database.reading() as session:
        assert session.scalars(select(Record)).all() == []


def test_on_a_new_machine_the_ledger_beside_the_keys_is_enough(
    runtime: Runtime, tmp_path: Path
) -> None:
    row = deposit(runtime)
    saved = backup.backup(runtime, tmp_path / "a.db")
    erase(runtime, row)
    runtime.database.close()
    shutil.rmtree(runtime.settings.instance)
    fresh = Runtime.start(runtime.settings)
    done = backup.restore(fresh, saved)
    assert (done.erased, done.former) == (1, None)
    assert texts(fresh) == []
    fresh.database.close()


def test_another_installation_cannot_read_it_and_loses_nothing(
    runtime: Runtime, tmp_path: Path
) -> None:
    if not runtime.database.encrypted:
        pytest.skip("SQLCipher n’est pas installé : rien n’est chiffré")
    deposit(runtime)
    saved = backup.backup(runtime, tmp_path / "a.db")
    other = Runtime.start(settings_in(tmp_path / "ailleurs"))
    other.database.upgrade()
    deposit(other, "parole d’ailleurs")
    with pytest.raises(Invalid, match="une autre clé"):
        backup.restore(other, saved)
    assert texts(other) == ["parole d’ailleurs"]
    assert beside(other.settings.instance) == ["paroles.db"]
    other.database.close()


@pytest.mark.parametrize("kept", [0, 1, 100, 4096, 3 * 4096, 40 * 4096, -4096, -1])
def test_a_damaged_backup_changes_nothing(runtime: Runtime, tmp_path: Path, kept: int) -> None:
    deposit(runtime)
    saved = backup.backup(runtime, tmp_path / "a.db")
    data = saved.read_bytes()
    assert len(data) > 41 * 4096
    saved.write_bytes(data[:kept])
    message = refused(runtime, "restore", saved)
    assert "a.db" in message
    assert texts(runtime) == [MARKER]
    assert beside(runtime.settings.instance) == ["paroles.db"]


def test_a_backup_with_one_page_of_noise_is_refused(runtime: Runtime, tmp_path: Path) -> None:
    deposit(runtime)
    saved = backup.backup(runtime, tmp_path / "a.db")
    data = bytearray(saved.read_bytes())
    data[20 * 4096 : 21 * 4096] = bytes(range(256)) * 16
    saved.write_bytes(bytes(data))
    assert "a.db" in refused(runtime, "restore", saved)
    assert texts(runtime) == [MARKER]


def test_nothing_is_restored_under_an_open_server(runtime: Runtime, tmp_path: Path) -> None:
    saved = backup.backup(runtime, tmp_path / "a.db")
    with backup.in_use(runtime), backup.in_use(runtime):
        assert "Fermez Paroles" in refused(runtime, "restore", saved)
    assert backup.restore(runtime, saved).erased == 0


def test_the_command_line_says_where_and_how_many(runtime: Runtime, tmp_path: Path) -> None:
    row = deposit(runtime)
    answer = paroles(runtime, "backup")
    saved = next((runtime.settings.instance / "backups").iterdir())
    assert f"Sauvegarde écrite et vérifiée : {saved}" in answer.out
    assert "Les clés n’y sont pas" in answer.out
    erase(runtime, row)
    answer = paroles(runtime, "restore", saved)
    assert answer.status == 0
    assert "effacées à nouveau : 1" in answer.out
    assert "existe déjà" in refused(runtime, "backup", "--output", saved)
    assert "n’existe pas" in refused(runtime, "restore", tmp_path / "absente.db")


def test_an_old_database_is_saved_before_its_migration(runtime: Runtime) -> None:
    assert backup.prepare(runtime) is None
    runtime.database.downgrade("base")
    saved = backup.prepare(runtime)
    assert saved is not None
    assert saved.exists()
    assert runtime.database.is_current()
    assert inspect(runtime.database.engine).has_table("testimonies")


def test_what_was_erased_after_a_backup_stays_erased_when_it_comes_back(
    runtime: Runtime, tmp_path: Path
) -> None:
    """Drafts too; and an id that the backup never knew is still refused by the door."""
    with runtime.database.writing() as session:
        council = factories.council(session)
        actors = factories.actors(session, council)
        campaign = factories.campaign(session, council)
        meeting = factories.meeting(session, campaign, actors["councillor"])
        draft = collection.start(
            session, actors["councillor"], meeting, campaign.questionnaires[1]
        ).id
    saved = backup.backup(runtime, tmp_path / "avant.db")
    with runtime.database.writing() as session:
        row = collection.get(session, actors["councillor"], draft)
        collection.abandon(session, actors["councillor"], runtime, row, keep=False)
        late = factories.testimony(session, meeting).id
        assert register.erased(session, actors["dpo"]) == {}
    with runtime.database.writing() as session:
        erasure.erase(session, actors["coordinator"], runtime, late, "decision")
    backup.restore(runtime, saved)
    with runtime.database.reading() as session:
        assert session.get(Draft, draft) is None
        assert {row.record_id for row in session.scalars(select(Erasure))} == {draft, late}
