"""The rows that one accepted envelope becomes: testimony, text, consents, paper code, journal."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy.orm import Session

from questionnaires import answers
from questionnaires.model import Questionnaire
from survey_app.keys import KeyRing
from survey_app.models import (
    ConsentRecord,
    Meeting,
    QuestionnaireVersion,
    Testimony,
    TextVersion,
    WithdrawalCode,
    uuid7,
)
from survey_app.permissions import Actor
from survey_app.services import consents, journal, states

if TYPE_CHECKING:
    from survey_app.services.intake import Envelope

PHRASE = "phrase_relue"
UNDER_15 = "moins_15"
YES = "oui"
MODES = frozenset({"oral", "written", "parent"})


@dataclass(frozen=True, slots=True)
class Content:
    """What an envelope holds, once checked."""

    questionnaire: Questionnaire
    values: Mapping[str, object]
    digest: str
    number: int


def code_hash(keys: KeyRing, code: str) -> str:
    """The keyed hash under which a withdrawal code is kept."""
    return keys.keyed_hash("withdrawal", consents.normalise(code))


def consent_problems(
    questionnaire: Questionnaire, values: Mapping[str, object], envelope: Envelope
) -> list[str]:
    """Why these answers may not be stored: no agreement, or other consents than those given."""
    if envelope.origin == "import":
        return []
    stop = answers.may_continue(questionnaire, values)
    if stop is not None:
        return [str(stop)]
    given = answers.consents(questionnaire, values)
    if given["noter"] != "granted":
        return ["L’accord de noter n’a pas été demandé. Sans lui, aucune parole n’est gardée."]
    return [
        f"L’accord « {name} » envoyé ne correspond pas aux réponses. Rien n’a été enregistré."
        for name, sent in envelope.consents.items()
        if not _agrees(name, sent, given, values)
    ]


def _agrees(
    name: str,
    sent: Mapping[str, str],
    given: Mapping[str, str],
    values: Mapping[str, object],
) -> bool:
    """Whether a consent that was sent says what the answers say, in words we know."""
    return (
        sent.get("decision", given.get(name)) == given.get(name)
        and sent.get("mode", "oral") in MODES
        and sent.get("phrase", "") in {"", values.get(PHRASE)}
    )


def store(
    session: Session,
    actor: Actor,
    keys: KeyRing,
    envelope: Envelope,
    meeting: Meeting,
    version: QuestionnaireVersion,
    content: Content,
) -> Testimony:
    """Add every row of the testimony and move it to where people will find it."""
    imported = envelope.origin == "import"
    testimony = Testimony(
        id=envelope.id,
        council_id=envelope.council_id,
        created_by=actor.account_id,
        campaign_id=meeting.campaign_id,
        meeting_id=meeting.id,
        questionnaire_version_id=version.id,
        number=content.number,
        collector_id=None if imported else actor.account_id,
        answers=answers.to_json(content.values),
        profile=answers.profile(content.questionnaire, content.values),
        language=envelope.language,
        persons=envelope.persons,
        source_id=envelope.source_id,
        origin=envelope.origin,
        device=envelope.device,
        claimed_at=envelope.claimed_at,
        said_on=envelope.said_on or (None if imported else meeting.held_on),
        content_hash=content.digest,
        state="deposited",
    )
    session.add(testimony)
    # The rows below name the testimony by its id: it must be there first.
    session.flush([testimony])
    _add_texts(session, testimony, content, actor, imported)
    _add_consents(session, testimony, content, envelope, version, actor)
    if not imported:
        hashed = code_hash(keys, envelope.withdrawal_code)
        session.add(WithdrawalCode(testimony_id=testimony.id, code_hash=hashed))
    journal.record(
        session,
        actor,
        "deposit",
        "testimonies",
        testimony.id,
        after=content.digest,
        origin=envelope.origin,
        number=content.number,
    )
    states.move(session, actor, testimony, "masked" if imported else "to_review")
    session.flush()
    return testimony


def _add_texts(
    session: Session, testimony: Testimony, content: Content, actor: Actor, imported: bool
) -> None:
    """The raw text; for public words already published, the masked text is the same."""
    text, parts = answers.open_text(content.questionnaire, content.values)
    raw = TextVersion(
        id=uuid7(),
        council_id=testimony.council_id,
        created_by=actor.account_id,
        testimony_id=testimony.id,
        sequence=1,
        kind="raw",
        text=text,
        parts=[{"question": p.question, "start": p.start, "end": p.end} for p in parts],
    )
    session.add(raw)
    if imported:
        session.flush([raw])
        session.add(
            TextVersion(
                council_id=testimony.council_id,
                created_by=actor.account_id,
                testimony_id=testimony.id,
                sequence=2,
                kind="masked",
                text=raw.text,
                parts=list(raw.parts),
                source_id=raw.id,
            )
        )


def _add_consents(
    session: Session,
    testimony: Testimony,
    content: Content,
    envelope: Envelope,
    version: QuestionnaireVersion,
    actor: Actor,
) -> None:
    imported = envelope.origin == "import"
    decisions = answers.consents(content.questionnaire, content.values)
    for name, decision in decisions.items():
        sent = envelope.consents.get(name, {})
        # Nobody was asked about imported words: they count, and are never quoted as citable.
        said = "refused" if imported and name == "citer" else decision
        phrase = content.values.get(PHRASE, "")
        session.add(
            ConsentRecord(
                council_id=testimony.council_id,
                created_by=actor.account_id,
                testimony_id=testimony.id,
                scope=name,
                decision=said,
                mode="import" if imported else sent.get("mode") or _mode(name, content.values),
                notice_fingerprint=version.fingerprint,
                approved_phrase=str(phrase) if name == "citer" and said == "approved" else "",
            )
        )


def _mode(scope_name: str, values: Mapping[str, object]) -> str:
    """How the agreement was given: ``oral``, with a ``parent``, or ``written`` by the parents."""
    if scope_name in {"voix", "photo"} and values.get("accord_parent_ecrit") == YES:
        return "written"
    return "parent" if values.get("age") == UNDER_15 else "oral"
