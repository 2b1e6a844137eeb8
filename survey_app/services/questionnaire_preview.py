"""Trying a draft: made-up answers, kept beside it, never a testimony."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from questionnaires import library
from questionnaires.adapt import MEETING, meeting_part, testimony_part, with_lists
from questionnaires.model import Questionnaire, in_language
from questionnaires.problems import Problem
from survey_app.domain import NotFound
from survey_app.models import QuestionnaireDraft, Sector
from survey_app.permissions import Actor
from survey_app.services import filling, questionnaires
from survey_app.services.filling import Filled, GetList, Spot

SAMPLE = {
    "actions": {
        "action_exemple_1": "Une action de la campagne (exemple)",
        "action_exemple_2": "Une autre action (exemple)",
    }
}
"""What stands for the lists that a campaign will bring."""


def part(row: QuestionnaireDraft, section: str | None = None) -> Questionnaire:
    """What is tried: the part of the testimony, or the meeting's own when it has the section."""
    whole = questionnaires.model(row)
    sheet = meeting_part(whole)
    wanted = any(s.name == section and s.kind == MEETING for s in whole.sections)
    told = testimony_part(whole)
    chosen = sheet if sheet is not None and (wanted or not told.sections) else told
    return with_lists(chosen, SAMPLE)


def words() -> dict[str, str]:
    """What stands for the words that a campaign will bring."""
    return {name: f"[{told}]" for name, told in library.PLACEHOLDERS.items()}


def places(session: Session, actor: Actor) -> dict[str, str]:
    """The council's sectors, or two made-up ones."""
    rows = session.execute(
        select(Sector.name, Sector.label)
        .where(Sector.council_id == actor.council_id)
        .order_by(Sector.label)
    )
    found = {row[0]: row[1] for row in rows}
    return found or {"secteur_a": "Un secteur (exemple)", "secteur_b": "Un autre (exemple)"}


def answers(row: QuestionnaireDraft) -> dict[str, Any]:
    """The made-up answers so far."""
    return dict((row.trial or {}).get("answers", {}))


def save(
    session: Session,
    actor: Actor,
    row: QuestionnaireDraft,
    spot: Spot,
    getlist: GetList,
    shown: list[str] | None,
) -> Filled:
    """Keep one page of made-up answers. A photo is never missing: none can be taken here."""
    mine = questionnaires.draft(session, actor, row.id)
    whole = part(mine, spot.section)
    filled = filling.save(whole, answers(mine), spot, getlist, places(session, actor), shown)
    _keep(mine, filled.answers)
    session.flush()
    problems = tuple(item for item in filled.problems if not _is_photo(whole, item))
    return Filled(filled.answers, problems, filled.opened)


def remove_entry(session: Session, actor: Actor, row: QuestionnaireDraft, spot: Spot) -> None:
    """Take one entry away."""
    mine = questionnaires.draft(session, actor, row.id)
    _keep(mine, filling.without_entry(answers(mine), part(mine, spot.section), spot))
    session.flush()


def restart(session: Session, actor: Actor, row: QuestionnaireDraft) -> None:
    """Forget the made-up answers."""
    mine = questionnaires.draft(session, actor, row.id)
    _keep(mine, {})
    session.flush()


def first_section(whole: Questionnaire) -> str:
    """Where the preview begins; `NotFound` when there is nothing to try."""
    if not whole.sections:
        raise NotFound(
            "Ce questionnaire n’a encore aucune partie.", "Ajoutez-en une, puis revenez à l’aperçu."
        )
    return whole.sections[0].name


def title(whole: Questionnaire, section: str) -> str:
    return in_language(whole.section(section).label, "fr")


def _keep(mine: QuestionnaireDraft, given: dict[str, Any]) -> None:
    mine.trial = {**(mine.trial or {}), "answers": given}


def _is_photo(whole: Questionnaire, problem: Problem) -> bool:
    name = problem.where.rpartition(".")[2]
    return any(item.name == name and item.type == "image" for item in whole.questions)
