"""What the tests of the coding bench share: somebody's bench, with the gestures of its script."""

from __future__ import annotations

import re
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

import pages

PART = {"X-Paroles-Part": "banc"}


class Bench:
    """Somebody's bench, with its script."""

    def __init__(self, app: Flask, page: str, login: str = "councillor") -> None:
        self.client, self.page = pages.client_for(app, login), page
        html = self.client.get(page).text
        found = re.search(r'name="version"[^>]*value="([^"]+)"', html)
        assert found
        self.version, self.token = found[1], self.client.token(page)

    def part(self, data: dict[str, Any], gesture: str = "") -> TestResponse:
        """Send a gesture. What comes back is no whole page: the client must not judge it as one."""
        sent = {"csrf_token": self.token, "version": self.version} | data
        return self._ask(self.page + gesture, method="POST", data=sent)

    def opened(self, coding: str) -> str:
        """The part with the panel of a code."""
        return self._ask(f"{self.page}?preciser={coding}").text

    def _ask(self, path: str, **given: Any) -> TestResponse:
        return FlaskClient.open(self.client, path, headers=PART, buffered=True, **given)
