"""From draft to version: numbers, sameness, what never changes, who may do it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

import factories
from editor_cases import Q01, Q03, change, retitled
from questionnaires import editing, library, versions
from survey_app.domain import Conflict, Forbidden, Invalid, NotFound
from survey_app.models import AuditEvent, Campaign, QuestionnaireDraft, QuestionnaireVersion
from survey_app.permissions import Actor
from survey_app.services import (
    publishing,
    questionnaire_edits,
    questionnaire_publishing,
    questionnaires,
)


@pytest.fixture
def desk(session: Session, actors: dict[str, Actor]) -> Actor:
    return actors["coordinator"]


@pytest.fixture
def draft(session: Session, desk: Actor) -> QuestionnaireDraft:
    return questionnaires.begin_from_shelf(session, desk, Q01)


def test_removing_the_phrase_read_back_is_possible_and_blocks_publication(session, desk, draft):
    change(session, desk, draft, lambda q: editing.remove_question(q, "phrase_relue"))
    with pytest.raises(Invalid, match="encore à régler"):
        publish(session, desk, draft, "1.2.0")
    questionnaire_edits.undo(session, desk, draft, draft.revision)
    assert questionnaire_publishing.problems(questionnaires.model(draft)) == []


def test_a_language_half_translated_blocks_publication(session, desk):
    draft = questionnaires.begin_from_shelf(session, desk, Q03)  # in French and in Arabic
    change(session, desk, draft, lambda q: editing.add_question(q, "ici", "text", "Et après ?")[0])
    (left,) = questionnaire_publishing.problems(questionnaires.model(draft))
    assert "Il manque la traduction" in left.message
    with pytest.raises(Invalid, match="encore à régler"):
        publish(session, desk, draft, "9.0.0")


def publish(session, desk, draft, number):
    return questionnaire_publishing.publish(session, desk, draft, draft.revision, number)


def test_publishing_makes_a_version_and_closes_the_draft(session, desk, draft):
    change(session, desk, draft, retitled("Notre entretien"))
    assert questionnaire_publishing.proposed(session, desk, draft) == "1.1.1"
    row = publish(session, desk, draft, "1.1.1")
    model = replace(library.load(Q01), title={"fr": "Notre entretien"}, version="1.1.1")
    assert versions.from_dict(row.document) == model
    assert row.fingerprint == versions.fingerprint(model)
    assert row.language_level.isdigit()
    assert session.scalars(select(QuestionnaireDraft)).all() == []
    line = session.scalars(select(AuditEvent).where(AuditEvent.action == "published")).one()
    assert line.details == {"name": Q01, "version": "1.1.1"}


def test_another_question_is_a_larger_step(session, desk, draft):
    change(
        session, desk, draft, lambda q: editing.add_question(q, "idees", "text", "Et encore ?")[0]
    )
    assert questionnaire_publishing.proposed(session, desk, draft) == "1.2.0"


@pytest.mark.parametrize("number", ["", "un", "1.1.0", "1.0.9", "1.1", "1.2.0.0", "1.-2", "1,2"])
def test_a_number_follows_those_already_given(session, desk, draft, number):
    change(session, desk, draft, retitled("Notre entretien"))
    with pytest.raises(Invalid, match="Rien n’a été publié"):
        publish(session, desk, draft, number)
    assert session.scalars(select(QuestionnaireVersion)).all() == []


def test_what_is_already_said_is_not_published_twice(session, desk, draft):
    with pytest.raises(Conflict, match=r"la même chose que la version 1\.1\.0"):
        publish(session, desk, draft, "1.2.0")
    change(session, desk, draft, retitled("Notre entretien"))
    publish(session, desk, draft, "1.2.0")
    again = questionnaires.begin_from_shelf(session, desk, Q01)
    change(session, desk, again, retitled("Notre entretien"))
    with pytest.raises(Conflict, match=r"la même chose que la version 1\.2\.0"):
        publish(session, desk, again, "1.3.0")


def test_a_version_never_changes(session, desk, draft):
    change(session, desk, draft, retitled("Notre entretien"))
    row = publish(session, desk, draft, "1.2.0")
    before = (row.fingerprint, versions.canonical(versions.from_dict(row.document)))
    follow = questionnaires.begin_from_version(session, desk, row.id)
    assert follow.base_id == row.id
    change(session, desk, follow, retitled("Encore autre chose"))
    questionnaire_edits.undo(session, desk, follow, follow.revision)
    questionnaires.retire(session, desk, row)
    session.flush()
    session.expire(row)
    assert (row.fingerprint, versions.canonical(versions.from_dict(row.document))) == before
    row.document = {**row.document, "title": {"fr": "Réécrit"}}
    with pytest.raises(publishing.SealedError):
        session.flush()


def test_a_campaign_in_progress_keeps_its_version(session, desk, campaign: Campaign):
    asked = {row.name: row for row in campaign.questionnaires}
    row = questionnaires.begin_from_version(session, desk, asked[Q01].id)
    change(session, desk, row, retitled("Notre entretien"))
    made = publish(session, desk, row, "2.0.0")
    session.refresh(campaign)
    assert asked[Q01] in campaign.questionnaires
    assert made not in campaign.questionnaires
    with pytest.raises(Conflict, match="sert encore dans une campagne : « Vivre ici »"):
        questionnaires.retire(session, desk, asked[Q01])
    questionnaires.retire(session, desk, made)
    assert made.state == "retired"
    campaign.state = "returned"
    questionnaires.retire(session, desk, asked[Q01])
    assert asked[Q01].state == "retired"


def test_families_gather_the_versions(session, desk, campaign):
    found = {family.name: family for family in questionnaires.families(session, desk)}
    assert set(found) == {Q01, Q03}
    assert found[Q01].campaigns == 1
    row = questionnaires.begin_from_version(session, desk, found[Q01].versions[0].id)
    change(session, desk, row, retitled("Notre entretien"))
    made = publish(session, desk, row, "2.0.0")
    family = {f.name: f for f in questionnaires.families(session, desk)}[Q01]
    assert family.title == "Notre entretien"
    assert [row.version for row in family.versions] == ["2.0.0", "1.1.0"]
    before = questionnaires.previous(session, desk, made)
    assert before is not None
    assert before.version == "1.1.0"
    assert questionnaires.previous(session, desk, before) is None


@pytest.mark.parametrize("role", ["councillor", "evaluator", "reader", "admin", "dpo"])
def test_only_the_coordination_writes(session, actors, draft, role):
    for attempt in (
        lambda: questionnaires.drafts(session, actors[role]),
        lambda: questionnaires.draft(session, actors[role], draft.id),
        lambda: questionnaires.begin_from_shelf(session, actors[role], Q03),
        lambda: questionnaires.begin_blank(session, actors[role], "Titre", "record"),
        lambda: change(session, actors[role], draft, retitled("Non")),
        lambda: questionnaire_edits.undo(session, actors[role], draft, draft.revision),
        lambda: publish(session, actors[role], draft, "9.0.0"),
        lambda: questionnaires.drop(session, actors[role], draft),
    ):
        with pytest.raises(Forbidden):
            attempt()
    assert draft in session


def test_the_other_council_sees_nothing(session, other_council, desk, draft, campaign):
    stranger = factories.actors(session, other_council, "-voisin")["coordinator"]
    assert questionnaires.families(session, stranger) == []
    assert questionnaires.drafts(session, stranger) == []
    for attempt in (
        lambda: questionnaires.draft(session, stranger, draft.id),
        lambda: questionnaires.version(session, stranger, campaign.questionnaires[0].id),
        lambda: questionnaires.begin_from_version(session, stranger, campaign.questionnaires[0].id),
        lambda: questionnaires.retire(session, stranger, campaign.questionnaires[0]),
        lambda: change(session, stranger, draft, retitled("Volé")),
    ):
        with pytest.raises(NotFound):
            attempt()
