"""Changing a draft: one change at a time, never over somebody else's, always undoable."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from sqlalchemy.orm import Session

from questionnaires import languages, versions
from questionnaires.adapt import MEETING
from questionnaires.model import Questionnaire
from questionnaires.problems import QuestionnaireError
from questionnaires.versions import Change
from survey_app.domain import Conflict, Invalid
from survey_app.models import QuestionnaireDraft, now
from survey_app.permissions import Actor
from survey_app.services import questionnaire_starts, questionnaires

Edit = Callable[[Questionnaire], Questionnaire]

UNDONE = 20
"""How many changes can be taken back."""

WORDS = frozenset(
    {"label", "hint", "probes", "constraint_message", "title", "purpose", "audience", "duration"}
)
"""Fields that only hold words: to change them changes no answer."""


def apply(
    session: Session, actor: Actor, draft: QuestionnaireDraft, revision: int, edit: Edit
) -> Questionnaire:
    """Change the draft as it was at ``revision``, and keep what it was.

    Raises `Conflict` when somebody changed it meanwhile, `Invalid` when the change would break
    the questionnaire or touch how the agreement is asked.
    """
    mine = opened(session, actor, draft, revision)
    old = questionnaires.model(mine)
    new = _marked(old, _tried(edit, old))
    _refuse_unprotected(old, new)
    if len(new.questions) > len(old.questions):
        questionnaires.refuse_too_large(new)
    if new != old:
        kept = [*undoable(mine), mine.document][-UNDONE:]
        _write(mine, new, {**mine.trial, "undo": kept})
        session.flush()
    return new


def undo(session: Session, actor: Actor, draft: QuestionnaireDraft, revision: int) -> None:
    """Put back what the draft was before its last change; `Conflict` when there is none."""
    mine = opened(session, actor, draft, revision)
    kept = undoable(mine)
    if not kept:
        raise Conflict("Il n’y a plus de changement à annuler.", "Rien n’a été changé.")
    _write(mine, versions.from_draft(kept[-1]), {**mine.trial, "undo": kept[:-1]})
    session.flush()


def undoable(draft: QuestionnaireDraft) -> list[Any]:
    """What the draft was before each of its last changes, the oldest first."""
    return list((draft.trial or {}).get("undo", ()))


def last_change(draft: QuestionnaireDraft) -> list[Change]:
    """What the last change did, in sentences; empty when nothing can be undone."""
    kept = undoable(draft)
    if not kept:
        return []
    return versions.difference(versions.from_draft(kept[-1]), questionnaires.model(draft))


def bones(data: object) -> object:
    """A questionnaire's plain data without its words: what answers and rules depend on."""
    if isinstance(data, dict):
        return {key: bones(value) for key, value in data.items() if key not in WORDS}
    return [bones(item) for item in data] if isinstance(data, list) else data


def opened(
    session: Session, actor: Actor, draft: QuestionnaireDraft, revision: int
) -> QuestionnaireDraft:
    """The draft, if it still is at that revision; `Conflict` otherwise."""
    mine = questionnaires.draft(session, actor, draft.id)
    if mine.revision != revision:
        raise Conflict(
            "Ce brouillon a changé depuis que cette page est ouverte.",
            "Ce que vous avez écrit est encore à l’écran. Comparez avec le brouillon, "
            "puis enregistrez si vous voulez le garder.",
        )
    return mine


def _tried(edit: Edit, old: Questionnaire) -> Questionnaire:
    try:
        return edit(old)
    except QuestionnaireError as error:
        raise Invalid(error.problem.message, error.problem.remedy) from error


def _write(mine: QuestionnaireDraft, new: Questionnaire, trial: dict[str, Any]) -> None:
    mine.document = versions.to_dict(new)
    mine.name = new.name
    mine.trial = trial
    mine.updated_at = now()
    mine.revision += 1


def _marked(old: Questionnaire, new: Questionnaire) -> Questionnaire:
    """Languages whose translation no longer follows the words are to be proofread again."""
    before = dict(languages.texts(old))
    default = new.default_language
    stale = {
        code
        for path, labels in languages.texts(new)
        if path in before and labels.get(default) != before[path].get(default)
        for code, text in labels.items()
        if code != default and text == before[path].get(code)
    }
    doubtful = (stale | set(new.unproofread)) & set(new.languages)
    return replace(new, unproofread=tuple(sorted(doubtful)))


def _refuse_unprotected(old: Questionnaire, new: Questionnaire) -> None:
    """The agreement is asked as the law and the rules of minors want: only its words change."""
    if old.sections == new.sections or _agreement(old) == _agreement(new):
        return
    if _agreement(new) == _agreement(_library_agreement()):
        return
    raise Invalid(
        "La partie de l’accord protège les personnes : son ordre, ses choix et ses conditions "
        "ne changent pas.",
        "Rien n’a été changé. Vous pouvez en reformuler les textes.",
    )


def _agreement(questionnaire: Questionnaire) -> object:
    """The parts about the agreement, without their words, and where they stand."""
    asked = [section for section in questionnaire.sections if section.kind != MEETING]
    return [
        (rank, bones(versions.to_dict(section)))
        for rank, section in enumerate(asked)
        if section.kind == "consent"
    ]


def _library_agreement() -> Questionnaire:
    return questionnaire_starts.blank("accord", "Accord")
