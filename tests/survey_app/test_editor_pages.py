"""The editor's pages: read, start, add, move, reword, remove; nothing typed is lost."""

from __future__ import annotations

import re

import pytest
from flask import Flask

import factories
from editor_cases import Q01, begin, draft, model, send
from pages import CheckedClient, client_for
from questionnaires import library
from rooms import furnish, rows, shown
from survey_app.models import (
    QuestionnaireVersion,
)
from survey_app.runtime import Runtime


@pytest.fixture
def desk(app: Flask, runtime: Runtime) -> CheckedClient:
    furnish(runtime)
    return client_for(app, "coordinator")


def test_home_shows_the_council_the_library_and_no_draft_to_readers(desk, app, runtime):
    begin(desk)
    page = shown(desk.get("/questionnaires/"))
    assert "En cours d’écriture" in page
    assert page.count("Partir de ce questionnaire") == 18 + 2  # the library's, the council's
    last = re.search(r'<h3 dir="auto"><a href="(/questionnaires/versions/[^"]+)">', page)
    assert last is not None
    assert 'value="conseil:' + last[1].rpartition("/")[2] + '"' in page
    assert "Entretien individuel" in page
    reader = shown(client_for(app, "evaluator").get("/questionnaires/"))
    assert "En cours d’écriture" not in reader
    assert "Partir de ce questionnaire" not in reader
    assert "Version 1.1.0" in reader
    assert client_for(app, "reader").get("/questionnaires/").status_code == 404


def test_a_reader_sees_samples_and_no_fingerprint_at_once(desk):
    page = shown(desk.get(f"/questionnaires/bibliotheque/{Q01}"))
    assert "[nom du quartier]" in page
    assert "{quartier}" not in page
    assert re.search(r"<details>\s*<summary>Empreinte", page)


def test_an_empty_council_is_told_what_to_do(app, runtime):
    with runtime.database.writing() as session:
        factories.actors(session, factories.council(session))
    page = shown(client_for(app, "coordinator").get("/questionnaires/"))
    assert "n’a encore publié aucun questionnaire" in page
    assert "Aucun brouillon" in page


@pytest.mark.parametrize("name", library.names())
def test_every_questionnaire_of_the_library_reads_and_starts_a_draft(desk, name):
    page = desk.get(f"/questionnaires/bibliotheque/{name}")
    assert page.status_code == 200
    whole = library.load(name)
    assert shown(page).count('class="question-read') == len(whole.questions)
    address = begin(desk, name)
    for page_name in ("", "/langues", "/publier", "/presentation"):
        assert desk.get(address + page_name).status_code == 200
    assert desk.get(address + "/apercu", follow_redirects=True).status_code == 200


def test_a_questionnaire_is_exported_under_its_name_and_version(desk):
    book = desk.get(f"/questionnaires/bibliotheque/{Q01}/xlsform")
    assert book.data.startswith(b"PK")
    assert f'filename="{Q01}-1.1.0.xlsx"' in book.headers["Content-Disposition"]


def test_a_version_reads_in_its_languages_with_its_conditions(desk, runtime, app):
    page = shown(desk.get("/questionnaires/bibliotheque/Q03-micro-trottoir?langue=ar"))
    assert 'lang="ar"' in page
    assert "n’a pas encore été relue" in page
    row = next(r for r in rows(runtime, QuestionnaireVersion) if r.name == Q01)
    page = shown(client_for(app, "evaluator").get(f"/questionnaires/versions/{row.id}"))
    assert row.fingerprint in page
    assert "Cette question est posée si" in page
    assert "Vivre ici" in page
    assert "Retirer cette version" not in page


