"""Parts asked again and again: how many entries, and what an entry reads around it."""

from __future__ import annotations

import pytest

from questionnaires.answers import check
from questionnaires.model import Question, Questionnaire, Section
from questionnaires.relevance import entries, is_empty

SECTORS = {"nord": "Secteur nord"}
MOST = 3

BEFORE = Section("avant", {"fr": "Avant"}, (Question("photos", "text", {"fr": "Photos ?"}),))
STOPS = Section(
    "arrets",
    {"fr": "Arrêts"},
    (
        Question("lieu", "place", {"fr": "Où ?"}),
        Question("vu", "text", {"fr": "Quoi ?"}, relevant="${photos} = 'oui'"),
        Question("dit", "text", {"fr": "Dit ?"}, constraint=". != ${photos}"),
    ),
    relevant="${photos} != ''",
    repeat={"fr": "Arrêt"},
    max_repeats=MOST,
)
WALK = Questionnaire(
    "marche", "1", {"fr": "Marche"}, {}, "marche_exploratoire", {}, {}, (BEFORE, STOPS)
)


def test_as_many_entries_as_the_part_takes_and_no_more() -> None:
    stop = {"dit": "Un banc."}
    most = {"photos": "oui", "arrets": [stop] * MOST}
    assert check(WALK, most).values == most
    result = check(WALK, {"photos": "oui", "arrets": [stop] * (MOST + 1)})
    assert [(item.code, item.where) for item in result.problems] == [("too-many-entries", "arrets")]
    assert result.values == {"photos": "oui"}
    assert result.dropped == {"arrets": [stop] * (MOST + 1)}


def test_an_entry_reads_the_answers_around_it() -> None:
    given = [{"dit": "Un banc.", "vu": "Une photo."}]
    kept = check(WALK, {"photos": "oui", "arrets": given})
    assert (kept.ok, kept.values["arrets"]) == (True, given)
    left = check(WALK, {"photos": "non", "arrets": given})
    assert left.values["arrets"] == [{"dit": "Un banc."}]
    assert left.dropped == {"arrets.1.vu": "Une photo."}
    same = check(WALK, {"photos": "oui", "arrets": [{}, {"dit": "oui"}]})
    assert [(item.code, item.where) for item in same.problems] == [("constraint", "arrets.2.dit")]


def test_the_place_of_an_entry_is_one_of_the_campaign_s() -> None:
    given = {"photos": "oui", "arrets": [{"lieu": "nord"}, {"lieu": "ailleurs"}]}
    result = check(WALK, given, SECTORS)
    assert [(item.code, item.where) for item in result.problems] == [
        ("unknown-place", "arrets.2.lieu")
    ]
    assert result.values["arrets"] == [{"lieu": "nord"}]


def test_entries_of_a_part_that_is_not_asked_are_set_aside() -> None:
    result = check(WALK, {"arrets": [{"dit": "Un banc."}]})
    assert (result.ok, result.values) == (True, {})
    assert result.dropped == {"arrets": [{"dit": "Un banc."}]}


def test_what_is_no_entry_is_left_out() -> None:
    assert entries(STOPS, {"arrets": [{"dit": "oui"}, "oui", None]}) == [{"dit": "oui"}]
    assert entries(STOPS, {"arrets": "oui"}) == ()


@pytest.mark.parametrize("answer", ["", "  \n", None, [], ()])
def test_spaces_are_no_answer(answer: object) -> None:
    assert is_empty(answer)
    needed = Question("photos", "text", {"fr": "Photos ?"}, required=True)
    asked = Questionnaire(
        "marche", "1", {"fr": "M"}, {}, "", {}, {}, (Section("a", {"fr": "A"}, (needed,)),)
    )
    assert [item.code for item in check(asked, {"photos": answer}).problems] == ["required"]
