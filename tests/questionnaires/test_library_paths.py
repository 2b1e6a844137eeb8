"""Where the answers lead in the ready questionnaires: the conditions that the draft had wrong."""

from __future__ import annotations

import pytest

from questionnaires import library
from questionnaires.adapt import with_lists
from questionnaires.checking import check
from questionnaires.model import Questionnaire
from questionnaires.relevance import asked, relevant_sections
from questionnaires.testimony import open_text, persons

ADULT = {"accord_noter": "oui", "age": "25_39", "accord_citer": "oui"}
YOUNG = {"accord_noter": "oui", "age": "15_17", "accord_citer": "oui"}
CHILD = {"accord_noter": "oui", "age": "moins_15", "accord_parent": "oui", "accord_citer": "oui"}


def questionnaire(number: str) -> Questionnaire:
    return library.load(next(name for name in library.names() if name.startswith(number)))


def sections(number: str, answers: dict[str, object]) -> set[str]:
    return {section.name for section in relevant_sections(questionnaire(number), answers)}


def names(number: str, answers: dict[str, object]) -> set[str]:
    kept = asked(questionnaire(number), answers).values()
    return {question.name for questions in kept for question in questions}


def problems(number: str, answers: dict[str, object]) -> list[tuple[str, str]]:
    checked = check(questionnaire(number), answers)
    return [(problem.code, problem.where) for problem in checked.problems]


def test_each_question_of_the_evaluation_says_its_axis() -> None:
    axes: dict[str, set[str]] = {}
    for section in questionnaire("Q06").sections:
        for question in section.questions:
            axes.setdefault(question.facets.get("axe_evaluation", ""), set()).add(section.name)
    assert axes.pop("") == {"accord", "profil", "la_suite", "relecture"}
    assert axes == {
        "1 contexte": {"contexte"},
        "2 réalisations et impacts": {"actions_connues", "avis_actions", "bilan_actions"},
        "3 ingénierie et gouvernance": {"maniere_de_faire"},
    }
    ordinary = questionnaire("Q06").question("services_ordinaires")
    assert ordinary.facets["critere"] == "cohérence"
    assert "droit commun" in ordinary.hint["fr"]


def test_criteria_are_those_of_the_codebook() -> None:
    used = {
        question.facets["critere"]
        for number in ("Q06", "Q10")
        for question in questionnaire(number).questions
        if "critere" in question.facets
    }
    assert used == {
        *("pertinence", "cohérence", "efficacité", "efficience", "impact"),
        "utilité et durabilité",
    }


@pytest.mark.parametrize(
    ("known", "wanted"), [([], False), (["aucune"], False), (["jardin"], True)]
)
def test_an_opinion_is_asked_for_the_actions_that_are_known(known: list[str], wanted: bool) -> None:
    answers: dict[str, object] = {**ADULT, "actions": known}
    assert ("avis_actions" in sections("Q06", answers)) is wanted


def test_known_actions_are_the_campaigns_and_none_goes_alone() -> None:
    form = with_lists(questionnaire("Q06"), {"actions": {"jardin": "Le jardin partagé"}})
    entry = {"action_concernee": "jardin", "utilite": "5", "ce_qui_a_change": "On se parle."}
    answers = {**ADULT, "actions": ["jardin"], "avis_actions": [entry]}
    assert check(form, answers).problems == []
    assert open_text(form, answers)[0] == "On se parle."
    alone = check(form, {**ADULT, "actions": ["jardin", "aucune"]}).problems
    assert [problem.code for problem in alone] == ["exclusive-choice"]


def test_the_evaluations_matrix_has_one_scale() -> None:
    lists = {
        tuple(choice.name for choice in question.choices)
        for question in questionnaire("Q06").questions
        if question.name.startswith("evolution_")
    }
    assert lists == {("mieux", "pareil", "moins_bien")}


def test_the_shop_questionnaire_has_two_versions() -> None:
    both = {"achats", "envies", "commerce"}
    assert not sections("Q13", ADULT) & both
    assert sections("Q13", {**ADULT, "repond_comme": "habitant"}) & both == {"achats", "envies"}
    assert sections("Q13", {**ADULT, "repond_comme": "commercant"}) & both == {"commerce"}
    used = {**ADULT, "repond_comme": "habitant", "local_vide": "centre"}
    assert names("Q13", used) - names("Q13", {**used, "local_vide": ""}) == {"local_idee"}


def test_work_is_asked_from_sixteen_on() -> None:
    begun = {"profil", "travail", "aide", "projets", "idees", "relecture"}
    assert begun < sections("Q14", ADULT)
    assert begun < sections("Q14", {**YOUNG, "seize_ans": "oui"})
    for stopped in (YOUNG, {**YOUNG, "seize_ans": "non"}, CHILD, {**CHILD, "seize_ans": "oui"}):
        assert not begun & sections("Q14", stopped)
    refused = {**YOUNG, "seize_ans": {"non_response": "refus"}}
    assert not begun & sections("Q14", refused)
    assert "seize_ans" not in names("Q14", ADULT) | names("Q14", CHILD)
    assert "trop_jeune" in names("Q14", CHILD) & names("Q14", {**YOUNG, "seize_ans": "non"})


def test_the_profile_of_the_work_questionnaire_is_the_shared_one() -> None:
    own, shared = (questionnaire(number).section("profil") for number in ("Q14", "Q01"))
    assert own.questions == shared.questions


