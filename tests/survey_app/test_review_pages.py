"""The desk through its pages: a councillor reviews and masks in one flow, without JavaScript."""

from __future__ import annotations

import re
import uuid
from typing import Any

import pytest
from flask import Flask
from markupsafe import escape
from sqlalchemy import func, select

import factories
import masking_cases
import pages
from survey_app.models import Account, AuditEvent, SafeguardingAlert, Testimony
from survey_app.runtime import Runtime

HOSTILE = "<script>alert(1)</script> Karima \u202eabc אבג <img src=x onerror=alert(2)> 😀 & fin."
CHECK = dict.fromkeys(("consent", "own_words", "no_identity", "no_danger", "clear"), "oui")


class House:
    """Committed rows that the pages see: their ids, and a way to look at them again."""

    def __init__(self, runtime: Runtime, app: Flask) -> None:
        self.runtime, self.app = runtime, app
        with runtime.database.writing() as session:
            council = factories.council(session)
            actors = factories.actors(session, council)
            campaign = factories.campaign(session, council)
            held = factories.meeting(session, campaign, method="micro_trottoir")
            collector = actors["councillor"]
            self.ids = [
                factories.testimony(session, held, text=HOSTILE, collector=collector).id
                for _ in range(3)
            ]
            other = factories.council(session, "Conseil voisin")
            factories.actors(session, other, "-b")

    def client(self, login: str) -> pages.CheckedClient:
        return pages.client_for(self.app, login)

    def look(self, key: uuid.UUID) -> Testimony:
        with self.runtime.database.reading() as session:
            row = session.get(Testimony, key)
            assert row is not None
            row.texts[:]
            return row

    def lines(self, action: str) -> int:
        with self.runtime.database.reading() as session:
            query = select(func.count()).select_from(AuditEvent)
            return session.scalar(query.where(AuditEvent.action == action)) or 0


@pytest.fixture
def house(runtime: Runtime, app: Flask) -> House:
    return House(runtime, app)


def url(key: uuid.UUID, *more: str) -> str:
    return "/".join(("/relecture/temoignage", str(key), *more))


def taken(house: House, login: str = "councillor2") -> pages.CheckedClient:
    """Somebody who has taken the first testimony."""
    reader = house.client(login)
    response = reader.send("/relecture/essai/suivant", {}, page="/relecture/essai")
    assert response.status_code == 303
    assert response.headers["Location"] == url(house.ids[0])
    return reader


def reviewed(house: House) -> pages.CheckedClient:
    reader = taken(house)
    sent = reader.send(url(house.ids[0]), CHECK | {"decision": "accept"})
    assert sent.headers["Location"] == url(house.ids[0], "masquage")
    return reader


def test_review_then_mask_in_one_flow_without_javascript(house: House) -> None:
    reader = reviewed(house)
    page = url(house.ids[0], "masquage")
    sent = reader.send(page, {"words": "karima", "everywhere": "y", "category": "PRÉNOM"})
    assert sent.status_code == 303
    html = reader.get(page).get_data(as_text=True)
    assert "[PRÉNOM 1]" in html
    assert "Démasquer Karima" in html
    done = masking_cases.confirm(reader, house.ids[0])
    assert done.status_code == 303
    row = house.look(house.ids[0])
    masked = row.text("masked")
    assert row.state == "masked"
    assert masked is not None
    assert masked.text == HOSTILE.replace("Karima", "[PRÉNOM 1]")
    assert reader.get(url(house.ids[0])).status_code == 403


def test_hostile_words_are_shown_as_words(house: House) -> None:
    reader = taken(house)
    for page in (url(house.ids[0]), url(house.ids[0], "corriger")):
        html = reader.get(page).get_data(as_text=True)
        assert str(escape(HOSTILE)) in html
        assert "<img src=x" not in html
        assert 'dir="auto"' in html


def test_each_opening_of_the_raw_text_is_journalled_even_after_a_refusal(house: House) -> None:
    reader = taken(house)
    reader.get(url(house.ids[0]))
    reader.get(url(house.ids[0]))
    assert house.lines("read_raw") == 2
    sent = reader.send(url(house.ids[0]), {"decision": "accept", "detail": "mon idée"})
    assert sent.status_code == 422
    assert "mon idée" in sent.get_data(as_text=True)
    assert house.lines("read_raw") == 4
    assert house.look(house.ids[0]).state == "to_review"


