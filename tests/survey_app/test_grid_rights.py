"""Who may touch a grid: the coordination of its council, and nobody else."""

from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

import factories
from survey_app.domain import Forbidden, NotFound
from survey_app.models import Campaign, CodebookVersion, Council
from survey_app.permissions import Actor
from survey_app.services import grid_drafts, grid_moves, grids


def test_a_draft_is_no_version_and_another_council_has_none(
    session: Session, campaign: Campaign, actors: dict[str, Actor], other_council: Council
) -> None:
    me = actors["coordinator"]
    draft = grid_drafts.begin(session, me, grids.version_of(session, me, campaign))
    assert draft.id not in {row.id for row in grid_moves.choices(session, me, campaign)}
    with pytest.raises(NotFound):
        grids.version(session, me, draft.id)
    stranger = factories.actors(session, other_council, "-x")["coordinator"]
    with pytest.raises(NotFound):
        grid_drafts.get(session, stranger, draft.id)
    assert grids.versions(session, stranger) == []


@pytest.mark.parametrize("role", ["councillor", "evaluator", "reader", "admin", "dpo"])
def test_only_the_coordination_changes_a_grid(
    session: Session, campaign: Campaign, actors: dict[str, Actor], role: str
) -> None:
    row = session.get_one(CodebookVersion, campaign.codebook_version_id)
    for attempt in (
        lambda: grid_drafts.begin(session, actors[role], row),
        lambda: grid_moves.apply(session, actors[role], campaign, row),
        lambda: grid_moves.choices(session, actors[role], campaign),
    ):
        with pytest.raises(Forbidden):
            attempt()
