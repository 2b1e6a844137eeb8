"""What answers amount to: the text and its parts, consents, profile, going on."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from questionnaires import library
from questionnaires.answers import consents, may_continue, open_text, profile

Q01 = library.load("Q01-entretien-individuel")
Q03 = library.load("Q03-micro-trottoir")
STARTED: dict[str, object] = {"accord_noter": "oui", "age": "40_59", "accord_citer": "oui"}
OPEN = [question.name for question in Q01.questions if question.is_open]


@given(st.dictionaries(st.sampled_from(OPEN), st.text(max_size=60)))
def test_every_part_is_exactly_one_answer(answers: dict[str, str]) -> None:
    text, parts = open_text(Q01, STARTED | answers)
    kept = [name for name in OPEN if answers.get(name, "").strip() and name != "phrase_relue"]
    assert [part.question for part in parts] == kept
    assert "\n\n".join(text[part.start : part.end] for part in parts) == text
    assert unicodedata.is_normalized("NFC", text)
    assert "\r" not in text
    for part in parts:
        words = answers[part.question].replace("\r\n", "\n").replace("\r", "\n")
        assert text[part.start : part.end] == unicodedata.normalize("NFC", words)


def test_text_leaves_out_what_is_not_the_persons_story() -> None:
    answers = STARTED | {
        "accord_citer": "apres_relecture",
        "phrase_relue": "Le parc.",
        "ajout": "Rien d’autre 👍.",
        "aime": "Le parc.",
        "complique": {"non_response": "refus"},
        "vivre_ici": "4",
        "manque": ["pas du texte"],
    }
    text, parts = open_text(Q01, answers)
    assert text == "Le parc.\n\nRien d’autre 👍."
    assert [(part.start, part.end) for part in parts] == [(0, 8), (10, 25)]
    assert open_text(Q01, answers | {"accord_noter": "non"}) == ("", ())
    assert open_text(Q01, {}) == ("", ())


@pytest.mark.parametrize(
    ("answers", "scope", "decision"),
    [
        ({}, "noter", "granted"),
        ({"accord_noter": "non"}, "noter", "refused"),
        ({}, "citer", "granted"),
        ({"accord_citer": "apres_relecture"}, "citer", "approved"),
        ({"accord_citer": "non"}, "citer", "refused"),
        ({"accord_noter": "non"}, "citer", "not_asked"),
        ({}, "voix", "not_asked"),
        ({"accord_voix": "oui"}, "voix", "granted"),
        ({"accord_voix": {"non_response": "refus"}}, "voix", "refused"),
        ({"accord_voix": ["oui"]}, "voix", "refused"),
        ({"age": "15_17", "accord_voix": "oui"}, "voix", "not_asked"),
        ({"accord_photo": "non"}, "photo", "refused"),
        ({"suites": "contact"}, "recontact", "granted"),
        ({"suites": "affiche"}, "recontact", "refused"),
    ],
)
def test_consents(answers: dict[str, object], scope: str, decision: str) -> None:
    assert consents(Q01, STARTED | answers)[scope] == decision


def test_short_consent_never_asks_for_voice() -> None:
    assert consents(Q03, STARTED | {"accord_voix": "oui"}) == {
        "noter": "granted",
        "citer": "granted",
        "voix": "not_asked",
        "photo": "not_asked",
        "recontact": "not_asked",
    }


def test_profile_holds_names_only() -> None:
    answers = STARTED | {
        "genre": "femme",
        "anciennete": "n_habite_pas",
        "secteur": "nord",
        "situation": {"non_response": "refus"},
        "aime": "Le parc.",
    }
    assert profile(Q01, answers) == {
        "age": "40_59",
        "genre": "femme",
        "anciennete": "n_habite_pas",
    }


@pytest.mark.parametrize(
    ("answers", "code"),
    [
        ({}, None),
        (STARTED, None),
        ({"accord_noter": "non"}, "consent-refused"),
        ({"accord_noter": "oui", "age": "moins_15"}, "joint-agreement"),
        ({"accord_noter": "oui", "age": "moins_15", "accord_parent": "non"}, "joint-agreement"),
        ({"accord_noter": "oui", "age": "moins_15", "accord_parent": "oui"}, None),
        ({"accord_noter": "oui", "age": "15_17"}, None),
    ],
)
def test_may_continue(answers: dict[str, object], code: str | None) -> None:
    for questionnaire in (Q01, Q03):
        problem = may_continue(questionnaire, answers)
        assert (problem.code if problem else None) == code
