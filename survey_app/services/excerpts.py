"""Excerpts: stretches of a masked text, with their words and number, and whether they still fit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session, selectinload

from analysis.corpus import quote_hash
from analysis.sentences import Span, sentences
from survey_app.domain import Conflict, Forbidden, Invalid
from survey_app.models import Campaign, Coding, Excerpt, Testimony, TextVersion
from survey_app.permissions import Actor, Role
from survey_app.services import custody, journal, numbering, states, steps

CODABLE = ("masked", "coded")
READABLE = ("masked", "coded", "filed")
_WITHOUT_TRAINING = frozenset({Role.COORDINATOR, Role.EVALUATOR})


@dataclass(frozen=True, slots=True)
class Bench:
    """All that the coding page shows of one testimony. ``excerpts`` have their codings loaded."""

    text: TextVersion
    sentences: tuple[Span, ...]
    excerpts: tuple[Excerpt, ...]
    to_relocate: tuple[Excerpt, ...]
    can_undo: bool
    can_redo: bool


def may_code(actor: Actor) -> bool:
    """Trained councillors, the coordination and the evaluation."""
    prepared = actor.trained or bool(actor.roles & _WITHOUT_TRAINING)
    return actor.can("testimony.code") and prepared


def bench(session: Session, actor: Actor, testimony: Testimony) -> Bench:
    """The masked text cut in sentences, with what is coded on it; for who may read it."""
    actor.require("testimony.read_masked")
    text = masked_text(actor, testimony)
    rows = everything(session, testimony)
    return Bench(
        text=text,
        sentences=sentences(text.text),
        excerpts=tuple(row for row in rows if row.state == "active" and live(row)),
        to_relocate=tuple(row for row in rows if row.state == "to_relocate" and live(row)),
        can_undo=steps.last(session, actor, testimony) is not None,
        can_redo=steps.following(session, actor, testimony) is not None,
    )


def live(excerpt: Excerpt) -> list[Coding]:
    """The codings of an excerpt that count."""
    return [coding for coding in excerpt.codings if coding.state == "validated"]


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


def open_text(actor: Actor, testimony: Testimony) -> TextVersion:
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
    return masked_text(actor, testimony)


def ensure(
    session: Session, actor: Actor, testimony: Testimony, text: TextVersion, start: int, end: int
) -> Excerpt:
    """The excerpt of exactly these words (spaces around aside), made and numbered if need be."""
    start, end = _trimmed(text, start, end)
    found = _at(session, text, start, end)
    if found is not None:
        found.state = "active"
        return found
    quote = text.text[start:end]
    made = Excerpt(
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
    )
    session.add(made)
    session.flush()
    return made


def run_of(text: TextVersion, chosen: Sequence[int]) -> tuple[int, int]:
    """The stretch from the first to the last of some neighbouring sentences."""
    cut, wanted = sentences(text.text), sorted(set(chosen))
    if not wanted or wanted[-1] >= len(cut) or wanted[-1] - wanted[0] != len(wanted) - 1:
        raise Invalid(
            "Cochez une phrase, ou plusieurs qui se suivent, là où l’extrait se trouve.",
            "Rien n’a été changé.",
        )
    return cut[wanted[0]].start, cut[wanted[-1]].end


def relocate(
    session: Session, actor: Actor, testimony: Testimony, excerpt: Excerpt, start: int, end: int
) -> None:
    """Say where an excerpt lies in the newest masked text; it counts again."""
    text = open_text(actor, testimony)
    _waiting(testimony, excerpt)
    start, end = _trimmed(text, start, end)
    if _at(session, text, start, end) is not None:
        raise Conflict(
            "Un autre extrait couvre déjà exactement ces phrases.",
            "Rien n’a été changé. Abandonnez cet extrait-ci, et codez l’autre.",
        )
    excerpt.text_version_id = text.id
    excerpt.start, excerpt.end = start, end
    excerpt.quote = text.text[start:end]
    excerpt.quote_sha256 = quote_hash(excerpt.quote)
    excerpt.state = "active"
    written(session, actor, testimony, "relocate", 1)


def invalidate(session: Session, actor: Actor, testimony: Testimony, excerpt: Excerpt) -> None:
    """Give up an excerpt whose words are gone from the newest masked text."""
    open_text(actor, testimony)
    _waiting(testimony, excerpt)
    excerpt.state = "invalidated"
    written(session, actor, testimony, "invalidate", 1)


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
    session.flush()
    journal.record(session, actor, action, "testimonies", testimony.id, codings=codings)
    if testimony.state == "coded" and not count(session, testimony):
        states.move(session, actor, testimony, "masked")


def everything(session: Session, testimony: Testimony) -> Sequence[Excerpt]:
    """Every excerpt of the testimony, whatever its state, with its codings, in text order."""
    query = (
        select(Excerpt)
        .where(Excerpt.testimony_id == testimony.id)
        .order_by(Excerpt.start, Excerpt.end)
        .options(selectinload(Excerpt.codings))
        .execution_options(populate_existing=True)
    )
    session.flush()
    return session.scalars(query).all()


def _trimmed(text: TextVersion, start: int, end: int) -> tuple[int, int]:
    quote = text.text[start:end] if 0 <= start < end <= len(text.text) else ""
    if not quote.strip():
        raise Invalid("La sélection ne contient aucun mot.", "Choisissez au moins une phrase.")
    return start + len(quote) - len(quote.lstrip()), end - (len(quote) - len(quote.rstrip()))


def _at(session: Session, text: TextVersion, start: int, end: int) -> Excerpt | None:
    query = select(Excerpt).where(
        Excerpt.text_version_id == text.id, Excerpt.start == start, Excerpt.end == end
    )
    return session.scalars(query).one_or_none()


def _waiting(testimony: Testimony, excerpt: Excerpt) -> None:
    if excerpt.testimony_id != testimony.id or excerpt.state != "to_relocate":
        raise Conflict("Cet extrait n’est plus à recaler.", "Rechargez la page.")
