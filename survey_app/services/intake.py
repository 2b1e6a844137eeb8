"""The one way in: whatever a testimony comes from, it is an envelope that `receive` stores once.

Forms, demonstrations, tablets and imported files all pass here, so that each is checked against
the questionnaire version that was recorded, and no testimony is ever lost or doubled.
"""

from __future__ import annotations

import hashlib
import json
import unicodedata
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any, Literal

from sqlalchemy import Uuid, bindparam, select, union_all
from sqlalchemy.orm import Session

from questionnaires import answers, versions
from questionnaires.model import Questionnaire
from survey_app.domain import NotFound
from survey_app.keys import KeyRing
from survey_app.models import (
    Campaign,
    Erasure,
    Meeting,
    QuestionnaireVersion,
    Testimony,
    WithdrawalCode,
)
from survey_app.permissions import Actor
from survey_app.services import consents, deposit, meetings, numbering, scope

Origin = Literal["form", "import", "demo", "offline"]
Status = Literal["stored", "duplicate", "conflict", "rejected"]

# Built once: each envelope asks both.
_KEY = bindparam("key", type_=Uuid())
_RECEIVED = union_all(
    select(Testimony.id).where(Testimony.id == _KEY),
    select(Erasure.record_id).where(Erasure.record_id == _KEY),
)

RECEIVING = frozenset({"running", "review", "synthesis"})
LONGEST = 200  # characters of a source id or a device name
WORDS_ARE_SAFE = "Rien n’a été enregistré, et ce que vous avez noté n’est pas effacé."


@dataclass(frozen=True, slots=True)
class Envelope:
    """A finished testimony on its way in. ``id`` was made by the sender, once and for all.

    ``questionnaire`` is the fingerprint of the version that was asked. ``consents`` may repeat,
    scope by scope, ``decision``, ``mode`` and ``phrase``: they must say what the answers say.
    ``persons`` is one, or those present at a collective meeting.
    """

    id: uuid.UUID
    council_id: uuid.UUID
    meeting_id: uuid.UUID
    questionnaire: str
    answers: Mapping[str, Any]
    consents: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    withdrawal_code: str = ""
    campaign_id: uuid.UUID | None = None
    device: str = ""
    claimed_at: datetime | None = None
    language: str = "fr"
    persons: int = 1
    origin: Origin = "form"
    source_id: str = ""
    said_on: date | None = None


@dataclass(frozen=True, slots=True)
class Receipt:
    """What became of an envelope. Only ``stored`` and ``duplicate`` mean that it is kept.

    ``content_hash`` is that of the envelope received, ``number`` counts within the campaign
    (0 when nothing was stored), ``problems`` are plain French sentences.
    """

    id: uuid.UUID
    status: Status
    content_hash: str
    number: int = 0
    problems: tuple[str, ...] = ()

    @property
    def kept(self) -> bool:
        return self.status in {"stored", "duplicate"}


def content_hash(envelope: Envelope) -> str:
    """SHA-256 of the envelope's canonical JSON (NFC, sorted keys), in hexadecimal.

    The paper code is left out: a stored hash must help nobody to guess it.
    """
    content = {
        "id": str(envelope.id),
        "council": str(envelope.council_id),
        "meeting": str(envelope.meeting_id),
        "questionnaire": envelope.questionnaire,
        "answers": envelope.answers,
        "consents": envelope.consents,
        "device": envelope.device,
        "claimed_at": envelope.claimed_at.isoformat() if envelope.claimed_at else "",
        "language": envelope.language,
        "persons": envelope.persons,
        "origin": envelope.origin,
        "source_id": envelope.source_id,
        "said_on": envelope.said_on.isoformat() if envelope.said_on else "",
    }
    text = json.dumps(_plain(content), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    # Halves of surrogate pairs are refused later, with a sentence; here they must not crash.
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


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
    checked = answers.check(parsed(desk.version), envelope.answers, desk.places)
    content = deposit.Content(_unconditional(desk.version), checked.values, digest)
    problems = [str(problem) for problem in checked.problems]
    problems = problems or deposit.consent_problems(content, envelope)
    if problems:
        return _rejected(envelope, digest, *problems)
    number = numbering.following(session, desk.meeting.campaign_id, Campaign.last_testimony)
    row = deposit.testimony(actor, envelope, desk.meeting, desk.version, content, number)
    deposit.store(session, actor, keys, row, envelope, content)
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


def _unconditional(version: QuestionnaireVersion) -> Questionnaire:
    """The same questionnaire without conditions, for answers already sorted by `check`.

    It gives the same text, profile and consents, without working each condition out again.
    """
    found = _UNCONDITIONAL.get(version.fingerprint)
    if found is None:
        whole = parsed(version)
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
    if envelope.persons < 1 or (envelope.persons > 1 and meeting.method != "collectif"):
        problems.append(
            f"Un témoignage compte pour une personne, sauf un entretien collectif. {WORDS_ARE_SAFE}"
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


def _plain(value: object) -> object:
    """The same JSON value with every text in NFC, keys included."""
    if isinstance(value, str):
        return unicodedata.normalize("NFC", value)
    if isinstance(value, Mapping):
        return {str(_plain(str(key))): _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return value
