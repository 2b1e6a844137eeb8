"""The pages of an interview as they are saved, one by one: nothing typed is dropped."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from questionnaires import answers
from questionnaires.model import Questionnaire
from questionnaires.problems import Problem
from survey_app.domain import NotFound
from survey_app.models import Draft, now
from survey_app.permissions import Actor
from survey_app.services import attachments, collection, filling, posting
from survey_app.services.filling import Page, Spot
from survey_app.services.posting import Posted

JOINT_AGREEMENT = "accord_parent"


@dataclass(frozen=True, slots=True)
class Saved:
    """What became of a posted page: its problems, the questions that its answers call for,
    whether it was a new entry left empty (then not added), and why the conversation must stop,
    if it must (then nothing of the page was kept)."""

    problems: tuple[Problem, ...] = ()
    opened: tuple[str, ...] = ()
    empty: bool = False
    stop: Problem | None = None


def page(draft: Draft, spot: Spot) -> Page:
    """A page to fill; `NotFound` when nothing is to be asked there now."""
    found = filling.page(collection.questionnaire(draft), draft.answers, spot)
    if not found.questions:
        raise NotFound()
    return found


def save(session: Session, actor: Actor, draft: Draft, spot: Spot, posted: Posted) -> Saved:
    """Save one posted page. What does not fit is kept as typed, with its problem.

    Raises `Conflict`, saving nothing, when the draft was saved from elsewhere since the page
    was shown.
    """
    draft = collection.get(session, actor, draft.id)
    filling.refuse_stale(posted.seen, collection.stamp(draft))
    whole = collection.questionnaire(draft)
    here = page(draft, spot)
    getlist, lost = posting.take_photos(session, actor, draft, here.section.questions, posted)
    sectors = collection.places(session, draft)
    filled = filling.save(whole, draft.answers, spot, getlist, sectors, posted.shown)
    stop = _stop(whole, filled.answers)
    if stop is not None:
        return Saved(stop=stop)
    empty = spot.entry is not None and spot.entry > len(filled.answers[spot.section])
    _keep(session, draft, filled.answers, spot.section)
    return Saved((*filled.problems, *lost), filled.opened, empty)


def stay(session: Session, actor: Actor, draft: Draft, section: str) -> None:
    """Remember the section where the interview stands; nothing else changes."""
    draft = collection.get(session, actor, draft.id)
    if section not in {item.name for item in collection.sections(draft)}:
        raise NotFound()
    draft.section = section
    session.flush()


def remove_entry(session: Session, actor: Actor, draft: Draft, spot: Spot, seen: str) -> None:
    """Take an entry of a repeated section out of the interview, with its photos."""
    draft = collection.get(session, actor, draft.id)
    filling.refuse_stale(seen, collection.stamp(draft))
    kept = filling.without_entry(draft.answers, collection.questionnaire(draft), spot)
    _keep(session, draft, kept, spot.section)


def _keep(session: Session, draft: Draft, kept: dict[str, Any], section: str) -> None:
    """What a draft holds now; photos that no answer names any more are erased."""
    draft.answers, draft.section, draft.updated_at = kept, section, now()
    session.flush()
    named = attachments.answered(collection.questionnaire(draft), kept)
    attachments.drop(session, draft, named.values())


def _stop(whole: Questionnaire, kept: Mapping[str, object]) -> Problem | None:
    """Why the conversation ends here; a parent who was not asked yet is no reason."""
    stop = answers.may_continue(whole, kept)
    if stop is not None and stop.where == JOINT_AGREEMENT and JOINT_AGREEMENT not in kept:
        return None
    return stop
