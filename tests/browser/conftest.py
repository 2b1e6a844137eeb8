"""A real Chromium before a real server over a real database. Nothing here is a stand-in."""

from __future__ import annotations

import os
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import waitress
from flask import Flask
from playwright.sync_api import Browser, sync_playwright

from survey_app import create_app
from survey_app.runtime import Runtime
from survey_app.services import demo
from survey_app.settings import Settings
from tests.browser.person import World

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


@contextmanager
def served(app: Flask) -> Iterator[str]:
    """The address of an application, served by waitress as in production."""
    server = waitress.create_server(app, host="127.0.0.1", port=0, threads=6)
    closing = threading.Event()

    def run() -> None:
        try:
            server.run()
        except OSError:
            # Its sockets are closed from the other thread, sometimes while it waits on them.
            if not closing.is_set():
                raise

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.effective_port}"
    closing.set()
    server.close()
    thread.join(timeout=10)


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
