"""The steps of an import in the browser, shared by the tests of its pages."""

from __future__ import annotations

import io
import re
from pathlib import Path

from sqlalchemy import select
from werkzeug.test import TestResponse

from pages import CheckedClient
from survey_app.models import Testimony
from survey_app.runtime import Runtime


def deposit(person: CheckedClient, name: str, data: bytes) -> TestResponse:
    return person.send("/import/essai", {"file": (io.BytesIO(data), name)})


def opened(person: CheckedClient, name: str, data: bytes) -> str:
    """The address of the preview of a deposited file."""
    answer = deposit(person, name, data)
    assert answer.status_code == 303, text(answer)
    return answer.headers["Location"]


def text(answer: TestResponse) -> str:
    plain = re.sub(r"[\u00a0\u202f]", " ", answer.get_data(as_text=True))
    return re.sub(r"\s+", " ", plain)


def chosen(html: str, action: str) -> dict[str, list[str]]:
    """The hidden fields of the form that posts to ``action``."""
    form = html.split(action, 1)[1].split("</form>", 1)[0]
    found: dict[str, list[str]] = {}
    for name, value in re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', form):
        found.setdefault(name, []).append(value)
    return found


def bring(person: CheckedClient, where: str, **more: str) -> TestResponse:
    """Press « Importer » on a preview: its hidden fields, then where that leads."""
    html = person.get(where).get_data(as_text=True)
    path = where.partition("?")[0]
    return person.post(f"{path}/importer", data=chosen(html, f"{path}/importer") | more)


def stored(runtime: Runtime) -> dict[str, str]:
    with runtime.database.reading() as session:
        return {row.source_id: row.text("raw").text for row in session.scalars(select(Testimony))}


def waiting(runtime: Runtime) -> list[Path]:
    return list((runtime.settings.instance / "imports").rglob("*.db*"))
