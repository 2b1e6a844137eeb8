"""Syntheses: drafted, rewritten, signed by two people, published; and how words leave them."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import delete
from sqlalchemy.orm import Session

import factories
import results_cases as cases
from analysis import synthesis as documents
from survey_app.domain import Conflict, Forbidden, Invalid, NotFound
from survey_app.models import Campaign, Council, Synthesis, Testimony
from survey_app.permissions import Actor
from survey_app.services import drafting, kept, mandates, signers, syntheses, syntheses_erasure

Actors = dict[str, Actor]


@pytest.fixture
def rows(session: Session, campaign: Campaign, actors: Actors) -> list[Testimony]:
    return cases.spoken(session, campaign, actors)


@pytest.fixture
def draft(session: Session, campaign: Campaign, actors: Actors, rows: list[Testimony]) -> Synthesis:
    return syntheses.draft(session, actors["coordinator"], campaign)


def published(session: Session, campaign: Campaign, actors: Actors, row: Synthesis) -> None:
    syntheses.submit(session, actors["coordinator"], row, campaign)
    syntheses.sign(session, actors["coordinator"], row, campaign, "coordinator")
    syntheses.sign(session, actors["councillor2"], row, campaign, "body")
    syntheses.publish(session, actors["coordinator"], row, campaign)


def edit(**changes: Any) -> documents.Edit:
    return documents.Edit(**({"sentence": "Nous avons entendu des avis opposés."} | changes))


def words(row: Synthesis) -> str:
    return json.dumps(kept.whole(row), ensure_ascii=False)


def test_a_draft_says_it_is_one_and_counts_what_was_coded(draft: Synthesis) -> None:
    document = syntheses.document(draft)
    assert (draft.version, draft.state, document.draft) == (1, "draft", True)
    found = {finding.theme: finding.counts.testimonies for finding in document.findings}
    assert found == {"LOG": 4, "CAD": 1}
    assert document.heard.counts.testimonies == 5


def test_the_annex_is_kept_apart_and_comes_back_with_the_whole(draft: Synthesis) -> None:
    whole, light = syntheses.document(draft), syntheses.document(draft, traced=False)
    assert len(whole.trace.rows) == len(draft.trace) > 0
    assert draft.document["trace"]["rows"] == []
    assert light == replace(whole, trace=replace(whole.trace, rows=()))
    assert kept.read(draft, traced=True) == documents.from_dict(kept.whole(draft))


def test_what_may_not_be_quoted_is_in_no_document(draft: Synthesis) -> None:
    assert cases.SECRET not in words(draft)
    assert cases.LIFT in words(draft)


def test_people_keep_their_sentences_when_the_draft_is_computed_again(
    session: Session, campaign: Campaign, actors: Actors, rows: list[Testimony], draft: Synthesis
) -> None:
    coordinator = actors["coordinator"]
    syntheses.rewrite(session, coordinator, draft, "LOG", edit(limit="Peu d’aînés."))
    cases.coded(session, rows[1], "LOG1", coordinator)
    syntheses.draft(session, coordinator, campaign)
    mine = {finding.theme: finding for finding in draft.findings}
    assert mine["LOG"].sentence == "Nous avons entendu des avis opposés."
    assert mine["LOG"].limit == "Peu d’aînés."
    document = syntheses.document(draft)
    by_theme = {finding.theme: finding for finding in document.findings}
    assert by_theme["LOG"].sentence == "Nous avons entendu des avis opposés."
    assert by_theme["LOG"].counts.testimonies == 5


def test_a_sentence_nobody_touched_follows_the_counts(
    session: Session, campaign: Campaign, actors: Actors, rows: list[Testimony], draft: Synthesis
) -> None:
    mine = {finding.theme: finding for finding in draft.findings}
    assert mine["LOG"].sentence.startswith("4 témoignages sur 5")
    syntheses.rewrite(session, actors["coordinator"], draft, "LOG", edit(sentence=None, quotes=()))
    cases.coded(session, rows[1], "LOG1", actors["coordinator"])
    syntheses.draft(session, actors["coordinator"], campaign)
    assert mine["LOG"].sentence.startswith("5 témoignages sur 5")
    assert syntheses.document(draft).findings[0].excerpts == ()


def test_a_finding_that_is_kept_needs_a_sentence(
    session: Session, actors: Actors, draft: Synthesis
) -> None:
    coordinator = actors["coordinator"]
    with pytest.raises(Invalid, match="phrase"):
        syntheses.rewrite(session, coordinator, draft, "LOG", edit(sentence=" "))
    with pytest.raises(Invalid, match="nature"):
        syntheses.rewrite(session, coordinator, draft, "LOG", edit(nature="rumeur"))
    with pytest.raises(NotFound):
        syntheses.rewrite(session, coordinator, draft, "SAN", edit())
    syntheses.rewrite(session, coordinator, draft, "LOG", edit(sentence="", kept=False))
    document = syntheses.document(draft)
    assert [finding.theme for finding in document.findings] == ["CAD"]
    assert document.set_aside == 1


def test_two_people_do_not_write_over_each_other(
    session: Session, actors: Actors, draft: Synthesis
) -> None:
    seen = syntheses.stamp(draft.findings[0])
    syntheses.rewrite(session, actors["coordinator"], draft, "LOG", edit(), seen)
    with pytest.raises(Conflict, match="autre personne"):
        syntheses.rewrite(session, actors["evaluator"], draft, "LOG", edit(nuance="Si."), seen)
    assert draft.findings[0].nuance == ""


def test_a_false_number_stops_the_signature(
    session: Session, campaign: Campaign, actors: Actors, draft: Synthesis
) -> None:
    coordinator = actors["coordinator"]
    wrong = "3 témoignages sur 5 parlent du logement."
    syntheses.rewrite(session, coordinator, draft, "LOG", edit(sentence=wrong))
    assert any("ne confirment pas" in said for said in _problems(session, coordinator, draft))
    with pytest.raises(Conflict, match="ne confirment pas"):
        syntheses.submit(session, coordinator, draft, campaign)
    assert draft.state == "draft"


def _problems(session: Session, actor: Actor, row: Synthesis) -> list[str]:
    return syntheses.problems(session, actor, row, session.get_one(Campaign, row.campaign_id))


def test_a_coding_after_the_draft_stops_the_signature(
    session: Session, campaign: Campaign, actors: Actors, rows: list[Testimony], draft: Synthesis
) -> None:
    assert _problems(session, actors["coordinator"], draft) == []
    cases.coded(session, rows[1], "LOG1", actors["coordinator"])
    assert any(
        "codages ont changé" in said for said in _problems(session, actors["coordinator"], draft)
    )


def test_two_different_people_sign(
    session: Session, campaign: Campaign, actors: Actors, draft: Synthesis
) -> None:
    coordinator, body = actors["coordinator"], actors["councillor2"]
    with pytest.raises(Conflict):
        syntheses.sign(session, coordinator, draft, campaign, "coordinator")
    syntheses.submit(session, coordinator, draft, campaign)
    with pytest.raises(Forbidden, match="mandat"):
        syntheses.sign(session, actors["councillor"], draft, campaign, "body")
    with pytest.raises(Forbidden, match="coordination"):
        syntheses.sign(session, body, draft, campaign, "coordinator")
    with pytest.raises(Invalid):
        syntheses.sign(session, coordinator, draft, campaign, "ville")
    syntheses.sign(session, coordinator, draft, campaign, "coordinator")
    with pytest.raises(Conflict, match="déjà signé"):
        syntheses.sign(session, replace(coordinator, mandate=True), draft, campaign, "body")
    assert draft.state == "cross_review"
    syntheses.sign(session, body, draft, campaign, "body")
    assert draft.state == "validated"


def test_the_page_says_who_may_sign(
    session: Session, campaign: Campaign, actors: Actors, draft: Synthesis
) -> None:
    by_capacity = {
        voice.capacity: voice
        for voice in mandates.voices(session, actors["councillor"], draft, campaign)
    }
    assert by_capacity["coordinator"].expected == ("Coordinator",)
    assert by_capacity["body"].expected == ("Councillor2",)
    assert "mandat" in by_capacity["body"].refusal
    signers.name(
        session,
        actors["coordinator"],
        campaign,
        coordinator=actors["coordinator"].account_id,
        body=actors["councillor2"].account_id,
    )
    mine = mandates.voices(session, actors["coordinator"], draft, campaign)[0]
    assert (mine.expected, mine.refusal) == (("Coordinator",), "")


def test_what_was_signed_is_what_is_published(
    session: Session, campaign: Campaign, actors: Actors, draft: Synthesis
) -> None:
    published(session, campaign, actors, draft)
    document = syntheses.document(draft)
    assert (draft.state, document.draft, document.identity.status) == (
        "published",
        False,
        "publiée",
    )
    with pytest.raises(Conflict, match="ne se modifie plus"):
        syntheses.rewrite(session, actors["coordinator"], draft, "LOG", edit())


def test_what_changed_after_the_signatures_is_not_published(
    session: Session, campaign: Campaign, actors: Actors, rows: list[Testimony], draft: Synthesis
) -> None:
    coordinator = actors["coordinator"]
    syntheses.submit(session, coordinator, draft, campaign)
    syntheses.sign(session, coordinator, draft, campaign, "coordinator")
    syntheses.sign(session, actors["councillor2"], draft, campaign, "body")
    cases.coded(session, rows[1], "LOG1", coordinator)
    with pytest.raises(Conflict, match="codages ont changé"):
        syntheses.publish(session, coordinator, draft, campaign)
    assert (draft.state, draft.published_at) == ("validated", None)


def test_reopening_takes_the_signatures_away(
    session: Session, campaign: Campaign, actors: Actors, draft: Synthesis
) -> None:
    syntheses.submit(session, actors["coordinator"], draft, campaign)
    with pytest.raises(Conflict, match="relecture contradictoire"):
        syntheses.draft(session, actors["coordinator"], campaign)
    syntheses.sign(session, actors["coordinator"], draft, campaign, "coordinator")
    syntheses.reopen(session, actors["coordinator"], draft)
    assert (draft.state, draft.signatures) == ("draft", [])


def test_a_new_version_begins_with_what_people_wrote_and_replaces_the_old_one(
    session: Session, campaign: Campaign, actors: Actors, draft: Synthesis
) -> None:
    syntheses.rewrite(session, actors["coordinator"], draft, "LOG", edit())
    published(session, campaign, actors, draft)
    second = syntheses.draft(session, actors["coordinator"], campaign, "Une rencontre de plus.")
    assert (second.version, second.correction_reason) == (2, "Une rencontre de plus.")
    assert second.findings[0].sentence == "Nous avons entendu des avis opposés."
    published(session, campaign, actors, second)
    assert (draft.state, second.state) == ("rectified", "published")


def test_a_reader_finds_published_versions_only(
    session: Session, campaign: Campaign, actors: Actors, draft: Synthesis
) -> None:
    reader = actors["reader"]
    assert syntheses.listed(session, reader, campaign) == []
    for find in (
        lambda: syntheses.get(session, reader, draft.id),
        lambda: syntheses.by_version(session, reader, campaign, 1),
    ):
        with pytest.raises(NotFound):
            find()
    published(session, campaign, actors, draft)
    assert syntheses.by_version(session, reader, campaign, 1) is draft
    with pytest.raises(Forbidden):
        syntheses.draft(session, reader, campaign)


def test_another_council_finds_nothing(
    session: Session, draft: Synthesis, other_council: Council, actors: Actors
) -> None:
    stranger = factories.actors(session, other_council, suffix="-voisin")["coordinator"]
    with pytest.raises(NotFound):
        syntheses.get(session, stranger, draft.id)


def test_words_leave_a_published_synthesis_and_only_those_words(
    session: Session, campaign: Campaign, actors: Actors, rows: list[Testimony], draft: Synthesis
) -> None:
    borrowed = "Quelqu’un dit que l’ascenseur tombe en panne et qu’il faut monter."
    syntheses.rewrite(session, actors["coordinator"], draft, "LOG", edit(sentence=borrowed))
    published(session, campaign, actors, draft)
    syntheses_erasure.leave(session, actors["coordinator"], rows[0], erased=True)
    assert draft.state == "to_rectify"
    left = words(draft)
    assert cases.LIFT not in left
    assert "tombe en panne et" not in left
    assert syntheses_erasure.REMOVED in left
    assert cases.STAIRS in left
    assert syntheses.document(draft).pictures == ()


def test_words_leave_a_signed_draft_which_is_computed_again(
    session: Session, campaign: Campaign, actors: Actors, rows: list[Testimony], draft: Synthesis
) -> None:
    coordinator = actors["coordinator"]
    syntheses.rewrite(session, coordinator, draft, "CAD", edit(sentence="Un banc : voix isolée."))
    syntheses.submit(session, coordinator, draft, campaign)
    syntheses.sign(session, coordinator, draft, campaign, "coordinator")
    syntheses_erasure.leave(session, coordinator, rows[0], erased=True)
    assert (draft.state, draft.signatures, draft.document) == ("draft", [], {})
    with pytest.raises(Conflict, match="à recalculer"):
        syntheses.document(draft)
    session.execute(delete(Testimony).where(Testimony.id == rows[0].id))
    syntheses_erasure.redraft(session, coordinator, campaign)
    document = syntheses.document(draft)
    assert {f.theme: f.counts.testimonies for f in document.findings} == {"LOG": 3, "CAD": 1}
    kept = {finding.theme: finding for finding in draft.findings}
    assert kept["CAD"].sentence == "Un banc : voix isolée."
    assert drafting.is_rewritten(kept["CAD"])
