"""Excerpts: stretches of a masked text, with their words and number, and whether they still fit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import Session, joinedload

from analysis.corpus import quote_hash
from analysis.sentences import Span
from survey_app.domain import Conflict, Forbidden, Invalid
from survey_app.models import (
    Campaign,
    Coding,
    CodingStep,
    Excerpt,
    Testimony,
    TextVersion,
    uuid7,
)
from survey_app.permissions import Actor, Role
from survey_app.services import custody, journal, numbering, rounds, states, steps

CODABLE = ("masked", "coded")
READABLE = ("masked", "coded", "filed")
BLIND = "blind"
"""The state of a coding put in a round of double coding: it counts nowhere before arbitration."""
ALIVE = ("validated", BLIND)
_LONGEST = 2**31 - 1
# Built once: every gesture of a coder asks for these.
_TOUCHING = (
    select(Excerpt)
    .where(
        Excerpt.testimony_id == bindparam("testimony"),
        Excerpt.start < bindparam("last"),
        Excerpt.end > bindparam("first"),
    )
    .order_by(Excerpt.start, Excerpt.end)
    .options(joinedload(Excerpt.codings))
    .execution_options(populate_existing=True)
)
_EXACTLY = (
    select(Excerpt)
    .where(
        Excerpt.text_version_id == bindparam("text"),
        Excerpt.start == bindparam("first"),
        Excerpt.end == bindparam("last"),
    )
    .options(joinedload(Excerpt.codings))
)
_WITHOUT_TRAINING = frozenset({Role.COORDINATOR, Role.EVALUATOR})


@dataclass(frozen=True, slots=True)
class Bench:
    """All that the coding page shows of one testimony. ``excerpts`` have their codings loaded.

    ``blind_since`` is when the open round of double coding began, if the actor codes in one:
    only their own codings are shown then, and only gestures made since can be undone.
    """

    actor: Actor
    text: TextVersion
    sentences: tuple[Span, ...]
    excerpts: tuple[Excerpt, ...] = ()
    to_relocate: tuple[Excerpt, ...] = ()
    blind_since: datetime | None = None
    closed: str = ""
    """Why nobody may code this text now, when a round of double coding waits for its end."""
    undoable: CodingStep | None = None
    redoable: CodingStep | None = None
    repeat: str | None = None
    """The code that the actor put last, to put it again."""

    @property
    def blind(self) -> bool:
        return self.blind_since is not None

    @property
    def latest(self) -> str:
        """The coding that the actor's last gesture touched: what one key specifies."""
        return str(self.undoable.coding_ids[-1].get("coding", "")) if self.undoable else ""

    def codings(self, excerpt: Excerpt) -> list[Coding]:
        """The codings of an excerpt that the actor may see."""
        return own(self.actor, excerpt) if self.blind else live(excerpt)


def may_code(actor: Actor) -> bool:
    """Trained councillors, the coordination and the evaluation."""
    prepared = actor.trained or bool(actor.roles & _WITHOUT_TRAINING)
    return actor.can("testimony.code") and prepared


def bench(
    session: Session,
    actor: Actor,
    testimony: Testimony,
    last: CodingStep | None = None,
    within: Span | None = None,
) -> Bench:
    """The masked text cut in sentences, with what is coded on it; for who may read it.

    ``last`` is the gesture that was made just now, when there is one: nothing can be redone then.
    ``within`` leaves out the excerpts that do not touch this stretch.
    """
    actor.require("testimony.read_masked")
    text = masked_text(actor, testimony)
    rows = everything(session, testimony, within)
    round_ = rounds.blind_round(session, actor, testimony)
    since = round_.created_at if round_ is not None else None

    def shown(state: str) -> tuple[Excerpt, ...]:
        held = (row for row in rows if row.state == state)
        return tuple(row for row in held if (live(row) if since is None else own(actor, row)))

    undoable = last or steps.last(session, actor, testimony, since)
    return Bench(
        actor=actor,
        text=text,
        sentences=text.sentences,
        excerpts=shown("active"),
        to_relocate=shown("to_relocate"),
        blind_since=since,
        closed=rounds.AWAITS if rounds.awaited(session, actor, testimony) else "",
        undoable=undoable,
        redoable=None if last else steps.following(session, actor, testimony, since),
        repeat=steps.last_code(session, actor, undoable),
    )


def live(excerpt: Excerpt) -> list[Coding]:
    """The codings of an excerpt that count."""
    return [coding for coding in excerpt.codings if coding.state == "validated"]


def own(actor: Actor, excerpt: Excerpt) -> list[Coding]:
    """The codings that the actor put on an excerpt, those of a blind round among them."""
    return [
        coding
        for coding in excerpt.codings
        if coding.coder_id == actor.account_id and coding.state in ALIVE
    ]


