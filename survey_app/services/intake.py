"""The one way in: whatever a testimony comes from, it is an envelope that `receive` stores once.

Forms, demonstrations, tablets and imported files all pass here, so that each is checked against
the questionnaire version that was recorded, and no testimony is ever lost or doubled.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass, replace

from sqlalchemy import Uuid, bindparam, select, union_all
from sqlalchemy.orm import Session

from questionnaires import answers, versions
from questionnaires.adapt import testimony_part, title_at, with_lists
from questionnaires.model import Questionnaire
from survey_app.domain import NotFound
from survey_app.keys import KeyRing
from survey_app.models import (
    Campaign,
    Draft,
    Erasure,
    Meeting,
    QuestionnaireVersion,
    Testimony,
    WithdrawalCode,
)
from survey_app.permissions import Actor
from survey_app.services import (
    attachments,
    campaigns,
    consents,
    deposit,
    meetings,
    numbering,
    scope,
)
from survey_app.services.envelopes import Envelope, Origin, Receipt, content_hash

# Built once: each envelope asks both.
_KEY = bindparam("key", type_=Uuid())
_RECEIVED = union_all(
    select(Testimony.id).where(Testimony.id == _KEY),
    select(Erasure.record_id).where(Erasure.record_id == _KEY),
)

__all__ = ["Envelope", "Origin", "Receipt", "asked_in", "content_hash", "parsed", "receive"]

RECEIVING = frozenset({"running", "review", "synthesis"})
COLLECTIVE = frozenset({"collectif", "marche", "debat_support"})
"""Methods by which several persons may speak in one testimony."""
LONGEST = 200  # characters of a source id or a device name
WORDS_ARE_SAFE = "Rien n’a été enregistré, et ce que vous avez noté n’est pas effacé."


def receive(session: Session, actor: Actor, keys: KeyRing, envelope: Envelope) -> Receipt:
    """Store an envelope once and give its receipt; sent again, it gets the same receipt.

    Raises `NotFound` for a meeting that the actor does not handle. An envelope that cannot be
    stored is ``rejected`` with the reasons, and leaves no trace at all.
    """
    actor.require("testimony.import" if envelope.origin == "import" else "testimony.collect")
    if envelope.council_id != actor.council_id:
        raise NotFound()
    digest = content_hash(envelope)
    if _seen(session, envelope.id):
        return _again(session, keys, envelope, digest)
    desk = _desk(session, actor, envelope.meeting_id, envelope.questionnaire)
    problems = _refusals(envelope, desk)
    if problems or desk.version is None:
        return _rejected(envelope, digest, *problems)
    whole = asked_in(desk.version, desk.meeting.campaign)
    checked = answers.check(whole, envelope.answers, desk.places)
    content = deposit.Content(_unconditional(desk.version), checked.values, digest)
    photos = attachments.answered(whole, checked.values)
    draft = _draft(session, actor, envelope) if photos else None
    problems = [str(problem) for problem in checked.problems]
    problems = problems or deposit.consent_problems(content, envelope)
    if photos:
        lost = attachments.foreign(session, draft, whole, checked.values) if draft else photos
        problems = problems or [_photo_lost(whole, path) for path in lost]
    if problems:
        return _rejected(envelope, digest, *problems)
    number = numbering.following(session, desk.meeting.campaign_id, Campaign.last_testimony)
    row = deposit.testimony(actor, envelope, desk.meeting, desk.version, content, number)
    deposit.store(session, actor, keys, row, envelope, content)
    if draft is not None:
        attachments.move(session, draft, row)
    return Receipt(envelope.id, "stored", digest, number)


@dataclass(frozen=True, slots=True)
class _Desk:
    """Where an envelope arrives: read once for all those of one transaction."""

    meeting: Meeting
    version: QuestionnaireVersion | None
    places: dict[str, str]


def _desk(session: Session, actor: Actor, meeting_id: uuid.UUID, fingerprint: str) -> _Desk:
    key = (__name__, actor, meeting_id, fingerprint)
    found = session.info.get(key)
    if isinstance(found, _Desk):
        return found
    meeting = meetings.get(session, actor, meeting_id)
    query = scope.scoped(actor, QuestionnaireVersion)
    version = session.scalar(query.where(QuestionnaireVersion.fingerprint == fingerprint))
    places = meetings.places(session, meeting.council_id, meeting.neighbourhood_id)
    desk = session.info[key] = _Desk(meeting, version, places)
    return desk


_PARSED: dict[str, Questionnaire] = {}
_UNCONDITIONAL: dict[str, Questionnaire] = {}


def parsed(version: QuestionnaireVersion) -> Questionnaire:
    """The questionnaire that a recorded version holds, read once: versions never change."""
    found = _PARSED.get(version.fingerprint)
    if found is None:
        found = versions.from_dict(version.document)
        if versions.fingerprint(found) != version.fingerprint:
            raise RuntimeError(f"questionnaire {version.id} does not match its fingerprint")
        _PARSED[version.fingerprint] = found
    return found


def asked_in(version: QuestionnaireVersion, campaign: Campaign) -> Questionnaire:
    """What is asked at each testimony of a campaign: its own lists among the choices."""
    return with_lists(testimony_part(parsed(version)), campaigns.lists(campaign))


def _unconditional(version: QuestionnaireVersion) -> Questionnaire:
    """The same questionnaire without conditions, for answers already sorted by `check`.

    It gives the same text, profile and consents, without working each condition out again.
    """
    found = _UNCONDITIONAL.get(version.fingerprint)
    if found is None:
        whole = testimony_part(parsed(version))
        sections = tuple(
            replace(
                section,
                relevant="",
                questions=tuple(replace(question, relevant="") for question in section.questions),
            )
            for section in whole.sections
        )
        found = _UNCONDITIONAL[version.fingerprint] = replace(whole, sections=sections)
    return found


def _refusals(envelope: Envelope, desk: _Desk) -> list[str]:
    """Why the envelope cannot enter this meeting, before its answers are looked at."""
    meeting, problems = desk.meeting, []
    if desk.version is None:
        problems.append(
            "La version du questionnaire n’est pas connue ici. Demandez à la coordination "
            f"de la publier. {WORDS_ARE_SAFE}"
        )
    if envelope.campaign_id not in {None, meeting.campaign_id}:
        problems.append(f"Cette rencontre n’est pas de cette campagne. {WORDS_ARE_SAFE}")
    if envelope.claimed_at is not None and envelope.claimed_at.tzinfo is None:
        problems.append(f"L’heure de fin n’a pas de fuseau horaire. {WORDS_ARE_SAFE}")
    if envelope.persons < 1 or (envelope.persons > 1 and meeting.method not in COLLECTIVE):
        problems.append(
            "Un témoignage compte pour une personne, sauf un entretien collectif, une marche ou "
            f"un débat. {WORDS_ARE_SAFE}"
        )
    if max(len(envelope.source_id), len(envelope.device)) > LONGEST or len(envelope.language) > 8:
        problems.append(f"Un identifiant de l’envoi est trop long. {WORDS_ARE_SAFE}")
    if envelope.origin == "import":
        return problems
    if meeting.campaign.state not in RECEIVING or meeting.state == "planned":
        problems.append(
            f"La campagne ou la rencontre ne reçoit pas de témoignage. {WORDS_ARE_SAFE}"
        )
    if not consents.is_code(envelope.withdrawal_code):
        problems.append(f"Le code de retrait manque ou n’est pas lisible. {WORDS_ARE_SAFE}")
    return problems


def _draft(session: Session, actor: Actor, envelope: Envelope) -> Draft | None:
    """The actor's own interview in progress that this envelope comes from: it holds the photos."""
    draft = session.get(Draft, envelope.id)
    mine = draft is not None and draft.account_id == actor.account_id
    return draft if mine else None


