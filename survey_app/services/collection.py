"""Interviews in progress: drafts saved page by page (see `answering`), then one envelope, or none.

A draft holds the answers as they were typed, right or wrong, by question name: nothing that
somebody wrote is dropped because it does not fit. Only its collector reads it.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import datetime

from sqlalchemy.orm import Session

from questionnaires import answers
from questionnaires.answers import Checked
from questionnaires.model import Questionnaire, Section
from questionnaires.relevance import asked
from survey_app.domain import Invalid, NotFound
from survey_app.keys import KeyRing
from survey_app.models import (
    Campaign,
    Draft,
    Meeting,
    QuestionnaireVersion,
    RecontactEntry,
    Testimony,
)
from survey_app.permissions import Actor
from survey_app.runtime import Runtime
from survey_app.services import (
    drafts,
    intake,
    meetings,
    scope,
    starting,
)

LONGEST_CONTACT = 500
ABANDONED = drafts.ABANDONED
PAPER = drafts.PAPER


def start(
    session: Session,
    actor: Actor,
    meeting: Meeting,
    version: QuestionnaireVersion,
    language: str = "fr",
) -> Draft:
    """Begin an interview in an open meeting, with one of its campaign's questionnaires."""
    actor.require("testimony.collect")
    meeting = meetings.get(session, actor, meeting.id)
    meetings.needs_open(meeting)
    if meeting.campaign.state != "running":
        raise starting.not_asked()
    return starting.begin(session, actor, meeting, version, language)


def get(session: Session, actor: Actor, draft_id: uuid.UUID) -> Draft:
    """The actor's own draft; `NotFound` for anybody else, the coordination included."""
    actor.require("testimony.collect")
    query = scope.scoped(actor, Draft)
    found = session.scalars(
        query.where(Draft.id == draft_id, Draft.account_id == actor.account_id)
    ).one_or_none()
    if found is None:
        raise NotFound()
    return found


def listed(session: Session, actor: Actor) -> list[Draft]:
    """The actor's interviews to resume, the latest touched first."""
    actor.require("testimony.collect")
    query = scope.scoped(actor, Draft).where(Draft.account_id == actor.account_id)
    return list(session.scalars(query.order_by(Draft.updated_at.desc())))


def questionnaire(draft: Draft) -> Questionnaire:
    """What this interview asks: the published version, with the campaign's lists."""
    return intake.asked_in(draft.questionnaire_version, draft.meeting.campaign)


def sections(draft: Draft) -> tuple[Section, ...]:
    """The sections to go through, where something is asked; all as long as nothing says so."""
    whole = questionnaire(draft)
    if answers.consents(whole, draft.answers)["noter"] == "not_asked":
        return whole.sections
    now_asked = asked(whole, draft.answers)
    return tuple(s for s in whole.sections if now_asked.get(s.name) or _repeats(s, now_asked))


def _repeats(section: Section, now_asked: Mapping[str, object]) -> bool:
    return section.is_repeat and section.name in now_asked


def places(session: Session, draft: Draft) -> dict[str, str]:
    """The sectors that a place may be chosen from."""
    return meetings.places(session, draft.council_id, draft.meeting.neighbourhood_id)


def stamp(draft: Draft) -> str:
    """What a page carries to know, once posted, that nothing was saved in between."""
    moment: datetime = draft.updated_at
    return moment.isoformat()


def check(session: Session, draft: Draft) -> Checked:
    """All the answers against the questionnaire: what stands, what is wrong, what is left out."""
    return answers.check(questionnaire(draft), draft.answers, places(session, draft))