def test_the_collector_and_other_roles_are_refused(house: House) -> None:
    collector = house.client("councillor")
    listed = collector.get("/relecture/essai").get_data(as_text=True)
    assert "Rien à relire pour vous" in listed
    token = {"csrf_token": collector.token("/relecture/essai")}
    assert collector.post(url(house.ids[0], "prendre"), data=token).status_code == 403
    assert collector.get(url(house.ids[0])).status_code == 403
    for login in ("evaluator", "reader", "admin", "dpo", "coordinator-b", "councillor-b"):
        visitor = house.client(login)
        assert visitor.get(url(house.ids[0])).status_code == 404, login
        assert visitor.get("/relecture/essai").status_code == 404, login
    assert house.lines("read_raw") == 0


@pytest.mark.parametrize("queue", ["a-relire", "a-masquer", "a-coder", "pret"])
def test_each_queue_has_its_page(house: House, queue: str) -> None:
    desk = house.client("coordinator")
    response = desk.get(f"/relecture/essai?file={queue}&quartier=QP034020&du=2020-01-01&methode=x")
    assert response.status_code == 200
    assert 'aria-current="page"' in response.get_data(as_text=True)


def test_an_unknown_queue_or_campaign_is_not_found(house: House) -> None:
    desk = house.client("coordinator")
    assert desk.get("/relecture/essai?file=secret").status_code == 404
    assert desk.get("/relecture/ailleurs").status_code == 404
    assert desk.get("/relecture/", follow_redirects=True).request.path == "/relecture/essai"


def test_a_correction_keeps_what_was_typed_when_the_text_changed(house: House) -> None:
    reader = taken(house)
    page = url(house.ids[0], "corriger")
    stale = {"version": str(uuid.uuid4()), "answers-0": "mes mots\nà moi"}
    refused = reader.send(page, stale)
    assert refused.status_code == 409
    assert "mes mots\nà moi" in refused.get_data(as_text=True)
    version = re.search(
        r'name="version"[^>]*value="([^"]+)"', reader.get(page).get_data(as_text=True)
    )
    assert version
    sent = reader.send(page, {"version": version[1], "answers-0": "Texte réparé."})
    assert sent.status_code == 303
    corrected = house.look(house.ids[0]).text("corrected")
    assert corrected is not None
    assert corrected.text == "Texte réparé."


def test_selected_words_are_masked_by_their_offsets(house: House) -> None:
    reader = reviewed(house)
    page = url(house.ids[0], "masquage")
    at = HOSTILE.index("אבג")
    version = str(house.look(house.ids[0]).texts[0].id)
    sent: dict[str, Any] = {
        "words": "אבג", "start": at, "end": at + 3, "version": version, "category": "AUTRE",
    }  # fmt: skip
    assert reader.send(page, sent | {"version": "autre"}).status_code == 409
    assert reader.send(page, sent).status_code == 303
    assert "[AUTRE 1]" in reader.get(page).get_data(as_text=True)


def test_wrong_words_stay_in_the_box(house: House) -> None:
    reader = reviewed(house)
    page = url(house.ids[0], "masquage")
    for data, status in (
        ({"words": "Fatou", "category": "PRÉNOM"}, 422),
        ({"words": "Karima", "category": "RELIGION"}, 422),
        ({"words": " ", "category": "PRÉNOM"}, 422),
    ):
        sent = reader.send(page, data)
        assert sent.status_code == status
        assert data["words"].strip() in sent.get_data(as_text=True)


def test_words_are_shown_again(house: House) -> None:
    reader = reviewed(house)
    page = url(house.ids[0], "masquage")
    reader.send(page, {"words": "karima", "everywhere": "y", "category": "PRÉNOM"})
    found = re.search(r'name="redaction" value="([^"]+)"', reader.get(page).get_data(as_text=True))
    assert found
    gone = {"redaction": found[1], "alike": "oui"}
    assert reader.send(url(house.ids[0], "demasquer"), gone, page=page).status_code == 303
    assert "[PRÉNOM 1]" not in reader.get(page).get_data(as_text=True)


def test_the_batch_of_micro_trottoirs(house: House) -> None:
    reader = reviewed(house)
    page = "/relecture/essai/rien-a-masquer"
    empty = reader.send(page, {})
    assert empty.status_code == 303
    assert "Aucun témoignage" in reader.get(page).get_data(as_text=True)
    reader.send(page, {"temoignage": str(house.ids[0])})
    assert house.look(house.ids[0]).state == "reviewed", "a first name waits for an answer"
    mask = url(house.ids[0], "masquage")
    while found := re.search(r'name="marque" value="([^"]+)"', reader.get(mask).text):
        left = {"marque": found[1], "reponse": "laisser"}
        reader.send(url(house.ids[0], "propositions"), left, page=mask)
    shown = masking_cases.carried(reader.get(page).text, None, temoignage=str(house.ids[0]))
    reader.post(page, data=shown | {"recherche": "oui"})
    assert house.look(house.ids[0]).state == "masked"
    assert reader.send(page, {"temoignage": str(house.ids[1])}, page="/relecture/essai").status_code
    assert house.look(house.ids[1]).state == "deposited"