def _photo_lost(whole: Questionnaire, path: str) -> str:
    return (
        f"La photo de « {title_at(whole, path)} » n’est pas arrivée. Prenez-la de nouveau, ou "
        f"retirez-la. {WORDS_ARE_SAFE}"
    )


def _seen(session: Session, key: uuid.UUID) -> bool:
    """Whether this id was ever received here, erased since or not."""
    return session.execute(_RECEIVED, {"key": key}).first() is not None


def _again(session: Session, keys: KeyRing, envelope: Envelope, digest: str) -> Receipt:
    """The same receipt for the same content; anything else is refused and changes nothing."""
    known = session.get(Testimony, envelope.id)
    if known is None:
        return _rejected(
            envelope,
            digest,
            "Ce témoignage a été retiré. Il ne peut pas être enregistré de nouveau.",
        )
    code = session.scalar(
        select(WithdrawalCode.code_hash).where(WithdrawalCode.testimony_id == known.id)
    )
    same_code = code is None or code == deposit.code_hash(keys, envelope.withdrawal_code)
    same_council = known.council_id == envelope.council_id
    if same_council and same_code and known.content_hash == digest:
        return Receipt(envelope.id, "duplicate", digest, known.number)
    return Receipt(
        envelope.id,
        "conflict",
        digest,
        problems=(
            "Un autre témoignage est déjà arrivé sous le même identifiant. "
            "Il n’a pas été changé, et le vôtre n’est pas effacé. Prévenez la coordination.",
        ),
    )


def _rejected(envelope: Envelope, digest: str, *problems: str) -> Receipt:
    return Receipt(envelope.id, "rejected", digest, problems=problems)