def test_a_question_is_added_moved_reworded_removed_and_undone(desk, runtime):
    address = begin(desk)
    add = f"{address}/ajouter?partie=idees&apres=ecoute"
    answer = send(
        desk, runtime, add, label="Et les bancs ?", kind="select_one", added="Assez\nPas assez"
    )
    assert answer.status_code == 303
    assert answer.location.endswith("#question-et_les_bancs")
    asked = model(runtime).question("et_les_bancs")
    assert [choice.label["fr"] for choice in asked.choices] == ["Assez", "Pas assez"]
    page = shown(desk.get(address))
    assert "est ajoutée" in page
    send(desk, runtime, f"{address}/geste", address, kind="question", name=asked.name, do="up")
    names = [question.name for question in model(runtime).section("idees").questions]
    assert names.index("et_les_bancs") == names.index("ecoute") - 1
    question = f"{address}/question/et_les_bancs"
    send(
        desk,
        runtime,
        question,
        label="Y a-t-il assez de bancs ?",
        kind="select_one",
        go="save",
        **{"choix-assez": "Oui, assez", "choix-pas_assez": "Non"},
    )
    asked = model(runtime).question("et_les_bancs")
    assert asked.label == {"fr": "Y a-t-il assez de bancs ?"}
    assert [choice.name for choice in asked.choices] == ["assez", "pas_assez"]
    assert asked.choices[0].label == {"fr": "Oui, assez"}
    send(desk, runtime, f"{address}/geste", address, kind="question", name=asked.name, do="remove")
    assert "et_les_bancs" not in {question.name for question in model(runtime).questions}
    for _ in range(4):
        answer = send(desk, runtime, f"{address}/annuler", address)
        assert answer.status_code == 303
    assert model(runtime) == library.load(Q01)
    assert "Annuler ce changement" not in shown(desk.get(address))


def test_choices_have_their_own_buttons(desk, runtime):
    address = begin(desk)
    question = f"{address}/question/evolution"
    typed = {"label": "Le quartier…", "kind": "select_multiple"}
    given = {f"choix-{c.name}": c.label["fr"] for c in model(runtime).question("evolution").choices}
    answer = send(desk, runtime, question, go="up:stable", **typed, **given)
    assert answer.location.endswith("/question/evolution#choix")
    send(desk, runtime, question, go="remove:degrade", **typed, **given)
    send(desk, runtime, question, go="stay", added="Rien de tout cela", **typed, **given)
    given = {f"choix-{c.name}": c.label["fr"] for c in model(runtime).question("evolution").choices}
    send(desk, runtime, question, go="save", **typed, **given, **{"seul-rien_de_tout_cela": "oui"})
    asked = model(runtime).question("evolution")
    assert [choice.name for choice in asked.choices] == [
        "stable",
        "ameliore",
        "les_deux",
        "rien_de_tout_cela",
    ]
    assert asked.choices[-1].exclusive


def test_a_stale_page_keeps_what_was_typed(desk, runtime):
    address = begin(desk)
    question = f"{address}/question/aime"
    answer = desk.send(
        question, {"revision": "0", "label": "Qu’aimez-vous dans ce coin ?", "kind": "text"}
    )
    assert answer.status_code == 409
    page = shown(answer)
    assert "a changé depuis que cette page est ouverte" in page
    assert "Qu’aimez-vous dans ce coin ?" in page
    assert re.search(r'name="revision"[^>]*value="1"', page)  # sent again, it would be kept
    assert model(runtime) == library.load(Q01)
    answer = desk.send(question, {"revision": "1", "label": "", "hint": "Doucement"})
    assert answer.status_code == 422
    assert "Doucement" in shown(answer)


def test_a_gesture_refused_says_why_and_changes_nothing(desk, runtime):
    address = begin(desk)
    gesture = f"{address}/geste"
    for data, words in (
        ({"kind": "question", "name": "accord_citer", "do": "remove"}, "protège les personnes"),
        ({"kind": "question", "name": "age", "do": "remove"}, "dépend de la réponse"),
        ({"kind": "partie", "name": "accord", "do": "down"}, "Rien n’a été changé"),
        ({"kind": "question", "name": "aime", "do": "explode"}, "Ce bouton n’existe pas"),
        ({"kind": "question", "name": "nobody", "do": "up"}, "n’existe plus"),
    ):
        assert send(desk, runtime, gesture, address, **data).status_code == 303
        assert words in shown(desk.get(address))
    stale = desk.send(gesture, {"revision": "-3", "kind": "question", "name": "aime"}, page=address)
    assert stale.status_code == 303
    assert model(runtime) == library.load(Q01)


