"""Answers: forms, checks, conditions, JSON; nothing disappears without being told."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import date

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from questionnaires import library
from questionnaires.answers import (
    check,
    from_json,
    parse_form,
    relevant_questions,
    relevant_sections,
    to_json,
)
from questionnaires.model import NonResponse, Question, Questionnaire, Section
from tests.questionnaires.questionnaire_strategies import json_values, questionnaires

Q01 = library.load("Q01-entretien-individuel")
Q03 = library.load("Q03-micro-trottoir")
STARTED: dict[str, object] = {"accord_noter": "oui", "age": "40_59", "accord_citer": "oui"}
SECTORS = {"nord": "Secteur nord"}


def form(fields: Mapping[str, list[str]]) -> Callable[[str], list[str]]:
    return lambda name: fields.get(name, [])


def codes(questionnaire: Questionnaire, answers: Mapping[str, object]) -> list[tuple[str, str]]:
    found = check(questionnaire, answers, SECTORS).problems
    return [(problem.code, problem.where) for problem in found]


def small(*questions: Question) -> Questionnaire:
    section = Section("seule", {"fr": "Seule"}, questions)
    title = {"fr": "Essai"}
    return Questionnaire("essai", "1", title, {}, "individuel", {}, {}, (section,))


def test_nothing_answered_asks_for_the_consent_only() -> None:
    assert codes(Q01, {}) == [("required", "accord_noter")]


def test_consent_then_age_and_quotation_are_required() -> None:
    missing = [("required", "age"), ("required", "accord_citer")]
    assert codes(Q03, {"accord_noter": "oui"}) == missing


def test_a_whole_testimony_passes_unchanged() -> None:
    answers = STARTED | {
        "genre": "femme",
        "secteur": "nord",
        "aime": "Le marché.",
        "vivre_ici": "4",
        "sujets": ["logement", "sante"],
        "evolution": {"non_response": "ne_sait_pas"},
        "manque": {"non_response": "refus"},
        "relecture": "oui",
    }
    result = check(Q01, answers, SECTORS)
    assert (result.ok, result.problems, result.dropped) == (True, [], {})
    assert to_json(result.values) == answers
    assert result.values["evolution"] is NonResponse.DONT_KNOW


def test_after_a_refusal_nothing_else_is_kept() -> None:
    result = check(Q01, {"accord_noter": "non", "age": "25_39", "aime": "Le parc."})
    assert result.problems == []
    assert result.values == {"accord_noter": "non"}
    assert result.dropped == {"age": "25_39", "aime": "Le parc."}


@pytest.mark.parametrize(
    ("answers", "asked"),
    [
        ({"age": "adulte"}, True),
        ({"age": "15_17"}, False),
        ({"age": "15_17", "accord_parent_ecrit": "non"}, False),
        ({"age": "15_17", "accord_parent_ecrit": "oui"}, True),
        ({"age": "moins_15", "accord_parent_ecrit": "oui"}, False),
        ({"age": "moins_15", "accord_parent": "oui", "accord_parent_ecrit": "oui"}, True),
        ({"age": "moins_15", "accord_parent": "oui"}, False),
        ({}, False),
    ],
)
def test_voice_and_photo_wait_for_majority_or_written_agreement(
    answers: dict[str, object], asked: bool
) -> None:
    given_names = {
        question.name
        for question in relevant_questions(Q01, "accord", {"accord_noter": "oui", **answers})
    }
    assert ("accord_voix" in given_names, "accord_photo" in given_names) == (asked, asked)


def test_an_unasked_answer_opens_no_condition() -> None:
    adult = {"accord_noter": "oui", "age": "15_17", "accord_parent": "oui"}
    assert check(Q01, adult | {"accord_citer": "oui"}).dropped == {"accord_parent": "oui"}


def test_sections_depend_on_consent() -> None:
    assert [section.name for section in relevant_sections(Q01, {})] == ["accord"]
    names = [section.name for section in relevant_sections(Q01, STARTED)]
    assert names == [section.name for section in Q01.sections]
    assert relevant_questions(Q01, Q01.section("quartier"), {}) == ()


def test_sector_is_not_asked_to_whom_lives_elsewhere() -> None:
    answers = STARTED | {"anciennete": "n_habite_pas", "secteur": "nord"}
    assert check(Q01, answers, SECTORS).dropped == {"secteur": "nord"}


def test_the_phrase_read_back_is_required_before_leaving() -> None:
    answers = STARTED | {"accord_citer": "apres_relecture"}
    assert codes(Q01, answers) == [("required", "phrase_relue")]
    early = check(Q01, answers, sections={"accord", "quartier"})
    assert early.problems == []
    assert early.values == answers


@pytest.mark.parametrize(
    ("name", "answer", "code"),
    [
        ("inconnue", "x", "unknown-question"),
        ("vivre_ici", "6", "unknown-choice"),
        ("vivre_ici", ["1", "2"], "several-answers"),
        ("vivre_ici", 4, "unreadable"),
        ("sujets", ["logement", "sante", "emploi", "ecole"], "too-many-choices"),
        ("sujets", [1], "unreadable"),
        ("aime", True, "unreadable"),
        ("aime", {"non_response": "autre"}, "unreadable"),
        ("aime", "a\x00b", "control-characters"),
        ("information", "bonjour", "note-answered"),
        ("secteur", "12 rue des Lilas", "unknown-place"),
    ],
)
def test_what_is_refused_is_told_and_handed_back(name: str, answer: object, code: str) -> None:
    result = check(Q01, STARTED | {name: answer}, SECTORS)
    assert [(problem.code, problem.where) for problem in result.problems] == [(code, name)]
    assert result.dropped == {name: answer}
    assert name not in result.values


def test_consent_takes_no_non_response() -> None:
    refusal = {"non_response": "refus"}
    result = check(Q01, {"accord_noter": refusal})
    assert [problem.code for problem in result.problems] == ["required"]
    assert result.dropped == {"accord_noter": refusal}


def test_constraint_reads_the_answer_the_others_and_the_day() -> None:
    many = Question("n", "integer", {"fr": "Combien ?"}, constraint=". > 0 and . <= 10")
    day = Question(
        "jour",
        "date",
        {"fr": "Quand ?"},
        constraint=". <= today() and ${n} > 1",
        constraint_message={"fr": "Ce jour n’est pas encore venu."},
    )
    asked, today = small(many, day), date(2026, 3, 1)
    assert check(asked, {"n": 10, "jour": "01/03/2026"}, today=today).values == {
        "n": 10,
        "jour": "2026-03-01",
    }
    result = check(asked, {"n": 11, "jour": "2026-03-02"}, today=today)
    assert [problem.where for problem in result.problems] == ["n", "jour"]
    assert result.problems[1].message == "Ce jour n’est pas encore venu."
    assert check(asked, {"n": {"non_response": "refus"}}).problems == []
    assert [problem.code for problem in check(asked, {"n": 10**15}).problems] == ["unreadable"]


def test_posted_section() -> None:
    fields = {
        "recit_quartier": ["On se dit bonjour.\r\nC’est calme."],
        "aime": [""],
        "aime__nr": ["ne_sait_pas"],
        "complique": ["  "],
        "complique__nr": [""],
        "vivre_ici": ["4"],
        "genre": ["femme"],
    }
    result = parse_form(Q01, "quartier", form(fields), STARTED | {"manque": 3})
    assert result.problems == []
    assert to_json(result.values) == {
        "recit_quartier": "On se dit bonjour.\nC’est calme.",
        "aime": {"non_response": "ne_sait_pas"},
        "vivre_ici": "4",
    }


def test_posted_consent_discovers_its_next_question() -> None:
    young = {"accord_noter": ["oui"], "age": ["moins_15"]}
    first = parse_form(Q01, "accord", form(young), {})
    assert [problem.where for problem in first.problems] == ["accord_parent"]
    agreed = young | {"accord_parent": ["oui"]}
    second = parse_form(Q01, "accord", form(agreed), {"age": "adulte"})
    assert [problem.where for problem in second.problems] == ["accord_citer"]
    assert second.values == {"accord_noter": "oui", "age": "moins_15", "accord_parent": "oui"}


def test_words_and_refusal_together_keep_the_words_and_ask() -> None:
    fields = {"aime": ["Le parc."], "aime__nr": ["refus"], "sujets": ["sante"]}
    result = parse_form(Q01, "quartier", form(fields), STARTED)
    assert result.values == {"aime": "Le parc."}
    assert [problem.code for problem in result.problems] == ["both-answers"]


def test_posted_lists_and_places() -> None:
    subjects = parse_form(Q01, "sujets", form({"sujets": ["sante", "emploi"]}), STARTED)
    assert subjects.values == {"sujets": ["sante", "emploi"]}
    elsewhere = form({"lieu": ["chez Untel"], "vit_ici": ["oui", "passe"]})
    result = parse_form(Q03, "ici", elsewhere, STARTED, SECTORS)
    assert {problem.code for problem in result.problems} == {"unknown-place", "several-answers"}
    assert result.dropped == {"lieu": "chez Untel", "vit_ici": ["oui", "passe"]}
    with pytest.raises(KeyError):
        parse_form(Q01, "absente", form({}), {})


def is_blank(answer: object) -> bool:
    """Whether nobody would miss it: nothing, or nothing but empty fields."""
    if isinstance(answer, list):
        return all(isinstance(item, str) and not item.strip() for item in answer)
    return answer is None or (isinstance(answer, str) and not answer.strip())


@given(questionnaires(), st.dictionaries(st.sampled_from(["un", "age", "a", "b"]), json_values))
@example(small(Question("un", "text", {"fr": "Mot"})), {"un": [""]})
def test_hostile_answers_never_break_nor_vanish(
    questionnaire: Questionnaire, answers: dict[str, object]
) -> None:
    names = [question.name for question in questionnaire.questions]
    hostile = {**answers, **dict(zip(names, answers.values(), strict=False))}
    result = check(questionnaire, hostile)
    json.dumps(to_json(result.values))
    for name, answer in hostile.items():
        assert is_blank(answer) or name in result.values or name in result.dropped
    again = check(questionnaire, to_json(result.values))
    assert again.values == result.values
    assert not again.dropped


@given(st.dictionaries(st.text(max_size=5), st.text() | st.integers() | st.lists(st.text())))
def test_json_round_trip(values: dict[str, object]) -> None:
    values["sans"] = NonResponse.REFUSED
    assert from_json(json.loads(json.dumps(to_json(values)))) == values
    assert from_json(to_json(values))["sans"] is NonResponse.REFUSED
