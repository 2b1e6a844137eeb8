"""What the tests of the coding bench share: somebody's bench, with the gestures of its script."""

from __future__ import annotations

import re
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

import pages
from survey_app.models import Coding, Excerpt, Testimony, TextVersion
from survey_app.permissions import Actor
from survey_app.runtime import Runtime

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


def one(session: Session, by: Actor, name: str) -> Coding:
    """The coding of a person with this code."""
    session.flush()
    query = select(Coding).where(Coding.coder_id == by.account_id, Coding.code == name)
    return session.scalars(query).one()


def key_of(runtime: Runtime, code: str) -> str:
    """The coding with this code, as forms name it."""
    with runtime.database.reading() as session:
        return str(session.scalars(select(Coding.id).where(Coding.code == code)).one())


def masked_anew(session: Session, words: str) -> None:
    """The only testimony has another masked text, where no excerpt was found again."""
    row = session.scalars(select(Testimony)).one()
    sequence = max(text.sequence for text in row.texts) + 1
    common = {"council_id": row.council_id, "testimony_id": row.id}
    session.add(TextVersion(**common, sequence=sequence, kind="masked", text=words))
    session.execute(update(Excerpt).values(state="to_relocate"))
    session.flush()
    session.expire_all()
