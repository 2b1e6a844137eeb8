"""What a form enforces by itself: the library passes, every broken variant is caught."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from questionnaires import library
from questionnaires.model import Choice, Question, Questionnaire, Section
from questionnaires.safeguards import check
from tests.questionnaires.mutations import (
    Mutation,
    after,
    before,
    both,
    condition,
    edited,
    removed,
    sectioned,
    without_choice,
)

Q01 = library.load("Q01-entretien-individuel")
WALK = library.load("Q05-marche-exploratoire")
SUITE = Q01.section("quartier").relevant
IMAGE = Q01.question("accord_voix").relevant
TEXT = Question("libre", "text", {"fr": "Que voulez-vous dire ?"})


def aged(edit: Callable[[tuple[Choice, ...]], tuple[Choice, ...]]) -> Mutation:
    return edited("age", choices=edit(Q01.question("age").choices))


PICTURE = Question("photo", "image", {"fr": "Une photo du lieu"}, relevant=SUITE)
NOTED = "${accord_noter} = 'oui'"


def noted_only(questionnaire: Questionnaire) -> Questionnaire:
    """Every condition that reads the joint agreement asks only for the person's own."""
    for item in questionnaire.questions:
        if "accord_parent}" in item.relevant:
            questionnaire = condition(item.name, NOTED)(questionnaire)
    for section in questionnaire.sections:
        if section.relevant:
            questionnaire = sectioned(section.name, relevant=NOTED)(questionnaire)
    return questionnaire


