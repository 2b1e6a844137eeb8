"""A question of the review through its pages: asked beside the text, answered without it."""

from __future__ import annotations

import logging
import re
import uuid

import pytest
from flask import Flask
from markupsafe import escape
from sqlalchemy import select, update

import factories
import masking_cases
import pages
from rooms import shown
from survey_app.models import AuditEvent, ReviewQuestion, Testimony
from survey_app.runtime import Runtime
from survey_app.services import review, review_questions

SAID = "Karima vend des fruits sous le porche de la rue des Lilas."
HOSTILE = "<script>alert(1)</script> \u202eoù ? אבג <img src=x onerror=alert(2)> 😀 & fin"
Case = tuple[Runtime, Flask, uuid.UUID]


@pytest.fixture
def case(runtime: Runtime, app: Flask) -> Case:
    """A testimony that one councillor collected and the other reviews."""
    with runtime.database.writing() as session:
        council = factories.council(session)
        actors = factories.actors(session, council)
        campaign = factories.campaign(session, council)
        held = factories.meeting(session, campaign, actors["councillor"])
        row = factories.testimony(session, held, text=SAID, collector=actors["councillor"])
        row.questionnaire_version_id = campaign.questionnaires[0].id
        review.take(session, actors["councillor2"], row)
        factories.actors(session, factories.council(session, "Conseil voisin"), "-b")
    return runtime, app, row.id


def desk(key: uuid.UUID, *more: str) -> str:
    return "/".join(("/relecture/temoignage", str(key), *more))


def asked(case: Case, words: str = HOSTILE, about: str = "") -> str:
    """Asked by the reviewer through the page; the address where it is answered."""
    runtime, app, key = case
    sent = pages.client_for(app, "councillor2").send(
        desk(key, "question"), {"words": words, "about": about}
    )
    assert sent.status_code == 303, shown(sent)
    with runtime.database.reading() as session:
        return f"/collecte/question/{session.scalars(select(ReviewQuestion.id)).one()}"


def test_from_the_review_page_to_the_collector_and_back(case: Case) -> None:
    _, app, key = case
    reviewer, collector = (pages.client_for(app, name) for name in ("councillor2", "councillor"))
    assert f'href="{desk(key, "question")}"' in shown(reviewer.get(desk(key)))
    form = shown(reviewer.get(desk(key, "question")))
    assert SAID in form
    names = re.findall(r'<option value="(\w+)">', form[form.index("<optgroup") :])
    where = asked(case, about=names[2])
    assert "en attente d’une réponse" in shown(reviewer.get("/relecture/essai"))
    assert "en attente d’une réponse" in shown(reviewer.get(desk(key)))

    home = shown(collector.get("/collecte/"))
    assert "La relecture vous demande…" in home
    assert where in home
    answered = collector.send(where, {"words": HOSTILE, "go": "answer"})
    assert answered.headers["Location"] == "/collecte/"
    assert "La relecture vous demande" not in shown(collector.get("/collecte/"))
    assert "déjà partie" in shown(collector.get(where))
    for page in (desk(key), desk(key, "corriger")):
        assert shown(reviewer.get(page)).count(str(escape(HOSTILE))) == 2, "asked and answered"
    assert "réponse arrivée" in shown(reviewer.get("/relecture/essai"))


def test_who_collected_reads_no_word_of_the_testimony(case: Case) -> None:
    _, app, _ = case
    where = asked(case)
    collector = pages.client_for(app, "councillor")
    for path in ("/collecte/", where):
        html = shown(collector.get(path))
        assert "témoignage n° 1" in re.sub(r"\s", " ", html)
        assert "2 avril 2026" in re.sub(r"\s", " ", html)
        assert not any(word in html for word in ("Karima", "fruits", "Lilas"))


def test_hostile_words_are_shown_as_words(case: Case) -> None:
    _, app, _ = case
    where = asked(case)
    for path in ("/collecte/", where):
        html = shown(pages.client_for(app, "councillor").get(path))
        assert str(escape(HOSTILE)) in html
        assert "<img src=x" not in html
        assert '<p class="testimony card" dir="auto">' in html


def test_i_do_not_know_any_more(case: Case) -> None:
    runtime, app, key = case
    where = asked(case)
    collector = pages.client_for(app, "councillor")
    both = collector.send(where, {"words": "peut-être là", "go": "unknown"})
    assert both.status_code == 422
    assert "peut-être là" in shown(both)
    assert collector.send(where, {"words": "", "go": "answer"}).status_code == 422
    assert collector.send(where, {"words": "", "go": "unknown"}).status_code == 303
    page = re.sub(r"\s", " ", shown(pages.client_for(app, "councillor2").get(desk(key))))
    assert "« Je ne sais plus »" in page
    with runtime.database.reading() as session:
        assert session.scalars(select(ReviewQuestion.answer)).one() == ""