def masked_text(actor: Actor, testimony: Testimony) -> TextVersion:
    """The newest masked text, once a person confirmed it (or it was imported as public)."""
    custody.same_council(actor, testimony)
    text = testimony.text("masked")
    if text is None or testimony.state not in READABLE:
        raise Conflict(
            f"Ce témoignage est « {states.label(testimony)} » : il n’est pas prêt à être codé.",
            "Rien n’a été changé. Il le sera une fois relu et masqué.",
        )
    return text


def open_text(session: Session, actor: Actor, testimony: Testimony) -> TextVersion:
    """The text to code, if the actor may code it now."""
    actor.require("testimony.code")
    custody.same_council(actor, testimony)
    if not may_code(actor) or actor.account_id is None:
        raise Forbidden(
            "Votre compte n’est pas encore formé au codage.",
            "Rien n’a été codé. La coordination peut l’indiquer après la formation.",
        )
    if testimony.state not in CODABLE:
        raise Conflict(
            f"Ce témoignage est « {states.label(testimony)} » : il ne se code pas.",
            "Rien n’a été changé. Rechargez la page pour voir son état actuel.",
        )
    if rounds.awaited(session, actor, testimony):
        raise Conflict(
            rounds.AWAITS,
            "Rien n’a été changé. Il pourra de nouveau être codé une fois ce double codage clos.",
        )
    return masked_text(actor, testimony)


def ensure(
    session: Session, actor: Actor, testimony: Testimony, text: TextVersion, start: int, end: int
) -> Excerpt:
    """The excerpt of exactly these words (spaces around aside), with its codings; made if new.

    A new one is numbered; it is written with the caller's next flush.
    """
    start, end = trimmed(text, start, end)
    found = at_exactly(session, text, start, end)
    if found is not None:
        found.state = "active"
        return found
    quote = text.text[start:end]
    made = Excerpt(
        id=uuid7(),
        council_id=testimony.council_id,
        created_by=actor.account_id,
        campaign_id=testimony.campaign_id,
        number=numbering.following(session, testimony.campaign_id, Campaign.last_excerpt),
        testimony_id=testimony.id,
        text_version_id=text.id,
        start=start,
        end=end,
        quote=quote,
        quote_sha256=quote_hash(quote),
        memo="",
        state="active",
    )
    session.add(made)
    return made


def covered(text: TextVersion, start: int, end: int) -> tuple[Span, ...]:
    """The sentences that a stretch of the text touches."""
    return tuple(one for one in text.sentences if one.start < end and start < one.end)


def count(session: Session, testimony: Testimony) -> int:
    """How many codings of the testimony count, whoever put them."""
    query = (
        select(func.count())
        .select_from(Coding)
        .join(Excerpt, Excerpt.id == Coding.excerpt_id)
        .where(
            Excerpt.testimony_id == testimony.id,
            Excerpt.state == "active",
            Coding.state == "validated",
        )
    )
    return session.scalar(query) or 0


def written(
    session: Session, actor: Actor, testimony: Testimony, action: str, codings: int
) -> None:
    """Journal a gesture; a testimony whose last coding is gone is to be coded again."""
    journal.record(session, actor, action, "testimonies", testimony.id, codings=codings)
    if testimony.state == "coded" and not count(session, testimony):
        states.move(session, actor, testimony, "masked")


def everything(
    session: Session, testimony: Testimony, within: Span | None = None
) -> Sequence[Excerpt]:
    """Every excerpt of the testimony, whatever its state, with its codings, in text order.

    With a stretch, those that touch it.
    """
    first, last = (within.start, within.end) if within is not None else (0, _LONGEST)
    asked = {"testimony": testimony.id, "first": first, "last": last}
    session.flush()
    return session.scalars(_TOUCHING, asked).unique().all()


def trimmed(text: TextVersion, start: int, end: int) -> tuple[int, int]:
    """A stretch of the text without the spaces around it; `Invalid` when it holds no word."""
    quote = text.text[start:end] if 0 <= start < end <= len(text.text) else ""
    if not quote.strip():
        raise Invalid("La sélection ne contient aucun mot.", "Choisissez au moins une phrase.")
    return start + len(quote) - len(quote.lstrip()), end - (len(quote) - len(quote.rstrip()))


def at_exactly(session: Session, text: TextVersion, start: int, end: int) -> Excerpt | None:
    """The excerpt of exactly these words, if there is one, with its codings."""
    asked = {"text": text.id, "first": start, "last": end}
    return session.scalars(_EXACTLY, asked).unique().one_or_none()
