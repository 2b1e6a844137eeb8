"""Who holds a testimony's unmasked words: its reviewer until masked, the coordinator."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from survey_app.domain import Forbidden, NotFound
from survey_app.models import Review, Testimony, TextVersion
from survey_app.permissions import Actor, Role
from survey_app.services import journal, states

# While it waits in one of these states, the assigned reviewer works on the unmasked text.
OPEN_STATES = ("deposited", "to_review", "reviewed")


def is_coordinator(actor: Actor) -> bool:
    return Role.COORDINATOR in actor.roles


def same_council(actor: Actor, testimony: Testimony) -> None:
    """Raise `NotFound` for a testimony of another council: it does not exist here."""
    if testimony.council_id != actor.council_id:
        raise NotFound()


def may_read_raw(actor: Actor, testimony: Testimony) -> bool:
    """Whether the actor may read the words before masking."""
    if not actor.can("testimony.raw") or testimony.council_id != actor.council_id:
        return False
    assigned = actor.account_id is not None and testimony.reviewer_id == actor.account_id
    return is_coordinator(actor) or (assigned and testimony.state in OPEN_STATES)


def require_raw(actor: Actor, testimony: Testimony) -> None:
    """Raise `Forbidden`, with the reason, unless the actor may read the unmasked words."""
    same_council(actor, testimony)
    if not may_read_raw(actor, testimony):
        raise Forbidden(
            "Avant le masquage, un témoignage n’est lu que par la personne qui le relit "
            "et par la coordination.",
            "Rien n’a été changé. Choisissez un témoignage dans la file « à relire ».",
        )


def collected_it(actor: Actor, testimony: Testimony) -> bool:
    """Whether the actor collected the testimony, and the campaign makes no exception for it."""
    own = actor.account_id is not None and testimony.collector_id == actor.account_id
    return own and not testimony.campaign.single_person_exception


def refuse_collector(actor: Actor, testimony: Testimony) -> None:
    """Raise `Forbidden` for who collected the testimony: somebody else judges it."""
    if collected_it(actor, testimony):
        raise Forbidden(
            "Vous avez recueilli ce témoignage : une autre personne doit le relire et le masquer.",
            "Rien n’a été changé. Il attend une autre personne du conseil.",
        )


def may_change(actor: Actor, testimony: Testimony) -> bool:
    """Whether the actor may correct or mask: a person who reads the words but did not note them."""
    known = actor.account_id is not None
    return known and may_read_raw(actor, testimony) and not collected_it(actor, testimony)


def require_change(actor: Actor, testimony: Testimony) -> None:
    """Raise `Forbidden`, with the reason, unless the actor may correct or mask."""
    require_raw(actor, testimony)
    refuse_collector(actor, testimony)
    if actor.account_id is None:
        raise Forbidden("Ce travail est fait par une personne, avec son propre compte.")


def hold(session: Session, actor: Actor, testimony: Testimony) -> None:
    """Make sure that who changes the text is its reviewer; the coordinator takes it over."""
    require_change(actor, testimony)
    if testimony.reviewer_id == actor.account_id:
        return
    if testimony.state == "to_review":
        assign(session, actor, testimony)
        return
    _journal_collector(session, actor, testimony)
    testimony.reviewer_id = actor.account_id
    journal.record(session, actor, "take_over", "testimonies", testimony.id)


def open_review(session: Session, testimony: Testimony) -> Review | None:
    """The review that has begun and is not decided."""
    query = select(Review).where(Review.testimony_id == testimony.id, Review.state == "to_do")
    return session.scalars(query).first()


def assign(session: Session, actor: Actor, testimony: Testimony) -> Review:
    """Make the actor the reviewer, in the review already begun or in a new one."""
    _journal_collector(session, actor, testimony)
    present = open_review(session, testimony)
    if testimony.state == "deposited":
        states.move(session, actor, testimony, "to_review")
    testimony.reviewer_id = actor.account_id
    review = present or Review(
        council_id=testimony.council_id, testimony_id=testimony.id, created_by=actor.account_id
    )
    review.reviewer_id = actor.account_id
    session.add(review)
    session.flush()
    journal.record(session, actor, "take_over" if present else "take", "testimonies", testimony.id)
    return review


def _journal_collector(session: Session, actor: Actor, testimony: Testimony) -> None:
    if testimony.collector_id == actor.account_id:
        journal.record(session, actor, "single_person_review", "testimonies", testimony.id)


def working_text(testimony: Testimony) -> TextVersion:
    """The text under review: the newest correction, or else the raw text."""
    text = testimony.text("corrected") or testimony.text("raw")
    if text is None:
        raise NotFound(
            "Ce témoignage n’a plus de texte à relire.",
            "Il a sans doute été retiré. Revenez à la file.",
        )
    return text


def read_raw(session: Session, actor: Actor, testimony: Testimony) -> TextVersion:
    """The text under review, for who may read it; each reading leaves a line in the journal."""
    actor.require("testimony.raw")
    require_raw(actor, testimony)
    text = working_text(testimony)
    journal.record(session, actor, "read_raw", "testimonies", testimony.id, version=text.sequence)
    return text
