"""A test client that checks every page it opens, and logs in as somebody would be."""

from __future__ import annotations

import re
from collections import Counter
from html.parser import HTMLParser
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from survey_app.models import Account
from survey_app.runtime import Runtime

LABELLED = {"input", "select", "textarea"}
UNLABELLED_TYPES = {"hidden", "submit", "button"}


class Page(HTMLParser):
    """What a screen reader or a style guide would complain about in a page."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: Counter[str] = Counter()
        self.ids: Counter[str] = Counter()
        self.labels_for: set[str] = set()
        self.fields: list[dict[str, str | None]] = []
        self.problems: list[str] = []
        self.forms: list[dict[str, Any]] = []
        self._in_label = 0
        self.feed(html)

    def handle_starttag(self, tag: str, pairs: list[tuple[str, str | None]]) -> None:
        attributes = dict(pairs)
        self.tags[tag] += 1
        self._complain(tag, attributes)
        if attributes.get("id"):
            self.ids[str(attributes["id"])] += 1
        if tag == "label":
            self._in_label += 1
            self.labels_for.add(str(attributes.get("for", "")))
        if tag in LABELLED and attributes.get("type") not in UNLABELLED_TYPES:
            self.fields.append(attributes | {"_in_label": str(self._in_label)})
        if tag == "form":
            self.forms.append({"action": None, "fields": {}} | attributes)
        elif tag in LABELLED and self.forms and attributes.get("name"):
            self.forms[-1]["fields"][attributes["name"]] = attributes.get("value") or ""

    def _complain(self, tag: str, attributes: dict[str, str | None]) -> None:
        if tag == "html" and attributes.get("lang") != "fr":
            self.problems.append("the page does not say it is in French")
        if tag == "script" and not attributes.get("src"):
            self.problems.append("inline script")
        if tag == "img" and attributes.get("alt") is None:
            self.problems.append("an image without alt")
        for name in attributes:
            if name.startswith("on") or name == "style":
                self.problems.append(f"inline {name} on <{tag}>")

    def handle_endtag(self, tag: str) -> None:
        if tag == "label":
            self._in_label -= 1

    def check(self) -> list[str]:
        problems = list(self.problems)
        if self.tags["h1"] != 1:
            problems.append(f"{self.tags['h1']} h1")
        problems += [f"id {key} twice" for key, n in self.ids.items() if n > 1]
        for field in self.fields:
            named = field.get("aria-label") or field.get("aria-labelledby")
            if not (named or field["_in_label"] != "0" or field.get("id") in self.labels_for):
                problems.append(f"field {field.get('name')} without a label")
        return problems


class CheckedClient(FlaskClient):
    """Follows a person's steps; every HTML page that answers is checked on the way."""

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        response = super().open(*args, **({"buffered": True} | kwargs))
        assert "Content-Security-Policy" in response.headers, response.request.path
        if response.mimetype == "text/html" and response.status_code not in {301, 302, 303, 308}:
            html = response.get_data(as_text=True)
            assert Page(html).check() == [], response.request.path
            assert "Traceback" not in html
        return response

    def token(self, path: str) -> str:
        """The form token that the page at ``path`` carries."""
        html = self.get(path).get_data(as_text=True)
        found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', html)
        assert found, f"no form on {path}"
        return found[1]

    def send(self, path: str, data: dict[str, Any], page: str | None = None) -> TestResponse:
        """Post a form as the browser would, with the token of ``page`` (``path`` by default)."""
        return self.post(path, data=data | {"csrf_token": self.token(page or path)})


def client(app: Flask) -> CheckedClient:
    """A visitor who is not logged in."""
    app.test_client_class = CheckedClient
    found = app.test_client()
    assert isinstance(found, CheckedClient)
    return found


def client_for(app: Flask, login: str) -> CheckedClient:
    """Somebody logged in, by the same signed cookie that the login page sets."""
    runtime = app.extensions["paroles"]
    assert isinstance(runtime, Runtime)
    with runtime.database.reading() as session:
        token = session.scalars(select(Account.session_token).where(Account.login == login)).one()
    visitor = client(app)
    with visitor.session_transaction() as cookie:
        cookie["_user_id"] = token
        cookie["_fresh"] = True
    return visitor
