"""What becomes of a draft: languages, publication, workbooks; who may see any of it."""

from __future__ import annotations

import re
from io import BytesIO
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from editor_cases import begin, model, send
from pages import CheckedClient, client_for
from questionnaires import library
from rooms import furnish, rows, shown
from survey_app.models import (
    Campaign,
    Council,
    QuestionnaireDraft,
    QuestionnaireVersion,
)
from survey_app.runtime import Runtime
from survey_app.services import questionnaires

HOSTILE = "<script>alert(1)</script> \u202egauche " + "long" * 60


@pytest.fixture
def desk(app: Flask, runtime: Runtime) -> CheckedClient:
    furnish(runtime)
    return client_for(app, "coordinator")


def test_languages_are_translated_proofread_and_removed(desk, runtime):
    address = begin(desk, "Q03-micro-trottoir")
    page = shown(desk.get(f"{address}/langues"))
    assert "à faire relire" in page
    arabic = f"{address}/langues/ar"
    typed = {"texte-title": "عنوان", "proofread": "y"}
    assert send(desk, runtime, arabic, **typed).status_code == 303
    assert model(runtime).title["ar"] == "عنوان"
    assert model(runtime).unproofread == ()
    turkish = f"{address}/langues/tr"
    assert send(desk, runtime, turkish, **{"texte-title": "Sokak"}).status_code == 303
    assert model(runtime).languages == ("fr", "ar", "tr")
    publish = shown(desk.get(f"{address}/publier"))
    assert "Il manque la traduction en turc" in publish
    assert re.search(r"<button[^>]*disabled[^>]*>Publier", publish)
    send(desk, runtime, f"{turkish}/retirer", f"{address}/langues")
    assert model(runtime).languages == ("fr", "ar")
    assert desk.get(f"{address}/langues/fr").status_code == 404
    assert desk.get(f"{address}/langues/xx").status_code == 404


def test_publishing_lists_what_is_wrong_then_makes_a_version(desk, runtime):
    address = begin(desk)
    send(
        desk,
        runtime,
        f"{address}/geste",
        address,
        kind="question",
        name="phrase_relue",
        do="remove",
    )
    publish = f"{address}/publier"
    page = shown(desk.get(publish))
    assert "elle n’est pas notée à part" in page
    assert "est retirée" in page
    answer = send(desk, runtime, publish, number="1.2.0")
    assert answer.status_code == 422
    assert "Rien n’a été publié" in shown(answer)
    send(desk, runtime, f"{address}/annuler", address)
    send(desk, runtime, f"{address}/question/aime", label="Qu’aimez-vous ?", kind="text", go="save")
    assert 'value="1.1.1"' in shown(desk.get(publish))
    answer = send(desk, runtime, publish, number="1.0.0")
    assert answer.status_code == 422
    assert "1.1.0" in shown(answer)
    answer = send(desk, runtime, publish, number="1.1.1")
    assert answer.status_code == 303
    page = shown(desk.get(answer.location))
    assert "Elle ne changera plus" in page
    assert "/administration/campagnes/essai/questionnaires" in page
    assert rows(runtime, QuestionnaireDraft) == []
    compared = shown(desk.get(f"{answer.location}/comparer"))
    assert "le texte a changé" in compared
    assert "numéro de version" not in compared
    assert re.search(r">1.changement<", compared)
    assert desk.send(f"{answer.location}/retirer", {}, page=answer.location).status_code == 303
    assert "retirée" in shown(desk.get(answer.location))


def test_the_library_agreement_repairs_a_draft(desk, runtime):
    address = begin(desk)
    send(
        desk,
        runtime,
        f"{address}/geste",
        address,
        kind="question",
        name="phrase_relue",
        do="remove",
    )
    page = f"{address}/publier"
    assert "Remettre l’accord de la bibliothèque" in shown(desk.get(page))
    send(desk, runtime, f"{address}/accord", page)
    assert "Remettre l’accord" not in shown(desk.get(page))


def test_a_workbook_is_read_shown_then_kept(desk, runtime):

    book = desk.get("/questionnaires/bibliotheque/Q14-emploi-developpement-economique/xlsform").data
    token = desk.token("/questionnaires/importer")

    def upload(data: bytes, name: str) -> Any:
        sent = {"csrf_token": token, "workbook": (BytesIO(data), name)}
        return desk.post("/questionnaires/importer", data=sent)

    answer = upload(book, HOSTILE[:40] + ".xlsx")
    page = shown(answer)
    assert answer.status_code == 200
    assert "<script>alert" not in page
    assert rows(runtime, QuestionnaireDraft) == []
    sealed = re.search(r'name="sealed" value="([^"]+)"', page)
    assert sealed is not None
    kept = desk.post(
        "/questionnaires/importer/garder", data={"csrf_token": token, "sealed": sealed[1]}
    )
    assert kept.status_code == 303
    assert model(runtime).sections == library.load("Q14-emploi-developpement-economique").sections
    forged = desk.post(
        "/questionnaires/importer/garder", data={"csrf_token": token, "sealed": sealed[1] + "x"}
    )
    assert forged.status_code == 422
    refused = upload(b"not a workbook", "x.xlsx")
    assert refused.status_code == 422
    assert "Rien n’a été enregistré" in shown(refused)
    assert len(rows(runtime, QuestionnaireDraft)) == 1


