"""A campaign passes to a version of its grid: codings follow, are shared out, and come back."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

import factories
from analysis.codebook_steps import Change
from survey_app.domain import Conflict, Invalid
from survey_app.models import (
    AgreementRound,
    Campaign,
    CodebookChange,
    CodebookVersion,
    Coding,
    SuggestionSheet,
    Synthesis,
    Testimony,
)
from survey_app.permissions import Actor
from survey_app.services import coding, grid_drafts, grid_moves, grid_sharing, grids, syntheses

TEXT = "Il y a de la moisissure. Le chauffage est cassé. La rue est sale. Le marché est loin."
PARTS: tuple[dict[str, Any], ...] = tuple(
    {"code": name, "label": name, "definition": name} for name in ("LOG8", "LOG9")
)
CHANGES = (
    Change("split", code="LOG1", parts=PARTS),
    Change("merge", code="CAD1", codes=("CAD2",)),
    Change("rename", code="MOB1", target="MOB20"),
    Change("retire", code="ECO"),
)


@pytest.fixture
def testimony(session: Session, campaign: Campaign, actors: dict[str, Actor]) -> Testimony:
    """Four sentences coded by one person, two of them by another."""
    meeting = factories.meeting(session, campaign)
    row = factories.testimony(session, meeting, text=TEXT, masked=TEXT)
    for index, codes in (
        (0, ["LOG1"]),
        (1, ["LOG1", "MOB1"]),
        (2, ["CAD1", "CAD2"]),
        (3, ["ECO1"]),
    ):
        coding.code_sentences(session, actors["evaluator"], row, [index], codes)
    coding.code_sentences(session, actors["councillor"], row, [0], ["LOG1"])
    coding.code_sentences(session, actors["councillor"], row, [2], ["CAD2"])
    return row


@pytest.fixture
def me(actors: dict[str, Actor]) -> Actor:
    return actors["coordinator"]


@pytest.fixture
def publish(session: Session, campaign: Campaign, me: Actor) -> Callable[..., CodebookVersion]:
    """Publish the next version with these changes."""

    def made(*changes: Change, number: str = "") -> CodebookVersion:
        last = grids.versions(session, me, "grille-contrat-de-ville")[0]
        row = grid_drafts.begin(session, me, last)
        for change in changes:
            grid_drafts.change(session, me, row, row.revision, change)
        number = number or grid_drafts.proposed(session, me, row)
        return grid_drafts.publish(session, me, row, row.revision, number, "Pourquoi.")

    return made


def counted(session: Session) -> list[tuple[str, int]]:
    """Each code that counts, and how many times."""
    session.expire_all()
    codes = list(session.scalars(select(Coding.code).where(Coding.state == "validated")))
    return sorted((code, codes.count(code)) for code in set(codes))


BEFORE = [("CAD1", 1), ("CAD2", 2), ("ECO1", 1), ("LOG1", 3), ("MOB1", 1)]
AFTER = [("CAD1", 2), ("LOG8", 3), ("MOB20", 1)]


def test_codings_follow_and_all_come_back(
    session: Session, campaign: Campaign, testimony: Testimony, me: Actor, publish: Any
) -> None:
    target = publish(*CHANGES)
    assert target.version == "2.0.0"
    assert counted(session) == BEFORE
    plan = grid_moves.plan(session, me, campaign, target)
    assert (plan.total, plan.renamed, plan.merged, plan.shared) == (8, 2, 1, 3)
    assert plan.retired == {"ECO1": 1}
    old = campaign.codebook_version_id
    change = grid_moves.apply(session, me, campaign, target, old)
    assert change is not None
    assert counted(session) == AFTER
    assert campaign.codebook_version_id == target.id
    assert {row.codebook_version_id for row in session.scalars(select(Coding))} == {target.id}
    assert grid_sharing.count(session, change) == 3
    grid_moves.undo(session, me, campaign, change)
    assert counted(session) == BEFORE
    assert campaign.codebook_version_id == old
    assert grid_moves.latest(session, me, campaign) is None


def test_codings_are_shared_out_in_one_or_several_codes(
    session: Session, campaign: Campaign, testimony: Testimony, me: Actor, publish: Any
) -> None:
    change = grid_moves.apply(session, me, campaign, publish(*CHANGES))
    assert change is not None
    first, second, third = grid_sharing.waiting(session, me, change)
    assert first.quote == "Il y a de la moisissure."
    assert (first.before, first.now, first.options) == ("LOG1", "LOG8", ("LOG8", "LOG9"))
    chosen = {first.coding_id: ["LOG9"], second.coding_id: ["LOG8", "LOG9"]}
    assert grid_sharing.share(session, me, campaign, change, chosen) == 2
    assert counted(session) == [("CAD1", 2), ("LOG8", 2), ("LOG9", 2), ("MOB20", 1)]
    with pytest.raises(Invalid, match="ne vient pas de cette division"):
        grid_sharing.share(session, me, campaign, change, {third.coding_id: ["MOB20"]})
    assert grid_sharing.share(session, me, campaign, change, {uuid.uuid4(): ["LOG9"]}) == 0
    assert grid_sharing.leave(session, me, campaign, change) == 1
    assert grid_sharing.count(session, change) == 0
    grid_moves.undo(session, me, campaign, change)
    assert counted(session) == BEFORE


def test_what_was_taken_off_or_erased_no_longer_waits(
    session: Session,
    campaign: Campaign,
    testimony: Testimony,
    actors: dict[str, Actor],
    publish: Any,
) -> None:
    me = actors["coordinator"]
    change = grid_moves.apply(session, me, campaign, publish(*CHANGES))
    assert change is not None
    first, second, _ = grid_sharing.waiting(session, me, change)
    row = session.get_one(Coding, second.coding_id)
    by = next(actor for actor in actors.values() if actor.account_id == row.coder_id)
    coding.remove(session, by, testimony, row)
    session.delete(session.get_one(Coding, first.coding_id))
    session.flush()
    assert grid_sharing.count(session, change) == 1
    assert len(grid_sharing.waiting(session, me, change, most=1)) == 1
    grid_moves.undo(session, me, campaign, change)
    assert ("LOG1", 1) in counted(session)


def test_a_shared_coding_joins_the_one_that_is_there(
    session: Session,
    campaign: Campaign,
    testimony: Testimony,
    actors: dict[str, Actor],
    publish: Any,
) -> None:
    me = actors["coordinator"]
    change = grid_moves.apply(session, me, campaign, publish(*CHANGES))
    assert change is not None
    coding.code_sentences(session, actors["evaluator"], testimony, [1], ["LOG9"])
    items = grid_sharing.waiting(session, me, change)
    mine = next(item for item in items if item.quote == "Le chauffage est cassé.")
    grid_sharing.share(session, me, campaign, change, {mine.coding_id: ["LOG9"]})
    assert counted(session) == [("CAD1", 2), ("LOG8", 2), ("LOG9", 1), ("MOB20", 1)]
    grid_moves.undo(session, me, campaign, change)
    assert counted(session) == BEFORE


def test_what_was_coded_since_follows_back_or_stops_it(
    session: Session,
    campaign: Campaign,
    testimony: Testimony,
    actors: dict[str, Actor],
    publish: Any,
) -> None:
    me = actors["coordinator"]
    added = Change("add", theme="LOG", parts=({**PARTS[0], "code": "LOG30"},))
    change = grid_moves.apply(session, me, campaign, publish(*CHANGES, added))
    assert change is not None
    coding.code_sentences(session, actors["evaluator"], testimony, [3], ["LOG9"])
    step = coding.code_sentences(session, actors["evaluator"], testimony, [3], ["LOG30"])
    assert step is not None
    with pytest.raises(Conflict, match="portent déjà LOG30"):
        grid_moves.undo(session, me, campaign, change)
    coding.undo(session, actors["evaluator"], testimony)
    grid_moves.undo(session, me, campaign, change)
    assert counted(session) == [("CAD1", 1), ("CAD2", 2), ("ECO1", 1), ("LOG1", 4), ("MOB1", 1)]


def test_two_versions_may_be_passed_at_once(
    session: Session, campaign: Campaign, testimony: Testimony, me: Actor, publish: Any
) -> None:
    publish(*CHANGES)
    target = publish(Change("merge", code="LOG8", codes=("LOG9",)), Change("retire", code="CAD1"))
    change = grid_moves.apply(session, me, campaign, target)
    assert change is not None
    assert counted(session) == [("LOG8", 3), ("MOB20", 1)]
    assert grid_sharing.count(session, change) == 0
    grid_moves.undo(session, me, campaign, change)
    assert counted(session) == BEFORE


def test_drafts_of_syntheses_are_written_again_and_suggestions_forgotten(
    session: Session, campaign: Campaign, testimony: Testimony, me: Actor, publish: Any
) -> None:
    row = syntheses.draft(session, me, campaign)
    masked = testimony.text("masked")
    assert masked is not None
    session.add(
        SuggestionSheet(
            text_version_id=masked.id,
            council_id=me.council_id,
            campaign_id=campaign.id,
            model="grille",
        )
    )
    assert "LOG" in {finding.theme for finding in row.findings}
    grid_moves.apply(session, me, campaign, publish(Change("retire", code="LOG")))
    session.refresh(row)
    assert row.document["identity"]["codebook_version"] == "grille-contrat-de-ville 2.0.0"
    assert "LOG" not in {finding.theme for finding in row.findings}
    assert session.scalars(select(SuggestionSheet)).all() == []


@pytest.mark.parametrize("state", ["cross_review", "validated"])
def test_a_grid_does_not_change_under_a_signature(
    session: Session,
    campaign: Campaign,
    testimony: Testimony,
    me: Actor,
    publish: Any,
    state: str,
) -> None:
    target = publish(*CHANGES)
    session.add(
        Synthesis(council_id=me.council_id, campaign_id=campaign.id, document={}, state=state)
    )
    session.flush()
    with pytest.raises(Conflict, match="synthèse est"):
        grid_moves.apply(session, me, campaign, target)
    assert counted(session) == BEFORE


def test_a_signed_synthesis_closes_the_way_back(
    session: Session,
    campaign: Campaign,
    testimony: Testimony,
    actors: dict[str, Actor],
    publish: Any,
) -> None:
    me = actors["coordinator"]
    change = grid_moves.apply(session, me, campaign, publish(*CHANGES))
    assert change is not None
    row = syntheses.draft(session, me, campaign)
    row.signatures = [
        syntheses.Signature(
            council_id=me.council_id,
            account_id=me.account_id,
            capacity="coordinator",
            fingerprint="0" * 64,
        )
    ]
    row.state = "published"
    session.flush()
    assert "a été signée" in grid_moves.why_not_undo(session, me, change)
    with pytest.raises(Conflict, match="a été signée"):
        grid_moves.undo(session, me, campaign, change)
    assert counted(session) == AFTER


def test_a_blind_round_a_closed_campaign_or_an_old_page_stop_it(
    session: Session,
    campaign: Campaign,
    testimony: Testimony,
    actors: dict[str, Actor],
    publish: Any,
) -> None:
    me, target = actors["coordinator"], publish(*CHANGES)
    with pytest.raises(Conflict, match="a changé entre-temps"):
        grid_moves.apply(session, me, campaign, target, target.id)
    opened = AgreementRound(
        council_id=me.council_id,
        campaign_id=campaign.id,
        first_coder_id=actors["evaluator"].account_id,
        second_coder_id=actors["councillor"].account_id,
    )
    session.add(opened)
    session.flush()
    with pytest.raises(Conflict, match="double codage est en cours"):
        grid_moves.apply(session, me, campaign, target)
    opened.state = "closed"
    campaign.state = "returned"
    session.flush()
    with pytest.raises(Conflict, match="restituée"):
        grid_moves.apply(session, me, campaign, target)
    assert session.scalars(select(CodebookChange)).all() == []
