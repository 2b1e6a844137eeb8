"""What people accepted, scope by scope, and the paper code that lets them change their mind."""

from __future__ import annotations

import secrets
import unicodedata
from collections.abc import Mapping
from typing import Literal

from sqlalchemy.orm import Session

from questionnaires.model import SCOPES
from survey_app.domain import Invalid
from survey_app.models import ConsentRecord, Testimony
from survey_app.permissions import Actor
from survey_app.services import journal, scope

Citable = Literal["yes", "approved", "no"]

# Without 0, O, 1, I and L, which a hand or an eye confuses. 31 ** 12 is about 59 bits.
CODE_ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
CODE_LENGTH = 12
CODE_GROUP = 4

DECISIONS = frozenset({"granted", "approved", "refused", "withdrawn"})


def new_code() -> str:
    """A random withdrawal code, as it is shown: ``XXXX-XXXX-XXXX``."""
    drawn = "".join(secrets.choice(CODE_ALPHABET) for _ in range(CODE_LENGTH))
    return shown(drawn)


def shown(code: str) -> str:
    """A code in groups of four, as the paper card has it."""
    plain = normalise(code)
    return "-".join(plain[i : i + CODE_GROUP] for i in range(0, len(plain), CODE_GROUP))


def normalise(code: str) -> str:
    """The code without spaces, dashes or case, however it was copied from the paper."""
    folded = unicodedata.normalize("NFKC", code).upper()
    return "".join(sign for sign in folded if sign.isalnum())


def is_code(code: str) -> bool:
    """Whether it could be a withdrawal code once normalised."""
    plain = normalise(code)
    return len(plain) == CODE_LENGTH and set(plain) <= set(CODE_ALPHABET)


def current(testimony: Testimony) -> dict[str, ConsentRecord]:
    """The decision that stands for each scope: the latest recorded one."""
    return {record.scope: record for record in testimony.consents}


def standing(decisions: Mapping[str, tuple[str, str]]) -> tuple[Citable, tuple[str, ...]]:
    """What may be printed of a testimony, from (decision, approved phrase) by scope.

    ``yes``; ``approved``, only the phrases given with it; ``no``, counted but never printed.
    """
    if decisions.get("noter", ("", ""))[0] in {"refused", "withdrawn"}:
        return "no", ()
    decision, phrase = decisions.get("citer", ("", ""))
    if decision == "granted":
        return "yes", ()
    return ("approved", (phrase,)) if decision == "approved" and phrase else ("no", ())


def _standing(testimony: Testimony) -> tuple[Citable, tuple[str, ...]]:
    records = current(testimony).items()
    return standing({name: (row.decision, row.approved_phrase) for name, row in records})


def approved_phrases(testimony: Testimony) -> tuple[str, ...]:
    """The only phrases that may be quoted when the person asked to hear them first."""
    return _standing(testimony)[1]


def citable(testimony: Testimony) -> Citable:
    """Whether this testimony may be quoted: see `standing`."""
    return _standing(testimony)[0]


def change(
    session: Session,
    actor: Actor,
    testimony: Testimony,
    scope_name: str,
    decision: str,
    phrase: str = "",
) -> ConsentRecord:
    """Record that the person changed their mind on one scope; what was said before stays.

    Raises `Invalid` for an unknown scope or decision, for ``approved`` without its phrase, and
    for ``noter``: words that may no longer be kept are erased, not relabelled.
    """
    actor.require("testimony.set_aside")
    testimony = scope.get(session, actor, type(testimony), testimony.id)
    _check_change(scope_name, decision, phrase)
    before = current(testimony).get(scope_name)
    record = ConsentRecord(
        council_id=testimony.council_id,
        created_by=actor.account_id,
        scope=scope_name,
        decision=decision,
        notice_fingerprint=before.notice_fingerprint if before else "",
        approved_phrase=phrase.strip() if decision == "approved" else "",
    )
    testimony.consents.append(record)
    journal.record(
        session, actor, "consent", "testimonies", testimony.id, scope=scope_name, decision=decision
    )
    session.flush()
    return record


def _check_change(scope_name: str, decision: str, phrase: str) -> None:
    if scope_name not in SCOPES or decision not in DECISIONS:
        raise Invalid("Cet accord n’existe pas.", "Choisissez un accord de la liste.")
    if scope_name == "noter" and decision != "granted":
        raise Invalid(
            "Sans l’accord de noter, le témoignage ne peut pas être gardé.",
            "Effacez le témoignage : rien d’autre n’a été changé.",
        )
    if decision == "approved" and (scope_name != "citer" or not phrase.strip()):
        raise Invalid(
            "Il manque la phrase relue à la personne.",
            "Écrivez la phrase exacte qu’elle accepte de voir citée.",
        )
