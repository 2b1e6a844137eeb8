"""Migrations: up and down, empty and with rows; head is what the models say."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import inspect, select, text

import factories
import results_cases as cases
from survey_app import sqlite
from survey_app.database import MIGRATIONS, head
from survey_app.models import Base, Synthesis, Testimony
from survey_app.runtime import Runtime
from survey_app.services import backup, kept, syntheses
from survey_app.settings import Settings

REVISIONS = [
    script.revision for script in reversed(list(ScriptDirectory(str(MIGRATIONS)).walk_revisions()))
]


def test_head_equals_the_models(runtime: Runtime) -> None:
    with runtime.database.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []
    assert head() == REVISIONS[-1]
    assert runtime.database.is_current()


def test_foreign_keys_watch_again_after_a_migration(runtime: Runtime) -> None:
    for move in (lambda: runtime.database.downgrade(REVISIONS[0]), runtime.database.upgrade):
        move()
        with runtime.database.writing() as session:
            assert session.execute(text("PRAGMA foreign_keys")).scalar() == 1


def test_every_constraint_has_a_name(runtime: Runtime) -> None:
    """The naming convention reached the database: a later migration can drop any of them."""
    inspector = inspect(runtime.database.engine)
    for table in Base.metadata.tables:
        for found in [*inspector.get_foreign_keys(table), *inspector.get_unique_constraints(table)]:
            assert found["name"], (table, found)


@pytest.mark.parametrize("revision", REVISIONS)
def test_down_and_up_again_empty(runtime: Runtime, revision: str) -> None:
    before = set(inspect(runtime.database.engine).get_table_names())
    runtime.database.downgrade("base")
    assert set(inspect(runtime.database.engine).get_table_names()) <= {"alembic_version"}
    runtime.database.upgrade(revision)
    runtime.database.upgrade()
    assert set(inspect(runtime.database.engine).get_table_names()) == before


@pytest.mark.parametrize("revision", REVISIONS)
def test_down_and_up_with_rows_keeps_every_word(runtime: Runtime, revision: str) -> None:
    with runtime.database.writing() as session:
        council = factories.council(session)
        meeting = factories.meeting(session, factories.campaign(session, council))
        factories.testimony(session, meeting, text="Élève, cœur, 👩🏽‍🌾, שלום")
    runtime.database.downgrade(revision)
    runtime.database.upgrade()
    with runtime.database.reading() as session:
        kept = session.scalars(select(Testimony)).one()
        assert [text.text for text in kept.texts] == ["Élève, cœur, 👩🏽‍🌾, שלום"]


def test_the_annex_of_a_synthesis_goes_down_and_up_whole(runtime: Runtime) -> None:
    house = cases.house(runtime)
    with runtime.database.writing() as session:
        before = kept.whole(syntheses.draft(session, house.actors["coordinator"], house.campaign))
    runtime.database.downgrade("20261123_07")
    with runtime.database.reading() as session:
        stored = json.loads(session.scalar(text("SELECT document FROM syntheses")))
    assert stored == json.loads(json.dumps(before))
    runtime.database.upgrade()
    with runtime.database.reading() as session:
        row = session.scalars(select(Synthesis)).one()
        assert row.document["trace"]["rows"] == []
        assert kept.whole(row) == stored


def test_a_migration_backs_up_first(tmp_path: Path, migrated: Path) -> None:
    settings = Settings(instance=tmp_path / "i", key_dir=tmp_path / "k")
    runtime = Runtime.start(settings)
    assert backup.prepare(runtime) is None, "a new database has nothing to back up"
    assert backup.prepare(runtime) is None, "a current database is left alone"
    with runtime.database.writing() as session:
        session.execute(text("DELETE FROM alembic_version"))
        factories.council(session, "Conseil gardé")
    with pytest.raises(Exception, match="already exists"):
        backup.prepare(runtime)
    saved = list((settings.instance / "backups").glob("*.db"))
    assert len(saved) == 1
    assert sqlite.integrity(saved[0], runtime.database.key) == "ok"
    with runtime.database.reading() as session:
        assert session.scalar(text("SELECT name FROM councils")) == "Conseil gardé"
    runtime.database.close()
