"""The editor's pages: nothing typed is lost, nothing hostile runs, nobody else's draft exists."""

from __future__ import annotations

import re
from io import BytesIO
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

import factories
from pages import CheckedClient, client_for
from questionnaires import editing, library, versions
from rooms import furnish, one, rows, shown
from survey_app.models import Account, Campaign, Council, QuestionnaireDraft, QuestionnaireVersion
from survey_app.runtime import Runtime
from survey_app.services import questionnaire_edits

Q01 = "Q01-entretien-individuel"
HOSTILE = "<script>alert(1)</script> \u202egauche " + "long" * 60


@pytest.fixture
def desk(app: Flask, runtime: Runtime) -> CheckedClient:
    furnish(runtime)
    return client_for(app, "coordinator")


def draft(runtime: Runtime) -> QuestionnaireDraft:
    found: QuestionnaireDraft = one(runtime, select(QuestionnaireDraft))
    return found


def model(runtime: Runtime) -> Any:
    return versions.from_draft(draft(runtime).document)


def begin(desk: CheckedClient, name: str = Q01) -> str:
    """The address of a new draft."""
    answer = desk.send(
        "/questionnaires/commencer",
        {"source": f"bibliotheque:{name}"},
        page="/questionnaires/",
    )
    assert answer.status_code == 303
    return str(answer.location)


def send(desk: CheckedClient, runtime: Runtime, path: str, page: str = "", **data: Any) -> Any:
    """Post to a page of the draft, from the revision that it is at."""
    given = {"revision": str(draft(runtime).revision)} | data
    return desk.send(path, given, page=page or path)


def test_home_shows_the_council_the_library_and_no_draft_to_readers(desk, app, runtime):
    begin(desk)
    page = shown(desk.get("/questionnaires/"))
    assert "En cours d’écriture" in page
    assert page.count("Partir de ce questionnaire") == 18
    assert "Entretien individuel" in page
    reader = shown(client_for(app, "evaluator").get("/questionnaires/"))
    assert "En cours d’écriture" not in reader
    assert "Partir de ce questionnaire" not in reader
    assert "Version 1.1.0" in reader
    assert client_for(app, "reader").get("/questionnaires/").status_code == 404


def test_an_empty_council_is_told_what_to_do(app, runtime):
    with runtime.database.writing() as session:
        factories.actors(session, factories.council(session))
    page = shown(client_for(app, "coordinator").get("/questionnaires/"))
    assert "n’a encore publié aucun questionnaire" in page
    assert "Aucun brouillon" in page


@pytest.mark.parametrize("name", library.names())
def test_every_questionnaire_of_the_library_reads_and_exports(desk, name):
    page = desk.get(f"/questionnaires/bibliotheque/{name}")
    assert page.status_code == 200
    whole = library.load(name)
    assert shown(page).count('class="question-read') == len(whole.questions)
    book = desk.get(f"/questionnaires/bibliotheque/{name}/xlsform")
    assert book.data.startswith(b"PK")
    assert f'filename="{name}-{whole.version}.xlsx"' in book.headers["Content-Disposition"]
    address = begin(desk, name)
    for page_name in ("", "/langues", "/publier", "/presentation"):
        assert desk.get(address + page_name).status_code == 200
    assert desk.get(address + "/apercu", follow_redirects=True).status_code == 200


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


def condition(desk, runtime, address, **data):
    return send(desk, runtime, f"{address}/condition/question/evolution_raison", **data)


def test_a_condition_is_built_without_a_script(desk, runtime):
    address = begin(desk)
    answer = condition(
        desk, runtime, address, join="and", go="continue", **{"question-1": "evolution"}
    )
    page = shown(answer)
    assert answer.status_code == 200
    assert ">se dégrade</option>" in page
    assert ">n’a pas de réponse</option>" in page
    rule = {"question-1": "evolution", "test-1": "is", "value-1": "degrade"}
    page = shown(condition(desk, runtime, address, join="and", go="add", **rule))
    assert "Ligne 4" not in page
    page = shown(
        condition(
            desk,
            runtime,
            address,
            join="and",
            go="add",
            **rule,
            **{"question-2": "", "question-3": ""},
        )
    )
    assert "Ligne 4" in page
    assert "« se\u00a0dégrade\u00a0»" in page or "se dégrade" in page
    assert model(runtime) == library.load(Q01)
    assert condition(desk, runtime, address, join="and", go="save", **rule).status_code == 303
    assert model(runtime).question("evolution_raison").relevant == "${evolution} = 'degrade'"
    page = shown(desk.get(address))
    assert "Cette question est posée si la réponse à" in page


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({"join": "and"}, "au moins une question"),
        ({"join": "or", "question-1": "evolution"}, "ne fait pas partie des choix"),
        ({"join": "or", "question-1": "evolution", "value-1": "<b>"}, "ne fait pas partie"),
        ({"join": "and", "question-1": "ajout", "value-1": "x"}, "au moins une question"),
        ({"join": "sideways", "question-1": "evolution"}, ""),
    ],
)
def test_a_condition_that_cannot_be_is_refused(desk, runtime, data, words):
    address = begin(desk)
    answer = condition(desk, runtime, address, go="save", **data)
    assert answer.status_code == 422
    assert words in shown(answer)
    assert model(runtime) == library.load(Q01)