def test_orienting_leaves_an_alert_for_the_coordinator_only(house: House) -> None:
    reader = taken(house)
    sent = reader.send(
        url(house.ids[0]), {"decision": "orient", "nature": "child", "instruction": "119"}
    )
    assert sent.status_code == 303
    assert house.look(house.ids[0]).state == "set_aside"
    assert reader.get("/relecture/essai/orienter").status_code == 404
    desk = house.client("coordinator")
    page = "/relecture/essai/orienter"
    html = desk.get(page).get_data(as_text=True)
    assert "Enfant ou jeune en danger" in html
    assert str(house.ids[0]) not in html
    assert "1 situation" in re.sub(r"\s", " ", desk.get("/relecture/essai").get_data(as_text=True))
    with house.runtime.database.reading() as session:
        alert = session.scalars(select(SafeguardingAlert)).one()
    for gesture, state in (("transmettre", "forwarded"), ("clore", "closed")):
        moved = desk.send(f"/relecture/orienter/{alert.id}/{gesture}", {}, page=page)
        assert moved.status_code == 303
        with house.runtime.database.reading() as session:
            assert session.scalars(select(SafeguardingAlert.state)).one() == state
        desk.get(page)


def test_the_coordinator_sets_aside_and_brings_back(house: House) -> None:
    desk = house.client("coordinator")
    page = url(house.ids[1], "ecarter")
    assert desk.send(page, {"reason": ""}).status_code == 422
    refused = desk.send(page, {"reason": "Karima a crié", "detail": "mes mots à moi"})
    assert refused.status_code == 422
    assert "mes mots à moi" in refused.get_data(as_text=True)
    told = {"reason": "doublon", "detail": "la feuille de lundi"}
    assert desk.send(page, told).status_code == 303
    listed = desk.get("/relecture/essai/ecartes").get_data(as_text=True)
    assert "doublon" in listed
    assert "la feuille de lundi" in listed
    back = desk.send(url(house.ids[1], "reprendre"), {}, page="/relecture/essai/ecartes")
    assert back.status_code == 303
    assert house.look(house.ids[1]).state == "to_review"
    assert house.client("councillor2").get(page).status_code == 404


def test_reopening_a_masked_text(house: House) -> None:
    reader = reviewed(house)
    page = url(house.ids[0], "masquage")
    masking_cases.confirm(reader, house.ids[0])
    desk = house.client("coordinator")
    bench = f"/codage/temoignage/{house.ids[0]}"
    assert desk.get(page).headers["Location"] == bench
    assert desk.send(url(house.ids[0], "rouvrir"), {}, page=bench).status_code == 303
    assert house.look(house.ids[0]).state == "reviewed"
    assert desk.get(page).status_code == 200


def test_the_coordinator_neither_corrects_nor_masks_what_they_collected(house: House) -> None:
    with house.runtime.database.writing() as session:
        row = session.get_one(Testimony, house.ids[0])
        account = select(Account.id).where(Account.login == "coordinator")
        row.collector_id = session.scalars(account).one()
    desk = house.client("coordinator")
    assert desk.get(url(house.ids[0], "corriger")).status_code == 403
    reviewed(house)
    token = {"csrf_token": desk.token("/relecture/essai")}
    for path, data in (
        (url(house.ids[0], "corriger"), {"answers-0": "Mes mots."}),
        (url(house.ids[0], "masquage"), {"words": "Karima", "category": "PRÉNOM"}),
        (url(house.ids[0], "masquage", "confirmer"), {}),
    ):
        assert desk.post(path, data=token | data).status_code == 403, path
    batch = "/relecture/essai/rien-a-masquer"
    desk.post(batch, data=token | {"temoignage": str(house.ids[0])})
    html = desk.get(url(house.ids[0], "masquage")).get_data(as_text=True)
    assert "une autre personne doit le masquer" in html
    assert "Rien à masquer</button>" not in html
    row = house.look(house.ids[0])
    assert (row.state, [text.kind for text in row.texts]) == ("reviewed", ["raw"])
