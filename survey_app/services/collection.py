"""Interviews in progress: drafts saved section by section, then one envelope, or nothing.

A draft holds the answers as they were typed, right or wrong, by question name: nothing that
somebody wrote is dropped because it does not fit. Only its collector reads it.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from questionnaires import answers
from questionnaires.answers import Checked
from questionnaires.model import Question, Questionnaire, Section
from questionnaires.problems import Problem
from survey_app.domain import Conflict, Forbidden, Invalid, NotFound
from survey_app.keys import KeyRing
from survey_app.models import (
    Campaign,
    Draft,
    Meeting,
    QuestionnaireVersion,
    RecontactEntry,
    Testimony,
    now,
)
from survey_app.permissions import Actor
from survey_app.runtime import Runtime
from survey_app.services import consents, drafts, intake, meetings, scope

JOINT_AGREEMENT = "accord_parent"
LONGEST_CONTACT = 500
ABANDONED = drafts.ABANDONED


@dataclass(frozen=True, slots=True)
class Saved:
    """What became of a posted section: its problems, the questions that its answers call for,
    and why the conversation must stop, if it must (then nothing of the section was kept)."""

    problems: tuple[Problem, ...] = ()
    opened: tuple[str, ...] = ()
    stop: Problem | None = None


def start(session: Session, actor: Actor, meeting: Meeting, version: QuestionnaireVersion) -> Draft:
    """Begin an interview in an open meeting, with one of its campaign's questionnaires."""
    actor.require("testimony.collect")
    if actor.account_id is None:
        raise Forbidden(
            "Un entretien appartient à un compte.", "Connectez-vous pour en commencer un."
        )
    meeting = meetings.get(session, actor, meeting.id)
    meetings.needs_open(meeting)
    campaign = meeting.campaign
    if campaign.state != "running" or version.id not in {q.id for q in campaign.questionnaires}:
        raise Conflict(
            "Cette campagne ne recueille pas de témoignage avec ce questionnaire.",
            "Rien n’a été enregistré. Choisissez-en un autre, ou demandez à la coordination.",
        )
    draft = Draft(
        council_id=meeting.council_id,
        created_by=actor.account_id,
        campaign_id=campaign.id,
        meeting_id=meeting.id,
        questionnaire_version_id=version.id,
        account_id=actor.account_id,
        section=intake.parsed(version).sections[0].name,
        withdrawal_code=consents.new_code(),
        updated_at=now(),
    )
    session.add(draft)
    session.flush()
    return draft


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
    """The published version that this interview follows."""
    return intake.parsed(draft.questionnaire_version)


def sections(draft: Draft) -> tuple[Section, ...]:
    """The sections to go through; all of them as long as nothing says otherwise."""
    whole = questionnaire(draft)
    if answers.consents(whole, draft.answers)["noter"] == "not_asked":
        return whole.sections
    return answers.relevant_sections(whole, draft.answers)


def questions(draft: Draft, section: str) -> tuple[Question, ...]:
    """The questions to ask now in a section; `NotFound` when it is not to be asked."""
    found = answers.relevant_questions(questionnaire(draft), section, draft.answers)
    if not found:
        raise NotFound()
    return found


def places(session: Session, draft: Draft) -> dict[str, str]:
    """The sectors that a place may be chosen from."""
    return meetings.places(session, draft.council_id, draft.meeting.neighbourhood_id)


def save_section(
    session: Session,
    actor: Actor,
    draft: Draft,
    section: str,
    getlist: Callable[[str], list[str]],
    seen: str,
) -> Saved:
    """Save one posted section. What does not fit is kept as typed, with its problem.

    ``seen`` is the draft's `stamp` when the page was shown. Raises `Conflict`, saving nothing,
    when the draft was saved from elsewhere since.
    """
    draft = get(session, actor, draft.id)
    if seen != stamp(draft):
        raise Conflict(
            "Cet entretien a été enregistré entre-temps, sans doute dans un autre onglet.",
            "Vos mots sont encore dans la page, pas encore enregistrés. "
            "Comparez, puis enregistrez si vous voulez les garder.",
        )
    whole = questionnaire(draft)
    shown = questions(draft, section)
    checked = answers.parse_form(
        whole, section, getlist, answers.from_json(draft.answers), places(session, draft)
    )
    kept = _merged(draft.answers, shown, checked)
    stop = _stop(whole, kept)
    if stop is not None:
        return Saved(stop=stop)
    draft.answers, draft.section, draft.updated_at = kept, section, now()
    session.flush()
    before = {question.name for question in shown}
    after = answers.relevant_questions(whole, section, kept)
    return Saved(
        problems=tuple(item for item in checked.problems if item.where in before),
        opened=tuple(item.name for item in after if item.name not in before),
    )


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
    """Stop at any moment: deposit what was said, or erase it. Counts one interview stopped."""
    draft = get(session, actor, draft.id)
    meeting = draft.meeting
    done = deposit(session, actor, runtime.keys, draft.id) if keep else None
    if not keep:
        drafts.wipe(session, actor, runtime, draft)
    meetings.add_stopped(session, actor, meeting)
    return done


def refuse(session: Session, actor: Actor, runtime: Runtime, draft: Draft) -> int:
    """The person does not want to be noted: nothing is kept, one refusal is counted."""
    draft = get(session, actor, draft.id)
    meeting = draft.meeting
    drafts.wipe(session, actor, runtime, draft)
    return meetings.add_refusal(session, actor, meeting)


def leave_contact(session: Session, actor: Actor, campaign: Campaign, contact: str) -> None:
    """Put a contact in the vault: no author, no link, not even a line in the journal."""
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
            council_id=campaign.council_id,
            campaign_id=campaign.id,
            contact=words,
            left_on=meetings.today(),
        )
    )
    session.flush()


def _merged(
    known: Mapping[str, object], shown: tuple[Question, ...], checked: Checked
) -> dict[str, object]:
    """The draft's answers once those of the questions shown are what the form says."""
    given = answers.to_json({**checked.dropped, **checked.values})
    asked = {question.name for question in shown}
    # An absence of answer ticked beside an answer waits with it, until one of them is taken back.
    names = asked | {name + answers.NON_RESPONSE_SUFFIX for name in asked}
    kept = {name: value for name, value in known.items() if name not in names}
    return kept | {name: value for name, value in given.items() if name in names}


def _stop(whole: Questionnaire, kept: Mapping[str, object]) -> Problem | None:
    """Why the conversation ends here; a parent who was not asked yet is no reason."""
    stop = answers.may_continue(whole, kept)
    if stop is not None and stop.where == JOINT_AGREEMENT and JOINT_AGREEMENT not in kept:
        return None
    return stop