def test_a_rich_condition_is_kept_until_it_is_replaced(desk, runtime):

    address = begin(desk)
    rich = "${evolution} = 'degrade' and (${vivre_ici} <= '2' or ${aime} = '')"
    with runtime.database.writing() as session:
        row = session.scalars(select(QuestionnaireDraft)).one()
        who = session.scalars(select(Account).where(Account.login == "coordinator")).one()
        questionnaire_edits.apply(
            session,
            factories.actor(who),
            row,
            row.revision,
            lambda q: editing.set_condition(q, "evolution_raison", rich),
        )
    path = f"{address}/condition/question/evolution_raison"
    page = shown(desk.get(path))
    assert "trop riche pour les listes" in page
    assert condition(desk, runtime, address, join="keep", go="save").status_code == 303
    assert "vivre_ici" in model(runtime).question("evolution_raison").relevant
    assert condition(desk, runtime, address, join="always", go="save").status_code == 303
    assert model(runtime).question("evolution_raison").relevant == ""


def test_the_preview_opens_what_the_answers_open(desk, runtime):
    address = begin(desk)
    first = desk.get(f"{address}/apercu")
    assert first.location.endswith("/apercu/accord")
    page = shown(desk.get(first.location))
    assert "rien n’est gardé comme témoignage" in page
    assert "[nom du quartier]" in page
    skipped = shown(desk.get(f"{address}/apercu/quartier"))
    assert "cette partie ne s’ouvre pas" in skipped
    opened = desk.send(first.location, {"accord_noter": "oui", "go": "continue"})
    assert "#q-age-question" in opened.location
    answers = {"accord_noter": "oui", "age": "40_59", "accord_citer": "oui", "go": "continue"}
    assert desk.send(first.location, answers).status_code == 303
    assert desk.send(first.location, answers).location.endswith("/apercu/profil")
    page = desk.get(f"{address}/apercu/quartier")
    assert "cette partie ne s’ouvre pas" not in shown(page)
    assert draft(runtime).trial["answers"]["age"] == "40_59"
    assert draft(runtime).revision == 1
    again = desk.send(f"{address}/apercu", {}, page=address)
    assert again.location.endswith("/apercu/accord")
    assert draft(runtime).trial["answers"] == {}


def test_the_preview_of_a_refusal_ends_at_once(desk, runtime):
    address = begin(desk)
    answer = desk.send(f"{address}/apercu/accord", {"accord_noter": "non", "go": "continue"})
    assert "/fin-apercu" in answer.location
    assert "Le quartier" in shown(desk.get(answer.location))


def test_the_preview_has_entries_photos_and_meeting_sheets(desk, runtime):
    address = begin(desk, "Q05-marche-exploratoire")
    whole = model(runtime)
    with runtime.database.writing() as session:
        row = session.scalars(select(QuestionnaireDraft)).one()
        row.trial = {
            **row.trial,
            "answers": {"accord_noter": "oui", "age": "adulte", "accord_citer": "non"},
        }
    repeated = next(section for section in whole.sections if section.is_repeat)
    page = shown(desk.get(f"{address}/apercu/{repeated.name}"))
    assert "Ajouter" in page
    entry = f"{address}/apercu/{repeated.name}/1"
    page = shown(desk.get(entry))
    text = next(item for item in repeated.questions if item.type == "text")
    answer = desk.send(entry, {text.name: "Un banc cassé.", "go": "back"})
    assert answer.location.endswith(f"/apercu/{repeated.name}")
    assert "Un banc cassé." in shown(desk.get(answer.location))
    assert desk.send(f"{entry}/retirer", {}).status_code == 303
    assert "Un banc cassé." not in shown(desk.get(answer.location))
    assert desk.get(f"{address}/apercu/{repeated.name}/9").status_code == 404


def test_meeting_sheets_are_tried_too(desk, runtime):
    address = begin(desk, "Q04-porteur-de-paroles")
    meeting = next(s for s in model(runtime).sections if s.kind == "meeting")
    page = desk.get(f"{address}/apercu/{meeting.name}")
    assert page.status_code == 200
    assert "Enregistrer et continuer" in shown(page)


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
