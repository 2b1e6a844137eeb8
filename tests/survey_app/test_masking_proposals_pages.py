"""The masking page with its proposals: one tap each, without any script."""

from __future__ import annotations

import re
import uuid

import pytest
from flask import Flask
from sqlalchemy import select

import factories
import masking_cases
import pages
from survey_app.models import Job, Redaction, Testimony
from survey_app.runtime import Runtime
from survey_app.services import jobs, review
from survey_app.services.works import WORKS

TEXT = "Karima et Fatou montent. Karima attend, <b>Rose</b> aussi, au 06 39 98 12 34."
YES = dict.fromkeys(review.CHECKLIST, True)


@pytest.fixture
def key(runtime: Runtime) -> uuid.UUID:
    """A micro-trottoir testimony that ``councillor2`` reviewed."""
    with runtime.database.writing() as session:
        council = factories.council(session)
        actors = factories.actors(session, council)
        campaign = factories.campaign(session, council)
        held = factories.meeting(session, campaign, method="micro_trottoir")
        row = factories.testimony(session, held, text=TEXT, collector=actors["councillor"])
        review.take(session, actors["councillor2"], row)
        review.decide(session, actors["councillor2"], row, "accept", YES)
        factories.actors(session, factories.council(session, "Voisin"), "-b")
        return row.id


def url(key: uuid.UUID, *more: str) -> str:
    return "/".join(("/relecture/temoignage", str(key), *more))


def states(runtime: Runtime) -> dict[str, list[str]]:
    with runtime.database.reading() as session:
        found: dict[str, list[str]] = {}
        for row in session.scalars(select(Redaction).order_by(Redaction.start)):
            found.setdefault(row.state, []).append(TEXT[row.start : row.end])
        return found


def read(runtime: Runtime) -> None:
    """What the worker does of the search for names that a page asked for."""
    with runtime.database.reading() as session:
        waiting = session.scalars(select(Job.id).where(Job.state == "queued")).all()
    for job in waiting:
        assert jobs.run(runtime, job, WORKS).state == "done"


def answer_to(html: str, words: str, answer: str, **more: str) -> dict[str, str]:
    """What the button « Masquer » or « Laisser » of these words sends."""
    lines = re.findall(r'<li [^>]*id="p-([^"]+)"><p>.*?<strong[^>]*>([^<]*)<', html)
    found = [key for key, said in lines if said == words]
    assert len(found) == 1, lines
    return {"marque": found[0], "reponse": answer, **more}


def masked_side(html: str) -> str:
    """The text on the masked side, without its tags."""
    return re.sub(r"<[^>]+>", "", html.split('id="masque"')[1].split("</section>")[0])


def test_one_tap_accepts_one_refuses_and_a_category_goes_at_once(
    runtime: Runtime, app: Flask, key: uuid.UUID
) -> None:
    reader, page = pages.client_for(app, "councillor2"), url(key, "masquage")
    html = reader.get(page).text
    assert "ce mot est un prénom" in html
    assert "(2\u00a0passages)" in html
    assert states(runtime) == {"proposed": ["Karima", "Fatou", "Karima", "Rose", "06 39 98 12 34"]}
    sent = answer_to(html, "Karima", "masquer", categorie="PRÉNOM")
    answer = reader.send(url(key, "propositions"), sent, page=page)
    assert answer.headers["Location"] == f"{page}#propositions"
    reader.send(url(key, "propositions"), answer_to(html, "Rose", "laisser"), page=page)
    assert states(runtime)["accepted"] == ["Karima", "Karima"]
    reader.send(url(key, "propositions"), {"tout_masquer": "PRÉNOM"}, page=page)
    assert states(runtime)["accepted"] == ["Karima", "Fatou", "Karima"]
    last = reader.send(url(key, "propositions"), {"tout_masquer": "TÉLÉPHONE"}, page=page)
    assert last.headers["Location"] == f"{page}#confirmer"
    assert states(runtime)["refused"] == ["Rose"]
    done = masking_cases.confirm(reader, key)
    assert done.status_code == 303
    with runtime.database.reading() as session:
        masked = session.get_one(Testimony, key).text("masked")
        assert masked is not None
        assert masked.text == (
            "[PRÉNOM 1] et [PRÉNOM 2] montent. [PRÉNOM 1] attend, <b>Rose</b> aussi,"
            " au [TÉLÉPHONE 1]."
        )


def test_confirming_with_open_proposals_asks_again_and_then_does_as_told(
    runtime: Runtime, app: Flask, key: uuid.UUID
) -> None:
    reader = pages.client_for(app, "councillor2")
    reader.get(url(key, "masquage"))
    read(runtime)
    asked = masking_cases.first_tap(reader, key)
    assert asked.status_code == 200
    assert "Confirmer en laissant ces mots" in asked.text
    assert "Fatou" in asked.text
    assert "accepted" not in states(runtime)
    assert masking_cases.second_tap(reader, key, asked).status_code == 303
    assert set(states(runtime)) == {"refused"}
    with runtime.database.reading() as session:
        masked = session.get_one(Testimony, key).text("masked")
        assert masked is not None
        assert masked.text == TEXT
        assert {job.kind for job in session.scalars(select(Job))} == {"names", "words"}


