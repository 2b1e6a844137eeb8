"""The administration's pages: everything is prepared from there, by whom it should be."""

from __future__ import annotations

import re
import uuid

import pytest
from flask import Flask
from sqlalchemy import select

import factories
from pages import CheckedClient, client_for
from rooms import furnish, one, rows, shown
from survey_app.models import (
    Account,
    Campaign,
    CityContract,
    Council,
    Neighbourhood,
    Sector,
)
from survey_app.permissions import PERMISSIONS
from survey_app.runtime import Runtime
from survey_app.services import journal
from survey_app.web.admin.matrix import WORDS, matrix

ROOMS = {
    "/administration/": "council.manage",
    "/administration/conseil": "council.manage",
    "/administration/contrats/nouveau": "council.manage",
    "/administration/quartiers": "council.manage",
    "/administration/quartiers/QP034020": "council.manage",
    "/administration/comptes": "account.manage",
    "/administration/comptes/nouveau": "account.manage",
    "/administration/campagnes": "campaign.manage",
    "/administration/campagnes/nouvelle": "campaign.manage",
    "/administration/campagnes/essai": "campaign.manage",
    "/administration/campagnes/essai/modifier": "campaign.manage",
    "/administration/journal": "journal.read",
    "/administration/registre": "register.read",
}


@pytest.fixture
def house(app: Flask, runtime: Runtime) -> Flask:
    furnish(runtime)
    return app


@pytest.fixture
def boss(house: Flask) -> CheckedClient:
    return client_for(house, "coordinator")


@pytest.fixture
def admin(house: Flask) -> CheckedClient:
    return client_for(house, "admin")


@pytest.mark.parametrize(
    "role", ["councillor", "coordinator", "evaluator", "reader", "admin", "dpo"]
)
def test_each_room_opens_to_its_roles_alone(house, role):
    visitor = client_for(house, role)
    for path, action in ROOMS.items():
        expected = 200 if role in PERMISSIONS[action] else 404
        assert visitor.get(path).status_code == expected, path


def test_another_councils_objects_do_not_exist(house, runtime, boss, admin):
    stranger = one(runtime, select(Account).where(Account.login == "councillor-voisin"))
    with runtime.database.reading() as session:
        theirs = session.scalars(select(Campaign).where(Campaign.slug == "voisine")).one()
        sector = session.scalars(select(Sector).where(Sector.council_id == theirs.council_id)).one()
    assert boss.get("/administration/campagnes/voisine").status_code == 404
    assert boss.get("/administration/campagnes/voisine/modifier").status_code == 404
    assert boss.get(f"/administration/secteurs/{sector.id}").status_code == 404
    assert admin.get(f"/administration/comptes/{stranger.id}").status_code == 404
    assert admin.get(f"/administration/comptes/{uuid.uuid4()}").status_code == 404
    home = "/administration/"
    for path in (
        f"/administration/comptes/{stranger.id}/fermer",
        f"/administration/comptes/{stranger.id}/mot-de-passe",
    ):
        assert admin.send(path, {}, "/compte").status_code == 404
    for path in ("/administration/campagnes/voisine/etat",):
        assert boss.send(path, {"etat": "review"}, "/compte").status_code == 404
    assert "voisin" not in shown(boss.get(home)) + shown(admin.get("/administration/comptes"))


def test_an_account_is_made_its_password_shown_once_and_it_logs_in(house, admin):
    typed = {"login": "lou", "display_name": "Lou", "roles": ["councillor", "evaluator"]}
    answer = admin.send("/administration/comptes/nouveau", typed)
    password = re.search(r'class="code secret">([^<]+)<', shown(answer))[1]
    assert password not in shown(admin.get("/administration/comptes"))
    visitor = client_for(house, "lou")
    assert visitor.get("/compte").status_code == 200
    from pages import client

    entered = client(house).send("/compte/connexion", {"login": "lou", "password": password})
    assert entered.status_code == 303
    twice = admin.send("/administration/comptes/nouveau", typed | {"display_name": "Gardé"})
    assert twice.status_code == 422
    assert "déjà pris" in shown(twice)
    assert "Gardé" in shown(twice)


def test_an_account_is_changed_closed_and_opened_again(house, admin, runtime):
    row = one(runtime, select(Account).where(Account.login == "councillor"))
    path = f"/administration/comptes/{row.id}"
    page = shown(admin.get(path))
    assert re.search(r'<input checked[^>]*value="councillor"', page)
    typed = {"display_name": "Camille", "roles": ["reader"], "mandate": "y"}
    assert admin.send(path, typed).status_code == 303
    changed = one(runtime, select(Account).where(Account.login == "councillor"))
    assert (changed.display_name, changed.mandate, changed.trained) == ("Camille", True, False)
    assert changed.role_names == {"reader"}
    assert admin.send(path, typed | {"roles": []}).status_code == 422
    assert admin.send(f"{path}/fermer", {}, path).status_code == 303
    assert "Rouvrir ce compte" in shown(admin.get(path))
    assert admin.send(f"{path}/rouvrir", {}, path).status_code == 303
    answer = admin.send(f"{path}/mot-de-passe", {}, path)
    assert "ne sera plus jamais affiché" in shown(answer)