def test_hostile_labels_are_only_words(desk, runtime):
    address = begin(desk)
    send(
        desk,
        runtime,
        f"{address}/question/evolution",
        label=HOSTILE,
        kind="select_one",
        hint=HOSTILE,
        go="stay",
        added=HOSTILE,
    )
    send(desk, runtime, f"{address}/partie/idees", label=HOSTILE[:190], repeat="")
    send(
        desk,
        runtime,
        f"{address}/condition/question/evolution_raison",
        join="and",
        go="save",
        **{"question-1": "evolution", "test-1": "answered"},
    )
    assert model(runtime).question("evolution").label["fr"].startswith("<script>")
    for path in (
        "",
        "/publier",
        "/langues/ar",
        "/question/evolution",
        "/condition/question/evolution_raison",
        "/apercu/accord",
    ):
        page = desk.get(address + path)
        assert page.status_code == 200
        assert "<script>alert" not in shown(page)
    assert desk.get(f"{address}/xlsform").data.startswith(b"PK")


@pytest.mark.parametrize("login", ["councillor", "evaluator", "admin", "reader", "dpo"])
def test_drafts_are_the_coordination_s(desk, app, runtime, login):
    address = begin(desk)
    person = client_for(app, login)
    for path in ("", "/publier", "/apercu/accord", "/langues", "/question/aime", "/xlsform"):
        assert person.get(address + path).status_code == 404
    assert person.get("/questionnaires/importer").status_code == 404
    assert person.get("/questionnaires/nouveau").status_code == 404


def test_another_council_s_drafts_and_versions_do_not_exist(desk, app, runtime):
    address = begin(desk)
    stranger = client_for(app, "coordinator-voisin")
    with runtime.database.reading() as session:
        own = session.scalars(select(Council.id).where(Council.name != "Conseil voisin")).one()
        row = session.scalars(
            select(QuestionnaireVersion).where(QuestionnaireVersion.council_id == own)
        ).first()
    assert row is not None
    for path in (
        address,
        f"{address}/publier",
        f"{address}/apercu/accord",
        f"{address}/question/aime",
        f"/questionnaires/versions/{row.id}",
        f"/questionnaires/versions/{row.id}/xlsform",
    ):
        assert stranger.get(path).status_code == 404
    token = stranger.token("/questionnaires/")
    for path in (f"{address}/geste", f"{address}/annuler", f"{address}/publier"):
        sent = {"csrf_token": token, "revision": "1", "number": "9.0.0"}
        assert stranger.post(path, data=sent).status_code == 404
    source = {"csrf_token": token, "source": f"conseil:{row.id}"}
    assert stranger.post("/questionnaires/commencer", data=source).status_code == 404
    assert len(rows(runtime, Campaign)) == 2


def test_a_draft_is_given_up_once_it_was_asked(desk, runtime):
    address = begin(desk)
    assert "ne s’annule pas" in shown(desk.get(f"{address}/supprimer"))
    assert send(desk, runtime, f"{address}/supprimer").status_code == 303
    assert rows(runtime, QuestionnaireDraft) == []


def test_a_blank_page_has_the_agreement(desk, runtime):
    answer = desk.send("/questionnaires/nouveau", {"title": "Le marché", "usage": "testimony"})
    assert answer.status_code == 303
    page = shown(desk.get(answer.location))
    assert "Cette partie protège les personnes" in page
    send(
        desk,
        runtime,
        f"{answer.location}/ajouter?partie=questions",
        label="Que trouvez-vous au marché ?",
        kind="text",
    )
    published = send(desk, runtime, f"{answer.location}/publier", number="1.0.0")
    assert published.status_code == 303
    refused = desk.send("/questionnaires/nouveau", {"title": " ", "usage": "record"})
    assert refused.status_code == 422


def test_a_workbook_with_too_many_questions_is_refused_before_it_is_checked(desk, monkeypatch):
    monkeypatch.setattr(questionnaires, "LARGEST", 20)
    book = desk.get("/questionnaires/bibliotheque/Q01-entretien-individuel/xlsform").data
    token = desk.token("/questionnaires/importer")
    sent = {"csrf_token": token, "workbook": (BytesIO(book), "long.xlsx")}
    answer = desk.post("/questionnaires/importer", data=sent)
    assert answer.status_code == 422
    assert "20 questions au plus" in shown(answer)
    assert 'name="sealed"' not in shown(answer)
