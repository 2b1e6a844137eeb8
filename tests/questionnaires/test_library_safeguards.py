"""Consent in the ready questionnaires: its order, and what it opens, by enumeration of answers."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

import pytest

from questionnaires import adapt, library
from questionnaires.answers import consents, may_continue, open_text
from questionnaires.model import TEAM, TESTIMONY, Question, Questionnaire
from questionnaires.relevance import asked, settled

ALL = [library.load(name) for name in library.names()]
HEARD = [item for item in ALL if item.usage == TESTIMONY]
GROUPS = ("Q02", "Q05", "Q18")
SHORT = ("Q03", "Q04", "Q13", "Q16")
every = pytest.mark.parametrize("questionnaire", ALL, ids=lambda item: item.name)
heard = pytest.mark.parametrize("questionnaire", HEARD, ids=lambda item: item.name)

ORDER = (
    "information",
    "accord_noter",
    "age",
    "accord_parent",
    "accord_citer",
    "accord_parent_ecrit",
    "accord_voix",
    "accord_photo",
    "suites",
    "code",
)
AGES = ("moins_15", "15_17", "18_24", "25_39", "40_59", "60_74", "75_plus", "adulte")
REFUSED = {"non_response": "refus"}
CONSENT = {"accord_noter", "age", "accord_parent", "accord_citer"}
MAY_BE_REQUIRED = CONSENT | {"phrase_relue", "seize_ans", "repond_comme"}


def names(questionnaire: Questionnaire) -> list[str]:
    return [question.name for question in questionnaire.questions]


def is_group(questionnaire: Questionnaire) -> bool:
    return questionnaire.name[:3] in GROUPS


def situations(questionnaire: Questionnaire) -> Iterator[dict[str, object]]:
    """Answers to the consent questions, told or left out, even where they contradict."""
    noting = ["oui", "non", REFUSED, None, *(["partie"] if is_group(questionnaire) else [])]
    yes_or_no = ("oui", "non", None)
    for noted, age, joint, written, photo in product(
        noting, (*AGES[:3], "adulte", None), yes_or_no, yes_or_no, yes_or_no
    ):
        answers: dict[str, object] = {
            "accord_noter": noted,
            "age": age,
            "accord_parent": joint,
            "accord_parent_ecrit": written,
            "accord_photo": photo,
        }
        yield {name: answer for name, answer in answers.items() if answer is not None}


def all_asked(questionnaire: Questionnaire, answers: dict[str, object]) -> list[Question]:
    """Every question asked, those of one entry of each repeated section included."""
    outer = settled(questionnaire, answers)
    found: list[Question] = []
    for name, questions in asked(questionnaire, answers).items():
        if questionnaire.section(name).is_repeat:
            inside = asked(adapt.entry_form(questionnaire, name), {}, outer=outer)
            found += [question for kept in inside.values() for question in kept]
        found += questions
    return found


def expected_to_continue(answers: dict[str, object]) -> bool:
    if answers.get("accord_noter") not in ("oui", "partie"):
        return False
    return answers.get("age") != "moins_15" or answers.get("accord_parent") == "oui"


def filled(questionnaire: Questionnaire, rank: int = 0) -> dict[str, object]:
    """Words under every open question; elsewhere a place, a number, or the choice of that rank."""
    answers: dict[str, object] = {}
    for section in questionnaire.sections:
        given: dict[str, object] = {}
        for question in section.questions:
            if question.is_open:
                given[question.name] = "Un mot."
            elif question.choices:
                given[question.name] = question.choices[rank % len(question.choices)].name
            elif question.type in ("place", "integer"):
                given[question.name] = "centre" if question.type == "place" else 1
        answers.update({section.name: [given]} if section.is_repeat else given)
    return answers


@heard
def test_consent_comes_first_and_age_before_voice_and_photo(questionnaire: Questionnaire) -> None:
    listed = names(questionnaire)
    consent = questionnaire.sections[0]
    assert [section.kind for section in questionnaire.sections].count("consent") == 1
    assert consent.kind == "consent"
    assert consent.relevant == ""
    found = [name for name in listed if name in ORDER]
    assert found == [name for name in ORDER if name in found]
    assert listed[:5] == ["information", "accord_noter", "age", "accord_parent", "accord_citer"]
    outside = [question for section in questionnaire.sections[1:] for question in section.questions]
    assert not any(question.consent for question in outside)
    assert not set(ORDER) & {question.name for question in outside}


@heard
def test_consent_asks_what_the_method_needs(questionnaire: Questionnaire) -> None:
    noting = tuple(choice.name for choice in questionnaire.question("accord_noter").choices)
    assert noting == (("oui", "partie", "non") if is_group(questionnaire) else ("oui", "non"))
    assert questionnaire.question("age").profile is not is_group(questionnaire)
    assert tuple(choice.name for choice in questionnaire.question("age").choices) == AGES
    citing = tuple(choice.name for choice in questionnaire.question("accord_citer").choices)
    assert citing == ("oui", "apres_relecture", "non")
    scopes = {question.consent for question in questionnaire.questions if question.consent}
    short = questionnaire.name[:3] in SHORT
    assert scopes >= ({"noter", "citer"} if short else {"noter", "citer", "voix", "photo"})
    assert ("presents" in names(questionnaire)) is is_group(questionnaire)
    if {"voix", "photo"} & scopes:
        assert "accord_parent_ecrit" in names(questionnaire)


@heard
def test_the_notice_says_who_why_and_until_when(questionnaire: Questionnaire) -> None:
    notice = questionnaire.question("information").label["fr"]
    for name in ("responsable", "base_legale", "destinataires", "date_fin_conservation"):
        assert f"{{{name}}}" in notice
    for words in ("{contact_dpo}", "CNIL", "ne peut plus être reprise", "effacer"):
        assert words in notice
    code = questionnaire.question("code").label["fr"]
    assert "{code_retrait}" in code
    assert "{date_fin_conservation}" in code


@every
def test_only_consent_and_age_are_required(questionnaire: Questionnaire) -> None:
    required = {question.name for question in questionnaire.questions if question.required}
    assert required <= MAY_BE_REQUIRED
    if questionnaire.usage == TESTIMONY:
        assert required >= CONSENT | {"phrase_relue"}
    assert ("repond_comme" in required) is (questionnaire.name[:3] == "Q11")


@heard
def test_nothing_is_asked_without_the_agreements(questionnaire: Questionnaire) -> None:
    form = adapt.testimony_part(questionnaire)
    for answers in situations(questionnaire):
        seen = {question.name for question in all_asked(form, answers)}
        noted = answers.get("accord_noter") in ("oui", "partie")
        if not noted:
            assert seen == {"information", "accord_noter"}, answers
        elif not expected_to_continue(answers):
            assert seen == {"information", "accord_noter", "age", "accord_parent"}, answers
        else:
            assert {"accord_citer", "code"} <= seen, answers
            assert ("accord_parent" in seen) is (answers.get("age") == "moins_15")


@heard
def test_neither_voice_nor_image_before_eighteen_without_the_parents(
    questionnaire: Questionnaire,
) -> None:
    form = adapt.testimony_part(questionnaire)
    image = {"accord_voix", "accord_photo"} & set(names(questionnaire))
    for answers in situations(questionnaire):
        questions = all_asked(form, answers)
        seen = {question.name for question in questions}
        age = answers.get("age")
        minor = age in ("moins_15", "15_17")
        allowed = (
            expected_to_continue(answers)
            and age is not None
            and (not minor or answers.get("accord_parent_ecrit") == "oui")
        )
        assert image & seen == (image if allowed else set()), answers
        photographed = any(question.type == "image" for question in questions)
        if photographed:
            assert allowed, answers
            assert answers.get("accord_photo") == "oui"


@heard
def test_words_said_without_the_agreements_are_not_a_testimony(
    questionnaire: Questionnaire,
) -> None:
    form = adapt.testimony_part(questionnaire)
    words = filled(form)
    for answers in situations(questionnaire):
        if not expected_to_continue(answers):
            unsaid = {name: word for name, word in words.items() if name not in ORDER}
            assert open_text(form, unsaid | answers) == ("", ()), answers
            noted = answers.get("accord_noter") in ("oui", "partie")
            stops = may_continue(form, unsaid | answers) is not None
            assert stops is (noted or answers.get("accord_noter") in ("non", REFUSED))


@heard
@pytest.mark.parametrize("citing", ["oui", "apres_relecture", "non"])
def test_an_adult_who_agrees_goes_on(questionnaire: Questionnaire, citing: str) -> None:
    form = adapt.testimony_part(questionnaire)
    yes = "partie" if is_group(questionnaire) else "oui"
    answers: dict[str, object] = {"accord_noter": yes, "age": "40_59", "accord_citer": citing}
    seen = {question.name for question in all_asked(form, answers)}
    assert ("phrase_relue" in seen) is (citing == "apres_relecture")
    assert may_continue(form, answers) is None
    decisions = consents(form, answers)
    assert decisions["noter"] == "granted"
    assert decisions["citer"] == {"oui": "granted", "apres_relecture": "approved"}.get(
        citing, "refused"
    )


@heard
def test_every_open_question_can_be_reached(questionnaire: Questionnaire) -> None:
    actions = {"actions": {"jardin": "Le jardin partagé"}}
    form = adapt.with_lists(adapt.testimony_part(questionnaire), actions)
    consent: dict[str, object] = {"accord_noter": "oui", "age": "40_59", "accord_citer": "oui"}
    heard_of: set[str] = set()
    for rank in range(max(len(question.choices) for question in form.questions)):
        _, parts = open_text(form, filled(form, rank) | consent)
        heard_of |= {part.question.rpartition(".")[2] for part in parts}
    told = [item for item in form.questions if item.is_open and item.visibility != TEAM]
    assert heard_of == {question.name for question in told}
    assert heard_of


@heard
def test_the_read_back_phrase_is_for_the_team_only(questionnaire: Questionnaire) -> None:
    phrase = questionnaire.question("phrase_relue")
    assert (phrase.visibility, phrase.required, phrase.type) == (TEAM, True, "text")
    if "relecture" in names(questionnaire):
        read_back = tuple(choice.name for choice in questionnaire.question("relecture").choices)
        assert read_back == ("oui", "correction", "effacer")


@every
def test_the_council_s_own_papers_ask_no_consent(questionnaire: Questionnaire) -> None:
    if questionnaire.usage != TESTIMONY:
        assert not any(question.consent for question in questionnaire.questions)
        assert not set(ORDER) & set(names(questionnaire))


@every
def test_only_panels_and_walks_have_a_meeting_sheet(questionnaire: Questionnaire) -> None:
    kinds = [section.kind == "meeting" for section in questionnaire.sections]
    assert any(kinds) is (questionnaire.name[:3] in {"Q04", "Q05"})
    assert kinds == sorted(kinds)