def test_help_and_needs_are_asked_of_those_concerned() -> None:
    helped = names("Q14", {**ADULT, "aidants": ["proches"]})
    assert "aide_utile" in helped
    for aidants in ([], ["personne"], {"non_response": "ne_sait_pas"}):
        assert "aide_utile" not in names("Q14", {**ADULT, "aidants": aidants})
    wanted = {
        idea: "besoins_demarrage" in names("Q14", {**ADULT, "idee_activite": idea})
        for idea in ("commencee", "idee", "non", "")
    }
    assert wanted == {"commencee": True, "idee": True, "non": False, "": False}


def test_school_is_not_asked_of_those_without_children() -> None:
    assert "ecole" in sections("Q15", {**ADULT, "ages_enfants": ["4_6"]})
    assert "ecole" in sections("Q15", ADULT)
    assert "ecole" not in sections("Q15", {**ADULT, "ages_enfants": ["aucun"]})
    assert "119" in questionnaire("Q15").question("avertissement").label["fr"]


def test_a_problem_is_told_when_it_was_reported() -> None:
    after = {"signale_a", "delai", "probleme_recit"}
    assert after < names("Q16", {**ADULT, "signalement": "oui"})
    for answer in ("rien_a_signaler", "a_qui_inconnu", "inutile", ""):
        assert not after & names("Q16", {**ADULT, "signalement": answer})


def test_the_opinion_on_the_money_comes_before_the_tax() -> None:
    order = [question.name for question in questionnaire("Q16").questions]
    assert order.index("usages_argent") < order.index("savait_impot")
    scales = [item for item in questionnaire("Q16").questions if item.type == "scale"]
    assert len(scales) == 8
    assert all(item.choices == scales[0].choices for item in scales)


@pytest.mark.parametrize(
    ("number", "question", "alone"),
    [
        ("Q06", "actions", "aucune"),
        ("Q10", "publics", "aucun"),
        ("Q11", "besoins", "rien"),
        ("Q12", "gene", "rien"),
        ("Q12", "freins_soins", "rien"),
        ("Q13", "achats_ici", "rien"),
        ("Q13", "freins", "rien"),
        ("Q14", "freins_emploi", "rien"),
        ("Q14", "aidants", "personne"),
        ("Q15", "ages_enfants", "aucun"),
        ("Q15", "besoins", "rien"),
        ("Q15", "lieux_connus", "aucun"),
        ("Q17", "lieux_frequentes", "nulle_part"),
        ("Q17", "freins", "rien"),
    ],
)
def test_nothing_goes_with_nothing_else(number: str, question: str, alone: str) -> None:
    choices = questionnaire(number).question(question).choices
    assert [choice.name for choice in choices if choice.exclusive] == [alone]


def test_an_actions_sheet_counts_and_dates() -> None:
    sheet: dict[str, object] = {"attendus": 30, "venus": 0, "argent_euros": 120}
    assert problems("Q10", {**sheet, "date_debut": "2026-03-01", "date_fin": "2026-03-01"}) == []
    assert problems("Q10", {**sheet, "date_fin": "2026-02-28"}) == []
    late = {**sheet, "date_debut": "2026-03-01", "date_fin": "2026-02-28"}
    assert problems("Q10", late) == [("constraint", "date_fin")]
    assert problems("Q10", {**sheet, "heures_benevoles": -1}) == [
        ("constraint", "heures_benevoles")
    ]


def test_the_mirror_questionnaire_keeps_its_counts_together() -> None:
    mirror: dict[str, object] = {"repond_comme": "etat"}
    assert problems("Q11", {}) == [("required", "repond_comme")]
    assert problems("Q11", {**mirror, "invitations": 4, "participations": 4}) == []
    assert problems("Q11", {**mirror, "participations": 9}) == []
    unsaid = {**mirror, "invitations": {"non_response": "ne_sait_pas"}, "participations": 9}
    assert problems("Q11", unsaid) == []
    over = {**mirror, "invitations": 4, "participations": 5}
    assert problems("Q11", over) == [("constraint", "participations")]


def test_a_request_has_an_answer_after_it_was_sent() -> None:
    sent: dict[str, object] = {"demande": "Un local", "envoyee_le": "2026-01-10"}
    answered = {**sent, "suite_donnee": "refusee", "reponse_le": "2026-01-09"}
    given = {
        "repond_comme": "conseil",
        "demandes": [{**sent, "suite_donnee": "acceptee"}, answered],
    }
    assert problems("Q11", given) == [("constraint", "demandes.2.reponse_le")]
    silent = {**answered, "suite_donnee": "sans_reponse"}
    checked = check(questionnaire("Q11"), {"repond_comme": "conseil", "demandes": [silent]})
    assert checked.problems == []
    assert checked.dropped == {"demandes.1.reponse_le": "2026-01-09"}


def test_a_film_debate_is_one_testimony_of_those_present() -> None:
    film = questionnaire("Q18")
    moments = [
        {"minute": 3, "phrase_du_film": "On verra.", "nous_ressemble_raison": "Oui, ici aussi."},
        {"nous_ressemble": "non", "nous_ressemble_raison": "Non, on se parle."},
    ]
    group: dict[str, object] = {**ADULT, "accord_noter": "partie"}
    answers = {**group, "presents": 12, "support": "Le film", "un_mot": "Vrai", "moments": moments}
    text, parts = open_text(film, answers)
    assert text == "Vrai\n\nOui, ici aussi.\n\nNon, on se parle."
    assert [part.question for part in parts] == [
        "un_mot",
        "moments.1.nous_ressemble_raison",
        "moments.2.nous_ressemble_raison",
    ]
    assert persons(film, answers) == 12
    assert problems("Q18", {**ADULT, "presents": 0}) == [("constraint", "presents")]
    assert "premier_tour" not in sections("Q18", {**ADULT, "accord_noter": "non"})
    assert "bonne pratique" in film.question("notre_pratique").hint["fr"]