def test_the_agreement_is_reworded_but_not_changed(desk, runtime):
    address = begin(desk)
    page = f"{address}/question/accord_noter"
    assert 'name="required"' not in shown(desk.get(page))
    send(
        desk,
        runtime,
        page,
        label="Puis-je noter vos paroles, sans votre nom ?",
        kind="text",
        added="Peut-être",
        go="remove:oui",
        **{"choix-oui": "Oui, volontiers"},
    )
    asked = model(runtime).question("accord_noter")
    assert asked.label == {"fr": "Puis-je noter vos paroles, sans votre nom ?"}
    assert [(c.name, c.label["fr"]) for c in asked.choices] == [
        ("oui", "Oui, volontiers"),
        ("non", "Non"),
    ]
    assert (asked.type, asked.required) == ("select_one", True)
    assert desk.get(f"{address}/condition/question/age").status_code == 404
    assert desk.get(f"{address}/condition/partie/accord").status_code == 404


def test_parts_are_added_renamed_and_repeated(desk, runtime):
    address = begin(desk)
    answer = send(
        desk, runtime, f"{address}/partie?apres=quartier", label="Nos arrêts", repeat="Arrêt"
    )
    assert answer.location.endswith("#partie-nos_arrets")
    whole = model(runtime)
    names = [section.name for section in whole.sections]
    assert names.index("nos_arrets") == names.index("quartier") + 1
    assert whole.section("nos_arrets").repeat == {"fr": "Arrêt"}
    assert whole.section("nos_arrets").relevant == whole.section("quartier").relevant
    send(desk, runtime, f"{address}/partie/nos_arrets", label="Les arrêts", repeat="")
    assert model(runtime).section("nos_arrets").label == {"fr": "Les arrêts"}
    assert not model(runtime).section("nos_arrets").is_repeat


def test_another_name_makes_another_questionnaire(desk, runtime):
    address = begin(desk)
    page = f"{address}/presentation"
    typed = {"title": "Notre entretien", "method": "individuel"}
    for name in ("Q03-micro-trottoir", "q03-MICRO-trottoir", "a b", "../x", ""):
        answer = send(desk, runtime, page, name=name, **typed)
        assert answer.status_code == 422
        assert "Notre entretien" in shown(answer)
    assert send(desk, runtime, page, name="entretien-halles", **typed).status_code == 303
    assert draft(runtime).name == model(runtime).name == "entretien-halles"


def test_a_question_about_who_speaks_belongs_to_the_profile(desk, runtime):
    address = begin(desk)
    add = f"{address}/ajouter?partie=profil"
    assert send(desk, runtime, add, label="Depuis quand êtes-vous ici ?").status_code == 303
    asked = model(runtime).section("profil").questions[-1]
    assert (asked.label["fr"], asked.profile) == ("Depuis quand êtes-vous ici ?", True)
    assert desk.get(f"{address}/ajouter?partie=nulle-part").status_code == 404


def test_a_button_pressed_on_an_old_page_shows_the_draft_as_it_is(desk, runtime):
    address = begin(desk)
    long = "Un texte très long. " * 100
    send(desk, runtime, f"{address}/question/aime", label=long, kind="text", go="save")
    sent = {"revision": "1", "kind": "question", "name": "aime", "do": "remove"}
    assert desk.send(f"{address}/geste", sent, page=address).status_code == 303
    assert "voici le brouillon à jour" in shown(desk.get(address))
    assert desk.send(f"{address}/annuler", {"revision": "1"}, page=address).status_code == 303
    assert "voici le brouillon à jour" in shown(desk.get(address))
    assert model(runtime).question("aime").label["fr"] == long.strip()
