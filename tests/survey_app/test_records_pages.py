"""The pages of « Nos fiches »: filled, read, finished, given, read together, and to whom."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

import factories
from pages import client_for
from records_cases import (
    ESCAPED,
    HOSTILE,
    Q07,
    Q08,
    Q09,
    Q10,
    begin,
    hidden,
    minutes,
    people,
    post,
    save,
    step,
    text,
)
from survey_app.models import Record
from survey_app.permissions import Actor
from survey_app.runtime import Runtime
from survey_app.services import records_filling, records_offered


@pytest.fixture
def actors_here(runtime: Runtime) -> dict[str, Actor]:
    return people(runtime)


def sheet(runtime: Runtime) -> Record:
    with runtime.database.reading() as session:
        return session.scalars(select(Record)).one()


def made(runtime: Runtime, actors: dict[str, Actor], **fields: Any) -> Record:
    with runtime.database.writing() as session:
        return minutes(session, actors["councillor"], **fields)


def test_an_empty_room_says_what_to_do(app: Flask, actors_here: dict[str, Actor]) -> None:
    page = text(client_for(app, "councillor").get("/fiches/"))
    assert "Aucune fiche pour l’instant" in page
    assert page.count('name="sheet"') == 5
    page = text(client_for(app, "reader").get("/fiches/"))
    assert "Aucune fiche ne vous est ouverte" in page
    assert page.count('name="sheet"') == 1
    assert "Nos fiches</a>" in page
    assert client_for(app, "admin").get("/fiches/").status_code == 404


def test_a_paper_of_the_council_has_no_silence_but_a_survey_has(
    app: Flask, actors_here: dict[str, Actor], runtime: Runtime
) -> None:
    me = client_for(app, "councillor")
    path = begin(me, Q07)
    assert "Je ne veux pas répondre" not in text(me.get(path))
    post(me, path, date_debat="2026-11-03", sujet__nr="ne_sait_pas", go="pause")
    kept = text(me.get(path))  # what was chosen once stays to be seen, and taken back
    assert kept.count("Je ne veux pas répondre") == 1
    assert 'name="sujet__nr"' in kept
    survey = begin(me, Q09)
    assert "Je ne veux pas répondre" in text(me.get(survey))


def test_minutes_are_written_page_by_page_and_read(
    app: Flask, actors_here: dict[str, Actor], runtime: Runtime
) -> None:
    me = client_for(app, "councillor")
    path = begin(me, Q07)
    assert path.endswith("/etape/seance")
    first = {"date_debat": "2026-11-03", "heure_debut": "18:00", "heure_fin": "20:15"}
    answer = post(me, path, **first, sujet=HOSTILE, presents_habitants="12", go="continue")
    assert answer.location.endswith("/etape/idees_echangees")
    assert "Rien n’est encore noté" in text(me.get(answer.location))
    answer = post(
        me, answer.location + "/1", idee="Un jardin", avis_groupe="partage", go="continue"
    )
    assert "q-deux_avis-question" in answer.location  # what opened is shown before going on
    answer = post(
        me, step(path, "idees_echangees/1"), idee="Un jardin", avis_groupe="partage",
        deux_avis="Pour, ou contre.", go="again",
    )  # fmt: skip
    assert answer.location.endswith("/idees_echangees/2")
    answer = post(me, step(path, "idees_echangees"), go="continue")
    assert answer.location.endswith("/etape/decisions")
    post(me, step(path, "taches/1"), tache="Écrire", role="secrétaire", echeance="2026-12-01")
    assert post(me, step(path, "fin"), lecture="quartier").location.endswith("/terminer")
    review = path.replace("/etape/seance", "/terminer")
    assert ESCAPED in text(me.get(review))
    answer = post(me, review)
    assert answer.status_code == 303
    page = text(me.get(answer.location))
    for words in ("3 novembre 2026", "de 18", "12 personnes du quartier", "secrétaire", "terminée"):
        assert words in page
    assert ESCAPED in page
    assert "<script>alert" not in page
    assert "alert(" in text(client_for(app, "reader").get("/fiches/"))


def test_what_is_wrong_comes_back_with_what_was_typed(
    app: Flask, actors_here: dict[str, Actor], runtime: Runtime
) -> None:
    me = client_for(app, "councillor")
    path = begin(me, Q07)
    answer = post(me, path, presents_habitants="-2", sujet="Le banc", go="continue")
    assert answer.status_code == 422
    assert 'value="-2"' in text(answer)
    assert "Le banc" in text(answer)
    assert sheet(runtime).answers["sujet"] == "Le banc"
    late = hidden(me, path)
    post(me, path, sujet="Le banc vert", go="pause")
    answer = me.post(path, data=late | {"sujet": "Le banc bleu", "go": "continue"})
    assert answer.status_code == 409
    assert "Le banc bleu" in text(answer)
    assert "Le banc vert" in text(answer)
    assert sheet(runtime).answers["sujet"] == "Le banc vert"
    review = path.replace("/etape/seance", "/terminer")
    post(me, path, sujet="x", presents_habitants="-2")
    answer = post(me, review)
    assert answer.status_code == 422
    assert "Il reste" in text(answer)


def test_an_entry_is_removed_after_being_shown(
    app: Flask, actors_here: dict[str, Actor], runtime: Runtime
) -> None:
    me = client_for(app, "councillor")
    path = step(begin(me, Q07), "taches")
    post(me, path + "/1", tache="Écrire au maire", go="continue")
    assert "Écrire au maire" in text(me.get(path + "/1/retirer"))
    assert post(me, path + "/1/retirer").location.endswith("/taches")
    assert sheet(runtime).answers["taches"] == []
    assert me.get(path + "/1/retirer").status_code == 404
    assert me.get(path + "/7").status_code == 404


def test_a_finished_paper_is_reopened_and_erased_by_whom_it_may(
    app: Flask, actors_here: dict[str, Actor], runtime: Runtime
) -> None:
    record = made(runtime, actors_here)
    path = f"/fiches/{record.id}"
    other, lead = client_for(app, "councillor2"), client_for(app, "coordinator")
    assert "Rouvrir" not in text(other.get(path))
    assert other.send(path + "/rouvrir", {}, "/fiches/").status_code == 403
    assert other.get(path + "/effacer").status_code == 404
    assert lead.send(path + "/rouvrir", {}, path).status_code == 303
    assert sheet(runtime).state == "draft"
    assert lead.send(path + "/effacer", {}).status_code == 303
    assert lead.get(path).status_code == 404


def test_who_reads_what(app: Flask, actors_here: dict[str, Actor], runtime: Runtime) -> None:
    own, shared = made(runtime, actors_here), made(runtime, actors_here, readers="partenaires")
    reader = client_for(app, "reader")
    assert reader.get(f"/fiches/{own.id}").status_code == 404
    assert reader.get(f"/fiches/{shared.id}").status_code == 200
    assert reader.get(f"/fiches/{shared.id}/etape/decisions").status_code == 303
    assert reader.get(f"/fiches/{own.id}/etape/decisions").status_code == 404
    assert text(reader.get("/fiches/")).count("paper-link") == 1
    assert client_for(app, "evaluator").get(f"/fiches/{own.id}").status_code == 200
    with runtime.database.writing() as session:
        factories.actors(session, factories.council(session, "Voisin"), "-voisin")
    stranger = client_for(app, "coordinator-voisin")
    for path in ("", "/terminer", "/etape/fin", "/effacer"):
        assert stranger.get(f"/fiches/{shared.id}{path}").status_code == 404


def test_share_of_the_talk_and_planned_beside_done(
    app: Flask, actors_here: dict[str, Actor], runtime: Runtime
) -> None:
    me = actors_here["councillor"]
    with runtime.database.writing() as session:
        talk = records_offered.begin(session, me, Q08)
        save(session, me, talk, "bilan", presents="12", ont_parle="9")
        action = records_offered.begin(session, me, Q10)
        save(session, me, action, "avant", action="La fête", attendus="40", date_debut="2026-06-01")
        save(session, me, action, "pendant", venus="32", argent_euros="450", heures_benevoles="64")
    visitor = client_for(app, "evaluator")
    page = text(visitor.get(f"/fiches/{talk.id}"))
    assert "9 personnes sur 12 ont pris la parole (75\u00a0%)" in page
    assert 'class="bar__part" width="75"' in page
    page = text(visitor.get(f"/fiches/{action.id}"))
    for words in ("40 personnes", "32 personnes", "8 de moins que prévu", "du 1er juin 2026"):
        assert words in page
    assert "14,1 euros par personne venue" in page
    assert "2 heures par personne venue" in page
    assert "attendions-nous" not in page  # said once


def test_a_meeting_s_sheet_is_begun_filled_and_read_in_its_place(
    app: Flask, actors_here: dict[str, Actor], runtime: Runtime
) -> None:
    with runtime.database.writing() as session:
        council = session.get_one(factories.Council, actors_here["councillor"].council_id)
        campaign = session.scalars(select(factories.Campaign)).one()
        meeting = factories.meeting(session, campaign, actors_here["councillor"])
        version = factories.questionnaire(session, council, "Q04-porteur-de-paroles")
        path = f"/fiches/rencontre/{meeting.id}"
    me = client_for(app, "councillor")
    assert "n’a pas de fiche" in text(me.get(path))
    with runtime.database.writing() as session:
        campaign = session.scalars(select(factories.Campaign)).one()
        campaign.questionnaires = [session.get_one(factories.QuestionnaireVersion, version.id)]
    answer = me.send(path, {"sheet": str(version.id)})
    assert answer.location.endswith("/etape/seance")
    post(me, answer.location, question_affichee="Que gardez-vous d’ici ?", lieu="halles")
    assert "Que gardez-vous d’ici" in text(me.get(path)).replace("\u202f", " ")
    assert "Les Halles" in text(me.get(path))
    assert client_for(app, "councillor2").get(path).status_code == 404
    with runtime.database.writing() as session:
        records_filling.finish(session, actors_here["councillor"], sheet(runtime).id)
    assert "terminée" in text(me.get(path))