def test_a_refused_question_or_answer_keeps_what_was_typed(case: Case) -> None:
    runtime, app, key = case
    reviewer = pages.client_for(app, "councillor2")
    long = "mes mots " * 200
    for data in ({"words": long, "about": ""}, {"words": "mes mots à moi", "about": "autre"}):
        sent = reviewer.send(desk(key, "question"), data)
        assert sent.status_code == 422
        assert data["words"].strip() in shown(sent)
    with runtime.database.reading() as session:
        assert session.scalars(select(ReviewQuestion)).all() == []


def test_an_answer_that_comes_too_late_is_given_back(case: Case) -> None:
    runtime, app, key = case
    where = asked(case)
    collector = pages.client_for(app, "councillor")
    token = {"csrf_token": collector.token(where), "go": "answer", "words": "mes mots à moi"}
    with runtime.database.writing() as session:
        session.execute(update(Testimony).where(Testimony.id == key).values(state="masked"))
        review_questions.forget(session, session.get_one(Testimony, key))
    late = collector.post(where, data=token)
    assert late.status_code == 404
    assert "mes mots à moi" in shown(late)
    assert "Votre réponse" in shown(late)


def test_the_others_are_refused(case: Case) -> None:
    _, app, key = case
    where = asked(case)
    for login in ("councillor2", "coordinator", "evaluator", "reader", "admin", "dpo"):
        assert pages.client_for(app, login).get(where).status_code == 404, login
    for login in ("councillor-b", "coordinator-b", "evaluator", "reader", "admin", "dpo"):
        visitor = pages.client_for(app, login)
        assert visitor.get(where).status_code == 404, login
        assert visitor.get(desk(key, "question")).status_code == 404, login
    for login in ("councillor", "coordinator"):
        visitor = pages.client_for(app, login)
        assert visitor.get(desk(key, "question")).status_code == 403, login
        token = {"csrf_token": visitor.token("/collecte/"), "words": "Et là ?", "about": ""}
        assert visitor.post(desk(key, "question"), data=token).status_code == 403, login
    assert "Poser une question" not in shown(pages.client_for(app, "coordinator").get(desk(key)))


def test_it_goes_on_beside_the_masking_and_ends_with_it(case: Case) -> None:
    runtime, app, key = case
    where = asked(case)
    reviewer, collector = (pages.client_for(app, name) for name in ("councillor2", "councillor"))
    yes = dict.fromkeys(review.CHECKLIST, "oui")
    assert reviewer.send(desk(key), yes | {"decision": "accept"}).status_code == 303
    assert "en attente d’une réponse" in shown(reviewer.get("/relecture/essai?file=a-masquer"))
    collector.send(where, {"words": "Sous le porche.", "go": "answer"})
    page = shown(reviewer.get(desk(key, "masquage")))
    assert "Sous le porche." in page
    assert desk(key, "question") in page
    done = masking_cases.confirm(reviewer, key)
    assert done.status_code == 303
    assert collector.get(where).status_code == 404
    with runtime.database.reading() as session:
        assert session.scalars(select(ReviewQuestion)).all() == []


def test_the_batch_says_that_an_answer_is_there_to_be_read(case: Case) -> None:
    runtime, app, key = case
    where = asked(case)
    with runtime.database.writing() as session:
        row = session.get_one(Testimony, key)
        row.state, row.meeting.method = "reviewed", "micro_trottoir"
        row.texts[0].text = "Le banc est cassé depuis lundi."
    pages.client_for(app, "councillor").send(where, {"words": "Là.", "go": "answer"})
    batch = shown(pages.client_for(app, "councillor2").get("/relecture/essai/rien-a-masquer"))
    assert "Le banc est cassé" in batch
    assert "réponse arrivée" in batch


def test_no_word_of_it_is_in_the_logs_nor_in_the_journal(
    case: Case, caplog: pytest.LogCaptureFixture
) -> None:
    runtime, app, _ = case
    caplog.set_level(logging.DEBUG)
    where = asked(case, "marqueurdelaquestion")
    collector = pages.client_for(app, "councillor")
    collector.send(where, {"words": "marqueurdelareponse", "go": "answer"})
    assert collector.send(where, {"words": "x"}, page="/collecte/").status_code == 409
    with runtime.database.reading() as session:
        told = [
            (line.action, line.before, line.after, line.details)
            for line in session.scalars(select(AuditEvent))
        ]
    assert {"ask_collector", "answer_reviewer"} <= {line[0] for line in told}
    assert "marqueur" not in caplog.text + repr(told)
