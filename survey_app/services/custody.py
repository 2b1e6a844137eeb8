"""Who holds a testimony's unmasked words: its reviewer until masked, the coordinator."""

from __future__ import annotations

from sqlalchemy.orm import Session

from survey_app.domain import Forbidden, NotFound
from survey_app.models import Testimony, TextVersion
from survey_app.permissions import Actor, Role
from survey_app.services import journal

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
