"""All the invented voices together: many places, every theme, both sides, work left to do."""

from __future__ import annotations

import re
from collections import Counter
from datetime import date
from itertools import chain
from typing import Any

import pytest

from demo_story import (
    CAMPAIGN,
    CODED,
    MEETINGS,
    METHOD_OF,
    ROLES,
    ROOT,
    SECTORS,
    STORY,
    THEME_OF,
    THEMES,
    raw_text,
    tones,
    voices,
)
from survey_app.services import demo
from survey_app.services.counters import Counters, check

CATEGORIES = {
    *("PRÉNOM", "NOM", "TÉLÉPHONE", "COURRIEL", "ADRESSE", "LIEU", "SANTÉ", "RÔLE", "AUTRE"),
}
FICTION = ("06 39 98", "01 99 00", "06 00 00 00", "07 00 00 00")
SIDES = ("positive", "négative")
new = pytest.mark.parametrize(
    "meeting", [m for m in MEETINGS.values() if "team" in m], ids=lambda meeting: meeting["key"]
)
every = pytest.mark.parametrize("meeting", MEETINGS.values(), ids=lambda meeting: meeting["key"])


def test_the_demonstration_says_that_it_is_invented() -> None:
    assert CAMPAIGN["fictitious"] is True
    assert "fictif" in CAMPAIGN["council"]["name"]
    for path in (ROOT / "survey_app" / "demo").glob("*.yaml"):
        assert "FICTITIOUS" in path.read_text(encoding="utf-8").splitlines()[0], path.name
    assert CAMPAIGN["campaign"]["retention_until"] == date(2027, 12, 31)
    assert all("password" not in account for account in CAMPAIGN["accounts"])
    assert [a["login"] for a in CAMPAIGN["accounts"] if a.get("mandate")] == ["chloe"]


def people(item: dict[str, Any]) -> int:
    return int(item["answers"].get("presents", 1))


@every
def test_a_meeting_counts_everybody_it_approached(meeting: dict[str, Any]) -> None:
    heard, counters = voices(meeting["key"]), meeting["counters"]
    assert not check(Counters(**counters))
    present = counters["present_women"] + counters["present_men"]
    assert present == sum(map(people, heard)) > 0
    assert counters["approached"] == counters["refusals"] + counters["stopped"] + present
    answers = [item["answers"] for item in heard]
    if meeting["method"] in {"individuel", "micro_trottoir"}:
        assert counters["present_women"] == sum(row["genre"] == "femme" for row in answers)
    elif meeting["method"] == "collectif":
        assert counters["present_women"] == sum(row["femmes"] for row in answers)
        assert counters["present_men"] == sum(row["hommes"] for row in answers)


@every
def test_a_meeting_is_held_in_spring_by_a_councillor(meeting: dict[str, Any]) -> None:
    assert meeting["sector"] in SECTORS[meeting["neighbourhood"]]
    assert date(2026, 3, 1) <= meeting["date"] <= date(2026, 6, 30)
    assert "councillor" in ROLES[meeting["collector"]]


@new
def test_the_new_meetings_have_a_team_and_a_weather(meeting: dict[str, Any]) -> None:
    shown = {a["login"]: a["display_name"] for a in CAMPAIGN["accounts"]}[meeting["collector"]]
    assert shown in meeting["team"]
    assert meeting["weather"]


def test_the_voices_are_shared_between_methods_places_and_consents() -> None:
    assert len({item["key"] for item in STORY}) == len(STORY) >= 130
    assert sum("team" in meeting for meeting in MEETINGS.values()) >= 12
    assert {meeting["method"] for meeting in MEETINGS.values()} == set(METHOD_OF.values())
    assert set(demo.METHODS) == set(METHOD_OF.values())
    assert set(demo.ASKED) == {item["questionnaire"] for item in STORY}
    places = Counter(MEETINGS[item["meeting"]]["neighbourhood"] for item in STORY)
    assert min(places[code] for code in SECTORS) >= 40
    citable = Counter(item["answers"]["accord_citer"] for item in STORY)
    assert min(citable[value] for value in ("oui", "apres_relecture", "non")) >= 10
    ages = Counter(item["answers"]["age"] for item in STORY)
    assert set(ages) >= {"15_17", "18_24", "25_39", "40_59", "60_74", "75_plus"}
    assert 1 <= ages["moins_15"] <= 5


def test_each_queue_of_the_desk_keeps_some_work() -> None:
    left = Counter(item["state"] for item in STORY if "state" in item)
    assert set(left) == {"to_review", "reviewed", "masked"}
    assert min(left.values()) >= 4
    assert len(CODED) >= 110
    assert not any(item["codings"] for item in STORY if "state" in item)


@pytest.mark.parametrize("theme", THEMES)
def test_every_theme_is_heard_and_disputed(theme: str) -> None:
    held = {item["key"]: tones(item, theme) for item in CODED}
    assert sum(bool(found) for found in held.values()) >= 5
    pair = [item["key"] for item in CODED if item.get("pair") == theme]
    assert len(pair) == 2
    sides = [held[key] & set(SIDES) for key in pair]
    assert sorted(sides, key=sorted) == [{"négative"}, {"positive"}]


def test_a_pair_is_named_by_a_theme_and_kinds_are_varied() -> None:
    assert {item["pair"] for item in STORY if "pair" in item} == set(THEMES)
    codings = [coding for item in STORY for coding in item["codings"]]
    kinds = Counter(coding["facets"]["kind"] for coding in codings)
    assert min(kinds[kind] for kind in ("constat", "vécu", "besoin")) >= 10
    assert min(kinds[kind] for kind in ("ressource", "proposition")) >= 20
    codes = {code for coding in codings for code in coding["codes"]}
    assert len(codes) > 0.9 * len(THEME_OF)


def test_a_third_of_the_testimonies_hold_something_to_mask() -> None:
    masks = list(chain.from_iterable(item["mask"] for item in STORY))
    assert 1 / 3 <= sum(bool(item["mask"]) for item in STORY) / len(STORY) <= 1 / 2
    found = {mask["category"] for mask in masks}
    assert {"PRÉNOM", "NOM", "TÉLÉPHONE", "ADRESSE", "SANTÉ", "LIEU"} <= found <= CATEGORIES
    assert any(m["category"] == "PRÉNOM" and m["words"].islower() for m in masks)


def test_no_telephone_could_ring_and_each_one_is_to_be_masked() -> None:
    to_mask = {mask["words"] for item in STORY for mask in item["mask"]}
    phones = re.findall(r"\b0\d(?: \d\d){4}\b", "\n".join(map(raw_text, STORY)))
    assert len(phones) >= 5
    assert set(phones) <= to_mask
    assert all(phone.startswith(FICTION) for phone in phones), "a number that could ring"


def test_some_people_do_not_answer_everything() -> None:
    values = [value for item in STORY for value in item["answers"].values()]
    said = Counter(value["non_response"] for value in values if isinstance(value, dict))
    assert said["ne_sait_pas"] >= 3
    assert said["refus"] >= 1


@pytest.mark.shared
def test_neighbourhoods_bear_their_official_names() -> None:
    table = ROOT / ".." / "shared" / "data" / "qpv_occitanie.csv"
    if not table.exists():
        pytest.skip("the folder shared is not beside the project")
    lines = table.read_text(encoding="utf-8").splitlines()
    for place in CAMPAIGN["neighbourhoods"]:
        row = f"{place['code']},2015-2023,{place['name']},{place['municipality']},"
        assert any(line.startswith(row) for line in lines)
        assert 3 <= len(place["sectors"]) <= 4
