"""Photos in an interview: received with the page, seen, kept or erased with it."""

from __future__ import annotations

import io
import uuid
from typing import Any

import pytest
from flask import Flask
from PIL import Image
from sqlalchemy import select

import factories
from every_type import open_walk
from interviews import answers, begin, count, draft_id, hidden, post, step
from pages import CheckedClient, client_for
from survey_app.models import Attachment, Council, Draft, Meeting, Testimony
from survey_app.permissions import Actor
from survey_app.runtime import Runtime
from survey_app.services import intake


@pytest.fixture
def place(runtime: Runtime) -> dict[str, Any]:
    return open_walk(runtime)


@pytest.fixture
def me(app: Flask, place: dict[str, Any]) -> CheckedClient:
    return client_for(app, "councillor")


@pytest.fixture
def path(me: CheckedClient, place: dict[str, Any]) -> str:
    first = begin(me, place, "QX")
    for _ in range(2):
        post(me, first, accord_noter="oui", age="adulte", accord_photo="oui")
    return first


def picture(color: str = "green") -> tuple[io.BytesIO, str]:
    data = io.BytesIO()
    Image.new("RGB", (64, 48), color).save(data, "JPEG")
    data.seek(0)
    return data, "photo.jpg"


def send(me: CheckedClient, path: str, **fields: Any) -> Any:
    return me.post(path, data=hidden(me, path) | fields, content_type="multipart/form-data")


def kept(runtime: Runtime) -> list[str]:
    with runtime.database.reading() as session:
        return [str(key) for key in session.scalars(select(Attachment.id))]


def test_a_photo_is_received_shown_replaced_and_taken_away(
    me: CheckedClient, path: str, runtime: Runtime
) -> None:
    measures = step(path, "mesures")
    assert 'enctype="multipart/form-data"' in me.get(measures).get_data(as_text=True)
    assert send(me, measures, vue__file=picture()).status_code == 303
    (first,) = kept(runtime)
    assert answers(runtime, path)["vue"] == first
    html = me.get(measures).get_data(as_text=True)
    assert f'src="/photos/{first}"' in html
    assert me.get(f"/photos/{first}").mimetype == "image/jpeg"
    assert send(me, measures, vue=first, presents="4").status_code == 303
    assert kept(runtime) == [first]
    send(me, measures, vue=first, vue__file=picture("red"))
    (second,) = kept(runtime)
    assert second != first
    send(me, measures, vue=second, vue__drop="oui")
    assert kept(runtime) == []
    assert "vue" not in answers(runtime, path)


def test_what_is_not_a_photo_is_refused_and_the_rest_of_the_page_is_kept(
    me: CheckedClient, path: str, runtime: Runtime
) -> None:
    wrong = (io.BytesIO(b"<svg onload=alert(1)>"), "photo.jpg")
    answer = send(me, step(path, "mesures"), vue__file=wrong, presents="4")
    assert answer.status_code == 422
    assert "photo" in answer.get_data(as_text=True)
    assert answers(runtime, path)["presents"] == 4
    assert kept(runtime) == []


def test_a_photo_sent_with_a_wrong_answer_is_not_lost(
    me: CheckedClient, path: str, runtime: Runtime
) -> None:
    answer = send(me, step(path, "mesures"), vue__file=picture(), presents="beaucoup")
    assert answer.status_code == 422
    (stored,) = kept(runtime)
    assert f'name="vue" value="{stored}"' in answer.get_data(as_text=True)


def test_a_photo_of_another_tab_is_not_kept_and_it_is_said(
    me: CheckedClient, path: str, runtime: Runtime
) -> None:
    measures = step(path, "mesures")
    old = hidden(me, measures)
    post(me, measures, presents="3")
    data = old | {"vue__file": picture(), "presents": "5"}
    answer = me.post(measures, data=data, content_type="multipart/form-data")
    assert answer.status_code == 409
    assert "n’a pas été gardée" in answer.get_data(as_text=True)
    assert kept(runtime) == []


@pytest.mark.parametrize(
    "named",
    ["n'importe quoi", "01a208e6-abf8-7dc7-99db-98c0fda939ca", "../../static/icon.svg"],
)
def test_an_answer_that_names_no_photo_of_this_interview_is_not_deposited(
    me: CheckedClient, path: str, runtime: Runtime, named: str
) -> None:
    assert send(me, step(path, "mesures"), vue=named).status_code in {303, 422}
    assert me.get(step(path, "mesures")).status_code == 200
    review = path.split("/etape/")[0] + "/relire"
    assert me.send(review, {}).status_code == 422
    assert count(runtime, Testimony) == 0


def test_finishing_moves_the_photos_and_stopping_erases_them(
    me: CheckedClient, place: dict[str, Any], path: str, runtime: Runtime
) -> None:
    send(me, step(path, "mesures"), vue__file=picture())
    send(me, step(path, "arrets") + "/1", nom_arret="L’école", photo_arret__file=picture("blue"))
    assert len(kept(runtime)) == 2
    html = me.get(path.split("/etape/")[0] + "/relire").get_data(as_text=True)
    assert html.count("/photos/") == 2
    assert me.send(path.split("/etape/")[0] + "/relire", {}).status_code == 303
    with runtime.database.reading() as session:
        stored = session.scalars(select(Testimony)).one()
        rows = session.scalars(select(Attachment)).all()
        assert {row.testimony_id for row in rows} == {stored.id}
        assert {row.draft_id for row in rows} == {None}
        named = {stored.answers["vue"], stored.answers["arrets"][0]["photo_arret"]}
        assert named == {str(row.id) for row in rows}
    other = begin(me, place, "QX")
    for _ in range(2):
        post(me, other, accord_noter="oui", age="adulte", accord_photo="oui")
    send(me, step(other, "mesures"), vue__file=picture())
    assert len(kept(runtime)) == 3
    me.send(other.split("/etape/")[0] + "/arreter", {"go": "erase"})
    assert len(kept(runtime)) == 2


def test_removing_an_entry_erases_its_photo(me: CheckedClient, path: str, runtime: Runtime) -> None:
    entry = step(path, "arrets") + "/1"
    send(me, entry, nom_arret="L’école", photo_arret__file=picture())
    assert len(kept(runtime)) == 1
    assert me.post(f"{entry}/retirer", data=hidden(me, f"{entry}/retirer")).status_code == 303
    assert kept(runtime) == []


def test_an_envelope_cannot_take_the_photo_of_somebody_else(
    me: CheckedClient, place: dict[str, Any], path: str, runtime: Runtime
) -> None:
    send(me, step(path, "mesures"), vue__file=picture())
    with runtime.database.writing() as session:
        draft = session.get_one(Draft, draft_id(path))
        meeting = session.get_one(Meeting, place["meeting"])
        council = session.get_one(Council, meeting.council_id)
        thief = factories.actor(factories.account(session, council, "voleur", "coordinator"))
        for key, actor in ((draft.id, thief), (uuid.uuid4(), owner(draft))):
            receipt = intake.receive(
                session,
                actor,
                runtime.keys,
                intake.Envelope(
                    id=key,
                    council_id=draft.council_id,
                    meeting_id=meeting.id,
                    questionnaire=draft.questionnaire_version.fingerprint,
                    answers=draft.answers,
                    withdrawal_code="ABCD-EFGH-JKMN",
                ),
            )
            assert receipt.status == "rejected"
            assert "photo" in receipt.problems[0]
    assert count(runtime, Testimony) == 0


def owner(draft: Draft) -> Actor:
    return Actor(draft.council_id, draft.account_id, "", frozenset({"councillor"}))
