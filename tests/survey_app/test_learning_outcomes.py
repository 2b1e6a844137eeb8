"""What people made of each suggestion is kept once, counted by code, and goes with the words."""

from __future__ import annotations

import uuid

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select
from sqlalchemy.orm import Session

import factories
from analysis.codebook import load
from analysis.suggestions import MOST, Suggestion
from survey_app.models import Campaign, Council, SuggestionOutcome, SuggestionSheet, Testimony
from survey_app.permissions import Actor
from survey_app.runtime import Runtime
from survey_app.services import erasure, excerpts, outcomes, suggestions
from survey_app.services.outcomes import Shown

TEXT = "L’ascenseur est en panne. Le bus ne passe plus."
LIFT = Suggestion("LOG4", "LOG", 0.9, ("ascenseur",))
RENT = Suggestion("LOG2", "LOG", 0.4, ("panne",))
BOTH = (LIFT, RENT)


@pytest.fixture
def spoken(session: Session, campaign: Campaign) -> Testimony:
    return factories.testimony(session, factories.meeting(session, campaign), masked=TEXT)


def rows(session: Session) -> list[tuple[str, int, bool, str]]:
    session.flush()
    query = select(SuggestionOutcome).order_by(SuggestionOutcome.start, SuggestionOutcome.rank)
    found = session.scalars(query)
    return [(row.code, row.rank, row.accepted, row.model) for row in found]


def test_what_was_shown_is_kept_with_what_was_put(
    session: Session, spoken: Testimony, actors: dict[str, Actor]
) -> None:
    outcomes.note(session, actors["councillor"], spoken, 0, 25, BOTH, {"LOG4", "MOB1"})
    assert rows(session) == [("LOG4", 1, True, "grille"), ("LOG2", 2, False, "grille")]


def test_the_same_person_on_the_same_words_says_it_once(
    session: Session, spoken: Testimony, actors: dict[str, Actor]
) -> None:
    first, second = actors["councillor"], actors["councillor2"]
    outcomes.note(session, first, spoken, 0, 25, BOTH, {"LOG2"})
    outcomes.note(session, first, spoken, 0, 25, [LIFT], {"LOG4"})
    assert rows(session) == [("LOG4", 1, True, "grille"), ("LOG2", 2, True, "grille")]
    outcomes.note(session, second, spoken, 0, 25, [LIFT], ())
    outcomes.note(session, first, spoken, 26, 47, [LIFT], ())
    assert len(rows(session)) == 4


def test_nothing_is_kept_when_nothing_was_shown_or_nobody_acts(
    session: Session, spoken: Testimony, actors: dict[str, Actor], council: Council
) -> None:
    outcomes.note(session, actors["councillor"], spoken, 0, 25, (), {"LOG4"})
    outcomes.note(session, Actor(council.id), spoken, 0, 25, BOTH, {"LOG4"})
    assert rows(session) == []


def test_counts_are_by_code_and_stay_in_their_council(
    session: Session, spoken: Testimony, actors: dict[str, Actor], other_council: Council
) -> None:
    coder, campaign = actors["councillor"], spoken.campaign
    outcomes.note(session, coder, spoken, 0, 25, BOTH, {"LOG4"})
    outcomes.note(session, coder, spoken, 26, 47, [RENT, LIFT], ())
    session.flush()
    assert outcomes.per_code(session, coder, campaign) == {
        "LOG4": Shown(offered=2, kept=1, first=1, first_kept=1),
        "LOG2": Shown(offered=2, kept=0, first=1, first_kept=0),
    }
    assert outcomes.per_code(session, Actor(other_council.id), campaign) == {}


def sheet(session: Session, spoken: Testimony, *lines: dict[str, object]) -> None:
    text = spoken.text("masked")
    assert text is not None
    session.add(
        SuggestionSheet(
            text_version_id=text.id,
            council_id=spoken.council_id,
            campaign_id=spoken.campaign_id,
            model="40 phrases codées",
            unsure=0.5,
            sentences=list(lines),
        )
    )
    session.flush()


def test_the_bench_shows_what_the_job_left_for_this_text(
    session: Session, spoken: Testimony, actors: dict[str, Actor]
) -> None:
    offers = [
        {"code": "MOB1", "score": 0.8, "words": ["bus"]},
        {"code": "PARTI1", "score": 0.7, "words": ["passe"]},
        {"code": "INC", "score": 0.2, "words": []},
    ]
    sheet(session, spoken, {"start": 26, "end": 47, "unsure": 0.5, "offers": offers})
    coder = actors["councillor"]
    shown = suggestions.for_bench(session, excerpts.bench(session, coder, spoken), load())
    assert shown == ((), (Suggestion("MOB1", "MOB", 0.8, ("bus",)), Suggestion("INC", "", 0.2, ())))
    outcomes.note(session, coder, spoken, 26, 47, shown[1], {"MOB1"})
    assert {model for _, _, _, model in rows(session)} == {"40 phrases codées"}


def test_without_a_sheet_the_words_of_the_grid_speak(
    session: Session, spoken: Testimony, actors: dict[str, Actor]
) -> None:
    bench = excerpts.bench(session, actors["councillor"], spoken)
    shown = suggestions.for_bench(session, bench, load())
    assert [offers[0].theme for offers in shown] == ["LOG", "MOB"]


offers = st.lists(
    st.builds(
        Suggestion,
        st.sampled_from([code.code for code in load().all_codes()]),
        st.just(""),
        st.floats(0, 1),
        st.lists(st.sampled_from(["bus", "toit", "rue"]), max_size=3).map(tuple),
    ),
    max_size=6,
).map(tuple)


@given(st.lists(offers, max_size=5))
def test_a_stretch_has_each_code_once_at_its_best(several: list[tuple[Suggestion, ...]]) -> None:
    merged = suggestions.merge(several)
    everything = [one for some in several for one in some]
    best = {code: max(o.score for o in everything if o.code == code) for code in
            {o.code for o in everything}}  # fmt: skip
    assert len(merged) == min(MOST, len(best))
    assert [one.score for one in merged] == sorted(best.values(), reverse=True)[:MOST]
    assert all(one.score == best[one.code] for one in merged)
    for one in merged:
        assert set(one.words) == {w for o in everything if o.code == one.code for w in o.words}


def test_an_erased_testimony_leaves_no_sheet_nor_outcome(runtime: Runtime) -> None:
    with runtime.database.writing() as session:
        council = factories.council(session)
        actors = factories.actors(session, council)
        held = factories.meeting(session, factories.campaign(session, council))
        gone, stays = (factories.testimony(session, held, masked=TEXT) for _ in range(2))
        for row in (gone, stays):
            sheet(session, row, {"start": 0, "end": 25, "unsure": 0.5, "offers": []})
            outcomes.note(session, actors["councillor"], row, 0, 25, BOTH, {"LOG4"})
    with runtime.database.writing() as session:
        erasure.erase(session, actors["coordinator"], runtime, gone.id, "decision")
    with runtime.database.reading() as session:
        left: set[uuid.UUID] = set(session.scalars(select(SuggestionOutcome.testimony_id)))
        assert left == {stays.id}
        assert session.scalar(select(func.count()).select_from(SuggestionSheet)) == 1
