"""Proposals to mask: nothing is covered before a person accepts; what is refused stays refused."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

import factories
from survey_app.domain import Conflict, Forbidden
from survey_app.models import Annotation, Campaign, Job, Redaction, Testimony
from survey_app.permissions import Actor
from survey_app.runtime import Runtime
from survey_app.services import (
    erasure,
    jobs,
    masking,
    masking_confirm,
    masking_proposals,
    review,
)
from survey_app.services.works import WORKS

Actors = dict[str, Actor]
TEXT = "Karima monte six étages. karima a appelé Rose au 06 39 98 12 34.\n\nLe banc manque aussi."
PARTS = [{"question": "p1", "start": 0, "end": 64}, {"question": "p2", "start": 66, "end": 87}]
YES = dict.fromkeys(review.CHECKLIST, True)


def reviewed(
    session: Session, campaign: Campaign, actors: Actors, text: str = TEXT, **fields: object
) -> Testimony:
    held = factories.meeting(session, campaign, actors["councillor"], method="micro_trottoir")
    row = factories.testimony(session, held, text=text, collector=actors["councillor"])
    row.texts[0].parts = PARTS if text == TEXT else []
    review.take(session, actors["councillor2"], row)
    review.decide(session, actors["councillor2"], row, "accept", YES)
    return row


@pytest.fixture
def row(session: Session, campaign: Campaign, actors: Actors) -> Testimony:
    made = reviewed(session, campaign, actors)
    masking_proposals.refresh(session, made)
    return made


def open_words(session: Session, row: Testimony) -> list[tuple[str, str]]:
    text = review.working_text(row).text
    rows = masking_proposals.pending(session, row)
    return [(text[one.start : one.end], one.category) for one in rows]


def confirm_together(
    session: Session, who: Actor, rows: list[Testimony]
) -> list[masking_confirm.Kept]:
    """« Rien à masquer » for all of them as they stand; those that were not confirmed."""
    ticked = [(row, masking_confirm.shown(session, row)) for row in rows]
    return masking_confirm.confirm_batch(session, who, ticked, hasty=True)[1]


def test_proposals_cover_nothing_until_a_person_accepts(
    session: Session, actors: Actors, row: Testimony
) -> None:
    who = actors["councillor2"]
    assert open_words(session, row) == [
        ("Karima", "PRÉNOM"), ("karima", "PRÉNOM"), ("Rose", "PRÉNOM"),
        ("06 39 98 12 34", "TÉLÉPHONE"),
    ]  # fmt: skip
    assert masking.preview(session, who, row)[0] == TEXT
    first = masking_proposals.pending(session, row)[0]
    assert masking_proposals.accept(session, who, row, [first]) == 2
    masked, _ = masking.preview(session, who, row)
    assert masked.startswith("[PRÉNOM 1] monte six étages. [PRÉNOM 1] a appelé Rose")
    kept = masking.chosen(session, row)
    assert {one.origin for one in kept} == {"prenom"}
    assert {one.created_by for one in kept} == {who.account_id}


def test_what_is_refused_is_not_proposed_again_even_in_a_corrected_text(
    session: Session, actors: Actors, row: Testimony
) -> None:
    who = actors["councillor2"]
    rose = masking_proposals.pending(session, row)[2]
    assert masking_proposals.refuse(session, who, row, [rose]) == 1
    assert masking_proposals.refresh(session, row) == 0
    assert ("Rose", "PRÉNOM") not in open_words(session, row)
    with pytest.raises(Conflict):
        masking_proposals.accept(session, who, row, [rose])
    parts = [TEXT[:64].replace("six", "sept"), TEXT[66:]]
    review.correct(session, who, row, parts)
    assert masking_proposals.refresh(session, row) == 3
    assert [words for words, _ in open_words(session, row)] == [
        "Karima", "karima", "06 39 98 12 34",
    ]  # fmt: skip


def test_words_covered_by_hand_answer_their_proposal_and_taken_back_stay_shown(
    session: Session, actors: Actors, row: Testimony
) -> None:
    who = actors["councillor2"]
    masking.add_words(session, who, row, "Rose au 06 39 98 12 34", "AUTRE")
    assert [words for words, _ in open_words(session, row)] == ["Karima", "karima"]
    masking_proposals.accept(session, who, row, masking_proposals.pending(session, row))
    accepted = masking.chosen(session, row)[0]
    masking.remove(session, who, row, accepted, alike=True)
    masking_proposals.refresh(session, row)
    assert open_words(session, row) == []
    assert [one.category for one in masking.chosen(session, row)] == ["AUTRE"]


def test_who_may_not_mask_may_not_answer(session: Session, actors: Actors, row: Testimony) -> None:
    proposed = masking_proposals.pending(session, row)
    for name in ("councillor", "evaluator", "reader"):
        with pytest.raises(Forbidden):
            masking_proposals.accept(session, actors[name], row, proposed)
        with pytest.raises(Forbidden):
            masking_proposals.refuse(session, actors[name], row, proposed)
    assert len(masking_proposals.pending(session, row)) == 4


def test_the_batch_leaves_out_what_waits_for_an_answer_and_counts_it(
    session: Session, campaign: Campaign, actors: Actors, row: Testimony
) -> None:
    who = actors["councillor2"]
    plain = reviewed(session, campaign, actors, "Le banc manque.")
    named = reviewed(session, campaign, actors, "Fatoumata a raison.")
    rows, held = masking_proposals.batch(session, who, campaign)
    assert ([found.id for found, _ in rows], held) == ([plain.id], 2)
    (kept,) = confirm_together(session, who, [named])
    assert "proposés" in kept.why.message
    assert named.state == "reviewed"
    masking_proposals.refuse(session, who, named, masking_proposals.pending(session, named))
    rows, held = masking_proposals.batch(session, who, campaign)
    assert ([found.id for found, _ in rows], held) == ([plain.id, named.id], 1)
    assert confirm_together(session, who, [plain, named]) == []
    assert {plain.state, named.state} == {"masked"}


def test_the_names_of_the_campaign_s_places_are_not_proposed(
    session: Session, campaign: Campaign, actors: Actors
) -> None:
    campaign.neighbourhoods[0].name = "Les Camille"
    made = reviewed(session, campaign, actors, "On habite Camille depuis dix ans.")
    assert masking_proposals.refresh(session, made) == 0


def test_the_job_adds_what_the_model_reads_and_erasing_leaves_nothing(runtime: Runtime) -> None:
    with runtime.database.writing() as session:
        council = factories.council(session)
        actors = factories.actors(session, council)
        campaign = factories.campaign(session, council)
        key = reviewed(session, campaign, actors, "Hier ma voisine guerline est tombée.").id
        who = actors["councillor2"]
        job = jobs.create(session, who, "names", campaign.id, campaign=campaign.slug)
    ended = jobs.run(runtime, job.id, WORKS)
    assert (ended.state, ended.result) == ("done", {"texts": 1})
    with runtime.database.writing() as session:
        testimony = session.get_one(Testimony, key)
        assert ("guerline", "PRÉNOM") in open_words(session, testimony)
        assert masking_proposals.unread(session, who, testimony.campaign) == []
        erasure.erase(session, actors["coordinator"], runtime, key, "request")
    with runtime.database.reading() as session:
        for model in (Annotation, Redaction):
            assert session.scalar(select(func.count()).select_from(model)) == 0
        assert session.scalar(select(func.count()).select_from(Job)) == 1


def test_the_job_is_refused_to_who_may_not_mask(runtime: Runtime, session: Session) -> None:
    council = factories.council(session)
    reader = factories.actors(session, council)["reader"]
    with pytest.raises(Forbidden):
        masking_proposals.work(runtime, reader, {"campaign": "essai"}, lambda *_: None)
