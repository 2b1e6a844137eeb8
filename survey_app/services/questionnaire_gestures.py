"""What a button of the editor does: each gesture turns a questionnaire into another one."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from questionnaires import agreement, conditions, editing, languages
from questionnaires.conditions import Join, Rule
from questionnaires.edit_tools import find, find_section
from questionnaires.model import Question, Questionnaire, Section
from questionnaires.types import SEVERAL, WITH_CHOICES
from survey_app.domain import Invalid

QUESTION, SECTION = "question", "partie"
KINDS = (QUESTION, SECTION)
"""What a condition or a gesture bears on, as addresses say it: both may have the same name."""

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]{0,79}\Z")

Gesture = Callable[[Questionnaire, str], Questionnaire]

GESTURES: Mapping[tuple[str, str], Gesture] = {
    (QUESTION, "up"): lambda whole, name: editing.move_question(whole, name, -1),
    (QUESTION, "down"): lambda whole, name: editing.move_question(whole, name, 1),
    (QUESTION, "remove"): editing.remove_question,
    (SECTION, "up"): lambda whole, name: editing.move_section(whole, name, -1),
    (SECTION, "down"): lambda whole, name: editing.move_section(whole, name, 1),
    (SECTION, "remove"): editing.remove_section,
}


@dataclass(frozen=True, slots=True)
class ChoiceSheet:
    """One choice as its line of the page says it."""

    name: str
    label: str
    exclusive: bool = False


@dataclass(frozen=True, slots=True)
class QuestionSheet:
    """One question as its page says it, in the questionnaire's own language.

    ``kind`` is the type; ``probes`` and ``added`` (new choices) have one text each;
    ``gesture`` is what is done afterwards to the choice named ``target``: "up", "down", "remove".
    """

    label: str
    hint: str = ""
    probes: Sequence[str] = ()
    kind: str = "text"
    required: bool = False
    max_choices: int | None = None
    team: bool = False
    actions: bool = False
    choices: Sequence[ChoiceSheet] = ()
    added: Sequence[str] = ()
    gesture: str = ""
    target: str = ""


def gesture(whole: Questionnaire, kind: str, name: str, what: str) -> Questionnaire:
    """Move or remove a question or a section."""
    found = GESTURES.get((kind, what))
    if found is None:
        raise Invalid("Ce bouton n’existe pas.", "Rien n’a été changé. Rechargez la page.")
    return found(whole, name)


def section_of(whole: Questionnaire, name: str) -> Section:
    """The section where a question stands."""
    return next(s for s in whole.sections if any(item.name == name for item in s.questions))


def protected(whole: Questionnaire, name: str) -> bool:
    """Whether a question belongs to the agreement: only its words may change."""
    return section_of(whole, name).kind == "consent"


def reworded(whole: Questionnaire, name: str, sheet: QuestionSheet) -> Questionnaire:
    """The words of a question and of its choices; nothing else."""
    whole = editing.change_question(
        whole, name, label=sheet.label, hint=sheet.hint, probes=list(sheet.probes)
    )
    known = {choice.name: choice for choice in find(whole, name).choices}
    default = whole.default_language
    for choice in sheet.choices:
        if choice.name in known and choice.label.strip() != known[choice.name].label.get(default):
            whole = editing.change_choice(whole, name, choice.name, label=choice.label)
    return whole


def changed(whole: Questionnaire, name: str, sheet: QuestionSheet) -> Questionnaire:
    """All that the page of a question says, then what its button asks."""
    whole = reworded(whole, name, sheet)
    is_note = sheet.kind == "note"
    whole = editing.change_question(
        whole,
        name,
        type=sheet.kind,
        required=sheet.required and not is_note,
        visibility="team" if sheet.team else "",
        choices_from="actions" if sheet.actions and sheet.kind in WITH_CHOICES else None,
        max_choices=None,
    )
    whole = _choices(whole, name, sheet)
    after = find(whole, name)
    if after.type in SEVERAL and sheet.max_choices != after.max_choices:
        whole = editing.change_question(whole, name, max_choices=sheet.max_choices)
    return whole


def _choices(whole: Questionnaire, name: str, sheet: QuestionSheet) -> Questionnaire:
    asked = find(whole, name)
    if asked.type not in WITH_CHOICES:
        return whole
    for choice in sheet.choices:
        known = asked.choice(choice.name)
        alone = choice.exclusive and asked.type == "select_multiple"
        if known is not None and known.exclusive != alone:
            whole = editing.change_choice(whole, name, choice.name, exclusive=alone)
    for label in sheet.added:
        if label.strip():
            whole, _ = editing.add_choice(whole, name, label.strip())
    if sheet.gesture == "remove":
        return editing.remove_choice(whole, name, sheet.target)
    if sheet.gesture in {"up", "down"}:
        step = -1 if sheet.gesture == "up" else 1
        return editing.move_choice(whole, name, sheet.target, step)
    return whole


def added(
    whole: Questionnaire, section: str, after: str | None, sheet: QuestionSheet
) -> tuple[Questionnaire, str]:
    """A new question, and its name; in a part about who speaks, its answer is part of that."""
    where = find_section(whole, section)
    whole, name = editing.add_question(
        whole, section, sheet.kind, sheet.label, after=after, choices=list(sheet.added)
    )
    profile = where.kind == "profile" and sheet.kind != "note"
    if sheet.hint.strip() or profile:
        whole = editing.change_question(whole, name, hint=sheet.hint, profile=profile)
    return whole, name


def own_condition(whole: Questionnaire, kind: str, name: str) -> str:
    """The condition of a question or a section, without the agreement that it waits for."""
    piece = find(whole, name) if kind == QUESTION else find_section(whole, name)
    return agreement.split(whole, piece.relevant)[1]


def readable(whole: Questionnaire, kind: str, name: str) -> tuple[Question, ...]:
    """The questions that a condition may read there."""
    if kind == QUESTION:
        return conditions.readable(whole, section_of(whole, name).name, name)
    return conditions.readable(whole, name)


def conditioned(
    whole: Questionnaire, kind: str, name: str, rules: Sequence[Rule], join: Join
) -> Questionnaire:
    """The questionnaire with that condition, and no other; without rules, always asked."""
    own = conditions.to_expression(whole, rules, join)
    if kind == QUESTION:
        text = agreement.with_own(whole, find(whole, name).relevant, own)
        return editing.set_condition(whole, name, text)
    text = agreement.with_own(whole, find_section(whole, name).relevant, own)
    return editing.set_section_condition(whole, name, text)


def without_language(whole: Questionnaire, code: str) -> Questionnaire:
    """Every text but those of a language."""
    if code == whole.default_language:
        raise Invalid("La langue d’origine ne se retire pas.", "Rien n’a été changé.")
    empty = dict.fromkeys(languages.catalogue(whole, code), "")
    return languages.translate(whole, code, empty, proofread=True)


def named(
    whole: Questionnaire, name: str, method: str | None, taken: Collection[str]
) -> Questionnaire:
    """The questionnaire under that name and method; the name it already has is never taken.

    Raises `Invalid` for a name in use (``taken``, in lower case) or with other signs than
    letters, digits and hyphens.
    """
    if name != whole.name:
        if not _NAME.match(name):
            raise Invalid(
                f"« {name} » ne peut pas être un nom court.",
                "Rien n’a été changé. Utilisez des lettres sans accent, des chiffres, des tirets.",
            )
        if name.casefold() in taken:
            raise Invalid(
                f"Un autre questionnaire s’appelle déjà « {name} ».",
                "Rien n’a été changé. Choisissez un autre nom.",
            )
    return replace(whole, name=name, method=whole.method if method is None else method)
