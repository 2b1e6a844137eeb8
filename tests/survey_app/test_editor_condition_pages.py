"""Conditions built from lists, and the preview where they open what they open."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import select

import factories
from editor_cases import Q01, begin, draft, model, send
from pages import CheckedClient, client_for
from questionnaires import editing, library
from rooms import furnish, shown
from survey_app.models import (
    Account,
    QuestionnaireDraft,
)
from survey_app.runtime import Runtime
from survey_app.services import questionnaire_edits


@pytest.fixture
def desk(app: Flask, runtime: Runtime) -> CheckedClient:
    furnish(runtime)
    return client_for(app, "coordinator")


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
    # The lines of the condition that is there are no reason not to take it away.
    assert condition(desk, runtime, address, join="always", go="save", **rule).status_code == 303
    assert model(runtime).question("evolution_raison").relevant == ""


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({"join": "and"}, "au moins une question"),
        ({"join": "or", "question-1": "evolution"}, "ne fait pas partie des choix"),
        ({"join": "or", "question-1": "evolution", "value-1": "<b>"}, "ne fait pas partie"),
        ({"join": "and", "question-1": "ajout", "value-1": "x"}, "au moins une question"),
        ({"join": "always", "question-1": "vivre_ici"}, "ou videz la ligne"),
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
            "answers": {
                "accord_noter": "oui",
                "age": "adulte",
                "accord_citer": "non",
                "accord_photo": "oui",
            },
        }
    repeated = next(section for section in whole.sections if section.is_repeat)
    page = shown(desk.get(f"{address}/apercu/{repeated.name}"))
    assert "Ajouter" in page
    entry = f"{address}/apercu/{repeated.name}/1"
    page = shown(desk.get(entry))
    assert "Ici, on prendra une photo" in page
    assert 'type="file"' not in page
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
