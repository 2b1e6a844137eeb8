"""What the questions about the agreement must be by themselves, whatever the situation.

How they are asked is tried in ``safeguards``: it can only try answers that are written here.
"""

from __future__ import annotations

from collections.abc import Iterator

from questionnaires.adapt import meeting_part
from questionnaires.agreement import granted
from questionnaires.form_states import WRITTEN_AGREEMENT
from questionnaires.model import SURVEY, Question, Questionnaire, in_language
from questionnaires.problems import Problem
from questionnaires.testimony import AGE, JOINT_AGREEMENT, UNDER_15

MINORS = (UNDER_15, "15_17")
AGES = (*MINORS, "18_24", "25_39", "40_59", "60_74", "75_plus", "adulte")
"""The age bands that the rules know: another one could hide a minor."""

AGE_BACK = "Remettez la question de l’âge comme dans la bibliothèque."


def problem(where: str, message: str, remedy: str) -> Problem:
    """What is not safe, so that the questionnaire cannot be published."""
    return Problem("unsafe-questionnaire", where, message, remedy)


def label_of(question: Question) -> str:
    """The question's French words, on one line."""
    return " ".join(in_language(question.label, "fr").split())


def paper(questionnaire: Questionnaire) -> Iterator[Problem]:
    """A paper of the council and a survey ask nobody's consent; a paper describes nobody."""
    remedy = "Retirez cette question, ou changez l’usage du questionnaire."
    for question in questionnaire.questions:
        if question.consent:
            message = f"« {label_of(question)} » demande un accord, hors d’un témoignage."
            yield problem(question.name, message, remedy)
        if question.profile and questionnaire.usage != SURVEY:
            message = f"« {label_of(question)} » décrit une personne, dans un document du conseil."
            yield problem(question.name, message, remedy)


def meeting(questionnaire: Questionnaire) -> Iterator[Problem]:
    """The sheet of a meeting is filled once for all: it bears on nobody in particular."""
    sheet = meeting_part(questionnaire)
    for question in sheet.questions if sheet else ():
        if question.profile or question.consent:
            what = "demande un accord" if question.consent else "décrit une personne"
            message = f"« {label_of(question)} » {what}, sur la fiche de la rencontre."
            yield problem(question.name, message, "Posez cette question à chaque personne.")


def noting_question(questionnaire: Questionnaire, asking: Question) -> Iterator[Problem]:
    """The words are noted only if the person answered, and may have said yes."""
    remedy = "Remettez cette question comme dans la bibliothèque."
    section = next(s for s in questionnaire.sections if asking in s.questions)
    if section.kind != "consent":
        message = "L’accord pour noter n’est pas dans la partie de l’accord."
        yield problem(asking.name, message, remedy)
    if not asking.required:
        yield problem(asking.name, "L’accord pour noter peut rester sans réponse.", remedy)
    if not granted(questionnaire):
        yield problem(asking.name, "Aucune réponse ne donne l’accord pour noter.", remedy)


def age_question(questionnaire: Questionnaire) -> Iterator[Problem]:
    """The age is given by one of the bands that the rules know, written in the form."""
    age = next((item for item in questionnaire.questions if item.name == AGE), None)
    if age is None:
        yield problem(AGE, "L’âge n’est pas demandé : rien ne protège les mineurs.", AGE_BACK)
        return
    names = [choice.name for choice in age.choices]
    if not age.required:
        yield problem(AGE, "La question de l’âge peut rester sans réponse.", AGE_BACK)
    if age.type != "select_one":
        yield problem(AGE, "L’âge ne se répond pas par une seule tranche d’âge.", AGE_BACK)
    if age.choices_from:
        message = "Les tranches d’âge viennent d’une liste de la campagne, qui peut changer."
        yield problem(AGE, message, AGE_BACK)
    for band in MINORS:
        if band not in names:
            message = f"La tranche d’âge « {band} » manque : ces mineurs ne seraient pas reconnus."
            yield problem(AGE, message, AGE_BACK)
    for band in names:
        if band not in AGES:
            message = f"La tranche d’âge « {band} » est inconnue : elle peut cacher des mineurs."
            yield problem(AGE, message, AGE_BACK)


def consent_questions(questionnaire: Questionnaire) -> Iterator[Problem]:
    """Each agreement is asked by one question, to which one may say no."""
    asked: dict[str, str] = {}
    for question in questionnaire.questions:
        if question.consent is None:
            continue
        name, label = question.name, label_of(question)
        if question.consent in asked:
            message = f"« {label} » demande un accord déjà demandé."
            yield problem(name, message, "Gardez une seule des deux questions.")
        asked.setdefault(question.consent, name)
        if question.type != "select_one" or not question.choice("non"):
            message = f"À « {label} », on ne peut pas répondre non."
            yield problem(name, message, "Proposez une seule réponse, avec le choix « non ».")
        if question.choices_from:
            message = f"Les réponses à « {label} » viennent d’une liste, qui peut changer."
            yield problem(name, message, "Écrivez les réponses dans le questionnaire.")


def parents_questions(questionnaire: Questionnaire) -> Iterator[Problem]:
    """The parents agree or do not: one answer, yes or no, written in the form."""
    for question in questionnaire.questions:
        if question.name not in {JOINT_AGREEMENT, WRITTEN_AGREEMENT}:
            continue
        own = question.type == "select_one" and question.choices_from is None
        if not (own and question.choice("oui") and question.choice("non")):
            message = f"À « {label_of(question)} », on ne répond pas par oui ou par non."
            remedy = "Remettez cette question comme dans la bibliothèque."
            yield problem(question.name, message, remedy)
