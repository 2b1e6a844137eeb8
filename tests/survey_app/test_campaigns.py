"""Campaigns: prepared in minutes, guarded before anybody is listened to."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import func, select

import analysis.codebook
import factories
from questionnaires import library, versions
from survey_app.domain import Conflict, Forbidden, Invalid, NotFound
from survey_app.models import (
    AuditEvent,
    CodebookVersion,
    Draft,
    QuestionnaireVersion,
    now,
)
from survey_app.permissions import Actor
from survey_app.services import campaigns, councils, signers

COMPLETE = {
    "question": "Qu’est-ce qui a changé pour vous ?",
    "purpose": "Évaluer le contrat de ville",
    "controller": "Ville d’essai",
    "legal_basis": "mission d’intérêt public",
    "dpo_contact": "dpo@exemple.invalid",
    "recipients": "le conseil citoyen",
    "retention_until": date(2090, 1, 1),
    "safeguarding_contact": "la personne référente",
}


@pytest.fixture
def boss(actors):
    return actors["coordinator"]


@pytest.fixture
def draft(session, boss):
    return campaigns.create(session, boss, "vivre-ici", "Vivre ici", ["QP034020"], **COMPLETE)


def test_a_new_campaign_has_all_it_needs_to_collect(session, boss, draft):
    assert draft.state == "draft"
    assert [row.code for row in draft.neighbourhoods] == ["QP034020"]
    assert [row.name for row in draft.questionnaires] == [
        "Q01-entretien-individuel",
        "Q03-micro-trottoir",
    ]
    for row in draft.questionnaires:
        model = library.load(row.name)
        assert row.fingerprint == versions.fingerprint(model)
        assert versions.from_dict(row.document) == model
    grid = session.get_one(CodebookVersion, draft.codebook_version_id)
    book = analysis.codebook.load()
    assert (grid.name, grid.version, grid.fingerprint) == (book.id, book.version, book.fingerprint)
    assert grid.document == analysis.codebook.shipped()
    assert (draft.threshold_inside, draft.threshold_outside) == (5, 11)


def test_versions_are_published_once_per_council(session, boss, draft, other_council):
    campaigns.create(session, boss, "deux", "Deux", ["QP034022"])
    theirs = factories.actors(session, other_council, "-voisin")["coordinator"]
    other = campaigns.create(session, theirs, "trois", "Trois", ["QP034022"])
    count = select(func.count()).select_from
    assert session.scalar(count(QuestionnaireVersion)) == 4
    assert session.scalar(count(CodebookVersion)) == 2
    assert {row.council_id for row in other.questionnaires} == {other_council.id}


def test_several_neighbourhoods_without_twins(session, boss):
    made = campaigns.create(
        session, boss, "trois", "Trois", ["QP034022", "qp030015", "QP034020", "QP034022"]
    )
    assert [row.code for row in made.neighbourhoods] == ["QP030015", "QP034020", "QP034022"]


def test_the_slug_is_asked_or_made_and_unique(session, boss, draft):
    assert campaigns.create(session, boss, "", "Été à l’école").slug == "ete-a-l-ecole"
    assert campaigns.create(session, boss, "", "Été à l’école").slug == "ete-a-l-ecole-2"
    with pytest.raises(Conflict, match="porte déjà"):
        campaigns.create(session, boss, "vivre-ici", "Autre")
    for slug in ("Vivre", "a--b", "-a", "é", "x" * 61, "nouvelle", "a/b"):
        with pytest.raises(Invalid, match="adresse"):
            campaigns.create(session, boss, slug, "Autre")


@pytest.mark.parametrize(
    "fields",
    [
        {"title": "  "},
        {"title": "t" * 201},
        {"title": "T", "question": "q" * 5001},
        {"title": "T", "methods": ["télépathie"]},
        {"title": "T", "threshold_inside": 1},
        {"title": "T", "threshold_inside": 12, "threshold_outside": 11},
    ],
)
def test_fields_that_do_not_fit_are_refused(session, boss, fields):
    with pytest.raises(Invalid):
        campaigns.create(session, boss, "essai", **fields)


def test_an_unknown_field_is_a_mistake_of_the_program(session, boss):
    with pytest.raises(TypeError):
        campaigns.create(session, boss, "essai", "Essai", state="running")


@pytest.mark.parametrize("role", ["councillor", "evaluator", "reader", "admin", "dpo"])
def test_only_the_coordination_manages_campaigns(session, actors, draft, role):
    for act in (
        lambda: campaigns.create(session, actors[role], "x", "X"),
        lambda: campaigns.edit(session, actors[role], draft, title="X"),
        lambda: campaigns.make_ready(session, actors[role], draft),
        lambda: signers.name(session, actors[role], draft, coordinator=None, body=None),
    ):
        with pytest.raises(Forbidden):
            act()
    assert draft.state == "draft"


def test_what_is_missing_is_said_in_words(session, boss):
    bare = campaigns.create(session, boss, "nue", "Nue")
    assert len(campaigns.missing(bare)) == 9
    with pytest.raises(Invalid, match="question posée aux habitants") as error:
        campaigns.make_ready(session, boss, bare)
    assert "Aucun quartier" in str(error.value)
    assert bare.state == "draft"


@pytest.mark.parametrize("field", sorted(COMPLETE))
def test_each_field_is_needed(session, boss, draft, field):
    empty = None if field == "retention_until" else "  "
    campaigns.edit(session, boss, draft, **{field: empty})
    assert len(campaigns.missing(draft)) == 1
    with pytest.raises(Invalid):
        campaigns.make_ready(session, boss, draft)


def test_retention_must_be_to_come(draft):
    end = draft.retention_until
    assert campaigns.missing(draft, today=end - timedelta(days=1)) == []
    assert campaigns.missing(draft, today=end) == [
        "La date de fin de conservation doit être à venir."
    ]


def test_from_draft_to_returned(session, boss, draft):
    campaigns.make_ready(session, boss, draft)
    assert draft.state == "ready"
    campaigns.start(session, boss, draft)
    for target in ("review", "synthesis", "returned"):
        campaigns.move(session, boss, draft, target)
    assert draft.state == "returned"
    moves = session.scalars(select(AuditEvent).where(AuditEvent.action == "state")).all()
    assert len(moves) == 5
    with pytest.raises(Conflict, match="purge"):
        campaigns.move(session, boss, draft, "purged")
    with pytest.raises(Conflict):
        campaigns.move(session, boss, draft, "draft")


def test_a_draft_cannot_start_at_once(session, boss, draft):
    with pytest.raises(Conflict):
        campaigns.start(session, boss, draft)


def test_listening_does_not_end_under_somebodys_feet(session, boss, campaign):
    meeting = factories.meeting(session, campaign, boss)
    with pytest.raises(Conflict, match="1 rencontre"):
        campaigns.move(session, boss, campaign, "review")
    meeting.state = "closed"
    session.add(
        Draft(
            council_id=campaign.council_id,
            campaign_id=campaign.id,
            meeting_id=meeting.id,
            questionnaire_version_id=campaign.questionnaires[0].id,
            account_id=boss.account_id,
            withdrawal_code="X",
            updated_at=now(),
        )
    )
    session.flush()
    with pytest.raises(Conflict, match="1 entretien"):
        campaigns.move(session, boss, campaign, "review")
    assert campaign.state == "running"


@pytest.mark.parametrize(
    "change",
    [
        {"purpose": "Tout autre chose"},
        {"retention_until": date(2099, 1, 1)},
        {"recipients": "tout le monde"},
        {"fictitious": True},
    ],
)
def test_promises_made_to_residents_hold(session, boss, campaign, change):
    before = {name: getattr(campaign, name) for name in change}
    with pytest.raises(Conflict, match="écoute a commencé"):
        campaigns.edit(session, boss, campaign, **change)
    assert {name: getattr(campaign, name) for name in change} == before


def test_running_campaigns_still_change_the_rest(session, boss, campaign):
    campaigns.edit(
        session, boss, campaign, title="Autre titre", purpose=campaign.purpose, threshold_outside=15
    )
    assert (campaign.title, campaign.threshold_outside) == ("Autre titre", 15)
    with pytest.raises(Invalid, match="protection des données"):
        campaigns.edit(session, boss, campaign, dpo_contact="")


def test_a_ready_campaign_stays_complete(session, boss, draft):
    campaigns.make_ready(session, boss, draft)
    with pytest.raises(Invalid, match="Aucun quartier"):
        campaigns.edit(session, boss, draft, neighbourhood_codes=[])


def test_neighbourhoods_with_meetings_stay(session, boss, campaign):
    factories.meeting(session, campaign)
    with pytest.raises(Conflict, match="rencontres ont déjà eu lieu"):
        campaigns.edit(session, boss, campaign, neighbourhood_codes=["QP034022"])
    campaigns.edit(session, boss, campaign, neighbourhood_codes=["QP034020", "QP034022"])
    assert len(campaign.neighbourhoods) == 2


def test_two_people_do_not_overwrite_each_other(session, boss, draft):
    seen = draft.revision
    campaigns.edit(session, boss, draft, title="Le premier", revision=seen)
    with pytest.raises(Conflict, match="pendant que vous écriviez"):
        campaigns.edit(session, boss, draft, title="Le second", revision=seen)
    assert draft.title == "Le premier"


def test_the_one_person_exception_is_journalled(session, boss, draft):
    campaigns.edit(session, boss, draft, single_person_exception=True)
    campaigns.edit(session, boss, draft, single_person_exception=True)
    campaigns.edit(session, boss, draft, single_person_exception=False)
    lines = session.scalars(
        select(AuditEvent.details).where(AuditEvent.action == "single_person_exception")
    ).all()
    assert lines == [{"allowed": True}, {"allowed": False}]


def test_another_councils_campaign_does_not_exist(session, draft, other_council):
    theirs = factories.actors(session, other_council, "-voisin")["coordinator"]
    for act in (
        lambda: campaigns.edit(session, theirs, draft, title="À nous"),
        lambda: campaigns.move(session, theirs, draft, "ready"),
        lambda: signers.name(session, theirs, draft, coordinator=None, body=None),
    ):
        with pytest.raises(NotFound):
            act()
    assert campaigns.listed(session, theirs) == []
    contract = councils.save_contract(session, theirs, label="C", period="2024-2030")
    boss = Actor(draft.council_id, None, "", frozenset({"coordinator"}))
    with pytest.raises(NotFound):
        campaigns.edit(session, boss, draft, contract_id=contract.id)


def test_campaigns_are_listed_oldest_first(session, boss):
    for number in range(5):
        campaigns.create(session, boss, f"c{number}", "C").created_at = now() + timedelta(
            days=-number
        )
    session.flush()
    assert [row.slug for row in campaigns.listed(session, boss)] == ["c4", "c3", "c2", "c1", "c0"]
