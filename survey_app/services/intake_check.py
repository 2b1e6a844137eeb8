"""What is looked at before an envelope is stored: its meeting, its version, its answers.

All this only reads, so that nobody holds the database while a batch of answers is checked.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, replace

from sqlalchemy.orm import Session, defer, joinedload, lazyload

from questionnaires import answers, versions
from questionnaires.adapt import testimony_part, title_at, with_lists
from questionnaires.model import Questionnaire
from survey_app.domain import NotFound
from survey_app.keys import KeyRing
from survey_app.models import Campaign, Draft, Meeting, QuestionnaireVersion
from survey_app.permissions import Actor
from survey_app.services import attachments, campaigns, consents, deposit, meetings, scope
from survey_app.services.envelopes import Envelope, Medium, content_hash

COLLECTIVE = frozenset({"collectif", "marche", "debat_support"})
"""Methods by which several persons may speak in one testimony."""
_AT_ONCE = (
    lazyload(Meeting.neighbourhood),
    joinedload(Meeting.campaign).lazyload(Campaign.neighbourhoods),
)
"""One statement for a meeting and its campaign: each batch asks it twice."""
LONGEST = 200  # characters of a source id or a device name
WORDS_ARE_SAFE = "Rien n’a été enregistré, et ce que vous avez noté n’est pas effacé."


_UNKNOWN_VERSION = (
    "La version du questionnaire n’est pas connue ici. Demandez à la coordination "
    f"de la publier. {WORDS_ARE_SAFE}"
)

_VOICE_LOST = (
    "L’enregistrement de la voix n’est pas encore arrivé. La tablette l’envoie d’abord, puis le "
    f"témoignage. {WORDS_ARE_SAFE}"
)


@dataclass(frozen=True, slots=True)
class Prepared:
    """An envelope that was checked, and the rows it becomes unless there are problems."""

    envelope: Envelope
    digest: str
    problems: tuple[str, ...] = ()
    code: str = ""
    rows: deposit.Rows | None = None
    photos: bool = False


def prepare(session: Session, actor: Actor, keys: KeyRing, envelope: Envelope) -> Prepared:
    """Check an envelope and make its rows; reads only, so that it can be done before any lock.

    Raises `NotFound` for a meeting that the actor does not handle.
    """
    allow(actor, envelope)
    digest = content_hash(envelope)
    desk = _desk(session, actor, envelope.meeting_id, envelope.questionnaire)
    if desk.version is None or desk.whole is None:
        return Prepared(envelope, digest, (_UNKNOWN_VERSION,), "version")
    problems = _refusals(envelope, desk.meeting)
    if problems:
        return Prepared(envelope, digest, tuple(problems), "envelope")
    checked = answers.check(desk.whole, envelope.answers, desk.places)
    content = deposit.Content(_unconditional(desk.version), checked.values, digest)
    problems = [str(problem) for problem in checked.problems]
    problems = problems or deposit.consent_problems(content, envelope)
    if problems:
        return Prepared(envelope, digest, tuple(problems), "answers")
    photos = attachments.answered(desk.whole, checked.values)
    envelope = replace(envelope, media=_wanted(envelope, photos))
    lost = _lost(session, actor, envelope, desk.whole, checked.values)
    if lost:
        return Prepared(envelope, digest, lost, "media_missing")
    if envelope.origin == "offline" and desk.meeting.method in COLLECTIVE:
        envelope = replace(envelope, persons=answers.persons(desk.whole, checked.values))
    rows = deposit.rows(actor, keys, envelope, desk.meeting, desk.version.id, content)
    return Prepared(envelope, digest, rows=rows, photos=bool(photos))


def allow(actor: Actor, envelope: Envelope) -> None:
    """Raise `Forbidden` or `NotFound` unless the actor may bring this in for this council."""
    actor.require("testimony.import" if envelope.origin == "import" else "testimony.collect")
    if envelope.council_id != actor.council_id:
        raise NotFound()


@dataclass(frozen=True, slots=True)
class _Desk:
    """Where an envelope arrives: read once for all those of one transaction."""

    meeting: Meeting
    version: QuestionnaireVersion | None
    whole: Questionnaire | None
    places: dict[str, str]


def _desk(session: Session, actor: Actor, meeting_id: uuid.UUID, fingerprint: str) -> _Desk:
    key = (__name__, actor, meeting_id, fingerprint)
    found = session.info.get(key)
    if isinstance(found, _Desk):
        return found
    meeting = meeting_of(session, actor, meeting_id)
    query = scope.scoped(actor, QuestionnaireVersion).options(defer(QuestionnaireVersion.document))
    version = session.scalar(query.where(QuestionnaireVersion.fingerprint == fingerprint))
    whole = None if version is None else asked_in(version, meeting.campaign)
    places = meetings.places(session, meeting.council_id, meeting.neighbourhood_id)
    desk = session.info[key] = _Desk(meeting, version, whole, places)
    return desk


def meeting_of(session: Session, actor: Actor, meeting_id: uuid.UUID) -> Meeting:
    """A meeting that the actor handles, looked up once a session; `NotFound` otherwise."""
    key = (__name__, actor, meeting_id)
    found = session.info.get(key)
    if not isinstance(found, Meeting):
        found = session.info[key] = meetings.get(session, actor, meeting_id, *_AT_ONCE)
    return found


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


def _refusals(envelope: Envelope, meeting: Meeting) -> list[str]:
    """Why the envelope cannot enter this meeting, before its answers are looked at."""
    problems = []
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
    if envelope.origin != "import" and not consents.is_code(envelope.withdrawal_code):
        problems.append(f"Le code de retrait manque ou n’est pas lisible. {WORDS_ARE_SAFE}")
    return problems


def draft_of(session: Session, actor: Actor, envelope: Envelope) -> Draft | None:
    """The actor's own interview in progress that this envelope comes from: it holds the photos."""
    draft = session.get(Draft, envelope.id)
    mine = draft is not None and draft.account_id == actor.account_id
    return draft if mine else None


def _wanted(envelope: Envelope, photos: Mapping[str, str]) -> tuple[Medium, ...]:
    """The media to keep: the voices, and the photos that an answer names."""
    named = set(photos.values())
    return tuple(one for one in envelope.media if one.kind == "voice" or str(one.id) in named)


def _lost(
    session: Session,
    actor: Actor,
    envelope: Envelope,
    whole: Questionnaire,
    values: Mapping[str, object],
) -> tuple[str, ...]:
    """What goes with the testimony and did not arrive: photos of its answers, voices."""
    photos = attachments.answered(whole, values)
    here = {str(one.id) for one in envelope.media if one.here}
    awaited = [path for path, name in photos.items() if name not in here]
    draft = draft_of(session, actor, envelope) if awaited else None
    if draft is not None:
        of_others = attachments.foreign(session, draft, whole, values)
        awaited = [path for path in awaited if path in of_others]
    voices = [one for one in envelope.media if one.kind == "voice" and not one.here]
    return (*(_photo_lost(whole, path) for path in awaited), *(_VOICE_LOST for _ in voices[:1]))


def _photo_lost(whole: Questionnaire, path: str) -> str:
    return (
        f"La photo de « {title_at(whole, path)} » n’est pas arrivée. Prenez-la de nouveau, ou "
        f"retirez-la. {WORDS_ARE_SAFE}"
    )
