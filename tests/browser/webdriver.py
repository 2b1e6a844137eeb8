"""The few words of the W3C WebDriver protocol that a test needs, over plain HTTP."""

from __future__ import annotations

import http.client
import json
import os
import signal
import socket
import subprocess
import time
from collections.abc import Mapping
from typing import Any

REFERENCE = "element-6066-11e4-a52e-4f735466cecf"  # how the standard names an element
PATIENCE = 30  # seconds
VISIBLE = """
  const found = document.evaluate(arguments[0], document, null, 7, null);
  for (let rank = 0; rank < found.snapshotLength; rank += 1) {
    if (found.snapshotItem(rank).checkVisibility()) return found.snapshotItem(rank);
  }
  return null;
"""
ASYNC = """
  const done = arguments[arguments.length - 1];
  (async (given) => { %s })(arguments[0]).then(
    (found) => done([found ?? null, null]), (cause) => done([null, String(cause)]));
"""


class WebDriver:
    """A browser behind its driver: ``command`` starts the driver, ``wanted`` describes it."""

    def __init__(
        self, command: str, wanted: dict[str, Any], environment: Mapping[str, str]
    ) -> None:
        with socket.socket() as found:
            found.bind(("127.0.0.1", 0))
            self._port = int(found.getsockname()[1])
        self._process = subprocess.Popen(
            [command, f"--port={self._port}"], env=environment, start_new_session=True
        )
        self._wait_for_driver()
        self._session = ""
        opened = self._ask("POST", "/session", {"capabilities": {"alwaysMatch": wanted}})
        self._session = f"/session/{opened['sessionId']}"
        self._ask("POST", "/timeouts", {"script": 1_000 * PATIENCE, "pageLoad": 1_000 * PATIENCE})

    def _wait_for_driver(self) -> None:
        limit = time.monotonic() + PATIENCE
        while True:
            try:
                socket.create_connection(("127.0.0.1", self._port), timeout=1).close()
                return
            except OSError:
                assert time.monotonic() < limit, "the driver did not start"
                time.sleep(0.05)

    def _ask(self, method: str, path: str, body: dict[str, Any] | None = None) -> Any:
        line = http.client.HTTPConnection("127.0.0.1", self._port, timeout=2 * PATIENCE)
        content = None if body is None else json.dumps(body).encode()
        line.request(method, self._session + path, content, {"Content-Type": "application/json"})
        answer = line.getresponse()
        told = json.loads(answer.read())["value"]
        line.close()
        assert answer.status == 200, f"{path}: {told['error']}: {told['message']}"
        return told

    def go(self, address: str) -> None:
        self._ask("POST", "/url", {"url": address})

    def cookie(self, name: str, value: str) -> None:
        """Add a cookie to the site of the page."""
        self._ask("POST", "/cookie", {"cookie": {"name": name, "value": value}})

    def seen(self, xpath: str) -> str:
        """Wait until something of this kind can be seen; its reference."""
        limit = time.monotonic() + PATIENCE
        while time.monotonic() < limit:
            found = self._ask("POST", "/execute/sync", {"script": VISIBLE, "args": [xpath]})
            if found:
                return str(found[REFERENCE])
            time.sleep(0.1)
        raise AssertionError(f"never seen: {xpath}")

    def tap(self, xpath: str) -> None:
        self._ask("POST", f"/element/{self.seen(xpath)}/click", {})

    def write(self, xpath: str, words: str) -> None:
        self._ask("POST", f"/element/{self.seen(xpath)}/value", {"text": words})

    def attach(self, xpath: str, file: str) -> None:
        """Give a file to a file field, seen or not."""
        found = self._ask("POST", "/element", {"using": "xpath", "value": xpath})
        self._ask("POST", f"/element/{found[REFERENCE]}/value", {"text": file})

    def run(self, body: str, given: object = None) -> Any:
        """Run this asynchronous script in the page; ``given`` is its argument."""
        asked = {"script": ASYNC % body, "args": [given]}
        found, fault = self._ask("POST", "/execute/async", asked)
        assert fault is None, fault
        return found

    def kill(self) -> None:
        """``kill -9`` of the driver, of the browser and of all its processes."""
        os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()

    def quit(self) -> None:
        """Close the browser, then the driver."""
        self._ask("DELETE", "")
        self._process.terminate()
        self._process.wait()
