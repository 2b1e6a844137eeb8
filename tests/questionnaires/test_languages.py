"""Catalogues: what is translated, what is missing, the drafts that the library ships."""

from __future__ import annotations

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from questionnaires import library
from questionnaires.languages import (
    LANGUAGES,
    catalogue,
    direction,
    load_catalogue,
    missing,
    shipped,
    texts,
    translate,
    verify_languages,
)
from questionnaires.model import Questionnaire
from questionnaires.problems import QuestionnaireError
from questionnaires.validation import verify
from tests.questionnaires.questionnaire_strategies import questionnaires

Q01 = library.load("Q01-entretien-individuel")
Q03 = library.load("Q03-micro-trottoir")
FILES = ("B-ACCORD", "B-ACCORD-COURT", "Q03-micro-trottoir")


def braces(text: str) -> set[str]:
    return set(re.findall(r"\{.*?\}", text))


@given(questionnaires())
def test_a_catalogue_says_every_text_by_a_path_of_its_own(questionnaire: Questionnaire) -> None:
    paths = [path for path, _ in texts(questionnaire)]
    assert len(set(paths)) == len(paths)
    said = sorted(labels["fr"] for labels in questionnaire.labels() if labels.get("fr"))
    assert sorted(catalogue(questionnaire, "fr").values()) == said


@given(questionnaires(), st.sampled_from(["tr", "ar"]))
def test_translated_then_complete_then_taken_back(
    questionnaire: Questionnaire, language: str
) -> None:
    french = catalogue(questionnaire, "fr")
    there = translate(questionnaire, language, french)
    assert missing(there, language) == []
    assert catalogue(there, "fr") == french
    assert language in there.unproofread
    assert verify(there) == []
    read = translate(there, language, {}, proofread=True)
    assert read.unproofread == ()
    assert catalogue(read, language) == catalogue(there, language)
    gone = translate(there, language, {path: "" for path, _ in texts(there)})
    assert language not in gone.languages
    assert gone.unproofread == ()


def test_missing_translations_and_lost_braces_block() -> None:
    assert verify_languages(Q01) == []
    started = translate(Q01, "tr", {"title": "Görüşme", "question:code": "Kodunuz: {kod}"})
    problems = verify_languages(started)
    assert (
        len([p for p in problems if p.code == "missing-translation"])
        == len(catalogue(Q01, "fr")) - 2
    )
    assert all("turc" in problem.message for problem in problems)
    (lost,) = [problem for problem in problems if problem.code == "bad-translation"]
    assert lost.where == "question:code"
    assert "{code_retrait}" in lost.message
    assert ("question:aime", "Qu’est-ce que vous aimez ici ?") in missing(started, "tr")
    assert {"question:aime/probes/2", "choice:genre/femme", "section:accord"} <= {
        path for path, _ in missing(started, "tr")
    }


def test_unknown_paths_and_codes_are_refused() -> None:
    with pytest.raises(QuestionnaireError, match="n’existe pas"):
        translate(Q01, "tr", {"question:absente": "Yok"})
    for code in ("", "AR", "../ar", "arabe"):
        with pytest.raises(QuestionnaireError, match="code de langue"):
            translate(Q01, code, {})


def test_languages_of_the_neighbourhoods() -> None:
    assert len(LANGUAGES) >= 12
    rtl = {code for code in LANGUAGES if direction(code) == "rtl"}
    assert rtl == {"ar", "fa", "ps"}
    assert direction("xx") == "ltr"
    for code, language in LANGUAGES.items():
        letters = {unicodedata.bidirectional(sign) for sign in language.own if sign.isalpha()}
        assert ("AL" in letters) is (direction(code) == "rtl")


def test_the_street_interview_is_offered_in_arabic_as_a_draft() -> None:
    assert shipped() == ("ar",)
    assert Q03.languages == ("fr", "ar")
    assert Q03.unproofread == ("ar",)
    assert missing(Q03, "ar") == []
    assert verify_languages(Q03) == []
    offered = [name for name in library.names() if "ar" in library.load(name).languages]
    assert offered == ["Q03-micro-trottoir"]


@pytest.mark.parametrize("name", FILES)
def test_shipped_catalogues(name: str) -> None:
    wording = load_catalogue(name, "ar")
    french = catalogue(Q01 if name == "B-ACCORD" else Q03, "fr")
    own = {path for path in french if name.startswith("Q") or ":accord" in path}
    assert wording
    assert set(wording) <= set(french)
    for path, text in wording.items():
        assert braces(text) == braces(french[path]), path
        assert text == unicodedata.normalize("NFC", text).strip()
        assert any(unicodedata.bidirectional(sign) == "AL" for sign in text), path
        # No hidden direction mark, and the same questions asked.
        assert not re.search("[\u200e\u200f\u202a-\u202e\u2066-\u2069]", text), path
        assert french[path].endswith("?") == text.endswith("؟"), path
    if name.startswith("B"):
        section = (Q01 if name == "B-ACCORD" else Q03).section("accord")
        asked = {f"question:{question.name}" for question in section.questions}
        assert asked <= set(wording)
        assert own & set(french) <= set(wording)


def test_an_absent_catalogue_is_empty_and_no_path_escapes() -> None:
    assert load_catalogue("Q01-entretien-individuel", "ar") == {}
    assert load_catalogue("../B-ACCORD", "ar") == {}
    assert load_catalogue("B-ACCORD", "..") == {}
    assert load_catalogue("B-ACCORD", "en") == {}
