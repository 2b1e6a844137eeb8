"""The rows that one accepted envelope becomes: testimony, text, consents, paper code, journal."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from sqlalchemy import insert
from sqlalchemy.orm import Session

from questionnaires import answers
from questionnaires.model import Questionnaire
from survey_app.keys import KeyRing
from survey_app.models import (
    ConsentRecord,
    Meeting,
    Testimony,
    TextVersion,
    WithdrawalCode,
    uuid7,
)
from survey_app.permissions import Actor
from survey_app.services import attachments, consents, journal, states
from survey_app.services.envelopes import Envelope

PHRASE = "phrase_relue"
READ_BACK = "relecture"
TO_ERASE = "effacer"
UNDER_15 = "moins_15"
MINORS = frozenset({UNDER_15, "15_17"})
RECORDED = {"voix": "enregistrer la voix", "photo": "prendre une photo"}
YES = "oui"
MODES = frozenset({"oral", "written", "parent"})


@dataclass(frozen=True)
class Content:
    """What an envelope holds, once checked."""

    questionnaire: Questionnaire
    values: Mapping[str, object]
    digest: str

    @cached_property
    def decisions(self) -> Mapping[str, str]:
        return answers.consents(self.questionnaire, self.values)


def code_hash(keys: KeyRing, code: str) -> str:
    """The keyed hash under which a withdrawal code is kept."""
    return keys.keyed_hash("withdrawal", consents.normalise(code))


def consent_problems(content: Content, envelope: Envelope) -> list[str]:
    """Why these answers may not be stored: no agreement, erasure asked, or other consents."""
    if envelope.origin == "import":
        return []
    stop = answers.may_continue(content.questionnaire, content.values)
    if stop is not None:
        return [str(stop)]
    if content.decisions["noter"] != "granted":
        return ["L’accord de noter n’a pas été demandé. Sans lui, aucune parole n’est gardée."]
    if content.values.get(READ_BACK) == TO_ERASE:
        return [
            "La personne a demandé d’effacer. Corrigez avec elle, puis notez sa nouvelle réponse "
            "à la relecture. Sinon, arrêtez l’entretien et effacez tout."
        ]
    return _recording_problems(content, envelope) or [
        f"L’accord « {name} » envoyé ne correspond pas aux réponses. Rien n’a été enregistré."
        for name, sent in envelope.consents.items()
        if not _agrees(name, sent, content)
    ]


def _recording_problems(content: Content, envelope: Envelope) -> list[str]:
    """Why voice or picture may not be kept, whatever the questionnaire let ask.

    Before 18, nothing without the parents' written agreement; no photo, no voice without its own
    agreement.
    """
    minor = content.values.get("age") in MINORS
    agreed = not minor or content.values.get("accord_parent_ecrit") == YES
    photos = attachments.answered(content.questionnaire, content.values)
    granted = [what for name, what in RECORDED.items() if content.decisions[name] == "granted"]
    if not agreed and (granted or photos):
        return [
            "Avant 18 ans, il faut l’accord écrit des parents pour "
            f"{' et '.join(granted) or RECORDED['photo']}. Sans cet accord, répondez « non », "
            "et retirez la photo s’il y en a une."
        ]
    if photos and content.decisions["photo"] != "granted":
        return ["Une photo est jointe sans l’accord pour la photo. Demandez-le, ou retirez-la."]
    voice = any(one.kind == "voice" for one in envelope.media)
    if voice and content.decisions["voix"] != "granted":
        return ["Une voix est jointe sans l’accord de l’enregistrer. Effacez-la, ou demandez-le."]
    return []


def _agrees(name: str, sent: Mapping[str, str], content: Content) -> bool:
    """Whether a consent that was sent says what the answers say, in words we know."""
    given = content.decisions.get(name)
    return (
        given is not None
        and sent.get("decision", given) == given
        and sent.get("mode", "oral") in MODES
        and sent.get("phrase", "") in {"", content.values.get(PHRASE)}
    )


@dataclass(frozen=True, slots=True)
class Rows:
    """What an accepted envelope becomes, all but its number: made before anybody is kept waiting.

    Plain rows: nobody needs them as objects now, and a file may bring thousands of them.
    """

    testimony: dict[str, Any]
    texts: list[dict[str, object]]
    consents: list[dict[str, object]]
    codes: list[dict[str, object]]


def rows(
    actor: Actor,
    keys: KeyRing,
    envelope: Envelope,
    meeting: Meeting,
    version_id: uuid.UUID,
    content: Content,
) -> Rows:
    """The rows of an accepted envelope, already where people will find it."""
    imported = envelope.origin == "import"
    row = {
        "id": envelope.id,
        "council_id": envelope.council_id,
        "created_by": actor.account_id,
        "campaign_id": meeting.campaign_id,
        "meeting_id": meeting.id,
        "questionnaire_version_id": version_id,
        "collector_id": None if imported else actor.account_id,
        "answers": answers.to_json(content.values),
        "profile": answers.profile(content.questionnaire, content.values),
        "language": envelope.language,
        "persons": envelope.persons,
        "source_id": envelope.source_id,
        "origin": envelope.origin,
        "device": envelope.device,
        "claimed_at": envelope.claimed_at,
        "said_on": envelope.said_on or (None if imported else meeting.held_on),
        "content_hash": content.digest,
        "state": "masked" if imported else "to_review",
    }
    code = {"testimony_id": envelope.id, "code_hash": code_hash(keys, envelope.withdrawal_code)}
    return Rows(
        row,
        _texts(row, content),
        _consents(row, envelope, content),
        [] if imported else [code],
    )


def store(session: Session, actor: Actor, received: Sequence[Rows]) -> None:
    """Add every row of these testimonies, and journal them; each has its ``number`` by now."""
    session.flush()
    connection = session.connection()
    connection.execute(insert(Testimony), [made.testimony for made in received])
    journal.record_all(session, actor, [line for made in received for line in _lines(made)])
    connection.execute(insert(TextVersion), [row for made in received for row in made.texts])
    connection.execute(insert(ConsentRecord), [row for made in received for row in made.consents])
    codes = [row for made in received for row in made.codes]
    if codes:
        connection.execute(insert(WithdrawalCode), codes)


def _lines(made: Rows) -> list[journal.Line]:
    row = made.testimony
    told = {"origin": row["origin"], "number": row["number"]}
    return [
        journal.Line("deposit", "testimonies", row["id"], row["content_hash"], told),
        states.step("testimonies", row["id"], "deposited", row["state"]),
    ]


def _texts(row: Mapping[str, Any], content: Content) -> list[dict[str, object]]:
    """The raw text; for public words already published, the masked text is the same."""
    text, parts = answers.open_text(content.questionnaire, content.values)
    raw: dict[str, object] = {
        "id": uuid7(),
        "testimony_id": row["id"],
        "council_id": row["council_id"],
        "created_by": row["created_by"],
        "sequence": 1,
        "kind": "raw",
        "text": text,
        "parts": [{"question": p.question, "start": p.start, "end": p.end} for p in parts],
        "source_id": None,
    }
    if row["origin"] != "import":
        return [raw]
    masked = {"id": uuid7(), "sequence": 2, "kind": "masked", "source_id": raw["id"]}
    return [raw, raw | masked]


def _consents(
    row: Mapping[str, Any], envelope: Envelope, content: Content
) -> list[dict[str, object]]:
    imported = row["origin"] == "import"
    records: list[dict[str, object]] = []
    for name, decision in content.decisions.items():
        # Nobody was asked about imported words: they count, and are never quoted as citable.
        said = "refused" if imported and name == "citer" else decision
        mode = envelope.consents.get(name, {}).get("mode") or _mode(name, content.values)
        records.append(
            {
                "testimony_id": row["id"],
                "council_id": row["council_id"],
                "created_by": row["created_by"],
                "scope": name,
                "decision": said,
                "mode": "import" if imported else mode,
                "notice_fingerprint": envelope.questionnaire,
                "approved_phrase": content.values.get(PHRASE, "") if said == "approved" else "",
            }
        )
    return records


def _mode(scope_name: str, values: Mapping[str, object]) -> str:
    """How the agreement was given: ``oral``, with a ``parent``, or ``written`` by the parents."""
    if scope_name in {"voix", "photo"} and values.get("accord_parent_ecrit") == YES:
        return "written"
    return "parent" if values.get("age") == UNDER_15 else "oral"