def test_opening_the_page_again_adds_no_proposal_and_no_second_job(
    runtime: Runtime, app: Flask, key: uuid.UUID
) -> None:
    reader, page = pages.client_for(app, "councillor2"), url(key, "masquage")
    assert "La recherche des noms continue" in reader.get(page).text
    before = states(runtime)
    reader.get(page)
    assert states(runtime) == before
    with runtime.database.reading() as session:
        assert len(session.scalars(select(Job)).all()) == 1


def test_the_batch_says_what_it_leaves_out(app: Flask, key: uuid.UUID) -> None:
    reader = pages.client_for(app, "councillor2")
    html = reader.get("/relecture/essai/rien-a-masquer").text
    assert "micro-trottoir n’est pas ici" in html
    assert str(key) not in html.split("Aucun micro-trottoir")[0]


def test_a_proposal_answered_meanwhile_is_told_and_others_may_not_answer(
    runtime: Runtime, app: Flask, key: uuid.UUID
) -> None:
    reader, page = pages.client_for(app, "councillor2"), url(key, "masquage")
    sent = answer_to(reader.get(page).text, "Fatou", "masquer")
    assert reader.send(url(key, "propositions"), sent, page=page).status_code == 303
    assert reader.send(url(key, "propositions"), sent, page=page).status_code == 409
    assert reader.send(url(key, "propositions"), {}, page=page).status_code == 404
    assert (
        reader.send(url(key, "propositions"), {"tout_masquer": "X"}, page=page).status_code == 409
    )
    refused = sent | {"reponse": "peut-être"}
    assert reader.send(url(key, "propositions"), refused, page=page).status_code == 422
    collector = pages.client_for(app, "councillor")
    home = "/relecture/essai"
    assert collector.send(url(key, "propositions"), sent, page=home).status_code == 403
    stranger = pages.client_for(app, "coordinator-b")
    assert stranger.send(url(key, "propositions"), sent, page="/compte/").status_code == 404


def test_a_category_is_changed_before_and_after_masking_and_each_gesture_is_undone(
    runtime: Runtime, app: Flask, key: uuid.UUID
) -> None:
    reader, page = pages.client_for(app, "councillor2"), url(key, "masquage")
    undo, answers = url(key, "masquage", "annuler"), url(key, "propositions")
    html = reader.get(page).text
    reader.send(answers, answer_to(html, "Karima", "masquer", categorie="NOM"), page=page)
    html = reader.get(page).text
    assert "[NOM 1] et Fatou montent. [NOM 1] attend" in masked_side(html)
    said = re.sub(r"\s+", " ", html)
    assert "Annuler : masquer « Karima » et 1 autre passage" in said
    reader.send(answers, answer_to(html, "Karima", "changer", categorie="RÔLE"), page=page)
    assert "[RÔLE 1] et Fatou" in masked_side(reader.get(page).text)
    wrong = answer_to(reader.get(page).text, "Karima", "changer", categorie="RELIGION")
    assert reader.send(answers, wrong, page=page).status_code == 422
    reader.send(undo, {"annuler": "oui"}, page=page)
    assert "[NOM 1] et Fatou" in masked_side(reader.get(page).text)
    reader.send(undo, {"annuler": "oui"}, page=page)
    assert "Karima et Fatou" in masked_side(reader.get(page).text)
    assert states(runtime) == {"proposed": ["Karima", "Fatou", "Karima", "Rose", "06 39 98 12 34"]}
    assert reader.send(undo, {"annuler": "oui"}, page=page).status_code == 409
    reader.send(undo, {"retablir": "oui"}, page=page)
    reader.send(undo, {"retablir": "oui"}, page=page)
    assert "[RÔLE 1] et Fatou" in masked_side(reader.get(page).text)
    reader.send(answers, answer_to(reader.get(page).text, "Karima", "demasquer"), page=page)
    assert "Karima et Fatou" in masked_side(reader.get(page).text)
    shown = masking_cases.carried(reader.get(page).text, url(key, "masquage", "confirmer"))
    reader.post(answers, data=shown | {"tout_laisser": "oui"})
    assert set(states(runtime)) == {"refused"}
    html = reader.get(page).text
    assert html.count(">Rien à masquer</button>") == 2
    reader.send(undo, {"annuler": "oui"}, page=page)
    assert states(runtime)["proposed"] == ["Fatou", "Rose", "06 39 98 12 34"]


def test_the_page_says_which_answers_single_somebody_out_and_blocks_nothing(
    runtime: Runtime, app: Flask, key: uuid.UUID
) -> None:
    with runtime.database.writing() as session:
        row = session.get_one(Testimony, key)
        version = row.meeting.campaign.questionnaires[1].id
        row.questionnaire_version_id = version
        row.profile = {"genre": "femme", "situation": "<b>retraite</b>"}
        for _ in range(5):
            factories.testimony(session, row.meeting, profile={"genre": "femme"})
    reader, page = pages.client_for(app, "councillor2"), url(key, "masquage")
    said = re.sub(r"\s+", " ", reader.get(page).text)
    assert "Un seul témoignage de la campagne réunit : quartier Centre Ville ; «" in said
    assert "<strong>&lt;b&gt;retraite&lt;/b&gt;</strong>." in said
    assert "citez ces mots sans le profil" in said
    assert masking_cases.confirm(reader, key).status_code == 303
