"""Fixtures that everybody needs: a real migrated database, a council, actors of every role."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from hypothesis import HealthCheck, settings
from sqlalchemy.orm import Session

import factories
from survey_app import create_app
from survey_app.models import Campaign, Council
from survey_app.permissions import Actor
from survey_app.runtime import Runtime
from survey_app.settings import Settings

# Speeds are measured in benchmarks, never in tests: a busy machine must not fail a property.
settings.register_profile("house", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("house")

SHARED = Path(__file__).resolve().parents[2] / "shared"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skip what needs the shared data where there is none, and say so."""
    if SHARED.is_dir():
        return
    skip = pytest.mark.skip(reason="le dossier de données partagées n’est pas là")
    for item in items:
        if "shared" in item.keywords:
            item.add_marker(skip)


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with keys and an empty migrated database, made once and copied by each test."""
    folder = tmp_path_factory.mktemp("migrated")
    runtime = Runtime.start(settings_in(folder))
    runtime.database.upgrade()
    runtime.database.forget_erased()
    runtime.database.close()
    return folder


def settings_in(folder: Path, **changes: object) -> Settings:
    return Settings(instance=folder / "instance", key_dir=folder / "keys", testing=True, **changes)


@pytest.fixture
def runtime(migrated: Path, tmp_path: Path) -> Iterator[Runtime]:
    """A whole installation of its own: encrypted database at head, keys, folders."""
    shutil.copytree(migrated, tmp_path / "house")
    started = Runtime.start(settings_in(tmp_path / "house"))
    yield started
    started.database.close()


@pytest.fixture
def session(runtime: Runtime) -> Iterator[Session]:
    """A writing session, committed at the end of the test (constraints are really checked)."""
    with runtime.database.writing() as opened:
        yield opened


@pytest.fixture
def council(session: Session) -> Council:
    return factories.council(session)


@pytest.fixture
def other_council(session: Session) -> Council:
    return factories.council(session, name="Conseil voisin")


@pytest.fixture
def actors(session: Session, council: Council) -> dict[str, Actor]:
    """One account and actor per role; ``councillor2`` is a second councillor."""
    return factories.actors(session, council)


@pytest.fixture
def campaign(session: Session, council: Council) -> Campaign:
    """A running campaign in Bédarieux with Q01 and Q03 and the shipped codebook."""
    return factories.campaign(session, council)


@pytest.fixture
def app(runtime: Runtime) -> Flask:
    """The whole application over this test's own installation."""
    return create_app(runtime=runtime)
