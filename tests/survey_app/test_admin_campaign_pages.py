"""A campaign prepared, moved on and signed for, from its pages."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from sqlalchemy import select

from pages import CheckedClient, client_for
from rooms import form_of, furnish, one, rows, shown, typed_in
from survey_app.models import (
    Account,
    Campaign,
)
from survey_app.runtime import Runtime


@pytest.fixture
def house(app: Flask, runtime: Runtime) -> Flask:
    furnish(runtime)
    return app


@pytest.fixture
def boss(house: Flask) -> CheckedClient:
    return client_for(house, "coordinator")


def test_a_campaign_is_ready_in_two_forms(house, runtime, boss):
    """Defaults cover most of it: title, places, controller, two contacts, and it may start."""
    answer = boss.get("/administration/campagnes/nouvelle")
    fields = form_of(answer)
    html = shown(answer)
    assert "mission d’intérêt public" in fields["legal_basis"]
    assert fields["threshold_inside"] == "5"
    assert html.count('name="neighbourhoods"') == 105
    typed = typed_in(html) | {
        "csrf_token": fields["csrf_token"],
        "title": "Vivre aux Halles",
        "neighbourhoods": ["QP034020", "QP034022"],
    }
    answer = boss.post("/administration/campagnes/nouvelle", data=typed)
    assert answer.location == "/administration/campagnes/vivre-aux-halles"
    page = shown(boss.get(answer.location))
    assert "Il manque un contact pour la protection des données" in page
    assert "Le responsable du traitement n’est pas nommé" in page
    assert "#dpo_contact" in page
    assert "Déclarer la campagne prête" not in page

    complete_and_start(boss, answer.location)
    row = one(runtime, select(Campaign).where(Campaign.slug == "vivre-aux-halles"))
    assert (row.state, len(row.neighbourhoods)) == ("running", 2)
    assert row.methods == ["individuel", "micro_trottoir"]


def complete_and_start(boss: CheckedClient, path: str) -> None:
    """Fill the three things that no default can say, then take the two steps."""
    typed = typed_in(shown(boss.get(f"{path}/modifier"))) | {
        "neighbourhoods": ["QP034020", "QP034022"],
        "controller": "Ville d’essai",
        "dpo_contact": "dpo@exemple.invalid",
        "safeguarding_contact": "la référente, 01 00 00 00 00",
    }
    assert boss.send(f"{path}/modifier", typed).location == path
    assert "Il ne manque rien" in shown(boss.get(path))
    for target, words in (("ready", "Commencer à écouter"), ("running", "Finir d’écouter")):
        assert boss.send(f"{path}/etat", {"etat": target}, path).status_code == 303
        assert words in shown(boss.get(path))


def test_what_is_refused_is_shown_again_as_it_was_typed(boss):
    typed = {"title": "", "question": "Ma question à garder", "retention_until": "hier"}
    answer = boss.send("/administration/campagnes/nouvelle", typed)
    assert answer.status_code == 422
    assert "Ma question à garder" in shown(answer)
    taken = {"title": "T", "slug": "essai", "axis": "", "contract_id": ""}
    taken |= {"threshold_inside": "5", "threshold_outside": "11"}
    answer = boss.send("/administration/campagnes/nouvelle", taken | {"question": "À garder"})
    assert answer.status_code == 422
    assert "porte déjà l’adresse" in shown(answer)
    assert "À garder" in shown(answer)


def test_a_running_campaign_shows_what_no_longer_changes(boss, runtime):
    path = "/administration/campagnes/essai/modifier"
    html = shown(boss.get(path))
    assert "L’écoute a commencé" in html
    assert 'name="purpose"' not in html
    assert 'name="dpo_contact"' in html
    typed = typed_in(html) | {"title": "Autre titre", "neighbourhoods": ["QP034020"]}
    assert boss.send(path, typed).status_code == 303
    row = one(runtime, select(Campaign).where(Campaign.slug == "essai"))
    assert row.title == "Autre titre"
    assert row.purpose == "Évaluer le contrat de ville avec les habitants"
    again = boss.send(path, typed | {"title": "Le second"})
    assert again.status_code == 422
    assert "pendant que vous écriviez" in shown(again)
    assert "Le second" in shown(again)


def test_an_impossible_step_is_refused_in_french(boss):
    answer = boss.send(
        "/administration/campagnes/essai/etat", {"etat": "draft"}, "/administration/campagnes/essai"
    )
    assert answer.status_code == 409
    assert "ne peut pas devenir" in shown(answer)


def test_signers_are_named_among_those_who_may(boss, runtime):
    path = "/administration/campagnes/essai"
    html = shown(boss.get(path))
    body = re.search(r'<select[^>]*name="body".*?</select>', html, re.S)[0]
    assert "Councillor2" in body
    assert "Councillor<" not in body
    ids = {row.login: str(row.id) for row in rows(runtime, Account)}
    chosen = {"coordinator": ids["coordinator"], "body": ids["councillor2"]}
    assert boss.send(f"{path}/signataires", chosen, path).status_code == 303
    assert re.search(rf'<option selected value="{ids["councillor2"]}"', shown(boss.get(path)))
    wrong = chosen | {"body": ids["councillor"]}
    assert boss.send(f"{path}/signataires", wrong, path).status_code == 422


@pytest.mark.parametrize("revision", ["²", "", "-1", "9" * 5_000, None])
def test_a_damaged_revision_is_refused_and_what_was_typed_stays(boss, runtime, revision):
    path = "/administration/campagnes/essai/modifier"
    typed = typed_in(shown(boss.get(path))) | {"title": "À garder", "neighbourhoods": ["QP034020"]}
    typed.pop("revision", None)
    answer = boss.send(path, typed if revision is None else typed | {"revision": revision})
    assert answer.status_code == 422
    assert "Le formulaire est abîmé" in shown(answer)
    assert "À garder" in shown(answer)
    assert one(runtime, select(Campaign).where(Campaign.slug == "essai")).title == "Vivre ici"
