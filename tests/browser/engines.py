"""Two engines behind the same few gestures, each over a folder that outlives its death.

What is tapped is found by XPath, the one language that both drivers speak.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Protocol

import pytest
from playwright.sync_api import BrowserType, Page

from bench.keystrokes import Machine
from tests.browser.conftest import _chromium
from tests.browser.webdriver import WebDriver

PATIENCE = 30_000  # milliseconds
DRIVER, SCREEN, SYSTEM_PYTHON = "WebKitWebDriver", "Xvfb", "/usr/bin/python3"
WINDOW = Path(__file__).with_name("webkit_window.py")
WINDOW_NAME = "paroles-essai"  # as webkit_window.py
PARTS = "import gi; gi.require_version('Gtk', '3.0'); gi.require_version('WebKit2', '4.1')"


class Engine(Protocol):
    """A browser on a tablet."""

    def open(self) -> None:
        """Start it over its folder, with one page."""

    def kill(self) -> None:
        """``kill -9`` of the browser and of all its processes."""

    def close(self) -> None:
        """Quit, if it runs."""

    def log_in(self, site: str, cookie: str) -> None:
        """Bring the cookie of a session."""

    def network(self, *, there: bool) -> None:
        """Tell the browser whether there is a network, where it can be told."""

    def go(self, address: str) -> None: ...

    def until(self, xpath: str) -> None:
        """Wait until something of this kind is seen."""

    def tap(self, xpath: str) -> None: ...

    def write(self, xpath: str, words: str) -> None: ...

    def attach(self, xpath: str, file: Path) -> None:
        """Give a file to a file field."""

    def run(self, body: str, given: object = None) -> Any:
        """Run this asynchronous script; ``given`` is its argument."""


class ChromiumEngine:
    """Chromium, driven by Playwright over its debugging port."""

    page: Page

    def __init__(self, engine: BrowserType, folder: Path) -> None:
        self._engine, self._folder = engine, folder
        self._machine: Machine | None = None

    def open(self) -> None:
        self._machine = Machine(self._engine, self._folder)
        self._machine.context.set_default_timeout(PATIENCE)
        self.page = self._machine.page("about:blank")

    def kill(self) -> None:
        assert self._machine is not None
        self._machine.kill()
        self._machine = None

    def close(self) -> None:
        if self._machine is not None:
            self._machine.close()

    def log_in(self, site: str, cookie: str) -> None:
        self.page.context.add_cookies([{"name": "paroles", "value": cookie, "url": site}])

    def network(self, *, there: bool) -> None:
        self.page.context.set_offline(not there)

    def go(self, address: str) -> None:
        self.page.goto(address)

    def until(self, xpath: str) -> None:
        self.page.locator(f"xpath={xpath} >> visible=true").first.wait_for()

    def tap(self, xpath: str) -> None:
        self.page.locator(f"xpath={xpath} >> visible=true").first.click()

    def write(self, xpath: str, words: str) -> None:
        field = self.page.locator(f"xpath={xpath} >> visible=true").first
        field.click()
        self.page.keyboard.type(words)

    def attach(self, xpath: str, file: Path) -> None:
        self.page.locator(f"xpath={xpath}").first.set_input_files(file)

    def run(self, body: str, given: object = None) -> Any:
        return self.page.evaluate(f"async (given) => {{ {body} }}", given)


class WebKitEngine:
    """WebKitGTK, driven by its own WebDriver on a screen that nobody sees."""

    def __init__(self, display: str, folder: Path) -> None:
        self._folder = folder
        self._environment = os.environ | {"DISPLAY": display}
        self._driver: WebDriver | None = None

    @property
    def driver(self) -> WebDriver:
        assert self._driver is not None
        return self._driver

    def open(self) -> None:
        window = {"binary": SYSTEM_PYTHON, "args": [str(WINDOW), str(self._folder)]}
        wanted = {"browserName": WINDOW_NAME, "webkitgtk:browserOptions": window}
        self._driver = WebDriver(str(shutil.which(DRIVER)), wanted, self._environment)

    def kill(self) -> None:
        self.driver.kill()
        self._driver = None

    def close(self) -> None:
        if self._driver is not None:
            self._driver.quit()

    def log_in(self, site: str, cookie: str) -> None:
        self.go(f"{site}/connexion")
        self.driver.cookie("paroles", cookie)

    def network(self, *, there: bool) -> None:
        """It takes no such order: the server that is there or not is the network."""

    def go(self, address: str) -> None:
        self.driver.go(address)

    def until(self, xpath: str) -> None:
        self.driver.seen(xpath)

    def tap(self, xpath: str) -> None:
        self.driver.tap(xpath)

    def write(self, xpath: str, words: str) -> None:
        self.driver.write(xpath, words)

    def attach(self, xpath: str, file: Path) -> None:
        self.driver.attach(xpath, str(file))

    def run(self, body: str, given: object = None) -> Any:
        return self.driver.run(body, given)


@contextmanager
def chromium(engine: BrowserType, folder: Path) -> Iterator[Engine]:
    _chromium()
    opened = ChromiumEngine(engine, folder)
    yield opened
    opened.close()


@contextmanager
def webkit(folder: Path) -> Iterator[Engine]:
    """Skips, saying so, where WebKitGTK is absent; fails in CI."""
    if not _has_webkit():
        reason = "pas de WebKitGTK (webkit2gtk-driver, gir1.2-webkit2-4.1, python3-gi, xvfb)"
        if os.environ.get("PAROLES_REQUIRE_BROWSER") == "1":
            pytest.fail(reason)
        pytest.skip(reason)
    with _screen() as display:
        opened = WebKitEngine(display, folder)
        yield opened
        opened.close()


def _has_webkit() -> bool:
    """Whether the driver, the screen, and the system's Python with its window are here."""
    if not all(map(shutil.which, (DRIVER, SCREEN, SYSTEM_PYTHON))):
        return False
    return (
        subprocess.run([SYSTEM_PYTHON, "-c", PARTS], check=False, capture_output=True).returncode
        == 0
    )


@contextmanager
def _screen() -> Iterator[str]:
    """A screen of its own, which picks a free number."""
    reading, writing = os.pipe()
    command = [str(shutil.which(SCREEN)), "-displayfd", str(writing), "-nolisten", "tcp"]
    screen = subprocess.Popen(
        [*command, "-screen", "0", "1280x1200x24"],
        pass_fds=[writing],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    os.close(writing)
    with os.fdopen(reading) as told:
        number = told.readline().strip()
    yield f":{number}"
    screen.terminate()
    screen.wait()
