"""A real Chromium before a real server over a real database. Nothing here is a stand-in."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, sync_playwright

from survey_app import create_app
from survey_app.runtime import Runtime
from survey_app.services import demo
from survey_app.settings import Settings
from tests.browser import field_modules
from tests.browser.person import World
from tests.browser.serving import served

CANDIDATES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


def _chromium() -> str:
    found = next(filter(None, map(shutil.which, CANDIDATES)), None)
    mac = Path("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome")
    if found is None and mac.exists():
        found = str(mac)
    if found is None:
        reason = "aucun Chromium sur cette machine (installez le paquet « chromium »)"
        if os.environ.get("PAROLES_REQUIRE_BROWSER") == "1":
            pytest.fail(reason)
        pytest.skip(reason)
    return found


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    path = _chromium()
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=path, args=list(ARGUMENTS))
        yield launched
        launched.close()


@pytest.fixture
def site(app: Flask) -> Iterator[str]:
    with served(app) as address:
        yield address


@pytest.fixture(scope="session")
def demo_app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """The demonstration, built once as `make demo` builds it, to be read but not changed."""
    folder = tmp_path_factory.mktemp("demonstration")
    settings = Settings(instance=folder / "instance", key_dir=folder / "keys", testing=True)
    runtime = Runtime.start(settings)
    assert [line for line in demo.build(runtime) if "fatou" in line]
    yield create_app(runtime=runtime)
    runtime.database.close()


@pytest.fixture(scope="session")
def demo_site(demo_app: Flask) -> Iterator[str]:
    with served(demo_app) as address:
        yield address


@pytest.fixture
def world(app: Flask, site: str, browser: Browser) -> Iterator[World]:
    """Everybody who will come: `world.person("amina")` opens a browser of their own."""
    opened = World(app, site, browser)
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def quiet(migrated: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of an installation that nobody writes in, for the tablet's modules alone."""
    with field_modules.quiet_site(migrated, tmp_path_factory.mktemp("terrain") / "maison") as found:
        yield found


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    opened = browser.new_context()
    yield opened
    opened.close()


@pytest.fixture
def tablet(context: BrowserContext, quiet: str) -> field_modules.Tablet:
    """One page with the tablet's modules."""
    return field_modules.Tablet(context.new_page(), quiet)
