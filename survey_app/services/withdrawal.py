"""What a resident does with the paper code alone: read their words, erase them, unquote them.

The code is the only proof asked for: it is never journalled, and guesses are slowed down.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from survey_app.domain import Conflict, NotFound
from survey_app.keys import KeyRing
from survey_app.models import ConsentRecord, Council, Synthesis, Testimony
from survey_app.permissions import Actor
from survey_app.runtime import Runtime
from survey_app.services import (
    attachments,
    consents,
    custody,
    deposit,
    erasure,
    exports,
    journal,
    recordings,
    syntheses_erasure,
    throttle,
)
from survey_app.services.syntheses import PUBLISHED

GUESSES = throttle.Limit("withdrawal-address", 10)


@dataclass(frozen=True, slots=True)
class Said:
    """A testimony as its author is shown it.

    ``phrases``: the only ones that may be quoted, when the person asked to hear them first;
    ``published``: how many printed syntheses count it; ``photos`` and
    ``voices``: how many go with the words.
    """

    text: str
    campaign: str
    council: str
    day: date | None
    place: str
    masked: bool
    citable: bool
    phrases: tuple[str, ...]
    published: int
    photos: int
    voices: int


def check_address(session: Session, keys: KeyRing, address: str) -> None:
    """Raise `TooMany` once too many wrong codes came from an address."""
    throttle.check(session, keys, GUESSES, address)


def find(session: Session, keys: KeyRing, code: str, address: str) -> Testimony:
    """The testimony of a paper code, however it was typed; the same `NotFound` for any other.

    A wrong guess is counted in ``session``: the caller commits it although this raises.
    """
    check_address(session, keys, address)
    try:
        return erasure.by_code(session, deposit.code_hash(keys, code))
    except NotFound:
        throttle.failed(session, keys, GUESSES, address)
        raise


def said(session: Session, testimony: Testimony) -> Said:
    """The words (masked where they were masked) and what depends on them."""
    masked = testimony.text("masked")
    words = masked or custody.working_text(testimony)
    published = session.scalars(
        select(Synthesis.id).where(
            Synthesis.campaign_id == testimony.campaign_id, Synthesis.state.in_(PUBLISHED)
        )
    ).all()
    return Said(
        text=words.text,
        campaign=testimony.campaign.title,
        council=session.get_one(Council, testimony.council_id).name,
        day=testimony.said_on or testimony.meeting.held_on,
        place=testimony.meeting.place,
        masked=masked is not None,
        citable=consents.citable(testimony) != "no",
        phrases=consents.approved_phrases(testimony),
        published=len(published),
        photos=len(attachments.owned(session, testimony)),
        voices=len(recordings.owned(session, testimony)),
    )


def erase(session: Session, runtime: Runtime, testimony: Testimony) -> None:
    """Erase the words and all that holds them, for good."""
    erasure.by_resident(session, runtime, testimony)


def stop_quoting(
    session: Session, runtime: Runtime, testimony: Testimony, by: Actor | None = None
) -> None:
    """Record that the words may no longer be quoted, and take them out of what quotes them.

    ``by`` is the coordination when the person asked it; nobody, when they used their code.
    They still count. Raises `Conflict` when they could not be quoted anyway.
    """
    if consents.citable(testimony) == "no":
        raise Conflict(
            "Ces paroles ne peuvent déjà pas être citées.",
            "Rien n’a été changé. Vous pouvez encore les effacer.",
        )
    if by is not None:
        by.require("testimony.erase")
        custody.same_council(by, testimony)
    who = by or Actor(testimony.council_id, None, erasure.RESIDENT)
    before = consents.current(testimony)["citer"]
    testimony.consents.append(
        ConsentRecord(
            council_id=testimony.council_id,
            scope="citer",
            decision="withdrawn",
            mode="desk" if by else "code",
            created_by=who.account_id,
            notice_fingerprint=before.notice_fingerprint,
        )
    )
    session.flush()
    _take_back(session, runtime, who, testimony)


def _take_back(session: Session, runtime: Runtime, who: Actor, testimony: Testimony) -> None:
    """Take the quotations out of syntheses and files, and journal the change of mind."""
    syntheses_erasure.leave(session, who, testimony, erased=False)
    syntheses_erasure.redraft(session, who, testimony.campaign)
    exports.forget(session, runtime, testimony)
    journal.record(
        session,
        who,
        "consent",
        "testimonies",
        testimony.id,
        scope="citer",
        decision="withdrawn",
    )
    session.flush()
