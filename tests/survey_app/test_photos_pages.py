"""Photos through the pages: at their address, at review, at withdrawal, in the register."""

from __future__ import annotations

import html
import re
import uuid

import pytest
from flask import Flask
from sqlalchemy import func, select

import factories
import pages
import photo_cases
import photo_files as files
import results_cases as cases
from survey_app.models import Attachment, AuditEvent, Testimony
from survey_app.runtime import Runtime
from survey_app.services import attachments, erasure, review

CHECK = dict.fromkeys(("consent", "own_words", "no_identity", "no_danger", "clear"), "oui")
OTHERS = ("councillor", "evaluator", "reader", "admin", "dpo", "coordinator-b", "councillor-b")


class House:
    """A walk with two photos, waiting for its review, and an interview in progress with one."""

    def __init__(self, runtime: Runtime, app: Flask) -> None:
        self.runtime, self.app = runtime, app
        with runtime.database.writing() as session:
            council = factories.council(session)
            actors = factories.actors(session, council)
            campaign = factories.campaign(session, council)
            by, reviewer = actors["councillor"], actors["councillor2"]
            held = photo_cases.held(session, campaign, by)
            moved, going = (photo_cases.begun(session, held, by) for _ in range(2))
            photos = [attachments.receive(session, by, moved, files.jpeg()) for _ in range(2)]
            self.going = attachments.receive(session, by, going, files.jpeg()).id
            self.photos = [row.id for row in photos]
            testimony = photo_cases.deposited(session, moved, *photos)
            review.take(session, reviewer, testimony)
            self.code = cases.with_code(session, runtime, testimony)
            self.id = testimony.id
            other = factories.council(session, "Conseil voisin")
            factories.actors(session, other, "-b")

    def client(self, login: str) -> pages.CheckedClient:
        return pages.client_for(self.app, login)

    def look(self) -> Testimony:
        with self.runtime.database.reading() as session:
            return session.get_one(Testimony, self.id)

    def left(self) -> set[uuid.UUID]:
        with self.runtime.database.reading() as session:
            return set(session.scalars(select(Attachment.id)))

    def lines(self, action: str) -> int:
        with self.runtime.database.reading() as session:
            query = select(func.count()).select_from(AuditEvent)
            return session.scalar(query.where(AuditEvent.action == action)) or 0


@pytest.fixture
def house(runtime: Runtime, app: Flask) -> House:
    return House(runtime, app)


def seen(house: House, login: str, photo: uuid.UUID) -> int:
    return house.client(login).get(f"/photos/{photo}").status_code


def test_a_photo_is_served_so_that_nothing_runs_nor_stays(house: House) -> None:
    answer = house.client("councillor2").get(f"/photos/{house.photos[0]}")
    assert answer.status_code == 200
    assert answer.mimetype == "image/jpeg"
    assert answer.data.startswith(b"\xff\xd8")
    assert files.MARKER not in answer.data
    headers = answer.headers
    assert headers["Cache-Control"] == "no-store"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Content-Disposition"] == "inline"
    assert headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert house.lines("read_photo") == 1


def test_for_whoever_may_not_see_it_a_photo_does_not_exist(house: House) -> None:
    for login in OTHERS:
        assert seen(house, login, house.photos[0]) == 404, login
    for login in ("councillor2", "coordinator", *OTHERS[1:]):
        assert seen(house, login, house.going) == 404, login
    assert seen(house, "councillor", house.going) == 200
    assert seen(house, "coordinator", uuid.uuid4()) == 404
    assert pages.client(house.app).get(f"/photos/{house.photos[0]}").status_code == 303
    assert house.lines("read_photo") == 0


def test_the_reviewer_looks_erases_then_accepts_without_javascript(house: House) -> None:
    reader = house.client("councillor2")
    page = f"/relecture/temoignage/{house.id}"
    shown = html.unescape(reader.get(page).get_data(as_text=True))
    assert "Un visage, une plaque, un nom se voient" in shown
    assert re.findall(r'src="/photos/([^"]+)"', shown) == [str(key) for key in house.photos]
    assert "Arrêt 2" in shown
    assert "Six points à vérifier" in shown

    five = reader.send(page, CHECK | {"decision": "accept"})
    assert five.status_code == 422
    wrong = reader.send(page, CHECK | {"no_face": "non", "decision": "accept"})
    assert wrong.status_code == 422
    assert "effacez-la d’abord" in html.unescape(wrong.get_data(as_text=True))
    assert re.search(r'value="non"[^>]*checked|checked[^>]*value="non"', wrong.text)
    assert house.look().state == "to_review"

    for key in house.photos:
        sent = reader.send(f"{page}/photos/{key}/effacer", {}, page=page)
        assert (sent.status_code, sent.headers["Location"]) == (303, page)
    assert house.left() == {house.going}
    assert house.look().answers == {
        "accord_photo": "oui",
        "arrets": [{"va_bien": "le banc"}, {"va_bien": "le banc"}, {"va_bien": "rien"}],
    }
    assert seen(house, "councillor2", house.photos[0]) == 404
    after = html.unescape(reader.get(page).get_data(as_text=True))
    assert "Un visage" not in after
    assert "Cinq points à vérifier" in after
    accepted = reader.send(page, CHECK | {"decision": "accept"})
    assert accepted.headers["Location"].endswith("/masquage")


def test_masking_never_shows_a_photo(house: House) -> None:
    reader = house.client("councillor2")
    page = f"/relecture/temoignage/{house.id}"
    kept = reader.send(page, CHECK | {"no_face": "oui", "decision": "accept"})
    assert kept.status_code == 303
    for path in (f"{page}/masquage", f"{page}/corriger"):
        answer = reader.get(path)
        assert answer.status_code == 200
        assert "/photos/" not in answer.get_data(as_text=True)
    assert len(house.left()) == 3


def test_nobody_else_erases_a_photo(house: House) -> None:
    page = f"/relecture/temoignage/{house.id}"
    target = f"{page}/photos/{house.photos[0]}/effacer"
    collector = house.client("councillor")
    token = {"csrf_token": collector.token("/relecture/essai")}
    assert collector.post(target, data=token).status_code == 403
    reader = house.client("councillor2")
    going = f"{page}/photos/{house.going}/effacer"
    assert reader.send(going, {}, page=page).status_code == 404
    assert len(house.left()) == 3


def test_the_resident_sees_that_there_are_photos_and_takes_them_back(house: House) -> None:
    visitor = pages.client(house.app)
    shown = visitor.send("/retrait", {"code": house.code}).get_data(as_text=True)
    said = " ".join(html.unescape(re.sub(r"<[^>]+>", "", shown)).split())
    assert "2 photos de lieux ou d’objets accompagnent vos paroles" in said
    assert "/photos/" not in shown
    gone = visitor.send("/retrait/effacer", {"code": house.code}, page="/retrait")
    assert gone.status_code == 303
    assert house.left() == {house.going}
    assert house.id in erasure.read_ledger(house.runtime)


def test_the_register_says_that_photos_are_kept(house: House) -> None:
    register = house.client("dpo").get("/administration/registre").get_data(as_text=True)
    said = html.unescape(register)
    assert "Photos de lieux et d’objets, jamais de visages" in said
    assert re.search(r'Photos gardées</th><td class="number">3<', said)
