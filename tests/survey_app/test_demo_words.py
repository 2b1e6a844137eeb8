"""Each invented testimony keeps every promise that the rest of the project leans on."""

from __future__ import annotations

from typing import Any

import pytest

from demo_story import (
    CODED,
    GRID,
    MEETINGS,
    METHOD_OF,
    Q01,
    Q03,
    ROLES,
    SECTORS,
    STORY,
    THEME_OF,
    folded_words,
    form,
    masked_text,
    raw_text,
    spans,
)
from questionnaires import answers as filled

each = pytest.mark.parametrize("item", STORY, ids=lambda item: item["key"])
each_coded = pytest.mark.parametrize("item", CODED, ids=lambda item: item["key"])


def test_no_six_words_in_a_row_come_twice() -> None:
    seen: dict[tuple[str, ...], str] = {}
    for item in STORY:
        words = folded_words(raw_text(item))
        for start in range(len(words) - 5):
            run = tuple(words[start : start + 6])
            assert run not in seen, f"{item['key']} repeats {seen[run]}: {' '.join(run)}"
            seen[run] = item["key"]
    assert len(seen) > 9000


def test_the_same_words_take_the_same_number() -> None:
    item = next(item for item in CODED if any("occurrence" in m for m in item["mask"]))
    assert masked_text(item).count("[PRÉNOM 1]") == 2
    assert "[PRÉNOM 2]" not in masked_text(item)


@each
def test_masking_leaves_nothing_behind(item: dict[str, Any]) -> None:
    assert 150 <= len(raw_text(item)) <= 1500
    for mask in item["mask"]:
        assert mask["words"] not in masked_text(item)
    assert len(spans(item)) == len(item["mask"])


@each
def test_another_person_reviews(item: dict[str, Any]) -> None:
    collector = MEETINGS[item["meeting"]]["collector"]
    assert item["reviewer"] != collector
    assert ROLES[item["reviewer"]] & {"councillor", "coordinator"}


@each_coded
def test_codings_quote_the_masked_text_once(item: dict[str, Any]) -> None:
    text = masked_text(item)
    allowed = {facet["id"]: set(facet["valeurs"]) for facet in GRID["facettes"]}
    assert 1 <= len(item["codings"]) <= 7
    for coding in item["codings"]:
        assert text.count(coding["quote"]) == 1, coding["quote"]
        assert set(coding["codes"]) <= set(THEME_OF)
        assert ROLES[coding["coder"]] & {"councillor", "coordinator", "evaluator"}
        assert {"tonalite", "kind"} <= set(coding["facets"])
        for facet, value in coding["facets"].items():
            values = set(value) if isinstance(value, list) else {value}
            assert values <= allowed[facet], (facet, value)
        if "critere" in coding["facets"]:
            assert ROLES[coding["coder"]] & {"coordinator", "evaluator"}


@each
def test_the_published_questionnaire_accepts_every_answer(item: dict[str, Any]) -> None:
    questionnaire, meeting = form(item["questionnaire"]), MEETINGS[item["meeting"]]
    assert METHOD_OF[item["questionnaire"]] == meeting["method"]
    places = {name: name for name in SECTORS[meeting["neighbourhood"]]}
    checked = filled.check(questionnaire, item["answers"], places, meeting["date"])
    assert not checked.problems
    assert not checked.dropped
    assert filled.may_continue(questionnaire, item["answers"]) is None
    assert item["answers"].get("relecture", "oui") == "oui"
    if item["questionnaire"] in {Q01, Q03}:
        place = "lieu" if item["questionnaire"] == Q03 else "secteur"
        assert item["answers"][place] in places
    if item["questionnaire"] == Q01:
        assert 1 <= len(item["answers"]["sujets"]) <= 3


@each
def test_consents_are_asked_of_the_right_people(item: dict[str, Any]) -> None:
    answers = item["answers"]
    long_agreement = any(one.name == "accord_voix" for one in form(item["questionnaire"]).questions)
    minor = answers["age"] in {"moins_15", "15_17"}
    assert answers["accord_noter"] in {"oui", "partie"}
    assert (answers.get("accord_parent") == "oui") == (answers["age"] == "moins_15")
    assert ("accord_parent_ecrit" in answers) == (minor and long_agreement)
    if minor and answers.get("accord_parent_ecrit") != "oui":
        assert not {"accord_voix", "accord_photo"} & set(answers)
    assert ("phrase_relue" in answers) == (answers["accord_citer"] == "apres_relecture")
    if phrase := answers.get("phrase_relue"):
        assert phrase in raw_text(item)
        assert phrase in masked_text(item)
        assert item.get("state") or any(row["quote"] == phrase for row in item["codings"])
