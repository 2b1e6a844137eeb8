"""Which questionnaires a campaign asks, and the lists that they leave to it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

import factories
from pages import CheckedClient, client_for
from questionnaires import library, versions
from rooms import furnish, one, shown
from survey_app.domain import Conflict, Forbidden, Invalid, NotFound
from survey_app.models import AuditEvent, Campaign, QuestionnaireVersion
from survey_app.permissions import Actor
from survey_app.runtime import Runtime
from survey_app.services import campaign_fields, campaigns, publishing
from survey_app.services.campaign_questionnaires import SHIPPED, choose, offers

Q06 = "Q06-evaluation-contrat-de-ville"
Q07 = "Q07-compte-rendu-de-debat"
Q14 = "Q14-emploi-developpement-economique"


@pytest.fixture
def desk(session: Session, actors: dict[str, Actor]) -> Actor:
    return actors["coordinator"]


def prepared(session: Session, desk: Actor, **fields: object) -> Campaign:
    factories.neighbourhood(session)
    return campaigns.create(
        session,
        desk,
        "",
        "Vivre ici",
        ["QP034020"],
        question="Que faut-il changer ?",
        purpose="Évaluer.",
        controller="La ville",
        legal_basis="mission d’intérêt public",
        recipients="le conseil",
        dpo_contact="dpo@exemple.fr",
        safeguarding_contact="119",
        retention_until=factories.date(2099, 1, 1),
        **fields,
    )


def keys(session: Session, desk: Actor, campaign: Campaign) -> list[str]:
    return [offer.key for offer in offers(session, desk, campaign)]


def test_the_whole_library_is_offered_once(session, desk):
    campaign = prepared(session, desk)
    found = offers(session, desk, campaign)
    testimonies = [n for n in library.names() if library.load(n).usage == "testimony"]
    assert len(found) == len({offer.key for offer in found}) == len(testimonies)
    assert {offer.title for offer in found} == {
        library.load(name).title["fr"] for name in testimonies
    }
    assert [offer.chosen for offer in found[:2]] == [True, True]
    assert not any(offer.chosen for offer in found[2:])
    assert all(offer.shipped is offer.key.startswith(SHIPPED) for offer in found)


def test_choosing_publishes_and_replaces(session, desk):
    campaign = prepared(session, desk)
    kept = str(campaign.questionnaires[0].id)
    choose(session, desk, campaign, [kept, SHIPPED + Q14, SHIPPED + Q14])
    assert [row.name for row in campaign.questionnaires] == [campaign.questionnaires[0].name, Q14]
    row = session.scalars(
        select(QuestionnaireVersion).where(QuestionnaireVersion.name == Q14)
    ).one()
    assert row.fingerprint == versions.fingerprint(library.load(Q14))
    assert SHIPPED + Q14 not in keys(session, desk, campaign)
    line = session.scalars(
        select(AuditEvent).where(AuditEvent.action == "campaign_questionnaires")
    ).one()
    assert line.details == {"count": 2}


@pytest.mark.parametrize("wrong", [[], ["nope"], [SHIPPED + "Q99-rien"], [str(factories.uuid7())]])
def test_what_cannot_be_chosen_changes_nothing(session, desk, wrong):
    campaign = prepared(session, desk)
    before = [row.id for row in campaign.questionnaires]
    with pytest.raises((Invalid, NotFound)):
        choose(session, desk, campaign, wrong)
    assert [row.id for row in campaign.questionnaires] == before


def test_two_versions_of_one_questionnaire_are_refused(session, desk):
    campaign = prepared(session, desk)
    first = campaign.questionnaires[0]
    changed = replace(versions.from_draft(first.document), version="9.0.0")
    second = publishing.record(session, desk, changed)
    with pytest.raises(Invalid, match="Deux versions"):
        choose(session, desk, campaign, [str(first.id), str(second.id)])
    choose(session, desk, campaign, [str(second.id)])
    assert campaign.questionnaires == [second]


def test_a_council_paper_is_no_testimony(session, desk):
    campaign = prepared(session, desk)
    with pytest.raises(Invalid, match="Nos fiches"):
        choose(session, desk, campaign, [SHIPPED + Q07])


def test_other_roles_and_other_councils_are_refused(session, actors, other_council, desk):
    campaign = prepared(session, desk)
    with pytest.raises(Forbidden):
        choose(session, actors["councillor"], campaign, [SHIPPED + Q14])
    stranger = factories.actors(session, other_council, "-ailleurs")["coordinator"]
    with pytest.raises(NotFound):
        choose(session, stranger, campaign, [SHIPPED + Q14])
    foreign = publishing.questionnaires(session, stranger, [Q14])[0]
    with pytest.raises(NotFound):
        choose(session, desk, campaign, [str(foreign.id)])


def test_the_evaluation_needs_actions_and_a_figure(session, desk):
    campaign = prepared(session, desk)
    assert campaigns.missing(campaign) == []
    choose(session, desk, campaign, [SHIPPED + Q06])
    assert set(campaign_fields.gaps(campaign)) == {"actions", "context_figure"}
    with pytest.raises(Invalid, match="actions"):
        campaigns.make_ready(session, desk, campaign)
    campaigns.edit(
        session,
        desk,
        campaign,
        actions=campaign_fields.actions_from("Atelier vélo\nJardin partagé"),
        context_figure="Un habitant sur quatre a moins de 15 ans (Insee, 2021).",
    )
    campaigns.make_ready(session, desk, campaign)
    assert campaigns.lists(campaign) == {
        "actions": {"atelier_velo": "Atelier vélo", "jardin_partage": "Jardin partagé"}
    }


def test_a_running_campaign_takes_nothing_it_cannot_ask(session, desk):
    campaign = prepared(session, desk)
    campaigns.make_ready(session, desk, campaign)
    campaigns.start(session, desk, campaign)
    with pytest.raises(Invalid, match="actions"):
        choose(session, desk, campaign, [SHIPPED + Q06])


def test_a_listed_action_stays_once_listening_has_begun(session, desk):
    listed = campaign_fields.actions_from("Atelier vélo\nJardin partagé")
    campaign = prepared(session, desk, actions=listed)
    campaigns.make_ready(session, desk, campaign)
    campaigns.edit(session, desk, campaign, actions=listed[:1])
    campaigns.start(session, desk, campaign)
    with pytest.raises(Conflict, match="retirée"):
        campaigns.edit(session, desk, campaign, actions=listed[1:])
    more = campaign_fields.actions_from("Atelier vélo\nÀ vos mots", campaign.actions)
    campaigns.edit(session, desk, campaign, actions=more)
    assert [action["name"] for action in campaign.actions] == ["atelier_velo", "a_vos_mots"]


@given(st.lists(st.text(max_size=30), max_size=12), st.lists(st.text(max_size=30), max_size=12))
def test_actions_have_stable_names_of_their_own(first, second):
    known = campaign_fields.actions_from("\n".join(first))
    names = {action["label"]: action["name"] for action in known}
    again = campaign_fields.actions_from("\n".join(first + second), known)
    found = [action["name"] for action in again]
    assert len(set(found)) == len(found)
    assert all(action["label"].strip() for action in again)
    assert {a["label"]: a["name"] for a in again if a["label"] in names} == names


def test_too_many_actions_are_refused(session, desk):
    many = campaign_fields.actions_from("\n".join(f"Action {n}" for n in range(41)))
    with pytest.raises(Invalid, match="41 actions"):
        prepared(session, desk, actions=many)


@pytest.fixture
def boss(app: Flask, runtime: Runtime) -> CheckedClient:
    furnish(runtime)
    return client_for(app, "coordinator")


def test_the_page_chooses(boss, runtime):
    slug = one(runtime, select(Campaign).order_by(Campaign.created_at).limit(1)).slug
    path = f"/administration/campagnes/{slug}/questionnaires"
    html = shown(boss.get(path))
    assert "Emploi" in html
    assert "De la bibliothèque" in html
    assert 'href="' + path + '"' in shown(boss.get(f"/administration/campagnes/{slug}"))
    answer = boss.send(path, {"questionnaires": [SHIPPED + Q14]})
    assert answer.status_code == 303
    assert "Emploi" in shown(boss.get(answer.location))
    refused = boss.send(path, {})
    assert refused.status_code == 422
    assert "Aucun questionnaire n’est choisi" in shown(refused)
