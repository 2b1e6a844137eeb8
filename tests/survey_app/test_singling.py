"""Who might be recognised: the fewest answers that few share, and a role beside a place."""

from __future__ import annotations

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.orm import Session

import factories
from survey_app.domain import Forbidden
from survey_app.models import Campaign, Meeting, Redaction, Testimony
from survey_app.permissions import Actor
from survey_app.services import masking, singling
from survey_app.services.singling import WIDEST, rarest

Actors = dict[str, Actor]
SHARED = st.lists(st.tuples(st.booleans(), st.booleans(), st.booleans()), max_size=30)


@given(SHARED, st.integers(1, 12))
def test_the_sets_found_are_rare_the_smallest_and_all_there(
    others: list[tuple[bool, bool, bool]], limit: int
) -> None:
    everybody = [(True, True, True), *others]
    found = dict(rarest([(one, 1) for one in everybody], limit))
    shared = {
        chosen: sum(all(one[at] for at in chosen) for one in everybody)
        for size in range(WIDEST + 1)
        for chosen in combinations(range(3), size)
    }
    rare = {chosen: count for chosen, count in shared.items() if count < limit}
    least = min(map(len, rare), default=0)
    assert found == {chosen: count for chosen, count in rare.items() if len(chosen) == least}
    assert list(found.values()) == sorted(found.values())


def test_nobody_to_compare_with_is_no_hint() -> None:
    assert rarest([], 5) == []


@pytest.fixture
def held(session: Session, campaign: Campaign) -> Meeting:
    return factories.meeting(session, campaign)


def heard(session: Session, held: Meeting, actors: Actors, text: str, **profile: str) -> Testimony:
    version = held.campaign.questionnaires[0].id
    return factories.testimony(
        session, held, text=text, profile=profile, state="reviewed",
        reviewer_id=actors["councillor"].account_id, questionnaire_version_id=version,
    )  # fmt: skip


def test_a_profile_alone_in_its_neighbourhood_is_told_with_its_words(
    session: Session, held: Meeting, actors: Actors
) -> None:
    for _ in range(6):
        heard(session, held, actors, "Ça va.", age="a25_34", genre="femme")
    row = heard(session, held, actors, "Ça va.", age="a75", genre="femme")
    found = singling.hints(session, actors["councillor"], row)
    (hint,) = found.profiles
    assert (hint.neighbourhood, hint.count) == ("Centre Ville", 1)
    ((title, answer),) = hint.fields
    assert title != "age"
    assert "75" in answer
    assert found.roles == ()


def test_two_answers_together_may_single_out_and_set_aside_ones_do_not_count(
    session: Session, held: Meeting, actors: Actors
) -> None:
    row = heard(session, held, actors, "Ça va.", age="a75", genre="homme")
    for _ in range(5):
        heard(session, held, actors, "Ça va.", age="a75", genre="femme")
        heard(session, held, actors, "Ça va.", age="a25_34", genre="homme")
    (hint,) = singling.hints(session, actors["councillor"], row).profiles
    assert (len(hint.fields), hint.count) == (2, 1)
    alike = [heard(session, held, actors, "Oui.", age="a75", genre="homme") for _ in range(4)]
    assert not singling.hints(session, actors["councillor"], row)
    alike[0].state = "set_aside"
    session.flush()
    (hint,) = singling.hints(session, actors["councillor"], row).profiles
    assert hint.count == 4
    row.campaign.threshold_inside = 3
    assert not singling.hints(session, actors["councillor"], row)


def test_a_very_large_campaign_is_looked_at_nearby_and_says_so(
    session: Session, held: Meeting, actors: Actors
) -> None:
    for _ in range(5):
        heard(session, held, actors, "Ça va.", age="a75")
    held.campaign.last_testimony = 5 + singling.NEAR
    row = heard(session, held, actors, "Ça va.", age="a75")
    (hint,) = singling.hints(session, actors["councillor"], row).profiles
    assert (hint.fields, hint.count, hint.whole) == ((), 1, False)
    held.campaign.last_testimony = 5
    row = heard(session, held, actors, "Ça va.", age="a25_34")
    (hint,) = singling.hints(session, actors["councillor"], row).profiles
    assert hint.count == 1
    assert hint.whole


def test_no_profile_and_several_persons_are_never_singled_out(
    session: Session, held: Meeting, actors: Actors
) -> None:
    alone = heard(session, held, actors, "Ça va.")
    several = heard(session, held, actors, "Ça va.", age="a75")
    several.persons = 8
    for row in (alone, several):
        assert not singling.hints(session, actors["councillor"], row)


def proposed(session: Session, row: Testimony, words: str, category: str) -> Redaction:
    text = row.texts[0]
    at = text.text.index(words)
    made = Redaction(
        council_id=row.council_id, testimony_id=row.id, text_version_id=text.id, start=at,
        end=at + len(words), category=category, origin="role", state="proposed",
    )  # fmt: skip
    session.add(made)
    session.flush()
    return made


def test_a_role_and_a_place_left_together_are_told_until_one_is_masked(
    session: Session, held: Meeting, actors: Actors
) -> None:
    who = actors["councillor"]
    row = heard(session, held, actors, "La gardienne du centre-ville m’a aidé, rue Noire.")
    assert not singling.hints(session, who, row)
    proposed(session, row, "gardienne", "RÔLE")
    (hint,) = singling.hints(session, who, row).roles
    assert (hint.role, hint.place) == ("gardienne", "Centre Ville")
    masking.add_words(session, who, row, "centre ville", "LIEU")
    assert not singling.hints(session, who, row)
    street = proposed(session, row, "rue Noire", "LIEU")
    assert singling.hints(session, who, row).roles[0].place == "rue Noire"
    street.state = "refused"
    assert singling.hints(session, who, row).roles[0].place == "rue Noire"
    masking.add_words(session, who, row, "gardienne", "RÔLE")
    assert not singling.hints(session, who, row)


def test_a_role_that_somebody_left_is_told_even_without_a_place(
    session: Session, held: Meeting, actors: Actors
) -> None:
    row = heard(session, held, actors, "La directrice de l’école a dit non.")
    role = proposed(session, row, "directrice de l’école", "RÔLE")
    assert not singling.hints(session, actors["councillor"], row)
    role.state = "refused"
    (hint,) = singling.hints(session, actors["councillor"], row).roles
    assert (hint.role, hint.place) == ("directrice de l’école", "")
    masking.add_words(session, actors["councillor"], row, "directrice", "RÔLE")
    assert not singling.hints(session, actors["councillor"], row)


def test_only_who_reads_the_words_is_told(session: Session, held: Meeting, actors: Actors) -> None:
    row = heard(session, held, actors, "Ça va.", age="a75")
    for name in ("councillor2", "evaluator", "reader"):
        with pytest.raises(Forbidden):
            singling.hints(session, actors[name], row)