MUTATIONS: dict[str, tuple[Mutation, str, str]] = {
    "noting not required": (edited("accord_noter", required=False), "accord_noter", "sans réponse"),
    "noting conditional": (
        both(
            before("accord_noter", Question("avant", "note", {"fr": "Bonjour"})),
            condition("accord_noter", "false()"),
        ),
        "accord_noter",
        "pas toujours demandé",
    ),
    "noting without a no": (without_choice("accord_noter", "non"), "accord_noter", "répondre non"),
    "noting is not asked": (edited("accord_noter", consent=None), Q01.name, "Aucune question"),
    "noting out of the consent part": (sectioned("accord", kind=""), "accord_noter", "la partie"),
    "noting asked twice": (edited("suites", consent="noter"), "suites", "déjà demandé"),
    "words before the agreement": (before("accord_noter", TEXT), "libre", "sans l’accord pour"),
    "a section open to all": (sectioned("idees", relevant=""), "une_chose", "sans l’accord pour"),
    "a refusal still goes on": (
        sectioned("idees", relevant=SUITE.replace("= 'oui' and", "!= 'non' and")),
        "egalite",
        "sans l’accord pour",
    ),
    "another answer opens the section": (
        sectioned("idees", relevant=f"({SUITE}) or ${{genre}} != 'femme'"),
        "ecoute",
        "sans l’accord pour",
    ),
    "the profile before the agreement": (
        sectioned("profil", relevant=""),
        "genre",
        "sans l’accord pour",
    ),
    "under 15 without both agreements": (
        sectioned("idees", relevant=NOTED),
        "ajout",
        "avant 15 ans",
    ),
    "quotation under 15 alone": (condition("accord_citer", NOTED), "accord_citer", "avant 15 ans"),
    "no joint agreement any more": (
        lambda questionnaire: removed("accord_parent")(noted_only(questionnaire)),
        "recit_quartier",
        "avant 15 ans",
    ),
    "age not required": (edited("age", required=False), "age", "sans réponse"),
    "age asked of some only": (
        both(
            after("accord_noter", Question("ici", "select_one", {"fr": "Ici ?"}, relevant=NOTED,
                                           choices=(Choice("oui", {"fr": "Oui"}),))),
            condition("age", f"{NOTED} and ${{ici}} = 'oui'"),
        ),
        "age",
        "pas toujours demandé",
    ),
    "age band of minors merged": (
        both(
            aged(lambda choices: tuple(c for c in choices if c.name != "15_17")),
            condition("accord_parent_ecrit", "${age} = 'moins_15' and ${accord_parent} = 'oui'"),
            condition("accord_voix", f"{NOTED} and ${{accord_parent_ecrit}} = 'oui'"),
            condition("accord_photo", f"{NOTED} and ${{accord_parent_ecrit}} = 'oui'"),
        ),
        "age",
        "« 15_17 » manque",
    ),
    "unknown age band": (
        aged(lambda choices: (*choices, Choice("12_20", {"fr": "12 à 20 ans"}))),
        "age",
        "inconnue",
    ),
    "age from a list of the campaign": (edited("age", choices_from="actions"), "age", "une liste"),
    "noting from a list of the campaign": (
        edited("accord_noter", choices_from="actions"),
        "accord_noter",
        "une liste",
    ),
    "joint agreement as a multiple answer": (
        edited("accord_parent", type="select_multiple"),
        "accord_parent",
        "oui ou par non",
    ),
    "joint agreement without a no": (
        without_choice("accord_parent", "non"),
        "accord_parent",
        "oui ou par non",
    ),
    "written agreement without a no": (
        without_choice("accord_parent_ecrit", "non"),
        "accord_parent_ecrit",
        "oui ou par non",
    ),
    "written agreement from a list": (
        edited("accord_parent_ecrit", choices_from="actions"),
        "accord_parent_ecrit",
        "oui ou par non",
    ),
    "written agreement as a text": (
        edited("accord_parent_ecrit", type="text", choices=()),
        "accord_parent_ecrit",
        "oui ou par non",
    ),
    "age as a multiple answer": (edited("age", type="select_multiple"), "age", "une seule tranche"),
    "voice without the parents": (condition("accord_voix", SUITE), "accord_voix", "avant 18 ans"),
    "voice when the age is not said": (
        condition("accord_voix", IMAGE.replace("and ${age} != ''", "")),
        "accord_voix",
        "avant de connaître",
    ),
    "photo for 15 to 17 alone": (
        condition("accord_photo", f"{NOTED} and ${{age}} != '' and (${{age}} != 'moins_15' or "
                                  "${accord_parent_ecrit} = 'oui')"),
        "accord_photo",
        "avant 18 ans",
    ),
    "a picture without the photo agreement": (after("ajout", PICTURE), "photo", "pour la photo"),
    "a picture thanks to another answer": (
        after("ajout", replace(PICTURE, relevant="${accord_photo} = 'oui' or ${vivre_ici} = '5'")),
        "photo",
        "pour la photo",
    ),
    "a picture while the photo agreement is not asked for": (
        after("ajout", replace(PICTURE, relevant=f"({SUITE}) and ${{accord_photo}} != 'non'")),
        "photo",
        "pour la photo",
    ),
    "photo agreement as a text": (
        edited("accord_photo", type="text", choices=()),
        "accord_photo",
        "répondre non",
    ),
    "quotation never asked": (
        both(removed("phrase_relue"), removed("accord_citer")),
        Q01.name,
        "pour citer",
    ),
    "quotation asked of adults only": (
        condition("accord_citer", f"{NOTED} and ${{age}} = 'adulte'"),
        Q01.name,
        "pour citer",
    ),
    "phrase read back not noted": (removed("phrase_relue"), "phrase_relue", "notée à part"),
    "phrase read back optional": (edited("phrase_relue", required=False), "phrase_relue", "à part"),
    "phrase read back for everyone's eyes": (
        edited("phrase_relue", visibility=""),
        "phrase_relue",
        "à part",
    ),
    "phrase read back sometimes": (
        condition("phrase_relue", "${accord_citer} = 'apres_relecture' and ${relecture} = 'oui'"),
        "phrase_relue",
        "pas toujours",
    ),
    "no withdrawal code": (
        edited("code", label={"fr": "Merci de votre accord."}),
        Q01.name,
        "code de retrait",
    ),
    "withdrawal code for adults only": (
        condition("code", f"{NOTED} and ${{age}} = 'adulte'"),
        Q01.name,
        "code de retrait",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", library.names())
def test_the_library_protects(name: str) -> None:
    assert check(library.load(name)) == []


@pytest.mark.parametrize("name", MUTATIONS)
def test_a_broken_variant_is_caught(name: str) -> None:
    edit, where, words = MUTATIONS[name]
    found = [p for p in check(edit(Q01)) if p.where == where and words in p.message]
    assert found, [f"{p.where}: {p}" for p in check(edit(Q01))]
    assert found[0].code == "unsafe-questionnaire"
    assert found[0].remedy.endswith(".")


def test_a_picture_is_asked_with_the_agreement_or_at_the_meeting_only() -> None:
    allowed = replace(PICTURE, relevant="${accord_photo} = 'oui'")
    assert check(after("ajout", allowed)(Q01)) == []
    sheet = Section("seance", {"fr": "La séance"}, (replace(PICTURE, relevant=""),), kind="meeting")
    assert check(replace(Q01, sections=(*Q01.sections, sheet))) == []
    assert check(condition("photo", "")(WALK))[0].where == "photo"


def test_nobody_goes_on_without_an_age_so_the_rest_may_wait_for_it() -> None:
    aged_first = f"({SUITE}) and ${{age}} != ''"
    waiting = both(condition("accord_citer", aged_first), condition("code", aged_first))
    assert check(waiting(Q01)) == []


def test_the_sheet_of_a_meeting_bears_on_nobody_in_particular() -> None:
    yes_no = (Choice("oui", {"fr": "Oui"}), Choice("non", {"fr": "Non"}))
    asked = (
        Question("qui", "text", {"fr": "Votre religion ?"}, profile=True),
        Question("voix", "select_one", {"fr": "Votre voix ?"}, consent="voix", choices=yes_no),
        Question("combien", "integer", {"fr": "Combien de personnes ?"}),
    )
    sheet = Section("seance", {"fr": "La séance"}, asked, kind="meeting")
    for form in (Q01, library.load("Q11-relation-pouvoirs-publics")):
        found = check(replace(form, sections=(*form.sections, sheet)))
        told = {problem.where for problem in found if "fiche de la rencontre" in problem.message}
        assert told == {"qui", "voix"}


def test_papers_and_surveys_ask_for_no_agreement() -> None:
    paper = library.load("Q10-evaluer-nos-actions")
    name = paper.questions[1].name
    assert check(edited(name, consent="citer")(paper))[0].where == name
    assert check(edited(name, profile=True)(paper))[0].where == name
    survey = library.load("Q11-relation-pouvoirs-publics")
    name = survey.questions[1].name
    assert check(edited(name, consent="noter")(survey))[0].where == name
    assert check(edited(name, profile=True)(survey)) == []
    assert {p.code for p in check(replace(Q01, usage="record"))} == {"unsafe-questionnaire"}
