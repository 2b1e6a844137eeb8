"""How much typing is lost when the tablet dies: a real Chromium, killed while somebody writes."""

from __future__ import annotations

import http.server
import os
import shutil
import signal
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pyrage
from playwright.sync_api import BrowserContext, BrowserType, Page, sync_playwright

CANDIDATES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--headless=new",
    "--remote-debugging-port=0",
)
STATIC = Path(__file__).resolve().parents[1] / "survey_app" / "static"
PHRASE = "trois cerises au marché"
TRIALS = 8
SECONDS = 2.5  # how long somebody types before the power goes
WRITE = """
  async ([recipient, passphrase]) => {
    const [vault, drafts] = await Promise.all(
      ["vault", "drafts"].map((name) => import(`/static/field/${name}.js`)));
    const profile = { id: "p", name: "Amina" };
    await vault.enrol({ device: { id: "d", token: "t" }, profile, council: { id: "c" },
      recipients: [recipient] }, passphrase);
    const session = await vault.unlock("p", passphrase);
    const draft = await drafts.begin(session, { form: "q", fingerprint: "f" });
    const area = document.createElement("textarea");
    area.autocomplete = "off";
    area.addEventListener("input", () => draft.saveSoon({ answers: { words: area.value } }));
    document.body.append(area);
    area.focus();
  }
"""
READ = """
  async (passphrase) => {
    const [vault, drafts] = await Promise.all(
      ["vault", "drafts"].map((name) => import(`/static/field/${name}.js`)));
    const [draft] = await drafts.list(await vault.unlock("p", passphrase));
    return (draft.data.answers.words ?? "").length;
  }
"""


class Machine:
    """A Chromium of its own, over a folder that stays: it can be killed as a power cut does."""

    def __init__(self, engine: BrowserType, folder: Path) -> None:
        path = next(filter(None, map(shutil.which, CANDIDATES)))
        port_file = folder / "DevToolsActivePort"
        port_file.unlink(missing_ok=True)
        self._process = subprocess.Popen(  # noqa: S603  # our own browser, over our own folder
            [path, *ARGUMENTS, f"--user-data-dir={folder}", "about:blank"],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        limit = time.monotonic() + 60
        while not (port_file.exists() and port_file.read_text().count("\n")):
            assert time.monotonic() < limit, "Chromium did not start"
            time.sleep(0.05)
        port = port_file.read_text().split()[0]
        self._remote = engine.connect_over_cdp(f"http://127.0.0.1:{port}")
        self.context: BrowserContext = self._remote.contexts[0]

    def page(self, address: str) -> Page:
        opened = self.context.new_page()
        opened.goto(address)
        return opened

    def kill(self) -> None:
        """``kill -9`` of the browser and of all its processes."""
        os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()

    def close(self) -> None:
        """Quit as somebody who closes the window: everything is flushed to the disk."""
        self._remote.new_browser_cdp_session().send("Browser.close")
        self._process.wait(timeout=30)


def trial(engine: BrowserType, address: str, folder: Path) -> tuple[int, float]:
    """Type, kill, open again: how many signs were kept, and the seconds of typing that were lost.

    ``address`` is any page of a site that serves our scripts under ``/static/``.
    """
    first = Machine(engine, folder)
    page = first.page(address)
    page.evaluate(WRITE, [str(pyrage.x25519.Identity.generate().to_public()), PHRASE])
    typed: list[float] = []
    end = time.monotonic() + SECONDS
    while time.monotonic() < end:
        typed.append(time.monotonic())
        page.keyboard.press("a")
    killed = time.monotonic()
    first.kill()
    again = Machine(engine, folder)
    kept = int(again.page(address).evaluate(READ, PHRASE))
    again.close()
    return kept, (killed - typed[kept] if kept < len(typed) else 0.0)


def measure(trials: int = TRIALS) -> dict[str, Any]:
    """The seconds of typing lost in each of these trials, the worst last."""
    with served() as address, sync_playwright() as playwright:
        lost = []
        for _ in range(trials):
            # A browser that was killed may leave a process that still writes for an instant.
            with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
                lost.append(round(trial(playwright.chromium, address, Path(folder))[1], 3))
    return {"typing_killed": trials, "typing_lost_s": sorted(lost)}


class _Scripts(http.server.SimpleHTTPRequestHandler):
    """Our scripts under ``/static/``, an empty page elsewhere: all that a draft needs."""

    def translate_path(self, path: str) -> str:
        return super().translate_path(path.removeprefix("/static"))

    def do_GET(self) -> None:
        if self.path.startswith("/static/"):
            super().do_GET()
            return
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write(b"<!doctype html><title>Paroles</title>")

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing: the figures are printed as JSON."""


@contextmanager
def served() -> Iterator[str]:
    def handler(*arguments: Any) -> _Scripts:
        return _Scripts(*arguments, directory=str(STATIC))

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


if __name__ == "__main__":
    print(measure())