def deposit(session: Session, actor: Actor, keys: KeyRing, draft_id: uuid.UUID) -> intake.Receipt:
    """Finish: the draft becomes a testimony and disappears. Asked again, the receipt is the same.

    Raises `Invalid` with what is missing; the draft then stays as it is.
    """
    try:
        draft = get(session, actor, draft_id)
    except NotFound:
        return receipt(session, actor, draft_id)
    checked = check(session, draft)
    if checked.problems:
        raise Invalid(
            f"Il reste {len(checked.problems)} point(s) à revoir avant de terminer.",
            "Tout ce que vous avez noté est gardé.",
        )
    envelope = intake.Envelope(
        id=draft.id,
        council_id=draft.council_id,
        campaign_id=draft.campaign_id,
        meeting_id=draft.meeting_id,
        questionnaire=draft.questionnaire_version.fingerprint,
        answers=answers.to_json(checked.values),
        withdrawal_code=draft.withdrawal_code,
        claimed_at=draft.updated_at,
        language=draft.language,
        persons=_persons(draft, checked),
        origin="paper" if on_paper(draft) else "form",
        said_on=draft.said_on,
    )
    done = intake.receive(session, actor, keys, envelope)
    if not done.kept:
        raise Invalid(" ".join(done.problems), "Votre saisie est gardée telle quelle.")
    session.delete(draft)
    session.flush()
    return done


def deposited(session: Session, actor: Actor, testimony_id: uuid.UUID) -> Testimony:
    """A testimony that this account deposited; its words are the desk's business now."""
    actor.require("testimony.collect")
    stored = scope.get(session, actor, Testimony, testimony_id)
    if actor.account_id is None or stored.collector_id != actor.account_id:
        raise NotFound()
    return stored


def receipt(session: Session, actor: Actor, testimony_id: uuid.UUID) -> intake.Receipt:
    """The receipt of a testimony that this account deposited."""
    stored = deposited(session, actor, testimony_id)
    return intake.Receipt(stored.id, "duplicate", stored.content_hash, stored.number)


def abandon(
    session: Session, actor: Actor, runtime: Runtime, draft: Draft, *, keep: bool
) -> intake.Receipt | None:
    """Stop at any moment: deposit what was said, or erase it. Counts one interview stopped.

    What was noted on paper was counted in its meeting: nothing is counted again.
    """
    draft = get(session, actor, draft.id)
    meeting, counts = draft.meeting, not on_paper(draft)
    done = deposit(session, actor, runtime.keys, draft.id) if keep else None
    if not keep:
        drafts.wipe(session, actor, runtime, draft)
    if counts:
        meetings.add_stopped(session, actor, meeting)
    return done


def refuse(session: Session, actor: Actor, runtime: Runtime, draft: Draft) -> None:
    """The person does not want to be noted: nothing is kept, one refusal is counted."""
    draft = get(session, actor, draft.id)
    meeting, counts = draft.meeting, not on_paper(draft)
    drafts.wipe(session, actor, runtime, draft)
    if counts:
        meetings.add_refusal(session, actor, meeting)


def leave_contact(
    session: Session,
    actor: Actor,
    campaign: Campaign,
    contact: str,
    key: uuid.UUID | None = None,
) -> None:
    """Put a contact in the vault: no author, no link, not even a line in the journal.

    ``key``: the random id that a tablet gave it, so that sent again it is not doubled.
    """
    actor.require("testimony.collect")
    campaign = scope.get(session, actor, Campaign, campaign.id)
    words = contact.strip()
    if not words or len(words) > LONGEST_CONTACT or not words.isprintable():
        raise Invalid(
            "Ce contact n’est pas lisible.",
            f"Écrivez un téléphone ou un courriel, en {LONGEST_CONTACT} signes au plus.",
        )
    session.add(
        RecontactEntry(
            id=key or uuid.uuid4(),
            council_id=campaign.council_id,
            campaign_id=campaign.id,
            contact=words,
            left_on=meetings.today(),
        )
    )
    session.flush()


def on_paper(draft: Draft) -> bool:
    """Whether this interview was noted on paper first, and is being copied."""
    return draft.origin == PAPER


def _persons(draft: Draft, checked: Checked) -> int:
    """Those present, where the meeting's method lets several persons speak together."""
    if draft.meeting.method not in intake.COLLECTIVE:
        return 1
    return answers.persons(questionnaire(draft), checked.values)
