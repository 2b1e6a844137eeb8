"""Around campaigns: signers, words for the questionnaires, queues, register, journal."""

from __future__ import annotations

from datetime import date

import pytest

import factories
from questionnaires import library
from survey_app.domain import Forbidden, Invalid
from survey_app.services import campaigns, register, signers

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


def test_signers_are_two_people_who_may_sign(session, boss, actors, council, draft):
    body = actors["councillor2"].account_id
    signers.name(session, boss, draft, coordinator=boss.account_id, body=body)
    named = signers.named(session, draft)
    assert {capacity: row.id for capacity, row in named.items()} == {
        "coordinator": boss.account_id,
        "body": body,
    }
    both = factories.account(session, council, "double", "coordinator", mandate=True)
    with pytest.raises(Invalid, match="deux fois"):
        signers.name(session, boss, draft, coordinator=both.id, body=both.id)
    without_mandate = actors["councillor"].account_id
    with pytest.raises(Invalid, match="Instance d’habitants"):
        signers.name(session, boss, draft, coordinator=boss.account_id, body=without_mandate)
    with pytest.raises(Invalid, match="Coordination"):
        signers.name(session, boss, draft, coordinator=body, body=None)
    signers.name(session, boss, draft, coordinator=both.id, body=None)
    assert {key: row.id for key, row in signers.named(session, draft).items()} == {
        "coordinator": both.id
    }


def test_placeholders_fill_every_text_of_the_questionnaires(draft):
    values = campaigns.placeholders(draft, draft.neighbourhoods[0])
    assert set(library.PLACEHOLDERS) - set(values) == {"code_retrait"}
    assert values["quartier"] == "Centre Ville"
    assert values["date_fin_conservation"] == "1er janvier 2090"
    assert campaigns.in_full(date(2027, 12, 31)) == "31 décembre 2027"
    assert campaigns.in_full(None) == "date à fixer"


def test_queues_count_the_councils_testimonies(session, actors, campaign, other_council):
    meeting = factories.meeting(session, campaign)
    for state in ("to_review", "deposited", "reviewed", "masked", "coded", "filed", "set_aside"):
        factories.testimony(session, meeting, state=state)
    elsewhere = factories.campaign(session, other_council, "voisine")
    factories.testimony(session, factories.meeting(session, elsewhere))
    assert campaigns.queues(session, actors["coordinator"]) == {
        "a-relire": 2,
        "a-masquer": 1,
        "a-coder": 1,
        "pret": 2,
    }
    with pytest.raises(Forbidden):
        campaigns.queues(session, actors["admin"])


def test_the_register_counts_and_holds_no_words(session, actors, campaign, other_council):
    meeting = factories.meeting(session, campaign)
    factories.testimony(session, meeting)
    factories.testimony(session, meeting, cite="refused")
    (entry,) = register.treatments(session, actors["dpo"])
    assert (entry.testimonies, entry.meetings, entry.with_code, entry.contacts) == (2, 1, 0, 0)
    assert entry.consents == {"noter": {"granted": 2}, "citer": {"granted": 1, "refused": 1}}
    assert register.erased(session, actors["dpo"]) == {}
    theirs = factories.actors(session, other_council, "-voisin")
    assert register.treatments(session, theirs["dpo"]) == []
    for role in ("councillor", "evaluator", "reader", "admin"):
        with pytest.raises(Forbidden):
            register.treatments(session, actors[role])


def test_the_journal_is_read_page_by_page(session, actors, boss, draft, other_council):
    campaigns.make_ready(session, boss, draft)
    first = register.journal_page(session, actors["admin"], size=2)
    assert [line.what for line in first.lines] == ["changement d’état", "campagne créée"]
    assert first.lines[0].who == "Coordinator"
    assert first.lines[0].details == "de « brouillon » à « prête »"
    rest = register.journal_page(session, actors["admin"], before=first.older, size=50)
    assert [line.what for line in rest.lines] == ["version publiée"] * 3
    assert rest.older is None
    theirs = factories.actors(session, other_council, "-voisin")
    assert register.journal_page(session, theirs["dpo"], before=first.older).lines == []
    for role in ("councillor", "coordinator", "evaluator", "reader"):
        with pytest.raises(Forbidden):
            register.journal_page(session, actors[role])
