"""What goes with a testimony leaves before it, once, whatever the network does."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Route
from sqlalchemy import select

import field_cases
import media_cases
from field_cases import Field
from survey_app.models import Recording
from survey_app.runtime import Runtime
from survey_app.services import voices
from tests.browser.field_sending import SENDING, Sender

pytestmark = pytest.mark.browser

FILES = "**/terrain/api/medias/**"
SPOKEN = """
  const { Media } = await import("/static/field/media.js");
  const draft = await drafts.begin(session, given[0]);
  const media = new Media(session, draft);
  const voice = await media.begin("voice", "audio/webm", "accord_voix");
  const head = new Uint8Array([0x1a, 0x45, 0xdf, 0xa3]);
  await media.append(voice, 0, head);
  await media.append(voice, 1, new Uint8Array(given[1]).fill(7));
  await media.append(voice, 2, new Uint8Array(given[1]).fill(8));
  const { id } = await outbox.finish(session, draft);
  return [id, voice.id];"""
HALF = 400_000


@pytest.fixture
def field(runtime: Runtime) -> Field:
    return field_cases.settle(runtime)


@pytest.fixture
def tablet(site: str, browser: Browser, field: Field) -> Iterator[Sender]:
    context = browser.new_context()
    yield Sender(context.new_page(), site, field)
    context.close()


def spoken(tablet: Sender, size: int = HALF) -> tuple[str, str]:
    """An interview finished with a voice of several pieces; its id and that of the voice."""
    plain = tablet.field.plain(answers=media_cases.AGREED)
    names = ("campaign", "meeting", "language", "answers")
    fields = {name: plain[name] for name in names} | {
        "form": "q01",
        "fingerprint": plain["questionnaire"],
    }
    testimony, voice = tablet.run(SPOKEN, [fields, size])
    return testimony, voice


def recorded(tablet: Sender) -> list[Recording]:
    with tablet.field.runtime.database.reading() as session:
        return list(session.scalars(select(Recording)))


def test_lost_answers_double_nothing(tablet: Sender) -> None:
    testimony, voice = spoken(tablet)
    lost: list[str] = []

    def lose(route: Route) -> None:
        if len(lost) < 3 and route.request.method == "PUT":
            lost.append(route.request.url.rsplit("/", 1)[1])
            route.fetch()
            route.abort()
        else:
            route.continue_()

    tablet.page.route(FILES, lose)
    for _ in range(4):
        told = tablet.sync()
    assert told["failure"] is None
    assert lost == ["0", "262144", "524288"]  # resumed each time where it stopped
    assert tablet.stored() == [testimony]
    (row,) = recorded(tablet)
    assert (str(row.id), row.size) == (voice, 4 + 2 * HALF)
    assert tablet.waiting() == []


def test_the_testimony_waits_for_its_voice(tablet: Sender) -> None:
    testimony, voice = spoken(tablet)
    (other,) = tablet.testify()
    tablet.page.route(FILES, lambda route: route.abort())
    assert tablet.sync()["failure"]["code"] == "network"
    tablet.page.unroute(FILES)
    tablet.page.route(FILES, lambda route: route.fulfill(status=507, json=FULL))
    assert tablet.sync()["failure"]["code"] == "full"
    assert tablet.stored() == [other]  # what has no file does not wait for those that have
    assert set(tablet.waiting()) == {testimony, voice}
    tablet.page.unroute(FILES)
    assert tablet.sync()["failure"] is None
    assert tablet.stored() == sorted([testimony, other])
    assert tablet.waiting() == []


FULL: dict[str, Any] = {"code": "full", "message": "Plus de place.", "remedy": "Attendez."}


def test_what_the_server_lost_is_sent_again(tablet: Sender) -> None:
    testimony, voice = spoken(tablet)
    tablet.page.route(SENDING, lambda route: route.abort())
    tablet.sync()
    instance = tablet.field.runtime.settings.instance
    assert len(list(instance.glob("incoming/*/*/*.age"))) == 1
    assert set(tablet.waiting()) == {testimony, voice}  # kept until the words are safe too
    shutil.rmtree(instance / "incoming")
    tablet.page.unroute(SENDING)
    tablet.sync()
    assert tablet.stored() == []
    assert set(tablet.waiting()) == {testimony, voice}
    assert tablet.sync()["failure"] is None
    assert tablet.stored() == [testimony]
    assert len(recorded(tablet)) == 1
    assert tablet.waiting() == []


def test_a_refused_voice_keeps_all_and_says_why(
    tablet: Sender, monkeypatch: pytest.MonkeyPatch
) -> None:
    testimony, voice = spoken(tablet)
    with monkeypatch.context() as patched:
        patched.setattr(voices, "MAX_BYTES", HALF)
        tablet.sync()
    (line,) = tablet.lines()
    assert line["state"] == "rejected"
    assert "Cet enregistrement dépasse" in line["problems"][0]
    assert set(tablet.waiting()) == {testimony, voice}
    assert tablet.sync()["failure"] is None
    assert tablet.stored() == [testimony]
