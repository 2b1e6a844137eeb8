"""Interviews noted on paper, copied into the tool afterwards with their real date and code."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from survey_app.domain import Conflict, Invalid
from survey_app.keys import KeyRing
from survey_app.models import Draft, Meeting, QuestionnaireVersion, WithdrawalCode
from survey_app.permissions import Actor
from survey_app.services import consents, deposit, drafts, erasure, meetings, starting

COPYING = frozenset({"running", "review"})
HELD = frozenset({"open", "closed"})


@dataclass(frozen=True, slots=True)
class Sheet:
    """What stands on the paper beside the answers. ``code`` is that of the card handed to the
    person; empty when there was no card: a new code is then drawn."""

    said_on: date
    code: str = ""
    language: str = "fr"


def may_copy(meeting: Meeting) -> bool:
    """Whether interviews noted on paper may still be copied into this meeting."""
    return meeting.state in HELD and meeting.campaign.state in COPYING


def start(
    session: Session,
    actor: Actor,
    keys: KeyRing,
    meeting: Meeting,
    version: QuestionnaireVersion,
    sheet: Sheet,
) -> Draft:
    """Begin to copy an interview; a closed meeting stays closed, its counters as they were.

    Raises `Invalid` for a day to come, and for a code that cannot be one or already serves.
    """
    actor.require("testimony.collect")
    meeting = meetings.get(session, actor, meeting.id)
    if not may_copy(meeting):
        raise Conflict(
            "On ne peut pas, ou plus, ajouter d’entretien à cette rencontre.",
            "Rien n’a été enregistré. Gardez la feuille, et demandez à la coordination.",
        )
    if sheet.said_on > meetings.today():
        raise Invalid("Cette date n’est pas encore passée.", "Écrivez le jour de l’entretien.")
    code = _checked(session, keys, sheet.code) if sheet.code.strip() else consents.new_code()
    return starting.begin(
        session,
        actor,
        meeting,
        version,
        sheet.language,
        origin=drafts.PAPER,
        said_on=sheet.said_on,
        withdrawal_code=code,
    )


def _checked(session: Session, keys: KeyRing, typed: str) -> str:
    """The code of the card, as it is shown everywhere."""
    if not consents.is_code(typed):
        raise Invalid(
            "Ce code n’est pas complet, ou une lettre a été mal lue.",
            "Il compte douze signes, sans O, I, L, ni 0, ni 1. Relisez la carte ou la feuille.",
        )
    code_hash = deposit.code_hash(keys, typed)
    if erasure.was_withdrawn(session, code_hash):
        raise Invalid(
            "Le témoignage noté sous ce code a été retiré : il ne peut pas revenir.",
            "Rien n’a été enregistré. Détruisez la feuille de cet entretien.",
        )
    kept = session.scalar(select(WithdrawalCode.id).where(WithdrawalCode.code_hash == code_hash))
    if kept is not None or consents.normalise(typed) in set(_waiting(session)):
        raise Invalid(
            "Ce code sert déjà pour un autre témoignage.",
            "Relisez la carte. Si l’entretien est déjà saisi, ne le saisissez pas deux fois.",
        )
    return consents.shown(typed)


def _waiting(session: Session) -> Iterator[str]:
    """The codes of the interviews in progress, plain."""
    return (consents.normalise(code) for code in session.scalars(select(Draft.withdrawal_code)))
