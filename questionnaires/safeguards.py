"""Consent and minors: what a form must enforce by itself, tried in every situation.

A rule is checked by putting the form in each state that its consent questions allow, not by
reading how a condition is written. What a condition says of anything else may be true or not:
it never protects anybody.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Set
from dataclasses import dataclass, field

from questionnaires.agreement import granted, noting
from questionnaires.consent_questions import (
    AGE_BACK,
    MINORS,
    age_question,
    consent_questions,
    label_of,
    meeting,
    noting_question,
    paper,
    parents_questions,
    problem,
)
from questionnaires.expressions import Node
from questionnaires.form_states import WRITTEN_AGREEMENT, Form, State, TooManyStatesError
from questionnaires.model import TEAM, TESTIMONY, Question, Questionnaire
from questionnaires.problems import Problem
from questionnaires.testimony import AGE, JOINT_AGREEMENT, UNDER_15
from questionnaires.validation import verify

READ_BACK = "phrase_relue"
CODE = "{code_retrait}"
_IMAGES = ("voix", "photo")


def check(questionnaire: Questionnaire) -> list[Problem]:
    """What the form lets happen and should not; empty when it protects the people who answer.

    A questionnaire that ``verify`` refuses gets those problems: its conditions cannot be tried.
    """
    problems = verify(questionnaire)
    if problems:
        return problems
    if questionnaire.usage != TESTIMONY:
        return [*paper(questionnaire), *meeting(questionnaire)]
    asking = noting(questionnaire)
    if asking is None:
        message = "Aucune question ne demande si les paroles peuvent être notées."
        return [problem(questionnaire.name, message, "Remettez cette question au début.")]
    rules = _Rules(questionnaire, asking, Form(questionnaire), granted(questionnaire))
    found = [*noting_question(questionnaire, asking), *age_question(questionnaire)]
    found += [*consent_questions(questionnaire), *parents_questions(questionnaire)]
    found += meeting(questionnaire)
    try:
        for tried in (_unconditional, _asked_wrongly, _read_back):
            found += tried(rules)
    except TooManyStatesError:
        message = "Les conditions de l’accord dépendent de trop de réponses."
        found.append(problem(questionnaire.name, message, "Simplifiez-les."))
    return found


@dataclass(frozen=True)
class _Rules:
    questionnaire: Questionnaire
    noting: Question
    form: Form
    yes: tuple[str, ...]
    scopes: dict[str, str] = field(init=False)

    def __post_init__(self) -> None:
        named = {item.consent: item.name for item in self.questionnaire.questions if item.consent}
        object.__setattr__(self, "scopes", named)

    def noted(self, state: State) -> bool:
        return state.values.get(self.noting.name) in self.yes

    def joint(self, state: State) -> bool:
        """Not under 15, or with both agreements."""
        under = state.values.get(AGE) == UNDER_15
        return not under or state.values.get(JOINT_AGREEMENT) == "oui"

    def going_on(self, state: State) -> bool:
        """Noted, with an age that was given and the agreements that it calls for."""
        return self.noted(state) and bool(state.values.get(AGE)) and self.joint(state)

    def told(self, state: State, scope: str) -> object:
        return state.values.get(self.scopes.get(scope, ""))

    def first(self, names: Set[str], wrong: Callable[[State], bool]) -> State | None:
        """The first situation that is wrong, the agreements being always looked at."""
        basics = {self.noting.name, AGE, JOINT_AGREEMENT}
        return next((state for state in self.form.states(basics | names) if wrong(state)), None)


def _asked_wrongly(rules: _Rules) -> Iterator[Problem]:
    """Each question that takes an answer, in every situation where the form asks it."""
    for _, question in rules.form.steps:
        if question.is_note or question.name == rules.noting.name:
            continue
        try:
            yield from _wrong(rules, question)
        except TooManyStatesError:
            if rules.form.left < 0:
                raise
            message = f"La condition de « {label_of(question)} » dépend de trop de réponses."
            yield problem(question.name, message, "Simplifiez-la : elle ne peut pas être vérifiée.")


def _wrong(rules: _Rules, question: Question) -> Iterator[Problem]:
    name, label = question.name, label_of(question)

    def asked_when(wrong: Callable[[State], bool], *also: str) -> bool:
        found = rules.first({name, *also}, lambda state: name in state.asked and wrong(state))
        return found is not None

    if asked_when(lambda state: not rules.noted(state)):
        message = f"« {label} » est posée sans l’accord pour noter."
        yield problem(name, message, "Ajoutez à sa condition l’accord de la personne.")
    elif name not in {AGE, JOINT_AGREEMENT} and asked_when(lambda state: not rules.joint(state)):
        message = f"« {label} » est posée avant 15 ans sans l’accord du jeune et d’un parent."
        yield problem(name, message, "Ajoutez à sa condition l’accord conjoint.")
    if question.consent not in _IMAGES and question.type != "image":
        return
    what = "la photo" if question.type == "image" else "la voix ou l’image"
    if asked_when(lambda state: not state.values.get(AGE)):
        message = f"« {label} » peut être posée avant de connaître l’âge."
        yield problem(name, message, "Posez-la après l’âge, et seulement quand il est donné.")
    if asked_when(lambda state: _alone(state), WRITTEN_AGREEMENT):
        message = f"« {label} » est posée avant 18 ans sans l’accord écrit des parents."
        remedy = f"Ajoutez à sa condition l’accord écrit des parents pour {what}."
        yield problem(name, message, remedy)
    photo = {rules.scopes["photo"]} if "photo" in rules.scopes else set()
    if question.type == "image" and asked_when(
        lambda state: rules.told(state, "photo") != "oui", *photo
    ):
        message = f"« {label} » est posée sans l’accord pour la photo."
        yield problem(name, message, "Ajoutez à sa condition l’accord pour la photo.")


def _alone(state: State) -> bool:
    """A minor whose parents have not agreed in writing."""
    return state.values.get(AGE) in MINORS and state.values.get(WRITTEN_AGREEMENT) != "oui"


def _unconditional(rules: _Rules) -> Iterator[Problem]:
    """What nobody may miss: noting, then the age; for whoever goes on, quoting and the code."""
    name = rules.noting.name
    if rules.first(set(), lambda state: name not in state.asked):
        message = "L’accord pour noter n’est pas toujours demandé."
        yield problem(name, message, "Retirez la condition de cette question.")
    if rules.first(set(), lambda state: rules.noted(state) and AGE not in state.asked):
        yield problem(AGE, "L’âge n’est pas toujours demandé après l’accord.", AGE_BACK)
    citing = {rules.scopes["citer"]} if "citer" in rules.scopes else set[str]()
    if _missed(rules, citing):
        message = "L’accord pour citer une phrase n’est pas toujours demandé."
        remedy = "Remettez cette question dans la partie de l’accord."
        yield problem(rules.questionnaire.name, message, remedy)
    notes = (item for _, item in rules.form.steps if item.is_note)
    if _missed(rules, {item.name for item in notes if CODE in _text(item)}):
        message = "Le code de retrait n’est pas toujours donné à la personne."
        remedy = f"Remettez le texte qui contient {CODE} dans la partie de l’accord."
        yield problem(rules.questionnaire.name, message, remedy)


def _missed(rules: _Rules, names: set[str]) -> bool:
    """Whether a person may go on without any of these questions."""
    if not names:
        return True
    found = rules.first(names, lambda state: rules.going_on(state) and not names & state.asked)
    return found is not None


def _read_back(rules: _Rules) -> Iterator[Problem]:
    """« Après relecture » needs the phrase that was read back, whenever words are taken."""
    name = rules.scopes.get("citer", "")
    citing = next((item for _, item in rules.form.steps if item.name == name), None)
    if citing is None or citing.choice("apres_relecture") is None:
        return
    phrase = next((item for _, item in rules.form.steps if item.name == READ_BACK), None)
    remedy = "Remettez la question de la phrase relue, obligatoire et lue par l’équipe seulement."
    right = phrase and phrase.type == "text" and phrase.required and phrase.visibility == TEAM
    if phrase is None or not right:
        message = "Une phrase peut être citée après relecture, mais elle n’est pas notée à part."
        yield problem(READ_BACK, message, remedy)
        return
    seen: set[tuple[Node, ...]] = set()
    for _, item in rules.form.steps:
        key = tuple(rules.form.conditions[item.name])
        if not item.is_open or item.visibility == TEAM or key in seen:
            continue
        seen.add(key)
        if rules.first({name, READ_BACK, item.name}, _forgotten(rules, item.name)):
            message = f"Après « {label_of(item)} », la phrase relue n’est pas toujours demandée."
            yield problem(READ_BACK, message, remedy)
            return


def _forgotten(rules: _Rules, name: str) -> Callable[[State], bool]:
    def forgotten(state: State) -> bool:
        approved = rules.told(state, "citer") == "apres_relecture" and rules.going_on(state)
        return approved and name in state.asked and READ_BACK not in state.asked

    return forgotten


def _text(question: Question) -> str:
    return " ".join((*question.label.values(), *question.hint.values()))