def test_the_last_admin_stays(admin, runtime):
    row = one(runtime, select(Account).where(Account.login == "admin"))
    path = f"/administration/comptes/{row.id}"
    answer = admin.send(f"{path}/fermer", {}, path)
    assert answer.status_code == 409
    assert "dernier compte" in shown(answer)
    assert admin.get("/administration/").status_code == 200


def test_the_matrix_says_the_whole_table(admin):
    assert set(WORDS) == set(PERMISSIONS)
    table = {row.words: row.allowed for row in matrix()}
    assert table["Gérer les comptes et les rôles"] == (False, False, False, False, True, False)
    html = shown(admin.get("/administration/comptes"))
    assert html.count("<strong>oui</strong>") == sum(sum(row) for row in table.values())


def test_places_and_sectors(boss, runtime):
    path = "/administration/quartiers"
    answer = boss.send(path, {"code": "qp034022"})
    assert answer.location == f"{path}/QP034022"
    answer = boss.send(path, {"code": "QN03499M", "name": "Le Port"})
    assert answer.status_code == 422
    assert 'value="Le Port"' in shown(answer)
    assert boss.send(path, {"code": "pas un code"}).status_code == 422
    place = f"{path}/QP034022"
    answer = boss.send(place, {"label": "12 rue des Lilas"})
    assert answer.status_code == 422
    assert "ressemble à une adresse" in shown(answer)
    assert 'value="12 rue des Lilas"' in shown(answer)
    assert boss.send(place, {"label": "Autour de l’école"}).status_code == 303
    sector = one(runtime, select(Sector).where(Sector.label == "Autour de l’école"))
    rename = f"/administration/secteurs/{sector.id}"
    assert boss.send(rename, {"label": "Côté école"}).status_code == 303
    assert "Côté école" in shown(boss.get(place))
    assert boss.send(f"{rename}/retirer", {}, place).status_code == 303
    assert "Côté école" not in shown(boss.get(place))


def test_only_looking_at_a_place_invents_nothing(boss, runtime):
    assert boss.get("/administration/quartiers/QP999999").status_code == 422
    assert {row.code for row in rows(runtime, Neighbourhood)} == {"QP034020"}


def test_the_council_and_its_contracts(boss, runtime):
    path = "/administration/conseil"
    typed = {"name": "Conseil des Halles", "kind": "table de quartier", "residents": "12"}
    assert boss.send(path, typed).status_code == 303
    row = one(runtime, select(Council).where(Council.name == "Conseil des Halles"))
    assert row.composition == {"residents": 12}
    assert 'value="12"' in shown(boss.get(path))
    new = "/administration/contrats/nouveau"
    typed = {"label": "Contrat", "period": "2024", "grouping_id": "piliers_2015"}
    assert boss.send(new, typed).status_code == 422
    assert boss.send(new, typed | {"period": "2024-2030"}).status_code == 303
    contract = one(runtime, select(CityContract))
    changed = typed | {"period": "2015-2023", "label": "Ancien contrat"}
    assert boss.send(f"/administration/contrats/{contract.id}", changed).status_code == 303
    assert "Ancien contrat" in shown(boss.get(path))


def test_the_journal_has_pages_and_no_words(house, runtime):
    with runtime.database.writing() as session:
        row = session.scalars(select(Account).where(Account.login == "admin")).one()
        for _ in range(60):
            journal.record(session, factories.actor(row), "account_created", "accounts", row.id)
    visitor = client_for(house, "dpo")
    first = shown(visitor.get("/administration/journal"))
    assert first.count("<time") == 50
    older = re.search(r'href="(/administration/journal\?avant=[^"]+)"', first)[1]
    second = shown(visitor.get(older))
    assert second.count("<time") == 10
    assert "compte créé" in second
    assert visitor.get("/administration/journal?avant=pas-un-code").status_code == 200


def test_the_register_page_counts(house, runtime):
    with runtime.database.writing() as session:
        campaign = session.scalars(select(Campaign).where(Campaign.slug == "essai")).one()
        factories.testimony(session, factories.meeting(session, campaign))
    html = shown(client_for(house, "dpo").get("/administration/registre"))
    assert "Vivre ici" in html
    assert "ascenseur" not in html
    assert re.search(r"Témoignages</th><td class=\"number\">1<", html)
    assert html.count("Registre des traitements") == 1
